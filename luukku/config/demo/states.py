"""One of each state and duty among the invented things."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings

from luukku.accounts.models import Role
from luukku.assignments.models import Origin, Via
from luukku.config.demo.orders import WELL, YES, Orders, day_of, end_of, span, start_of
from luukku.config.demo.people import ADMIN, COORDINATOR, Orderer
from luukku.config.demo.words import CHANGES, DOMAIN, GOALS, THOUGHTS
from luukku.core.document import Row
from luukku.core.recurring import series_days
from luukku.core.times import helsinki, instant
from luukku.experts.states import ExpertState
from luukku.feedback.models import Side
from luukku.orders.models import CancelledBy, Every, Mode
from luukku.orders.states import OrderState
from luukku.organisations.models import Kind, MemberRole, Task
from luukku.organisations.states import OrganisationState

THE_COUNTER = "Satakunnan kokemusluukku"
MANY_ROLES, LEAVER, CALLER = "kokemus2", "lahtija1", "soittaja1"
ONE_DAY = timedelta(days=1)


class States(Orders):
    """One of each state and duty, so that every page has something to show.

    Attributes:
        looks: the rows of this part.
    """

    def __init__(self, seed: int, at: datetime, *, size: int = 0) -> None:
        super().__init__(seed, at, size=size)
        self.looks: list[Row] = []

    # -- Before the orders: whom they may ask ------------------------------------------------------

    def roles(self) -> None:
        """Add people with several roles, with none, by phone, and organisations in every state."""
        self.member(self.orderers[2].organisation, MANY_ROLES, MemberRole.ORDERER)
        self.member(self.behind[1][0], MANY_ROLES, MemberRole.PRODUCER)
        # An expert who sits in the steering group and leads peer meetings in the counter's name.
        self.registered(THE_COUNTER, Kind.COUNTY, [Task.COORDINATES])
        next(row for row in self.people if row["key"] == MANY_ROLES)["roles"] = [Role.STEERING]
        trainer = self.person("kouluttaja1", self.name())
        self.registered(
            "Oppiva Ranta ry",
            Kind.NGO,
            [Task.TRAINS],
            by=trainer,
            municipality="609",
            services=["education"],
        )
        # An orderer without e-mail, whom the counter serves by phone.
        self.person(CALLER, self.name(), has_mail=False, phone="040 000 0190")
        self.member(self.orderers[5].organisation, CALLER, MemberRole.ORDERER)
        # Organisations that were refused, that have ended, and that have named no contact person.
        for name, state in (
            ("Saariston kyläyhdistys ry", OrganisationState.VETTED),
            ("Nopea Voitto Oy", OrganisationState.REFUSED),
            ("Entinen Hanke", OrganisationState.ENDED),
        ):
            self.registered(name, Kind.OTHER, [Task.ORDERS], state=state)
        self.organisations[-2]["refused_because"] = (
            "Yrityksen Y-tunnusta ei löytynyt eikä yhteyshenkilöä tavoitettu."
        )
        school = self.orderers[0]
        self.organisations[0]["change_asked"] = {
            "by": school.person,
            "name": f"{school.organisation}, avoin linja",
        }

    def profiles(self) -> None:
        """Add who has only begun; let others rest, be away, tell more, and leave."""
        beginner = self.person("aloittelija", self.name())
        self.experts.append(
            {"key": beginner, "person": beginner, "state": ExpertState.DRAFT}
            | {"consents": [], "languages": []}
        )
        first, _second, resting, away, leaver = self.active()[:5]
        resting |= {
            "is_paused": True,
            "paused_until": (self.today + 30 * ONE_DAY).isoformat(),
        }
        away["slots"] = [{"weekday": day, "starts": "09:00", "ends": "15:00"} for day in range(5)]
        away["exceptions"] = [
            {
                "starts_on": (self.today + n * ONE_DAY).isoformat(),
                "ends_on": (self.today + (n + 7) * ONE_DAY).isoformat(),
            }
            for n in (14, 60)
        ]
        organisation, responsible = self.behind[0]
        first |= {
            "equipment": "Kannettava, kamera ja kuulokkeet.",
            "background_organisation": organisation,
            "responsible_person": responsible,
            "shows_organisation": True,
        }
        leaver["state"] = ExpertState.LEFT

    def active(self) -> list[Row]:
        """Return the experts who are in the bank."""
        return [one for one in self.experts if one["state"] == ExpertState.ACTIVE]

    # -- After the orders --------------------------------------------------------------------------

    def searching(
        self, code: str, orderer: Orderer, theme: str, *, made: datetime, starts: datetime
    ) -> Row:
        """Add an order that looks for one expert of a theme at one time."""
        return self.write(code, orderer, at=made, starts=[starts], themes=[{"theme": theme}])

    def offered(
        self, code: str, orderer: Orderer, expert: Row, *, made: datetime, starts: datetime
    ) -> Row:
        """Add an order that has been offered to ``expert``."""
        row = self.searching(code, orderer, theme_of(expert), made=made, starts=starts)
        answer_by = made + timedelta(days=7, hours=6)
        row["offers"] = [self.offer(expert["key"], at=made, answer_by=answer_by)]
        return row

    def first_days(self) -> None:
        """Give the first expert one of each: a task told about, one to tell about, one agreed, one to answer."""
        for code, days, state in (
            ("talk", -24, OrderState.CLOSED),
            ("panel", -3, OrderState.DONE),
            ("lecture", 9, OrderState.STAFFED),
            ("pair_work", 16, OrderState.SEARCHING),
        ):
            made = self.at + timedelta(days=min(days - 15, -2))
            starts = instant(self.today + timedelta(days=days), time(13))
            row = self.offered(code, self.orderers[0], self.experts[0], made=made, starts=starts)
            row["state"], offer = state, row["offers"][0]
            if state != OrderState.SEARCHING:
                self.say_yes(row, offer, at=made + timedelta(hours=5), via=Via.DESK)
            if code == "talk":
                for side in Side:
                    self.tell(offer, side, WELL, "", at=end_of(row) + timedelta(days=1, hours=2))
                told_at = self.at - ONE_DAY
                row["what_changed"] = {"words": CHANGES[3], "at": told_at.isoformat()}
            if code == "panel":  # the expert's own is still to come
                words, given_at = THOUGHTS[Side.ORDERER][0], end_of(row) + timedelta(hours=2)
                self.tell(offer, Side.ORDERER, WELL, words, at=given_at)

    def looked(self) -> None:
        """Have the counter and an orderer look at the first expert on different days."""
        orderer, key = self.orderers[0], self.experts[0]["key"]
        for days, hours, reader in (
            (9, 0, {"by": COORDINATOR}),
            (9, 1, {"by": COORDINATOR}),
            (6, 2, {"by": orderer.person, "organisation": orderer.organisation}),
            (2, 0, {"by": COORDINATOR}),
        ):
            at = self.at - timedelta(days=days, hours=hours)
            self.looks.append({**reader, "experts": [key], "at": at.isoformat()})

    def read_widely(self) -> None:
        """Have an orderer see as many cards as a day lets and give a reason for more."""
        orderer, limit = self.orderers[3], settings.LUUKKU_CARDS_A_DAY
        keys = [one["key"] for one in self.active()[1 : limit + 1]]
        if len(keys) == limit:
            self.looks.append(
                {
                    "by": orderer.person,
                    "organisation": orderer.organisation,
                    "experts": keys,
                    "wider_because": "Suunnittelemme ensi kevään luentosarjaa ja etsimme siihen viittä puhujaa.",
                }
            )

    def variety(self) -> None:
        """Make what chance leaves out, so that each desk, state and duty can be seen."""
        self._decided()
        self._other_times()
        self._debrief()
        self._series()
        self._sign_up()
        self._to_call()
        self._left()
        self._cannot_come()
        self._untrained()

    def in_state(self, state: OrderState) -> list[Row]:
        """Return the orders in a state."""
        return [row for row in self.orders if row["state"] == state]

    def _decided(self) -> None:
        """Have the counter accept an order and decline one, and an orderer call one off."""
        waiting, decided_at = self.in_state(OrderState.SENT), {"decided_at": self.at.isoformat()}
        if len(waiting) > 3:
            waiting[0] |= decided_at | {"state": OrderState.ACCEPTED}
            waiting[1] |= decided_at | {
                "state": OrderState.DECLINED,
                "decline_reason": "Tähän sopii paremmin vertaistukiryhmä. Soittakaa, niin autamme löytämään sen.",
            }
            waiting[2] |= decided_at | {
                "state": OrderState.CANCELLED,
                "cancelled": {
                    "whose": CancelledBy.ORDERER,
                    "reason": "Koulutuspäivä siirtyi keväälle.",
                    "at": self.at.isoformat(),
                },
            }

    def _other_times(self) -> None:
        """Have the counter ask two orderers whether another time would suit; one has answered."""
        unasked = [row for row in self.in_state(OrderState.SEARCHING) if "offers" not in row]
        for row, is_answered in zip(unasked, (False, True), strict=False):
            starts = start_of(row) + 7 * ONE_DAY
            other = [span(starts)]
            row["time_question"] = {"times": other, "at": (self.at - ONE_DAY).isoformat()}
            if is_answered:
                answered_at = self.at - timedelta(hours=3)
                row["time_question"] |= {"answer": other, "answered_at": answered_at.isoformat()}

    def _debrief(self) -> None:
        """Have an expert wish to talk about a past task; its orderer is asked what changed and keeps silent."""
        for row in self.orders:
            if row["state"] in {OrderState.DONE, OrderState.CLOSED}:
                asked_at = self.at - ONE_DAY
                offer = next(one for one in row["offers"] if one.get("answer") == YES)
                offer["debriefs"] = [{"side": Side.EXPERT, "at": asked_at.isoformat()}]
                asked_at = self.at - 15 * ONE_DAY
                row["what_changed"] = {"asked_at": asked_at.isoformat()}
                return

    def _series(self) -> None:
        """Add orders that repeat: one to be read, one whose experts have been asked, one that experts sign up to.

        Of the one that was asked about one date has been moved; of the remote one each date has its own link.
        """
        made, first = self.at - timedelta(hours=2), self.today + 30 * ONE_DAY
        first += timedelta(days=-first.weekday() % 7 + 1)  # a Tuesday
        rows = []
        for code, every, is_one_expert, state in (
            ("talk", Every.MONTH, False, OrderState.SENT),
            ("pair_work", Every.TWO_WEEKS, True, OrderState.SEARCHING),
            ("lecture", Every.WEEK, False, OrderState.SEARCHING),
        ):
            days = series_days(first, every, 5)
            starts = instant(first, time(12, 30))
            row = self.searching(code, self.orderers[0], self.asked[0], made=made, starts=starts)
            row |= {
                "state": state,
                "fee_eur": 80,
                "repeats": {
                    "days": [day.isoformat() for day in days],
                    "every": every,
                    "is_one_expert": is_one_expert,
                },
            }
            rows.append((row, days))
        (asked, days), (call, call_days) = rows[1:]
        answer_by = made + 5 * ONE_DAY
        asked["offers"] = [
            self.offer(key, at=made, answer_by=answer_by) for key in self.fitting(asked, days)[:2]
        ]
        moved = instant(days[0] + 2 * ONE_DAY, time(12, 30))
        asked["edits"] = [{"date": 1, "times": [span(moved)], "at": self.at.isoformat()}]
        call |= {"mode": Mode.REMOTE, "is_open_call": True}
        call["edits"] = [
            {"date": n, "meeting_url": f"https://kokous.example/{n}"} for n in range(2)
        ]
        signed_up = {"origin": Origin.SIGNED_UP, "dates": [0, 2], "at": self.at.isoformat()}
        call["offers"] = [{"expert": key} | signed_up for key in self.fitting(call, call_days)[:1]]

    def _sign_up(self) -> None:
        """Have somebody sign up to an open call by themselves."""
        expert = [one for one in self.active() if one["key"] not in self.by_phone][-1]
        starts = instant(self.today + 30 * ONE_DAY, time(13))
        made = self.at - 2 * ONE_DAY
        row = self.searching(
            "pair_work", self.orderers[3], theme_of(expert), made=made, starts=starts
        )
        row["offers"] = [
            {"expert": expert["key"], "origin": Origin.SIGNED_UP, "at": self.at.isoformat()}
        ]

    def _to_call(self) -> None:
        """Add what waits for a call: a draft, a silent expert, a task that nobody has marked."""
        at, orderer = self.at, self.orderers[5]
        title, goal, does = GOALS["lecture"]
        self.orders.append(
            {
                "key": f"tilaus{len(self.orders) + 1}",
                "organisation": orderer.organisation,
                "contact": CALLER,
                "state": OrderState.DRAFT,
                "title": title,
                "goal": goal,
                "expert_does": does,
                "task_type": "lecture",
            }
        )
        expert, orderer = self.active()[-1], self.orderers[1]
        past = self.offered(
            "talk", orderer, expert, made=at - 10 * ONE_DAY, starts=at - timedelta(minutes=90)
        )
        past["state"] = OrderState.STAFFED
        self.say_yes(past, past["offers"][0], at=at - 9 * ONE_DAY, via=Via.COUNTER)
        self.offered("panel", orderer, expert, made=at - 5.5 * ONE_DAY, starts=at + 12 * ONE_DAY)

    def _left(self) -> None:
        """Let the only contact person of a school leave it while it looks for an expert, and lose an address."""
        leaver = self.person(LEAVER, self.name())
        key = self.registered(
            "Meren koulu",
            Kind.SCHOOL,
            [Task.ORDERS],
            by=leaver,
            municipality="609",
            services=["education"],
        )
        self.member(key, leaver, MemberRole.ORDERER, is_contact=True, left_at=self.at.isoformat())
        theme = theme_of(next(one for one in self.experts if one["key"] == MANY_ROLES))
        starts = instant(self.today + 40 * ONE_DAY, time(10))
        self.searching("talk", Orderer(key, leaver, "609"), theme, made=self.at, starts=starts)

    def _cannot_come(self) -> None:
        """Let the expert of the last agreed task fall ill."""
        soon = helsinki(self.at + 5 * ONE_DAY).date()
        agreed = [row for row in self.in_state(OrderState.STAFFED) if day_of(row) > soon]
        if agreed:
            row = max(agreed, key=start_of)
            offer = next(one for one in reversed(row["offers"]) if one.get("answer") == YES)
            offer["cancelled"] = {
                "whose": CancelledBy.EXPERT,
                "reason": "Sairastuin, en pääse.",
                "at": self.at.isoformat(),
            }
            row["state"] = OrderState.SEARCHING

    def _untrained(self) -> None:
        """Withdraw a training while a task that asks for it is agreed and another one waits for an answer."""
        days = [self.today + n * ONE_DAY for n in (17, 24)]
        free = [one for one in self.active() if not {*days} & {*self.days[one["key"]]}]
        expert = next(one for one in reversed(free) if one.get("trainings"))
        training = self._further(4, self.behind[0][0])
        expert["trainings"].append(
            training | {"revoked": {"why": "Kouluttaja kertoi, että viimeinen päivä jäi väliin."}}
        )
        made = self.at - 2 * ONE_DAY
        for n, day in enumerate(days):
            starts = instant(day, time(10))
            row = self.offered("pair_work", self.orderers[n], expert, made=made, starts=starts)
            row |= {"needs_further_training": True, "further_kind": training["further_kind"]}
            if n == 0:
                row["state"] = OrderState.STAFFED
                self.say_yes(row, row["offers"][0], at=made + timedelta(hours=3))

    def address_change(self) -> Row:
        """Return the change of the leaver's address, told to the earlier one when it was asked for."""
        asked_at = (self.at - timedelta(days=3, hours=1)).isoformat()
        return {
            "person": LEAVER,
            "email": f"uusi.osoite@{DOMAIN}",
            "reason": "Vanha työsähköposti on suljettu.",
            "identity": "Tunnistin puhelimessa, soitin tuttuun numeroon.",
            "by": ADMIN,
            "asked_at": asked_at,
            "told_at": asked_at,
        }

    def practice(self) -> Row:
        """Return a good practice that waits for its reader."""
        return {
            "person": self.orderers[0].person,
            "title": "Kysymykset etukäteen kortille",
            "intro": "Opiskelijat kirjoittavat kysymyksensä korteille ennen oppituntia.",
            "done": "Ryhmä kokosi kysymykset edellisellä tunnilla, ja kokemusasiantuntija sai ne luettavakseen.",
            "changed": "Hiljaisetkin saivat kysymyksensä kuuluviin, ja oppitunti pysyi aiheessa.",
            "contact": "Luukun kautta",
            "services": ["education"],
            "task_types": ["lecture"],
        }

    def catch_up(self) -> None:
        """Have the counter keep up: but for the caller's, letters have been told, and earlier feedback read."""
        for one in self.people:
            if one["key"] in self.by_phone - {CALLER}:
                one["told_until"] = self.at.isoformat()
        offers = [offer for row in self.orders for offer in row.get("offers", [])]
        given = [one for offer in offers for one in offer.get("feedback", [])]
        for one in sorted(given, key=lambda one: datetime.fromisoformat(one["at"]))[:-1]:
            one["read_at"] = (datetime.fromisoformat(one["at"]) + ONE_DAY).isoformat()


def theme_of(expert: Row) -> str:
    """Return the first theme of an expert."""
    return str(expert["experiences"][0]["theme"])
