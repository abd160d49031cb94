"""Invented people, organisations and experts."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from luukku.accounts.models import Role, User
from luukku.assignments import actions as assignments
from luukku.audit.models import ReaderAs
from luukku.audit.reading import note
from luukku.config.demo.words import BEHIND, DOMAIN, FIRST, LAST, ORGANISATIONS, OWN_WORDS, PASSWORD
from luukku.core.known import known
from luukku.core.reading import collecting
from luukku.core.times import helsinki
from luukku.experts import actions as experts
from luukku.experts.models import Expert, Perspective, TrainingKind
from luukku.experts.queries import NATURE, card
from luukku.organisations import actions as organisations
from luukku.organisations.models import Kind, Organisation, Task
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.search import actions as search
from luukku.taxonomy.models import Municipality, Service, TaskType, Theme
from luukku.taxonomy.queries import region


class People:
    """People, organisations and experts, as many as are asked for."""

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
