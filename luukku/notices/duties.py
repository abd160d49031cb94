"""What waits for the counter of letters."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from luukku.core.duty import MOST_ROWS, Duty, DutyKind
from luukku.notices.models import Letter
from luukku.notices.queries import paper_queue

LETTER = DutyKind(
    "letter", _("Tell by phone or post"), page="counter:letter", within=timedelta(days=1)
)


@LETTER.finds
def letters_to_tell(at: datetime) -> Iterator[Duty]:
    """Letters that no e-mail carries; a person is called once for all that waits."""
    of_one: dict[str, list[Letter]] = {}
    for letter in paper_queue()[:MOST_ROWS]:
        of_one.setdefault(f"{letter.reader_id or letter.key}", []).append(letter)
    for letters in of_one.values():
        yield LETTER.duty(letters[0].pk, _to_tell(letters), since=letters[0].made_at)


def _to_tell(letters: list[Letter]) -> str:
    """Return to whom and what; of several how many."""
    first, number = letters[0], len(letters)
    what = ngettext("%(n)s message", "%(n)s messages", number) % {"n": number}
    if number == 1:
        what = first.subject
    return f"{first.reader.name} · {what}" if first.reader else what
