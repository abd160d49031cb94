"""Two organisations that are the same: finding the other one, making them one, taking it back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import in_finnish
from luukku.experts.models import Expert
from luukku.organisations.finding import alike
from luukku.organisations.models import Organisation, Task
from luukku.organisations.queries import why_not_joined
from luukku.organisations.states import OrganisationState
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.organisations.organisation import find_organisation
from luukku.web.counter.picking import ORGANISATIONS
from luukku.web.counter.same import choose_other
from luukku.web.counter.unifying import day_of, take_back_page
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import Form, words_field
from luukku.workbench.actions import join_organisation, part
from luukku.workbench.models import Joined


class SameOrganisationForm(Form):
    """How the counter knows."""

    reason = words_field(
        gettext_lazy("How do you know that they are the same organisation?"),
        gettext_lazy(
            "For example: called, and the school has two names. Others at the counter can read this."
        ),
    )


@page("coordinator", methods=("GET", "POST"))
def choose(request: Request, pk: int) -> HttpResponse:
    """Find the organisation that this one is the same as: one of those like it, or another one."""
    new = find_organisation(request, pk)
    return choose_other(
        request,
        new,
        ORGANISATIONS,
        like=alike(name=new.name, business_id=new.business_id),
        label=_("Name or business ID"),
        compare="counter:organisation-join",
        template="counter/organisations/same.html",
        tab="organisations",
    )


@page("coordinator", methods=("GET", "POST"))
def join(request: Request, pk: int, into: int) -> HttpResponse:
    """Make an organisation that came a second time one with another, once it has been said what follows."""
    new, first = find_organisation(request, pk), find_organisation(request, into)
    why_not = why_not_joined(new, first)
    if why_not and new.state == OrganisationState.ENDED:
        return see_other("counter:organisation", pk)
    form = SameOrganisationForm(data_of(request))
    return counter_act(
        request,
        join_organisation,
        new,
        first,
        form=form,
        page=lambda status: render(
            request,
            "counter/organisations/join.html",
            {
                "new": new,
                "first": first,
                "both": [_side(request, new), _side(request, first)],
                "people": new.members.distinct().order_by(in_finnish("name"), "pk"),
                "why_not": why_not,
                "may_turn": not why_not_joined(first, new),
                "form": form,
                "tabs": tabs(request, "organisations"),
            },
            status=status,
        ),
        done=_("The orders and people are with this organisation now."),
        to=see_other("counter:organisation", into),
        back=see_other("counter:organisation", pk),
    )


def _side(request: Request, one: Organisation) -> dict[str, object]:
    """Return what tells one organisation from the other."""
    experts = Expert.objects.visible_to(request.user).filter(background_organisation=one)
    return {
        "organisation": one,
        "tasks": [Task(task).label for task in one.tasks],
        "people": one.members.distinct().order_by(in_finnish("name"), "pk"),
        "units": one.units.order_by(in_finnish("name")),
        "orders": one.orders.count(),
        "experts": experts.count(),
    }


@page("coordinator", methods=("GET", "POST"))
def take_back(request: Request, pk: int) -> HttpResponse:
    """Make the two organisations two again, once it has been said what follows."""
    rows = Joined.objects.visible_to(request.user).select_related("double", "into")
    joined = get_object_or_404(rows, pk=pk)
    names = {"old": joined.double.name, "other": joined.into.name, "day": day_of(joined)}
    return take_back_page(
        request,
        part,
        joined,
        title=_("Make the organisations two again?"),
        lead=_("%(old)s, joined with %(other)s on %(day)s") % names,
        follows=[
            _("%(old)s is open again, as it was before the joining.") % names,
            _("The orders, units, experts, questions and notes that came from it go back to it."),
            _(
                "Its people no longer stand for %(other)s, and are told. Who has become its contact person, leads"
                " its orders or answers for its experts since stays there, too."
            )
            % names,
            _("What has come to %(other)s since then stays with it.") % names,
        ],
        done=_("They are two organisations again."),
        home="counter:organisation",
        tab="organisations",
    )
