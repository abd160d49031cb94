"""Who lends what to whom, and when a device is free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, AssignmentQuerySet
from luukku.assignments.states import AssignmentState
from luukku.core.ordering import in_finnish
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.orders.models import Mode
from luukku.organisations.models import (
    MemberRole,
    Membership,
    Organisation,
    OrganisationQuerySet,
    Task,
)
from luukku.readiness.models import Device, EquipmentKind, Loan

Days = tuple[date, date]


def lenders_for(expert: Expert) -> OrganisationQuerySet:
    """Return who lends to ``expert``, by name: the own background organisation, and whoever runs the counter."""
    in_use = Device.objects.in_use().filter(organisation=models.OuterRef("pk"))
    near = Q(pk=expert.background_organisation_id) | Q(tasks__contains=[Task.COORDINATES])
    rows = Organisation.objects.vetted().filter(near, models.Exists(in_use))
    return rows.order_by(in_finnish("name"), "pk")


def kinds_to_borrow(expert: Expert) -> list[tuple[Organisation, EquipmentKind]]:
    """Return the lenders and kinds that ``expert`` can ask for; devices that are out now count, for they come back."""
    lenders = {one.pk: one for one in lenders_for(expert)}
    pairs = set(
        Device.objects.in_use().filter(organisation__in=lenders).values_list("organisation", "kind")
    )
    return [
        (lender, kind) for kind in EquipmentKind for lender in lenders.values()
        if (lender.pk, kind.value) in pairs
    ]  # fmt: skip


def can_borrow(expert: Expert) -> bool:
    """Return whether ``expert`` is in the bank and somebody lends to them."""
    return expert.state == ExpertState.ACTIVE and lenders_for(expert).exists()


def has_devices() -> bool:
    """Return whether anybody lends anything."""
    return Device.objects.in_use().exists()


def is_remote_task(assignment: Assignment) -> bool:
    """Return whether the expert takes part in the task remotely, or may."""
    return assignment.mode != Mode.PLACE


def tasks_to_borrow_for(expert: Expert, *, at: datetime) -> AssignmentQuerySet:
    """Return the tasks ahead of ``expert`` in which one takes part remotely, the soonest first."""
    rows = Assignment.objects.filter(
        expert=expert, state=AssignmentState.AGREED, ends_at__gt=at
    ).exclude(mode=Mode.PLACE)
    return rows.select_related("order__task_type").order_by("starts_at", "pk")


def spans_taken(device: Device, *, besides: Loan | None, since: date) -> list[Days]:
    """Return on which days from ``since`` on others have ``device``, in order."""
    rows = Loan.objects.holding().filter(device=device, until_on__gte=since)
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    return list(rows.order_by("from_on").values_list("from_on", "until_on"))


def told_days(spans: Iterable[Days]) -> str:
    """Return "3.12.2026–7.12.2026, 12.12.2026" in the active language's way of writing."""
    return ", ".join(
        _day(first) if first == last else f"{_day(first)}–{_day(last)}" for first, last in spans
    )


def lender_people(lender: Organisation | int) -> list[User]:
    """Return who at the lender is written to: the contact person for experts; where none is named, all of them."""
    standing = Membership.objects.standing(MemberRole.BACKGROUND).filter(organisation=lender)
    members = list(standing.select_related("user").order_by("pk"))
    return [one.user for one in members if one.is_contact] or [one.user for one in members]


def fetch_of_last(lender: Organisation) -> str:
    """Return where and when the last device was fetched from ``lender``; "" where none was."""
    told = Loan.objects.filter(lender=lender).exclude(fetch="").order_by("-pk")
    return told.values_list("fetch", flat=True).first() or ""


def free_until(device: Device, *, after: date, besides: Loan | None) -> date | None:
    """Return the first day after ``after`` on which somebody else has ``device``; None: nobody has."""
    taken = spans_taken(device, besides=besides, since=after)
    return taken[0][0] if taken else None


def longer_at_most(loan: Loan) -> date | None:
    """Return until when a device that is wished for longer may be kept, where somebody else gets it before that day.

    None: until the day that is wished for.
    """
    if loan.wished_until is None or loan.device is None:
        return None
    first = free_until(loan.device, after=loan.until_on + timedelta(days=1), besides=loan)
    return first - timedelta(days=1) if first and first <= loan.wished_until else None


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def the_task(loan: Loan) -> str:
    """Return when the task is for which the loan is asked; nothing of what it is about. "" without one."""
    if loan.assignment is None:
        return ""
    day = date_format(loan.assignment.starts_at, "SHORT_DATE_FORMAT")
    return _("For a remote task on %(day)s.") % {"day": day}
