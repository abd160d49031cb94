"""A notice is a small class that says something to one person."""

from typing import ClassVar

from luukku.notices.models import Channel

KINDS: dict[str, type["Notice"]] = {}


class Notice:
    """Subclass it in an app's ``notices.py``; the words are read in the reader's language when told.

    Attributes:
        kind: stable name, e.g. ``orders.accepted``; people choose per kind how it reaches them.
        label: what people choose by, for kinds that they may turn off.
        is_must_know: reaches its reader at once, whatever they chose.
        default: the channel where the reader has chosen nothing.
        key: the same for the same thing said to the same person; telling it again changes nothing.
    """

    kind: ClassVar[str]
    label: ClassVar[str] = ""
    is_must_know: ClassVar[bool] = False
    default: ClassVar[Channel] = Channel.MAIL
    key: str

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.kind in KINDS:
            raise ValueError(f"Two notices are called {cls.kind}")
        KINDS[cls.kind] = cls

    def default_channel(self) -> Channel:
        """Return the channel where this reader has chosen nothing."""
        return self.default

    def subject(self) -> str:
        """Return the subject: never a theme, a name or anything about health."""
        raise NotImplementedError

    def lines(self) -> list[str]:
        """Return the paragraphs."""
        raise NotImplementedError

    def action(self) -> tuple[str, str] | None:
        """Return (label, path) of the one thing to do next, if there is one."""
        return None

    def calendar(self) -> str:
        """Return an iCalendar text to attach, or nothing."""
        return ""
