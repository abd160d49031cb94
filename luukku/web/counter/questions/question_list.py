"""The questions at the counter, those that hurry first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.text import clean
from luukku.core.times import helsinki
from luukku.guidance.models import (
    HURRIED_FIRST,
    Kind,
    Question,
)
from luukku.guidance.queries import (
    coordinators,
    tags_in_use,
)
from luukku.guidance.states import QuestionState
from luukku.web.counter.frame import tabs
from luukku.web.kit.access import page
from luukku.web.kit.request import Request
from luukku.web.ui.forms import Form

A_PAGE = 30


OPEN = "open"  # everything that is not closed; what the list shows unless asked otherwise


class FilterForm(Form):
    """What the list shows."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Who answers"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    tag = forms.ChoiceField(label=gettext_lazy("Tag"), required=False)
    late = forms.BooleanField(label=gettext_lazy("Only late ones"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        self.fields["state"].choices = [
            (OPEN, _("Not closed")), *QuestionState.choices, ("all", _("All"))
        ]  # fmt: skip
        self.fields["assignee"].choices = [
            everything,
            ("me", _("Me")),
            ("nobody", _("Nobody yet")),
            *((str(person.pk), person.name) for person in coordinators()),
        ]
        self.fields["kind"].choices = [everything, *Kind.choices]
        self.fields["tag"].choices = [everything, *((tag, tag) for tag in tags_in_use())]


@page("coordinator")
def questions(request: Request) -> HttpResponse:
    """Every question by state, assignee, kind, tag; the most urgent first."""
    now = timezone.now()
    form = FilterForm(
        {"state": OPEN} | {key: clean(str(value)) for key, value in request.GET.items()}
    )
    form.is_valid()  # what is no choice filters nothing
    rows = _filtered(form.cleaned_data, user=request.user, now=now)
    found = Paginator(
        rows.select_related("assignee", "asked_by").order_by(
            HURRIED_FIRST, "due_on", "-state_changed_at", "pk"
        ),
        A_PAGE,
    ).get_page(request.GET.get("page"))
    today = helsinki(now).date()
    context = {
        "form": form,
        "page": found,
        "rows": [(q, q.due_on is not None and q.due_on < today) for q in found],
        "tabs": tabs(request, "questions"),
    }
    return render(request, "counter/questions/list.html", context)


def _filtered(wish: dict[str, Any], *, user: User, now: datetime) -> QuerySet[Question]:
    rows = Question.objects.visible_to(user)
    if wish.get("late"):
        rows = rows.late(now)
    state, assignee = wish.get("state") or OPEN, wish.get("assignee")
    if state == OPEN:
        rows = rows.exclude(state=QuestionState.CLOSED)
    elif state != "all":
        rows = rows.filter(state=state)
    if assignee == "nobody":
        rows = rows.filter(assignee=None)
    elif assignee:
        rows = rows.filter(assignee=user.pk if assignee == "me" else int(assignee))
    if wish.get("kind"):
        rows = rows.filter(kind=wish["kind"])
    if wish.get("tag"):
        rows = rows.filter(tags__contains=[wish["tag"]])
    return rows
