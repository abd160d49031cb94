"""Stopping the change of one's sign-in address."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.accounts import actions as accounts
from luukku.accounts.models import AddressChange
from luukku.accounts.states import AddressState
from luukku.core.links import BadLink, read
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.redirects import see_other
from luukku.web.public.signed_links.common import MAX_AGE, bad_link, person_of, told_page
from luukku.workflow.actions import WrongState


@page(EVERYONE, methods=("GET", "POST"))
def address_link(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the change of one's sign-in address, from the address that would be left."""
    try:
        link = read(token, purpose="address", max_age=MAX_AGE)
    except BadLink as error:
        return bad_link(request, error)
    person = person_of(link)
    if person is None:
        return bad_link(request)
    change = AddressChange.objects.visible_to(person).filter(pk=link.object_id).first()
    if change is None:
        return bad_link(request)
    if change.state == AddressState.STOPPED:
        return told_page(
            request, _("The change has been stopped"), _("Your account stays at this address.")
        )
    if change.state == AddressState.DONE:
        return told_page(
            request,
            _("The address has been changed already"),
            _(
                "If you did not ask for it, tell the counter at once. We help you to protect your account."
            ),
        )
    if request.method != "POST":
        return render(request, "public/signed_links/address.html")
    with suppress(WrongState):  # the page that follows says what has happened
        accounts.stop_address(change, by=person, at=timezone.now())
    return see_other("public:address-link", token)
