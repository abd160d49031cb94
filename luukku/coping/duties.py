"""What waits for the counter: a word with an expert who may be carrying too much, a call to an organisation."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.accounts.queries import who_may_be_called
from luukku.coping.models import Flag, Reminder
from luukku.coping.queries import number
from luukku.core.compiled import Instant, objects_once, once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting

LOAD = DutyKind("load", _("Ask how the expert is"), page="counter:flag", within=timedelta(days=7))


@LOAD.finds
def signs_of_load(at: Instant) -> Waiting:
    """Signs that the expert has had time to see first; those about which a talk was asked for stand first."""
    has_asked = ExpressionWrapper(Q(talk_asked_at__isnull=False), output_field=BooleanField())
    return Waiting(Flag.objects.waiting(), since="passed_on_at", is_first=has_asked)


@LOAD.calls
def whom_to_call(keys: Collection[int]) -> dict[int, Called]:
    """The expert, and their number if a talk was asked for or calls are agreed to."""
    rows = _flags(keys=list(keys))
    agreed = who_may_be_called(row.expert.user_id for row in rows)
    return {row.pk: _called(row, agreed) for row in rows}


@objects_once
def _flags() -> QuerySet[Flag]:
    rows = Flag.objects.filter(with_keys()).select_related("expert__user")
    return rows.only("talk_asked_at", "expert__user__name", "expert__user__phone")


def _called(flag: Flag, agreed: Collection[int]) -> Called:
    person = flag.expert.user
    may_call = flag.talk_asked_at is not None or person.pk in agreed
    return Called(person.name, person.name, person.phone if may_call else "")


PROMISES = DutyKind(
    "promises",
    _("Call a background organisation"),
    page="counter:background",
    within=timedelta(days=14),
)


@PROMISES.finds
def not_moved_by_letters(at: Instant) -> Waiting:
    """Organisations with something open that have been written to so many times: they get no more letters."""
    rows = Reminder.objects.filter(since__isnull=False, number__gte=number("call_after"))
    return Waiting(rows, since="last_at", pk="organisation_id")


@PROMISES.calls
def whose_promises(keys: Collection[int]) -> dict[int, Called]:
    """The organisation's name."""
    return {pk: Called(name) for pk, name in _names(keys=list(keys))}


@once
def _names() -> QuerySet[Any, Any]:
    return Reminder.objects.filter(with_keys()).values_list("pk", "organisation__name")
