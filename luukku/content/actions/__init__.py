"""Writing pages: what comes with the program, what people send, and what follows when a page is published."""

from luukku.content.actions.answers import publish_answer
from luukku.content.actions.practices import (
    PracticeWords,
    revise_practice,
    start_practice,
    submit_practice,
)
from luukku.content.actions.publishing import (
    after_approving,
    after_publishing,
    after_returning,
    after_sending_back,
    after_submitting,
    forget_ways,
    show_pictures,
)
from luukku.content.actions.sections import NoSection
from luukku.content.actions.shipping import (
    EDITORS,
    FILE_PERMISSIONS,
    OTHER_PERMISSIONS,
    PAGE_PERMISSIONS,
    load_pages,
)

__all__ = [
    "EDITORS",
    "FILE_PERMISSIONS",
    "OTHER_PERMISSIONS",
    "PAGE_PERMISSIONS",
    "NoSection",
    "PracticeWords",
    "after_approving",
    "after_publishing",
    "after_returning",
    "after_sending_back",
    "after_submitting",
    "forget_ways",
    "load_pages",
    "publish_answer",
    "revise_practice",
    "show_pictures",
    "start_practice",
    "submit_practice",
]
