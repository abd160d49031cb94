"""Questions of a spec document with what became of them, and ready answers."""

from __future__ import annotations

from datetime import datetime

from luukku.core.document import (
    DAY,
    FLAG,
    KEY,
    MOMENT,
    TEXT,
    Part,
    Row,
    World,
    day,
    one_of,
    row,
    rows,
)
from luukku.guidance import actions
from luukku.guidance.models import ClosedAs, Kind, Question, Topic

LANGUAGE = one_of(["fi", "sv", "en"])
ASKED = ("name", "email", "phone", "language", "came_from")

QUESTIONS = Part(
    "questions",
    rows(
        {
            "words": TEXT,
            "kind": one_of(Kind.values),
            "topic": one_of(Topic.values),
            "person": KEY,
            "name": TEXT,
            "email": TEXT,
            "phone": TEXT,
            "language": LANGUAGE,
            "came_from": TEXT | {"description": "the page on which it arose"},
            "at": MOMENT,
            "answer": TEXT,
            "answered_at": MOMENT,
            "notes": rows({"words": TEXT, "at": MOMENT}, "words"),
            "handed_over": row(
                {
                    "organisation": KEY,
                    "agreed": TEXT,
                    "shows_contact": FLAG,
                    "follow_on": DAY,
                    "at": MOMENT,
                    "answer": TEXT | {"description": "what its contact person answered"},
                    "answered_at": MOMENT,
                },
                "organisation",
                "agreed",
                "follow_on",
            ),
            "closed_as": one_of(ClosedAs.values),
        },
        "words",
    ),
    needs=("people", "organisations"),
)
READY_ANSWERS = Part(
    "ready_answers",
    rows(
        {"title": TEXT, "words": TEXT, "language": LANGUAGE, "may_be_faq": FLAG}, "title", "words"
    ),
    needs=("people",),
)


@QUESTIONS.step
def question(world: World, row: Row) -> None:
    """Ask the counter something and let it do what the document says: note, answer, hand over, close."""
    by, at = world.coordinator, world.when(row, "at", world.at)
    made = actions.ask(
        row["words"], kind=Kind(row.get("kind", Kind.ADVICE)), topic=Topic(row.get("topic", Topic.OTHER)),
        by=world.named("people", row["person"]) if "person" in row else None, at=at,
        **{name: row[name] for name in ASKED if name in row},
    )  # fmt: skip
    for note in row.get("notes", []):
        actions.note(made, note["words"], by=by, at=world.when(note, "at", at))
    if "answer" in row:
        made = actions.answer(made, row["answer"], by=by, at=world.when(row, "answered_at", at))
    if "handed_over" in row:
        made = _hand_over(world, made, row["handed_over"], at=at)
    if "closed_as" in row:
        made = actions.close(made, ClosedAs(row["closed_as"]), by=by, at=world.at)
    world.told.setdefault("questions", []).append(made.pk)


def _hand_over(world: World, question: Question, row: Row, *, at: datetime) -> Question:
    organisation = world.named("organisations", row["organisation"])
    at = world.when(row, "at", at)
    question = actions.hand_over(
        question, to=organisation, agreed=row["agreed"], shows_contact=row.get("shows_contact", False),
        follow_on=day(row["follow_on"]), by=world.coordinator, at=at,
    )  # fmt: skip
    if "answer" not in row:
        return question
    contact = organisation.memberships.filter(is_contact=True).select_related("user").earliest("pk")
    at = world.when(row, "answered_at", at)
    return actions.answer_for(question, row["answer"], by=contact.user, at=at)


@QUESTIONS.after.append
def told(world: World) -> None:
    """Tell of none where there are none."""
    world.told.setdefault("questions", [])


@READY_ANSWERS.step
def ready_answer(world: World, row: Row) -> None:
    """Keep a ready answer."""
    actions.keep_answer(
        None, title=row["title"], words=row["words"], language=row.get("language", "fi"),
        may_be_faq=row.get("may_be_faq", False), is_active=True, by=world.coordinator, at=world.at,
    )  # fmt: skip
