"""Confirming an order without an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.queries import is_open
from luukku.core.links import BadLink, read
from luukku.core.text import fold
from luukku.orders import actions as orders
from luukku.orders.models import GuestSender, Order
from luukku.orders.queries import also_waiting, reading_promise, series_of
from luukku.organisations.models import Organisation
from luukku.organisations.queries import orders_already_for
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import see_other
from luukku.web.parts.orders.forms import told_repeat
from luukku.web.public.guest_orders import keep_draft
from luukku.web.public.signed_links.common import Waiting, bad_link, told_page
from luukku.web.ui.forms import Form
from luukku.workflow.actions import WrongState


def _waiting(guest: GuestSender | None) -> Waiting:
    """Return what else waits for the address of ``guest``, each with the address where it is confirmed."""
    if guest is None:
        return []
    return [
        (one, reverse("public:guest-link", args=[orders.guest_token(one)]))
        for one in also_waiting(guest, at=timezone.now())
    ]


def _closed(request: HttpRequest) -> HttpResponse:
    return told_page(
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

    def __init__(self, guest: GuestSender, known: Sequence[Organisation], *args: Any) -> None:
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


def _confirm(
    request: HttpRequest, guest: GuestSender, order: Order, more: dict[str, Any], *, status: int
) -> HttpResponse:
    further = [told_repeat(order, day) for day in guest.days]
    context = {"order": order, "guest": guest, "further": further} | more
    return render(request, "public/orders/guest_confirm.html", context, status=status)


def _sent(request: HttpRequest, order: Order, waiting: Any) -> HttpResponse:
    context = {
        "order": order,
        "series": series_of(order),
        "promise": reading_promise(order, is_one=order.series is None),
        "waiting": waiting,
    }
    return render(request, "public/orders/sent.html", context)


@page(EVERYONE, methods=("GET", "POST"))
def guest_link(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an order that was filled in without an account."""
    try:
        link = read(token, purpose="guest", max_age=orders.LINK_AGE)
    except BadLink as error:
        return bad_link(request, error)
    guests = GuestSender.objects.select_related("order").prefetch_related("order__times")
    guest = guests.filter(pk=link.object_id).first()
    waiting = _waiting(guest)
    if guest is None or guest.order is None:
        return told_page(
            request,
            _("This link is no longer in use"),
            _(
                "You have asked for a newer link, or the order has been deleted. Look for the newest letter."
            ),
            waiting=waiting,
            status=410,
        )
    if guest.confirmed_at is not None:
        return _sent(request, guest.order, waiting)
    # Only here, behind the link, is it told whether the address has an account, and for whom it orders.
    account = is_open(guest.email)
    if account is False:
        return _closed(request)
    known = list(orders_already_for(guest.email))
    posted = data_of(request)
    form = SenderForm(guest, known, posted) if known else None
    if posted is None or (form is not None and not form.is_valid()):
        more = {"has_account": account is not None, "form": form, "waiting": waiting}
        return _confirm(request, guest, guest.order, more, status=200 if posted is None else 422)
    try:
        chosen = form.chosen() if form is not None else None
        orders.confirm(guest, organisation=chosen, at=timezone.now())
    except (WrongState, orders.NotYours, Order.DoesNotExist):
        pass  # confirmed in another window, or removed at this moment: the same page says how it is
    except orders.AccountClosed:
        return _closed(request)
    except orders.Incomplete:
        keep_draft(request, guest.order.pk)  # the link proves whose it is
        messages.warning(
            request, _("Something in your order is out of date. Nothing is lost: correct it here.")
        )
        return see_other("public:order-check", guest.order_id)
    return see_other("public:guest-link", token)
