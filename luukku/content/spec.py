"""Good practices of a spec document, as their senders tell them."""

from __future__ import annotations

from luukku.content.actions import PracticeWords, submit_practice
from luukku.core.document import KEY, TEXT, Part, Row, World, all_coded, many, one_of, rows
from luukku.taxonomy.models import Service, TaskType, Theme

PRACTICES = Part(
    "practices",
    rows(
        {
            "person": KEY,
            "language": one_of(["fi", "sv", "en"]),
            "title": TEXT,
            "intro": TEXT,
            "done": TEXT,
            "changed": TEXT,
            "contact": TEXT,
            "themes": many(KEY),
            "services": many(KEY),
            "task_types": many(KEY),
        },
        "person",
        "title",
        "intro",
        "done",
        "changed",
        "contact",
    ),
    needs=("people",),
)


@PRACTICES.step
def practice(world: World, row: Row) -> None:
    """Send a good practice, which waits for the counter to read it."""
    words = PracticeWords(
        **{name: row[name] for name in ("title", "intro", "done", "changed", "contact")},
        themes=all_coded(Theme, row.get("themes", [])),
        services=all_coded(Service, row.get("services", [])),
        task_types=all_coded(TaskType, row.get("task_types", [])),
    )
    person = world.named("people", row["person"])
    submit_practice(words, language=row.get("language", "fi"), by=person, at=world.at)
