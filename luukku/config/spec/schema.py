"""The JSON Schema of the document that ``load_spec`` takes; ``docs/reference/spec.md`` explains it."""

from __future__ import annotations

from collections.abc import Iterable

from luukku.accounts.models import Role
from luukku.accounts.states import AddressState
from luukku.assignments.models import Origin, Via
from luukku.assignments.states import OfferState
from luukku.experts.models import Perspective, TrainingKind
from luukku.experts.states import ExpertState
from luukku.feedback.models import Side
from luukku.guidance.models import Topic
from luukku.notices.models import Channel
from luukku.orders.models import CancelledBy, Failure, Mode, Payment, Recording
from luukku.orders.states import OrderState
from luukku.organisations.models import Kind, MemberRole, Sector, Task
from luukku.organisations.states import OrganisationState
from luukku.privacy.models import Purpose

Schema = dict[str, object]

TEXT: Schema = {"type": "string"}
KEY: Schema = {"type": "string", "minLength": 1}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {
    "type": "string",
    "description": "ISO 8601 with time zone, e.g. 2026-12-04T11:00:00Z",
}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
CLOCK: Schema = {"type": "string", "pattern": r"^\d{2}:\d{2}$"}
SCALE: Schema = {"type": "integer", "minimum": 1, "maximum": 5}


def one_of(values: Iterable[str]) -> Schema:
    """Return the schema of one of ``values``."""
    return {"enum": sorted(map(str, values))}


def many(items: Schema) -> Schema:
    """Return the schema of a list of ``items``."""
    return {"type": "array", "items": items}


def row(properties: dict[str, Schema], *required: str) -> Schema:
    """Return the schema of an object that has no other properties than these."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def rows(properties: dict[str, Schema], *required: str) -> Schema:
    """Return the schema of a list of such objects."""
    return many(row(properties, *required))


CANCELLATION = row({"whose": one_of(CancelledBy.values), "reason": TEXT, "at": MOMENT}, "whose")

PEOPLE = rows(
    {
        "key": KEY,
        "name": TEXT,
        "email": TEXT,
        "phone": TEXT,
        "password": TEXT,
        "language": one_of(["fi", "sv", "en"]),
        "roles": many(one_of(Role.values)),
        "notices": rows(
            {"kind": KEY, "channel": one_of([Channel.MAIL, Channel.DIGEST, Channel.DESK])},
            "kind",
            "channel",
        ),
    },
    "key",
    "name",
)

ADDRESS_CHANGES = rows(
    {
        "person": KEY,
        "email": TEXT,
        "reason": TEXT,
        "identity": TEXT,
        "by": KEY,
        "asked_at": MOMENT,
        "state": one_of(AddressState.values),
    },
    "person",
    "email",
    "by",
)

ORGANISATIONS = rows(
    {
        "key": KEY,
        "name": TEXT,
        "kind": one_of(Kind.values),
        "sector": one_of(Sector.values),
        "business_id": TEXT,
        "services": many(TEXT),
        "municipality": TEXT,
        "tasks": many(one_of(Task.values)),
        "state": one_of(OrganisationState.values),
        "refused_because": TEXT,
        "units": rows({"name": TEXT, "municipality": TEXT}, "name"),
        "members": rows(
            {"person": KEY, "role": one_of(MemberRole.values), "is_contact": FLAG, "unit": TEXT},
            "person",
            "role",
        ),
        "change_asked": {
            **row(
                {
                    "by": KEY,
                    "name": TEXT,
                    "kind": one_of(Kind.values),
                    "sector": one_of(Sector.values),
                    "business_id": TEXT,
                },
                "by",
            ),
            "description": "What a member of a vetted organisation wants it to be called; waits for the counter.",
        },
    },
    "key",
    "name",
    "kind",
)

EXPERTS = rows(
    {
        "key": KEY,
        "person": KEY,
        "state": one_of(ExpertState.values),
        "municipality": TEXT,
        "reach_km": {"type": "integer"},
        "is_remote_ok": FLAG,
        "equipment": TEXT,
        "monthly_limit": {"type": ["integer", "null"]},
        "own_words": TEXT,
        "support_needs": TEXT,
        "shows_own_words": FLAG,
        "shows_municipality": FLAG,
        "shows_organisation": FLAG,
        "background_organisation": KEY,
        "responsible_person": KEY,
        "task_types": many(KEY),
        "languages": many(KEY),
        "experiences": rows(
            {"theme": KEY, "perspective": one_of(Perspective.values), "is_shown": FLAG}, "theme"
        ),
        "slots": rows(
            {
                "weekday": {"type": "integer", "minimum": 0, "maximum": 6},
                "starts": CLOCK,
                "ends": CLOCK,
            },
            "weekday",
            "starts",
            "ends",
        ),
        "exceptions": rows(
            {"starts_on": DAY, "ends_on": DAY, "is_available": FLAG}, "starts_on", "ends_on"
        ),
        "trainings": rows(
            {
                "kind": one_of(TrainingKind.values),
                "name": TEXT,
                "producer": TEXT,
                "hours": {"type": ["integer", "null"]},
                "completed_on": DAY,
                "valid_until": DAY,
                "is_verified": FLAG,
            },
            "kind",
            "name",
            "completed_on",
        ),
        "consents": many(one_of(Purpose.values)),
        "is_paused": FLAG,
        "paused_until": DAY,
    },
    "key",
    "person",
)

FEEDBACK = rows(
    {
        "side": one_of(Side.values),
        "smooth": SCALE,
        "useful": SCALE,
        "heard": SCALE,
        "again": SCALE,
        "words": TEXT,
        "at": MOMENT,
    },
    "side",
)

OFFERS = rows(
    {
        "expert": KEY,
        "origin": one_of(Origin.values),
        "at": MOMENT,
        "answer": one_of(OfferState.values),
        "answer_by": MOMENT,
        "answered_at": MOMENT,
        "words": TEXT | {"description": "why the counter asks once more"},
        "time": COUNT | {"description": "which of the order's times, counted from 0"},
        "suits": many(COUNT)
        | {
            "description": "of a sign-up: which of the order's times suit, counted from 0; none: all"
        },
        "via": one_of(Via.values),
        "cancelled": CANCELLATION,
        "feedback": FEEDBACK,
        "debriefs": many(one_of(Side.values)),
    },
    "expert",
)

ORDERS = rows(
    {
        "key": KEY,
        "at": MOMENT | {"description": "when it was made and sent"},
        "organisation": KEY,
        "unit": TEXT,
        "contact": KEY,
        "state": one_of(OrderState.values),
        "title": TEXT,
        "goal": TEXT,
        "expert_does": TEXT,
        "audience": TEXT,
        "audience_size": {"type": ["integer", "null"]},
        "others_present": TEXT,
        "task_type": KEY,
        "themes": rows({"theme": KEY, "perspective": one_of(["", *Perspective.values])}, "theme"),
        "languages": many(KEY),
        "has_interpreter": FLAG,
        "mode": one_of(Mode.values),
        "municipality": TEXT,
        "address": TEXT,
        "accessibility": TEXT,
        "equipment": TEXT,
        "meeting_url": {"type": "string", "pattern": "^(https://.*)?$"},
        "experts_wanted": {"type": "integer"},
        "length_minutes": {"type": "integer"},
        "needs_further_training": FLAG,
        "has_children": FLAG,
        "payment": one_of(Payment.values),
        "is_payment_agreed": FLAG,
        "fee_eur": {"type": ["number", "string", "null"]},
        "pays_travel": FLAG,
        "invoice_reference": TEXT,
        "preparation": TEXT,
        "offers_pretalk": FLAG,
        "offers_debrief": FLAG,
        "recording": one_of(Recording.values),
        "is_open_call": FLAG,
        "sign_up_by": DAY,
        "wished_expert": KEY,
        "times": rows({"starts_at": MOMENT, "ends_at": MOMENT}, "starts_at", "ends_at"),
        "offers": OFFERS,
        "decline_reason": TEXT,
        "cancelled": CANCELLATION,
        "failure": one_of(Failure.values),
        "change_requests": rows(
            {"words": TEXT, "by": KEY, "at": MOMENT, "answer": TEXT, "answered_at": MOMENT}, "words"
        ),
        "what_changed": row({"words": TEXT, "at": MOMENT}, "words"),
    },
    "key",
    "organisation",
    "contact",
    "task_type",
)

QUESTIONS = rows(
    {
        "words": TEXT,
        "topic": one_of(Topic.values),
        "person": KEY,
        "name": TEXT,
        "email": TEXT,
        "phone": TEXT,
        "language": one_of(["fi", "sv", "en"]),
        "answer": TEXT,
        "at": MOMENT,
    },
    "words",
)

SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Kokemusluukku: people and orders",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "at": MOMENT | {"description": "when all of this happens; now if left out"},
        "people": PEOPLE,
        "address_changes": ADDRESS_CHANGES,
        "organisations": ORGANISATIONS,
        "experts": EXPERTS,
        "consents": rows({"person": KEY, "purpose": one_of(Purpose.values)}, "person", "purpose"),
        "orders": ORDERS,
        "questions": QUESTIONS,
    },
}
