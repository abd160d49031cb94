"""Offers to experts, seats of an order, and what was agreed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.states import LIVE_STATES, AssignmentState, OfferState
from luukku.core.compiled import Instant, day_at
from luukku.core.constraints import TsTzRange, between, one_of
from luukku.core.personal import DataClass, Personal
from luukku.experts.models import CompletedTraining
from luukku.orders.models import MOST_EXPERTS, CancelledBy, Mode, ordered_for
from luukku.privacy.fields import EncryptedTextField
from luukku.workflow.models import Stateful


class Origin(models.TextChoices):
    """How the two came together."""

    SUGGESTED = "suggested", _("Suggested by the counter")
    NAMED = "named", _("Wished for by the orderer")
    SIGNED_UP = "signed_up", _("Signed up")


class Via(models.TextChoices):
    """How a yes was given."""

    DESK = "desk", _("On the site")
    LINK = "link", _("By the link in the e-mail")
    COUNTER = "counter", _("To the counter, by phone or on paper")


class OfferQuerySet(models.QuerySet["Offer"]):
    """Offers by who may see them and by whose answer they wait for."""

    def visible_to(self, user: User) -> OfferQuerySet:
        """Exactly the offers on which ``user`` has the rule ``assignments.view_offer``."""
        if not user.is_active:
            return self.none()
        if user.is_counter:
            return self
        return self.filter(expert__user=user)

    def proposed(self) -> OfferQuerySet:
        """Return the ones without an answer."""
        return self.filter(state=OfferState.PROPOSED)

    def waiting_for_expert(self) -> OfferQuerySet:
        """Return the proposed ones that the expert answers."""
        return self.proposed().exclude(origin=Origin.SIGNED_UP)

    def waiting_for_counter(self) -> OfferQuerySet:
        """Return the expert's own sign-ups, which the counter answers."""
        return self.proposed().filter(origin=Origin.SIGNED_UP)

    def ended(self) -> OfferQuerySet:
        """Return the ones to which the answer was no, silence, or a yes that was cancelled later."""
        live = Assignment.objects.live().filter(offer=models.OuterRef("pk"))
        over = {OfferState.DECLINED, OfferState.EXPIRED}
        return self.filter(Q(state__in=over) | Q(state=OfferState.ACCEPTED) & ~models.Exists(live))

    def one_a_series(self) -> OfferQuerySet:
        """Return these without those of whose series an earlier one to the same expert is among them."""
        earlier = self.order_by().filter(
            expert=models.OuterRef("expert"),
            order__series=models.OuterRef("order__series"),
            pk__lt=models.OuterRef("pk"),
        )
        return self.exclude(models.Exists(earlier))

    def with_dates(self) -> OfferQuerySet:
        """Return these with ``dates``: how many of the series wait for the same expert; None of no series."""
        same = Offer.objects.waiting_for_expert().filter(
            expert=models.OuterRef("expert"), order__series=models.OuterRef("order__series")
        )
        dates = same.order_by().values("order__series").annotate(n=models.Count("pk")).values("n")
        return self.annotate(dates=models.Subquery(dates))

    def overdue(self, at: datetime) -> OfferQuerySet:
        """Return the proposed ones whose time to answer has ended."""
        return self.proposed().filter(expires_at__lte=at)


class Offer(Stateful):
    """One order proposed to one expert, or the expert's own sign-up to it."""

    moved_on = _("The counter has already answered your sign-up.")
    moved_on_at_counter = _("The offer has already been answered or taken back.")

    state = models.CharField(
        max_length=20, choices=OfferState, default=OfferState.PROPOSED, editable=False
    )
    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="offers")
    expert = models.ForeignKey("experts.Expert", on_delete=models.CASCADE, related_name="offers")
    origin = models.CharField(max_length=20, choices=Origin)
    reasons = models.JSONField(default=list)  # the matcher's parts at the time, shown to both
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    words = EncryptedTextField(max_length=500, blank=True)  # why the counter asks once more
    # The order's times that the answer, or the silence, was about: at others the expert may be asked again.
    answered_for = ArrayField(DateTimeRangeField(), default=list)
    # The order's times that whoever signed up said suit; none: every one.
    suits = ArrayField(DateTimeRangeField(), default=list)

    objects = OfferQuerySet.as_manager()

    whose = "expert__user"
    personal = {
        "words": Personal(DataClass.SPECIAL, "asking an expert again", "2 years after closing")
    }

    class Meta:
        constraints = [
            one_of("state", OfferState.values, name="offer_state"),
            one_of("origin", Origin.values, name="offer_origin"),
            models.UniqueConstraint(
                fields=["order", "expert"],
                condition=Q(state=OfferState.PROPOSED),
                name="one_live_offer_per_expert",
            ),
            models.CheckConstraint(
                condition=Q(suits=[]) | Q(origin=Origin.SIGNED_UP), name="offer_suits_of_sign_up"
            ),
            models.CheckConstraint(
                condition=Q(made_at__lt=F("expires_at")), name="offer_has_time_to_answer"
            ),
        ]
        indexes = [
            models.Index(fields=["expert", "state", "expires_at"], name="offer_by_expert"),
            models.Index(
                fields=["expires_at"], condition=Q(state="proposed"), name="offer_unanswered"
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}: order {self.order_id}"

    def is_left_to_expert(self) -> bool:
        """Whether nobody but its expert has ended it: neither a task cancelled by others nor a refused sign-up."""
        if self.state == OfferState.ACCEPTED:
            return self.assignment.cancelled_by == CancelledBy.EXPERT
        return self.origin != Origin.SIGNED_UP


class Seat(models.Model):
    """One place for one expert in an order: there is a row for every expert wanted, and no more."""

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="seats")
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="one_seat_per_number"),
            between("number", 1, MOST_EXPERTS, name="seat_number"),
        ]

    def __str__(self) -> str:
        return f"seat {self.number} of order {self.order_id}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments by who may see them and by state."""

    def visible_to(self, user: User) -> AssignmentQuerySet:
        """Exactly the assignments on which ``user`` has the rule ``assignments.view``."""
        if not user.is_active:
            return self.none()
        if user.is_counter:
            return self
        return self.filter(Q(expert__user=user) | Q(order__organisation__in=ordered_for(user)))

    def of(self, user: User) -> AssignmentQuerySet:
        """Return the ones that ``user`` does, or has ordered personally and still orders for."""
        is_contact = Q(order__contact=user, order__organisation__in=ordered_for(user))
        return self.filter(Q(expert__user=user) | is_contact)

    def live(self) -> AssignmentQuerySet:
        """Return the agreed and done ones: they hold a seat and a time."""
        return self.filter(state__in=LIVE_STATES)

    def ahead(self, at: Instant) -> AssignmentQuerySet:
        """Return the agreed ones that have not begun ``at`` an instant."""
        return self.filter(state=AssignmentState.AGREED, starts_at__gt=at)

    def untrained(self, at: Instant) -> AssignmentQuerySet:
        """Return those ahead whose expert lost the training asked for and has not got it back ``at`` an instant."""
        own = Q(expert=models.OuterRef("expert"))
        every = CompletedTraining.objects.counting(day_at(at)).further().filter(own)
        asked = every.filter(further_kind=models.OuterRef("order__further_kind"))
        does = Q(order__further_kind="") & models.Exists(every) | models.Exists(asked)
        return self.ahead(at).exclude(untrained_at=None).exclude(does)

    def with_untrained(self, at: Instant) -> AssignmentQuerySet:
        """Return these with ``is_untrained``: whether they are among the ``untrained``."""
        lost = Assignment.objects.untrained(at).filter(pk=models.OuterRef("pk"))
        return self.annotate(is_untrained=models.Exists(lost))


class Assignment(Stateful):
    """What was agreed: who, when, where, for how much, and who said yes when."""

    state = models.CharField(
        max_length=20, choices=AssignmentState, default=AssignmentState.AGREED, editable=False
    )
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="assignments")
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="assignment")
    expert = models.ForeignKey(
        "experts.Expert", on_delete=models.PROTECT, related_name="assignments"
    )
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="assignments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    mode = models.CharField(max_length=10, choices=Mode)
    place = models.CharField(max_length=300, blank=True)
    fee_eur = models.DecimalField(
        max_digits=8, decimal_places=2, null=True
    )  # NULL: no fee was agreed
    pays_travel = models.BooleanField()
    expert_agreed_at = models.DateTimeField()
    expert_agreed_via = models.CharField(max_length=10, choices=Via)
    counter_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    counter_agreed_at = models.DateTimeField()
    cancelled_by = models.CharField(max_length=10, blank=True)  # orders.models.CancelledBy
    cancel_reason = EncryptedTextField(max_length=2000, blank=True)
    # When the expert lost the further training that the order asks for; NULL: not, or the counter lets it go on.
    untrained_at = models.DateTimeField(null=True)
    is_untrained: bool  # of rows ``with_untrained``
    calendar_version = models.PositiveSmallIntegerField(default=0)  # SEQUENCE of the calendar entry
    calendar_changed_at = models.DateTimeField(null=True)  # NULL: as it was agreed

    objects = AssignmentQuerySet.as_manager()

    whose = Case(When(cancelled_by="expert", then=F("expert__user")), default=F("order__contact"))
    personal = {
        "cancel_reason": Personal(
            DataClass.SPECIAL, "finding another expert", "2 years after closing"
        )
    }

    class Meta:
        constraints = [
            one_of("state", AssignmentState.values, name="assignment_state"),
            one_of("mode", Mode.values, name="assignment_mode"),
            one_of("expert_agreed_via", Via.values, name="assignment_via"),
            between("fee_eur", Decimal(0), Decimal(20000), name="assignment_fee"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="assignment_start_before_end"
            ),
            ExclusionConstraint(
                name="nobody_is_booked_twice",
                expressions=[
                    ("expert", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=LIVE_STATES),
            ),
            models.UniqueConstraint(
                fields=["seat"], condition=Q(state__in=LIVE_STATES), name="one_expert_per_seat"
            ),
            models.UniqueConstraint(
                fields=["order", "expert"],
                condition=Q(state__in=LIVE_STATES),
                name="one_live_task_per_expert",
            ),
        ]
        indexes = [
            models.Index(fields=["expert", "-starts_at"], name="assignment_by_expert"),
            models.Index(fields=["state", "ends_at"], name="assignment_by_end"),
            models.Index(
                fields=["order"],
                include=["state_changed_at"],
                condition=Q(state=AssignmentState.CANCELLED, cancelled_by=CancelledBy.EXPERT),
                name="assignment_expert_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}: order {self.order_id}"


class CalendarKey(models.Model):
    """The secret address of a person's own calendar feed; a new key makes the old address useless."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_key"
    )
    key = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"


class UndoQuerySet(models.QuerySet["Undo"]):
    """What may still be taken back."""

    def visible_to(self, user: User) -> UndoQuerySet:
        """Exactly what ``user`` has the rule ``assignments.undo`` on: what they did themselves."""
        return self.filter(by=user) if user.is_active and user.is_counter else self.none()

    def open(self, at: datetime) -> UndoQuerySet:
        """Return those whose letters still wait at ``at``."""
        return self.filter(until_at__gt=at)


class Undo(models.Model):
    """An act of the counter on an order that may be taken back while its letters wait.

    Attributes:
        rows: by table what the act has changed: each row's image before and after; of an act that has moved the
            order also what stands for all of its rows, so that nothing made since is left without its ground.
    """

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    until_at = models.DateTimeField(db_index=True)
    rows = EncryptedTextField()

    objects = UndoQuerySet.as_manager()

    whose = None  # nobody reads it: it is put back or forgotten
    personal = {"rows": Personal(DataClass.SPECIAL, "taking back an act at once", "an hour")}

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(at__lt=F("until_at")), name="undo_has_time")
        ]

    def __str__(self) -> str:
        return f"undo {self.pk}: order {self.order_id}"
