"""Lists, declared once: what stands in them, by what they are narrowed and ordered, their columns and files.

The filters and their form are django-filter's, the pages Django's; ours is what joins them. Every list of rows
that can grow is a ``Listing``; ``paged`` is for the few that are read in one order, and for those of the counter
whose rows are no table. ``docs/decisions/0030-lists.md`` tells why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, OrderBy, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_filters import FilterSet

from luukku.core.times import helsinki

PAGE, SORT = "page", "sort"
A_PAGE = 30
MOST_FOUND = 1000  # rows that can be leafed through where it is not known how many there are
AT_ONCE = 500  # rows that are dressed together on their way into a file


def paged(
    request: HttpRequest,
    rows: Sequence[Any] | QuerySet,
    size: int = A_PAGE,
    *,
    number: int | None = None,
) -> Page:
    """Return the page of ``rows`` that the address asks for; what is no page's number asks for the first.

    Args:
        number: how many ``rows`` are, where that is known.
    """
    pages = Paginator(rows, size)
    if number is not None:
        pages.count = number
    return pages.get_page(request.GET.get(PAGE))


Order = str | Combinable | OrderBy


@dataclass(frozen=True)
class Column:
    """One column of a list.

    Attributes:
        name: stable; stands in the address as what the list is ordered by.
        label: heads the column, on the page and in a file.
        value: what a row has in it: text, a number, a day, an instant, or several texts.
        order: what the list is ordered by when the column is chosen, one after the other; nothing where it cannot be.
            What hangs on the reader's language is asked for at each reading.
        shows: makes of the row and its value what the page shows in the cell, where text is not enough.
        names_row: it says which row this is, and leads to it.
        is_plain: what stands in it tells by itself what it is; on a phone its label is left out.
    """

    name: str
    label: str | Promise
    value: Callable[[Any], object]
    order: Order | tuple[Order, ...] | Callable[[], Order] = ()
    shows: Callable[[Any, Any], str] | None = None
    names_row: bool = False
    is_plain: bool = False


class Cell:
    """What one row has in one column.

    Attributes:
        text: the value as people read it; empty where there is nothing.
        shown: what the page shows of it.
        label: heads it on a phone, where it does not tell by itself what it is.
    """

    def __init__(self, column: Column, row: Any, label: str) -> None:
        self.column, self.value = column, column.value(row)
        self.text = in_words(self.value)
        self.shown = column.shows(row, self.value) if column.shows else self.text
        self.names_row = column.names_row
        self.label = label


def in_words(value: object) -> str:
    """Return a cell's value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(helsinki(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(in_words, value))
    return str(value)


@dataclass(frozen=True)
class Row:
    """One row as the page shows it, and where it leads."""

    of: Any
    url: str
    cells: list[Cell]


@dataclass(frozen=True)
class Header:
    """A column's head: where a press on it leads, and how the list is ordered by it now."""

    label: str | Promise
    url: str
    aria_sort: str


@dataclass(frozen=True)
class Listing:
    """A list as it is declared.

    Attributes:
        name: stable; names saved filters of the list.
        title: heads the page, and names a file.
        rows: what this person may see, each object with what its columns read.
        order: the column by which it is ordered unless asked otherwise, "-" before it for the other way round.
        url: where a row leads.
        filters: by what it can be narrowed.
        dress: makes of a few objects what the columns read, in as many queries for one as for many.
        tab: of the desk, the one under which the list stands; the one of its own name unless told.
    """

    name: str
    title: str | Promise
    rows: Callable[[Any], QuerySet]
    columns: tuple[Column, ...]
    order: str
    url: Callable[[Any], str]
    filters: type[FilterSet] = FilterSet
    dress: Callable[[list[Any]], Iterable[Any]] = iter
    tab: str = ""

    @property
    def under(self) -> str:
        """The tab under which the list stands."""
        return self.tab or self.name

    def read(self, request: HttpRequest, *, a_page: int = A_PAGE, is_whole: bool = False) -> Listed:
        """Return the list as the address asks for it; what in the address means nothing asks for nothing.

        Args:
            a_page: how many rows stand on a page.
            is_whole: every row stands on one of its pages, however many there are.
        """
        return Listed(self, request, a_page, is_whole)


@dataclass
class Listed:
    """A list as one address asks for it."""

    listing: Listing
    request: HttpRequest
    a_page: int = A_PAGE
    is_whole: bool = False
    filters: FilterSet = field(init=False)

    def __post_init__(self) -> None:
        rows = self.listing.rows(self.request)
        self.filters = self.listing.filters(self.request.GET, rows, request=self.request)

    @cached_property
    def ordered_by(self) -> str:
        """The column by which the list is ordered, "-" before it for the other way round."""
        wish = self.request.GET.get(SORT, "")
        known = {column.name for column in self.listing.columns if column.order}
        return wish if wish.removeprefix("-") in known else self.listing.order

    @property
    def all(self) -> QuerySet:
        """Every row that the filters leave, in order."""
        name = self.ordered_by.removeprefix("-")
        by = next(column.order for column in self.listing.columns if column.name == name)
        is_down = self.ordered_by.startswith("-")
        by = by() if callable(by) else by
        orders = [_order(one, is_down) for one in (by if isinstance(by, tuple) else (by,))]
        return self.filters.qs.order_by(*orders, "-pk" if is_down else "pk")

    @cached_property
    def page(self) -> Page:
        """The page that is asked for; its rows are as the columns read them."""
        number = getattr(self.filters, "number", None)  # a list without filters tells none
        if number is None and not self.is_whole:
            page = paged(self.request, self._first_keys[:MOST_FOUND], self.a_page)
            there = self.listing.rows(self.request).in_bulk(page.object_list)
            page.object_list = [there[key] for key in page.object_list if key in there]
        else:
            page = paged(self.request, self.all, self.a_page, number=number)
        page.object_list = list(self.listing.dress(list(page.object_list)))
        return page

    @cached_property
    def _first_keys(self) -> list[Any]:
        """The keys of the first rows, one more than can be leafed through: they are read instead of counting all."""
        return list(self.all.values_list("pk", flat=True)[: MOST_FOUND + 1])

    @property
    def number(self) -> int:
        """How many rows the filters leave, or can be leafed through."""
        return self.page.paginator.count

    @property
    def has_more(self) -> bool:
        """Whether the filters leave more rows than ``number``."""
        is_known = self.is_whole or getattr(self.filters, "number", None) is not None
        return not is_known and len(self._first_keys) > MOST_FOUND

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of the page."""
        columns = [
            (column, "" if column.is_plain else str(column.label))
            for column in self.listing.columns
        ]
        return [
            Row(of, self.listing.url(of), [Cell(column, of, label) for column, label in columns])
            for of in self.page.object_list
        ]

    @property
    def headers(self) -> list[Header]:
        """The columns' heads."""
        return [self._header(column) for column in self.listing.columns]

    def _header(self, column: Column) -> Header:
        sort, is_current = column.name, self.ordered_by.removeprefix("-") == column.name
        if self.ordered_by == column.name:
            sort = f"-{column.name}"
        direction = "descending" if self.ordered_by.startswith("-") else "ascending"
        url = self.address(**{SORT: sort}) if column.order else ""
        return Header(column.label, url, direction if is_current else "")

    def address(self, **changed: str | None) -> str:
        """Return the address of the list with some of what it asks for ``changed``, from the first page on."""
        query = self.request.GET.copy()
        for name, value in {**changed, PAGE: None}.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}" if query else self.request.path

    @property
    def asked_pairs(self) -> list[tuple[str, str]]:
        """What the list is narrowed and ordered by, without what means nothing."""
        said = [
            name for name, value in self.filters.said.items() if value and name in self.request.GET
        ]
        sort = {} if self.ordered_by == self.listing.order else {SORT: self.ordered_by}
        return list(({name: self.request.GET[name] for name in said} | sort).items())

    @property
    def asked(self) -> str:
        """The same as it stands in an address."""
        return urlencode(self.asked_pairs)

    @property
    def cleared(self) -> str:
        """The address of the list without the filters in use; its chip and its order stay."""
        return self.address(**dict.fromkeys((one.name for one in self.filters.active), None))

    def values(self) -> Iterator[list[object]]:
        """Return what stands in the columns of every row that the filters leave, a few rows at a time."""
        objects = self.all.iterator(chunk_size=AT_ONCE)
        while some := list(islice(objects, AT_ONCE)):
            for row in self.listing.dress(some):
                yield [column.value(row) for column in self.listing.columns]


def _order(by: str | Combinable | OrderBy, is_down: bool) -> OrderBy:
    """Return ``by`` in one direction or the other; what has no value comes last in both."""
    expression: Any = F(by) if isinstance(by, str) else by
    if isinstance(by, OrderBy):
        expression, is_down = by.expression, by.descending != is_down
    return OrderBy(expression, descending=is_down, nulls_last=True)
