"""The shared threads of those who train: their list, their forms, and what both desks show of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.ordering import in_finnish
from luukku.organisations.models import Organisation
from luukku.taxonomy.models import Topic
from luukku.training import actions
from luukku.training.models import (
    LONGEST_DECISION,
    LONGEST_MESSAGE,
    Thread,
    ThreadDecision,
    ThreadMessage,
    ThreadQuerySet,
)
from luukku.training.queries import (
    can_withdraw,
    decisions_of,
    messages_of,
    said_in_name_of,
    writer_of,
)
from luukku.web.kit.acts import data_of
from luukku.web.kit.listing import Column, Listing, paged
from luukku.web.kit.request import Request
from luukku.web.ui.filters import ChoiceFilter, Filters
from luukku.web.ui.forms import DateInput, Form, of_our_time, words_field

A_PAGE = 30  # messages
CORE = "core"  # stands for the common core as a whole among the topics


_decided = ThreadDecision.objects.standing().filter(thread=OuterRef("pk"))


class ThreadFilters(Filters):
    """By what one looks for a thread."""

    decided = ChoiceFilter(
        label=gettext_lazy("Decision"),
        choices=[
            ("yes", gettext_lazy("Has been decided")),
            ("no", gettext_lazy("Waits for a decision")),
        ],
        method=lambda rows, _name, value: (
            rows.filter(Exists(_decided)) if value == "yes" else rows.exclude(waits_since=None)
        ),
    )


def _rows(request: Request) -> ThreadQuerySet:
    return Thread.objects.visible_to(request.user).with_newest()


def listing(desk: str) -> Listing:
    """Return the list of threads as it stands on a desk."""
    return Listing(
        name=f"{desk}-threads" if desk == "orderer" else "threads",
        tab="runs",
        title=gettext_lazy("Shared threads of those who train"),
        rows=_rows,
        filters=ThreadFilters,
        columns=(
            Column(
                "topic", gettext_lazy("Topic"), lambda row: row.title,
                order=in_finnish("topic__name_fi"), names_row=True,
            ),
            Column("last", gettext_lazy("Last message"), lambda row: row.last_at, order="last_at"),
            Column("decision", gettext_lazy("Decision"), lambda row: row.decision or ""),
            Column("on", gettext_lazy("Decided on"), lambda row: row.decided_on, order="decided_on"),
            Column(
                "waits", gettext_lazy("Waits for a decision since"),
                lambda row: row.waits_since, order="waits_since",
            ),
        ),
        order="-last",
        url=lambda row: reverse(f"{desk}:thread", args=[row.pk]),
    )  # fmt: skip


class MessageForm(Form):
    """What one says in a thread.

    Args:
        tellers: the organisations of which the counter may write down what they tell by phone.
    """

    words = words_field(
        gettext_lazy("Your message"),
        gettext_lazy(
            "Everybody who trains here and the counter read this. Write of nobody by name. Messages are deleted after"
            " two years."
        ),
        most=LONGEST_MESSAGE,
    )
    is_talk = forms.BooleanField(
        label=gettext_lazy("Nothing needs to be decided because of this"),
        help_text=gettext_lazy("Otherwise the thread waits for a shared decision."),
        required=False,
    )

    def __init__(self, *args: Any, tellers: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if tellers is not None:
            self.fields["organisation"] = forms.ModelChoiceField(
                label=_("Whose words are they?"),
                help_text=_("Choose an organisation if somebody from there tells this by phone."),
                queryset=tellers,
                required=False,
                empty_label=_("The counter’s own"),
                widget=forms.Select(attrs={"class": "ds-input"}),
            )

    def arguments(self) -> dict[str, Any]:
        """Return the words, whether they ask for a decision, and in whose name where it is asked."""
        sent = dict(self.cleaned_data)
        return sent | {"asks": not sent.pop("is_talk")} if "is_talk" in sent else sent


class NewThreadForm(MessageForm):
    """The first message about a topic, or one more."""

    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"),
        help_text=gettext_lazy("If there is a thread about it already, your message goes there."),
    )
    field_order = ("topic", "organisation", "words", "is_talk")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = [(one.pk, one.name) for one in Topic.objects.all()]
        self.fields["topic"].choices = [(CORE, _("The common core as a whole")), *topics]
        self.order_fields(self.field_order)

    def arguments(self) -> dict[str, Any]:
        """Return the topic, None for the common core, and the rest."""
        sent = super().arguments()
        chosen = sent.pop("topic")
        topic = None if chosen == CORE else Topic.objects.get(pk=chosen)
        return sent | {"topic": topic}


class DecisionForm(Form):
    """What those who train have decided, and when."""

    words = forms.CharField(
        label=gettext_lazy("What was decided?"),
        help_text=gettext_lazy(
            "Say also where or how: a meeting, or by agreeing here. Write of nobody by name."
        ),
        max_length=LONGEST_DECISION,
        widget=forms.Textarea,
    )
    decided_on = forms.DateField(
        label=gettext_lazy("Day of the decision"), widget=DateInput, validators=[of_our_time]
    )

    def arguments(self) -> dict[str, Any]:
        """Return both."""
        return dict(self.cleaned_data)


class ReasonForm(Form):
    """Why a message or a decision is removed."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Everybody who trains here reads this in its place."),
        max_length=200,
    )

    def arguments(self) -> dict[str, Any]:
        """Return the reason."""
        return dict(self.cleaned_data)


def tellers() -> Any:
    """Return the organisations that train, by name."""
    rows = Organisation.objects.training()
    return rows.order_by(in_finnish("name"), "pk")


@dataclass(frozen=True)
class Decided:
    """One decision as it is shown; ``whose``: in whose name it was written down."""

    decision: ThreadDecision
    whose: str
    can_withdraw: bool


@dataclass(frozen=True)
class Said:
    """One message as it is shown."""

    message: ThreadMessage
    writer: str
    organisation: str
    is_own: bool
    can_withdraw: bool


def decided_context(thread: Thread, user: User, *, at: datetime) -> dict[str, Any]:
    """Return what has been decided in a thread: the decision in force, and the others, what was taken away as well."""
    decisions = [
        Decided(one, said_in_name_of(one), one.made_by_id == user.pk and can_withdraw(one, at))
        for one in decisions_of(thread)
    ]
    newest = next((one for one in decisions if one.decision.gone_at is None), None)
    return {
        "thread": thread,
        "newest": newest,
        "earlier": [one for one in decisions if one is not newest],
        "number": decisions[0].decision.number if decisions else 0,
    }


def thread_context(request: Request, thread: Thread) -> dict[str, Any]:
    """Return what the page of a thread shows: a page of its messages, the newest last, and what has been decided."""
    user, at = request.user, timezone.now()
    found = paged(request, messages_of(thread), A_PAGE)
    said = [
        Said(
            message=one,
            writer=writer_of(one),
            organisation=said_in_name_of(one),
            is_own=one.by_id == user.pk,
            can_withdraw=one.by_id == user.pk and can_withdraw(one, at),
        )
        for one in reversed(found.object_list)
    ]
    return decided_context(thread, user, at=at) | {"said": said, "page": found}


def message_form(request: Request, thread: Thread, **kwargs: Any) -> MessageForm:
    """Return the form of one more message: where something has been decided, it seldom asks for a new decision."""
    is_decided = thread.decisions.standing().exists()
    return MessageForm(data_of(request), initial={"is_talk": is_decided}, **kwargs)


def decide(
    request: Request,
    thread: Thread,
    *,
    act_by: Callable[..., HttpResponse],
    show: Callable[..., HttpResponse],
    organisation: Organisation | None,
    home: HttpResponse,
) -> HttpResponse:
    """Write down a decision; who was not the first reads the other one and sends theirs again if it still holds."""
    form = DecisionForm(data_of(request), initial={"decided_on": timezone.localdate()})
    seen = request.POST.get("seen", "")

    def written(**told: Any) -> object:
        number = int(seen) if seen.isdecimal() and len(seen) < 5 else 0
        return actions.decide(thread, seen=number, organisation=organisation, **told)

    return act_by(
        request,
        written,
        form=form,
        page=lambda status: show(
            status=status, form=form, **decided_context(thread, request.user, at=timezone.now())
        ),
        done=_("Written down. Those who train are told."),
        to=home,
    )


def take_away(
    request: Request,
    said: ThreadMessage | ThreadDecision,
    *,
    act_by: Callable[..., HttpResponse],
    home: HttpResponse,
) -> HttpResponse:
    """Take away the message or decision that one has just written."""
    if isinstance(said, ThreadDecision):
        done = _("The decision has been taken away. Those who train are told.")
        return act_by(request, actions.withdraw_decision, said, done=done, to=home)
    done = _("Your message has been taken away.")
    return act_by(request, actions.withdraw_message, said, done=done, to=home)


def settle(
    request: Request, thread: Thread, *, act_by: Callable[..., HttpResponse], home: HttpResponse
) -> HttpResponse:
    """Say that nothing needs to be decided now."""
    done = _("The thread waits for no decision now.")
    return act_by(request, actions.settle, thread, done=done, to=home)
