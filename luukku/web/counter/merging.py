"""Two accounts of one person: finding the other one, making them one, taking it back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.accounts.models import User
from luukku.accounts.queries import people_same
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.picking import PEOPLE
from luukku.web.counter.same import choose_other
from luukku.web.counter.unifying import day_of, take_back_page
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import Form, words_field
from luukku.workbench.actions import merge, take_back
from luukku.workbench.models import Merged
from luukku.workbench.queries import history_of, why_not_merged


class SamePersonForm(Form):
    """How the counter knows."""

    reason = words_field(
        gettext_lazy("How do you know that they are one person?"),
        gettext_lazy(
            "For example: called and told both addresses. Others at the counter can read this."
        ),
    )


def _person(request: Request, pk: int) -> User:
    return fetch(User, pk, for_=request.user)


@page("coordinator", "admin", methods=("GET", "POST"))
def choose(request: Request, pk: int) -> HttpResponse:
    """Find the person's other account: one of those like it, or another one."""
    person = _person(request, pk)
    return choose_other(
        request,
        person,
        PEOPLE,
        like=people_same(name=person.name, phone=person.phone)
        .filter(is_active=True)
        .prefetch_related("memberships__organisation"),
        label=_("Name, e-mail or phone"),
        compare="counter:person-merge-with",
        template="counter/people/merge.html",
        tab="people",
    )


@page("coordinator", "admin", methods=("GET", "POST"))
def merge_with(request: Request, pk: int, into: int) -> HttpResponse:
    """Make the account one with another, once it has been said what follows."""
    double, other = _person(request, pk), _person(request, into)
    form = SamePersonForm(data_of(request))
    return counter_act(
        request,
        merge,
        double,
        other,
        form=form,
        page=lambda status: render(
            request,
            "counter/people/merge_with.html",
            {
                "double": double,
                "into": other,
                "both": [_side(double), _side(other)],
                "why_not": why_not_merged(double, other),
                "is_unlike": not _is_alike(double, other),
                "may_turn": not why_not_merged(other, double),
                "form": form,
                "tabs": tabs(request, "people"),
            },
            status=status,
        ),
        done=_("The two accounts are one now. Both are told."),
        to=lambda _merged: see_other("counter:person", into),
        back=see_other("counter:person-merge-with", pk, into),
    )


def _is_alike(double: User, other: User) -> bool:
    """Whether the two have the same name or number."""
    return people_same(name=double.name, phone=double.phone).filter(pk=other.pk).exists()


def _side(user: User) -> dict[str, object]:
    """Return what tells one account from the other."""
    return {
        "person": user,
        "memberships": user.memberships.select_related("organisation").order_by("pk"),
        "history": _history(user),
    }


def _history(user: User) -> list[str]:
    counted = history_of(user)
    words = {
        "orders.Order.contact": lambda n: ngettext("%(n)s order", "%(n)s orders", n),
        "guidance.Question.asked_by": lambda n: ngettext("%(n)s question", "%(n)s questions", n),
        "feedback.Feedback.given_by": lambda n: ngettext(
            "%(n)s feedback", "%(n)s pieces of feedback", n
        ),
        "experts.Expert.user": lambda n: ngettext(
            "%(n)s expert’s profile", "%(n)s experts’ profiles", n
        ),
        "notices.Letter.reader": lambda n: ngettext("%(n)s letter", "%(n)s letters", n),
    }
    return [
        said(counted[name]) % {"n": counted[name]}
        for name, said in words.items()
        if name in counted
    ]


@page("coordinator", "admin", methods=("GET", "POST"))
def merge_take_back(request: Request, pk: int) -> HttpResponse:
    """Make the two accounts two again, once it has been said what follows."""
    merged = get_object_or_404(
        Merged.objects.visible_to(request.user).select_related("double", "into"), pk=pk
    )
    return take_back_page(
        request,
        take_back,
        merged,
        title=_("Make the accounts two again?"),
        lead=_("%(name)s, made one on %(day)s")
        % {"name": merged.double.name, "day": day_of(merged)},
        follows=[
            _("What came from the other account goes back to it, and it is opened again."),
            _("What has come since then stays with this account."),
            _("Both accounts are told."),
        ],
        done=_("They are two accounts again. Both are told."),
        home="counter:person",
        tab="people",
    )
