"""Answering sign-ups, publishing an event and calling it off: the counter and the organiser do it alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.core.times import whens
from luukku.events import actions
from luukku.events.hooks import TOLD_BESIDE
from luukku.events.models import Event, SignUp
from luukku.events.queries import spans
from luukku.events.states import CANCEL, DECLINE, PUBLISH, WITHDRAW
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.parts.events.attendance import name_of
from luukku.web.ui.forms import Form, words_field
from luukku.workflow.actions import require

Acts = dict[str, tuple[Callable[..., object], str | Promise]]
FormAct = Callable[..., HttpResponse]
# Of somebody who has signed up, what is done without asking.
AT_ONCE: Acts = {
    "approve": (actions.approve, gettext_lazy("%(name)s has a place and is told.")),
    "queue": (actions.put_in_queue, gettext_lazy("%(name)s is on the waiting list and is told.")),
}
# Of an event, what is done without asking.
MOVES: Acts = {
    "close": (actions.close, gettext_lazy("Signing up has ended. The waiting list goes on.")),
    "reopen": (actions.reopen, gettext_lazy("One can sign up again.")),
    "run-anyway": (
        actions.run_anyway,
        gettext_lazy("It is held, however few come. Nobody is asked about it any more."),
    ),
}
# Of somebody who has signed up, what is asked first.
ASKED = {
    "decline": (
        actions.decline,
        gettext_lazy("Tell that there is no place?"),
        gettext_lazy("They read in a letter that the organiser could not give them a place this time."),
        gettext_lazy("Tell it"),
        gettext_lazy("%(name)s is told that there is no place this time."),
    ),
    "withdraw": (
        actions.withdraw,
        gettext_lazy("Withdraw the sign-up?"),
        gettext_lazy("They are told. The place or the turn goes to the next one."),
        gettext_lazy("Withdraw the sign-up"),
        gettext_lazy("The sign-up of %(name)s has been withdrawn."),
    ),
}  # fmt: skip


STATES = {"decline": DECLINE, "withdraw": WITHDRAW}


def answer(
    request: Request,
    own: SignUp,
    move: str,
    *,
    home: SeeOther,
    tabs: list[dict[str, object]],
    act_by: FormAct,
    at_once: Acts = AT_ONCE,
) -> HttpResponse:
    """Answer somebody who has signed up, or withdraw for them; what they lose by it is asked first."""
    name = name_of(own)
    if move in at_once:
        if request.method != "POST":
            return home
        act, done = at_once[move]
        return act_by(request, act, own, done=str(done) % {"name": name}, to=home)
    if move not in ASKED:
        raise Http404
    act, title, follows, label, said = ASKED[move]

    def ready() -> None:
        require(own, STATES[move])
        if move == "withdraw":
            actions.require_not_over(own.event, at=timezone.now())

    return act_by(
        request,
        act,
        own,
        ready=ready,
        page=lambda _status: ask_first(
            request,
            tabs,
            title=title,
            lead=f"{name}: {own.event.title}, {whens(spans(own.event))}",
            follows=[follows],
            label=label,
            back=home.url,
            keep=_("Back to the event"),
            people=[own.person] if own.person else [],
        ),
        done=str(said) % {"name": name},
        to=home,
    )


def _lead(event: Event) -> str:
    return f"{event.title}, {whens(spans(event))}" if event.starts_at else event.title


def publish(
    request: Request,
    event: Event,
    *,
    home: SeeOther,
    tabs: list[dict[str, object]],
    act_by: FormAct,
) -> HttpResponse:
    """Show an event to everybody for whom it is; that is asked first."""

    def ready() -> None:
        require(event, PUBLISH)
        actions.require_whole(event, at=timezone.now())

    return act_by(
        request,
        actions.publish,
        event,
        ready=ready,
        page=lambda _status: ask_first(
            request,
            tabs,
            title=_("Publish the event?"),
            lead=_lead(event),
            follows=[
                _("For whom: %(whom)s. They see it and can sign up.")
                % {"whom": event.get_audience_display()},
                _("What the form asks cannot be changed after this.")
                if event.questions.exists()
                else "",
            ],
            label=_("Publish"),
            back=home.url,
            keep=_("Do not publish yet"),
            is_end=False,
        ),
        done=_("The event has been published."),
        to=home,
    )


class CancelForm(Form):
    """Why it is not held."""

    reason = words_field(
        gettext_lazy("Why is it not held?"),
        gettext_lazy(
            "Everybody who has signed up reads this in the letter, and anybody on the page of the event."
        ),
    )


def call_off(
    request: Request,
    event: Event,
    *,
    home: SeeOther,
    tabs: list[dict[str, object]],
    act_by: FormAct,
) -> HttpResponse:
    """Call an event off with a reason that everybody is told."""
    form = CancelForm(data_of(request))
    number = event.sign_ups.live().count() + sum(told(event) for told in TOLD_BESIDE)
    told = ngettext(
        "%(number)s person who has signed up is told, with the reason.",
        "%(number)s people who have signed up are told, with the reason.",
        number,
    ) % {"number": number}
    asked: dict[str, Any] = {
        "title": _("Call the event off?"),
        "lead": _lead(event),
        "follows": [
            told if number else "",
            _("There is no way back: a new event is made instead."),
        ],
        "label": _("Call it off"),
        "back": home.url,
        "keep": _("Do not call it off"),
        "form": form,
    }
    return act_by(
        request,
        actions.cancel,
        event,
        form=form,
        ready=lambda: require(event, CANCEL),
        page=lambda _status: ask_first(request, tabs, **asked),
        done=_("The event has been called off."),
        to=home,
    )
