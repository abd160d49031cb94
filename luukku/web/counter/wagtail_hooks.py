"""What we tell Wagtail's editor: what may not be taken away, and the counter's own lists in its rooms."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from luukku.content.models import LANGUAGE_CODES
from luukku.guidance.models import SIGNS, HelpLine
from luukku.web.kit.request import Request

CORE = ("", "become/", "privacy/", "accessibility/", "tasks/")  # links on every page lead to these


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def keep_core_pages(request: Request, page: Page) -> HttpResponse | None:
    """Say why the pages that every other page links to cannot be taken away."""
    if page.url_path in {f"/{code}/{path}" for code in LANGUAGE_CODES for path in CORE}:
        messages.warning(request, _("Every page links to this one. Change what it says instead."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


class HelpLineForm(WagtailAdminModelForm):
    """A line for help at once; what it helps with is ticked."""

    signs = forms.MultipleChoiceField(
        label=HelpLine._meta.get_field("signs").verbose_name,
        help_text=HelpLine._meta.get_field("signs").help_text,
        choices=SIGNS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class HelpLines(SnippetViewSet):
    """The counter's own list of numbers to call at once."""

    model = HelpLine
    icon = "warning"
    list_display = ("name_fi", "number", "checked_on", "is_active")
    ordering = ("position", "pk")
    panels = tuple(
        FieldPanel(name)
        for name in (
            "name_fi", "number", "says_fi", "signs", "checked_on", "source",
            "name_sv", "says_sv", "name_en", "says_en", "language", "position", "is_active",
        )
    )  # fmt: skip
    base_form_class = HelpLineForm


register_snippet(HelpLines)
