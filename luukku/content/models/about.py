"""What pages with words about an event have in common."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from luukku.content.editing import EventPageForm
from luukku.events.models import Event
from luukku.events.queries import is_open_to_all


def about(*, blank: bool) -> models.ForeignKey:
    """Return the field that says which event a page is about; null where nobody has chosen one yet."""
    return models.ForeignKey(
        Event,
        verbose_name=_("which event the page is about"),
        null=True,
        blank=blank,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        help_text=_(
            "The page shows its times, its place and how to sign up, as they are now. Change them at the counter,"
            " under Events."
        ),
    )


class AboutEvent(models.Model):
    """A page with words about an event: when, where and for whom it is stand with the event, never on the page."""

    event = about(blank=True)

    base_form_class = EventPageForm

    class Meta:
        abstract = True

    def fresh_until(self, *, at: datetime) -> datetime | None:
        """Return when signing up next begins or ends, or the event does."""
        event = self.event
        if event is None:
            return None
        moments = (event.opens_at, event.takes_until, event.ends_at)
        return min((moment for moment in moments if moment and moment > at), default=None)

    def event_words(self) -> str:
        """Return what the event is called and where it is, in the page's language; of one by invitation nothing."""
        event = self.event
        if event is None or not is_open_to_all(event):
            return ""
        with translation.override(self.locale.language_code):  # type: ignore[attr-defined]  # of a page
            town = event.municipality.name if event.municipality else ""
            return " ".join(filter(None, [event.title, event.summary, event.address, town]))
