"""The list of experts at the counter; every name and theme that it shows is noted as read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments.queries import with_load
from luukku.core.ordering import by_label, by_surname, in_finnish
from luukku.core.times import helsinki
from luukku.experts.finding import holding, with_experiences
from luukku.experts.models import Expert, ExpertQuerySet
from luukku.experts.queries import NotOffered, with_why_not_offered
from luukku.experts.states import ExpertState
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.request import Request
from luukku.web.ui import tags
from luukku.web.ui.filters import Filters, StateFilter, TextFilter


@dataclass(frozen=True)
class ExpertRow:
    """An expert, and what keeps them from being offered tasks."""

    expert: Any  # an ``Expert`` with its experiences and load
    why: NotOffered | None

    @property
    def themes(self) -> list[str]:
        """The themes that may be used, each once."""
        return list(dict.fromkeys(one.theme.name for one in self.expert.shown))

    @property
    def standing(self) -> str:
        """Whether the expert is offered tasks, in words."""
        if self.why == NotOffered.CONSENT:
            return _("Not in the expert bank")
        return _("On a break") if self.why == NotOffered.BREAK else self.expert.state_label


def _shown_standing(row: ExpertRow, standing: str) -> str:
    """Return the badge: of a break beside the state, which it does not change."""
    if row.why == NotOffered.CONSENT:
        return tags.tag(standing, "warning")
    if row.why == NotOffered.BREAK:
        return format_html("{} {}", tags.state_tag(row.expert), tags.tag(standing, "warning"))
    return tags.state_tag(row.expert)


def _rows(request: Request) -> ExpertQuerySet:
    rows = Expert.objects.visible_to(request.user).select_related("user", "municipality")
    return with_load(rows.prefetch_related(with_experiences()), at=timezone.now())


def _dressed(experts: list[Expert]) -> list[ExpertRow]:
    today = helsinki(timezone.now()).date()
    return [ExpertRow(one, why) for one, why in with_why_not_offered(experts, on=today)]


class ExpertFilters(Filters):
    """By what the counter looks for an expert."""

    state = StateFilter(ExpertState)
    q = TextFilter(
        holding, help_text=gettext_lazy("Name, code name, theme, town, phone or e-mail.")
    )


EXPERTS = Listing(
    name="experts",
    title=gettext_lazy("Experts"),
    rows=_rows,
    filters=ExpertFilters,
    dress=_dressed,
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda row: row.expert.user.name,
            order=by_surname("user__name"),
            names_row=True,
        ),
        Column(
            "code_name",
            gettext_lazy("Code name"),
            lambda row: row.expert.code_name,
            order=in_finnish("code_name"),
        ),
        Column("themes", gettext_lazy("Themes"), lambda row: row.themes),
        Column(
            "place",
            gettext_lazy("Municipality"),
            lambda row: row.expert.municipality and row.expert.municipality.name,
            order=in_finnish("municipality__name_fi"),
            is_plain=True,
        ),
        Column("ahead", gettext_lazy("Tasks ahead"), lambda row: row.expert.ahead, order="ahead"),
        Column(
            "last_at",
            gettext_lazy("Last task"),
            lambda row: row.expert.last_at and helsinki(row.expert.last_at).date(),
            order="last_at",
        ),
        Column(
            "phone",
            gettext_lazy("Phone"),
            lambda row: row.expert.user.phone,
            shows=tags.phone,
            is_plain=True,
        ),
        Column(
            "email",
            gettext_lazy("E-mail"),
            lambda row: row.expert.user.email or "",
            is_plain=True,
        ),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: row.standing,
            order=lambda: by_label("state", ExpertState),
            shows=_shown_standing,
            is_plain=True,
        ),
    ),
    order="name",
    url=lambda row: reverse("counter:expert", args=[row.expert.pk]),
)


@page("coordinator")
def experts(request: Request) -> HttpResponse:
    """All experts by name, with their themes, load and how they are reached."""
    return show_list(
        request,
        EXPERTS,
        empty=_("No experts here."),
        template="counter/experts/list.html",
    )
