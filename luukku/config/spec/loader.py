"""Making what the document says, in the order in which one thing needs another."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from jsonschema import Draft202012Validator

from luukku.accounts import actions as accounts
from luukku.accounts.models import Role, User
from luukku.accounts.queries import ADDRESS_ASKED
from luukku.accounts.states import AddressState
from luukku.assignments import actions as assignments
from luukku.config.spec.orders import Orders
from luukku.config.spec.schema import SCHEMA
from luukku.config.spec.values import (
    BadSpec,
    clock,
    coded,
    day,
    moment,
    municipality,
    named,
    place,
    sentence,
    unit,
)
from luukku.experts import actions as experts
from luukku.experts.models import Expert, Perspective, TrainingKind
from luukku.experts.states import ExpertState
from luukku.guidance.actions import answer, ask
from luukku.guidance.models import Topic
from luukku.notices.actions import choose
from luukku.notices.models import Channel
from luukku.organisations import actions as organisations
from luukku.organisations.models import Kind, MemberRole, Organisation, Sector, Task
from luukku.organisations.states import OrganisationState
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.privacy.queries import consents_of
from luukku.taxonomy.models import Language, Service, TaskType, Theme

SPEC_NAME = "load_spec"
PROFILE = (
    "reach_km", "is_remote_ok", "equipment", "monthly_limit", "own_words", "support_needs", "shows_own_words",
    "shows_municipality", "shows_organisation",
)  # fmt: skip


def load(document: object) -> dict[str, object]:
    """Make everything in ``document``, all or nothing; return the ids and a working sign-in per person.

    Raises:
        BadSpec: with the place and the reason.
    """
    errors = sorted(
        Draft202012Validator(SCHEMA).iter_errors(document), key=lambda e: list(map(str, e.path))
    )
    if errors:
        place = "/".join(map(str, errors[0].absolute_path)) or "(top)"
        raise BadSpec(f"{place}: {sentence(errors[0].message)}")
    with transaction.atomic():
        return _Loader(document).run()


class _Loader:
    """One document being loaded."""

    def __init__(self, document: dict[str, object]) -> None:
        self.document = document
        with place("at"):
            self.at = moment(document["at"]) if "at" in document else timezone.now()
        self.people: dict[str, User] = {}
        self.organisations: dict[str, Organisation] = {}
        self.experts: dict[str, Expert] = {}
        self.questions: list[int] = []
        self.sign_ins: dict[str, dict[str, object]] = {}

    def run(self) -> dict[str, object]:
        """Make everything in the order in which one thing needs another."""
        self._each("people", self.person)
        self._each("address_changes", self.address_change)
        self.coordinator = self._coordinator()
        self._each("organisations", self.organisation)
        self._each("experts", self.expert)
        self._each("consents", self.consent)
        made = Orders(
            people=self.people, organisations=self.organisations, experts=self.experts,
            coordinator=self.coordinator, at=self.at,
        )  # fmt: skip
        self._each("orders", made.order)
        self._each("questions", self.question)
        if self.coordinator.name == SPEC_NAME:
            self.coordinator.is_active = False
            self.coordinator.save(update_fields=["is_active"])
        return {
            "people": self.sign_ins,
            "organisations": {key: o.pk for key, o in self.organisations.items()},
            "experts": {key: e.pk for key, e in self.experts.items()},
            "orders": {key: o.pk for key, o in made.orders.items()},
            "offers": made.offers,
            "assignments": made.assignments,
            "questions": self.questions,
        }

    def _each(self, part: str, make: Callable[[dict[str, object]], None]) -> None:
        keys = set()
        for n, row in enumerate(self.document.get(part, [])):
            with place(f"{part}/{n}"):
                if "key" in row and row["key"] in keys:
                    raise BadSpec(f"the key {row['key']!r} is used already.")
                keys.add(row.get("key"))
                make(row)

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

    def person(self, row: dict[str, object]) -> None:
        """Make somebody who can sign in; without an e-mail address nobody can."""
        email = User.objects.lower(row.get("email"))
        if email:
            validate_email(email)
        if email and User.objects.filter(email=email).exists():
            raise BadSpec(f"Somebody already has the e-mail {email}.")
        password = row.get("password") or secrets.token_urlsafe(12)
        user = User.objects.create_user(
            email, name=row["name"], phone=row.get("phone", ""), language=row.get("language", "fi"),
            roles=row.get("roles", []),
        )  # fmt: skip
        sign_in = None
        if email:
            user.password = make_password(password)
            user.save(update_fields=["password"])
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
            sign_in = {
                "url": f"{settings.LUUKKU_BASE_URL}/fi/account/login/",
                "email": email,
                "password": password,
            }
        for choice in row.get("notices", []):
            choose(user, choice["kind"], Channel(choice["channel"]), by=user, at=self.at)
        self.people[row["key"]] = user
        self.sign_ins[row["key"]] = {"id": user.pk, "sign_in": sign_in}

    def address_change(self, row: dict[str, object]) -> None:
        """Have an administrator change a lost address, and bring the change to its state."""
        by, asked_at = named(self.people, row["by"], "person"), self.at
        if "asked_at" in row:
            asked_at = moment(row["asked_at"])
        change = accounts.ask_address(
            named(self.people, row["person"], "person"), row["email"], by=by, at=asked_at,
            reason=row.get("reason", "load_spec"), identity=row.get("identity", "load_spec"),
        )  # fmt: skip
        state = row.get("state", AddressState.WAITING)
        if state == AddressState.DONE:
            change.user.letters.filter(kind=ADDRESS_ASKED).update(sent_at=asked_at)  # told at once
            accounts.move_address(change, by=by, at=change.due_at)
        elif state == AddressState.STOPPED:
            accounts.stop_address(change, by=by, at=asked_at)

    def organisation(self, row: dict[str, object]) -> None:
        """Make an organisation with its units and members, and bring it to its state."""
        by, at = self.coordinator, self.at
        made = organisations.found(
            name=row["name"], kind=Kind(row["kind"]), tasks=[Task(t) for t in row.get("tasks", ["orders"])],
            sector=Sector(row["sector"]) if "sector" in row else None, business_id=row.get("business_id", ""),
            services=[coded(Service, code) for code in row.get("services", [])],
            municipality=municipality(row.get("municipality")), by=by, at=at,
        )  # fmt: skip
        for part in row.get("units", []):
            town = municipality(part.get("municipality"))
            organisations.add_unit(made, name=part["name"], municipality=town, by=by, at=at)
        state = row.get("state", "vetted")
        if state in {OrganisationState.VETTED, OrganisationState.ENDED}:
            made = organisations.vet(made, by=by, at=at)
        for member in row.get("members", []):
            organisations.add_member(
                made, named(self.people, member["person"], "person"), role=MemberRole(member["role"]),
                is_contact=member.get("is_contact", False), unit=unit(made, member.get("unit")), by=by, at=at,
            )  # fmt: skip
        if "change_asked" in row:
            self._ask_change(made, row["change_asked"])
        if state == OrganisationState.REFUSED:
            made = organisations.refuse(
                made,
                reason=str(row.get("refused_because", "Tietoja ei voitu tarkistaa.")),
                by=by,
                at=at,
            )
        if state == OrganisationState.ENDED:
            made = organisations.end(made, by=by, at=at)
        self.organisations[row["key"]] = made

    def _ask_change(self, organisation: Organisation, row: dict[str, object]) -> None:
        holds = organisations.edit(
            organisation, name=row.get("name", organisation.name), kind=Kind(row.get("kind", organisation.kind)),
            sector=Sector(row.get("sector", organisation.sector)), municipality=organisation.municipality,
            business_id=row.get("business_id", organisation.business_id), services=organisation.services.all(),
            by=named(self.people, row["by"], "person"), at=self.at,
        )  # fmt: skip
        if holds:
            raise BadSpec(
                f"The change asked for {organisation.name} does not wait: it is none, or nothing is checked."
            )

    def expert(self, row: dict[str, object]) -> None:
        """Make an expert's profile and bring it to its state."""
        person = named(self.people, row["person"], "person")
        by, at = (person if person.email else self.coordinator), self.at
        expert = experts.start(person, by=by, at=at)
        fields = {name: row[name] for name in PROFILE if name in row}
        fields["municipality"] = municipality(row.get("municipality"))
        if "background_organisation" in row:
            fields["background_organisation"] = named(
                self.organisations, row["background_organisation"], "organisation"
            )
        if "responsible_person" in row:
            fields["responsible_person"] = named(self.people, row["responsible_person"], "person")
        fields["task_types"] = [coded(TaskType, code) for code in row.get("task_types", [])]
        fields["languages"] = [coded(Language, code) for code in row.get("languages", ["fi"])]
        experts.save(expert, by=by, at=at, **fields)
        experts.set_experiences(
            expert,
            [
                (coded(Theme, e["theme"]), Perspective(e.get("perspective", "own")), e.get("is_shown", True))
                for e in row.get("experiences", [])
            ],
            by=by, at=at,
        )  # fmt: skip
        experts.set_availability(
            expert,
            slots=[(s["weekday"], clock(s["starts"]), clock(s["ends"])) for s in row.get("slots", [])],
            exceptions=[
                (day(e["starts_on"]), day(e["ends_on"]), e.get("is_available", False))
                for e in row.get("exceptions", [])
            ],
            by=by, at=at,
        )  # fmt: skip
        for training in row.get("trainings", []):
            self._training(expert, training, by=by)
        set_consents(
            person, {Purpose(p) for p in row.get("consents", Purpose.values)}, by=by, at=at
        )
        self.experts[row["key"]] = self._bring_expert(expert, row, by=by)

    def _training(self, expert: Expert, row: dict[str, object], *, by: User) -> None:
        training = experts.add_training(
            expert, kind=TrainingKind(row["kind"]), name=row["name"], producer=row.get("producer", ""),
            hours=row.get("hours"), completed_on=day(row["completed_on"]),
            valid_until=day(row["valid_until"]) if row.get("valid_until") else None, by=by, at=self.at,
        )  # fmt: skip
        if row.get("is_verified") and training.verified_at is None:
            experts.verify_training(training, by=self.coordinator, at=self.at)

    def _bring_expert(self, expert: Expert, row: dict[str, object], *, by: User) -> Expert:
        state, at = row.get("state", "active"), self.at
        if state != ExpertState.DRAFT:
            expert = experts.submit(expert, by=by, at=at)
        if state in {ExpertState.ACTIVE, ExpertState.LEFT}:
            expert = experts.welcome(expert, by=self.coordinator, at=at)
        if row.get("is_paused"):
            until = day(row["paused_until"]) if "paused_until" in row else None
            expert = experts.pause(expert, until=until, by=by, at=at)
        if state == ExpertState.LEFT:
            expert = assignments.leave_bank(expert, by=by, at=at)
        return expert

    def consent(self, row: dict[str, object]) -> None:
        """Add one consent to those that the person has given."""
        person = named(self.people, row["person"], "person")
        held = {Purpose(p) for p in consents_of(person)}
        set_consents(person, held | {Purpose(row["purpose"])}, by=person, at=self.at)

    def question(self, row: dict[str, object]) -> None:
        """Ask the counter something and, if the document says so, answer it."""
        person = named(self.people, row["person"], "person") if "person" in row else None
        at = moment(row["at"]) if "at" in row else self.at
        made = ask(
            row["words"], topic=Topic(row.get("topic", Topic.OTHER)), by=person, at=at,
            **{name: row[name] for name in ("name", "email", "phone", "language") if name in row},
        )  # fmt: skip
        if "answer" in row:
            answer(made, row["answer"], by=self.coordinator, at=at)
        self.questions.append(made.pk)
