"""What became of an offer, in kind words: the receipt of an answer and the page of one that is too late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils import formats
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.assignments import actions
from luukku.assignments.calendar import event
from luukku.assignments.models import Assignment, Offer, Origin, Via
from luukku.assignments.notices import when
from luukku.assignments.queries import WhyWithdrawn, open_until, why_withdrawn
from luukku.assignments.states import AssignmentState, OfferState
from luukku.core.known import known
from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.orders.models import OrderTime
from luukku.web.kit.confirm import question
from luukku.web.ui.forms import Form
from luukku.workflow.actions import WrongState


@dataclass(frozen=True)
class Outcome:
    """An offer that waits for no answer any more, as its expert reads it.

    Attributes:
        task: what came of a yes.
        call: why one might still call the counter.
        warning: what was not written down, because something else had been.
        open_until: until when one may still say yes after all.
    """

    title: str
    words: str
    call: str
    task: Assignment | None = None
    warning: str = ""
    open_until: datetime | None = None


def is_waiting(offer: Offer, *, at: datetime) -> bool:
    """Return whether ``offer`` may still be answered."""
    return offer.state == OfferState.PROPOSED and offer.expires_at > at


def require_waiting(offer: Offer, *, at: datetime) -> None:
    """Refuse a yes to an offer that may not be answered any more, in words to its expert.

    Raises:
        Refused: as its name says.
    """
    if not is_waiting(offer, at=at):
        raise Refused(not_written(offer, is_yes=True))


def outcome_of(
    offer: Offer, *, at: datetime, warning: str = "", has_button: bool = False
) -> Outcome | None:
    """Return what became of ``offer``, None while it may be answered.

    Args:
        has_button: the page has a button for a yes after all; without it the words lead to the telephone.
    """
    if is_waiting(offer, at=at):
        return None
    call = _("If you have something to ask, call the counter:")
    task = task_of(offer)
    is_off = task is None or task.state == AssignmentState.CANCELLED
    back = open_until(offer if task is None else task.offer, at=at) if is_off else None
    title, words = _said(offer) if task is None else _said_yes(task)
    if back is not None and not has_button:
        words += " " + _(
            "The place is still free: if you would like to come after all, call the counter soon."
        )
    elif back is not None and task is not None:
        title = _("Do you take the task back?")
        words = _(
            "You cancelled it, and the place is still free. It is yours again when you say yes below."
        )
    return Outcome(title, words, call, task, warning, back)


def task_of(offer: Offer) -> Assignment | None:
    """Return what came of a yes; also of one that was given after all, to a later offer of the same order."""
    same = offer.order.assignments.filter(expert=offer.expert_id)
    tasks = same.select_related("order__organisation", "order__contact", "offer__expert__user")
    return (
        tasks.live().first() or tasks.filter(offer_id__gte=offer.pk).order_by("-offer_id").first()
    )


def say_of(offer: Offer, *, at: datetime) -> str:
    """Return in a few words what became of an offer that is one of several; "" while it waits."""
    return "" if is_waiting(offer, at=at) else _said(offer)[0]


def _said_yes(task: Assignment) -> tuple[str, str]:
    if task.state == AssignmentState.CANCELLED:
        return _("The task has been cancelled"), _("You had said yes. The task is off now.")
    if task.state == AssignmentState.DONE:
        return _("The task has been done"), _("You said yes and it has been done. Thank you!")
    return _("You said yes"), _(
        "Your yes has been written down (%(when)s) and the task is agreed. Thank you!"
    ) % {"when": _moment(task.expert_agreed_at)}


def _said(offer: Offer) -> tuple[str, str]:
    if offer.origin == Origin.SIGNED_UP and (said := _said_of_sign_up(offer)):
        return said
    if offer.state == OfferState.DECLINED:
        return _("You said no"), _(
            "Your no has been written down (%(when)s). Thank you for answering. You need not do"
            " anything more, and it does not affect later offers."
        ) % {"when": _moment(known(offer.state_changed_at))}
    if offer.state != OfferState.WITHDRAWN:
        return _("The time to answer has ended"), _(
            "We ask others now. It does not affect later offers."
        )
    why = why_withdrawn(offer)
    if why == WhyWithdrawn.FILLED:
        return _("The task has been filled"), _(
            "Somebody else answered first. Thank you for being ready! We gladly ask you again."
        )
    if why == WhyWithdrawn.CANCELLED:
        return _("The order has been cancelled"), _(
            "The whole task is off, so no answer is needed any more. Thank you for being ready!"
        )
    return _("The offer has been taken back"), _(
        "No answer is needed any more. It does not affect later offers. Thank you for being ready!"
    )


def _said_of_sign_up(offer: Offer) -> tuple[str, str] | None:
    if offer.state == OfferState.DECLINED:
        return _("Not this time"), _(
            "The counter answered your sign-up with a no this time (%(when)s). It does not affect later"
            " tasks. Thank you for signing up; please do so again."
        ) % {"when": _moment(known(offer.state_changed_at))}
    if offer.state != OfferState.WITHDRAWN:
        return _("The task’s time came"), _(
            "The task’s time came before your sign-up was answered. We are sorry. Thank you for"
            " signing up; please do so again."
        )
    if why_withdrawn(offer) == WhyWithdrawn.TAKEN_BACK:
        return _("The sign-up has been taken back"), _(
            "It was taken back %(when)s and binds nobody."
        ) % {"when": _moment(known(offer.state_changed_at))}
    return None


def _moment(at: datetime) -> str:
    return formats.date_format(helsinki(at), "SHORT_DATETIME_FORMAT")


def calendar_file(task: Assignment, *, reader: User) -> HttpResponse:
    """Return the task as a file that a calendar program opens; its title names no theme."""
    response = HttpResponse(
        event(task, for_user=reader), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{task.order_id}.ics"'
    return response


ENDED = (
    WrongState,
    actions.TooLate,
    actions.NoSeatLeft,
    actions.NotInBank,
    actions.OfferedAlready,
)


def say_yes(
    offer: Offer,
    *,
    time: OrderTime | None,
    by: User,
    at: datetime,
    via: Via,
    is_after_all: bool = False,
) -> Assignment:
    """Say yes to an offer for its expert; after all where it has ended.

    Raises:
        Refused: in words to the expert; where the offer has ended, in what its page does not say by itself.
    """
    act = actions.accept_after_all if is_after_all else actions.accept
    try:
        return act(offer, by=by, at=at, via=via, time=time)
    except ENDED as error:
        task = task_of(offer)
        if is_after_all and (task is None or task.state == AssignmentState.CANCELLED):
            raise Refused(
                _(
                    "Your yes was not written down: somebody else has taken the place, or you are not in"
                    " the expert bank just now."
                )
            ) from error
        raise Refused(_too_late(offer, at=at)) from error


def _too_late(offer: Offer, *, at: datetime) -> str:
    words = not_written(offer, is_yes=True)
    if not is_waiting(offer, at=at):
        return words
    return _(
        "Somebody else was faster, or the task is off. Thank you for being ready; there will be others."
    )


def say_no(offer: Offer, *, by: User, at: datetime) -> Offer:
    """Say no to an offer for its expert; nobody asks why.

    Raises:
        Refused: as in ``say_yes``.
    """
    try:
        return actions.decline(offer, by=by, at=at)
    except WrongState as error:
        raise Refused(not_written(offer, is_yes=False)) from error


def not_written(offer: Offer, *, is_yes: bool) -> str:
    """Return the words for an answer that came too late to count, "" when nothing was lost."""
    offer.refresh_from_db()
    if not is_yes and offer.state == OfferState.ACCEPTED:
        return _(
            "You had already said yes, and that stands: your no was not written down. If you cannot"
            " come after all, cancel the task below or call the counter."
        )
    if is_yes and offer.state == OfferState.DECLINED and task_of(offer) is None:
        return _("You had already said no, and that stands: your yes was not written down.")
    return ""


def cancel_context(task: Assignment, form: Form, *, back: str) -> dict[str, object]:
    """Return what ``ui/confirm.html`` shows an expert about to cancel ``task``."""
    return question(
        form=form,
        title=_("Cancel the task?"),
        lead=when(task.starts_at, task.ends_at),
        follows=[
            _("Things happen, and you need not give a reason. It does not affect later offers."),
            _("The orderer is told at once. Your words below stay at the counter."),
            _("If there is time, the counter looks for another expert."),
            _(
                "If you cancel by mistake, you may take the task back on its page until somebody else"
                " takes the place."
            ),
        ],
        label=_("Cancel the task"),
        back=back,
        keep=_("Keep the task"),
        calls_counter=True,
    )
