"""Good practices, written by anybody who is signed in and read by the counter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel

from luukku.content.models.base import ContentPage
from luukku.content.models.pictures import Pictured
from luukku.feedback.models import WhatChanged
from luukku.taxonomy.models import Service, TaskType, Theme


class PracticePage(Pictured, ContentPage):
    """A good practice: what was done and what changed. Anybody signed in may send one."""

    done = models.TextField(
        _("what was done"), max_length=4000, help_text=_("Who did what, with whom and how often.")
    )
    changed = models.TextField(
        _("what changed"),
        max_length=4000,
        help_text=_("Also a small thing counts. Say how you know it."),
    )
    contact = models.CharField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("Who tells more. Only what may be public; empty: the counter."),
    )
    themes = ParentalManyToManyField(Theme, blank=True, verbose_name=_("themes"), related_name="+")
    services = ParentalManyToManyField(
        Service, blank=True, verbose_name=_("services"), related_name="+"
    )
    task_types = ParentalManyToManyField(
        TaskType, blank=True, verbose_name=_("task types"), related_name="practices"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="practices",
    )
    what_changed = models.ForeignKey(
        WhatChanged,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="practices",
    )

    reads_as = "practice"
    homes = ("practices",)
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]
    first_panels = [
        FieldPanel("done"),
        FieldPanel("changed"),
        FieldPanel("contact"),
        FieldPanel("task_types"),
        FieldPanel("services"),
        FieldPanel("themes"),
    ]

    class Meta:
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")

    def own_words(self) -> str:
        """What was done and what changed, with the names of what it is about."""
        with translation.override(self.locale.language_code):
            names = [item.name for item in self.about()]
        return " ".join([self.done, self.changed, *names])

    def about(self) -> Iterable[Theme | Service | TaskType]:
        """Return themes, services and task types; three queries."""
        return [*self.task_types.all(), *self.services.all(), *self.themes.all()]
