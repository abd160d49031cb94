"""Pages behind the signed links of letters. GET shows, POST acts: a mail scanner changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts import actions as accounts
from luukku.accounts.models import AddressChange, User
from luukku.accounts.states import AddressState
from luukku.assignments import actions as assignments
from luukku.assignments.calendar import feed
from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.queries import calendar_owner, times_to_choose
from luukku.assignments.states import AssignmentState
from luukku.core.links import BadLink, Link, read
from luukku.core.text import fold
from luukku.feedback import actions as feedback
from luukku.feedback.models import Feedback, Side, WhatChanged
from luukku.feedback.queries import awaiting_feedback, side_of
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, GuestSender, Order
from luukku.orders.queries import also_waiting, reading_promise, series_of
from luukku.organisations.models import Organisation
from luukku.organisations.queries import orders_already_for
from luukku.privacy.models import Purpose
from luukku.privacy.queries import has_consent
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.redirects import see_other
from luukku.web.parts.account.sign_in.limits import LETTERS, Tries
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
from luukku.web.parts.assignments.facts import facts_for
from luukku.web.parts.assignments.forms import AnswerForm, ChangedForm, FeedbackForm, ReasonForm
from luukku.web.parts.orders.forms import told_repeat
from luukku.web.public.guest_orders import keep_draft
from luukku.web.ui.forms import Form
from luukku.workflow.actions import WrongState

MAX_AGE = timedelta(days=120)
Waiting = Sequence[tuple[GuestSender, str]]  # each with the address where it is confirmed


def _bad(request: HttpRequest, error: BadLink | None = None) -> HttpResponse:
    is_expired = error is not None and error.is_expired
    return render(
        request,
        "public/link_bad.html",
        {"is_expired": is_expired},
        status=410 if is_expired else 404,
    )


def _told(
    request: HttpRequest, title: str, text: str, *, waiting: Waiting = (), status: int = 200
) -> HttpResponse:
    context = {"link_title": title, "text": text, "waiting": waiting}
    return render(request, "public/link_told.html", context, status=status)


def _person(link: Link) -> User | None:
    return User.objects.filter(pk=link.person_id, is_active=True).first()


def _waiting(guest: GuestSender | None) -> Waiting:
    """Return what else waits for the address of ``guest``, each with the address where it is confirmed."""
    if guest is None:
        return []
    return [
        (one, reverse("public:guest-link", args=[orders.guest_token(one)]))
        for one in also_waiting(guest, at=timezone.now())
    ]


def _closed(request: HttpRequest) -> HttpResponse:
    return _told(
        request,
        _("The account with this e-mail address has been closed"),
        _(
            "So the order has not been sent. Call the counter: we open the account again, and the same link"
            " then sends your order. Or order once more with another address."
        ),
        status=409,
    )


class SenderForm(Form):
    """For which organisation somebody orders who has an account already.

    Args:
        known: those for which the account orders.
    """

    NEW = "new"

    organisation = forms.ChoiceField(
        label=gettext_lazy("For which organisation do you order?"), widget=forms.RadioSelect
    )

    def __init__(self, guest: GuestSender, known: Sequence[Organisation], *args: object) -> None:
        super().__init__(*args)
        self.known = {str(one.pk): one for one in known}
        named = fold(guest.organisation_name)
        same = next((key for key, one in self.known.items() if fold(one.name) == named), None)
        choices = [(key, one.name) for key, one in self.known.items()]
        if same is None:
            new = _("%(name)s: a new organisation, which the counter checks first")
            choices.append((self.NEW, new % {"name": guest.organisation_name}))
        field = self.fields["organisation"]
        field.choices, field.initial = choices, same

    def chosen(self) -> Organisation | None:
        """Return the known organisation; None for the new one."""
        return self.known.get(self.cleaned_data["organisation"])


@page(EVERYONE, methods=("GET", "POST"))
def guest_link(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an order that was filled in without an account."""
    try:
        link = read(token, purpose="guest", max_age=orders.LINK_AGE)
    except BadLink as error:
        return _bad(request, error)
    guests = GuestSender.objects.select_related("order").prefetch_related("order__times")
    guest = guests.filter(pk=link.object_id).first()
    waiting = _waiting(guest)
    if guest is None or guest.order is None:
        return _told(
            request,
            _("This link is no longer in use"),
            _(
                "You have asked for a newer link, or the order has been deleted. Look for the newest letter."
            ),
            waiting=waiting,
            status=410,
        )
    if guest.confirmed_at is not None:
        order = guest.order
        context = {
            "order": order,
            "series": series_of(order),
            "promise": reading_promise(order, is_one=order.series is None),
            "waiting": waiting,
        }
        return render(request, "public/order_sent.html", context)
    # Only here, behind the link, is it told whether the address has an account, and for whom it orders.
    account = User.objects.filter(email=guest.email).values_list("is_active", flat=True).first()
    if account is False:
        return _closed(request)
    known = list(orders_already_for(guest.email))
    posted = data_of(request)
    form = SenderForm(guest, known, posted) if known else None
    if posted is None or (form is not None and not form.is_valid()):
        context = {
            "order": guest.order,
            "guest": guest,
            "further": [told_repeat(guest.order, day) for day in guest.days],
            "has_account": account is not None,
            "form": form,
            "waiting": waiting,
        }
        status = 200 if posted is None else 422
        return render(request, "public/guest_confirm.html", context, status=status)
    try:
        chosen = form.chosen() if form is not None else None
        orders.confirm(guest, organisation=chosen, at=timezone.now())
    except (WrongState, orders.NotYours, Order.DoesNotExist):
        pass  # confirmed in another window, or removed at this moment: the same page says how it is
    except orders.AccountClosed:
        return _closed(request)
    except orders.Incomplete:
        keep_draft(request, guest.order_id)  # the link proves whose it is
        messages.warning(
            request, _("Something in your order is out of date. Nothing is lost: correct it here.")
        )
        return see_other("public:order-check", guest.order_id)
    return see_other("public:guest-link", token)


def _offer_of(token: str) -> tuple[Offer, User] | None:
    """Return the offer that ``token`` opens and its expert's person; None when it opens nothing.

    Raises:
        BadLink: as ``core.links.read``.
    """
    link = read(token, purpose="offer", max_age=MAX_AGE)
    offer = (
        Offer.objects.filter(pk=link.object_id)
        .select_related(
            "order__task_type", "order__municipality", "order__organisation", "order__unit"
        )
        .select_related("expert__user")
        .first()
    )
    person = _person(link)
    if offer is None or person is None or offer.expert.user_id != person.pk:
        return None
    return offer, person


@page(EVERYONE, methods=("GET", "POST"))
def offer_link(request: HttpRequest, token: str) -> HttpResponse:
    """Answer an offer without signing in; answered, the same address is the receipt."""
    try:
        found = _offer_of(token)
    except BadLink as error:
        return _bad(request, error)
    if found is None:
        return _bad(request)
    offer, person = found
    now, here = timezone.now(), see_other("public:offer-link", token)
    if not is_waiting(offer, at=now):
        return _outcome(request, offer, person, token)
    if "decline" in request.POST:
        return form_act(request, say_no, offer, by=person, to=here)
    times = times_to_choose(offer.order, at=now)
    form = AnswerForm(times, data_of(request), terms_of=offer.order.terms_changed_at)
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
        page=lambda status: render(request, "public/offer_link.html", context, status=status),
        to=here,
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
    return render(request, "public/offer_outcome.html", context)


def _agreed_of(token: str) -> tuple[Assignment, User]:
    """Return the task that was agreed by the link and its expert's person.

    Raises:
        BadLink: as ``core.links.read``.
        Http404: nothing has been agreed.
    """
    found = _offer_of(token)
    if found is None:
        raise Http404
    offer, person = found
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
        return _bad(request, error)
    return calendar_file(task, reader=person)


@page(EVERYONE, methods=("GET", "POST"))
def offer_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel the agreed task without signing in: whoever could say yes here can take it back here."""
    try:
        task, person = _agreed_of(token)
    except BadLink as error:
        return _bad(request, error)
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
    given = Feedback.objects.filter(assignment=assignment, side=side).first()
    if given is not None:
        return _feedback_receipt(request, given, person)
    form = FeedbackForm(data_of(request))
    context = {"form": form, "assignment": assignment, "base": "ui/public.html", "tabs": []}
    return form_act(
        request,
        partial(feedback.give, side=Side(side), via=Via.LINK),
        assignment,
        by=person,
        form=form,
        page=lambda status: render(
            request, "parts/assignments/feedback.html", context, status=status
        ),
        to=see_other("public:feedback-link", side, token),
    )


def _feedback_receipt(request: HttpRequest, given: Feedback, person: User) -> HttpResponse:
    wants_debrief = given.assignment.debriefs.filter(asked_by=person).exists()
    context = {
        "given": given,
        "task": given.assignment,
        "wants_debrief": wants_debrief,
        "is_late": request.method == "POST",
    }
    return render(request, "public/feedback_receipt.html", context)


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
        context = {"asked": asked, "order": order, "is_late": request.method == "POST"}
        return render(request, "public/changed_receipt.html", context)
    form = ChangedForm(data_of(request), about=asked)
    context = {"form": form, "order": order, "base": "ui/public.html", "tabs": []}
    return form_act(
        request,
        partial(feedback.tell_what_changed, via=Via.LINK),
        order,
        by=person,
        form=form,
        page=lambda status: render(
            request, "parts/assignments/changed.html", context, status=status
        ),
        to=see_other("public:changed-link", token),
    )


@page(EVERYONE, methods=("GET", "POST"))
def address_link(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the change of one's sign-in address, from the address that would be left."""
    try:
        link = read(token, purpose="address", max_age=MAX_AGE)
    except BadLink as error:
        return _bad(request, error)
    change, person = AddressChange.objects.filter(pk=link.object_id).first(), _person(link)
    if change is None or person is None:
        return _bad(request)
    if change.state == AddressState.STOPPED:
        return _told(
            request, _("The change has been stopped"), _("Your account stays at this address.")
        )
    if change.state == AddressState.DONE:
        return _told(
            request,
            _("The address has been changed already"),
            _("If you did not ask for it, tell the counter at once: we can undo it."),
        )
    if request.method != "POST":
        return render(request, "public/address_link.html")
    with suppress(WrongState):  # the page that follows says what has happened
        accounts.stop_address(change, by=person, at=timezone.now())
    return see_other("public:address-link", token)


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
    form = DoorForm(data_of(request))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not Tries(request, "feedback", email, LETTERS).are_too_many():
            feedback.ask_links(email)
            return see_other("public:feedback-sent")
        form.add_error("email", get_adapter().validation_error("too_many_letters"))
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
