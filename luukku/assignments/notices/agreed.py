"""What is said about agreed tasks. Subjects and calendar titles name no theme and no person."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.accounts.models import User
from luukku.assignments.calendar import event
from luukku.assignments.models import Assignment
from luukku.assignments.notices.offers import OfferChanged, OfferMade, SignUpReceived
from luukku.assignments.notices.words import differences, others_stay, time_heard
from luukku.core.known import known
from luukku.core.times import when
from luukku.notices.notice import Notice
from luukku.orders.actions.changing import PLACE
from luukku.orders.models import CancelledBy, Mode, Order
from luukku.orders.notices import (
    OrderCancelled,
    OrderReopened,
    OrderSearching,
    OrderStaffed,
    cancelled_lines,
    matter,
    number_of,
)
from luukku.orders.states import OrderState


class AssignmentNotice(Notice):
    """Something about an agreed task, with its calendar entry.

    An expert hears of each task, the orderer of the order: one letter and one calendar entry, however many come.
    """

    kind = "assignments.any"
    is_must_know = True

    def __init__(self, assignment: Assignment, to: User) -> None:
        self.assignment, self.to = assignment, to
        self.key = f"{self.kind}:{self.thing()}:{self.version()}"

    def is_expert(self) -> bool:
        """Whether the reader is the expert of the task."""
        return self.to.pk == self.assignment.expert.user_id

    def thing(self) -> str:
        """What the letter is of, for keys: the task to its expert, the order to its orderer."""
        return f"{self.assignment.pk}" if self.is_expert() else matter(self.assignment.order_id)

    def version(self) -> str:
        """The same in all letters that one act on an order's tasks gives reason to."""
        if self.is_expert():
            return f"{self.assignment.calendar_version}"
        return f"{self.assignment.calendar_changed_at or self.assignment.pk}"

    def about(self) -> str:
        return matter(self.assignment.order_id)

    def span(self) -> tuple[datetime, datetime]:
        """When it is, as the reader is to know it."""
        return self.assignment.starts_at, self.assignment.ends_at

    def facts(self) -> str:
        """When and where."""
        return _("When: %(when)s. Where: %(where)s.") % {
            "when": when(*self.span()),
            "where": self.assignment.place or _("remotely"),
        }

    def others_stay(self, *, at: datetime) -> list[str]:
        """Which other dates of the series stay as they were, of those that the reader has to do with."""
        task = self.assignment
        return others_stay(task.order, task.expert if self.is_expert() else None, at=at)

    def title(self) -> str:
        """The fact that the orderer reads after the order's number; the subject to an expert."""
        raise NotImplementedError

    def subject(self) -> str:
        """The fact; to the orderer with the number of the order."""
        if self.is_expert():
            return self.title()
        numbered = {"number": number_of(self.assignment.order), "fact": self.title()}
        return _("Order %(number)s: %(fact)s") % numbered

    def action(self) -> tuple[str, str]:
        if self.is_expert():
            return _("See the task"), reverse("expert:task", args=[self.assignment.pk])
        return _("See your order"), reverse("orderer:order", args=[self.assignment.order_id])

    def calendar(self) -> str:
        return event(self.assignment, for_user=self.to, with_method=True)


class Agreed(AssignmentNotice):
    """It is agreed. To the orderer it says how many of the wanted experts have said yes."""

    kind = "assignments.agreed"
    makes_untrue = ("assignments.agreed", "assignments.cancelled")

    def overtakes(self) -> list[str]:
        if self.is_expert():
            offer_id = self.assignment.offer_id
            answered = (OfferMade.kind, OfferChanged.kind, SignUpReceived.kind)
            return [f"{kind}:{offer_id}" for kind in answered]
        order_id = self.assignment.order_id
        searched = (OrderSearching.kind, OrderStaffed.kind, OrderReopened.kind)
        told = OrderStaffed.makes_untrue if self.is_staffed() else searched
        return [*super().overtakes(), *(f"{kind}:{order_id}" for kind in told)]

    def title(self) -> str:
        if self.is_expert():
            return _("A task has been agreed")
        return _("expert found") if self.is_staffed() else _("an expert has said yes")

    def is_staffed(self) -> bool:
        """Whether everybody whom the order wants has said yes."""
        return self.assignment.order.state == OrderState.STAFFED

    def lines(self) -> list[str]:
        if self.is_expert():
            return [
                _("Thank you for your yes. The task has been agreed."),
                self.facts(),
                _(
                    "The orderer can now see your name and contact details, if you have agreed to that."
                ),
            ]
        if self.is_staffed():
            return [
                _(
                    "Everything has been agreed. Your order's page tells who comes and how to reach them."
                ),
                self.facts(),
                _("Please get in touch with the expert in good time before the task."),
            ]
        order = self.assignment.order
        return [
            ngettext(
                "%(n)s of the %(wanted)s experts that you need has said yes. We look for the rest.",
                "%(n)s of the %(wanted)s experts that you need have said yes. We look for the rest.",
                (n := order.assignments.live().count()),
            )
            % {"n": n, "wanted": order.experts_wanted},
            self.facts(),
        ]


class Changed(AssignmentNotice):
    """It has another time."""

    kind = "assignments.changed"
    makes_untrue = ("assignments.agreed", "assignments.changed", "assignments.reminder")
    news_beside = (Agreed.kind,)

    def __init__(
        self, assignment: Assignment, to: User, *, was: tuple[datetime, datetime], at: datetime
    ) -> None:
        super().__init__(assignment, to)
        self.was, self.at = was, at

    def retold(self) -> Agreed:
        """Who comes, at the time that holds now."""
        return Agreed(self.assignment, self.to)

    def title(self) -> str:
        return _("An agreed task has a new time") if self.is_expert() else _("a new time")

    def lines(self) -> list[str]:
        return [
            _("The counter has moved this task to another time."),
            self.facts(),
            _("The time was before: %(old)s.") % {"old": when(*self.was)},
            *self.others_stay(at=self.at),
            _("If the new time does not suit you, tell the counter as soon as you can."),
        ]


class LinkChanged(AssignmentNotice):
    """The video meeting has an address, or another one."""

    kind = "assignments.link"
    makes_untrue = ("assignments.link",)

    def title(self) -> str:
        return _("The link of a remote task") if self.is_expert() else _("the link of the meeting")

    def lines(self) -> list[str]:
        url = self.assignment.order.meeting_url
        said = _("The link of the video meeting is now: %(url)s") % {"url": url}
        gone = _("The link of the video meeting has been taken away. A new one comes later.")
        return [said if url else gone, self.facts()]


class DetailsChanged(AssignmentNotice):
    """Place, fee or other details of an agreed task are others than before."""

    kind = "assignments.details_changed"

    def __init__(
        self, assignment: Assignment, to: User, *, was: Order, changed: frozenset[str], at: datetime
    ) -> None:
        super().__init__(assignment, to)
        self.was, self.changed, self.at = was, changed, at
        self.key = f"{self.kind}:{self.thing()}:{at}"

    def title(self) -> str:
        return _("An agreed task has changed") if self.is_expert() else _("details have changed")

    def lines(self) -> list[str]:
        return [
            *differences(self.was, self.assignment.order, self.changed),
            self.facts(),
            *self.others_stay(at=self.at),
            _("If this does not suit you, tell the counter as soon as you can."),
        ]

    def calendar(self) -> str:
        return super().calendar() if self.changed & PLACE else ""


class TaskContactChanged(AssignmentNotice):
    """To the expert of an agreed task: who is to be reached at the orderer's now, as the task's page says."""

    kind = "assignments.contact_changed"
    makes_untrue = ("assignments.contact_changed",)

    def __init__(self, assignment: Assignment, to: User, *, at: datetime) -> None:
        super().__init__(assignment, to)
        self.key = f"{self.kind}:{self.thing()}:{at}"

    def title(self) -> str:
        return _("The contact person has changed")

    def lines(self) -> list[str]:
        contact = known(self.assignment.order.contact)  # one who has just become it
        ways = ", ".join(way for way in (contact.name, contact.phone, contact.email) if way)
        return [
            _("The orderer of your task has a new contact person. The task goes on as agreed."),
            self.facts(),
            _("Get in touch with: %(ways)s.") % {"ways": ways},
        ]

    def calendar(self) -> str:
        return ""


class Cancelled(AssignmentNotice):
    """It is off: by whom, why where that may be told, and what follows.

    What an orderer or the counter writes is meant for the other side, and the form says so. What an expert
    writes stays at the counter: it is about them.
    """

    kind = "assignments.cancelled"
    makes_untrue = ("assignments.agreed", "assignments.cancelled")

    def overtakes(self) -> list[str]:
        kinds = (Changed.kind, LinkChanged.kind, Reminder.kind)
        off = [] if self.goes_on() else [f"{kind}:{self.thing()}" for kind in kinds]
        if self.is_expert():
            return [*super().overtakes(), *off]
        told = (OrderStaffed.kind, OrderReopened.kind, OrderCancelled.kind)
        order_id = self.assignment.order_id
        return [*super().overtakes(), *off, *(f"{kind}:{order_id}" for kind in told)]

    def span(self) -> tuple[datetime, datetime]:
        """When it was to be: where it was moved and nobody has told the reader yet, at the time that they know."""
        kinds = (Agreed.kind, Changed.kind, Reminder.kind)
        told_by = [f"{kind}:{self.thing()}" for kind in kinds]
        return time_heard(self.assignment, self.to, told_by=told_by) or super().span()

    def goes_on(self) -> bool:
        """Whether something agreed is left to the reader: the other experts of the order."""
        return not self.is_expert() and self.assignment.order.assignments.live().exists()

    def calendar(self) -> str:
        return "" if self.goes_on() else super().calendar()

    def title(self) -> str:
        if self.is_expert():
            return _("An agreed task has been cancelled")
        if self.assignment.order.state == OrderState.CANCELLED:
            return _("cancelled")
        return _("one expert’s task has been cancelled")

    def lines(self) -> list[str]:
        return self.to_expert() if self.is_expert() else self.to_orderer()

    def to_expert(self) -> list[str]:
        """By whom and why, and that it is no fault of the reader's."""
        whose = CancelledBy(self.assignment.cancelled_by)
        if whose == CancelledBy.EXPERT:
            return [_("You have cancelled this task. Thank you for telling us."), self.facts()]
        by = {
            CancelledBy.ORDERER: _("The orderer has cancelled this task."),
            CancelledBy.COUNTER: _("The counter had to cancel this task."),
        }[whose]
        words = {
            CancelledBy.ORDERER: _("The orderer’s reason: %(reason)s"),
            CancelledBy.COUNTER: _("The counter’s reason: %(reason)s"),
        }[whose]
        reason = self.assignment.cancel_reason
        return [
            by,
            *([words % {"reason": reason}] if reason else []),
            self.facts(),
            _(
                "We are sorry. It is nothing that you did, and it does not affect later offers. "
                "You need not do anything."
            ),
            _("If you have already prepared or bought a ticket, tell the counter."),
        ]

    def to_orderer(self) -> list[str]:
        """What follows for the order."""
        order, whose = self.assignment.order, self.assignment.cancelled_by
        if order.state == OrderState.CANCELLED:
            told = _("Everybody who had said yes is told.")
            return [*cancelled_lines(order), told, self.facts()]
        who = (
            _("One expert had to cancel.")
            if whose == CancelledBy.EXPERT
            else _("The task of one expert has been cancelled, and the expert has been told.")
        )
        then = (
            _("You need not do anything: we look for another one at once.")
            if order.state == OrderState.SEARCHING
            else _("The rest of your order goes on as agreed.")
        )
        return [who, then, self.facts()]


class Reminder(AssignmentNotice):
    """It is near."""

    kind = "assignments.reminder"
    is_must_know = False
    is_told_by_phone = True
    label = gettext_lazy("Reminder two days before a task")

    def version(self) -> str:
        """One for each time, however many experts come."""
        return f"{self.assignment.starts_at}"

    def title(self) -> str:
        return _("A task is near") if self.is_expert() else _("the task is near")

    def can_wait(self, at: datetime) -> bool:
        return True

    def expires_at(self) -> datetime:
        return self.assignment.starts_at

    def lines(self) -> list[str]:
        return [
            _("A reminder of a task that has been agreed."),
            self.facts(),
            *self._to_try(),
            _("If something is in the way, tell the counter as soon as you can."),
        ]

    def _to_try(self) -> list[str]:
        """What to try beforehand where the task is done remotely."""
        if self.assignment.mode == Mode.PLACE:
            return []
        if self.is_expert():
            return [
                _(
                    "Try the link, the picture and the sound in good time. If something does not work, call the"
                    " counter."
                )
            ]
        return [
            _(
                "Try the link, the camera and a quiet place beforehand, and tell on the order’s page that you have"
                " tried."
            )
        ]

    def calendar(self) -> str:
        return ""
