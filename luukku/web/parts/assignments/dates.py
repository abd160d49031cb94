"""The dates of a series that are offered to one expert, answered on one page: desk, mailed link and phone alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.assignments import actions
from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.notices import when
from luukku.assignments.queries import open_until, times_to_choose
from luukku.assignments.states import LIVE_STATES, AssignmentState
from luukku.core.refused import Refused
from luukku.core.text import key_in
from luukku.orders.history import Difference
from luukku.orders.models import Order
from luukku.orders.queries import times_told
from luukku.taxonomy.models import Distance
from luukku.web.kit.acts import form_act
from luukku.web.parts.assignments.answers import is_waiting, say_of
from luukku.web.parts.assignments.facts import (
    TaskFacts,
    TimeFacts,
    changed_meanwhile,
    distance_to,
    facts_for,
    loads_of,
    times_for,
)
from luukku.web.parts.assignments.terms import Term, terms_apart
from luukku.web.ui.forms import Form, Scale

YES, NO = "yes", "no"
UNREAD = gettext_lazy("The task has changed since you opened this page. Read it and answer again.")
MOST_SIGNS = 4000  # of what a page tells of the dates it showed; thirteen of them need 700


class DatesForm(Form):
    """A yes or a no to each date, or one answer to all where the same expert is wanted every time.

    A date may be left without an answer. Dates that are answered or gone meanwhile have no field. The page sends
    back which dates it showed, and with which terms: nothing answers a date, or terms, that were not shown.

    Args:
        offers: ``queries.offers_together``.
    """

    terms = forms.CharField(required=False, widget=forms.HiddenInput({"id": False}))

    def __init__(self, offers: Iterable[Offer], *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = {offer.pk: offer for offer in offers if is_waiting(offer, at=at)}
        self.times = {
            pk: {time.pk: time for time in times_to_choose(offer.order, at=at)}
            for pk, offer in self.offers.items()
        }
        first = next(iter(self.offers.values()), None)
        series = first.order.series if first else None
        self.is_whole = series is not None and series.is_one_expert
        self.now = {pk: _terms_of(offer.order) for pk, offer in self.offers.items()}
        self.fields["terms"].initial = _packed(self.now)
        for pk, offer in self.offers.items():
            if choices := self._choices(pk):
                self.fields[f"answer{pk}"] = forms.ChoiceField(
                    label=times_told(offer.order),
                    choices=choices,
                    required=False,
                    widget=Scale if len(choices) == 2 else forms.RadioSelect,
                )

    def _choices(self, pk: int) -> list[tuple[str, str | Promise]]:
        times = self.times[pk].values()
        yes: list[tuple[str, str | Promise]] = []
        if len(times) > 1:
            yes = [(f"{YES}-{time.pk}", when(time.starts_at, time.ends_at)) for time in times]
        elif not self.is_whole:
            yes = [(YES, gettext_lazy("Yes"))]
        return yes if self.is_whole else [*yes, (NO, gettext_lazy("No"))]

    @property
    def has_one_time_each(self) -> bool:
        """Whether a yes to all needs no further choice."""
        return all(len(times) == 1 for times in self.times.values())

    def clean(self) -> dict[str, object]:
        """Refuse an answer to nothing, and one to dates or terms that its page did not show: at each such date."""
        cleaned = super().clean()
        if "all" in self.data:
            for pk in self.offers:
                if len(self.times[pk]) > 1 and not str(cleaned.get(f"answer{pk}")).startswith(YES):
                    self.add_error(f"answer{pk}", _("Choose which of the times suits."))
        elif "none" not in self.data and not any(
            str(name).startswith("answer") for name in self.data
        ):
            self.add_error(None, _("Answer yes or no to at least one of the times."))
        self._refuse_unread()
        return cleaned

    def _refuse_unread(self) -> None:
        shown, is_of_all = self.shown, "all" in self.data or "none" in self.data
        unread = [
            pk
            for pk, terms in self.now.items()
            if shown.get(pk) != terms and (is_of_all or self.data.get(f"answer{pk}"))
        ]
        if not unread:
            return
        self.data = self.data.copy()
        self.data["terms"] = _packed(self.now)
        for pk in unread:
            name = f"answer{pk}"
            self.data.pop(name, None)  # it was said of other terms
            self.add_error(name if name in self.fields else None, UNREAD)

    @property
    def shown(self) -> dict[int, str]:
        """The terms of each date that the page showed, by the keys of offers."""
        return _unpacked(str(self.data.get("terms", "")))

    def says_yes_to(self, pk: int) -> bool:
        """Return whether a date that the page showed was answered with yes, also when it is gone meanwhile."""
        said = str(self.data.get(f"answer{pk}", ""))
        return said.startswith(YES) or ("all" in self.data and pk in self.shown)

    def arguments(self) -> dict[str, Any]:
        """Return what was said to which offer."""
        if "none" in self.data:
            return {"yes": {}, "no": list(self.offers)}
        said = {pk: self.cleaned_data.get(f"answer{pk}") or "" for pk in self.offers}
        if "all" in self.data:
            said = {pk: v if v.startswith(YES) else YES for pk, v in said.items()}
        yes = {
            pk: self.times[pk].get(int(value.partition("-")[2] or 0))
            for pk, value in said.items()
            if value.startswith(YES)
        }
        return {"yes": yes, "no": [pk for pk, value in said.items() if value == NO]}


def _terms_of(order: Order) -> str:
    return order.terms_changed_at.isoformat() if order.terms_changed_at else ""


def _packed(terms: dict[int, str]) -> str:
    return ",".join(f"{pk}={value}" for pk, value in terms.items())


def _unpacked(text: str) -> dict[int, str]:
    pairs = [part.partition("=") for part in text[:MOST_SIGNS].split(",")]
    keys = [(key_in(pk), value) for pk, bar, value in pairs if bar]
    return {key: value for key, value in keys if key is not None}


@dataclass(frozen=True)
class DateRow:
    """One date as its expert sees it: to be answered, or what became of it."""

    offer: Offer
    words: str
    times: list[TimeFacts]  # of what is still to be answered
    field: forms.BoundField | None
    is_waiting: bool
    task: Assignment | None
    state: str | Promise
    may_return: bool  # with a yes after all
    changed_at: datetime | None  # when this date, or its terms, changed after it was offered
    differences: tuple[Difference, ...]  # what of it is another than then
    terms: list[Term]  # what is not the same on the other dates
    distance: Distance | None  # where the place is among ``terms``

    @property
    def is_agreed(self) -> bool:
        """Whether the expert comes."""
        return self.task is not None and self.task.state == AssignmentState.AGREED


@dataclass(frozen=True)
class Dates:
    """All dates of one series that have been offered to one expert, and the form that answers them."""

    offer: Offer  # any of them: its terms are those of all, but for ``facts.apart``
    rows: list[DateRow]
    form: DatesForm
    facts: TaskFacts

    @property
    def title(self) -> str:
        """What the page asks, or what came of it."""
        if self.waiting:
            n = len(self.waiting)
            return ngettext(
                "Would this task suit you? It is on %(n)s day.",
                "Would this task suit you? It is on %(n)s days.",
                n,
            ) % {"n": n}
        return _("You have answered all the times") if self.agreed else _("Thank you for answering")

    @property
    def waiting(self) -> list[DateRow]:
        """The dates without an answer."""
        return [row for row in self.rows if row.is_waiting]

    @property
    def answered(self) -> list[DateRow]:
        """The dates that are answered, or were taken back."""
        return [row for row in self.rows if not row.is_waiting]

    @property
    def changed(self) -> list[DateRow]:
        """The dates that changed after they were offered."""
        return [row for row in self.rows if row.changed_at]

    @property
    def answer_by(self) -> datetime | None:
        """By when to answer all that wait."""
        return min((row.offer.expires_at for row in self.waiting), default=None)

    @property
    def agreed(self) -> list[DateRow]:
        """The dates on which the expert comes."""
        return [row for row in self.rows if row.is_agreed]

    @property
    def contacts(self) -> list[tuple[Order, list[str]]]:
        """An agreed order of each contact person, and the times that are theirs where there are several persons."""
        by_contact: dict[int | None, list[DateRow]] = {}
        for row in self.agreed:
            by_contact.setdefault(row.offer.order.contact_id, []).append(row)
        return [
            (rows[0].offer.order, [row.words for row in rows] if len(by_contact) > 1 else [])
            for rows in by_contact.values()
        ]


def dates_of(offers: list[Offer], *data: Any, at: datetime) -> Dates:
    """Return the dates for a page; ``data``: what was sent."""
    form = DatesForm(offers, *data, at=at)
    first = next(iter(form.offers.values()), offers[0])
    names, terms = terms_apart([offer.order for offer in offers])
    rows = [
        _row(offer, form, terms.get(offer.order_id, []), has_place="where" in names, at=at)
        for offer in offers
    ]
    facts = facts_for(first.order, first.expert, at=at)
    every = [time for row in rows for time in row.times]
    if every:
        facts = replace(facts, times=every, loads=loads_of(first.expert, every, at=at))
    return Dates(first, rows, form, replace(facts, changed_at=None, apart=names))


def _row(
    offer: Offer, form: DatesForm, terms: list[Term], *, has_place: bool, at: datetime
) -> DateRow:
    waits = offer.pk in form.offers
    task = getattr(offer, "assignment", None)
    state = task.state_label if task is not None else say_of(offer, at=at)
    changed_at, differences = changed_meanwhile(offer.order, offer.expert) if waits else (None, ())
    return DateRow(
        offer,
        when(task.starts_at, task.ends_at) if task is not None else times_told(offer.order),
        times_for(offer.order, offer.expert, at=at) if waits else [],
        form[f"answer{offer.pk}"] if f"answer{offer.pk}" in form.fields else None,
        waits,
        task,
        state,
        may_return=not waits and open_until(offer, at=at) is not None,
        changed_at=changed_at,
        differences=differences,
        terms=terms,
        distance=distance_to(offer.order, offer.expert) if has_place else None,
    )


def answer_dates(
    request: HttpRequest,
    dates: Dates,
    *,
    via: Via,
    to: HttpResponse,
    page: Any,
    act: Any = form_act,
    around: Any = None,
    **given: Any,
) -> HttpResponse:
    """Take the answer to the dates, and say what was agreed on and what was missed.

    Args:
        act: ``form_act`` or the counter's own.
        around: makes an act that can be taken back of the act.
        given: what ``act`` and the action take beside, e.g. ``by``.
    """
    behalf = given.pop("on_behalf_of", None)
    answer = partial(actions.answer_series, via=via, on_behalf_of=behalf)
    for words in _gone(dates):
        messages.warning(request, words)
    return act(
        request,
        answer if around is None else around(answer),
        dates.offer,
        form=dates.form,
        page=page,
        done=partial(answered_words, is_by_counter=via == Via.COUNTER),
        to=partial(_after, request, to=to),
        **given,
    )


def _gone(dates: Dates) -> list[str]:
    """Say of each yes to a date that had been answered or taken before, that it was not written down."""
    return [
        _missed_words(row.offer)
        for row in dates.answered
        if dates.form.says_yes_to(row.offer.pk)
        and (row.task is None or row.task.state not in LIVE_STATES)
    ]


def _after(request: HttpRequest, answered: actions.Answered, *, to: HttpResponse) -> HttpResponse:
    for offer, why in answered.missed:
        messages.warning(request, _missed_words(offer, why))
    return to


def _missed_words(offer: Offer, why: Refused | None = None) -> str:
    is_booked = isinstance(why, actions.AlreadyBooked)
    words = (
        _("Not written down, because there is another agreed task at the same time: %(when)s.")
        if is_booked
        else _("Not written down, because somebody was faster or the time is off: %(when)s.")
    )
    return words % {"when": times_told(offer.order)}


def answered_words(answered: actions.Answered, *, is_by_counter: bool) -> str:
    """Say how many dates were agreed on and how many declined, thanking an expert; "" when none of either."""
    agreed, declined = len(answered.agreed), len(answered.declined)
    said = []
    if agreed:
        said.append(
            ngettext("Agreed: %(n)s time.", "Agreed: %(n)s times.", agreed) % {"n": agreed}
            if is_by_counter
            else ngettext(
                "Agreed: %(n)s time. Thank you!", "Agreed: %(n)s times. Thank you!", agreed
            )
            % {"n": agreed}
        )
    if declined:
        said.append(
            ngettext(
                "A no was written down: %(n)s time.",
                "A no was written down: %(n)s times.",
                declined,
            )
            % {"n": declined}
        )
    return " ".join(said)
