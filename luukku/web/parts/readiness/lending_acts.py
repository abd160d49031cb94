"""What the lender's desk and the counter do alike with a loan, and what one page of it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Case, When
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.queries import who_may_be_called
from luukku.core.times import helsinki
from luukku.readiness import actions
from luukku.readiness.models import Device, Loan
from luukku.readiness.notices import days_of, what_of
from luukku.readiness.queries import fetch_of_last, longer_at_most, spans_taken, the_task, told_days
from luukku.readiness.states import (
    GRANT,
    HAND_OUT,
    LOSE,
    RECEIVE,
    REFUSE,
    REFUSE_LONGER,
    SWAP,
    LoanState,
)
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first, day_of
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.parts.readiness.lending_forms import (
    GrantForm,
    LoanReasonForm,
    LongerForm,
)
from luukku.web.parts.readiness.lending_lists import borrower_of
from luukku.web.ui.forms import Form
from luukku.workflow.actions import require
from luukku.workflow.states import Act as Step

OF_DEVICE: dict[str, tuple[Callable[..., Device], str | Promise]] = {
    "retire": (actions.retire_device, gettext_lazy("The device is out of use.")),
    "restore": (actions.restore_device, gettext_lazy("The device is in use again.")),
}


@dataclass(frozen=True)
class Side:
    """From where a loan is looked after.

    Attributes:
        act_by: does an act and says what became of it.
        tabs: of the desk. home: the page of the loan, or of the device.
    """

    act_by: Callable[..., HttpResponse]
    tabs: list[dict[str, object]]
    home: SeeOther


def seen(loan: Loan) -> dict[str, Any]:
    """Return what the page of a loan shows, whoever looks."""
    today = helsinki(timezone.now()).date()
    return {
        "loan": loan,
        "what": what_of(loan),
        "days_late": loan.days_late(today),
        "is_too_late": loan.is_too_late(today),
        "task": the_task(loan),
        "borrower": loan.expert.user if loan.expert else None,
    }


def to_call(loan: Loan) -> set[int]:
    """Return the borrower's key if they say yes to calls."""
    return set(who_may_be_called([loan.expert.user_id])) if loan.expert else set()


def page_of(loan: Loan, desk: str) -> dict[str, Any]:
    """Return what ``parts/readiness/loan.html`` shows on a ``desk``: "orderer" or "counter"."""
    last, today = longer_at_most(loan), helsinki(timezone.now()).date()
    return seen(loan) | {
        "may_call": to_call(loan),
        "desk": desk,
        "is_taken": last is not None,
        "at_most": last if last and last > loan.until_on and last >= today else None,
        "is_wish_over": loan.wished_until is not None and loan.wished_until < today,
    }


def move_device(request: Request, device: Device, move: str, side: Side) -> HttpResponse:
    """Take a device out of use, or into use again."""
    if move not in OF_DEVICE:
        raise Http404
    do, done = OF_DEVICE[move]
    return side.act_by(request, do, device, done=str(done), to=side.home)


def act_on_loan(request: Request, loan: Loan, act: str, side: Side) -> HttpResponse:
    """Do one of the lender's acts; what binds or ends something is asked first."""
    if act in ASKED:
        return _ask(request, loan, ASKED[act], side)
    if act in {"grant", "swap"}:
        return _grant(request, loan, side, is_swap=act == "swap")
    if act == "longer":
        return _grant_longer(request, loan, side)
    raise Http404


def _grant(request: Request, loan: Loan, side: Side, *, is_swap: bool) -> HttpResponse:
    today = helsinki(timezone.now()).date()
    ours = Device.objects.visible_to(request.user).in_use().filter(organisation=loan.lender)
    is_other = Case(When(kind=loan.kind, then=0), default=1)
    free = ours.free(loan.from_on, loan.until_on, on=today)
    free = free.order_by(is_other, "kind", "label", "pk")
    form = GrantForm(
        data_of(request), free=free, kind=loan.kind, fetch=loan.fetch or fetch_of_last(loan.lender)
    )
    wished = Loan.objects.visible_to(request.user).filter(
        state=LoanState.OUT, device__in=free, wished_until__gte=loan.from_on
    )
    taken = [
        (one, told_days(spans_taken(one, besides=loan, since=today)))
        for one in ours.filter(kind=loan.kind).exclude(pk__in=free.values("pk")).order_by("label")
    ]
    context = seen(loan) | {
        "form": form,
        "is_any": form.is_any,
        "is_swap": is_swap,
        "refuse": f"{side.home.url}refuse/",
        "fits": form.fits,
        "wished": wished.select_related("device").order_by("pk"),
        "taken": taken,
        "tabs": side.tabs,
        "home": side.home.url,
        "may_call": to_call(loan),
    }
    return side.act_by(
        request,
        actions.swap_device if is_swap else actions.grant_loan,
        loan,
        form=form,
        ready=lambda: require(loan, SWAP if is_swap else GRANT),
        page=lambda status: render(
            request, "parts/readiness/loan_grant.html", context, status=status
        ),
        done=_("The device is promised. The borrower is told where and when to fetch it."),
        to=side.home,
    )


class _RefuseForm(LoanReasonForm):
    """Why it cannot be lent; a loan that was promised meanwhile is shown first."""

    stood = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, loan: Loan, **kwargs: Any) -> None:
        super().__init__(*args, initial={"stood": loan.state}, **kwargs)
        self.loan = loan

    def clean(self) -> dict[str, Any]:
        """Refuse what was asked of another state than the one that stands."""
        cleaned = super().clean()
        if cleaned.get("stood") != self.loan.state:
            self.data = {**self.data.dict(), "stood": self.loan.state}
            self.add_error(
                None,
                _(
                    "Something has happened to the loan meanwhile. It is now: %(state)s. Look at it first."
                )
                % {"state": self.loan.get_state_display()},
            )
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return the reason."""
        return {"reason": self.cleaned_data["reason"]}


class _SeenForm(Form):
    """Until when the device was asked for on the page that was read."""

    until_on = forms.DateField(widget=forms.HiddenInput)
    at_most = forms.DateField(widget=forms.HiddenInput, required=False)

    def arguments(self) -> dict[str, Any]:
        """Return the day."""
        return dict(self.cleaned_data)


def _grant_longer(request: Request, loan: Loan, side: Side) -> HttpResponse:
    """Say yes to more time; a wish that has changed since the page was opened is shown first."""
    if request.method != "POST":
        return side.home
    form = _SeenForm(request.POST)
    if not form.is_valid():
        return side.home
    done = _("The borrower can keep the device longer, and is told.")
    return side.act_by(request, actions.grant_longer, loan, form=form, done=done, to=side.home)


@dataclass(frozen=True)
class _Question:
    """An act of the lender that is asked first, and what its page says.

    Attributes:
        follows: what the act leads to; ``%(day)s`` stands for the last day of the loan.
        form: of what is written with it, made for the loan.
    """

    act: Callable[..., Loan]
    move: Step
    title: str | Promise
    follows: tuple[str | Promise, ...]
    label: str | Promise
    done: str | Promise
    form: Callable[[Any, Loan], Form] | None = None
    is_end: bool = False


ASKED = {
    "refuse": _Question(
        actions.refuse_loan,
        REFUSE,
        gettext_lazy("Say that it cannot be lent?"),
        (
            gettext_lazy("The expert reads your reason in a letter, and that the counter helps."),
            gettext_lazy("There is no way back. The expert can ask again."),
        ),
        gettext_lazy("It cannot be lent"),
        gettext_lazy("The expert is told why it cannot be lent."),
        form=lambda sent, loan: _RefuseForm(sent, loan=loan),
    ),
    "no-longer": _Question(
        actions.refuse_longer,
        REFUSE_LONGER,
        gettext_lazy("Say that it cannot be kept longer?"),
        (
            gettext_lazy(
                "The expert reads your reason in a letter, and by when the device comes back."
            ),
        ),
        gettext_lazy("It cannot be kept longer"),
        gettext_lazy("The expert is told why the device cannot be kept longer."),
        form=lambda sent, _loan: LoanReasonForm(sent),
    ),
    "hand-out": _Question(
        actions.hand_out_loan,
        HAND_OUT,
        gettext_lazy("Has the device been fetched?"),
        (
            gettext_lazy(
                "The device is on loan until %(day)s. The borrower is reminded of the day."
            ),
        ),
        gettext_lazy("The device has been fetched"),
        gettext_lazy("Written down: the device has been fetched."),
    ),
    "receive": _Question(
        actions.receive_loan,
        RECEIVE,
        gettext_lazy("Is the device here?"),
        (gettext_lazy("The loan is over, and the borrower is thanked in a letter."),),
        gettext_lazy("The device is here"),
        gettext_lazy("Written down: the device is here. The borrower is thanked."),
    ),
    "lost": _Question(
        actions.lose_loan,
        LOSE,
        gettext_lazy("Write down that the device is lost?"),
        (
            gettext_lazy("The device is taken out of use. Nobody is written to."),
            gettext_lazy("If it is found, write down that it is here. It is then lent again."),
        ),
        gettext_lazy("The device is lost"),
        gettext_lazy("Written down. The device is out of use."),
        is_end=True,
    ),
}


def _ask(request: Request, loan: Loan, one: _Question, side: Side) -> HttpResponse:
    form = one.form(data_of(request), loan) if one.form else None
    day = {"day": day_of(loan.until_on)}
    return side.act_by(
        request,
        one.act,
        loan,
        form=form,
        ready=lambda: require(loan, one.move),
        page=lambda _status: ask_first(
            request,
            side.tabs,
            title=one.title,
            lead=lead_of(loan),
            follows=[str(words) % day for words in one.follows],
            label=one.label,
            back=side.home.url,
            keep=_("Back to the loan"),
            form=form,
            is_end=one.is_end,
        ),
        done=str(one.done),
        to=side.home,
    )


def lead_of(loan: Loan) -> str:
    """Return who borrows what and when, in one line."""
    return f"{borrower_of(loan)}: {what_of(loan)}, {days_of(loan)}"


def longer_form(request: Request) -> LongerForm:
    """Return the form that asks for more time."""
    return LongerForm(data_of(request), today=helsinki(timezone.now()).date())
