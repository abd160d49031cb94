"""What waits for the counter: a call to an expert who may be carrying too much."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _

from luukku.coping.models import Flag
from luukku.core.compiled import Instant
from luukku.core.duty import Called, DutyKind, Waiting

LOAD = DutyKind(
    "load", _("Call: how is the expert?"), page="counter:flag", within=timedelta(days=7)
)


@LOAD.finds
def signs_of_load(at: Instant) -> Waiting:
    """Signs that the expert has had time to see first; those about which a talk was asked for stand first."""
    has_asked = ExpressionWrapper(Q(talk_asked_at__isnull=False), output_field=BooleanField())
    return Waiting(Flag.objects.waiting(), since="passed_on_at", is_first=has_asked)


@LOAD.calls
def whom_to_call(keys: Collection[int]) -> dict[int, Called]:
    """The expert, and their number."""
    rows = Flag.objects.filter(pk__in=keys).select_related("expert__user")
    people = {row.pk: row.expert.user for row in rows}
    return {key: Called(one.name, one.name, one.phone) for key, one in people.items()}
