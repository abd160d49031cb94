"""What we tell Wagtail's editor: what may not be taken away, and the counter's own lists in its rooms."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from luukku.content.models import LANGUAGE_CODES, Video
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
    add_to_admin_menu = True
    menu_label = gettext_lazy("Help lines")
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


class Videos(SnippetViewSet):
    """Videos, to be put on pages."""

    model = Video
    icon = "media"
    add_to_admin_menu = True
    menu_label = gettext_lazy("Videos")
    list_display = ("title", "language_name")


register_snippet(HelpLines)
register_snippet(Videos)

# Wagtail's own rooms that the counter has no work in: lists for many editors, a guide in English elsewhere.
NOT_NEEDED = {"reports", "settings", "help"}


@hooks.register("construct_main_menu")
def leave_out_what_is_not_needed(request: Request, menu_items: list[MenuItem]) -> None:
    """Show the menus that somebody at the counter has work in."""
    menu_items[:] = [item for item in menu_items if item.name not in NOT_NEEDED]


@hooks.register("construct_page_action_menu")
def show_what_comes_next(items: list[ActionMenuItem], request: Request, context: dict) -> None:
    """Put first, as the button that is seen, what makes the page public; or asks for it.

    A page that waits to be read is approved by its reader, not published past them.
    """
    page = context.get("page")
    is_read = page is not None and page.workflow_in_progress
    names = [item.name for item in items]
    for name in ("approve",) if is_read else ("action-publish", "action-submit"):
        if name in names:
            items.insert(0, items.pop(names.index(name)))
            return
