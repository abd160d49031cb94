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


class NothingToTell(Refused):
    """A draft, or called off."""

    words = _("The training has not been held, so there is nothing to tell of it.")
    is_news = True


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


class LecturePassed(Refused):
    """A date is still to come."""

    words = _("This date has passed. Choose a later one.")
    field = "day"


class NotRemote(Refused):
    """On site there is no link."""

    words = _("The lecture is held on site, so it needs no link.")
    is_news = True


class LectureHasBegun(Refused):
    """What has been held is not given back: its students would never be counted."""

    words = _("The lecture has begun or is over. Write down how many students were there instead.")


class LectureNotOver(Refused):
    """Nobody knows yet who was there."""

    words = _("The lecture has not ended yet. Come back after it.")
    is_news = True


class NobodyToSpeak(Refused):
    """Somebody who has a place in the training speaks."""

    words = _("Choose at least one of those who have a place in the training.")
    field = "trainees"


class LectureMissing(Refused):
    """The programme asks for a practice lecture, and none has been held."""

    words = _(
        "The programme asks for a practice lecture, and the person has not held one. Tell why it counts all the same."
    )
    field = "exemption"


class NotProposed(Refused):
    """One agrees on what has been proposed."""

    words = _("The programme has not been proposed to be agreed on, or has been changed since.")
    is_news = True


class NotAllAgreed(Refused):
    """Somebody who trains has not said yes, and no meeting has decided."""

    words = _(
        "Not every producer has said yes yet. Write down the meeting that decided, or wait for their answers."
    )
    field = "decision"


class HolderNotAsked(Refused):
    """Nobody becomes the holder of a programme by another's word."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.words_at_counter = _(
            "Another producer has named %(names)s among those who hold it. Ask them by phone and note their yes on the"
            " page of the programme, or take them off it."
        ) % {"names": ", ".join(names)}
        self.words = _(
            "Another producer has named %(names)s among those who hold it, and they have not said yes to it on the"
            " page of the programme. Ask them first, or take them off the programme."
        ) % {"names": ", ".join(names)}


class NotDecidedYet(Refused):
    """A decision has been made on the day that it names."""

    words = _("The day of the decision cannot be after today.")
    field = "decided_on"


class DecidedMeanwhile(Refused):
    """Somebody wrote down another decision while this one was being written."""

    words = _(
        "Somebody has written down a decision meanwhile. Read it above. If yours takes its place, send yours again."
    )
    field = "words"


class TooLateToWithdraw(Refused):
    """The others have had time to read it."""

    words = _(
        "The others may have read the message already, so it stays. Write another one, or ask the counter to remove it."
    )


class MessageGone(Refused):
    """It has been withdrawn or removed already."""

    words = _("The message has been taken away already.")
    is_news = True


class NamesSomebody(Refused):
    """The steering group is told of people in numbers only."""

    field = "words"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.words = _(
            "This looks like the name of somebody who applied: %(name)s. Leave names out, or tell below that it names"
            " nobody."
        ) % {"name": name}


class EmptyCore(Refused):
    """A core without topics asks for nothing."""

    words = _("Give the minutes of at least one topic.")


class CoreMeanwhile(Refused):
    """Somebody put another version of the core in force while this one was being written."""

    field = "decision"
    words = _(
        "Somebody has put a common core in force meanwhile. Read above what was decided. If yours takes its place, send"
        " yours again."
    )


class ReportedMeanwhile(Refused):
    """Somebody sent another version while this one was being written."""

    words = _(
        "Somebody has sent a report meanwhile. Read above what it says. If yours takes its place, send yours again."
    )
    field = "words"


class NoWordsToRemove(Refused):
    """There are none, or they have been taken away."""

    words = _("The report has no words any more.")
    is_news = True


class TooLateToCorrect(Refused):
    """It was long ago; whoever counted may not remember."""

    words = _("The lecture was so long ago that only the counter can correct the number. Call it.")


class NoWish(Refused):
    """There is none to take back."""

    words = _("No wish has been told.")
    is_news = True
