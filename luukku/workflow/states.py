"""A Move is one thing that may happen to an object, named like its rule and its audit event."""

from dataclasses import dataclass

from luukku.core.refused import Words

MOVES: dict[str, "Move"] = {}


@dataclass(frozen=True)
class Move:
    """From any of ``sources`` to ``target`` by the act ``name``, e.g. ``orders.accept``.

    Attributes:
        late: what is said to whoever comes too late for it, if not what the object says (``Stateful.moved_on``).
    """

    name: str
    sources: frozenset[str]
    target: str
    late: Words = ""

    def __post_init__(self) -> None:
        if self.name in MOVES:
            raise ValueError(f"Two Moves are called {self.name}")
        MOVES[self.name] = self
