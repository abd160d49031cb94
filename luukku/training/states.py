"""What may happen to a programme of training."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.workflow.states import Act, Move


class ProgrammeState(TextChoices):
    """How far the producers are with a programme."""

    DRAFT = "draft", _("Draft")
    SHARED = "shared", _("Shared with the other producers")
    AGREED = "agreed", _("Agreed on together")
    RETIRED = "retired", _("Not held any more")


UNDER_WORK = frozenset({ProgrammeState.DRAFT, ProgrammeState.SHARED})

# What has been agreed on is not changed: a new version of it is begun.
EDIT = Act("training.edit", UNDER_WORK)
RENEW = Act("training.renew", frozenset({ProgrammeState.AGREED, ProgrammeState.RETIRED}))
SHARE = Move("training.share", frozenset({ProgrammeState.DRAFT}), ProgrammeState.SHARED)
TAKE_BACK = Move("training.take_back", frozenset({ProgrammeState.SHARED}), ProgrammeState.DRAFT)
AGREE = Move("training.agree", frozenset({ProgrammeState.SHARED}), ProgrammeState.AGREED)
RETIRE = Move("training.retire", frozenset({ProgrammeState.AGREED}), ProgrammeState.RETIRED)
RESUME = Move("training.resume", frozenset({ProgrammeState.RETIRED}), ProgrammeState.AGREED)
