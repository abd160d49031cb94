"""Equipment that an organisation lends to experts for remote tasks, and its loans; matching never reads them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.core.compiled import Instant, day_at
from luukku.core.constraints import DaySpan, one_of
from luukku.core.personal import DataClass, Personal
from luukku.experts.models import Expert
from luukku.organisations.models import MemberRole, Membership
from luukku.privacy.fields import EncryptedTextField
from luukku.readiness.models.self_test import EquipmentKind
from luukku.readiness.states import HOLDING, OVER_LOANS, LoanState
from luukku.workflow.models import Stateful

KEPT = "a year after the device came back; gone with the profile"
L = LoanState


def lent_for(user: User) -> models.QuerySet[Membership, Any]:
    """Return the keys of the organisations in whose name ``user`` lends."""
    return Membership.objects.standing(MemberRole.BACKGROUND).filter(user=user).values(
        "organisation"
    )  # fmt: skip


class DeviceQuerySet(models.QuerySet["Device"]):
    """Devices by who may see them and whether they can be lent."""

    def visible_to(self, user: User) -> DeviceQuerySet:
        """Exactly the devices on which ``user`` has the rule ``readiness.view_device``."""
        if not user.is_active:
            return self.none()
        return self if user.is_counter else self.filter(organisation__in=lent_for(user))

    def in_use(self) -> DeviceQuerySet:
        """Return those that are lent at all."""
        return self.filter(retired_at=None)

    def free(self, from_on: date, until_on: date, *, on: date) -> DeviceQuerySet:
        """Return those in use that nobody has on these days, and that are not late in coming back ``on`` a day."""
        taken = Loan.objects.holding().filter(device=models.OuterRef("pk"))
        overlaps = Q(from_on__lte=until_on, until_on__gte=from_on)
        is_late = Q(state=L.OUT, until_on__lt=on)
        return self.in_use().exclude(models.Exists(taken.filter(overlaps | is_late)))


class Device(models.Model):
    """One thing that an organisation lends.

    Attributes:
        label: by which its lender knows it: a number or a name on it.
        note: what comes along, and what one must know of it.
        retired_at: from when on it is lent no more; None: in use.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="devices"
    )
    kind = models.CharField(_("kind of equipment"), max_length=12, choices=EquipmentKind)
    label = models.CharField(_("number or name"), max_length=60)
    note = models.CharField(_("what comes along"), max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", EquipmentKind.values, name="device_kind"),
            models.CheckConstraint(condition=~Q(label=""), name="device_has_a_label"),
            models.UniqueConstraint(
                Lower("label"),
                "organisation",
                "kind",
                condition=Q(retired_at=None),
                name="device_label_is_its_own",
            ),
        ]

    def __str__(self) -> str:
        return f"device {self.pk}"

    @property
    def is_in_use(self) -> bool:
        """Whether it is lent at all."""
        return self.retired_at is None

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.get_kind_display()} ({self.label})"


class LoanQuerySet(models.QuerySet["Loan"]):
    """Loans by who may see them and where they stand."""

    def visible_to(self, user: User) -> LoanQuerySet:
        """Exactly the loans on which ``user`` has the rule ``readiness.view_loan``."""
        if not user.is_active:
            return self.none()
        if user.is_counter:
            return self
        return self.filter(Q(expert__user=user.pk) | Q(lender__in=lent_for(user)))

    def of(self, user: User) -> LoanQuerySet:
        """Return the own ones of ``user``, the newest first."""
        return self.filter(expert__user=user.pk).order_by("-from_on", "-pk")

    def whole(self) -> LoanQuerySet:
        """Return these with what their pages show."""
        return self.select_related("expert__user", "lender", "device", "assignment", "contact")

    def holding(self) -> LoanQuerySet:
        """Return those that have a device: nobody else gets it on those days."""
        return self.filter(state__in=HOLDING)

    def waiting(self) -> LoanQuerySet:
        """Return those that wait for the lender's answer: to the request, or to a wish for a later end."""
        return self.filter(waits_since__isnull=False)

    def overdue(self, at: Instant) -> LoanQuerySet:
        """Return those that should have been brought back ``at`` an instant."""
        return self.filter(state=L.OUT, until_on__lt=day_at(at))

    def left_to_counter(self, is_long_since: Q) -> LoanQuerySet:
        """Return those that the counter sees to: the lender has nobody who lends, or ``is_long_since``."""
        people = Membership.objects.standing(MemberRole.BACKGROUND)
        is_seen_to = models.Exists(people.filter(organisation=models.OuterRef("lender")))
        return self.filter(~is_seen_to | is_long_since)


class Loan(Stateful):
    """That an expert borrows a device from one day until another, both of them included.

    Attributes:
        expert: None once it has been forgotten; the lender still knows when the device was out.
        kind: what is wished for; the device that is given may be of another kind.
        why: what it is needed for, in the expert's words. assignment: the remote task, if there is one.
        until_on: the last day; wished_until: a later one that waits for the lender's answer.
        waits_since: since when the lender's answer is awaited; None: nothing waits.
        fetch: where and when it is fetched. contact: whom the expert calls about it.
        answer: why it was refused, in kind words.
    """

    moved_on = _("The loan has changed meanwhile. Here is how it stands now.")

    state = models.CharField(
        max_length=20, choices=LoanState, default=LoanState.ASKED, editable=False
    )
    expert = models.ForeignKey(Expert, null=True, on_delete=models.PROTECT, related_name="loans")
    lender = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="loans"
    )
    kind = models.CharField(_("kind of equipment"), max_length=12, choices=EquipmentKind)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="loans")
    from_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"))
    wished_until = models.DateField(null=True)
    why = EncryptedTextField(max_length=1000, blank=True)
    assignment = models.ForeignKey(
        Assignment, null=True, on_delete=models.SET_NULL, related_name="loans"
    )
    asked_at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True)
    fetch = models.CharField(max_length=300, blank=True)
    answer = EncryptedTextField(max_length=1000, blank=True)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    forgotten_at = models.DateTimeField(null=True)

    objects = LoanQuerySet.as_manager()

    whose = "expert__user"
    personal: ClassVar = {
        "why": Personal(DataClass.SPECIAL, "deciding on the loan", KEPT),
        "answer": Personal(DataClass.SPECIAL, "telling why there was no loan", KEPT),
        "fetch": Personal(DataClass.ORDINARY, "handing the device over", KEPT),
    }

    class Meta:
        constraints = [
            one_of("state", LoanState.values, name="loan_state"),
            one_of("kind", EquipmentKind.values, name="loan_kind"),
            models.CheckConstraint(
                condition=Q(from_on__lte=F("until_on")), name="loan_first_day_before_last"
            ),
            ExclusionConstraint(
                name="device_is_lent_once",
                expressions=[
                    ("device", RangeOperators.EQUAL),
                    (DaySpan("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=HOLDING),
            ),
            models.UniqueConstraint(
                fields=["device"], condition=Q(state=L.OUT), name="device_is_with_one"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*HOLDING, L.BACK, L.LOST], device__isnull=False)
                | Q(state__in=[L.ASKED, L.REFUSED, L.CANCELLED]),
                name="loan_has_its_device",
            ),
            models.CheckConstraint(
                condition=Q(state=L.ASKED, waits_since__isnull=False, wished_until=None)
                | Q(
                    state=L.OUT,
                    waits_since__isnull=False,
                    wished_until__isnull=False,
                    wished_until__gt=F("until_on"),
                )
                | Q(waits_since=None, wished_until=None) & ~Q(state=L.ASKED),
                name="loan_waits_for_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(expert__isnull=False, forgotten_at=None)
                | Q(
                    state__in=OVER_LOANS,
                    expert=None,
                    forgotten_at__isnull=False,
                    why="",
                    answer="",
                    fetch="",
                    contact=None,
                    assignment=None,
                ),
                name="loan_forgotten_when_over",
            ),
        ]
        indexes = [
            models.Index(
                fields=["waits_since"],
                condition=Q(waits_since__isnull=False),
                name="loan_waiting",
            ),
            models.Index(fields=["until_on"], condition=Q(state="out"), name="loan_out"),
            models.Index(fields=["lender", "-from_on"], name="loan_by_lender"),
        ]

    def __str__(self) -> str:
        return f"loan {self.pk}"

    def is_overdue(self, today: date) -> bool:
        """Whether the device should have been brought back."""
        return self.state == L.OUT and self.until_on < today

    def is_too_late(self, today: date) -> bool:
        """Whether its days are over although nobody has fetched the device."""
        return self.state in {L.ASKED, L.GRANTED} and self.until_on < today

    def days_late(self, today: date) -> int:
        """How many days it is late; 0: it is not."""
        return max((today - self.until_on) // timedelta(days=1), 0) if self.state == L.OUT else 0
