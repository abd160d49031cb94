"""Pages behind the signed links of letters. GET shows, POST acts: a mail scanner changes nothing."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.calendar import feed
from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.queries import calendar_owner
from luukku.assignments.states import AssignmentState, OfferState
from luukku.core.links import BadLink, Link, read
from luukku.feedback import actions as feedback
from luukku.feedback.models import Feedback, Side, WhatChanged
from luukku.feedback.queries import awaiting_feedback, side_of
from luukku.orders import actions as orders
from luukku.orders.models import GuestSender, Order
from luukku.web.http import EVERYONE, page, see_other
from luukku.web.public.guest_orders import keep_draft
from luukku.web.task_facts import facts_for
from luukku.web.tasks_forms import AnswerForm, ChangedForm, FeedbackForm
from luukku.web.ui.forms import Form
from luukku.workflow.actions import WrongState

MAX_AGE = timedelta(days=120)


def _bad(request: HttpRequest, error: BadLink | None = None) -> HttpResponse:
    is_expired = error is not None and error.is_expired
    return render(
        request,
        "public/link_bad.html",
        {"is_expired": is_expired},
        status=410 if is_expired else 404,
    )


def _told(request: HttpRequest, title: str, text: str, *, status: int = 200) -> HttpResponse:
    return render(
        request, "public/link_told.html", {"link_title": title, "text": text}, status=status
    )


def _person(link: Link) -> User | None:
    return User.objects.filter(pk=link.person_id, is_active=True).first()


@page(EVERYONE, methods=("GET", "POST"))
def guest_link(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an order that was filled in without an account."""
    try:
        link = read(token, purpose="guest", max_age=orders.LINK_AGE)
    except BadLink as error:
        return _bad(request, error)
    guest = GuestSender.objects.filter(pk=link.object_id).select_related("order").first()
    if guest is None:
        return _told(
            request,
            _("This link is no longer in use"),
            _(
                "You have asked for a newer link, or the order has been deleted. Look for the newest letter."
            ),
            status=410,
        )
    if guest.confirmed_at is not None:
        return _told(
            request,
            _("Your order has been confirmed"),
            _("The counter has it. You need not do anything."),
        )
    if request.method != "POST":
        return render(request, "public/guest_confirm.html", {"order": guest.order})
    try:
        orders.confirm(guest, at=timezone.now())
    except WrongState:
        return _told(
            request,
            _("Your order has been confirmed"),
            _("The counter has it. You need not do anything."),
        )
    except orders.Incomplete:
        keep_draft(request, guest.order_id)  # the link proves whose it is
        messages.warning(
            request, _("Something in your order is out of date. Nothing is lost: correct it here.")
        )
        return see_other("public:order-check", guest.order_id)
    return see_other("public:order-sent")


@page(EVERYONE, methods=("GET", "POST"))
def offer_link(request: HttpRequest, token: str) -> HttpResponse:
    """Answer an offer without signing in."""
    try:
        link = read(token, purpose="offer", max_age=MAX_AGE)
    except BadLink as error:
        return _bad(request, error)
    offer = (
        Offer.objects.filter(pk=link.object_id)
        .select_related("order__task_type", "order__municipality", "expert")
        .first()
    )
    person = _person(link)
    if offer is None or person is None or offer.expert.user_id != person.pk:
        return _bad(request)
    now = timezone.now()
    if offer.state != OfferState.PROPOSED or offer.expires_at <= now:
        return _told(request, *_offer_ended(offer))
    if request.method == "POST" and "decline" in request.POST:
        try:
            assignments.decline(offer, by=person, at=now)
        except WrongState as error:
            error.obj.refresh_from_db()
            offer.refresh_from_db()
            return _told(request, *_offer_ended(offer))
        return see_other("public:link-thanks")
    form = AnswerForm(offer.order, request.POST if request.method == "POST" else None, at=now)
    context = {
        "offer": offer,
        "order": offer.order,
        "form": form,
        "facts": facts_for(offer.order, offer.expert, at=now),
    }
    if request.method != "POST":
        return render(request, "public/offer_link.html", context)
    if not form.is_valid():
        return render(request, "public/offer_link.html", context, status=422)
    try:
        assignments.accept(offer, by=person, at=now, via=Via.LINK, time=form.chosen())
    except assignments.TimeNeeded:
        messages.info(request, _("The time has been settled meanwhile. Does this one suit you?"))
        return see_other("public:offer-link", token)
    except (WrongState, assignments.NoSeatLeft, assignments.TooLate):
        offer.refresh_from_db()
        return _told(request, *_offer_ended(offer))
    except assignments.AlreadyBooked:
        return _told(
            request,
            _("You have another task then"),
            _(
                "You have agreed on another task at the same time. Choose another time, or answer no."
            ),
        )
    return see_other("public:link-thanks")


def _offer_ended(offer: Offer) -> tuple[str, str]:
    if offer.state == OfferState.ACCEPTED:
        return _("You said yes"), _(
            "Your yes has been written down, and that stands. You find the task on your desk. If you"
            " cannot come after all, cancel it there or call the counter."
        )
    if offer.state == OfferState.DECLINED:
        return _("You said no"), _(
            "Your no has been written down. You need not do anything more. If you would like to come"
            " after all, call the counter."
        )
    if offer.state == OfferState.EXPIRED or offer.expires_at <= timezone.now():
        return _("The time to answer has ended"), _(
            "We ask others now. It does not affect later offers."
        )
    return (
        _("The task has been filled or is off"),
        _(
            "Somebody else was faster, or the task is off. Thank you for being ready; there will be others."
        ),
    )


@page(EVERYONE, methods=("GET", "POST"))
def feedback_link(request: HttpRequest, side: str, token: str) -> HttpResponse:
    """Give feedback without signing in."""
    if side not in Side.values:
        raise Http404
    try:
        link = read(token, purpose=f"feedback-{side}", max_age=MAX_AGE)
    except BadLink as error:
        return _bad(request, error)
    assignment = (
        Assignment.objects.filter(pk=link.object_id)
        .select_related("order__task_type", "expert")
        .first()
    )
    person = _person(link)
    if assignment is None or person is None or assignment.state != AssignmentState.DONE:
        return _bad(request)
    if not person.has_perm(f"feedback.give_as_{side}", assignment):  # has left since
        return _bad(request)
    if Feedback.objects.filter(assignment=assignment, side=side).exists():
        return _told(request, _("Thank you"), _("Your feedback has been written down already."))
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        wants_debrief = answers.pop("wants_debrief")
        now = timezone.now()
        try:
            feedback.give(assignment, side=Side(side), by=person, at=now, via=Via.LINK, **answers)
        except feedback.GivenAlready:
            return _told(request, _("Thank you"), _("Your feedback has been written down already."))
        if wants_debrief:
            feedback.ask_debrief(assignment, by=person, at=now)
        return see_other("public:link-thanks")
    context = {"form": form, "assignment": assignment, "base": "ui/public.html", "tabs": []}
    return render(
        request, "ui/task/feedback.html", context, status=422 if request.method == "POST" else 200
    )


@page(EVERYONE, methods=("GET", "POST"))
def changed_link(request: HttpRequest, token: str) -> HttpResponse:
    """Tell what changed without signing in."""
    try:
        link = read(token, purpose="changed", max_age=MAX_AGE)
    except BadLink as error:
        return _bad(request, error)
    order, person = Order.objects.filter(pk=link.object_id).first(), _person(link)
    asked = WhatChanged.objects.filter(order=order).first() if order else None
    if asked is None or person is None:
        return _bad(request)
    if not person.has_perm("feedback.tell_what_changed", order):  # has left since
        return _bad(request)
    if asked.answered_at is not None:
        return _told(request, _("Thank you"), _("Your answer has been written down already."))
    form = ChangedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        feedback.tell_what_changed(
            order, **form.cleaned_data, by=person, at=timezone.now(), via=Via.LINK
        )
        return see_other("public:link-thanks")
    context = {"form": form, "order": order, "base": "ui/public.html", "tabs": []}
    return render(
        request, "ui/task/changed.html", context, status=422 if request.method == "POST" else 200
    )


@page(EVERYONE)
def thanks(request: HttpRequest) -> HttpResponse:
    """What was sent has been written down."""
    return _told(request, _("Thank you"), _("It has been written down. You may close this page."))


class DoorForm(Form):
    """Where to send fresh links."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"), widget=forms.EmailInput({"autocomplete": "email"})
    )


@page(EVERYONE, methods=("GET", "POST"))
def feedback_door(request: HttpRequest) -> HttpResponse:
    """Give feedback: signed in, from a list; otherwise fresh links by mail, whoever asks."""
    if request.user.is_authenticated:
        tasks = [(task, side_of(request.user, task)) for task in awaiting_feedback(request.user)]
        return render(request, "public/feedback_list.html", {"tasks": tasks})
    form = DoorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = User.objects.filter(
            email=User.objects.lower(form.cleaned_data["email"]), is_active=True
        ).first()
        if user is not None:
            feedback.send_links_again(user, at=timezone.now())
        return see_other("public:feedback-sent")
    return render(
        request,
        "public/feedback_door.html",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )


@page(EVERYONE)
def feedback_sent(request: HttpRequest) -> HttpResponse:
    """The same answer whether the address is known or not."""
    return _told(
        request,
        _("Check your e-mail"),
        _("If a task of yours waits for feedback, you get a link in a moment."),
    )


@page(EVERYONE)
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """A person's own calendar, for calendar programs."""
    user = calendar_owner(key)
    if user is None:
        raise Http404
    return HttpResponse(feed(user, at=timezone.now()), content_type="text/calendar; charset=utf-8")
