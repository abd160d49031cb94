"""The counter says no to an organisation, or to what its people want it to be called: with a reason, once asked."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import in_finnish
from luukku.orders.states import OPEN_STATES
from luukku.organisations import actions
from luukku.organisations.models import ChangeAsked, Organisation
from luukku.organisations.states import REFUSE
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import Form, words_field
from luukku.workflow.actions import require


class RefusalForm(Form):
    """Why the counter says no."""

    reason = words_field(
        gettext_lazy("Why?"),
        gettext_lazy(
            "The organisation’s people read this in their letter, word for word. Tell what they can do about it."
        ),
        most=500,
    )


@page("coordinator", methods=("GET", "POST"))
def refuse(request: Request, pk: int) -> HttpResponse:
    """Say no to an organisation, once it has been said what follows."""
    organisation, form = fetch(Organisation, pk, for_=request.user), RefusalForm(data_of(request))
    return counter_act(
        request,
        actions.refuse,
        organisation,
        form=form,
        page=lambda _status: _ask_to_refuse(request, organisation, form),
        ready=partial(require, organisation, REFUSE),
        done=_("Not accepted. “Check again” on this page takes it back."),
        to=see_other("counter:organisation", pk),
    )


def _ask_to_refuse(request: Request, organisation: Organisation, form: RefusalForm) -> HttpResponse:
    members = organisation.members.distinct().order_by(in_finnish("name"), "pk")
    names = ", ".join(person.name for person in members)
    numbers = ", ".join(
        str(order.pk) for order in organisation.orders.filter(state__in=OPEN_STATES).order_by("pk")
    )
    return ask_first(
        request,
        tabs(request, "organisations"),
        title=_("Do not accept %(name)s?") % {"name": organisation.name},
        lead=organisation.get_kind_display(),
        follows=[
            _("Told by a letter, with your reason: %(names)s.") % {"names": names}
            if names
            else _("Nobody stands for this organisation yet, so nobody is told."),
            _("It sees no experts, and none of its orders is accepted."),
            _("Its open orders stay as they are: decline each on its own page: %(numbers)s.")
            % {"numbers": numbers}
            if numbers
            else "",
            _("You can take this back: the organisation then waits to be checked again."),
        ],
        label=_("Do not accept"),
        back=reverse("counter:organisation", args=[organisation.pk]),
        keep=_("Keep it waiting"),
        form=form,
    )


@page("coordinator", methods=("GET", "POST"))
def refuse_change(request: Request, pk: int, asked: int) -> HttpResponse:
    """Keep the checked name, kind, sector and business ID, once it has been said what follows."""
    organisation = fetch(Organisation, pk, for_=request.user)
    wishes = (
        ChangeAsked.objects.visible_to(request.user)
        .filter(organisation=organisation)
        .select_related("asked_by")
    )
    wish = wishes.filter(pk=asked).first()
    form = RefusalForm(data_of(request))
    return counter_act(
        request,
        actions.refuse_change,
        wish,
        form=form,
        page=lambda _status: _ask_to_refuse_change(request, organisation, wish, form),
        ready=partial(require_asked, wish),
        done=_("Saved. Whoever asked for the change is told."),
        to=see_other("counter:organisation", pk),
    )


def require_asked(wish: ChangeAsked | None) -> None:
    """Refuse to go on where the change is not asked for any more.

    Raises:
        AskedAnew: as its name says.
    """
    if wish is None:
        raise actions.AskedAnew


def _ask_to_refuse_change(
    request: Request, organisation: Organisation, wish: ChangeAsked, form: RefusalForm
) -> HttpResponse:
    who = wish.asked_by.name
    return ask_first(
        request,
        tabs(request, "organisations"),
        title=_("Keep the old details of %(name)s?") % {"name": organisation.name},
        lead=" → ".join(_details(one) for one in (organisation, wish)),
        follows=[
            _("The organisation is still called %(name)s, and its checked details hold.")
            % {"name": organisation.name},
            _("Told by a letter, with your reason: %(names)s.") % {"names": who},
            _("%(name)s can ask for the change again, and you can make it yourself.")
            % {"name": who},
        ],
        label=_("Keep the old ones"),
        back=reverse("counter:organisation", args=[organisation.pk]),
        keep=_("Decide later"),
        form=form,
    )


def _details(of: Organisation | ChangeAsked) -> str:
    said = (of.name, of.get_kind_display(), of.get_sector_display(), of.business_id)
    return ", ".join(str(detail) for detail in said if detail)
