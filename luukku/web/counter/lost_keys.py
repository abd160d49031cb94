"""When somebody has lost what opens their account: the mailbox, or the phone of the second step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts import actions
from luukku.accounts.models import AddressChange, User
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.account.sign_in.fresh import fresh
from luukku.web.ui.forms import Form, words_field


class LostForm(Form):
    """Why, and how it is known who asks."""

    reason = words_field(
        gettext_lazy("What has happened?"),
        gettext_lazy("For example: the old mailbox ended with the job."),
    )
    identity = words_field(
        gettext_lazy("How do you know who it is?"),
        gettext_lazy(
            "For example: met at the counter, identity card seen; or rung back at the number that we have"
            " had for long. A voice on the phone alone is not enough."
        ),
    )


class FactorsForm(LostForm):
    """The second step that is lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "For example: the phone broke, and the recovery codes are gone."
        )


class AddressForm(LostForm):
    """The address that they have now."""

    email = forms.EmailField(label=gettext_lazy("New e-mail address"))
    field_order = ("email", "reason", "identity")


def _others(request: Request) -> QuerySet[User]:
    return User.objects.visible_to(request.user).exclude(pk=request.user.pk)


@page("admin", methods=("GET", "POST"))
@fresh
def ask_address(request: Request, pk: int) -> HttpResponse:
    """Begin the change of a lost address."""
    person = get_object_or_404(_others(request), pk=pk)
    form = AddressForm(data_of(request))
    return counter_act(
        request,
        actions.ask_address,
        person,
        form=form,
        page=lambda status: render(
            request,
            "counter/people/address.html",
            {
                "person": person,
                "form": form,
                "days": actions.OBJECTION_TIME.days,
                "tabs": tabs(request, "people"),
            },
            status=status,
        ),
        done=_("The change waits for objections; the old address is told."),
        to=see_other("counter:person", pk),
    )


def _change(request: Request, pk: int) -> AddressChange:
    return get_object_or_404(AddressChange.objects.visible_to(request.user), pk=pk)


@page("admin", methods=("POST",))
@fresh
def move_address(request: Request, pk: int) -> HttpResponse:
    """Change the address, when nobody has objected in time."""
    change = _change(request, pk)
    return counter_act(
        request,
        actions.move_address,
        change,
        done=_("The address has been changed. Both addresses are told."),
        to=see_other("counter:person", change.user_id),
    )


@page("coordinator", "admin", methods=("POST",))
def stop_address(request: Request, pk: int) -> HttpResponse:
    """Leave the address as it is."""
    change = _change(request, pk)
    return counter_act(
        request,
        actions.stop_address,
        change,
        done=_("The change has been stopped. The person is told."),
        to=see_other("counter:person", change.user_id),
    )


@page("admin", methods=("GET", "POST"))
@fresh
def reset_factors(request: Request, pk: int) -> HttpResponse:
    """Take away second factors that were lost."""
    person = get_object_or_404(_others(request), pk=pk)
    form = FactorsForm(data_of(request))
    context = {"person": person, "form": form, "tabs": tabs(request, "people")}
    return counter_act(
        request,
        actions.reset_factors,
        person,
        form=form,
        page=lambda status: render(request, "counter/people/factors.html", context, status=status),
        done=_("The second steps have been taken away. The person is told."),
        to=see_other("counter:person", pk),
    )
