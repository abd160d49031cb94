"""Everything that happens to letters: told, sent, chosen, read."""

from luukku.notices.actions.choosing import (
    choose,
    deliver,
    forget_old,
    keep_on_desk,
    mark_read,
    stop_daily,
)
from luukku.notices.actions.holding import claim, hold_back
from luukku.notices.actions.sending import is_server_there, send_digests, send_outbox
from luukku.notices.actions.telling import (
    forget_told,
    forget_unsent,
    plan_all,
    tell,
    tell_address,
    tell_all,
)

__all__ = [
    "choose",
    "claim",
    "deliver",
    "forget_old",
    "forget_told",
    "forget_unsent",
    "hold_back",
    "is_server_there",
    "keep_on_desk",
    "mark_read",
    "plan_all",
    "send_digests",
    "send_outbox",
    "stop_daily",
    "tell",
    "tell_address",
    "tell_all",
]
