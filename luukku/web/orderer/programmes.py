"""Programmes of training at the producer's own desk: one's own, and those that others have shared."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.core.ordering import in_finnish
from luukku.training import actions
from luukku.training.models import Programme, ProgrammeTopic
from luukku.training.queries import answers_of, asked_of, holes_of, trains_for
from luukku.training.refusals import NotProposed
from luukku.training.states import EDIT, RETIRE, SAY_NO, SAY_YES
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch, fresh
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import organisation_of, show, tabs
from luukku.web.parts.training.programme_form import NoForm, ProgrammeForm, SeenForm
from luukku.web.parts.training.shown import compared
from luukku.workflow.actions import require
from luukku.workflow.queries import may

A_PAGE = 30
AT_ONCE = {
    "propose": actions.propose,
    "share": actions.share,
    "take_back": actions.take_back,
    "withdraw_yes": actions.withdraw_yes,
    "renew": actions.renew,
}


@page("producer")
def programmes(request: Request) -> HttpResponse:
    """What one may read: one's own in every state, those that others share, and what has been agreed on."""
    rows = Programme.objects.visible_to(request.user).prefetch_related("producers")
    shown = paged(request, rows.order_by(in_finnish("title_fi"), "version", "pk"), A_PAGE)
    keys = [one.pk for one in shown.object_list]
    asked = set(asked_of(organisation_of(request)).filter(pk__in=keys).values_list("pk", flat=True))
    return show(request, "orderer/programmes/list.html", "runs", page=shown, asked=asked)


@page("producer")
def programme(request: Request, pk: int) -> HttpResponse:
    """One programme whole, and what may be done to it."""
    topics = Prefetch("topics", queryset=ProgrammeTopic.objects.select_related("topic"))
    rows = Programme.objects.with_minutes().prefetch_related(
        topics, "producers", "languages", "task_types"
    )
    held = fetch(rows, pk, for_=request.user)
    newer = Programme.objects.visible_to(request.user).filter(renews=held).first()
    answers = answers_of(held)
    own = set(trains_for(request.user).values_list("pk", flat=True))
    return show(
        request,
        "orderer/programmes/detail.html",
        "runs",
        programme=held,
        newer=newer,
        holes=holes_of(held),
        answers=answers,
        unasked=[one.name for one in held.unasked.order_by("pk")],
        has_said_yes=own <= {one.organisation_id for one in answers.yes},
        has_said_no=bool(own) and own <= {one.organisation_id for one in answers.no},
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


def _seen(request: Request) -> datetime | None:
    """Return since when what was read had been proposed; None where that is not told."""
    try:
        return datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None


def _say_yes(request: Request, held: Programme, to: SeeOther) -> HttpResponse:
    """Ask first, then agree for one's organisation on what was read."""
    if request.method != "POST" and not may(SAY_YES.name, held, request.user):
        return to

    def proposed() -> None:
        require(held, SAY_YES)
        if held.proposed_at is None:
            raise NotProposed

    return form_act(
        request,
        partial(actions.say_yes, seen=_seen(request)),
        held,
        ready=proposed,
        page=lambda _status: ask_first(
            request,
            tabs(request, "runs"),
            title=_("Do you agree on the programme?"),
            lead=held.title,
            follows=[
                _("You say yes for your organisation: %(names)s.")
                % {"names": ", ".join(one.name for one in trains_for(request.user))},
                _("The others who train see that you have agreed, and when."),
                _(
                    "Once each has said yes, the counter writes it down as agreed on, and everybody can read it."
                ),
                _(
                    "You can take your yes back until then. If the programme is changed, you are asked anew."
                ),
            ],
            label=_("We agree on it"),
            form=SeenForm(initial={"seen": held.proposed_at and held.proposed_at.isoformat()}),
            back=to.url,
            keep=_("Not yet"),
            is_end=False,
        ),
        done=_(
            "Your organisation has agreed on the programme. You can take it back until it is agreed on together."
        ),
        to=to,
    )


def _say_no(request: Request, held: Programme, to: SeeOther) -> HttpResponse:
    """Ask why one's organisation does not agree on what was read, and tell it to those who hold it."""
    if request.method != "POST" and not may(SAY_NO.name, held, request.user):
        return to

    def proposed() -> None:
        require(held, SAY_NO)
        if held.proposed_at is None:
            raise NotProposed

    seen = held.proposed_at and held.proposed_at.isoformat()
    form = NoForm(data_of(request), initial={"seen": seen})
    return form_act(
        request,
        partial(actions.say_no, seen=_seen(request)),
        held,
        form=form,
        ready=proposed,
        page=lambda _status: ask_first(
            request,
            tabs(request, "runs"),
            title=_("Do you not agree on the programme?"),
            lead=held.title,
            follows=[
                _("You say no for your organisation: %(names)s.")
                % {"names": ", ".join(one.name for one in trains_for(request.user))},
                _("Those who hold the programme get your reason at once. The others who train see it here."),
                _("You can take your no back, or say yes, until the programme has been agreed on."),
            ],
            label=_("We do not agree on it"),
            form=form,
            back=to.url,
            keep=_("Not yet"),
            is_end=False,
        ),
        done=_("Your no and its reason have been written down. Those who hold the programme are told."),
        to=to,
    )  # fmt: skip


@page("producer", methods=("GET", "POST"))
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Share a programme, take it back, begin its next version; that it is held no more is asked first."""
    held = fetch(Programme.objects.all(), pk, for_=request.user)
    to = see_other("orderer:programme", pk)
    act: Any = AT_ONCE.get(move)
    if move == "say_yes":
        return _say_yes(request, held, to)
    if move == "say_no":
        return _say_no(request, held, to)
    if act is not None:
        if request.method != "POST":
            return to
        return form_act(
            request,
            act,
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
