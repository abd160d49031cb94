"""The orderer tells that the connection of a remote task has been tried, or takes it back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.readiness.actions import take_back_tried, tell_tried
from luukku.web.kit.access import page
from luukku.web.kit.acts import form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.orders import mine


def _home(_request: Request, pk: int) -> str:
    return reverse("orderer:order", args=[pk])


@page("orderer", methods=("POST",), home=_home)
def order_tried(request: Request, pk: int) -> HttpResponse:
    """Tell that link, camera and a quiet place have been tried."""
    return form_act(
        request,
        tell_tried,
        get_object_or_404(mine(request), pk=pk),
        done=_("Thank you. The expert sees that you have tried the connection."),
        to=see_other("orderer:order", pk),
    )


@page("orderer", methods=("POST",), home=_home)
def order_untried(request: Request, pk: int) -> HttpResponse:
    """Take that back."""
    return form_act(
        request,
        take_back_tried,
        get_object_or_404(mine(request), pk=pk),
        done=_("Taken back."),
        to=see_other("orderer:order", pk),
    )
