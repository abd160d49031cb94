"""What one account was shown of others: asked by an administrator, with a reason, and noted like any reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.actions import inquire
from luukku.accounts.models import Direction, Inquiry, User
from luukku.audit.models import KEEP_READINGS, AccessLog
from luukku.audit.queries import how_many_people, how_many_readers, shown_of, shown_to
from luukku.audit.reading import NOBODY
from luukku.core.times import helsinki, instant
from luukku.organisations.queries import names_of
from luukku.web.counter.frame import tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.account.looked import what, who_words, why
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


@page("admin", methods=("GET", "POST"))
def ask(request: Request, pk: int) -> HttpResponse:
    """Say which days of an account one looks into, and why."""
    found = fetch(User, pk, for_=request.user)
    today = helsinki(timezone.now()).date()
    form = InquiryForm(
        data_of(request),
        initial={"since": today - timedelta(days=USUAL_DAYS), "until": today},
    )
    earlier = Inquiry.objects.visible_to(request.user).filter(user=found)
    context = {
        "person": found,
        "form": form,
        "earlier": earlier.select_related("asked_by").order_by("-asked_at", "-pk")[:20],
        "tabs": tabs(request, "people"),
    }
    return form_act(
        request,
        inquire,
        found,
        form=form,
        page=lambda status: render(
            request, "counter/privacy/inquiry_new.html", context, status=status
        ),
        to=lambda asked: see_other("counter:inquiry", asked.pk),
    )


@page("admin")
def inquiry(request: Request, pk: int) -> HttpResponse:
    """Whose data the account was shown, or to whom its own, answer by answer, the latest first."""
    asked = get_object_or_404(
        Inquiry.objects.visible_to(request.user).select_related("user", "asked_by"), pk=pk
    )
    is_of = asked.direction == Direction.OF
    shown = (shown_of if is_of else shown_to)(asked.user_id, since=asked.since, until=asked.until)
    found = paged(request, shown)
    sides = {row.pk: [row.reader_id] if is_of else row.person_ids for row in found}
    people = User.objects.visible_to(request.user).in_bulk(
        {pk for side in sides.values() for pk in side}
    )
    names = names_of(row.organisation_id for row in found)
    context = {
        "asked": asked,
        "last_day": asked.until - timedelta(minutes=1),
        "page": found,
        "rows": [_row(row, sides[row.pk], people, names) for row in found],
        "number": how_many_readers(shown) if is_of else how_many_people(shown),
        "is_of": is_of,
        "tabs": tabs(request, "people"),
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
