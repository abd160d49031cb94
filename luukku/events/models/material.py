"""What an event is read up on with: links to slides, texts and recordings that lie elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import one_of
from luukku.core.fields import HTTPS_ONLY
from luukku.events.models.choices import Kind
from luukku.events.models.event import ORGANISERS, Event
from luukku.events.states import EventState
from luukku.organisations.models import Membership

MOST_MATERIALS = 20
MATERIALS_KEPT = timedelta(days=365)  # after the event; pages tell the day


class ForWhom(models.TextChoices):
    """Who is shown a material."""

    PLACE = "place", _("Those who have a place")
    EVERYBODY = "everybody", _("Everybody who sees the event")


class MaterialQuerySet(models.QuerySet["Material"]):
    """Materials by who may see them."""

    def visible_to(self, user: User) -> MaterialQuerySet:
        """Exactly the materials on which ``user`` has the rule ``events.view_material``."""
        if not user.is_active and user.is_authenticated:
            return self.none()
        seen = Event.objects.visible_to(user)
        shown = Q(event__in=seen.values("pk")) & for_everybody()
        if not user.is_active:
            return self.filter(shown)
        if user.is_counter:
            return self
        own = Membership.objects.standing(*ORGANISERS).filter(user=user)
        sign_ups = apps.get_model("events", "SignUp").objects.confirmed()
        has_place = Exists(sign_ups.filter(event=OuterRef("event"), person=user.pk))
        led = Event.objects.led_by(user)
        kept = Q(event__organiser__in=own.values("organisation")) | Q(event__in=led.values("pk"))
        return self.filter(shown | kept | has_place & held())

    def kept(self, at: datetime) -> MaterialQuerySet:
        """Return those whose time is not over at ``at``; the night after it they are deleted."""
        over = Q(event__ends_at__isnull=False, event__ends_at__lte=at - MATERIALS_KEPT)
        return self.exclude(over)


def held() -> Q:
    """Return which materials are of an event that has not been called off: of one, its keepers alone see them."""
    return ~Q(event__state=EventState.CANCELLED)


def for_everybody() -> Q:
    """Return which materials are for everybody; a peer meeting's never are."""
    return Q(for_whom=ForWhom.EVERYBODY) & ~Q(event__kind=Kind.PEER) & held()


class Material(models.Model):
    """A link that an event gives to those who come, or to everybody, before it and after."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="materials")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("name of the material"), max_length=120)
    url = models.URLField(_("link to the material"), max_length=500, validators=[HTTPS_ONLY])
    for_whom = models.CharField(max_length=10, choices=ForWhom, default=ForWhom.PLACE)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField(editable=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "url"], name="one_material_per_link"),
            one_of("for_whom", ForWhom.values, name="event_material_for_whom"),
            models.CheckConstraint(
                condition=Q(url__startswith="https://"), name="event_material_https"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def host(self) -> str:
        """Where the link leads: it is told before one goes there."""
        return urlsplit(self.url).hostname or ""
