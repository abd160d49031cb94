"""Why a device cannot be lent, in kind words that tell what works instead."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.known import known
from luukku.core.refused import Refused
from luukku.readiness.models import Device, Loan
from luukku.readiness.queries.lending import free_until, spans_taken, told_days


class NothingToLend(Refused):
    """The lender has nothing of the kind any more."""

    words = gettext_lazy(
        "This kind of equipment is not lent by them any more. Choose something else, or call the counter."
    )
    field = "what"


class DaysPassed(Refused):
    """The days that are asked for have passed."""

    words = gettext_lazy("The day has passed. Choose a later one.")
    field = "from_on"


class TooLong(Refused):
    """Others wait for the devices, too."""

    words = gettext_lazy(
        "Equipment is lent for half a year at most. Choose an earlier last day; you can ask for more time later."
    )
    field = "until_on"


class NotLater(Refused):
    """A later end is later."""

    words = gettext_lazy("Choose a day that is later than the last day now, and not yet passed.")
    field = "until_on"


class NotTheirs(Refused):
    """The task is somebody else's, or is not done remotely."""

    words = gettext_lazy("Choose one of the remote tasks that are ahead, or leave this empty.")
    field = "assignment"


class NotOurs(Refused):
    """The device is another organisation's, or is lent no more."""

    words = gettext_lazy("This device is not lent any more. Choose another one.")
    field = "device"


class NotInTheBank(Refused):
    """Whoever borrows is in the expert bank."""

    words = gettext_lazy(
        "Equipment is lent to those who are in the expert bank. Your profile is not there now."
    )
    words_at_counter = gettext_lazy(
        "Equipment is lent to those who are in the expert bank. This profile is not there now."
    )


class NothingAsked(Refused):
    """Nobody waits for this answer any more."""

    words = gettext_lazy("Nobody asks for more time any more. Here is how the loan stands now.")
    is_news = True


class DaysAreOver(Refused):
    """The days of the loan have passed before it was fetched."""

    words = gettext_lazy(
        "The days of this loan have passed. Say that it cannot be lent, and ask for new days together."
    )


class StillOut(Refused):
    """The device has not come back from the one before."""

    words = gettext_lazy("The device has not come back from the one who had it before.")


class WishChanged(Refused):
    """More time was granted after the borrower had changed the wish."""

    words = gettext_lazy("The borrower has changed the wish. Read it once more and then answer.")


class DeviceLent(Refused):
    """A device that somebody has or has been promised stays in use."""

    words = gettext_lazy(
        "Somebody has this device or has been promised it. Take it out of use when it is here and free."
    )


class PromisedToOthers(Refused):
    """A lost device has been promised to somebody after: they are told first."""

    words = gettext_lazy(
        "Somebody else has been promised this device. Answer on the page of their loan that they cannot have it, and"
        " then write down that it is lost."
    )


class DeviceWithYou(Refused):
    """A profile is erased when borrowed equipment has been brought back."""

    words = gettext_lazy(
        "You have borrowed equipment with you. Bring it back first; the lender then writes it down, and the profile"
        " can be erased."
    )
    words_at_counter = gettext_lazy(
        "The expert has borrowed equipment. It is brought back first, or written down as lost."
    )


class NotFree(Refused):
    """Somebody else has the device on some of the days; says when it is free."""

    field = "device"

    def __init__(self, device: Device, *, from_on: date, until_on: date, besides: Loan) -> None:
        taken = [
            days
            for days in spans_taken(device, besides=besides, since=from_on)
            if days[0] <= until_on
        ]
        super().__init__(
            _("Promised to others: %(device)s, %(days)s. Choose another device.")
            % {"device": device.name, "days": told_days(taken)}
            if taken
            else _("Not brought back yet: %(device)s. Choose another device.")
            % {"device": device.name}
        )


class NotFreeLonger(Refused):
    """Somebody else gets the device before the later end; says until when it can be kept."""

    field = "until_on"

    def __init__(self, device: Device, *, loan: Loan) -> None:
        first = free_until(device, after=loan.until_on + timedelta(days=1), besides=loan)
        last = known(first) - timedelta(days=1)  # somebody has it, or there were nothing to refuse
        day = date_format(last, "SHORT_DATE_FORMAT")
        words = (
            _("Somebody else gets the device after that. It can be kept until %(day)s at most.")
            if last > loan.until_on
            else _(
                "Somebody else gets the device right after this loan, so it cannot be kept past %(day)s."
            )
        )
        super().__init__(words % {"day": day})


class LabelTaken(Refused):
    """Two devices of one kind could not be told apart."""

    field = "label"
    words = gettext_lazy(
        "You have a device of this kind with this number or name already. Give another one."
    )
