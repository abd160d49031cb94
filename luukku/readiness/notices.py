"""What is said to who borrows and to who lends: never what it is needed for."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.known import known
from luukku.notices.notice import Notice
from luukku.organisations.models import MemberRole
from luukku.organisations.queries import holders_of
from luukku.readiness.models import Device, Loan


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def days_of(loan: Loan) -> str:
    """Return the first and the last day of a loan."""
    return f"{_day(loan.from_on)}–{_day(loan.until_on)}"


def what_of(loan: Loan) -> str:
    """Return what is lent: the device once there is one, before that what is wished for."""
    return loan.device.name if loan.device else str(loan.get_kind_display())


def whom_to_call(loan: Loan) -> str:
    """Return where it stands whom to call: a name in a letter would be read without being noted. "" without one."""
    if loan.contact_id is None:
        return ""
    return _("If you have questions, see on the loan’s page whom to call.")


class LoanNotice(Notice, is_family=True):
    """Of one loan; ``on`` tells apart what is told of it again."""

    def __init__(self, loan: Loan, on: datetime | date) -> None:
        self.loan = loan
        self.key = f"{self.kind}:{loan.pk}:{on.isoformat()}"

    def about(self) -> str:
        """The loan."""
        return f"loan-{self.loan.pk}"

    def thing(self) -> object:
        """The loan."""
        return self.loan.pk

    def _facts(self) -> str:
        return f"{what_of(self.loan)}, {days_of(self.loan)}"


class ToBorrower(LoanNotice, is_family=True):
    """To who borrows; who has no e-mail hears it from a person."""

    is_told_by_phone = True

    def action(self) -> tuple[str, str]:
        """To the loan."""
        return _("See the loan"), reverse("expert:loan", args=[self.loan.pk])

    def _by_when(self) -> str:
        return _("%(device)s: bring it back by %(day)s.") % {
            "device": what_of(self.loan),
            "day": _day(self.loan.until_on),
        }

    def _and_whom_to_call(self, *lines: str) -> list[str]:
        return [line for line in (*lines, whom_to_call(self.loan)) if line]


class ToLender(LoanNotice, is_family=True):
    """To who lends; who borrows stands on the page only."""

    @classmethod
    def concerns(cls, reader: User) -> bool:
        """Who stands behind experts."""
        return holders_of(MemberRole.BACKGROUND).filter(user=reader.pk).exists()

    def can_wait(self, at: datetime) -> bool:
        """Nobody is woken for it."""
        return True

    def action(self) -> tuple[str, str]:
        """To the loan."""
        return _("See the request"), reverse("orderer:loan", args=[self.loan.pk])


class LoanAsked(ToLender):
    """Somebody would like to borrow."""

    kind = "readiness.loan_asked"
    label = gettext_lazy("Requests to borrow equipment")

    def subject(self) -> str:
        """The fact."""
        return _("An expert would like to borrow equipment")

    def lines(self) -> list[str]:
        """What and when, and what is to be done."""
        return [
            self._facts(),
            _(
                "Choose a device and tell where and when it can be fetched. If it cannot be lent, say why: the expert"
                " then knows to ask elsewhere."
            ),
        ]


class LongerAsked(ToLender):
    """Somebody would like to keep a device longer."""

    kind = "readiness.longer_asked"
    label = gettext_lazy("Wishes to keep borrowed equipment longer")

    def subject(self) -> str:
        """The fact."""
        return _("An expert would like to keep a device longer")

    def lines(self) -> list[str]:
        """Which, and until when."""
        return [
            self._facts(),
            _("The wish: until %(day)s.") % {"day": _day(known(self.loan.wished_until))},
        ]


class LoanCancelled(ToLender):
    """What was asked for or promised is not needed after all."""

    kind = "readiness.loan_cancelled"
    label = gettext_lazy("Loans of equipment that are not needed after all")
    makes_untrue = ("readiness.loan_asked",)

    def subject(self) -> str:
        """The fact."""
        return _("A loan of equipment does not take place")

    def lines(self) -> list[str]:
        """Which, and that nothing is to be done."""
        return [
            self._facts(),
            _("No device is needed for this loan any more. You need not do anything."),
        ]


class LoanOverdueLender(ToLender):
    """To the lender: a device has not come back."""

    kind = "readiness.loan_overdue_lender"
    label = gettext_lazy("Equipment that is late")

    def subject(self) -> str:
        """The fact."""
        return _("A device has not been returned")

    def lines(self) -> list[str]:
        """Which, and what helps."""
        return [
            self._facts(),
            _("We have written to the borrower. A call helps best: often there is a good reason."),
        ]


class LoanGranted(ToBorrower):
    """The equipment has been promised: where and when it is fetched, and whom to call; again, where it is another."""

    kind = "readiness.loan_granted"
    is_must_know = True
    makes_untrue = ("readiness.loan_refused", "readiness.loan_granted")

    def __init__(self, loan: Loan, on: datetime, *, before: Device | None = None) -> None:
        super().__init__(loan, on)
        self.before = before

    def subject(self) -> str:
        """The fact."""
        return _("You can borrow the equipment")

    def lines(self) -> list[str]:
        """What, when, where, and whom to call."""
        device = known(self.loan.device)  # granted, so it has one
        note = _("With it comes: %(note)s") % {"note": device.note} if device.note else ""
        instead = ""
        if self.before is not None:
            instead = _("You get this device in place of %(device)s.") % {
                "device": self.before.name
            }
        told = (
            self._facts(),
            instead,
            _("Fetch it: %(fetch)s") % {"fetch": self.loan.fetch},
            note,
            whom_to_call(self.loan),
            _("If you do not need it after all, cancel the loan on its page or by phone, without a reason."),
        )  # fmt: skip
        return [line for line in told if line]


class LoanRefused(ToBorrower):
    """It cannot be lent: why, and what works instead."""

    kind = "readiness.loan_refused"
    is_must_know = True
    makes_untrue = ("readiness.loan_granted",)

    def subject(self) -> str:
        """The fact."""
        return _("The equipment cannot be lent this time")

    def lines(self) -> list[str]:
        """What, why, and what works instead."""
        return [
            self._facts(),
            self.loan.answer,
            _("You can ask for other days or other equipment, or call the counter."),
        ]


class LoanLapsed(ToBorrower):
    """Its last day has passed: nobody answered, or nobody fetched the device."""

    kind = "readiness.loan_lapsed"
    is_must_know = True
    makes_untrue = ("readiness.loan_granted",)

    def can_wait(self, at: datetime) -> bool:
        """Nobody is woken for it."""
        return True

    def subject(self) -> str:
        """The fact."""
        return _("Your request to borrow equipment has ended")

    def lines(self) -> list[str]:
        """What, why, and what works if it is still needed."""
        why = (
            _("The device was not fetched by the last day, so it is free again for others.")
            if self.loan.device
            else _("Your request was not answered by the last day. We are sorry.")
        )
        return [
            self._facts(),
            why,
            _("If you still need it, ask again on the page of loans, or call the counter."),
        ]


class LoanDueSoon(ToBorrower):
    """In three days the device is brought back."""

    kind = "readiness.loan_due_soon"
    label = gettext_lazy("Reminders of equipment to bring back")

    def can_wait(self, at: datetime) -> bool:
        """Nobody is woken for it."""
        return True

    def subject(self) -> str:
        """The fact."""
        return _("The borrowed equipment is due soon")

    def lines(self) -> list[str]:
        """What, by when, and that more time can be asked for."""
        return self._and_whom_to_call(
            self._by_when(),
            _("If you need it longer, ask for more time on the loan’s page or by phone."),
        )


class LoanOverdue(ToBorrower):
    """The device should have been brought back; said once."""

    kind = "readiness.loan_overdue"
    is_must_know = True
    makes_untrue = ("readiness.loan_due_soon",)

    def can_wait(self, at: datetime) -> bool:
        """Nobody is woken for it."""
        return True

    def subject(self) -> str:
        """The fact."""
        return _("The borrowed equipment should have been returned")

    def lines(self) -> list[str]:
        """What, since when, and that a call is enough."""
        return self._and_whom_to_call(
            _("The day to bring it back was %(day)s: %(device)s.")
            % {"device": what_of(self.loan), "day": _day(self.loan.until_on)},
            _(
                "Bring it back when you can, or call: together you find a way. If it has been lost or broken, say"
                " so. Nobody is angry."
            ),
        )


class LoanReturned(ToBorrower):
    """The device is back."""

    kind = "readiness.loan_returned"
    label = gettext_lazy("Thanks for equipment brought back")
    makes_untrue = (
        "readiness.loan_due_soon",
        "readiness.loan_overdue",
        "readiness.longer_granted",
        "readiness.longer_refused",
    )

    def subject(self) -> str:
        """The fact."""
        return _("The equipment has been returned")

    def lines(self) -> list[str]:
        """Which, and thanks."""
        return [
            _("Brought back: %(device)s. Thank you!") % {"device": what_of(self.loan)},
            _("You need not do anything more."),
        ]


class LongerGranted(ToBorrower):
    """The device may be kept longer."""

    kind = "readiness.longer_granted"
    is_must_know = True
    makes_untrue = (
        "readiness.loan_due_soon",
        "readiness.loan_overdue",
        "readiness.longer_refused",
    )

    def subject(self) -> str:
        """The fact."""
        return _("You can keep the equipment longer")

    def lines(self) -> list[str]:
        """Which, and until when."""
        return [self._by_when()]


class LongerRefused(ToBorrower):
    """The device cannot be kept longer."""

    kind = "readiness.longer_refused"
    is_must_know = True
    makes_untrue = ("readiness.longer_granted",)

    def __init__(self, loan: Loan, on: datetime, *, reason: str) -> None:
        super().__init__(loan, on)
        self.reason = reason

    def subject(self) -> str:
        """The fact."""
        return _("The equipment cannot be lent any longer this time")

    def lines(self) -> list[str]:
        """Which, why, and by when it is brought back."""
        return self._and_whom_to_call(self._by_when(), self.reason)
