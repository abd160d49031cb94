"""Events that people sign up for, their sessions and places."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import TsTzRange, between, one_of, together
from luukku.core.fields import HTTPS_ONLY
from luukku.events.models.choices import Audience, Cover, Group, How, Kind, Mode
from luukku.events.states import (
    OPEN_EVENTS,
    SHOWN_EVENTS,
    WITH_PLACE,
    EventState,
    SignUpState,
)
from luukku.experts.models import Expert
from luukku.organisations.models import MemberRole, Membership
from luukku.taxonomy.models import in_language
from luukku.workflow.models import Stateful

MOST_SEATS = 1000
PROMOTE_BEFORE = timedelta(hours=24)  # of the start: later nobody is given a place from the queue
ORGANISERS = (MemberRole.PRODUCER, MemberRole.BACKGROUND)  # who keeps an organisation's events
TITLES = ("title_fi", "title_sv", "title_en")  # the columns in which a title stands


class Titled(models.Model):
    """Something with a title in three languages; no title tells of a theme."""

    title_fi = models.CharField(_("title in Finnish"), max_length=120)
    title_sv = models.CharField(_("title in Swedish"), max_length=120, blank=True)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the active language."""
        return in_language(self, "title")


class Series(Titled):
    """Events that belong together, such as the peer meetings of one group.

    Attributes:
        theme: for finding the right people only; it stands in no list, address, letter or calendar.
    """

    organiser = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="event_series"
    )
    theme = models.ForeignKey(
        "taxonomy.Theme", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "series"


class EventQuerySet(models.QuerySet["Event"]):
    """Events by who may see them and by when they are."""

    def visible_to(self, user: User) -> EventQuerySet:
        """Exactly the events on which ``user`` has the rule ``events.view``."""
        if not user.is_active:  # nobody is signed in, or the account has been closed
            return self.none() if user.is_authenticated else self.open_to_all()
        if user.is_counter:
            return self
        own = Membership.objects.standing(*ORGANISERS).filter(user=user)
        shown = Q(state__in=SHOWN_EVENTS) | Q(organiser__in=own.values("organisation"))
        return self.filter(shown | _led_by(user))

    def led_by(self, user: User) -> EventQuerySet:
        """Return the peer meetings for which ``user`` answers as an expert of the steering group."""
        return self.filter(_led_by(user))

    def kept_by(self, user: User) -> EventQuerySet:
        """Return those that organisations arrange for which ``user`` stands; a training is kept as a run."""
        own = Membership.objects.standing(*ORGANISERS).filter(user=user)
        held = self.exclude(how=How.APPLICATION)
        return held.filter(organiser__in=own.values("organisation"))

    def open_to_all(self) -> EventQuerySet:
        """Return those that anybody may read about."""
        return self.filter(state__in=SHOWN_EVENTS).exclude(audience=Audience.INVITED)

    def coming(self, at: datetime) -> EventQuerySet:
        """Return those that have not ended and go on, the soonest first."""
        return self.filter(state__in=OPEN_EVENTS, ends_at__gt=at).order_by("starts_at", "pk")

    def of_series(self, event: Event) -> EventQuerySet:
        """Return those of the series that ``event`` belongs to, the soonest first; none where it belongs to none."""
        return self.exclude(series=None).filter(series=event.series_id).order_by("starts_at", "pk")

    def still_open(self, at: datetime) -> EventQuerySet:
        """Return those that have not begun and are not called off, drafts as well."""
        return self.filter(state__in=[EventState.DRAFT, *OPEN_EVENTS], starts_at__gt=at)

    def with_numbers(self) -> EventQuerySet:
        """Return them with how many places are ``taken`` and ``free``, and how many are ``waiting`` and ``applied``."""
        return self.annotate(
            taken=_number(Q(state__in=WITH_PLACE)),
            waiting=_number(Q(state=SignUpState.WAITING)),
            applied=_number(Q(state=SignUpState.APPLIED)),
            free=F("seats") - F("taken"),
        )


def _led_by(user: User) -> Q:
    if not (user.is_active and user.is_steering):
        return Q(pk__in=[])
    in_bank = Expert.objects.of(user).active()
    return Q(Exists(in_bank), kind=Kind.PEER, responsible=user.pk)


def _number(of: Q) -> Coalesce:
    """Return how many sign-ups of the event are such."""
    rows = apps.get_model("events", "SignUp")._default_manager.filter(of, event=OuterRef("pk"))
    counted = rows.order_by().values("event").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


class Event(Titled, Stateful):
    """Something that people sign up for.

    Attributes:
        starts_at, ends_at: of its first and last session, kept by ``actions``.
        seats: how many places there are: there is a row of ``Place`` for each.
        min_seats, decide_on: how many it needs, and the day on which somebody decides whether it is held.
        promote_until: until when places go to the queue; None: until a day before the start.
        quota_professionals, quota_experts: how many of the places are kept for each.
        meeting_url: shown to those who have a place only.
    """

    moved_on = _("The event has changed meanwhile. Here is how it stands now.")

    state = models.CharField(
        max_length=20, choices=EventState, default=EventState.DRAFT, editable=False
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    organiser = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=_("organiser"),
        on_delete=models.PROTECT,
        related_name="events",
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible person"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    summary_fi = models.TextField(_("summary in Finnish"), max_length=1000, blank=True)
    summary_sv = models.TextField(_("summary in Swedish"), max_length=1000, blank=True)
    summary_en = models.TextField(_("summary in English"), max_length=1000, blank=True)
    language = models.ForeignKey(
        "taxonomy.Language",
        verbose_name=_("language"),
        default="fi",
        on_delete=models.PROTECT,
        related_name="+",
    )
    starts_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)
    mode = models.CharField(_("how one takes part"), max_length=10, choices=Mode)
    municipality = models.ForeignKey(
        "taxonomy.Municipality",
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    meeting_url = models.URLField(
        _("link for taking part remotely"), max_length=500, blank=True, validators=[HTTPS_ONLY]
    )
    accessibility = models.TextField(_("accessibility"), max_length=1000, blank=True)
    covers = ArrayField(
        models.CharField(max_length=20, choices=Cover),
        verbose_name=_("what is covered"),
        default=list,
        blank=True,
    )
    how = models.CharField(_("how a place is got"), max_length=20, choices=How, default=How.OPEN)
    audience = models.CharField(
        _("who may sign up"), max_length=20, choices=Audience, default=Audience.EVERYBODY
    )
    guests_ok = models.BooleanField(_("one may sign up without an account"), default=False)
    seats = models.PositiveSmallIntegerField(_("places"))
    quota_professionals = models.PositiveSmallIntegerField(
        _("places kept for professionals"), null=True, blank=True
    )
    quota_experts = models.PositiveSmallIntegerField(
        _("places kept for experts by experience"), null=True, blank=True
    )
    min_seats = models.PositiveSmallIntegerField(_("fewest participants"), null=True, blank=True)
    decide_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_at = models.DateTimeField(null=True, editable=False)  # held, however few come
    cancel_reason = models.TextField(max_length=1000, blank=True, editable=False)
    opens_at = models.DateTimeField(_("signing up begins"), null=True, blank=True)
    closes_at = models.DateTimeField(_("signing up ends"), null=True, blank=True)
    promote_until = models.DateTimeField(
        _("places are given from the waiting list until"), null=True, blank=True
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField(editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", EventState.values, name="event_state"),
            one_of("kind", Kind.values, name="event_kind"),
            one_of("mode", Mode.values, name="event_mode"),
            one_of("how", How.values, name="event_how"),
            one_of("audience", Audience.values, name="event_audience"),
            between("seats", 1, MOST_SEATS, name="event_seats"),
            together("min_seats", "decide_on", name="event_minimum_is_decided_on"),
            together("starts_at", "ends_at", name="event_start_and_end"),
            together("quota_professionals", "quota_experts", name="event_both_quotas"),
            models.CheckConstraint(
                condition=Q(min_seats=None) | Q(min_seats__gte=1, min_seats__lte=F("seats")),
                name="event_minimum_fits",
            ),
            models.CheckConstraint(
                condition=Q(quota_experts=None)
                | Q(seats__gte=F("quota_professionals") + F("quota_experts")),
                name="event_quotas_fit",
            ),
            models.CheckConstraint(
                condition=Q(covers__contained_by=Cover.values), name="event_known_covers"
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(starts_at__lt=F("ends_at")),
                name="event_start_before_end",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[EventState.DRAFT, EventState.CANCELLED])
                | Q(starts_at__isnull=False),
                name="event_shown_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="event_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(guests_ok=False)
                | Q(how__in=[How.OPEN, How.APPROVAL])
                & Q(audience__in=[Audience.EVERYBODY, Audience.PROFESSIONALS])
                & ~Q(kind=Kind.PEER),
                name="event_guests_where_they_may_come",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="event_by_state"),
            models.Index(fields=["starts_at", "id"], name="event_by_start"),
        ]

    @property
    def summary(self) -> str:
        """The summary in the active language."""
        return in_language(self, "summary")

    @property
    def promotes_until(self) -> datetime | None:
        """Until when a place that becomes free goes to the queue; None while there is no session."""
        if self.promote_until is not None or self.starts_at is None:
            return self.promote_until
        return self.starts_at - PROMOTE_BEFORE

    @property
    def takes_until(self) -> datetime | None:
        """Until when one may sign up; nobody applies for a training that has begun."""
        until = self.closes_at or self.starts_at
        if until is None or self.starts_at is None or self.how != How.APPLICATION:
            return until
        return min(until, self.starts_at)

    @property
    def has_quotas(self) -> bool:
        """Whether places are kept for professionals and for experts."""
        return self.quota_experts is not None


class Session(models.Model):
    """One time at which an event is held; its place only where it differs from the event's."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=300, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="session_start_before_end"
            ),
            ExclusionConstraint(
                name="sessions_of_an_event_follow_each_other",
                expressions=[
                    ("event", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                deferrable=models.Deferrable.DEFERRED,  # several are moved one after the other
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="session_by_start")]

    def __str__(self) -> str:
        return f"session {self.pk} of event {self.event_id}"


class Place(models.Model):
    """One place of an event: there is a row for each, and no more; some are kept for one group."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="places")
    number = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=20, choices=Group, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="one_place_per_number"),
            between("number", 1, MOST_SEATS, name="place_number"),
            one_of("group", ["", *Group.values], name="place_group"),
        ]

    def __str__(self) -> str:
        return f"place {self.number} of event {self.event_id}"
