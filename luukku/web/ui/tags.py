"""What stands in the cells of long lists: written here, since a template included in each cell took most of a page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from django.utils.dateformat import format as as_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from luukku.core.text import tel
from luukku.core.times import helsinki
from luukku.web.kit.listing import Cell, Row
from luukku.workflow.models import Stateful

COLOURS = {
    "draft": "neutral",
    "sent": "warning",
    "waiting": "warning",
    "accepted": "info",
    "searching": "info",
    "proposed": "warning",
    "staffed": "success",
    "agreed": "success",
    "active": "success",
    "vetted": "success",
    "raised": "warning",
    "acted": "success",
    "done": "success",
    "closed": "neutral",
    "asked": "warning",
    "held": "success",
    "answered": "success",
    "granted": "info",
    "out": "info",
    "back": "success",
    "lost": "danger",
    "handed_over": "info",
    "followed": "success",
}


def tag(label: str | Promise, color: str = "neutral") -> SafeString:
    """Return a small coloured word; what the colour says, the word says, too."""
    return format_html('<span class="ds-tag" data-color="{}">{}</span>', color, label)


def state_tag(of: Stateful) -> SafeString:
    """Return the state of something."""
    return tag(of.state_label, COLOURS.get(of.state, "neutral"))


def cells(row: Row, is_chosen_from: object = "") -> SafeString:
    """Return the cells of a list's row; where rows are ticked the cell that names the row names its box, too."""
    row_id = f' id="row-{row.of.pk}"' if is_chosen_from else ""
    shown = (_named(row, cell, row_id) if cell.names_row else _cell(cell) for cell in row.cells)
    return mark_safe("".join(shown))  # noqa: S308 -- each puts in only what is escaped


def _named(row: Row, cell: Cell, row_id: str) -> str:
    link = f'{row_id} href="{escape(row.url)}" title="{escape(cell.text)}"'
    return f'<th role="rowheader" scope="row"><a{link}>{_escaped(cell.shown)}</a></th>'


def _cell(cell: Cell) -> str:
    label = f' data-label="{escape(cell.label)}"' if cell.label else ""
    title = f'title="{escape(cell.text)}"' if cell.text else 'class="none"'
    return f'<td role="cell"{label} {title}>{_escaped(cell.shown)}</td>'


def _escaped(shown: str) -> str:
    """Return what a cell shows; a list of nine columns takes half the time without ``format_html`` for each."""
    return shown if isinstance(shown, SafeString) else escape(shown)


def entry(
    sort: str,
    url: str,
    title: str | Promise,
    *,
    first: str,
    said: str | Promise = "",
    rest: str = "",
) -> SafeString:
    """Return one line of a calendar's day.

    Args:
        first: what stands before the title: when it begins, or how many.
        said: what the colour of ``sort`` says to those who see it.
        rest: what stands under the title where there is room.
    """
    hidden = f'<span class="sr-only">{escape(str(said))}: </span>' if said else ""
    more = f' <span class="soft">{escape(rest)}</span>' if rest else ""
    link = f'<a href="{escape(url)}">{hidden}<b>{escape(first)}</b> {escape(str(title))}{more}</a>'
    return mark_safe(f'<li class="{escape(sort)}">{link}</li>')  # noqa: S308 -- each part is escaped


def state(row: Stateful, _value: object) -> SafeString:
    """Return what a column of states shows."""
    return state_tag(row)


def when(_row: object, value: datetime | None) -> str:
    """Return what a column of instants shows: with the day of the week, which a file does not need."""
    if value is None:
        return ""
    at = helsinki(value)
    words = f"{as_date(at, 'D')} {date_format(at, 'SHORT_DATETIME_FORMAT')}"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), words)


def phone(_row: object, value: str) -> str:
    """Return what a column of phone numbers shows: each can be called."""
    return format_html('<a href="{}">{}</a>', tel(value), value) if value else ""


def marks(_row: object, value: Iterable[str | Promise]) -> SafeString:
    """Return what a column of marks shows that somebody should see first."""
    return format_html_join("", "{}", ((tag(mark, "danger"),) for mark in value))
