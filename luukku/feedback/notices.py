"""What is said after a task."""

from datetime import date, datetime

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.notices import when
from luukku.core.known import known
from luukku.core.links import Link, sign
from luukku.core.times import helsinki
from luukku.events.models import SignUp
from luukku.events.notices import guest_token
from luukku.feedback.models import Debrief, Side, WhatChanged
from luukku.notices.models import Channel
from luukku.notices.notice import Notice, again
from luukku.orders.models import Order
from luukku.orders.notices import matter, number_of
from luukku.privacy.queries import channel_of_extras


def feedback_path(assignment: Assignment, side: Side, person_id: int) -> str:
    """Return the path of the signed page on which ``person_id`` gives feedback without signing in."""
    token = sign(Link(f"feedback-{side}", assignment.pk, person_id))
    return reverse("public:feedback-link", args=[str(side), token])


class EventFeedbackWanted(Notice):
    """You were at an event: two minutes, please. It names the day only, never what the event was about."""

    kind = "feedback.event"
    label = gettext_lazy("Asking for feedback after an event")

    def __init__(self, sign_up: SignUp) -> None:
        self.sign_up = sign_up
        self.key = f"{self.kind}:{sign_up.pk}"

    def about(self) -> str:
        return f"event-{self.sign_up.event_id}"

    def can_wait(self, at: datetime) -> bool:
        return True

    def subject(self) -> str:
        return _("How was it?")

    def lines(self) -> list[str]:
        day = formats.date_format(helsinki(known(self.sign_up.event.ends_at)), "SHORT_DATE_FORMAT")
        return [
            _("You were at an event on %(day)s. Thank you for coming!") % {"day": day},
            _(
                "Tell us in two minutes what it was like. The organiser does not see who answered what."
            ),
        ]

    def action(self) -> tuple[str, str]:
        if self.sign_up.is_guest:
            path = reverse("public:event-guest-feedback", args=[guest_token(self.sign_up)])
        else:
            path = reverse("public:event-feedback", args=[self.sign_up.event_id])
        return _("Give feedback"), path


class FeedbackWanted(Notice):
    """Two minutes, please.

    Args:
        again_on: the day on which it reminds of what was asked before.
        beside: how many more tasks of the order wait for the same reader's feedback.
    """

    kind = "feedback.wanted"
    label = gettext_lazy("Asking for feedback after a task")

    def __init__(
        self,
        assignment: Assignment,
        side: Side,
        reader: User,
        *,
        again_on: date | None = None,
        beside: int = 0,
    ) -> None:
        self.assignment, self.side, self.reader = assignment, side, reader
        self.again_on, self.beside = again_on, beside
        self.key = again(f"{self.kind}:{assignment.pk}:{side}", again_on)

    def about(self) -> str:
        return matter(self.assignment.order_id)

    def can_wait(self, at: datetime) -> bool:
        return True

    def subject(self) -> str:
        return _("How did it go?")

    def lines(self) -> list[str]:
        return [
            _("The task of %(when)s has been done. Thank you!")
            % {"when": when(self.assignment.starts_at, self.assignment.ends_at)},
            *([_("We have not heard from you yet.")] if self.again_on else []),
            _("Tell us in two minutes how it went. You can also ask for a talk afterwards."),
            *(
                [_("Your feedback on the order’s other tasks is awaited on your desk.")]
                if self.beside
                else []
            ),
        ]

    def action(self) -> tuple[str, str]:
        return _("Give feedback"), feedback_path(self.assignment, self.side, self.reader.pk)


class WhatChangedAsked(Notice):
    """Some time has passed: what changed?

    Args:
        again_on: the day on which it reminds of what was asked before.
    """

    kind = "feedback.what_changed_asked"
    is_must_know = True

    def __init__(self, asked: WhatChanged, reader: User, *, again_on: date | None = None) -> None:
        self.asked, self.reader, self.again_on = asked, reader, again_on
        self.key = again(f"{self.kind}:{asked.order_id}", again_on)

    def about(self) -> str:
        return matter(self.asked.order_id)

    def can_wait(self, at: datetime) -> bool:
        return True

    def subject(self) -> str:
        return _("What changed because of this?")

    def lines(self) -> list[str]:
        return [
            _("Some time ago an expert by experience worked with you: order %(number)s.")
            % {"number": number_of(self.asked.order)},
            *([_("We have not heard from you yet.")] if self.again_on else []),
            _(
                "What has changed because of it? Also a small thing counts, and so does “nothing yet”."
            ),
            _("The expert sees your answer. It is the thanks that experts miss the most."),
        ]

    def action(self) -> tuple[str, str]:
        token = sign(Link("changed", self.asked.order_id, self.reader.pk))
        return _("Tell what changed"), reverse("public:changed-link", args=[token])


class WhatChangedTold(Notice):
    """To the expert: this is what changed because of you."""

    kind = "feedback.what_changed_told"
    label = gettext_lazy("What changed because of you")

    def __init__(self, order: Order, assignment: Assignment) -> None:
        self.order, self.assignment = order, assignment
        self.key = f"{self.kind}:{order.pk}:{assignment.pk}"

    @classmethod
    def default_for(cls, reader: User) -> Channel:
        return channel_of_extras(reader)

    def about(self) -> str:
        return matter(self.order.pk)

    def can_wait(self, at: datetime) -> bool:
        return True

    def subject(self) -> str:
        return _("What changed because of you")

    def lines(self) -> list[str]:
        return [
            _(
                "The orderer has told what changed because of a task that you did. Read it on your desk."
            )
        ]

    def action(self) -> tuple[str, str]:
        return _("Read it"), reverse("expert:task", args=[self.assignment.pk])


class DebriefArranged(Notice):
    """The counter gets in touch."""

    kind = "feedback.debrief_asked"
    is_must_know = True

    def __init__(self, debrief: Debrief) -> None:
        self.debrief = debrief
        self.key = f"{self.kind}:{debrief.pk}"

    def subject(self) -> str:
        return _("The talk you asked for")

    def lines(self) -> list[str]:
        return [
            _(
                "We know that you wish to talk after the task. Somebody from the counter gets in touch with you."
            )
        ]
