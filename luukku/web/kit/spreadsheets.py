"""Rows as a file that a spreadsheet opens: CSV or XLSX, written row by row, with nothing in it that acts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date, datetime
from io import TextIOWrapper
from itertools import chain, islice, zip_longest
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX

from luukku.core.times import helsinki
from luukku.web.kit.listing import in_words

WIDEST = 60  # signs of a column; what is longer stands in its cell all the same
MEASURED = 500  # rows that tell how wide the columns are; the others are written without being kept
LONGEST_SHEET_NAME = 31  # signs that spreadsheets take
IN_MEMORY = 1_000_000  # bytes of a file that need no disk
# What a spreadsheet takes for the beginning of a formula, also after spaces; the wide signs are folded to these.
ACTS = tuple("=+-@\t\r\n＝＋－＠")


def defused(text: str) -> str:
    """Return ``text`` that no spreadsheet takes for a formula: an apostrophe before what would begin one."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(ACTS) or text.lstrip().startswith(ACTS) else text


def _plain(value: object) -> object:
    """Return a cell's value as a file holds it: numbers and days as they are, all else as harmless words."""
    if isinstance(value, datetime):
        return helsinki(value).replace(tzinfo=None)
    if isinstance(value, date) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return defused(in_words(value))


def _as_csv(file: IO[bytes], _name: str, rows: Iterable[Iterable[object]]) -> None:
    """Write with semicolons and a mark of UTF-8, as Finnish spreadsheets expect it; instants by Helsinki's clock."""
    text = TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";")
    for row in rows:
        writer.writerow(
            [f"{one:%Y-%m-%d %H:%M}" if isinstance(one, datetime) else one for one in row]
        )
    text.detach()  # flushes; the file stays open


def _as_xlsx(file: IO[bytes], name: str, rows: Iterable[Iterable[object]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(INVALID_TITLE_REGEX.sub(" ", name)[:LONGEST_SHEET_NAME])
    sheet.freeze_panes = "A2"
    rest = map(list, rows)
    first = list(islice(rest, MEASURED + 1))  # widths are written before the rows
    for place, cells in enumerate(zip_longest(*first, fillvalue=""), start=1):
        wide = min(WIDEST, max(map(_width, cells)) + 2)
        sheet.column_dimensions[get_column_letter(place)].width = wide
    for row in chain(first, rest):
        sheet.append([_timed(sheet, one) if isinstance(one, datetime) else one for one in row])
    book.save(file)


def _width(value: object) -> int:
    """Return how many signs a cell shows of ``value`` in its longest line."""
    text = f"{value:%d.%m.%Y %H:%M}" if isinstance(value, datetime) else str(value)
    return max(map(len, text.splitlines()), default=0)


def _timed(sheet: Any, value: datetime) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = "d.m.yyyy h:mm"
    return cell


Write = Callable[[IO[bytes], str, Iterable[Iterable[object]]], None]
KINDS: dict[str, tuple[str, Write]] = {
    "csv": ("text/csv; charset=utf-8", _as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _as_xlsx),
}


def spreadsheet(
    name: str, heads: Iterable[object], rows: Iterable[Iterable[object]], *, kind: str
) -> FileResponse:
    """Return a file of ``rows`` under ``heads``, called ``name`` and today's day.

    It is written before it is sent: what it shows of people is noted first (``kit.reading``).
    """
    content_type, write = KINDS[kind]
    file: Any = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- closed with the answer
    write(file, name, ([_plain(one) for one in row] for row in _all(heads, rows)))
    file.seek(0)
    day = helsinki(timezone.now()).date()
    return FileResponse(
        file, as_attachment=True, filename=f"{name}-{day}.{kind}", content_type=content_type
    )


def _all(heads: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterable[Iterable[object]]:
    yield heads
    yield from rows
