"""What waits for the counter of letters."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from luukku.core.compiled import Instant, objects_once, once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.notices.models import Letter

LETTER = DutyKind(
    "letter", _("Tell by phone or post"), page="counter:letter", within=timedelta(days=1)
)


@LETTER.finds
def letters_to_tell(at: Instant) -> Waiting:
    """Letters that no e-mail carries; a person is called once for all that waits."""
    return Waiting(_by_call(Letter.objects.on_paper(at)), since="first_at", key="first")


@LETTER.calls
def to_tell(keys: Collection[int]) -> dict[int, Called]:
    """To whom and what; of several how many."""
    counts = dict(_counts(keys=list(keys)))
    return {letter.pk: _called(letter, counts[letter.pk]) for letter in _letters(keys=list(counts))}


@once
def _counts() -> QuerySet[Any, Any]:
    newest = Letter.objects.filter(with_keys()).order_by("-not_before_at").values("not_before_at")
    waiting = _by_call(Letter.objects.on_paper(Subquery(newest[:1])))
    return waiting.filter(with_keys("first")).values_list("first", "number")


@objects_once
def _letters() -> QuerySet[Letter]:
    rows = Letter.objects.filter(with_keys()).select_related("reader")
    return rows.only("subject", "reader__name", "reader__phone")


def _by_call(waiting: QuerySet[Letter]) -> QuerySet[Any]:
    """Return the letters to tell by the call that tells them: its ``first``, since when, their ``number``."""
    alone = Concat(Value("letter "), Cast("pk", TextField()), output_field=TextField())
    whose = Coalesce(Cast("reader_id", TextField()), alone)
    return (
        waiting.order_by()
        .values(whose=whose)
        .annotate(
            first=Min("pk"), first_at=Min(Greatest("made_at", "not_before_at")), number=Count("pk")
        )
    )


def _called(letter: Letter, number: int) -> Called:
    what = ngettext("%(n)s message", "%(n)s messages", number) % {"n": number}
    if number == 1:
        what = letter.subject
    reader = letter.reader
    if reader is None:
        return Called(what)
    return Called(f"{reader.name} · {what}", reader.name, reader.phone)
