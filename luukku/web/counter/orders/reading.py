"""The page of one order: everything about it, what to do next, who fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.accounts.queries import who_may_be_called
from luukku.assignments.models import Assignment, Undo
from luukku.assignments.queries import (
    answers_until,
    free_seats,
    happenings,
    offers_to_ask_again,
    times_to_choose,
)
from luukku.assignments.states import AssignmentState
from luukku.content.queries import practices_told_of
from luukku.core.known import known
from luukku.core.ordering import in_finnish
from luukku.core.text import key_in
from luukku.core.times import helsinki
from luukku.experts.models import Expert, ExpertQuerySet
from luukku.feedback.models import Feedback, Side, WhatChanged
from luukku.matching.queries import match, what_would_help
from luukku.notices.queries import letters_about
from luukku.orders.history import Happening, said_times, timeline
from luukku.orders.models import UNPAID, Order
from luukku.orders.notices import matter
from luukku.orders.queries import series_of
from luukku.orders.states import OPEN_STATES, UNSETTLED_STATES, OrderState
from luukku.organisations.queries import may_be_same
from luukku.organisations.states import OrganisationState
from luukku.readiness.queries import connection_of
from luukku.web.counter.frame import tabs
from luukku.web.counter.letters import letter_rows
from luukku.web.counter.notes import notes_about
from luukku.web.counter.orders.frame import end_of, find_order
from luukku.web.counter.orders.whom import (
    candidates_for,
    searched_beside,
    told_times,
    with_tried,
)
from luukku.web.kit.access import page
from luukku.web.kit.confirm import day_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.orders.odd_times import odd_times
from luukku.web.parts.orders.which import ALL, ask_which
from luukku.web.ui.forms import DateInput, Form
from luukku.workbench.queries import order_page as page_rows

ANSWER_DAYS = 5


class AnswerByForm(Form):
    """By when they answer who are asked, before the task: a day after it would mean nothing.

    Args:
        order: what they are asked to.
    """

    answer_by = forms.DateField(label=gettext_lazy("Answer by"), widget=DateInput)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.now()
        today = helsinki(now).date()
        days = [helsinki(one.starts_at).date() for one in times_to_choose(order, at=now)]
        self.last = max([today + timedelta(days=1), *days]) if days else None
        usual = today + timedelta(days=ANSWER_DAYS)
        self.fields["answer_by"].initial = min(usual, self.last or usual)

    def arguments(self) -> dict[str, Any]:
        """Return the day as the instant when its time to answer ends."""
        return super().arguments() | {"answer_by": end_of(self.cleaned_data["answer_by"])}

    def clean_answer_by(self) -> object:
        """There must be time to answer."""
        day = self.cleaned_data["answer_by"]
        if day <= helsinki(timezone.now()).date():
            raise ValidationError(_("Give at least until tomorrow."))
        if self.last is not None and day > self.last:
            raise ValidationError(
                _("The task is on %(day)s. Give a day that is not after it.")
                % {"day": day_of(self.last)}
            )
        return day


class ExpertsField(forms.MultipleChoiceField):
    """Whom to ask; who has gone from the choices since the page was opened is named.

    Attributes:
        seen: the experts whom the page's reader may see.
        key_of: the key of the expert in a choice.
    """

    default_error_messages = {"required": gettext_lazy("Choose at least one expert.")}

    seen: ExpertQuerySet
    key_of: Callable[[str], str] = str

    def validate(self, value: list[str]) -> None:
        """Refuse experts who have been asked meanwhile, or do not fit any more."""
        keys = [key_in(self.key_of(one)) for one in value if not self.valid_value(one)]
        gone = {key for key in keys if key is not None}
        names = self.seen.filter(pk__in=gone).order_by(in_finnish("code_name"))
        if gone and (told := ", ".join(names.values_list("code_name", flat=True))):
            raise ValidationError(
                _(
                    "%(names)s cannot be asked any more: somebody has asked already, or the task does not fit any"
                    " longer. Look at the list again."
                )
                % {"names": told}
            )
        super().validate(value)


class ProposeForm(AnswerByForm):
    """Whom to ask and by when they answer.

    Args:
        viewer: who asks.
    """

    experts = ExpertsField(label=gettext_lazy("Experts"))
    field_order = ("experts", "which", "answer_by")

    def __init__(
        self,
        *args: Any,
        order: Order,
        candidates: list,
        beside: list[Order],
        viewer: User,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, order=order, **kwargs)
        self.fields["experts"].seen = Expert.objects.visible_to(viewer)
        self.fields["experts"].choices = [(c.expert_id, c.code_name) for c in candidates]
        self.is_one_expert = order.series is not None and order.series.is_one_expert
        if not self.is_one_expert:
            ask_which(self, order, beside)
        if "which" in self.fields:
            self.fields["which"].required = False  # nothing is bound by asking for this date only
        self.order_fields(self.field_order)

    @property
    def is_of_all(self) -> bool:
        """Whether every date of the series is asked for, and not only this one."""
        return self.is_one_expert or self.cleaned_data.get("which") == ALL

    def chosen(self) -> set[int]:
        """Return who is ticked, also when something else is wrong."""
        keys = (key_in(pk) for pk in self["experts"].value() or ())
        return {key for key in keys if key is not None}


@page("coordinator")
def order(request: Request, pk: int) -> HttpResponse:
    """One order: everything about it, what to do next, who fits."""
    order = find_order(request, pk)
    if order.state == OrderState.DRAFT:
        return see_other("counter:order-step", pk, "what")
    return order_page(request, order)


def order_page(
    request: Request, order: Order, *, form: Form | None = None, status: int = 200
) -> HttpResponse:
    """Show the order, with ``form`` where asking experts went wrong."""
    now = timezone.now()
    times = times_to_choose(order, at=now)
    organisation = known(order.organisation)
    needs_vetting = organisation.state != OrganisationState.VETTED
    changed = WhatChanged.objects.visible_to(request.user).filter(order=order).first()
    offers, tasks = page_rows.offers(order=order.pk), _task_rows(order, at=now)
    code_names = {offer.expert.user_id: offer.expert.code_name for offer in offers}
    undo = Undo.objects.visible_to(request.user).filter(order=order).open(now).last()
    context = {
        "order": order,
        "has_left": bool(page_rows.left_behind(order=order.pk)),
        **_asked_time(order),
        "tabs": tabs(request, "orders"),
        "undo": undo,
        "undo_seconds": ceil((undo.until_at - now).total_seconds()) if undo else 0,
        "series": (series := list(series_of(order))),
        "together": _together(order, series),
        "timeline": _timeline(order, [*offers, *(row.task for row in tasks)]),
        "state": order.state,
        "connection": connection_of(order),
        "needs_vetting": needs_vetting,
        "same": may_be_same(organisation) if needs_vetting else [],
        "odd": odd_times(order, at=now) if order.state in UNSETTLED_STATES else [],
        "requests": page_rows.change_requests(order=order.pk),
        "asks_for_money": order.state in OPEN_STATES and order.payment in UNPAID,
        "has_time": bool(times),
        "offers": offers,
        "may_call": who_may_be_called(code_names),
        "tasks": tasks,
        "called_off": {
            row.task.offer_id for row in tasks if row.task.state == AssignmentState.CANCELLED
        },
        "unmet": page_rows.unmet(order=order.pk),
        "changed": changed,
        "practice": practices_told_of(changed).first() if changed else None,
        **notes_about(request, order),
        **letter_rows(
            request,
            letters_about(matter(order.pk), beside=[matter(one.pk) for one in series]),
            code_names,
        ),
    }
    if order.state == OrderState.SEARCHING:
        context |= _search(request, order, form, at=now)
    return render(request, "counter/orders/detail.html", context, status=status)


def _search(
    request: Request, order: Order, form: Form | None, *, at: datetime
) -> dict[str, object]:
    """Return what the page tells of an open search: who fits, who is asked, what would help."""
    result = match(order, at=at)
    beside = searched_beside(order)
    rows = with_tried(order, candidates_for(order, beside, at=at, matched=result))
    return {
        "result": result,
        "propose_to": reverse("counter:order-propose", args=[order.pk]),
        "help": what_would_help(order, result, at=at),
        "free": free_seats(order).count(),
        "answers_until": answers_until(order),
        "asked_for": told_times([order, *beside], at=at),
        "to_ask_again": offers_to_ask_again(order),
        "form": form
        or ProposeForm(
            order=order,
            candidates=[row.candidate for row in rows],
            beside=beside,
            viewer=request.user,
            initial={"which": ALL},
        ),
        "rows": rows,
        "beside": len(beside),
    }


def _timeline(order: Order, things: list[Any]) -> list[Happening]:
    """Return what has happened to the order and to ``things``, its offers and tasks."""
    return sorted([*timeline(order), *happenings(things)], key=lambda line: line.at)


def _asked_time(order: Order) -> dict[str, object]:
    question = next(iter(page_rows.time_questions(order=order.pk)), None)
    is_settled = any(time.is_settled for time in order.times.all())
    return {
        "time_question": question,
        "time_answer": said_times(question.answer) if question else "",
        "asks_time": question is None and not is_settled,
    }


def _together(order: Order, series: list[Order]) -> int:
    """Return how many orders of the series stand where ``order`` stands; 0 where it is alone there."""
    n = sum(one.state == order.state for one in series)
    return n if n > 1 else 0


@dataclass(frozen=True)
class TaskRow:
    """One task of the order and what can be read or written down about it."""

    task: Assignment
    has_begun: bool
    is_untrained: bool  # the expert has lost the training that the order asks for
    said: list[tuple[Side, Feedback | None]]  # of a done task: None where it can be written down


def _task_rows(order: Order, *, at: datetime) -> list[TaskRow]:
    return [
        TaskRow(
            task,
            has_begun=task.starts_at <= at,
            is_untrained=task.is_untrained,
            said=_said(task),
        )
        for task in page_rows.tasks(order=order.pk, at=at)
    ]


def _said(task: Assignment) -> list[tuple[Side, Feedback | None]]:
    if task.state != AssignmentState.DONE:
        return []
    given = {feedback.side: feedback for feedback in task.feedback.all()}
    return [(side, given.get(side)) for side in Side]
