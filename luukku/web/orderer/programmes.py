"""Programmes of training at the producer's own desk: one's own, and those that others have shared."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from luukku.core.ordering import in_finnish
from luukku.training import actions
from luukku.training.models import Programme, ProgrammeTopic
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import show, tabs
from luukku.web.parts.training.programme_form import ProgrammeForm

A_PAGE = 30
AT_ONCE = {"share": actions.share, "take_back": actions.take_back, "renew": actions.renew}


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
    return show(request, "orderer/programmes/detail.html", "runs", programme=held, newer=newer)


@page("producer", methods=("GET", "POST"))
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a programme that has not been agreed on."""
    held = fetch(Programme.objects.all(), pk, for_=request.user)
    fresh = fetch(Programme.objects.all(), pk, for_=request.user)
    form = ProgrammeForm(data_of(request), instance=fresh)
    return form_act(
        request,
        actions.edit,
        held,
        form=form,
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
    held, to = (
        fetch(Programme.objects.all(), pk, for_=request.user),
        see_other("orderer:programme", pk),
    )
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
