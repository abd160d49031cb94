"""Who has looked at whom in a spec document: the counter at contact details, an orderer at cards."""

from __future__ import annotations

from datetime import datetime

from luukku.accounts.models import User
from luukku.audit.models import ReaderAs
from luukku.audit.reading import note
from luukku.core.document import KEY, MOMENT, TEXT, BadSpec, Part, Row, World, many, rows
from luukku.core.reading import collecting
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.experts.queries import cards
from luukku.search import actions

LOOKS = Part(
    "looks",
    rows(
        {
            "by": KEY | {"description": "somebody at the counter, or an orderer who searches"},
            "experts": many(KEY) | {"minItems": 1},
            "at": MOMENT,
            "organisation": KEY | {"description": "in whose name an orderer searches"},
            "wider_because": TEXT
            | {"description": "why the orderer asks to see more than a day lets"},
        },
        "by",
        "experts",
    ),
    needs=("people", "organisations", "experts"),
)


@LOOKS.step
def look(world: World, row: Row) -> None:
    """Show experts to somebody, and note it as their pages do.

    Raises:
        BadSpec: an orderer looks at more cards than a day lets, or asks for more before they have.
    """
    reader, at = world.named("people", row["by"]), world.when(row, "at", world.at)
    experts = [world.named("experts", key) for key in row["experts"]]
    if reader.is_counter:
        _contacts(reader, experts, at=at)
        return
    organisation = world.named("organisations", row["organisation"]).pk
    ids = [expert.pk for expert in experts]
    if actions.show_cards(ids, to=reader, at=at) != ids:
        raise BadSpec("these are more cards than a day lets an orderer see.")
    with collecting() as readings:
        cards(ids, on=helsinki(at).date())
    note(
        readings, reader_id=reader.pk, reader_as=ReaderAs.ORDERER, organisation_id=organisation,
        why="public:search", at=at,
    )  # fmt: skip
    if "wider_because" in row and not actions.ask_wider(row["wider_because"], by=reader, at=at):
        raise BadSpec("there are cards left to see that day.")


def _contacts(reader: User, experts: list[Expert], *, at: datetime) -> None:
    for expert in experts:
        with collecting() as readings:
            _seen = (expert.user.name, expert.user.phone)
        note(
            readings, reader_id=reader.pk, reader_as=ReaderAs.COORDINATOR, at=at,
            why=f"counter:expert {expert.pk}",
        )  # fmt: skip
