"""Why an act on an application is refused, and what works instead."""

from __future__ import annotations

from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from luukku.core.refused import Refused
from luukku.core.times import helsinki


def _told(at: datetime) -> str:
    return formats.date_format(helsinki(at), "SHORT_DATETIME_FORMAT")


class NotAgreed(Refused):
    """Only what the producers have agreed on is held."""

    words = _("The producers have not agreed on the programme yet. Agree on it first.")


class SameTwice(Refused):
    """The second choice is the first one."""

    words = _("Choose another training as the second choice, or leave it empty.")
    field = "second"


class SecondNotOpen(Refused):
    """One cannot apply to the second choice any more."""

    words = _("You cannot apply for this training. Choose another one, or leave it empty.")
    field = "second"


class EveryPlaceTaken(Refused):
    """There is no free place to give."""

    words = _("Every place is taken. Add places to the training first, or answer no.")
    is_news = True


class OverAlready(Refused):
    """The training has been held, or is not held."""

    words = _(
        "The training is over or has been called off. Answer no, and tell what to apply for next."
    )
    is_news = True


class HasBegun(Refused):
    """Who takes part already does not withdraw but stops."""

    words = _(
        "The training has begun. Tell that you stop: the hours that you have done stay yours."
    )
    words_at_counter = _(
        "The training has begun. Write down that the person stops: the hours stay."
    )


class NotBegunYet(Refused):
    """Before the first session one withdraws; there are no hours yet."""

    words = _("The training has not begun. Withdraw the application instead.")


class NotOver(Refused):
    """There are sessions to come."""

    is_news = True

    def __init__(self, ends_at: datetime | None) -> None:
        super().__init__()
        told = {"time": _told(ends_at)} if ends_at else {"time": "–"}
        self.words = (
            _("The last session ends on %(time)s. After that you can write down who completed.")
            % told
        )


class HoursMissing(Refused):
    """Too few hours, and nobody says why it counts all the same."""

    field = "exemption"

    def __init__(self, done: str, whole: str) -> None:
        super().__init__()
        self.words = _(
            "%(done)s of %(whole)s hours together are too few. Tell why it counts all the same, or write down that"
            " the person stopped."
        ) % {"done": done, "whole": whole}


class NotItsProducer(Refused):
    """Only who stands behind the programme can be named on its certificates."""

    field = "issuer"
    words = _("That organisation does not stand behind the programme. Choose one of these.")
