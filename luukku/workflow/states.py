"""What may be done to an object, and in which of its states; each act is named like its rule and its audit event."""

from dataclasses import dataclass, field

from luukku.core.refused import Words

ACTS: dict[str, "Act"] = {}
MOVES: dict[str, "Move"] = {}


@dataclass(frozen=True)
class Act:
    """What may be done, e.g. ``orders.set_link``, to an object in any of the states ``sources``.

    Attributes:
        late: what is said to whoever comes too late for it, if not what the object says (``Stateful.moved_on``).
    """

    name: str
    sources: frozenset[str]
    late: Words = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        if self.name in ACTS:
            raise ValueError(f"Two acts are called {self.name}")
        ACTS[self.name] = self


@dataclass(frozen=True)
class Move(Act):
    """An act that brings the object to the state ``target``, e.g. ``orders.accept``."""

    target: str

    def __post_init__(self) -> None:
        super().__post_init__()
        MOVES[self.name] = self
