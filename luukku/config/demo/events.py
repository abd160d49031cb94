"""Invented events of several kinds, in every state, with those who come to them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from luukku.config.demo.load import Load
from luukku.config.demo.words import DOMAIN
from luukku.core.document import Row
from luukku.core.times import helsinki, instant

ONE_DAY = timedelta(days=1)


class Events:
    """Writes the rows of the part ``events``.

    Attributes:
        comers: by their keys those who can come: experts in the bank.
    """

    def __init__(self, made: Load, at: datetime) -> None:
        self.at, self.today = at, helsinki(at).date()
        self.organisers = [name for name, _person in made.behind]
        self.comers = [one["person"] for one in made.active() if one["key"] not in made.by_phone]
        self.people = [one.person for one in made.orderers]

    def rows(self) -> list[Row]:
        """Return the events; the first one is what a visitor meets first."""
        return [
            self._open(), self._full(), self._peer(), self._thin(), self._draft(), self._joint(), self._practice(),
            self._past(), self._off(), self._met(), self._told(),
        ]  # fmt: skip

    def _row(self, days: int, *, clock: int = 17, organiser: int = 0, **more: object) -> Row:
        """Return an event so many days from today, in the evening: tasks are by day."""
        day = self.today + days * ONE_DAY
        times = {
            "starts_at": instant(day, time(clock)).isoformat(),
            "ends_at": instant(day, time(clock + 2)).isoformat(),
        }
        made_at = self.at - 20 * ONE_DAY + min(days, 0) * ONE_DAY
        return {
            "organiser": self.organisers[organiser % len(self.organisers)],
            "mode": "place", "municipality": "Pori", "address": "Kansalaistalo, Otavankatu 5",
            "accessibility": "Esteetön sisäänkäynti, induktiosilmukka, hissi.",
            "at": made_at.isoformat(), "times": [times],
        } | more  # fmt: skip

    def _come(self, *numbers: int, ago: int = 5, **more: object) -> list[Row]:
        at = self.at - ago * ONE_DAY
        return [
            {"person": self.comers[n % len(self.comers)], "at": (at + n * timedelta(hours=1)).isoformat(), **more}
            for n in dict.fromkeys(one % len(self.comers) for one in numbers)
        ]  # fmt: skip

    def _open(self) -> Row:
        guest = {"name": "Vieras Vilja", "email": f"vieras@{DOMAIN}", "phone": "040 000 0910"}
        return self._row(
            14, key="tapahtuma1", kind="info", title_fi="Mitä kokemusasiantuntija tekee?",
            title_sv="Vad gör en erfarenhetsexpert?", title_en="What does an expert by experience do?",
            summary_fi="Ilta kaikille, joita kokemustoiminta kiinnostaa. Kahvia ja kysymyksiä.",
            guests_ok=True, seats=30, covers=["meal", "interpreter"],
            materials=[
                {"title": "Illan ohjelma", "url": "https://aineistot.esimerkki.example/ohjelma",
                 "for_whom": "everybody"},
                {"title": "Illan diat", "url": "https://aineistot.esimerkki.example/diat"},
            ],
            questions=[
                {"words_fi": "Mistä kuulit illasta?", "words_sv": "Var hörde du om kvällen?",
                 "words_en": "Where did you hear of the evening?"},
                {"words_fi": "Tarvitsetko apua paikalla?", "words_sv": "Behöver du hjälp på plats?",
                 "words_en": "Do you need help there?", "is_sensitive": True},
            ],
            sign_ups=[
                *self._come(0, answers=["Ystävältä"]),
                {"guest": guest, "at": (self.at - ONE_DAY).isoformat(), "answers": ["Lehdestä", "En"]},
            ],
        )  # fmt: skip

    def _full(self) -> Row:
        return self._row(
            21, key="tapahtuma2", kind="further", title_fi="Esiintyminen ja oma tarina",
            title_sv="Att uppträda med sin berättelse", title_en="Performing and your own story",
            summary_fi="Harjoittelemme puhumista pienessä ryhmässä.", audience="experts", seats=2,
            covers=["travel", "meal"], sign_ups=self._come(1, 2, 0, 3),
        )  # fmt: skip

    def _peer(self) -> Row:
        return self._row(
            9, key="tapahtuma3", kind="peer", title_fi="Vertaistapaaminen", title_sv="Kamratträff",
            title_en="Peer meeting", summary_fi="Kokemusasiantuntijat keskenään: kuulumisia ja jaksamista.",
            audience="experts", seats=8, mode="both", meeting_url="https://video.esimerkki.example/vertaiset",
            covers=["travel"], organiser=1, sign_ups=self._come(0, 1),
            materials=[{"title": "Ennakkotehtävä", "url": "https://aineistot.esimerkki.example/ennakko"}],
            repeats=[(self.today + days * ONE_DAY).isoformat() for days in (37, 65)],
        )  # fmt: skip

    def led(self, leader: str, organiser: str) -> list[Row]:
        """Return the peer meetings that an expert of the steering group leads: one to come, and a draft."""
        rows = [
            self._row(
                days, key=key, kind="peer", title_fi="Vertaistapaaminen", title_sv="Kamratträff",
                title_en="Peer meeting", audience="experts", seats=10, responsible=leader, state=state,
                sign_ups=sign_ups,
            )
            for key, days, state, sign_ups in (
                ("tapahtuma11", 4, "published", self._come(3, 4)), ("tapahtuma12", 33, "draft", []),
            )
        ]  # fmt: skip
        return [row | {"organiser": organiser} for row in rows]

    def _thin(self) -> Row:
        return self._row(
            8, key="tapahtuma4", kind="online_practice", title_fi="Etäyhteyden harjoittelu",
            title_sv="Övning i distanskontakt", title_en="Practising remote contact",
            summary_fi="Kokeilemme kuvaa, ääntä ja ruudun jakamista.", mode="remote", address="",
            meeting_url="https://video.esimerkki.example/harjoitus", accessibility="", seats=10, min_seats=4,
            decide_on=(self.today).isoformat(), sign_ups=self._come(2),
        )  # fmt: skip

    def _draft(self) -> Row:
        return self._row(
            45, key="tapahtuma5", kind="network", title_fi="Verkoston kevätpäivä", state="draft", seats=40,
            clock=12, organiser=1,
        )  # fmt: skip

    def _met(self) -> Row:
        """A peer meeting of the spring, with who was there."""
        return self._row(
            -70, key="tapahtuma10", kind="peer", title_fi="Kevään vertaistapaaminen", title_sv="Vårens kamratträff",
            title_en="The peer meeting of the spring", audience="experts", seats=8, state="held",
            sign_ups=[
                *self._come(0, 1, ago=75, presence=["here"]), *self._come(2, ago=75, presence=["away"]),
            ],
        )  # fmt: skip

    def _joint(self) -> Row:
        sign_ups: list[Row] = [one | {"group": "expert"} for one in self._come(3, 4)]
        sign_ups += [
            {"person": person, "group": "professional", "at": (self.at - 2 * ONE_DAY).isoformat()}
            for person in self.people[:1]
        ]
        sign_ups[0]["state"] = "confirmed"
        return self._row(
            30, key="tapahtuma6", kind="joint", title_fi="Yhdessä kohtaamaan", title_sv="Möten tillsammans",
            title_en="Meeting together", summary_fi="Ammattilaiset ja kokemusasiantuntijat oppivat samassa ryhmässä.",
            how="approval", seats=12, quota_professionals=6, quota_experts=4, covers=["meal"], sign_ups=sign_ups,
        )  # fmt: skip

    def _practice(self) -> Row:
        return self._row(
            35, key="tapahtuma7", kind="practice_lecture", title_fi="Harjoitusluento opistolla", audience="invited",
            seats=25, clock=10,
        )  # fmt: skip

    def _past(self) -> Row:
        marks = (["here"], ["here"], ["away"], ["excused"])
        come = zip(self._come(0, 1, 2, 3, ago=30), marks, strict=False)
        return self._row(
            -12, key="tapahtuma8", kind="basic", title_fi="Tule mukaan -iltapäivä", title_sv="Kom med",
            title_en="Come along", state="held", seats=10, guests_ok=True,
            materials=[{"title": "Iltapäivän diat", "url": "https://aineistot.esimerkki.example/iltapaiva"}],
            sign_ups=[
                row | {"presence": mark} | ({"feedback": {"useful": 5}} if n == 0 else {})
                for n, (row, mark) in enumerate(come)
            ],
        )  # fmt: skip

    def _told(self) -> Row:
        """An evening so long ago that its feedback is told; of the afternoon above it is not."""
        words = [
            "Hyvä ilta, kiitos.",
            "",
            "Kahvia olisi saanut olla enemmän.",
            "",
            "",
            "Tulen toistekin.",
        ]
        come = zip(self._come(0, 1, 2, 3, 4, 5, ago=75), words, strict=False)
        return self._row(
            -66, key="tapahtuma13", kind="info", title_fi="Kokemusten ilta", title_sv="En kväll med erfarenheter",
            title_en="An evening of experiences", state="held", seats=20, guests_ok=True,
            sign_ups=[
                {
                    "guest": {"name": "Vieras Ville", "email": f"ville@{DOMAIN}"},
                    "at": (self.at - 75 * ONE_DAY).isoformat(),
                    "feedback": {"useful": 5, "words": "Opin uutta."},
                },
                *(row | {"feedback": {"smooth": 5 - n % 3, "heard": 5, "words": said}}
                for n, (row, said) in enumerate(come)),
            ],
        )  # fmt: skip

    def _off(self) -> Row:
        return self._row(
            17, key="tapahtuma9", kind="info", title_fi="Kokemusten kahvila", title_sv="Erfarenheternas café",
            title_en="Café of experiences", state="cancelled", cancel_reason="Tila on remontissa.", seats=10,
            sign_ups=self._come(1),
        )  # fmt: skip
