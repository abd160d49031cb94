"""Why an act on an event or a sign-up is refused, and what works instead."""

from __future__ import annotations

from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from luukku.core.refused import Refused, Words
from luukku.core.times import helsinki
from luukku.events.states import SIGN_UP


def _told(at: datetime) -> str:
    return formats.date_format(helsinki(at), "SHORT_DATETIME_FORMAT")


class NotOpenYet(Refused):
    """Signing up has not begun."""

    is_news = True

    def __init__(self, opens_at: datetime) -> None:
        super().__init__()
        self.words = _("Signing up begins on %(time)s.") % {"time": _told(opens_at)}


class SignUpEnded(Refused):
    """The time to sign up has ended."""

    is_news = True

    def __init__(self, ended_at: datetime) -> None:
        super().__init__()
        self.words = _("Signing up ended on %(time)s.") % {"time": _told(ended_at)}


class SignUpClosed(Refused):
    """The organiser has closed signing up, or the event is over or off."""

    words = SIGN_UP.late
    is_news = True


class NotForYou(Refused):
    """The event is for others."""

    words = _("This event is for experts by experience who are in the expert bank.")
    words_at_counter = _("The person is not in the expert bank, and the event is for experts.")
    is_news = True


class ByInvitation(Refused):
    """The organiser puts people on the list."""

    words = _("The organiser invites people to this event. Nobody signs up for it.")
    is_news = True


class ByApplication(Refused):
    """A place is got by applying for the training."""

    words = _("You get a place in this training by applying for it.")
    words_at_counter = _("A place in this training is got by applying: write down an application.")
    is_news = True


class NoGuests(Refused):
    """One needs an account."""

    words = _("You need an account to sign up for this event. Sign in or call the counter.")
    is_news = True


class DoubleBooked(Refused):
    """The person has given the same time to something else."""

    words = _(
        "You have a place in something else at the same time. Withdraw from that first, if you want to come here."
    )
    words_at_counter = _("The person has a place in something else at the same time.")


class NotKept(Refused):
    """A place cannot be kept for an expert; why is theirs to tell."""

    words = _("A place cannot be kept for this person in this event. Ask them.")
    field = "expert"


class TooManyAsked(Refused):
    """So many places are kept for the organisation's experts already, and none of these has answered."""

    words = _(
        "Several of your experts have been asked and have not answered yet. Ask more when they have."
    )


class NoCounterYet(Refused):
    """Whoever arranges peer meetings does so in the name of the organisation that runs the counter."""

    words = _("No organisation runs the counter here yet. Call the counter.")


class CannotAnswerFor(Refused):
    """Somebody who may not keep the event cannot answer for it."""

    words = _("Choose somebody who works at the counter or with the organiser.")
    field = "person"


class DaysTaken(Refused):
    """The series has an event on one of the days already."""

    words = _(
        "The series has an event on one of these days already. Change the day or leave it out."
    )


class NotRepeated(Refused):
    """A training is made anew each time: applications stand on it."""

    words = _("A training is not repeated. Make a new one.")


class NoPlaceFree(Refused):
    """Every place has somebody."""

    words = _("Every place is taken. Put the person on the waiting list or add places.")


class AnswerMissing(Refused):
    """A question that must be answered was not; ``field`` is the question's in the form."""

    words = _("Answer this question.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class GroupMissing(Refused):
    """The event keeps places for professionals and experts, and nobody knows as whom the person comes."""

    words = _("Tell as whom you come: places are kept for both.")
    field = "group"


class TooLateToLeave(Refused):
    """The event has ended."""

    words = _("The event has ended. Call the counter if something is wrong.")
    is_news = True


class TooFewPlaces(Refused):
    """More people have a place than there would be places."""

    field = "seats"

    def __init__(self, taken: int) -> None:
        super().__init__()
        self.words = ngettext_lazy(
            "%(count)s person has a place already. There can be no fewer places than that.",
            "%(count)s people have a place already. There can be no fewer places than that.",
            "count",
        ) % {"count": taken}


class Unfit(Refused):
    """Two fields of the event do not fit together; ``field`` is the one that says so."""

    def __init__(self, field: str, words: Words, at_counter: Words = "") -> None:
        super().__init__()
        self.field, self.words, self.words_at_counter = field, words, at_counter


def unfit() -> dict[str, Refused]:
    """Return by the name of each constraint what does not fit."""
    return {
        "event_minimum_fits": Unfit(
            "seats",
            _("That is fewer places than people must come at least. Give more places, or call the counter."),
            _("That is fewer places than people must come at least. Change one of them."),
        ),
        "event_quotas_fit": Unfit(
            "seats",
            _("That is fewer places than are kept for the two groups. Give more places, or call the counter."),
            _("That is fewer places than are kept for the two groups. Change one of them."),
        ),
        "event_opens_before_it_closes": Unfit(
            "closes_at", _("Signing up cannot end before it begins.")
        ),
        "event_guests_where_they_may_come": Unfit(
            "guests_ok", _("To this event one comes with an account only.")
        ),
        "event_minimum_is_decided_on": Unfit("decide_on", _("Give the day as well.")),
        "event_both_quotas": Unfit(
            "quota_experts", _("Give both numbers, or leave both empty.")
        ),
    }  # fmt: skip


class TooLateToDecide(Refused):
    """The day has passed, or comes after the event has begun."""

    words = _("Choose a day that is still to come and before the event begins.")
    field = "decide_on"


class NoTimes(Refused):
    """The event has no time yet."""

    words = _("Give the event at least one time before you publish it.")
    field = "times"


class NoLink(Refused):
    """One takes part remotely, and there is no link to do it by."""

    words = _("Write the link for taking part remotely first: those who come find it on the page.")
    field = "meeting_url"


class TimePassed(Refused):
    """A time of the event is over already, or would be."""

    words = _("Choose times that are still to come.")
    field = "times"


class TimesOverlap(Refused):
    """Two times of the event overlap."""

    words = _("Two of the times overlap. An event is in one place at a time.")
    field = "times"


class TooManyMaterials(Refused):
    """An event has no more materials than can be looked through."""

    words = _("An event has 20 materials at most. Take something away first.")


class MaterialsGone(Refused):
    """The event was so long ago that its materials are kept no more."""

    words = _("The event was over a year ago, so its materials have been taken away from here.")
    is_news = True


class CalledOff(Refused):
    """Nothing is given to those who would have come to an event that has been called off."""

    words = _("The event has been called off. You can take materials away, but not add any.")


class NotBegun(Refused):
    """The session has not begun."""

    words = _("The session has not begun yet. You can mark who came when it begins.")


class HasAttendance(Refused):
    """Somebody has been marked at a session that would be taken away."""

    words = _(
        "Somebody has been marked as present or absent then, so that time cannot be taken away."
    )
    field = "times"
