"""Invented orders and what became of them, as rows of a spec document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from luukku.assignments.models import Via
from luukku.assignments.states import OfferState
from luukku.config.demo.people import Orderer, People
from luukku.config.demo.words import CHANGES, GOALS, THOUGHTS
from luukku.core.document import Row
from luukku.core.times import helsinki, instant
from luukku.experts.states import ExpertState
from luukku.feedback.models import SCALES, Side
from luukku.orders.models import Failure, Mode, Payment
from luukku.orders.states import OrderState
from luukku.taxonomy.models import Distance

A_TASK = timedelta(minutes=90)
WELL = {"smooth": 5, "useful": 4, "heard": 5, "again": 5}
YES = OfferState.ACCEPTED


class Orders(People):
    """Orders and what became of them.

    Attributes:
        orders: the rows of this part.
        asked: the themes that orders ask for, by chance: what many have, is asked for often.
        days: on which days each expert has a task; nobody has two on one.
    """

    def __init__(self, seed: int, at: datetime, *, size: int = 0) -> None:
        super().__init__(seed, at, size=size)
        self.orders: list[Row] = []
        self.asked = self.themes
        self.days: dict[str, list[date]] = defaultdict(list)
        self._km: dict[str, dict[str, int]] = {}

    def write(
        self,
        code: str,
        orderer: Orderer,
        *,
        at: datetime,
        starts: Iterable[datetime],
        **fields: object,
    ) -> Row:
        """Add an order of 90 minutes that its orderer has written; a search for one expert unless told otherwise."""
        title, goal, does = GOALS[code]
        row: Row = {
            "key": f"tilaus{len(self.orders) + 1}",
            "organisation": orderer.organisation,
            "contact": orderer.person,
            "by": orderer.person,
            "at": at.isoformat(),
            "state": OrderState.SEARCHING,
            "title": title,
            "goal": goal,
            "expert_does": does,
            "audience": "Noin 20 osallistujaa",
            "audience_size": 20,
            "task_type": code,
            "municipality": orderer.town,
            "address": "Esimerkkikatu 1",
            "accessibility": "Esteetön sisäänkäynti, hissi, induktiosilmukka.",
            "length_minutes": 90,
            "preparation": "Ryhmä kerää kysymykset etukäteen.",
            "mode": Mode.PLACE,
            "experts_wanted": 1,
            "payment": Payment.AGREED,
            "fee_eur": 120,
            "times": [span(one) for one in starts],
            **fields,
        }
        self.orders.append(row)
        return row

    def order(self, n: int) -> None:
        """Add one order and carry it as far as its number says."""
        chance = self.chance
        orderer = self.orderers[0] if n == 0 else chance.choice(self.orderers)
        is_past, waits = n % 3 == 0 and n > 0, n % 6 == 1
        made = self.at - timedelta(days=120 if is_past else chance.randint(1, 10))
        if not is_past:
            # The counter keeps its promises: an order is read in two days, staffed in seven.
            made = max(made, self.at - timedelta(hours=n // 4 if waits else 4 * 24))
        day = helsinki(made).date() + timedelta(days=chance.randint(21, 60))
        hour = time(chance.choice([9, 10, 12, 13]))
        row = self.write(
            list(GOALS)[n % len(GOALS)],
            orderer,
            at=made,
            mode=chance.choices([Mode.PLACE, Mode.EITHER, Mode.REMOTE], [6, 2, 1])[0],
            experts_wanted=chance.choices([1, 2], [5, 1])[0],
            payment={1: Payment.HELP, 7: Payment.OPEN}.get(n % 12, Payment.AGREED),
            fee_eur=chance.choice([50, 80, 100, 150]),
            themes=[{"theme": chance.choice(self.asked)}],
            starts=[
                instant(day + timedelta(days=7 * k), hour) for k in range(chance.randint(1, 2))
            ],
        )
        if n % 12 == 11:
            row["state"] = OrderState.DRAFT
        elif waits:
            row["state"] = OrderState.SENT
        elif is_past:
            is_lost = n % 12 == 3  # nobody is found, whatever the day
            self.end(row, 0 if is_lost else self.ask(row, at=made))
        else:
            if n % 2 == 0 and self.ask(row, at=made) == row["experts_wanted"]:
                row["state"] = OrderState.STAFFED
            if n % 6 == 2:
                self.change(row, is_answered=n % 12 == 8)

    def ask(self, row: Row, *, at: datetime) -> int:
        """Offer an order to who fits it; return how many say yes, as most do."""
        wanted, agreed = row["experts_wanted"], 0
        offers = row["offers"] = []
        for key in self._suited(row)[: wanted + 1]:
            offer = self.offer(key, at=at, answer_by=at + timedelta(days=5))
            offers.append(offer)
            if self.chance.random() < 0.75:
                self.say_yes(row, offer, at=at + timedelta(hours=2))
                agreed += 1
            elif self.chance.random() < 0.5:
                answered_at = at + timedelta(hours=3)
                offer |= {"answer": OfferState.DECLINED, "answered_at": answered_at.isoformat()}
            if agreed == wanted:
                break
        return agreed

    def offer(self, key: str, *, at: datetime, answer_by: datetime) -> Row:
        """Return an offer to an expert that waits for the answer."""
        return {"expert": key, "at": at.isoformat(), "answer_by": answer_by.isoformat()}

    def say_yes(self, row: Row, offer: Row, *, at: datetime, via: Via = Via.LINK) -> None:
        """Let an expert say yes to the first time; who has no e-mail says it to the counter."""
        offer |= {"answer": YES, "answered_at": at.isoformat()}
        if offer["expert"] not in self.by_phone:
            offer["via"] = via
        self.days[offer["expert"]].append(day_of(row))

    def _suited(self, row: Row) -> list[str]:
        """Return who could do an order; where nobody could it asks for other themes, thrice."""
        suited = self.fitting(row)
        for _again in range(3):
            if not suited:
                row["themes"] = [{"theme": self.chance.choice(self.asked)}]
                suited = self.fitting(row)
        return suited

    def fitting(self, row: Row, days: Iterable[date] = ()) -> list[str]:
        """Return who could do an order on its first day and on ``days``, by chance; never the first expert.

        What the first one's desk shows does not depend on chance: ``first_days``.
        """
        days = [day_of(row), *days]
        suited = [one["key"] for one in self.experts[1:] if self._fits(one, row, days)]
        self.chance.shuffle(suited)
        return suited

    def _fits(self, expert: Row, row: Row, days: list[date]) -> bool:
        if expert["state"] != ExpertState.ACTIVE or expert.get("is_paused"):
            return False
        shown = {one["theme"] for one in expert["experiences"] if one["is_shown"]}
        return (
            row["task_type"] in expert["task_types"]
            and not shown.isdisjoint(one["theme"] for one in row["themes"])
            and self._reaches(expert, row)
            and all(self._is_free(expert, day) for day in days)
        )

    def _reaches(self, expert: Row, row: Row) -> bool:
        if row["mode"] != Mode.PLACE and expert["is_remote_ok"]:
            return True
        there, home = row["municipality"], expert["municipality"]
        if there not in self._km:
            rows = Distance.objects.filter(destination=there).values_list("origin", "km")
            self._km[there] = dict(rows) | {there: 0}
        km = self._km[there].get(home)
        return row["mode"] != Mode.REMOTE and km is not None and km <= expert["reach_km"]

    def _is_free(self, expert: Row, day: date) -> bool:
        weekdays = {one["weekday"] for one in expert.get("slots", [])}
        taken = self.days[expert["key"]]
        month = sum((one.year, one.month) == (day.year, day.month) for one in taken)
        return (
            (not weekdays or day.weekday() in weekdays)
            and day not in taken
            and (expert["monthly_limit"] is None or month < expert["monthly_limit"])
            and not any(
                one["starts_on"] <= day.isoformat() <= one["ends_on"]
                for one in expert.get("exceptions", [])
            )
        )

    def end(self, row: Row, agreed: int) -> None:
        """Carry a past order to its end: done with feedback and what changed, or counted as unmet."""
        chance, at = self.chance, self.at
        if not agreed:
            given_up_at = at - timedelta(days=20)
            row |= {
                "state": OrderState.NOT_FOUND,
                "failure": chance.choice(list(Failure)),
                "given_up_at": given_up_at.isoformat(),
            }
            return
        row["experts_wanted"] = (
            agreed  # the orderer went on with those who were found, the last to answer
        )
        row["offers"].sort(key=lambda offer: offer.get("answer") == YES)
        for offer in row["offers"]:
            if offer.get("answer") != YES:
                continue
            for side in Side:
                if chance.random() < 0.8:
                    scales = {name: chance.choices([3, 4, 5], [1, 3, 5])[0] for name in SCALES}
                    words = chance.choice(["", "", *THOUGHTS[side]])
                    given_at = end_of(row) + timedelta(days=1, hours=3)
                    self.tell(offer, side, scales, words, at=given_at, via=Via.LINK)
        if chance.random() < 0.7:
            told_at = at - timedelta(days=2)
            row["what_changed"] = {"words": chance.choice(CHANGES), "at": told_at.isoformat()}
        given = sum(len(offer.get("feedback", [])) for offer in row["offers"])
        row["state"] = OrderState.CLOSED if given == 2 * agreed else OrderState.DONE

    def tell(
        self, offer: Row, side: Side, scales: Row, words: str, *, at: datetime, via: Via = Via.DESK
    ) -> None:
        """Add one side's feedback; what an expert without e-mail says, the counter writes down."""
        given = {"side": side, **scales, "words": words, "at": at.isoformat()}
        if side == Side.ORDERER or offer["expert"] not in self.by_phone:
            given["via"] = via
        offer.setdefault("feedback", []).append(given)

    def change(self, row: Row, *, is_answered: bool) -> None:
        """Let the orderer ask for a change after sending; some have been answered."""
        at = self.at - timedelta(hours=5)
        asked: Row = {
            "words": "Ryhmässä onkin 40 opiskelijaa. Voiko tilaisuus olla auditoriossa?",
            "at": at.isoformat(),
        }
        if is_answered:
            asked["answer"] = "Soitin asiantuntijalle: auditorio käy hyvin. Paikka on nyt muutettu."
            asked["answered_at"] = (at + timedelta(hours=3)).isoformat()
            asked["changes"] = {"audience_size": 40}
        row["change_requests"] = [asked]


def span(starts: datetime) -> Row:
    """Return the time of a task that begins at ``starts``."""
    return {"starts_at": starts.isoformat(), "ends_at": (starts + A_TASK).isoformat()}


def start_of(row: Row) -> datetime:
    """Return when the first time of an order begins."""
    return datetime.fromisoformat(row["times"][0]["starts_at"])


def end_of(row: Row) -> datetime:
    """Return when the first time of an order ends."""
    return start_of(row) + A_TASK


def day_of(row: Row) -> date:
    """Return the day of the first time of an order."""
    return helsinki(start_of(row)).date()
