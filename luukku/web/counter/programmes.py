"""Programmes of training: what there is, how they compare, and how far the producers are with them."""

from __future__ import annotations

from functools import partial

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import by_label, in_finnish
from luukku.core.text import in_hours
from luukku.experts.models import FurtherKind, TrainingKind
from luukku.training import actions
from luukku.training.models import Programme, ProgrammeQuerySet, ProgrammeTopic
from luukku.training.queries import answers_of, core_now, holders_to_ask, holes_of
from luukku.training.states import NOTE_ASKED, ProgrammeState
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.training.programme_form import (
    AgreeForm,
    CoreForm,
    HoldersForm,
    ProgrammeForm,
)
from luukku.web.parts.training.reporting import seen_in
from luukku.web.parts.training.shown import compared
from luukku.web.ui import tags
from luukku.web.ui.filters import ChoiceFilter, Filters, StateFilter
from luukku.workflow.actions import require


class ProgrammeFilters(Filters):
    """By what the counter looks for a programme."""

    state = StateFilter(ProgrammeState)
    kind = ChoiceFilter(label=gettext_lazy("Kind of training"), choices=TrainingKind.choices)
    further_kind = ChoiceFilter(
        label=gettext_lazy("What the further training is about"), choices=FurtherKind.choices
    )


def _rows(request: Request) -> ProgrammeQuerySet:
    rows = Programme.objects.visible_to(request.user).with_minutes()
    return rows.prefetch_related("producers")


PROGRAMMES = Listing(
    name="programmes",
    tab="runs",
    title=gettext_lazy("Programmes of training"),
    rows=_rows,
    filters=ProgrammeFilters,
    columns=(
        Column(
            "title",
            gettext_lazy("Programme"),
            lambda row: row.title,
            order=in_finnish("title_fi"),
            names_row=True,
        ),
        Column(
            "kind",
            gettext_lazy("Kind of training"),
            lambda row: row.get_further_kind_display() or row.get_kind_display(),
            order=lambda: by_label("kind", TrainingKind),
        ),
        Column(
            "producers",
            gettext_lazy("Who holds it"),
            lambda row: sorted(one.name for one in row.producers.all()),
        ),
        Column(
            "contact",
            gettext_lazy("Hours together"),
            lambda row: in_hours(row.contact_minutes),
            order="contact_minutes",
        ),
        Column(
            "own",
            gettext_lazy("Hours by oneself"),
            lambda row: in_hours(row.own_minutes),
            order="own_minutes",
        ),
        Column("version", gettext_lazy("Version"), lambda row: row.version, order="version"),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: row.state_label,
            order=lambda: by_label("state", ProgrammeState),
            shows=tags.state,
            is_plain=True,
        ),
    ),
    order="title",
    url=lambda row: reverse("counter:programme", args=[row.pk]),
)


@page("coordinator")
def programmes(request: Request) -> HttpResponse:
    """Every programme."""
    return show_list(
        request,
        PROGRAMMES,
        back=(reverse("counter:organisations"), _("Organisations")),
        lead=_("What each training teaches and gives. The hours are the sums of its topics."),
        empty=_("No programmes here."),
        acts=[
            (reverse("counter:programme-new"), _("Write a programme")),
            (reverse("counter:runs"), _("Trainings that are held")),
            (reverse("counter:programmes-compare"), _("Compare programmes")),
            (reverse("counter:threads"), _("Shared threads of those who train")),
        ],
    )


@page("coordinator")
def compare(request: Request) -> HttpResponse:
    """The programmes that are shared or agreed on side by side, topic by topic."""
    context = compared(request.user, at=timezone.now())
    context |= {"desk": "counter", "tabs": tabs(request, "runs")}
    return render(request, "counter/programmes/compare.html", context)


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def core_new(request: Request) -> HttpResponse:
    """Write down a new version of the common core that those who train have agreed on."""
    core = core_now()
    form = CoreForm(data_of(request), core=core)
    context = {
        "form": form,
        "core": core,
        "seen": core.version if core else 0,
        "tabs": tabs(request, "runs"),
    }
    return counter_act(
        request,
        partial(actions.agree_core, seen=seen_in(request)),
        form=form,
        page=lambda status: render(request, "counter/programmes/core.html", context, status=status),
        done=_("The common core is in force. Those who train are told."),
        to=see_other("counter:programmes-compare"),
    )


@page("coordinator")
def programme(request: Request, pk: int) -> HttpResponse:
    """One programme whole."""
    topics = Prefetch("topics", queryset=ProgrammeTopic.objects.select_related("topic"))
    rows = Programme.objects.with_minutes().prefetch_related(
        topics, "producers", "languages", "task_types"
    )
    found = fetch(rows, pk, for_=request.user)
    context = {
        "programme": found,
        "holes": holes_of(found),
        "answers": answers_of(found),
        "unasked": [one.name for one in found.unasked.order_by("pk")],
        "can_ask": holders_to_ask(found).exists(),
        "newer": Programme.objects.visible_to(request.user).filter(renews=found).first(),
        "tabs": tabs(request, "runs"),
    }
    return render(request, "counter/programmes/detail.html", context)


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def new(request: Request) -> HttpResponse:
    """Write a programme."""
    form = ProgrammeForm(data_of(request))
    return counter_act(
        request,
        actions.start,
        form=form,
        page=lambda status: _form_page(request, form, None, status=status),
        done=_("The programme is a draft now. Share it when the producers may read it."),
        to=lambda made: see_other("counter:programme", made.pk),
    )


@page("coordinator", methods=("GET", "POST"))
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a programme that has not been agreed on."""
    found = fetch(Programme.objects.all(), pk, for_=request.user)
    form = ProgrammeForm(
        data_of(request), instance=fetch(Programme.objects.all(), pk, for_=request.user)
    )
    return counter_act(
        request,
        actions.edit,
        found,
        form=form,
        page=lambda status: _form_page(request, form, found, status=status),
        done=_("Saved."),
        to=see_other("counter:programme", pk),
    )


def _form_page(
    request: Request, form: ProgrammeForm, found: Programme | None, *, status: int
) -> HttpResponse:
    context = {"form": form, "programme": found, "tabs": tabs(request, "runs")}
    return render(request, "counter/programmes/form.html", context, status=status)


AT_ONCE = {
    "propose": actions.propose,
    "share": actions.share,
    "take_back": actions.take_back,
    "renew": actions.renew,
}
ASKED = {
    "agree": (
        actions.agree,
        gettext_lazy("Have the producers agreed on it?"),
        gettext_lazy("Everybody can read it, and it is not changed any more: a new version is begun."),
        gettext_lazy("They have agreed"),
    ),
    "retire": (
        actions.retire,
        gettext_lazy("Is it not held any more?"),
        gettext_lazy("It is shown to nobody but you and its producers. What people have completed stays."),
        gettext_lazy("It is not held any more"),
    ),
    "resume": (
        actions.resume,
        gettext_lazy("Is it held again?"),
        gettext_lazy("Everybody can read it again, as it was agreed on."),
        gettext_lazy("It is held again"),
    ),
}  # fmt: skip


@page("coordinator", methods=("GET", "POST"))
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Bring a programme on; what shows it to everybody, or to nobody any more, is asked first."""
    found = fetch(Programme.objects.all(), pk, for_=request.user)
    to = see_other("counter:programme", pk)
    if move in AT_ONCE:
        if request.method != "POST":
            return to
        return counter_act(
            request,
            AT_ONCE[move],
            found,
            done=_("Saved."),
            to=lambda made: see_other("counter:programme", made.pk),
            back=to,
        )
    if move not in ASKED:
        raise Http404
    act, title, follows, label = ASKED[move]
    form = AgreeForm(data_of(request)) if move == "agree" else None
    return counter_act(
        request,
        act,
        found,
        form=form,
        page=lambda _status: ask_first(
            request,
            tabs(request, "runs"),
            title=title,
            lead=found.title,
            follows=[follows],
            form=form,
            label=label,
            back=reverse("counter:programme", args=[pk]),
            keep=_("Not yet"),
            is_end=False,
        ),
        done=_("Saved."),
        to=to,
    )


@page("coordinator", methods=("GET", "POST"))
def holders(request: Request, pk: int) -> HttpResponse:
    """Note which of those whom another producer has named the counter has asked."""
    found = fetch(Programme.objects.all(), pk, for_=request.user)
    form = HoldersForm(data_of(request), programme=found)
    return counter_act(
        request,
        actions.note_asked,
        found,
        form=form,
        page=lambda _status: ask_first(
            request,
            tabs(request, "runs"),
            title=_("Who holds it together?"),
            lead=found.title,
            follows=[
                _("Those whom you tick are told by mail that they hold it. Nothing else changes."),
                _("You can change this until the programme is agreed on."),
            ],
            form=form,
            label=_("Save"),
            back=reverse("counter:programme", args=[pk]),
            keep=_("Not yet"),
            is_end=False,
        ),
        ready=lambda: require(found, NOTE_ASKED),
        done=_("Saved."),
        to=see_other("counter:programme", pk),
    )
