"""Internal notes of a spec document: what those at the counter have written for each other."""

from __future__ import annotations

from luukku.core.document import KEY, MOMENT, TEXT, BadSpec, Part, Row, World, rows
from luukku.workbench.actions import strike_note, write_note
from luukku.workbench.models.notes import SUBJECTS

# Under what part of the document stands what a note may be about.
FOUND_IN = {
    "order": "orders", "expert": "experts", "organisation": "organisations", "person": "people",
}  # fmt: skip

NOTES = Part(
    "notes",
    rows(
        {
            **dict.fromkeys(SUBJECTS, KEY | {"description": "what it is about: one of the four"}),
            "words": TEXT,
            "by": KEY | {"description": "who wrote it; left out: who acts for the counter"},
            "at": MOMENT,
            "struck_at": MOMENT | {"description": "when it was struck; left out: it holds"},
        },
        "words",
    ),
    needs=tuple(FOUND_IN.values()),
)


@NOTES.step
def note(world: World, row: Row) -> None:
    """Write a note, and strike it where the document says so.

    Raises:
        BadSpec: it is not about one thing.
    """
    about = [name for name in SUBJECTS if name in row]
    if len(about) != 1:
        raise BadSpec("a note is about one of these: " + ", ".join(SUBJECTS))
    subject = world.named(FOUND_IN[about[0]], row[about[0]])
    by, at = world.author(row), world.when(row, "at", world.at)
    written = write_note(subject, row["words"], by=by, at=at)
    if "struck_at" in row:
        strike_note(written, by=by, at=world.when(row, "struck_at", at))
