"""What one account was shown of others: asked by an administrator, with a reason, and noted like any reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.actions import inquire
from luukku.accounts.models import Direction, Inquiry, User
from luukku.accounts.queries import person_said
from luukku.audit.models import KEEP_READINGS, AccessLog
from luukku.audit.queries import how_many_people, how_many_readers, shown_of, shown_to
from luukku.audit.reading import NOBODY
from luukku.core.ordering import with_each_part
from luukku.core.times import helsinki, instant
from luukku.organisations.queries import names_of
from luukku.web.counter.frame import tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.account.looked import what, who_words, why
from luukku.web.ui.filters import Filters, TextFilter
from luukku.web.ui.forms import DateInput, Form

USUAL_DAYS = 30


class InquiryForm(Form):
    """What is looked for, two days, both among those asked about, and why."""

    direction = forms.ChoiceField(
        label=gettext_lazy("What do you look for?"),
        choices=Direction.choices,
        initial=Direction.BY,
        widget=forms.RadioSelect,
    )
    since = forms.DateField(label=gettext_lazy("First day"), widget=DateInput)
    until = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput)
    reason = forms.CharField(
        label=gettext_lazy("Why do you look into this?"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "For example: an expert asked who looked at their card on a day. It is kept with your name."
        ),
    )

    def clean_since(self) -> date:
        """No note is older than the notes are kept."""
        since = self.cleaned_data["since"]
        if since < helsinki(timezone.now()).date() - KEEP_READINGS:
            raise forms.ValidationError(_("The notes are kept for two years. Choose a later day."))
        return since

    def clean(self) -> dict[str, object]:
        """The last day comes after the first, and has come."""
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if until and until > helsinki(timezone.now()).date():
            self.add_error("until", _("This day has not come yet."))
        elif since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        return data

    def arguments(self) -> dict[str, object]:
        """Return what is looked for, from the first midnight to the one after the last day."""
        data = self.cleaned_data
        return {
            "since": instant(data["since"], time(0)),
            "until": instant(data["until"] + timedelta(days=1), time(0)),
            "reason": data["reason"],
            "direction": Direction(data["direction"]),
        }


@dataclass(frozen=True)
class Row:
    """One answer that somebody was given; ``people`` are those who are looked for."""

    at: datetime
    who: str
    why: str | Promise
    what: list[str]
    people: list[User]
    others: int
    records: list[str]


class PersonFilter(TextFilter):
    """By one person: all that was typed is looked for in the same one.

    Args:
        lookup: what of an answer holds the keys of the people who are meant.
    """

    def __init__(self, lookup: str, **kwargs: Any) -> None:
        self.lookup = lookup
        super().__init__(self._with, help_text=gettext_lazy("Name, e-mail or phone."), **kwargs)

    def _with(self, rows: QuerySet[AccessLog], words: str) -> QuerySet[AccessLog]:
        people = User.objects.visible_to(self.parent.request.user).order_by()
        meant = with_each_part(people, words, lambda rows, part: rows.filter(person_said(part)))
        return rows.filter(**{self.lookup: list(meant.values_list("pk", flat=True))})

    def filter(self, qs: QuerySet[AccessLog], value: str) -> QuerySet[AccessLog]:
        """Return the readings that concern the person whom ``value`` names, as reader or as subject."""
        return self._with(qs, value) if value else qs


class SeenFilters(Filters):
    """By whose data the account was shown."""

    q = PersonFilter("person_ids__overlap", label=gettext_lazy("Whose"))


class ReaderFilters(Filters):
    """By who was shown the person's data."""

    q = PersonFilter("reader_id__in", label=gettext_lazy("Who"))


def _answers(asked: Inquiry, shown: QuerySet[AccessLog], *, for_: User) -> Listing:
    """Return the answers of one inquiry as a list.

    It is no file and no saved filter, on purpose: the names answer one question, to whoever has said why, and stay
    where every look at them is noted with that reason.
    """
    is_of = asked.direction == Direction.OF

    def dressed(logs: list[AccessLog]) -> list[Row]:
        sides = {row.pk: [row.reader_id] if is_of else row.person_ids for row in logs}
        people = User.objects.visible_to(for_).in_bulk(
            {pk for side in sides.values() for pk in side}
        )
        names = names_of(row.organisation_id for row in logs)
        return [_row(row, sides[row.pk], people, names) for row in logs]

    return Listing(
        name="inquiry",
        tab="people",
        title=asked.get_direction_display(),
        rows=lambda _request: shown,
        filters=ReaderFilters if is_of else SeenFilters,
        columns=(Column("at", gettext_lazy("When"), lambda row: row.at, order="at"),),
        order="-at",
        url=lambda _row: "",
        dress=dressed,
    )


@page("admin", methods=("GET", "POST"))
def ask(request: Request, pk: int) -> HttpResponse:
    """Say which days of an account one looks into, and why."""
    person = fetch(User, pk, for_=request.user)
    today = helsinki(timezone.now()).date()
    form = InquiryForm(
        data_of(request),
        initial={"since": today - timedelta(days=USUAL_DAYS), "until": today},
    )
    earlier = Inquiry.objects.visible_to(request.user).filter(user=person)
    context = {
        "person": person,
        "form": form,
        "earlier": earlier.select_related("asked_by").order_by("-asked_at", "-pk")[:20],
        "tabs": tabs(request, "people"),
    }
    return form_act(
        request,
        inquire,
        person,
        form=form,
        page=lambda status: render(
            request, "counter/privacy/inquiry_new.html", context, status=status
        ),
        to=lambda asked: see_other("counter:inquiry", asked.pk),
    )


@page("admin")
def inquiry(request: Request, pk: int) -> HttpResponse:
    """Whose data the account was shown, or to whom its own, answer by answer, the latest first unless asked."""
    asked = get_object_or_404(
        Inquiry.objects.visible_to(request.user).select_related("user", "asked_by"), pk=pk
    )
    is_of = asked.direction == Direction.OF
    shown = (shown_of if is_of else shown_to)(asked.user_id, since=asked.since, until=asked.until)
    rows = _answers(asked, shown, for_=request.user).read(request)
    context = {
        "asked": asked,
        "last_day": asked.until - timedelta(minutes=1),
        "list": rows,
        "rows": rows.page.object_list,
        "number": how_many_readers(shown) if is_of else how_many_people(shown),
        "is_of": is_of,
        "tabs": tabs(request, rows.listing.under),
    }
    return render(request, "counter/privacy/inquiry.html", context)


def _row(row: AccessLog, side: list[int], people: dict[int, User], names: dict[int, str]) -> Row:
    return Row(
        at=row.at,
        who=who_words(row.reader_as, names.get(row.organisation_id or 0, "")),
        why=why(row.why.split(" ")[0]),
        what=what([row.what]),
        people=[people[pk] for pk in side if pk in people],
        others=len([pk for pk in side if pk not in people and pk != NOBODY]),
        records=row.records,
    )
