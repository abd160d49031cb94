"""Invented people, organisations and experts, as rows of a spec document."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import NamedTuple

from luukku.accounts.models import Role
from luukku.config.demo.words import (
    BEHIND,
    DOMAIN,
    FIRST,
    FURTHER,
    LAST,
    ORGANISATIONS,
    OWN_WORDS,
    PASSWORD,
)
from luukku.core.document import Row
from luukku.core.known import known
from luukku.core.times import helsinki
from luukku.experts.models import Perspective, TrainingKind
from luukku.experts.queries import NATURE
from luukku.experts.states import ExpertState
from luukku.organisations.models import Kind, MemberRole, Task
from luukku.organisations.states import OrganisationState
from luukku.privacy.models import Purpose
from luukku.taxonomy.models import Municipality, TaskType, Theme
from luukku.taxonomy.queries import region

COORDINATOR, ADMIN = "koordinaattori", "yllapito"


class Orderer(NamedTuple):
    """Somebody who orders for an organisation, by their keys, and where it is, by its code."""

    organisation: str
    person: str
    town: str


class People:
    """People, organisations and experts, as many as are asked for.

    Attributes:
        people, organisations, experts: the rows of these parts.
        by_phone: the keys of those without e-mail.
        orderers: who orders; behind: background organisations and their contact persons.
    """

    def __init__(self, seed: int, at: datetime, *, size: int = 0) -> None:
        self.chance = random.Random(seed)  # noqa: S311 -- invented data
        self.at = at
        self.today = helsinki(at).date()
        self.themes = _codes(Theme)
        self.types = _codes(TaskType)
        towns = Municipality.objects.filter(county=region().county, valid_to=None).order_by(
            "-population", "code"
        )
        self.towns = {town.code: known(town.population) for town in towns}
        size = max(size, 999)
        self.numbers = iter(self.chance.sample(range(10, 10 * (size + 1)), size))
        self.people: list[Row] = []
        self.by_phone: set[str] = set()
        self.organisations: list[Row] = []
        self.experts: list[Row] = []
        self.orderers: list[Orderer] = []
        self.behind: list[tuple[str, str]] = []

    def person(self, key: str, name: str, *, has_mail: bool = True, **fields: object) -> str:
        """Add somebody who signs in with the demo password; without e-mail nobody can. Return the key."""
        row = {"key": key, "name": name, **fields}
        if has_mail:
            row |= {"email": f"{key}@{DOMAIN}", "password": PASSWORD}
        else:
            self.by_phone.add(key)
        self.people.append(row)
        return key

    def name(self) -> str:
        """Invent a name."""
        return f"{self.chance.choice(FIRST)} {self.chance.choice(LAST)}"

    def counter(self) -> None:
        """Add the coordinator, the steering group's member and the administrator."""
        self.person(COORDINATOR, "Tarja Luukku", roles=[Role.COORDINATOR], phone="040 000 0001")
        self.person("ohjausryhma", "Olavi Ohjaaja", roles=[Role.STEERING])
        self.person(ADMIN, "Ylva Ylläpito", roles=[Role.ADMIN])

    def registered(self, name: str, kind: Kind, tasks: list[Task], **fields: object) -> str:
        """Add an organisation; return its key."""
        self.organisations.append(
            {"key": name, "name": name, "kind": kind, "tasks": tasks, **fields}
        )
        return name

    def schools(self) -> list[str]:
        """Return the organisations that do nothing but train."""
        return [row["key"] for row in self.organisations if row["tasks"] == [Task.TRAINS]]

    def organise(self) -> None:
        """Add orderers and background organisations, vetted but for one."""
        for n, (name, kind, town, services, units) in enumerate(ORGANISATIONS):
            user = self.person(f"tilaaja{n + 1}", self.name(), phone=f"040 000 01{n:02}")
            is_known = n < len(ORGANISATIONS) - 1
            self.registered(
                name,
                kind,
                [Task.ORDERS],
                by=user,
                municipality=town,
                services=services,
                units=[{"name": unit, "municipality": town} for unit in units],
                state=OrganisationState.VETTED if is_known else OrganisationState.WAITING,
            )
            if is_known:
                self.orderers.append(Orderer(name, user, town))
        for n, (name, town) in enumerate(BEHIND):
            user = self.person(f"jarjesto{n + 1}", self.name())
            tasks = [Task.BACKGROUND, Task.TRAINS]
            self.registered(name, Kind.NGO, tasks, by=user, municipality=town, services=["hyte"])
            self.behind.append((name, user))

    def member(self, organisation: str, person: str, role: MemberRole, **fields: object) -> None:
        """Let somebody stand for an organisation as well."""
        row = next(one for one in self.organisations if one["key"] == organisation)
        row.setdefault("members", []).append({"person": person, "role": role, **fields})

    def expert(self, n: int) -> None:
        """Add one expert with a believable profile; every tenth has no e-mail."""
        chance, is_first, has_mail = self.chance, n == 0, n % 10 != 9
        name = "Kaisa Kokemus" if is_first else self.name()
        key = self.person(f"kokemus{n + 1}", name, has_mail=has_mail, phone=f"040 000 {1000 + n}")
        town = next(iter(self.towns))
        row: Row = {
            "key": key,
            "person": key,
            "code_name": f"{chance.choice(NATURE)} {next(self.numbers)}",
            "state": ExpertState.WAITING if n % 25 == 24 else ExpertState.ACTIVE,
            "municipality": town if is_first else self._town(),
            **self._behind(),
            "own_words": chance.choice(OWN_WORDS),
            "reach_km": 100 if is_first else chance.choice([20, 30, 50, 50, 80, 120, 200]),
            "is_remote_ok": is_first or chance.random() < 0.6,
            "monthly_limit": chance.choice([None, None, 2, 4]),
            "support_needs": chance.choice(
                ["", "", "Toivon rauhallista tilaa ja taukoja.", "Tarvitsen esteettömän pääsyn."]
            ),
            "task_types": self.types[:6]
            if is_first
            else chance.sample(self.types, chance.randint(4, 12)),
            "languages": [
                "fi",
                *(["sv"] if chance.random() < 0.15 else []),
                *(["en"] if chance.random() < 0.3 else []),
            ],
            "experiences": [
                {
                    "theme": theme,
                    "perspective": chance.choices(list(Perspective), [4, 1])[0],
                    "is_shown": place == 0 or chance.random() < 0.95,
                }
                for place, theme in enumerate(chance.sample(self.themes, chance.randint(1, 4)))
            ],
        }
        if chance.random() < 0.7 and not is_first:
            row["slots"] = [
                {"weekday": day, "starts": starts, "ends": ends}
                for day in chance.sample(range(5), 3)
                for starts, ends in (("08:00", "12:00"), ("12:00", "16:00"))
            ]
        if chance.random() < 0.8:
            row["trainings"] = self._trainings(n, is_seen=not has_mail)
        row["consents"] = [Purpose.IN_BANK, Purpose.EMAIL, Purpose.STATISTICS]
        if is_first or chance.random() < 0.8:
            row["consents"].append(Purpose.IDENTITY)
        self.experts.append(row)

    def _town(self) -> str:
        return self.chance.choices(list(self.towns), list(self.towns.values()))[0]

    def _behind(self) -> Row:
        organisation, responsible = self.chance.choice([*self.behind, (None, None)])
        if organisation is None:
            return {}
        row = {"background_organisation": organisation}
        return row | ({"responsible_person": responsible} if self.chance.random() < 0.8 else {})

    def _trainings(self, n: int, *, is_seen: bool) -> list[Row]:
        producer, _town = BEHIND[n % 3]
        further = [self._further(n // 3, producer)] if n % 3 == 0 else []
        return [self._training(producer, is_seen=is_seen), *further]

    def _training(self, producer: str, *, is_seen: bool) -> Row:
        completed_on = date(2026, 1, 15) - timedelta(days=self.chance.randrange(2000))
        return {
            "kind": TrainingKind.BASIC,
            "name": "Kokemustoimijan peruskoulutus",
            "producer": producer,
            "hours": 40,
            "completed_on": completed_on.isoformat(),
            "is_verified": is_seen or self.chance.random() < 0.9,
        }

    def _further(self, n: int, producer: str) -> Row:
        kind, name = FURTHER[n % len(FURTHER)]
        completed_on = self.today - timedelta(days=90 + 20 * (n % 24))
        return {
            "kind": TrainingKind.FURTHER,
            "further_kind": kind,
            "name": name,
            "producer": producer,
            "hours": 16,
            "completed_on": completed_on.isoformat(),
            "valid_until": (completed_on + timedelta(days=3 * 365)).isoformat(),
            "is_verified": True,
        }


def _codes(model: type[Theme] | type[TaskType]) -> list[str]:
    rows = model._default_manager.filter(is_active=True).order_by("position")
    return [row.code for row in rows]
