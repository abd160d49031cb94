"""Programmes of training at the producer's own desk: one's own, and those that others have shared."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.core.ordering import in_finnish
from luukku.training import actions
from luukku.training.models import Programme, ProgrammeTopic
from luukku.training.queries import holes_of
from luukku.training.states import EDIT, RETIRE
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch, fresh
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import organisation_of, show, tabs
from luukku.web.parts.training.programme_form import ProgrammeForm
from luukku.web.parts.training.shown import compared
from luukku.workflow.actions import require
from luukku.workflow.queries import may

A_PAGE = 30
AT_ONCE = {
    "propose": actions.propose,
    "share": actions.share,
    "take_back": actions.take_back,
    "renew": actions.renew,
}


@page("producer")
def programmes(request: Request) -> HttpResponse:
    """What one may read: one's own in every state, those that others share, and what has been agreed on."""
    rows = Programme.objects.visible_to(request.user).prefetch_related("producers")
    shown = paged(request, rows.order_by(in_finnish("title_fi"), "version", "pk"), A_PAGE)
    return show(request, "orderer/programmes/list.html", "runs", page=shown)


@page("producer")
def programme(request: Request, pk: int) -> HttpResponse:
    """One programme whole, and what may be done to it."""
    topics = Prefetch("topics", queryset=ProgrammeTopic.objects.select_related("topic"))
    rows = Programme.objects.with_minutes().prefetch_related(
        topics, "producers", "languages", "task_types"
    )
    held = fetch(rows, pk, for_=request.user)
    newer = Programme.objects.visible_to(request.user).filter(renews=held).first()
    return show(
        request,
        "orderer/programmes/detail.html",
        "runs",
        programme=held,
        newer=newer,
        holes=holes_of(held),
    )


@page("producer")
def compare(request: Request) -> HttpResponse:
    """The programmes side by side and beside the common core, and coming trainings that overlap."""
    context = compared(request.user, at=timezone.now())
    return show(request, "orderer/programmes/compare.html", "runs", desk="orderer", **context)


@page("producer", methods=("GET", "POST"), makes_one=True)
def new(request: Request) -> HttpResponse:
    """Write a programme of one's own organisation, or of several together."""
    own = {"producers": [organisation_of(request).pk], "languages": ["fi"]}
    form = ProgrammeForm(data_of(request), initial=own)
    return form_act(
        request,
        actions.start,
        form=form,
        page=lambda status: show(
            request, "orderer/programmes/form.html", "runs", status=status, form=form
        ),
        done=_("The programme is a draft now. Share it when the other producers may read it."),
        to=lambda made: see_other("orderer:programme", made.pk),
    )


@page("producer", methods=("GET", "POST"))
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a programme that has not been agreed on."""
    held = fetch(Programme.objects.all(), pk, for_=request.user)
    if request.method != "POST" and not may(EDIT.name, held, request.user):
        return see_other("orderer:programme", pk)  # before anything is typed for nothing
    form = ProgrammeForm(data_of(request), instance=fresh(held))
    return form_act(
        request,
        actions.edit,
        held,
        form=form,
        ready=lambda: require(held, EDIT),
        page=lambda status: show(
            request,
            "orderer/programmes/form.html",
            "runs",
            status=status,
            form=form,
            programme=held,
        ),
        done=_("Saved."),
        to=see_other("orderer:programme", pk),
    )


@page("producer", methods=("GET", "POST"))
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Share a programme, take it back, begin its next version; that it is held no more is asked first."""
    held = fetch(Programme.objects.all(), pk, for_=request.user)
    to = see_other("orderer:programme", pk)
    if move in AT_ONCE:
        if request.method != "POST":
            return to
        return form_act(
            request,
            AT_ONCE[move],
            held,
            done=_("Saved."),
            to=lambda made: see_other("orderer:programme", made.pk),
            back=to,
        )
    if move != "retire":
        raise Http404
    if request.method != "POST" and not may(RETIRE.name, held, request.user):
        return to
    return form_act(
        request,
        actions.retire,
        held,
        page=lambda _status: ask_first(
            request,
            tabs(request, "runs"),
            title=_("Is it not held any more?"),
            lead=held.title,
            follows=[
                _(
                    "It is shown to nobody but you and the counter. What people have completed stays."
                )
            ],
            label=_("It is not held any more"),
            back=to.url,
            keep=_("Not yet"),
            is_end=False,
        ),
        done=_("Saved."),
        to=to,
    )
