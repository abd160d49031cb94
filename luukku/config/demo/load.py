"""Signs of load in every state among the invented experts, what raises them, and the yearly talks."""

from __future__ import annotations

from datetime import datetime, time

from luukku.assignments.states import OfferState
from luukku.config.demo.states import ONE_DAY, States
from luukku.coping.models import FlagKind
from luukku.coping.states import FlagState
from luukku.core.document import Row
from luukku.core.times import instant
from luukku.orders.models import Failure
from luukku.orders.states import OrderState


class Load(States):
    """The same, with signs of load.

    Attributes:
        heavy: the task types that this invented region counts as heavy; signs, talks, reminders, invitations: the
            rows of these parts.
    """

    def __init__(self, seed: int, at: datetime, *, size: int = 0) -> None:
        super().__init__(seed, at, size=size)
        self.heavy: list[Row] = []
        self.signs: list[Row] = []
        self.talks: list[Row] = []
        self.reminders: list[Row] = []
        self.invitations: list[Row] = []

    def variety(self) -> None:
        """Make what chance leaves out; then let some experts carry much, and one do so no longer."""
        super().variety()
        self.heavy = [
            {"task_type": "talk"}
        ]  # the first expert's, about which no talk was asked for
        quiet, silent = self._quiet(), {"answer": OfferState.EXPIRED}
        for ago in (24, 23, 22):
            self._ask(quiet, ago, silent)
        self._ask(quiet[-1:], 18, {"answer": OfferState.DECLINED})
        raised_at = (self.at - 19 * ONE_DAY).isoformat()
        for expert, more in zip(quiet, self._became(), strict=False):
            sign = {"expert": expert["key"], "kind": FlagKind.SILENT, "raised_at": raised_at}
            self.signs.append(sign | more)
        self.talk()

    def talk(self) -> None:
        """Let those who answer for experts have talked with some, long ago with others, and be reminded."""
        behind = dict(self.behind)
        own = [one for one in self.active() if one.get("responsible_person")]
        for n, one in enumerate(own[:9]):
            ago = (40, 400, 200)[n % 3]
            held_on = self.today - ago * ONE_DAY
            next_by = held_on + 365 * ONE_DAY
            self.talks.append(
                {
                    "expert": one["key"],
                    "held_on": held_on.isoformat(),
                    "held_by": behind[one["background_organisation"]],
                    "next_by": next_by.isoformat(),
                }
            )
        for one, years in zip(self.active()[-3:], (2, 3, 4), strict=True):
            one["since"] = (self.at - years * 365 * ONE_DAY).isoformat()
        self.invitations = [
            {"event": "tapahtuma3", "experts": [one["key"] for one in self.active()[-2:]]}
        ]
        self.reminders = [{"at": (self.at - ago * ONE_DAY).isoformat()} for ago in (64, 33, 2)]

    def _became(self) -> list[Row]:
        """Return what became of the signs of those who are quiet now."""
        return [
            {"talk_asked_at": self.at.isoformat()},
            {"state": FlagState.ACTED},
            {"state": FlagState.DISMISSED, "reason": "Soittaa itse, kun on taas aikaa."},
            {"state": FlagState.ENDED},
        ]

    def _quiet(self) -> list[Row]:
        """Return a few in the bank who have been offered nothing for a month."""
        since = (self.at - 30 * ONE_DAY).isoformat()
        offers = [offer for row in self.orders for offer in row.get("offers", [])]
        asked = {offer["expert"] for offer in offers if offer.get("at", since) >= since}
        rest = [one for one in self.active()[1:] if one["key"] not in asked | self.by_phone]
        return [one for one in rest if not one.get("is_paused")][:4]

    def _ask(self, experts: list[Row], ago: int, answer: Row) -> None:
        """Have an order offered so many days ``ago`` to ``experts``, who ``answer`` all alike, and given up."""
        made = self.at - ago * ONE_DAY
        starts = instant(self.today - (ago - 30) * ONE_DAY, time(13))
        for expert in experts[:1]:
            row = self.offered("panel", self.orderers[2], expert, made=made, starts=starts)
            offers = [
                self.offer(one["key"], at=made, answer_by=made + 2 * ONE_DAY) for one in experts
            ]
            row["offers"] = [one | answer for one in offers]
            row |= {
                "state": OrderState.NOT_FOUND,
                "failure": Failure.NO_YES,
                "given_up_at": (made + 3 * ONE_DAY).isoformat(),
            }
