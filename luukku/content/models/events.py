"""Events."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from luukku.content.models.base import ContentPage
from luukku.content.models.pictures import Pictured
from luukku.content.moments import AS_WRITTEN


class EventPage(Pictured, ContentPage):
    """What happens, where and when."""

    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(
        _("place"),
        max_length=200,
        blank=True,
        help_text=_("Address and how one gets in; or: remotely."),
    )
    address_online = models.URLField(_("link for taking part remotely"), blank=True)

    homes = ("events",)
    schema_type = "Event"
    reads_as = "event"
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]
    first_panels = [
        FieldRowPanel(
            [FieldPanel(name, help_text=AS_WRITTEN) for name in ("starts_at", "ends_at")]
        ),
        FieldPanel("place"),
        FieldPanel("address_online"),
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="event_page_ends_after_start"
            )
        ]

    def clean(self) -> None:
        """An event ends after it begins."""
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("An event ends after it begins.")})

    def own_words(self) -> str:
        """The place."""
        return self.place
