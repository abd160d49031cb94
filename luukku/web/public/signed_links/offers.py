"""Answering an offer without signing in, and the task's place in a calendar."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.calendar import feed
from luukku.assignments.dates import offers_together
from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.queries import calendar_owner, times_to_choose
from luukku.assignments.states import AssignmentState
from luukku.core.links import BadLink, Link, read, sign
from luukku.orders.models import CancelledBy
from luukku.privacy.models import Purpose
from luukku.privacy.queries import has_consent
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.redirects import see_other
from luukku.web.parts.assignments.answers import (
    calendar_file,
    cancel_context,
    is_waiting,
    not_written,
    outcome_of,
    say_no,
    say_yes,
    task_of,
)
from luukku.web.parts.assignments.dates import answer_dates, dates_of
from luukku.web.parts.assignments.facts import facts_for
from luukku.web.parts.assignments.forms import OfferAnswerForm, ReasonForm
from luukku.web.public.signed_links.common import MAX_AGE, bad_link, person_of


def _offer_of(token: str) -> tuple[Offer, User] | None:
    """Return the offer that ``token`` opens and its expert's person; None when it opens nothing.

    Raises:
        BadLink: as ``core.links.read``.
    """
    link = read(token, purpose="offer", max_age=MAX_AGE)
    person = person_of(link)
    if person is None:
        return None
    offer = (
        Offer.objects.visible_to(person)
        .filter(pk=link.object_id, expert__user=person)
        .select_related(
            "order__task_type", "order__municipality", "order__organisation", "order__unit"
        )
        .select_related("expert__user")
        .first()
    )
    return None if offer is None else (offer, person)


@page(EVERYONE, methods=("GET", "POST"))
def offer_link(request: HttpRequest, token: str) -> HttpResponse:
    """Answer an offer without signing in; answered, the same address is the receipt."""
    try:
        opened = _offer_of(token)
    except BadLink as error:
        return bad_link(request, error)
    if opened is None:
        return bad_link(request)
    offer, person = opened
    now, here = timezone.now(), see_other("public:offer-link", token)
    together = offers_together(offer)
    if len(together) > 1:
        return _answer_together(request, together, person, token)
    if not is_waiting(offer, at=now):
        return _outcome(request, offer, person, token)
    if "decline" in request.POST:
        return form_act(request, say_no, offer, by=person, to=here)
    times = times_to_choose(offer.order, at=now)
    form = OfferAnswerForm(times, data_of(request), terms_of=offer.order.terms_changed_at)
    context = {
        "offer": offer,
        "order": offer.order,
        "form": form,
        "facts": facts_for(offer.order, offer.expert, at=now),
        "open_until": None,
        "accept_url": "",  # both answers come to this address
        "decline_url": "",
    }
    return form_act(
        request,
        partial(say_yes, via=Via.LINK),
        offer,
        by=person,
        form=form,
        page=lambda status: render(
            request, "public/assignments/offer_link.html", context, status=status
        ),
        to=here,
    )


def _answer_together(
    request: HttpRequest, offers: list[Offer], person: User, token: str
) -> HttpResponse:
    """Answer the dates of a series; answered, the same address is the receipt."""
    dates = dates_of(
        offers, *([request.POST] if request.method == "POST" else []), at=timezone.now()
    )
    here = see_other("public:offer-link", token)
    links = {row.offer.pk: _links(row.offer, person) for row in dates.agreed}
    context = {
        "dates": dates,
        "rows": [(row, links.get(row.offer.pk)) for row in dates.answered],
        "is_open": dates.facts.opens_identity,
    }

    def page(status: int) -> HttpResponse:
        if request.method == "POST" and not dates.waiting:
            return here
        return render(request, "public/assignments/offers_together.html", context, status=status)

    return answer_dates(request, dates, via=Via.LINK, to=here, page=page, by=person)


def _links(offer: Offer, person: User) -> tuple[str, str]:
    """Return where an agreed date is put into a calendar, and where it is cancelled."""
    token = sign(Link("offer", offer.pk, person.pk))
    return reverse("public:offer-calendar", args=[token]), reverse(
        "public:offer-cancel", args=[token]
    )


def _outcome(request: HttpRequest, offer: Offer, person: User, token: str) -> HttpResponse:
    """Show what became of the offer, and what of this press was not written down."""
    is_late = request.method == "POST"
    warning = not_written(offer, is_yes="decline" not in request.POST) if is_late else ""
    outcome = outcome_of(offer, at=timezone.now(), warning=warning)
    context = {
        "outcome": outcome,
        "is_open": has_consent(person, Purpose.IDENTITY),
        "calendar_url": reverse("public:offer-calendar", args=[token]),
        "cancel_url": reverse("public:offer-cancel", args=[token]),
    }
    return render(request, "public/assignments/offer_outcome.html", context)


def _agreed_of(token: str) -> tuple[Assignment, User]:
    """Return the task that was agreed by the link and its expert's person.

    Raises:
        BadLink: as ``core.links.read``.
        Http404: nothing has been agreed.
    """
    opened = _offer_of(token)
    if opened is None:
        raise Http404
    offer, person = opened
    task = task_of(offer)
    if task is None:
        raise Http404
    return task, person


@page(EVERYONE)
def offer_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The agreed task as a file for a calendar program."""
    try:
        task, person = _agreed_of(token)
    except BadLink as error:
        return bad_link(request, error)
    return calendar_file(task, reader=person)


@page(EVERYONE, methods=("GET", "POST"))
def offer_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel the agreed task without signing in: whoever could say yes here can take it back here."""
    try:
        task, person = _agreed_of(token)
    except BadLink as error:
        return bad_link(request, error)
    to = see_other("public:offer-link", token)
    if task.state != AssignmentState.AGREED:
        return to
    form = ReasonForm(data_of(request))
    context = cancel_context(task, form, back=to.url) | {"base": "ui/public.html"}
    return form_act(
        request,
        partial(assignments.cancel, whose=CancelledBy.EXPERT),
        task,
        by=person,
        form=form,
        page=lambda status: render(request, "ui/confirm.html", context, status=status),
        to=to,
    )


@page(EVERYONE)
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """A person's own calendar, for calendar programs."""
    user = calendar_owner(key)
    if user is None:
        raise Http404
    return HttpResponse(feed(user, at=timezone.now()), content_type="text/calendar; charset=utf-8")
