"""How the expert is doing: signs of load in gentle words, what helps, and who else sees them."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.coping import actions
from luukku.coping.models import Flag, FlagKind, YearlyTalk
from luukku.coping.queries import number, rule_of
from luukku.coping.states import FlagState
from luukku.core.times import helsinki
from luukku.experts.queries import is_on_break
from luukku.privacy.models import Purpose
from luukku.privacy.queries import has_consent
from luukku.web.expert.frame import own_expert, show
from luukku.web.kit.access import page
from luukku.web.kit.acts import form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request

GENTLY: dict[str, tuple[str | Promise, str | Promise]] = {
    FlagKind.HEAVY: (
        gettext_lazy("A heavy task is behind you"),
        gettext_lazy(
            "You have done a task that can stay on one’s mind. Nobody has talked it over with you yet. How are you?"
        ),
    ),
    FlagKind.MANY: (
        gettext_lazy("You have had a lot to do"),
        gettext_lazy(
            "Lately there have been more tasks than you usually do, or than the limit that you have set."
            " Thank you for all of them. It is also quite all right to say no."
        ),
    ),
    FlagKind.NO_REST: (
        gettext_lazy("It is long since you had a longer rest"),
        gettext_lazy(
            "Your tasks have followed each other for a long time. Would a break do you good?"
        ),
    ),
    FlagKind.UNHEARD: (
        gettext_lazy("You have not been listened to as you should"),
        gettext_lazy(
            "You have told us that you were not really heard in your last tasks. We are sorry. It is not your fault,"
            " and we would like to hear more."
        ),
    ),
    FlagKind.SILENT: (
        gettext_lazy("Offers have gone by without an answer"),
        gettext_lazy(
            "That is quite all right: nobody blames you. If it is not a good time for tasks, you can take a break"
            " and come back when you like."
        ),
    ),
    FlagKind.NO_PEERS: (
        gettext_lazy("It is long since you met others who do the same"),
        gettext_lazy(
            "You have done tasks for a long time without a peer meeting. There one may talk with others who know what"
            " this is like. Nobody has to come; you would be welcome."
        ),
    ),
}


@page("expert")
def coping(request: Request) -> HttpResponse:
    """Own signs of load, what helps, the rules behind them and who sees them."""
    expert, now = own_expert(request), timezone.now()
    flags = list(Flag.objects.of(request.user).live())
    return show(
        request,
        "expert/coping/coping.html",
        "desk",
        expert=expert,
        open=[(flag, *GENTLY[flag.kind]) for flag in flags if flag.state == FlagState.RAISED],
        settled=[
            (flag, GENTLY[flag.kind][0], flag.settled_by_id == request.user.pk)
            for flag in flags
            if flag.state != FlagState.RAISED
        ],
        talks=YearlyTalk.objects.of(request.user).select_related("held_by"),
        rules=[(kind.label, rule_of(kind)) for kind in FlagKind],
        days=number("counter_after_days"),
        is_on_break=is_on_break(expert, helsinki(now).date()),
        has_agreed=has_consent(request.user, Purpose.COPING),
    )


def _own(request: Request, pk: int) -> Flag:
    return fetch(Flag.objects.of(request.user), pk, for_=request.user)


@page("expert", methods=("POST",))
def talk(request: Request, pk: int) -> HttpResponse:
    """Ask the counter to call about a sign."""
    return form_act(
        request,
        actions.ask_talk,
        _own(request, pk),
        done=_(
            "Thank you for telling. The counter gets in touch with you to agree on a time to talk."
        ),
        to=see_other("expert:coping"),
    )


@page("expert", methods=("POST",))
def dismiss(request: Request, pk: int) -> HttpResponse:
    """Put a sign aside."""
    return form_act(
        request,
        actions.dismiss,
        _own(request, pk),
        done=_("Put aside. We come back to it only if there is something new."),
        to=see_other("expert:coping"),
    )


@page("expert", methods=("POST",))
def reopen(request: Request, pk: int) -> HttpResponse:
    """Take back that a sign was put aside."""
    return form_act(request, actions.reopen, _own(request, pk), to=see_other("expert:coping"))
