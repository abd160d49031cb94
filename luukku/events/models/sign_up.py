"""Who has signed up for an event, in which place or queue, and who was there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import TsTzRange, one_of
from luukku.core.personal import DataClass, Personal
from luukku.events.models.choices import Group
from luukku.events.models.event import ORGANISERS, Event, Place, Session
from luukku.events.states import LIVE_SIGN_UPS, WITH_PLACE, SignUpState
from luukku.organisations.models import Membership
from luukku.privacy.fields import EncryptedTextField
from luukku.workflow.models import Stateful

KEEP = "a year after the event"
HOLD = timedelta(minutes=15)
S = SignUpState


class Via(models.TextChoices):
    """How a sign-up came."""

    DESK = "desk", _("On the site")
    LINK = "link", _("By the link in the e-mail")
    COUNTER = "counter", _("To the counter, by phone or on paper")
    ORGANISATION = "organisation", _("By the background organisation")
    APPLICATION = "application", _("By an application for the training")


class SignUpQuerySet(models.QuerySet["SignUp"]):
    """Sign-ups by who may see them and by where they stand."""

    def visible_to(self, user: User) -> SignUpQuerySet:
        """Exactly the sign-ups on which ``user`` has the rule ``events.view_sign_up``."""
        if not user.is_active:
            return self.none()
        if user.is_counter:
            return self
        own = Membership.objects.standing(*ORGANISERS).filter(user=user)
        return self.filter(Q(person=user) | Q(event__organiser__in=own.values("organisation")))

    def of(self, user: User) -> SignUpQuerySet:
        """Return the own ones of ``user``."""
        return self.filter(person=user)

    def anonymous(self) -> SignUpQuerySet:
        """Return the ones of nobody with an account: a signed link opens them."""
        return self.filter(person=None)

    def live(self) -> SignUpQuerySet:
        """Return those that have a place or wait for one."""
        return self.filter(state__in=LIVE_SIGN_UPS)

    def confirmed(self) -> SignUpQuerySet:
        """Return those who come."""
        return self.filter(state=S.CONFIRMED)

    def queue(self) -> SignUpQuerySet:
        """Return the waiting list, the first first."""
        return self.filter(state=S.WAITING).order_by("queue_at", "pk")

    def lapsed(self, at: datetime) -> SignUpQuerySet:
        """Return those whose place was kept until ``at`` or earlier."""
        return self.filter(state__in=[S.HELD, S.OFFERED], held_until__lte=at)


class SignUp(Stateful):
    """One person, with an account or as a guest, who wants to come to one event.

    Attributes:
        guest_mark: keyed mark of a guest's e-mail address, so that nobody signs up twice; "" of a person.
        held_until: until when the place is kept while the form is filled, or until the yes.
        queue_at: since when the person waits; a place that was kept and lost counts from when it was taken.
        skipped_at: when a free place passed by in the queue, because the person is booked elsewhere at the time.
    """

    moved_on = _("The sign-up has changed meanwhile. Here is how it stands now.")

    state = models.CharField(max_length=20, choices=SignUpState, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="sign_ups")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sign_ups"
    )
    guest_mark = models.CharField(max_length=64, blank=True, editable=False)
    group = models.CharField(_("I come as"), max_length=20, choices=Group, blank=True)
    place = models.ForeignKey(
        Place, null=True, on_delete=models.PROTECT, related_name="sign_ups", editable=False
    )
    held_until = models.DateTimeField(null=True, editable=False)
    queue_at = models.DateTimeField(null=True, editable=False)
    skipped_at = models.DateTimeField(null=True, editable=False)
    via = models.CharField(max_length=20, choices=Via)
    made_by = models.ForeignKey(  # NULL: a guest
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    calendar_version = models.PositiveSmallIntegerField(default=0)  # SEQUENCE of the entry
    calendar_changed_at = models.DateTimeField(null=True)

    objects = SignUpQuerySet.as_manager()

    whose = "person"
    personal = {
        "guest_mark": Personal(DataClass.ORDINARY, "that nobody signs up twice", KEEP),
    }

    class Meta:
        constraints = [
            one_of("state", SignUpState.values, name="sign_up_state"),
            one_of("via", Via.values, name="sign_up_via"),
            one_of("group", ["", *Group.values], name="sign_up_group"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, guest_mark="")
                | Q(person=None) & ~Q(guest_mark=""),
                name="sign_up_of_a_person_or_a_guest",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WITH_PLACE, place__isnull=False)
                | ~Q(state__in=WITH_PLACE) & Q(place=None),
                name="sign_up_place_where_it_has_one",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.HELD, S.OFFERED], held_until__isnull=False)
                | ~Q(state__in=[S.HELD, S.OFFERED]) & Q(held_until=None),
                name="sign_up_held_until_while_held",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.WAITING) | Q(queue_at__isnull=False),
                name="sign_up_waits_since",
            ),
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=Q(state__in=LIVE_SIGN_UPS),
                name="one_live_sign_up_per_person",
            ),
            models.UniqueConstraint(
                fields=["event", "guest_mark"],
                condition=Q(state__in=LIVE_SIGN_UPS) & ~Q(guest_mark=""),
                name="one_live_sign_up_per_guest",
            ),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(state__in=WITH_PLACE),
                name="one_live_sign_up_per_place",
            ),
        ]
        indexes = [
            models.Index(fields=["event", "state", "queue_at"], name="sign_up_by_event"),
            models.Index(fields=["person", "state"], name="sign_up_by_person"),
            models.Index(
                fields=["held_until"],
                condition=Q(held_until__isnull=False),
                name="sign_up_held",
            ),
        ]

    def __str__(self) -> str:
        return f"sign-up {self.pk}: event {self.event_id}"

    @property
    def is_guest(self) -> bool:
        """Whether nobody with an account comes."""
        return self.person_id is None


class Guest(models.Model):
    """Who comes without an account: name and address, known to the organiser and the counter."""

    sign_up = models.OneToOneField(SignUp, on_delete=models.CASCADE, related_name="guest")
    name = EncryptedTextField(_("name"), max_length=120)
    email = EncryptedTextField(_("e-mail"), max_length=254)
    phone = EncryptedTextField(_("phone"), max_length=30, blank=True)
    language = models.CharField(max_length=2, default="fi")
    confirmed_at = models.DateTimeField(null=True)  # when the link in the letter was used

    whose = ""
    personal = {
        "name": Personal(DataClass.SPECIAL, "knowing who comes", KEEP),
        "email": Personal(DataClass.SPECIAL, "telling what changes", KEEP),
        "phone": Personal(DataClass.SPECIAL, "telling what changes", KEEP),
    }

    def __str__(self) -> str:
        return f"guest of sign-up {self.sign_up_id}"


class Booking(models.Model):
    """The time that somebody with a place has given to one session: nobody gives the same time twice.

    Attributes:
        is_moved: the session was moved after the place was given, or two accounts of the person became one. Whoever
            has it keeps it and may let it go, so that it may stand on top of something else of theirs.
    """

    sign_up = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="bookings")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="bookings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_moved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sign_up", "session"], name="one_booking_per_session"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="booking_start_before_end"
            ),
            ExclusionConstraint(
                name="nobody_is_in_two_events_at_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_moved=False),
            ),
        ]

    def __str__(self) -> str:
        return f"booking {self.pk}: session {self.session_id}"


class Presence(models.TextChoices):
    """Whether somebody came."""

    HERE = "here", _("Present")
    AWAY = "away", _("Absent")
    EXCUSED = "excused", _("Absent, told beforehand")


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Attendance by who may see it."""

    def visible_to(self, user: User) -> AttendanceQuerySet:
        """Exactly that of the sign-ups that ``user`` may see."""
        return self.filter(sign_up__in=SignUp.objects.visible_to(user))


class Attendance(models.Model):
    """Whether somebody who had a place came to one session."""

    sign_up = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="attendance")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendance")
    presence = models.CharField(max_length=10, choices=Presence)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    marked_at = models.DateTimeField()

    objects = AttendanceQuerySet.as_manager()

    whose = "sign_up__person"
    personal = {"presence": Personal(DataClass.ORDINARY, "hours of a training", KEEP)}

    class Meta:
        constraints = [
            one_of("presence", Presence.values, name="attendance_presence"),
            models.UniqueConstraint(
                fields=["sign_up", "session"], name="one_attendance_per_session"
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}: session {self.session_id}"
