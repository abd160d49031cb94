"""The form that an editor fills in: what can be left to the program is left to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import HelpPanel
from wagtail.admin.widgets.slug import SlugInput

from luukku.content.addresses import folded, free_slug, is_programs
from luukku.core.times import when
from luukku.events.models import Event
from luukku.events.states import OPEN_EVENTS

IN_LANGUAGE = {
    "fi": gettext_lazy("You are writing the Finnish page."),
    "sv": gettext_lazy("You are writing the Swedish page."),
    "en": gettext_lazy("You are writing the English page."),
}


class LanguagePanel(HelpPanel):
    """Says which language is written: a new translation begins with the words of the other one."""

    class BoundPanel(HelpPanel.BoundPanel):
        """The panel of one page."""

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.content = IN_LANGUAGE[self.instance.locale.language_code]


class AddressInput(SlugInput):
    """Folds an address that is typed as it folds a title: Wagtail's own drops the letters with dots."""

    def __init__(self) -> None:
        super().__init__()
        self.attrs["data-action"] = self.attrs["data-action"].replace("#slugify", "#urlify")


class PageForm(WagtailAdminPageForm):
    """A page's form. A page can be kept with its title alone: its address is made from that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].to_python = folded

    def clean_slug(self) -> str:
        """Return the address typed; one made of the title where none was, numbered where another page has it.

        An address that was only made from the title gives way by itself. One that somebody chose is theirs
        to change. A published page keeps its own: others lead to it.

        Raises:
            ValidationError: the program itself answers there.
        """
        slug, title = self.cleaned_data["slug"], self.cleaned_data.get("title", "")
        page, parent = self.instance, self.parent_page
        if not slug and page.live and page.pk:
            return page.slug
        if parent is None or (page.pk and slug == page.slug) or not (slug or title):
            return slug
        if not slug or slug == folded(title):
            return free_slug(title, parent, page=page, otherwise=page.reads_as)
        if is_programs(slug, parent):
            raise ValidationError(_("The program itself needs this address. Choose another one."))
        return slug


class EventChoice(forms.ModelChoiceField):
    """One of the events, told with its first and last moment: many have the same title."""

    def label_from_instance(self, event: Event) -> str:
        """Return the title and when it is."""
        if event.starts_at is None or event.ends_at is None:
            return event.title
        return f"{event.title} – {when(event.starts_at, event.ends_at)}"


class EventPageForm(PageForm):
    """The form of a page about an event: one that people can read of, and that is not over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.fields["event"]
        coming = Q(state__in=OPEN_EVENTS, ends_at__gt=timezone.now())
        shown = Event.objects.filter(coming, pk__in=Event.objects.open_to_all().values("pk"))
        shown |= Event.objects.filter(pk=self.instance.event_id)  # the one that stands stays
        field = EventChoice(
            shown.order_by("starts_at", "pk"),
            label=given.label,
            help_text=given.help_text,
            required=given.required,
            empty_label=_("No event has been chosen"),
        )
        field.widget.attrs |= given.widget.attrs
        self.fields["event"] = field
