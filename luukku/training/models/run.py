"""One time that a programme is held: an event that people apply to."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.events.models import Event, Mode
from luukku.events.states import OPEN_EVENTS, EventState
from luukku.organisations.models import MemberRole, Membership
from luukku.training.models.programme import Programme


class RunQuerySet(models.QuerySet["Run"]):
    """Runs by who may see them, and by whether one can apply."""

    def visible_to(self, user: User) -> RunQuerySet:
        """Exactly the runs on which ``user`` has the rule ``training.view_run``: as their events."""
        return self.filter(event__in=Event.objects.visible_to(user))

    def open_to_all(self) -> RunQuerySet:
        """Return those that anybody may read about."""
        return self.filter(event__in=Event.objects.open_to_all())

    def held_by(self, user: User) -> RunQuerySet:
        """Return those of the organisations that ``user`` stands for as a producer."""
        own = Membership.objects.standing(MemberRole.PRODUCER).filter(user=user)
        return self.filter(event__organiser__in=own.values("organisation"))

    def coming(self, at: datetime) -> RunQuerySet:
        """Return those that begin after ``at`` and go on, the soonest first."""
        rows = self.filter(event__state__in=OPEN_EVENTS, event__starts_at__gt=at)
        return rows.order_by("event__starts_at", "pk")

    def to_report(self, at: datetime | models.Expression) -> RunQuerySet:
        """Return those that ended before ``at`` and have no report to the steering group yet."""
        held = self.filter(event__ends_at__lte=at).exclude(
            event__state__in=[EventState.DRAFT, EventState.CANCELLED]
        )
        return held.filter(reports=None)

    def taking(self, at: datetime) -> RunQuerySet:
        """Return those that one can apply to at ``at``, the soonest first."""
        opened = models.Q(event__opens_at=None) | models.Q(event__opens_at__lte=at)
        goes_on = models.Q(event__closes_at=None) | models.Q(event__closes_at__gt=at)
        rows = self.filter(
            opened, goes_on, event__starts_at__gt=at, event__state=EventState.PUBLISHED
        )
        return rows.order_by("event__starts_at", "pk")


class Run(models.Model):
    """One time that a programme is held; when, where and how many is its event's.

    Attributes:
        programme: the version that is held, whatever is agreed on later.
        code: short and neutral; stands on certificates and in the experts' own record.
        has_interview: whether applicants are met before they are chosen.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="run")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="runs")
    code = models.CharField(max_length=20, unique=True)
    has_interview = models.BooleanField(_("applicants are interviewed"), default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = RunQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        """What it is called: as its event."""
        return self.event.title

    @property
    def where(self) -> str:
        """How one takes part and where, in words."""
        event = self.event
        town = event.municipality.name if event.municipality else ""
        return ", ".join(
            part for part in (str(Mode(event.mode).label), town, event.address) if part
        )
