"""A notice is a small class that says something to one person."""

from datetime import date, datetime
from typing import ClassVar

from django.utils.functional import Promise

from luukku.core.person import Person
from luukku.notices.models import Channel

KINDS: dict[str, type["Notice"]] = {}


def again(key: str, on: date | None) -> str:
    """Return the key of what is told once more ``on`` a day: once that day, and untrue with the first; None: first."""
    return key if on is None else f"{key}:again:{on}"


class Notice:
    """Subclass it in an app's ``notices.py``; the words are read in the reader's language when told.

    Attributes:
        kind: stable name, e.g. ``orders.accepted``; people choose per kind how it reaches them.
        label: what people choose by, for kinds that they may turn off.
        is_must_know: reaches its reader at once, whatever they chose.
        is_told_by_phone: who has no e-mail hears it from a person at the counter; so is all that must be known.
        default: the channel where the reader has chosen nothing.
        is_secret: holds a code or a key, and is deleted once it has left; only ``tell_address`` takes it.
        makes_untrue: kinds of earlier letters of the same thing that are no longer true once this one is told.
        ends: kinds of earlier letters whose news this one ends: where a person tells them, who has not heard
            of the one hears of neither.
        news_beside: kinds of earlier letters that this one makes untrue in one point only: where a person tells
            them, who has not heard of them hears both, the earlier one as ``retold`` says it now.
        key: the same for the same thing said to the same person; telling it again changes nothing.
    """

    kind: ClassVar[str]
    label: ClassVar[str | Promise] = ""
    is_must_know: ClassVar[bool] = False
    is_told_by_phone: ClassVar[bool] = False
    default: ClassVar[Channel] = Channel.MAIL
    is_secret: ClassVar[bool] = False
    makes_untrue: ClassVar[tuple[str, ...]] = ()
    ends: ClassVar[tuple[str, ...]] = ()
    news_beside: ClassVar[tuple[str, ...]] = ()
    key: str

    def __init_subclass__(cls, *, is_family: bool = False, is_plural: bool = False) -> None:
        """Make the notice known by its kind; a family only holds what its notices share, and has none.

        A plural says of several things what another notice says of one: it has the kind of that one.
        """
        super().__init_subclass__()
        if is_family or is_plural:
            return
        if cls.kind in KINDS:
            raise ValueError(f"Two notices are called {cls.kind}")
        KINDS[cls.kind] = cls

    @classmethod
    def default_for(cls, reader: Person) -> Channel:
        """Return the channel where ``reader`` has chosen nothing."""
        return cls.default

    def channel_for(self, reader: Person) -> Channel:
        """Return the same of this notice: one that is told to many may have asked for all of them at once."""
        return self.default_for(reader)

    @classmethod
    def is_told(cls) -> bool:
        """Return whether a person at the counter tells it to who has no e-mail."""
        return cls.is_must_know or cls.is_told_by_phone

    @classmethod
    def concerns(cls, reader: Person) -> bool:
        """Return whether ``reader`` could ever get one, so that the choice is worth asking."""
        return True

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

    def about(self) -> str:
        """Return the matter, e.g. ``order-45``: a reader's letters about it leave in the order they were written."""
        return ""

    def thing(self) -> object:
        """Return what the letter is of, as it follows the kind in keys; needed where ``makes_untrue`` names any."""
        raise NotImplementedError

    def overtakes(self) -> list[str]:
        """Return the beginnings of the keys of earlier letters that are no longer true once this one is told."""
        return [f"{kind}:{self.thing()}" for kind in self.makes_untrue]

    def takes_back(self) -> list[str]:
        """Return the beginnings of the keys of earlier letters whose news this one ends."""
        return [f"{kind}:{self.thing()}" for kind in self.ends]

    def retold(self) -> "Notice":
        """Return what says as it is now what the letters of ``news_beside`` told; needed where that names any."""
        raise NotImplementedError

    def can_wait(self, at: datetime) -> bool:
        """Return whether it leaves between 8 and 20 only; True for what nobody needs to know at night."""
        return False

    def expires_at(self) -> datetime | None:
        """Return from when on it would mislead its reader and is not sent any more."""
        return None
