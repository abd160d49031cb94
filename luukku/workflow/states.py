"""A Move is one thing that may happen to an object, named like its rule and its audit event."""

from dataclasses import dataclass

MOVES: dict[str, "Move"] = {}


@dataclass(frozen=True)
class Move:
    """From any of ``sources`` to ``target`` by the act ``name``, e.g. ``orders.accept``."""

    name: str
    sources: frozenset[str]
    target: str

    def __post_init__(self) -> None:
        if self.name in MOVES:
            raise ValueError(f"Two Moves are called {self.name}")
        MOVES[self.name] = self
