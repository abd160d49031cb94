"""Questions of a spec document."""

from __future__ import annotations

from luukku.core.document import KEY, MOMENT, TEXT, Part, Row, World, moment, one_of, rows
from luukku.guidance.actions import answer, ask
from luukku.guidance.models import Topic

QUESTIONS = Part(
    "questions",
    rows(
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
    ),
    needs=("people",),
)


@QUESTIONS.step
def question(world: World, row: Row) -> None:
    """Ask the counter something and, if the document says so, answer it."""
    person = world.named("people", row["person"]) if "person" in row else None
    at = moment(row["at"]) if "at" in row else world.at
    made = ask(
        row["words"], topic=Topic(row.get("topic", Topic.OTHER)), by=person, at=at,
        **{name: row[name] for name in ("name", "email", "phone", "language") if name in row},
    )  # fmt: skip
    if "answer" in row:
        answer(made, row["answer"], by=world.coordinator, at=at)
    world.told.setdefault("questions", []).append(made.pk)


@QUESTIONS.after.append
def told(world: World) -> None:
    """Tell of none where there are none."""
    world.told.setdefault("questions", [])
