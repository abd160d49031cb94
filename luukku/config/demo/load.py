"""Signs of load in every state among the invented experts, what raises them, and the yearly talks."""

from __future__ import annotations

from datetime import datetime, time

from luukku.assignments.states import OfferState
from luukku.config.demo.states import ONE_DAY, THE_COUNTER, States
from luukku.coping.models import FlagKind
from luukku.coping.states import FlagState
from luukku.core.document import Row
from luukku.core.times import instant
from luukku.orders.models import Failure, Mode
from luukku.orders.states import OrderState
from luukku.readiness.models import Item


class Load(States):
    """The same, with signs of load.

    Attributes:
        heavy: the task types that this invented region counts as heavy; signs, talks, reminders, invitations: the
            rows of these parts.
        tests, connections: the rows of experts' own remote tests and of connections that orderers have tried.
        lent: the parts of equipment that is lent.
    """

    def __init__(self, seed: int, at: datetime, *, size: int = 0) -> None:
        super().__init__(seed, at, size=size)
        self.heavy: list[Row] = []
        self.signs: list[Row] = []
        self.talks: list[Row] = []
        self.reminders: list[Row] = []
        self.invitations: list[Row] = []
        self.tests: list[Row] = []
        self.connections: list[Row] = []
        self.lent: Row = {}

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
        self.try_out()
        self.lend()

    def try_out(self) -> None:
        """Let experts have tried taking part remotely, with and without wishes; of one order the orderer, too."""
        every = [item.value for item in Item]
        computer, phone = ["computer", "camera", "headset", "connection"], ["phone"]
        ago = (self.at - 12 * ONE_DAY).isoformat()
        rows: list[Row] = [
            {"works": every, "kinds": computer, "at": ago},
            {"works": every[:3], "helps": ["share", "breaks"], "kinds": phone, "at": ago},
            {
                "works": every[:2],
                "helps": ["mute"],
                "kinds": phone,
                "at": ago,
                "is_practised": True,
            },
            {"works": every[:4], "kinds": ["tablet", "connection"]},
        ]
        fit = [one for one in self.active() if one["is_remote_ok"]]
        self.tests = [{"expert": one["key"]} | row for one, row in zip(fit, rows, strict=False)]
        agreed = [row for row in self.orders if row["state"] == OrderState.STAFFED]
        remote = [row for row in agreed if row.get("mode", Mode.PLACE) != Mode.PLACE]
        for row in remote[:2]:
            row["meeting_url"] = f"https://kokous.example/{row['key']}"
        self.connections = [{"order": row["key"]} for row in remote[:1]]

    def lend(self) -> None:
        """Let an organisation and the counter lend: out, late, asked for, promised, brought back and refused."""
        behind = self.behind[0][0]
        things = [
            ("t1", behind, "tablet", "1", "Laturi ja kotelo"),
            ("t2", behind, "tablet", "2", "Laturi"),
            ("h1", behind, "headset", "K1", ""),
            ("t7", THE_COUNTER, "tablet", "7", "Laturi ja kotelo"),
            ("k8", THE_COUNTER, "computer", "8", "Hiiri ja laturi"),
            ("y9", THE_COUNTER, "connection", "9", "Reititin ja virtajohto"),
        ]
        devices = [
            {"key": key, "organisation": lender, "kind": kind, "label": label, "note": note}
            for key, lender, kind, label, note in things
        ]
        own = [one for one in self.active() if one.get("background_organisation") == behind]
        others = [one for one in self.active() if one not in own]
        fetch = "Pääkatu 1, toinen kerros, arkisin klo 9–15"
        rows: list[tuple[list[Row], int, str, int, int, Row]] = [
            (own, 0, "t1", -6, 8, {"state": "out", "fetch": fetch}),
            (own, 1, "t2", -16, -2, {"state": "out", "fetch": fetch}),
            (own, 2, "h1", 5, 12, {"why": "Kevään etätehtävät"}),
            (others, 4, "t7", -60, -40, {"state": "back", "fetch": fetch}),
            (others, 0, "t7", -20, -3, {"state": "out", "fetch": fetch}),
            (others, 1, "k8", -4, 6, {"state": "out", "fetch": fetch, "wished_until": self._in(13)}),
            (others, 2, "y9", 7, 21, {"why": "Mökillä ei ole nettiyhteyttä"}),
            (others, 3, "y9", 30, 40, {"state": "granted", "fetch": fetch}),
            (others, 5, "k8", 3, 9, {"state": "refused", "reason": "Kone on lainassa. Sen saa taas ensi kuussa."}),
        ]  # fmt: skip
        loans = [
            {"expert": people[n]["key"], "device": device, "from_on": self._in(first), "until_on": self._in(last)}
            | row
            for people, n, device, first, last, row in rows
            if n < len(people)
        ]  # fmt: skip
        self.lent = {"devices": devices, "loans": loans}

    def _in(self, days: int) -> str:
        return (self.today + days * ONE_DAY).isoformat()

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
