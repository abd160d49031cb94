"""Invented, believable people and orders; the same for the same seed."""

from __future__ import annotations

import json
import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from luukku.accounts import actions as accounts
from luukku.accounts.models import Role, User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Offer, Via
from luukku.audit.models import ReaderAs
from luukku.audit.reading import note
from luukku.content import actions as content
from luukku.core.known import known
from luukku.core.reading import collecting
from luukku.core.times import helsinki, instant
from luukku.experts import actions as experts
from luukku.experts.models import Experience, Expert, Perspective, TrainingKind
from luukku.experts.queries import NATURE, card
from luukku.feedback import actions as feedback
from luukku.feedback.models import Feedback, Side, WhatChanged
from luukku.guidance import actions as guidance
from luukku.guidance.models import Kind as QuestionKind
from luukku.guidance.models import Topic
from luukku.matching.queries import match
from luukku.notices.actions import deliver
from luukku.notices.models import Letter
from luukku.notices.queries import paper_queue
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, Failure, Mode, Order, Payment
from luukku.orders.states import OrderState
from luukku.organisations import actions as organisations
from luukku.organisations.models import Kind, MemberRole, Organisation, Sector, Task
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.search import actions as search
from luukku.taxonomy.models import Language, Municipality, Region, Service, TaskType, Theme
from luukku.taxonomy.queries import region

SOME = 10  # people and orders enough to fill the first expert's desk
MANY = 20  # people and orders enough to show each state among them
PASSWORD = "kokemus-luukku-demo"  # noqa: S105 -- of invented people
DOMAIN = "esimerkki.example"
MOST = 100_000
LEFT_TO_TELL = 1  # letter of somebody without e-mail that still waits for a call
FIRST = [
    "Aino",
    "Eero",
    "Helmi",
    "Ilmari",
    "Kaisa",
    "Lauri",
    "Maija",
    "Niilo",
    "Oona",
    "Paavo",
    "Raili",
    "Sakari",
    "Tuula",
    "Urho",
    "Venla",
    "Väinö",
    "Anneli",
    "Jorma",
    "Leena",
    "Matti",
    "Pirkko",
    "Reijo",
    "Sirpa",
    "Timo",
    "Ulla",
    "Veikko",
    "Hanna",
    "Juha",
    "Katri",
    "Mikko",
    "Noora",
    "Petri",
    "Saara",
    "Teemu",
    "Amina",
    "Hassan",
    "Olena",
    "Yusuf",
    "Kerttu",
    "Onni",
]
LAST = [
    "Aalto",
    "Ahola",
    "Hakala",
    "Heino",
    "Hiltunen",
    "Ikonen",
    "Jokinen",
    "Kallio",
    "Karhu",
    "Kivelä",
    "Kokko",
    "Koskela",
    "Laaksonen",
    "Lahti",
    "Lehto",
    "Mattila",
    "Mäki",
    "Niemi",
    "Nurmi",
    "Ojala",
    "Peltola",
    "Pitkänen",
    "Rantanen",
    "Rinne",
    "Saari",
    "Salo",
    "Santala",
    "Suomela",
    "Tuominen",
    "Uusitalo",
    "Vainio",
    "Virta",
    "Ylitalo",
    "Äijälä",
]
# Name, kind, municipality, services, units. The counter has not met the last one yet.
ORGANISATIONS = [
    ("Rantakylän sairaala", Kind.COUNTY, "609", ["sote"], ["Kuntoutusosasto", "Päivystys"]),
    ("Länsirannan hyvinvointialue", Kind.COUNTY, "609", ["sote", "hyte"], ["Aikuissosiaalityö"]),
    ("Kuusiston kaupunki", Kind.MUNICIPALITY, "684", ["employment"], ["Työllisyyspalvelut"]),
    ("Jokivarren ammattiopisto", Kind.SCHOOL, "271", ["education"], []),
    ("Meriharjun ammattikorkeakoulu", Kind.SCHOOL, "609", ["education"], ["Sosionomikoulutus"]),
    ("Koivulan seurakunta", Kind.PARISH, "214", ["hyte"], ["Diakoniatyö"]),
    ("Pihlajan Hoiva Oy", Kind.COMPANY, "886", ["sote"], []),
    ("Toivon Polku ry", Kind.NGO, "684", ["integration", "financial-advice"], []),
]
BEHIND = [
    ("Satamäen mielenterveysyhdistys ry", "609"),
    ("Uusi Suunta ry", "684"),
    ("Läheisten Tuki ry", "214"),
]
GOALS = {
    "lecture": (
        "Vierailu lähihoitajaopiskelijoiden kurssille",
        "Opiskelijat uskaltavat kohdata asiakkaan ihmisenä.",
        "Kertoo omasta kokemuksestaan ja vastaa kysymyksiin.",
    ),
    "talk": (
        "Puheenvuoro henkilöstön kehittämispäivään",
        "Henkilöstö ymmärtää, miltä palvelu tuntuu asiakkaasta.",
        "Pitää puheenvuoron ja osallistuu keskusteluun.",
    ),
    "pair_work": (
        "Ryhmän ohjaaminen työparina",
        "Ryhmäläiset saavat toivoa ja keinoja arkeen.",
        "Suunnittelee ja ohjaa ryhmän yhdessä ammattilaisen kanssa.",
    ),
    "developer": (
        "Vastaanoton uudistaminen",
        "Ensimmäinen käynti on helpompi.",
        "Osallistuu kehittämisryhmään ja testaa uuden mallin.",
    ),
    "evaluator": (
        "Palvelun arviointi asiakkaan silmin",
        "Tiedämme, mikä toimii ja mikä ei.",
        "Tutustuu palveluun ja kirjaa havainnot.",
    ),
    "panel": (
        "Paneeli teemapäivässä",
        "Yleisö kuulee eri näkökulmia.",
        "Keskustelee muiden asiantuntijoiden kanssa.",
    ),
    "three_way_work": (
        "Kolmikantatapaaminen",
        "Asiakas tulee kuulluksi ja saa suunnan.",
        "Tapaa asiakkaan ammattilaisen kanssa.",
    ),
    "customer_panel": (
        "Asiakasraadin jäsen",
        "Palvelut paranevat käyttäjien sanojen mukaan.",
        "Osallistuu raadin kokouksiin.",
    ),
}
OWN_WORDS = [
    "Haluan näyttää, että toipuminen on mahdollista.",
    "Puhun suoraan mutta lämpimästi. Kysyä saa mitä vain.",
    "Minulla on pitkä kokemus palveluista ja niiden väliin putoamisesta.",
    "Olen löytänyt sanoja asioille, joista vaietaan.",
    "Tuon läheisen äänen kuuluviin.",
    "Kuuntelen ensin ja puhun sitten.",
    "Minulle sopii pieni ryhmä ja rauhallinen tahti.",
    "Olen tehnyt pitkän matkan häpeästä ylpeyteen.",
    "Tunnen arjen, jota esitteissä ei näy.",
    "Teen mielelläni työtä ammattilaisen rinnalla.",
    "Kerron myös siitä, mikä ei auttanut.",
    "Puhun nuorille niin kuin olisin itse halunnut kuulla.",
]
CHANGES = [
    "Muutimme kutsukirjeen selkeämmäksi ja pois jäi turhaa pelottelua.",
    "Opiskelijat pyysivät lisää vierailuja kurssille.",
    "Otimme vertaisen mukaan jokaiseen ryhmän aloitukseen.",
    "Vastaanotolla kysytään nyt ensin, mitä ihminen itse toivoo.",
]


THOUGHTS = {
    Side.EXPERT: ["Minua kuunneltiin.", "Aika loppui kesken, mutta lämmin vastaanotto."],
    Side.ORDERER: [
        "Ryhmä puhui tästä vielä viikon päästä.",
        "Olisi kannattanut varata enemmän aikaa.",
    ],
}


def demo_is_loaded() -> bool:
    """Return whether the demo people are in the database."""
    return User.objects.filter(email=f"koordinaattori@{DOMAIN}").exists()


class Demo:
    """Makes the people and orders in a fixed order from one stream of chance."""

    def __init__(self, seed: int, at: datetime, *, size: int = 0) -> None:
        self.chance = random.Random(seed)  # noqa: S311 -- invented data
        self.at = at
        # Once, as it is slow on purpose; everybody may know this password, so everybody may know its salt.
        self.hashed = make_password(PASSWORD, salt="luukku")
        self.themes = list(Theme.objects.filter(is_active=True).order_by("position"))
        self.types = list(TaskType.objects.filter(is_active=True).order_by("position"))
        towns = Municipality.objects.filter(county=region().county, valid_to=None).order_by(
            "-population", "code"
        )
        self.towns = list(towns)
        self.weights = [known(town.population) for town in self.towns]
        size = max(size, 999)
        self.numbers = iter(self.chance.sample(range(10, 10 * (size + 1)), size))

    def person(self, email: str, name: str, **fields: Any) -> User:
        """Make somebody who can sign in with the demo password; without ``email`` nobody can."""
        user = User.objects.create_user(email, name=name, **fields)
        if user.email:
            user.password = self.hashed
            user.save(update_fields=["password"])
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def name(self) -> str:
        """Invent a name."""
        return f"{self.chance.choice(FIRST)} {self.chance.choice(LAST)}"

    def counter(self) -> None:
        """Make the coordinator, the steering group's member and the administrator."""
        self.coordinator = self.person(
            f"koordinaattori@{DOMAIN}",
            "Tarja Luukku",
            roles=[Role.COORDINATOR],
            phone="040 000 0001",
        )
        self.person(f"ohjausryhma@{DOMAIN}", "Olavi Ohjaaja", roles=[Role.STEERING])
        self.person(f"yllapito@{DOMAIN}", "Ylva Ylläpito", roles=[Role.ADMIN])

    def organisations(self) -> None:
        """Make orderers and background organisations, vetted but for one."""
        self.orderers: list[tuple[Organisation, User]] = []
        for n, (name, kind, town, services, units) in enumerate(ORGANISATIONS):
            user = self.person(f"tilaaja{n + 1}@{DOMAIN}", self.name(), phone=f"040 000 01{n:02}")
            made = self._found(name, kind, [Task.ORDERS], town, user, services)
            for unit in units:
                organisations.add_unit(
                    made, name=unit, municipality=made.municipality, by=user, at=self.at
                )
            if n < len(ORGANISATIONS) - 1:
                organisations.vet(made, by=self.coordinator, at=self.at)
                self.orderers.append((made, user))
        self.behind: list[tuple[Organisation, User]] = []
        for n, (name, town) in enumerate(BEHIND):
            user = self.person(f"jarjesto{n + 1}@{DOMAIN}", self.name())
            made = self._found(name, Kind.NGO, [Task.BACKGROUND, Task.TRAINS], town, user, ["hyte"])
            organisations.vet(made, by=self.coordinator, at=self.at)
            self.behind.append((made, user))

    def _found(
        self,
        name: str,
        kind: Kind,
        tasks: list[Task],
        town: str,
        user: User,
        services: list[str],
    ) -> Organisation:
        return organisations.found(
            name=name,
            kind=kind,
            tasks=tasks,
            municipality=Municipality.objects.get(code=town),
            services=Service.objects.filter(code__in=services),
            by=user,
            at=self.at,
            for_user=user,
        )

    def expert(self, n: int) -> Expert:
        """Make one expert with a believable profile; every tenth has no e-mail."""
        is_first = n == 0
        without_mail = n % 10 == 9
        email = f"kokemus{n + 1}@{DOMAIN}"
        user = self.person(
            "" if without_mail else email,
            "Kaisa Kokemus" if is_first else self.name(),
            phone=f"040 000 {1000 + n}",
        )
        by = self.coordinator if without_mail else user
        expert = experts.start(user, by=by, at=self.at)
        expert.code_name = (
            f"{self.chance.choice(NATURE)} {next(self.numbers)}"  # the same for the same seed
        )
        expert.save(update_fields=["code_name"])
        town = self.towns[0] if is_first else self.chance.choices(self.towns, self.weights)[0]
        organisation, responsible = self.chance.choice([*self.behind, (None, None)])
        experts.save(
            expert,
            by=by,
            at=self.at,
            own_words=self.chance.choice(OWN_WORDS),
            municipality=town,
            reach_km=100 if is_first else self.chance.choice([20, 30, 50, 50, 80, 120, 200]),
            is_remote_ok=is_first or self.chance.random() < 0.6,
            monthly_limit=self.chance.choice([None, None, 2, 4]),
            background_organisation=organisation,
            responsible_person=responsible if self.chance.random() < 0.8 else None,
            support_needs=self.chance.choice(
                ["", "", "Toivon rauhallista tilaa ja taukoja.", "Tarvitsen esteettömän pääsyn."]
            ),
            task_types=self.types[:6]
            if is_first
            else self.chance.sample(self.types, self.chance.randint(4, 12)),
            languages=[
                "fi",
                *(["sv"] if self.chance.random() < 0.15 else []),
                *(["en"] if self.chance.random() < 0.3 else []),
            ],
        )
        rows = self.chance.sample(self.themes, self.chance.randint(1, 4))
        experts.set_experiences(
            expert,
            [
                (
                    theme,
                    self.chance.choices(list(Perspective), [4, 1])[0],
                    n == 0 or self.chance.random() < 0.95,
                )
                for n, theme in enumerate(rows)
            ],
            by=by,
            at=self.at,
        )
        if self.chance.random() < 0.7 and not is_first:
            days = self.chance.sample(range(5), 3)
            slots = [(day, time(8), time(12)) for day in days] + [
                (day, time(12), time(16)) for day in days
            ]
            experts.set_availability(expert, slots=slots, exceptions=[], by=by, at=self.at)
        if self.chance.random() < 0.8:
            training = experts.add_training(
                expert,
                kind=TrainingKind.BASIC,
                name="Kokemustoimijan peruskoulutus",
                producer=BEHIND[n % 3][0],
                hours=40,
                completed_on=date(2026, 1, 15) - timedelta(days=self.chance.randrange(2000)),
                by=by,
                at=self.at,
            )
            if training.verified_at is None and self.chance.random() < 0.9:
                experts.verify_training(training, by=self.coordinator, at=self.at)
        purposes = {Purpose.IN_BANK, Purpose.EMAIL, Purpose.STATISTICS}
        set_consents(
            user,
            purposes | ({Purpose.IDENTITY} if is_first or self.chance.random() < 0.8 else set()),
            by=by,
            at=self.at,
        )
        experts.submit(expert, by=by, at=self.at)
        if n % 25 != 24:  # a few wait for the counter
            experts.welcome(expert, by=self.coordinator, at=self.at)
        return expert

    def _draft(
        self, code: str, *, organisation: Organisation, by: User, at: datetime, **fields: Any
    ) -> Order:
        title, goal, does = GOALS[code]
        order = orders.start(by=by, at=at, organisation=organisation)
        return orders.save_draft(
            order,
            by=by,
            at=at,
            title=title,
            goal=goal,
            expert_does=does,
            audience="Noin 20 osallistujaa",
            audience_size=20,
            task_type=TaskType.objects.get(code=code),
            municipality=organisation.municipality,
            address="Esimerkkikatu 1",
            accessibility="Esteetön sisäänkäynti, hissi, induktiosilmukka.",
            length_minutes=90,
            preparation="Ryhmä kerää kysymykset etukäteen.",
            languages=[Language.objects.get(pk="fi")],
            **fields,
        )

    def order(self, n: int) -> Order:
        """Make one order and carry it as far as its number says."""
        organisation, user = self.orderers[0] if n == 0 else self.chance.choice(self.orderers)
        code = list(GOALS)[n % len(GOALS)]
        past = n % 3 == 0 and n > 0
        waits = n % 6 == 1
        made = self.at - timedelta(days=120 if past else self.chance.randint(1, 10))
        if (
            not past
        ):  # the counter keeps its promises: an order is read in two days, staffed in seven
            made = max(made, self.at - timedelta(hours=n // 4 if waits else 4 * 24))
        day = helsinki(made).date() + timedelta(days=self.chance.randint(21, 60))
        hour = self.chance.choice([9, 10, 12, 13])
        order = self._draft(
            code,
            organisation=organisation,
            by=user,
            at=made,
            mode=self.chance.choices([Mode.PLACE, Mode.EITHER, Mode.REMOTE], [6, 2, 1])[0],
            experts_wanted=self.chance.choices([1, 2], [5, 1])[0],
            payment={1: Payment.HELP, 7: Payment.OPEN}.get(n % 12, Payment.AGREED),
            fee_eur=Decimal(self.chance.choice([50, 80, 100, 150])),
            themes=[(self.chance.choice(self.asked), "")],
            times=[
                (
                    instant(day + timedelta(days=7 * k), time(hour)),
                    instant(day + timedelta(days=7 * k), time(hour + 1, 30)),
                )
                for k in range(self.chance.randint(1, 2))
            ],
        )
        if n % 12 == 11:
            return order  # stays a draft
        order = orders.send(order, by=user, at=made)
        if waits:
            return order  # waits for the counter
        order = orders.accept(order, by=self.coordinator, at=made)
        order = assignments.open_search(order, by=self.coordinator, at=made)
        if past or n % 2 == 0:
            self.staff(order, at=made)
        if past:
            self.finish(order, user)
        elif n % 6 == 2:
            self.ask_change(order, user, is_answered=n % 12 == 8)
        return order

    def ask_change(self, order: Order, user: User, *, is_answered: bool) -> None:
        """Let the orderer ask for a change after sending; some have been answered."""
        at = self.at - timedelta(hours=5)
        words = "Ryhmässä onkin 40 opiskelijaa. Voiko tilaisuus olla auditoriossa?"
        asked = orders.ask_change(order, words, by=user, at=at)
        if is_answered:
            answer = "Soitin asiantuntijalle: auditorio käy hyvin. Paikka on nyt muutettu."
            orders.answer_change(asked, answer, by=self.coordinator, at=at + timedelta(hours=3))

    def staff(self, order: Order, *, at: datetime) -> None:
        """Offer the order to the best candidates; most say yes."""
        for candidate in match(order, at=at, limit=order.experts_wanted + 1).candidates:
            expert = Expert.objects.select_related("user").get(pk=candidate.expert_id)
            offer = assignments.propose(
                order,
                expert,
                by=self.coordinator,
                at=at,
                answer_by=at + timedelta(days=5),
                reasons=candidate.reasons,
            )
            if self.chance.random() < 0.75:
                has_mail = bool(expert.user.email)
                try:
                    assignments.accept(
                        offer,
                        by=expert.user if has_mail else self.coordinator,
                        at=at + timedelta(hours=2),
                        via=Via.LINK if has_mail else Via.COUNTER,
                        time=order.times.filter(is_settled=True).first() or order.times.first(),
                        on_behalf_of=None if has_mail else expert.user,
                    )
                except assignments.AlreadyBooked:
                    continue
            elif self.chance.random() < 0.5:
                assignments.decline(
                    offer,
                    by=expert.user if expert.user.email else self.coordinator,
                    at=at + timedelta(hours=3),
                    on_behalf_of=None if expert.user.email else expert.user,
                )
            order.refresh_from_db()
            if order.state != OrderState.SEARCHING:
                return

    def finish(self, order: Order, user: User) -> None:
        """Carry a past order to its end: done with feedback and what changed, or counted as unmet."""
        order.refresh_from_db()
        done_at = self.at - timedelta(days=20)
        if order.state == OrderState.SEARCHING:
            assignments.give_up(
                order, failure=self.chance.choice(list(Failure)), by=self.coordinator, at=done_at
            )
            order.refresh_from_db()
        for task in order.assignments.filter(state="agreed").order_by("pk"):
            at = task.ends_at + timedelta(hours=3)
            feedback.close_task(task, by=user, at=at)
            task.refresh_from_db()
            for side, person in ((Side.EXPERT, task.expert.user), (Side.ORDERER, user)):
                has_mail = bool(person.email)
                if self.chance.random() < 0.8:
                    scales = {
                        name: self.chance.choices([3, 4, 5], [1, 3, 5])[0]
                        for name in ("smooth", "useful", "heard", "again")
                    }
                    feedback.give(
                        task,
                        side=side,
                        words=self.chance.choice(["", "", *THOUGHTS[side]]),
                        by=person if has_mail else self.coordinator,
                        at=at + timedelta(days=1),
                        via=Via.LINK if has_mail else Via.COUNTER,
                        on_behalf_of=None if has_mail else person,
                        wants_debrief=False,
                        **scales,
                    )
        if order.assignments.filter(state="done").exists() and self.chance.random() < 0.7:
            feedback.tell_what_changed(
                order,
                words=self.chance.choice(CHANGES),
                by=user,
                at=self.at - timedelta(days=2),
                via=Via.DESK,
            )

    def variety(self) -> None:
        """Make what chance leaves out, so that each desk, state and duty can be seen."""
        by, at = self.coordinator, self.at
        behind, responsible = self.behind[0]
        # One person with several roles: an expert who also orders, and trains elsewhere.
        many = Expert.objects.get(user__email=f"kokemus2@{DOMAIN}").user
        organisations.add_member(self.orderers[2][0], many, role=MemberRole.ORDERER, by=by, at=at)
        organisations.add_member(self.behind[1][0], many, role=MemberRole.PRODUCER, by=by, at=at)
        trainer = self.person(f"kouluttaja1@{DOMAIN}", self.name())
        trains = self._found(
            "Oppiva Ranta ry", Kind.NGO, [Task.TRAINS], "609", trainer, ["education"]
        )
        organisations.vet(trains, by=by, at=at)
        # An orderer without e-mail, whom the counter serves by phone.
        caller = self.person("", self.name(), phone="040 000 0190")
        organisations.add_member(self.orderers[5][0], caller, role=MemberRole.ORDERER, by=by, at=at)
        # Organisations that were refused, that have ended, and that have named no contact person.
        for name, act in (
            ("Saariston kyläyhdistys ry", organisations.vet),
            (
                "Nopea Voitto Oy",
                partial(
                    organisations.refuse,
                    reason="Yrityksen Y-tunnusta ei löytynyt eikä yhteyshenkilöä tavoitettu.",
                ),
            ),
            ("Entinen Hanke", organisations.end),
        ):
            act(
                organisations.found(name=name, kind=Kind.OTHER, tasks=[Task.ORDERS], by=by, at=at),
                by=by,
                at=at,
            )
        self._profiles(behind, responsible)
        self._orders()
        self._practice(self.orderers[0][1])
        self._to_call(caller)
        self._changes(theme=known(many.expert.experiences.first()).theme)

    def _practice(self, sender: User) -> None:
        """Have an orderer suggest a good practice that waits for its reader."""
        content.submit_practice(
            content.PracticeWords(
                title="Kysymykset etukäteen kortille",
                intro="Opiskelijat kirjoittavat kysymyksensä korteille ennen oppituntia.",
                done="Ryhmä kokosi kysymykset edellisellä tunnilla, ja kokemusasiantuntija sai ne luettavakseen.",
                changed="Hiljaisetkin saivat kysymyksensä kuuluviin, ja oppitunti pysyi aiheessa.",
                contact="Luukun kautta",
                themes=[],
                services=[Service.objects.get(code="education")],
                task_types=[TaskType.objects.get(code="lecture")],
            ),
            language="fi",
            by=sender,
            at=self.at,
        )

    def _profiles(self, behind: Organisation, responsible: User) -> None:
        by, at = self.coordinator, self.at
        beginner = self.person(f"aloittelija@{DOMAIN}", self.name())
        experts.start(beginner, by=beginner, at=at)
        active = Expert.objects.active().order_by("pk")
        first, resting, away = active[0], active[2], active[3]
        experts.pause(
            resting, until=helsinki(at).date() + timedelta(days=30), by=resting.user, at=at
        )
        experts.set_availability(
            away,
            slots=[(day, time(9), time(15)) for day in range(5)],
            exceptions=[
                (
                    helsinki(at).date() + timedelta(days=n),
                    helsinki(at).date() + timedelta(days=n + 7),
                    False,
                )
                for n in (14, 60)
            ],
            by=by,
            at=at,
        )
        experts.save(
            first,
            by=first.user,
            at=at,
            equipment="Kannettava, kamera ja kuulokkeet.",
            background_organisation=behind,
            responsible_person=responsible,
            shows_organisation=True,
        )
        leaver = active.exclude(assignments__state="agreed")[4]
        assignments.leave_bank(leaver, by=leaver.user if leaver.user.email else by, at=at)

    def _orders(self) -> None:
        by, at = self.coordinator, self.at
        waiting = list(Order.objects.in_state(OrderState.SENT).order_by("pk"))
        if len(waiting) > 3:
            orders.accept(waiting[0], by=by, at=at)
            orders.decline(
                waiting[1],
                reason="Tähän sopii paremmin vertaistukiryhmä. Soittakaa, niin autamme löytämään sen.",
                by=by,
                at=at,
            )
            assignments.cancel_order(
                waiting[2],
                whose=CancelledBy.ORDERER,
                reason="Koulutuspäivä siirtyi keväälle.",
                by=known(waiting[2].contact),
                at=at,
            )
        self._sign_up()
        done = Assignment.objects.filter(state="done").order_by("pk").first()
        if done is not None:
            feedback.ask_debrief(
                done,
                by=by,
                at=at - timedelta(days=1),
                on_behalf_of=done.expert.user,
            )

    def _changes(self, *, theme: Theme) -> None:
        """Make what has changed: an organisation's details, a contact person, an address, an expert who cannot come."""
        by, at = self.coordinator, self.at
        school, teacher = self.orderers[0]
        organisations.edit(
            school, name=f"{school.name}, avoin linja", kind=Kind(school.kind), sector=Sector(school.sector),
            municipality=school.municipality, services=list(school.services.all()),
            business_id=school.business_id, by=teacher, at=at,
        )  # fmt: skip
        leaver = self.person(f"lahtija1@{DOMAIN}", self.name())
        left = self._found("Meren koulu", Kind.SCHOOL, [Task.ORDERS], "609", leaver, ["education"])
        organisations.vet(left, by=by, at=at)
        starts = instant(helsinki(at).date() + timedelta(days=40), time(10))
        times = (starts, starts + timedelta(minutes=90))
        self._searching("talk", left, leaver, theme=theme, made=at, time=times)
        for membership in left.memberships.filter(user=leaver).order_by("pk"):
            assignments.remove_member(membership, by=by, at=at)
        task = (
            Assignment.objects.filter(state="agreed", starts_at__gt=at + timedelta(days=5))
            .select_related("expert__user")
            .order_by("-starts_at", "-pk")
            .first()
        )
        if task is not None:
            assignments.cancel(
                task,
                whose=CancelledBy.EXPERT,
                reason="Sairastuin, en pääse.",
                by=by,
                at=at,
                on_behalf_of=task.expert.user,
            )
        asked_at = at - timedelta(days=3, hours=1)
        accounts.ask_address(
            leaver,
            f"uusi.osoite@{DOMAIN}",
            reason="Vanha työsähköposti on suljettu.",
            identity="Tunnistin puhelimessa, soitin tuttuun numeroon.",
            by=User.objects.get(email=f"yllapito@{DOMAIN}"),
            at=asked_at,
        )
        # The letter to the old address has left then, too: the time to object is counted from it.
        Letter.objects.filter(kind="accounts.address_asked", reader=leaver).update(sent_at=asked_at)

    def _sign_up(self) -> None:
        """Have somebody sign up to an open call by themselves."""
        expert = known(Expert.objects.active().exclude(user__email=None).order_by("pk").last())
        (organisation, user), day = self.orderers[3], helsinki(self.at).date() + timedelta(days=30)
        order = self._searching(
            "pair_work",
            organisation,
            user,
            theme=known(expert.experiences.first()).theme,
            made=self.at - timedelta(days=2),
            time=(instant(day, time(13)), instant(day, time(14, 30))),
        )
        assignments.sign_up(order, expert, by=expert.user, at=self.at)

    def _to_call(self, caller: User) -> None:
        """Make what waits for a call: a draft, a silent expert, a task nobody marked, a silent orderer."""
        by, at, day = self.coordinator, self.at, timedelta(days=1)
        organisation = self.orderers[5][0]
        begun = orders.start(by=by, at=at, organisation=organisation, contact=caller)
        orders.save_draft(begun, by=by, at=at, title=GOALS["lecture"][0])
        expert = known(Expert.objects.active().select_related("user").order_by("pk").last())
        (organisation, user), theme = self.orderers[1], known(expert.experiences.first()).theme
        past = (at - timedelta(minutes=90), at)
        offer = self._offer(
            "talk", expert, organisation, user, theme=theme, made=at - 10 * day, time=past
        )
        assignments.accept(
            offer,
            by=by,
            at=at - 9 * day,
            via=Via.COUNTER,
            time=offer.order.times.get(),
            on_behalf_of=expert.user,
        )
        soon = (at + 12 * day, at + 12 * day + timedelta(minutes=90))
        self._offer(
            "panel", expert, organisation, user, theme=theme, made=at - 5.5 * day, time=soon
        )
        silent = known(WhatChanged.objects.filter(answered_at=None).order_by("pk").first())
        silent.ask_on = (at - 20 * day).date()
        silent.save(update_fields=["ask_on"])
        feedback.ask_what_changed(at=at - 15 * day)

    def catch_up(self) -> None:
        """Have the counter keep up with its queue: the earlier letters have been told, the earlier feedback read."""
        by = self.coordinator
        for letter in list(paper_queue())[:-LEFT_TO_TELL]:
            deliver(letter, by=by, at=min(letter.made_at + timedelta(hours=4), self.at))
        given = Feedback.objects.waiting().order_by("given_at", "pk")
        for one in list(given)[:-1]:
            feedback.read(one, by=by, at=one.given_at + timedelta(days=1))

    def first_days(self, expert: Expert) -> None:
        """Give the first expert one of each: a task told about, one to tell about, one agreed, one to answer."""
        expert.refresh_from_db()
        (organisation, user), theme = self.orderers[0], known(expert.experiences.first()).theme
        for code, days in (("talk", -24), ("panel", -3), ("lecture", 9), ("pair_work", 16)):
            made = self.at + timedelta(days=min(days - 15, -2))
            day = helsinki(self.at).date() + timedelta(days=days)
            slot = (instant(day, time(13)), instant(day, time(14, 30)))
            offer = self._offer(code, expert, organisation, user, theme=theme, made=made, time=slot)
            if code == "pair_work":
                continue
            task = assignments.accept(
                offer,
                by=expert.user,
                at=made + timedelta(hours=5),
                via=Via.DESK,
                time=offer.order.times.get(),
            )
            if days < 0:
                feedback.close_task(task, by=user, at=task.ends_at + timedelta(hours=1))
            if code == "talk":
                self.told(task, user)
            if code == "panel":  # the expert's own is still to come
                self._tell(task, Side.ORDERER, user, THOUGHTS[Side.ORDERER][0], at=task.ends_at)

    def looked(self, expert: Expert) -> None:
        """Have the counter and two organisations look at the first expert on different days."""
        person, (organisation, orderer) = expert.user, self.orderers[0]
        for days, hours, reader, reader_as, here, why in (
            (9, 0, self.coordinator, ReaderAs.COORDINATOR, None, f"counter:expert {expert.pk}"),
            (9, 1, self.coordinator, ReaderAs.COORDINATOR, None, f"counter:expert {expert.pk}"),
            (6, 2, orderer, ReaderAs.ORDERER, organisation.pk, "public:search"),
            (2, 0, self.coordinator, ReaderAs.COORDINATOR, None, "counter:queue"),
        ):
            with collecting() as readings:
                if why == "public:search":
                    card(expert, on=helsinki(self.at).date())
                else:
                    _seen = (person.name, person.phone)
            note(
                readings,
                reader_id=reader.pk,
                reader_as=reader_as,
                organisation_id=here,
                why=why,
                at=self.at - timedelta(days=days, hours=hours),
            )

    def read_widely(self) -> None:
        """Have an orderer see as many cards as a day lets and give a reason for more."""
        _organisation, orderer = self.orderers[3]
        limit = settings.LUUKKU_CARDS_A_DAY
        ids = Expert.objects.active().order_by("pk").values_list("pk", flat=True)[:limit]
        if len(ids) == limit == len(search.show_cards(list(ids), to=orderer, at=self.at)):
            reason = "Suunnittelemme ensi kevään luentosarjaa ja etsimme siihen viittä puhujaa."
            search.ask_wider(reason, by=orderer, at=self.at)

    def _offer(
        self,
        code: str,
        expert: Expert,
        organisation: Organisation,
        user: User,
        *,
        theme: Theme,
        made: datetime,
        time: tuple[datetime, datetime],
    ) -> Offer:
        """Carry an order of ``user`` as far as an offer to ``expert``."""
        order = self._searching(code, organisation, user, theme=theme, made=made, time=time)
        return assignments.propose(
            order,
            expert,
            by=self.coordinator,
            at=made,
            answer_by=made + timedelta(days=7, hours=6),
        )

    def _searching(
        self,
        code: str,
        organisation: Organisation,
        user: User,
        *,
        theme: Theme,
        made: datetime,
        time: tuple[datetime, datetime],
    ) -> Order:
        """Carry an order of ``user`` as far as the search."""
        order = self._draft(
            code,
            organisation=organisation,
            by=user,
            at=made,
            mode=Mode.PLACE,
            experts_wanted=1,
            payment=Payment.AGREED,
            fee_eur=Decimal(120),
            themes=[(theme, "")],
            times=[time],
        )
        order = orders.send(order, by=user, at=made)
        order = orders.accept(order, by=self.coordinator, at=made)
        return assignments.open_search(order, by=self.coordinator, at=made)

    def told(self, task: Assignment, user: User) -> None:
        """Write down both sides' feedback and what changed."""
        at = task.ends_at + timedelta(days=1)
        for side, by in ((Side.EXPERT, task.expert.user), (Side.ORDERER, user)):
            self._tell(task, side, by, "", at=at)
        feedback.tell_what_changed(
            task.order, words=CHANGES[3], by=user, at=self.at - timedelta(days=1), via=Via.DESK
        )

    @staticmethod
    def _tell(task: Assignment, side: Side, by: User, words: str, *, at: datetime) -> None:
        task.refresh_from_db()
        scales: dict[str, Any] = {"smooth": 5, "useful": 4, "heard": 5, "again": 5}
        at += timedelta(hours=2)
        feedback.give(
            task, side=side, words=words, by=by, at=at, via=Via.DESK, wants_debrief=False, **scales
        )

    def questions(self) -> None:
        """Make threads in every state: waiting, answered, handed over, closed; and two ready answers."""
        counter, day = self.coordinator, timedelta(days=1)
        guidance.ask(
            "Miten voin lähteä mukaan koulutukseen?",
            topic=Topic.TRAINING,
            by=None,
            at=self.at - day,
            name="Kysyjä",
            email=f"kysyja@{DOMAIN}",
        )
        guidance.ask(
            "Ruudunlukija ei kerro, mikä kalenterin päivä on valittuna.",
            kind=QuestionKind.ACCESSIBILITY,
            by=None,
            at=self.at - 2 * day,
            email=f"ruudunlukija@{DOMAIN}",
            came_from="/fi/calls/",
        )
        user = self.orderers[0][1]
        asked = guidance.ask(
            "Kuka maksaa palkkion, kun tilaaja on koulu?",
            topic=Topic.ORDER,
            by=user,
            at=self.at - 9 * day,
        )
        guidance.answer(
            asked,
            "Tilaaja maksaa. Kirjoita tilaukseen, mistä varoista palkkio maksetaan.",
            by=counter,
            at=self.at - 8 * day,
        )
        handed = guidance.ask(
            "Onko lähellä ryhmää, johon voisi tulla juttelemaan?",
            by=None,
            at=self.at - 7 * day,
            phone="040 000 0900",
            name="Kysyjä",
        )
        guidance.note(handed, "Soitettu, toivoo iltaryhmää.", by=counter, at=self.at - 6 * day)
        guidance.hand_over(
            handed,
            to=self.behind[0][0],
            agreed="Yhdyshenkilö katsoo ryhmien ajat.",
            shows_contact=True,
            follow_on=(self.at - day).date(),
            by=counter,
            at=self.at - 6 * day,
        )
        for title, words, is_common in (
            (
                "Milloin seuraava koulutus alkaa?",
                "Kerromme seuraavasta koulutuksesta, kun päivä on sovittu. Haluatko, että kirjoitamme sinulle silloin?",
                False,
            ),
            (
                "Kuka maksaa palkkion?",
                "Tilaaja maksaa palkkion ja matkakulut. Kirjoita tilaukseen, mistä varoista ne maksetaan.",
                True,
            ),
        ):
            guidance.keep_answer(
                None,
                title=title,
                words=words,
                language="fi",
                may_be_faq=is_common,
                is_active=True,
                by=counter,
                at=self.at,
            )

    def run(self, n_experts: int, n_orders: int) -> dict[str, object]:
        """Make everything."""
        self.counter()
        self.organisations()
        made = [self.expert(n) for n in range(n_experts)]
        rows = Experience.objects.filter(is_shown=True).select_related("theme").order_by("pk")
        self.asked = [
            row.theme for row in rows
        ] or self.themes  # what many have, is asked for often
        for n in range(n_orders):
            self.order(n)
        if n_experts >= SOME and n_orders >= SOME:
            self.first_days(made[0])
            self.looked(made[0])
        if n_experts > MANY and n_orders > MANY:  # small ones are for tests of other things
            self.variety()
            self.read_widely()
            self.catch_up()
        self.questions()
        return {
            "experts": n_experts,
            "orders": n_orders,
            "password": PASSWORD,
            "sign_in": {
                "coordinator": f"koordinaattori@{DOMAIN}",
                "orderer": f"tilaaja1@{DOMAIN}",
                "expert": f"kokemus1@{DOMAIN}",
                "background": f"jarjesto1@{DOMAIN}",
                "producer": f"kouluttaja1@{DOMAIN}",
                "several roles": f"kokemus2@{DOMAIN}",
                "steering": f"ohjausryhma@{DOMAIN}",
                "admin": f"yllapito@{DOMAIN}",
            },
        }


class Command(BaseCommand):
    """``manage.py load_demo``."""

    help = "Fill the database with invented people and orders."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take sizes and the seed."""
        parser.add_argument("--experts", type=int, default=60)
        parser.add_argument("--orders", type=int, default=36)
        parser.add_argument("--seed", type=int, default=2021)

    def handle(self, *_args: object, **options: int) -> None:
        """Make them, all or nothing; a second time changes nothing.

        Raises:
            CommandError: a size is negative or too large, or the reference data are missing.
        """
        for name in ("experts", "orders"):
            if not 0 <= options[name] <= MOST:
                raise CommandError(f"--{name} must be 0 to {MOST}.")
        if not Region.objects.filter(code=settings.LUUKKU_REGION).exists():
            raise CommandError("There are no reference data yet. Run: manage.py load_reference")
        if demo_is_loaded():
            self.stdout.write(json.dumps({"experts": 0, "orders": 0, "already": True}))
            return
        midnight = helsinki(timezone.now()).replace(hour=0, minute=0, second=0, microsecond=0)
        with transaction.atomic():
            demo = Demo(options["seed"], midnight - timedelta(hours=14), size=options["experts"])
            made = demo.run(options["experts"], options["orders"])
        self.stdout.write(json.dumps(made, ensure_ascii=False))
