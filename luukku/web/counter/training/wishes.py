"""Wishes for further trainings: written down by phone, and counted for those who plan."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.experts.models import FurtherKind
from luukku.training import actions
from luukku.training.queries import own_wish, wished
from luukku.training.refusals import NoWish
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.training.forms import WishForm


@page("coordinator", "steering", "admin")
def wishes(request: Request) -> HttpResponse:
    """How many wish for what: to the counter as it is, to the steering group in tens."""
    context = {
        "wished": wished(request.user),
        "kinds": FurtherKind,
        "is_exact": request.user.is_counter,
        "tabs": tabs(request, "home"),
    }
    return render(request, "counter/training/wishes.html", context)


@page("coordinator", methods=("GET", "POST"))
def person_wish(request: Request, pk: int) -> HttpResponse:
    """Write down the wish of somebody who calls."""
    person = fetch(User, pk, for_=request.user)
    wish = own_wish(person)
    form = WishForm(data_of(request), wish=wish)
    context = {"form": form, "wish": wish, "person": person, "tabs": tabs(request, "people")}
    return counter_act(
        request,
        actions.wish,
        person,
        form=form,
        page=lambda status: render(
            request, "counter/training/person_wish.html", context, status=status
        ),
        done=_("The wish has been written down."),
        to=see_other("counter:person", pk),
    )


@page("coordinator", methods=("GET", "POST"))
def person_wish_remove(request: Request, pk: int) -> HttpResponse:
    """Take the wish of somebody who calls back."""
    person = fetch(User, pk, for_=request.user)
    home = see_other("counter:person", pk)

    def ready() -> None:
        if own_wish(person) is None:
            raise NoWish

    return counter_act(
        request,
        partial(actions.wish, kinds=()),
        person,
        ready=ready,
        page=lambda _status: ask_first(
            request,
            tabs(request, "people"),
            title=_("Remove the wish?"),
            lead=person.name,
            follows=[_("All that was told is removed."), _("A new wish can be told at any time.")],
            label=_("Remove the wish"),
            back=home.url,
            keep=_("Keep the wish"),
        ),
        done=_("The wish has been removed."),
        to=home,
    )
