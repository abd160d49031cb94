"""People, organisations, experts and orders given in a JSON file, made by the same acts as people make them."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from jsonschema import Draft202012Validator

from luukku.accounts.models import Role, User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Via
from luukku.experts import actions as experts
from luukku.experts.models import Expert, Perspective, TrainingKind
from luukku.experts.states import ExpertState
from luukku.orders import actions as orders
from luukku.orders.models import Mode, Order, Recording
from luukku.orders.states import OrderState
from luukku.organisations import actions as organisations
from luukku.organisations.models import Kind, MemberRole, Organisation, Task
from luukku.organisations.states import OrganisationState
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.privacy.queries import consents_of
from luukku.taxonomy.models import Language, Municipality, TaskType, Theme

TEXT = {"type": "string"}
KEY = {"type": "string", "minLength": 1}
FLAG = {"type": "boolean"}
MOMENT = {"type": "string", "description": "ISO 8601 with time zone, e.g. 2026-12-04T11:00:00Z"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
CLOCK = {"type": "string", "pattern": r"^\d{2}:\d{2}$"}


def _one_of(values: list[str]) -> dict[str, object]:
    return {"enum": sorted(map(str, values))}


def _rows(properties: dict[str, object], *required: str) -> dict[str, object]:
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": properties,
            "required": list(required),
            "additionalProperties": False,
        },
    }


SCHEMA: dict[str, object] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Kokemusluukku: people and orders",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "at": MOMENT | {"description": "when all of this happens; now if left out"},
        "people": _rows(
            {
                "key": KEY, "name": TEXT, "email": TEXT, "phone": TEXT, "password": TEXT,
                "language": _one_of(["fi", "sv", "en"]),
                "roles": {"type": "array", "items": _one_of(Role.values)},
            },
            "key", "name",
        ),
        "organisations": _rows(
            {
                "key": KEY, "name": TEXT, "kind": _one_of(Kind.values), "municipality": TEXT,
                "tasks": {"type": "array", "items": _one_of(Task.values)},
                "state": _one_of(["waiting", "vetted"]),
                "members": _rows(
                    {"person": KEY, "role": _one_of(MemberRole.values), "is_contact": FLAG}, "person", "role"
                ),
            },
            "key", "name", "kind",
        ),
        "experts": _rows(
            {
                "key": KEY, "person": KEY, "state": _one_of(["draft", "waiting", "active"]),
                "municipality": TEXT, "reach_km": {"type": "integer"}, "is_remote_ok": FLAG,
                "equipment": TEXT, "monthly_limit": {"type": ["integer", "null"]}, "own_words": TEXT,
                "support_needs": TEXT, "background_organisation": KEY, "responsible_person": KEY,
                "task_types": {"type": "array", "items": KEY}, "languages": {"type": "array", "items": KEY},
                "experiences": _rows(
                    {"theme": KEY, "perspective": _one_of(Perspective.values), "is_shown": FLAG}, "theme"
                ),
                "slots": _rows(
                    {"weekday": {"type": "integer", "minimum": 0, "maximum": 6}, "starts": CLOCK, "ends": CLOCK},
                    "weekday", "starts", "ends",
                ),
                "exceptions": _rows({"starts_on": DAY, "ends_on": DAY, "is_available": FLAG}, "starts_on", "ends_on"),
                "trainings": _rows(
                    {
                        "kind": _one_of(TrainingKind.values), "name": TEXT, "producer": TEXT,
                        "hours": {"type": ["integer", "null"]}, "completed_on": DAY,
                    },
                    "kind", "name", "completed_on",
                ),
                "consents": {"type": "array", "items": _one_of(Purpose.values)},
                "is_paused": FLAG, "paused_until": DAY,
            },
            "key", "person",
        ),
        "consents": _rows({"person": KEY, "purpose": _one_of(Purpose.values)}, "person", "purpose"),
        "orders": _rows(
            {
                "key": KEY, "organisation": KEY, "contact": KEY,
                "state": _one_of(["draft", "sent", "accepted", "searching"]),
                "title": TEXT, "goal": TEXT, "expert_does": TEXT, "audience": TEXT,
                "audience_size": {"type": ["integer", "null"]}, "task_type": KEY,
                "themes": _rows({"theme": KEY, "perspective": _one_of(["", *Perspective.values])}, "theme"),
                "languages": {"type": "array", "items": KEY}, "mode": _one_of(Mode.values),
                "municipality": TEXT, "address": TEXT, "experts_wanted": {"type": "integer"},
                "length_minutes": {"type": "integer"}, "needs_further_training": FLAG, "has_children": FLAG,
                "fee_eur": {"type": ["number", "string", "null"]}, "pays_travel": FLAG,
                "recording": _one_of(Recording.values), "is_open_call": FLAG, "sign_up_by": DAY,
                "wished_expert": KEY,
                "times": _rows({"starts_at": MOMENT, "ends_at": MOMENT}, "starts_at", "ends_at"),
                "offers": _rows(
                    {"expert": KEY, "answer": _one_of(["proposed", "accepted", "declined"]), "answer_by": MOMENT},
                    "expert",
                ),
            },
            "key", "organisation", "contact", "task_type",
        ),
    },
}  # fmt: skip


class BadSpec(Exception):
    """The document does not follow the schema, or names something that is not there."""


def load(document: object) -> dict[str, object]:
    """Make everything in ``document``, all or nothing; return the ids and a working sign-in per person.

    Raises:
        BadSpec: with the place and the reason.
    """
    errors = sorted(
        Draft202012Validator(SCHEMA).iter_errors(document), key=lambda e: list(e.absolute_path)
    )
    if errors:
        place = "/".join(map(str, errors[0].absolute_path)) or "(top)"
        raise BadSpec(f"{place}: {errors[0].message}")
    with transaction.atomic():
        return _Loader(document).run()


class _Loader:
    """One document being loaded."""

    def __init__(self, document: dict[str, object]) -> None:
        self.document = document
        self.at = _moment(document["at"]) if "at" in document else timezone.now()
        self.people: dict[str, User] = {}
        self.organisations: dict[str, Organisation] = {}
        self.experts: dict[str, Expert] = {}
        self.orders: dict[str, Order] = {}
        self.sign_ins: dict[str, dict[str, object]] = {}

    def run(self) -> dict[str, object]:
        """Make everything in the order in which one thing needs another."""
        for row in self.document.get("people", []):
            self.person(row)
        self.coordinator = self._coordinator()
        for row in self.document.get("organisations", []):
            self.organisation(row)
        for row in self.document.get("experts", []):
            self.expert(row)
        for row in self.document.get("consents", []):
            person = self._get(self.people, row["person"], "person")
            held = {Purpose(p) for p in consents_of(person)}
            set_consents(person, held | {Purpose(row["purpose"])}, by=person, at=self.at)
        for row in self.document.get("orders", []):
            self.order(row)
        if self.coordinator.name == SPEC_NAME:
            self.coordinator.is_active = False
            self.coordinator.save(update_fields=["is_active"])
        return {
            "people": self.sign_ins,
            "organisations": {key: o.pk for key, o in self.organisations.items()},
            "experts": {key: e.pk for key, e in self.experts.items()},
            "orders": {key: o.pk for key, o in self.orders.items()},
        }

    def _coordinator(self) -> User:
        """Return who acts for the counter: somebody of the document, of the database, or a helper."""
        for user in self.people.values():
            if user.is_counter:
                return user
        found = (
            User.objects.filter(roles__contains=[Role.COORDINATOR], is_active=True)
            .order_by("pk")
            .first()
        )
        return found or User.objects.create_user(None, name=SPEC_NAME, roles=[Role.COORDINATOR])

    @staticmethod
    def _get(things: dict[str, object], key: str, what: str) -> object:
        if key not in things:
            raise BadSpec(f"There is no {what} with the key {key!r} in the document.")
        return things[key]

    def person(self, row: dict[str, object]) -> None:
        """Make somebody who can sign in."""
        email = User.objects.lower(row.get("email"))
        if email and User.objects.filter(email=email).exists():
            raise BadSpec(f"Somebody already has the e-mail {email}.")
        password = row.get("password") or secrets.token_urlsafe(12)
        user = User.objects.create_user(
            email, name=row["name"], phone=row.get("phone", ""), language=row.get("language", "fi"),
            roles=row.get("roles", []),
        )  # fmt: skip
        user.password = make_password(password)
        user.save(update_fields=["password"])
        sign_in = None
        if email:
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
            sign_in = {
                "url": f"{settings.LUUKKU_BASE_URL}/fi/account/login/",
                "email": email,
                "password": password,
            }
        self.people[row["key"]] = user
        self.sign_ins[row["key"]] = {"id": user.pk, "sign_in": sign_in}

    def organisation(self, row: dict[str, object]) -> None:
        """Make an organisation with its members."""
        made = organisations.found(
            name=row["name"], kind=Kind(row["kind"]), tasks=[Task(t) for t in row.get("tasks", ["orders"])],
            municipality=_municipality(row.get("municipality")), by=self.coordinator, at=self.at,
        )  # fmt: skip
        if row.get("state", "vetted") == OrganisationState.VETTED:
            made = organisations.vet(made, by=self.coordinator, at=self.at)
        for member in row.get("members", []):
            organisations.add_member(
                made, self._get(self.people, member["person"], "person"), role=MemberRole(member["role"]),
                is_contact=member.get("is_contact", False), by=self.coordinator, at=self.at,
            )  # fmt: skip
        self.organisations[row["key"]] = made

    def expert(self, row: dict[str, object]) -> None:
        """Make an expert's profile and bring it to its state."""
        person = self._get(self.people, row["person"], "person")
        by, at = (person if person.email else self.coordinator), self.at
        expert = experts.start(person, by=by, at=at)
        fields = {
            name: row[name]
            for name in (
                "reach_km",
                "is_remote_ok",
                "equipment",
                "monthly_limit",
                "own_words",
                "support_needs",
            )
            if name in row
        }
        fields["municipality"] = _municipality(row.get("municipality"))
        if "background_organisation" in row:
            fields["background_organisation"] = self._get(
                self.organisations, row["background_organisation"], "organisation"
            )
        if "responsible_person" in row:
            fields["responsible_person"] = self._get(
                self.people, row["responsible_person"], "person"
            )
        fields["task_types"] = [_coded(TaskType, code) for code in row.get("task_types", [])]
        fields["languages"] = [_coded(Language, code) for code in row.get("languages", ["fi"])]
        experts.save(expert, by=by, at=at, **fields)
        experts.set_experiences(
            expert,
            [
                (_coded(Theme, e["theme"]), Perspective(e.get("perspective", "own")), e.get("is_shown", True))
                for e in row.get("experiences", [])
            ],
            by=by, at=at,
        )  # fmt: skip
        experts.set_availability(
            expert,
            slots=[(s["weekday"], _clock(s["starts"]), _clock(s["ends"])) for s in row.get("slots", [])],
            exceptions=[
                (_day(e["starts_on"]), _day(e["ends_on"]), e.get("is_available", False))
                for e in row.get("exceptions", [])
            ],
            by=by, at=at,
        )  # fmt: skip
        for training in row.get("trainings", []):
            experts.add_training(
                expert, kind=TrainingKind(training["kind"]), name=training["name"],
                producer=training.get("producer", ""), hours=training.get("hours"),
                completed_on=_day(training["completed_on"]), by=by, at=at,
            )  # fmt: skip
        set_consents(
            person, {Purpose(p) for p in row.get("consents", Purpose.values)}, by=by, at=at
        )
        state = row.get("state", "active")
        if state != ExpertState.DRAFT:
            expert = experts.submit(expert, by=by, at=at)
        if state == ExpertState.ACTIVE:
            expert = experts.welcome(expert, by=self.coordinator, at=at)
        if row.get("is_paused"):
            until = _day(row["paused_until"]) if "paused_until" in row else None
            experts.pause(expert, until=until, by=by, at=at)
        self.experts[row["key"]] = expert

    def order(self, row: dict[str, object]) -> None:
        """Make an order, bring it to its state and make its offers."""
        contact = self._get(self.people, row["contact"], "person")
        organisation = self._get(self.organisations, row["organisation"], "organisation")
        at = self.at
        times = [(_moment(t["starts_at"]), _moment(t["ends_at"])) for t in row.get("times", [])]
        order = orders.start(by=self.coordinator, at=at, organisation=organisation, contact=contact)
        plain = (
            "audience_size", "address", "experts_wanted", "needs_further_training", "has_children", "fee_eur",
            "pays_travel", "recording", "is_open_call", "mode",
        )  # fmt: skip
        minutes = int((times[0][1] - times[0][0]).total_seconds() // 60) if times else None
        order = orders.save_draft(
            order, by=self.coordinator, at=at, **{name: row[name] for name in plain if name in row},
            title=row.get("title", row["key"]), goal=row.get("goal", "–"), expert_does=row.get("expert_does", "–"),
            audience=row.get("audience", "–"), task_type=_coded(TaskType, row["task_type"]),
            municipality=_municipality(row.get("municipality")), is_payment_agreed=True,
            length_minutes=row.get("length_minutes", minutes),
            sign_up_by=_day(row["sign_up_by"]) if "sign_up_by" in row else None,
            wished_expert=self._get(self.experts, row["wished_expert"], "expert") if "wished_expert" in row else None,
            languages=[_coded(Language, code) for code in row.get("languages", ["fi"])], times=times,
            themes=[(_coded(Theme, t["theme"]), t.get("perspective", "")) for t in row.get("themes", [])],
        )  # fmt: skip
        steps = [OrderState.DRAFT, OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING]
        state = steps.index(OrderState(row.get("state", "searching")))
        if state >= 1:
            order = orders.send(order, by=self.coordinator, at=at, on_behalf_of=contact)
        if state >= 2:
            order = orders.accept(order, by=self.coordinator, at=at)
        if state >= 3:
            order = assignments.open_search(order, by=self.coordinator, at=at)
        for offer in row.get("offers", []):
            self.offer(order, offer)
        self.orders[row["key"]] = order

    def offer(self, order: Order, row: dict[str, object]) -> None:
        """Offer the order to an expert and answer for them."""
        expert = self._get(self.experts, row["expert"], "expert")
        answer_by = (
            _moment(row["answer_by"])
            if "answer_by" in row
            else self.at + timezone.timedelta(days=7)
        )
        offer = assignments.propose(
            order, expert, by=self.coordinator, at=self.at, answer_by=answer_by
        )
        answer = row.get("answer", "proposed")
        if answer == "accepted":
            assignments.accept(
                offer, by=expert.user, at=self.at, via=Via.DESK,
                time=order.times.filter(is_settled=True).first() or order.times.first(),
            )  # fmt: skip
        elif answer == "declined":
            assignments.decline(offer, by=expert.user, at=self.at)


SPEC_NAME = "load_spec"


def _coded(model: type, code: str) -> object:
    found = model.objects.filter(code=code).first()
    if found is None:
        raise BadSpec(f"There is no {model._meta.verbose_name} with the code {code!r}.")
    return found


def _municipality(text: str | None) -> Municipality | None:
    """Find a municipality by code or by Finnish or Swedish name."""
    if not text:
        return None
    named = Municipality.objects.filter(name_fi__iexact=text) | Municipality.objects.filter(
        name_sv__iexact=text
    )
    found = Municipality.objects.filter(code=text).first() or named.order_by("code").first()
    if found is None:
        raise BadSpec(f"There is no municipality called {text!r}.")
    return found


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadSpec(f"Not a time: {text!r}") from error
    if moment.tzinfo is None:
        raise BadSpec(f"The time zone is missing: {text!r}")
    return moment


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadSpec(f"Not a day: {text!r}") from error


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise BadSpec(f"Not a time of day: {text!r}") from error
