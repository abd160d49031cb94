"""What is said about offers and agreed tasks. Subjects and calendar titles name no theme and no person."""

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.assignments.calendar import event
from luukku.assignments.models import Assignment, Offer, Origin
from luukku.core.links import Link, sign
from luukku.core.times import helsinki
from luukku.notices.notice import Notice
from luukku.orders.models import Mode, Order


def when(starts_at: object, ends_at: object) -> str:
    """Return "4.12.2026 klo 13.00–14.30" in the active language's way of writing."""
    start, end = helsinki(starts_at), helsinki(ends_at)
    first = formats.date_format(start, "SHORT_DATETIME_FORMAT")
    same_day = start.date() == end.date()
    last = formats.date_format(end, "TIME_FORMAT" if same_day else "SHORT_DATETIME_FORMAT")
    return f"{first}–{last}"


def where(order: Order) -> str:
    """Return where the task is done, in words."""
    if order.mode == Mode.REMOTE:
        return _("remotely")
    place = ", ".join(part for part in (order.address, order.municipality.name) if part)
    return _("%(place)s or remotely") % {"place": place} if order.mode == Mode.EITHER else place


class OfferMade(Notice):
    """A task is offered; the signed link answers without signing in."""

    kind = "assignments.offered"
    is_must_know = True

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.key = f"{self.kind}:{offer.pk}"

    def subject(self) -> str:
        return _("A task is offered to you")

    def lines(self) -> list[str]:
        order = self.offer.order
        times = "; ".join(when(time.starts_at, time.ends_at) for time in order.times.all())
        return [
            _("An organisation asks for an expert by experience. When: %(when)s. Where: %(where)s.")
            % {"when": times, "where": where(order)},
            *(
                [_("The counter asks you once more. Why, you read on the page of the offer.")]
                if self.offer.words
                else []
            ),
            _("Read what it is about and answer yes or no. You need not give a reason."),
            _("Please answer by %(day)s. If you cannot, that is fine too.")
            % {
                "day": formats.date_format(helsinki(self.offer.expires_at), "SHORT_DATETIME_FORMAT")
            },
        ]

    def action(self) -> tuple[str, str]:
        token = sign(Link("offer", self.offer.pk, self.offer.expert.user_id))
        return _("Read and answer"), reverse("public:offer-link", args=[token])


class OfferNotice(Notice):
    """Something happened to an offer or a sign-up; leads to it."""

    kind = "assignments.offer"
    is_must_know = True

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.key = f"{self.kind}:{offer.pk}"

    def action(self) -> tuple[str, str]:
        return _("See your tasks"), reverse("expert:tasks")


class SignUpReceived(OfferNotice):
    """The sign-up is with the counter."""

    kind = "assignments.signed_up"
    is_must_know = False
    label = gettext_lazy("Your sign-up has arrived")

    def subject(self) -> str:
        return _("Your sign-up has arrived")

    def lines(self) -> list[str]:
        return [
            _("The counter answers you soon. You may change your mind until it has been agreed.")
        ]


class OfferFilled(OfferNotice):
    """Somebody else got the seat."""

    kind = "assignments.filled"

    def subject(self) -> str:
        return _("The task has been filled")

    def lines(self) -> list[str]:
        return [
            _(
                "Another expert has said yes to the task. Thank you for being ready; there will be others."
            )
        ]


class OfferWithdrawn(OfferNotice):
    """The offer was taken back."""

    kind = "assignments.withdrawn"

    def subject(self) -> str:
        return _("An offered task is off")

    def lines(self) -> list[str]:
        return [_("The task that was offered to you is off. You need not do anything.")]


class SignUpDeclined(OfferNotice):
    """The counter chose somebody else."""

    kind = "assignments.sign_up_declined"

    def subject(self) -> str:
        return _("About your sign-up")

    def lines(self) -> list[str]:
        return [
            _("This time another expert was chosen. Thank you for signing up; please do so again.")
        ]


class OfferExpired(OfferNotice):
    """No answer in time."""

    kind = "assignments.expired"
    is_must_know = False
    label = gettext_lazy("The time to answer an offer has ended")

    def subject(self) -> str:
        return _("The time to answer has ended")

    def lines(self) -> list[str]:
        if self.offer.origin == Origin.SIGNED_UP:
            return [
                _(
                    "The task’s time came before your sign-up was answered. We are sorry. "
                    "Thank you for signing up; please do so again."
                )
            ]
        return [
            _(
                "We had no answer from you in time, so we ask others. It does not affect later offers."
            )
        ]


class AssignmentNotice(Notice):
    """Something about an agreed task, with its calendar entry."""

    kind = "assignments.any"
    is_must_know = True

    def __init__(self, assignment: Assignment, to: User) -> None:
        self.assignment, self.to = assignment, to
        self.key = f"{self.kind}:{assignment.pk}:{assignment.calendar_version}"

    def is_expert(self) -> bool:
        """Whether the reader is the expert of the task."""
        return self.to.pk == self.assignment.expert.user_id

    def facts(self) -> str:
        """When and where."""
        return _("When: %(when)s. Where: %(where)s.") % {
            "when": when(self.assignment.starts_at, self.assignment.ends_at),
            "where": self.assignment.place or _("remotely"),
        }

    def action(self) -> tuple[str, str]:
        if self.is_expert():
            return _("See the task"), reverse("expert:task", args=[self.assignment.pk])
        return _("See your order"), reverse("orderer:order", args=[self.assignment.order_id])

    def calendar(self) -> str:
        return event(self.assignment, for_user=self.to, with_method=True)


class Agreed(AssignmentNotice):
    """It is agreed."""

    kind = "assignments.agreed"

    def subject(self) -> str:
        return _("A task has been agreed")

    def lines(self) -> list[str]:
        if self.is_expert():
            return [
                _("Thank you for your yes. The task has been agreed."),
                self.facts(),
                _(
                    "The orderer can now see your name and contact details, if you have agreed to that."
                ),
            ]
        return [_("An expert has said yes to your order."), self.facts()]


class Changed(AssignmentNotice):
    """It has another time."""

    kind = "assignments.changed"

    def subject(self) -> str:
        return _("An agreed task has a new time")

    def lines(self) -> list[str]:
        return [
            _("The time of this task has been changed, as was agreed on the phone."),
            self.facts(),
            _("If the new time does not suit you, tell the counter as soon as you can."),
        ]


class LinkChanged(AssignmentNotice):
    """The video meeting has an address, or another one."""

    kind = "assignments.link"

    def subject(self) -> str:
        return _("The link of a remote task")

    def lines(self) -> list[str]:
        url = self.assignment.order.meeting_url
        said = _("The link of the video meeting is now: %(url)s") % {"url": url}
        gone = _("The link of the video meeting has been taken away. A new one comes later.")
        return [said if url else gone, self.facts()]


class Cancelled(AssignmentNotice):
    """It is off."""

    kind = "assignments.cancelled"

    def subject(self) -> str:
        return _("An agreed task has been cancelled")

    def lines(self) -> list[str]:
        return [_("This task has been cancelled."), self.facts()]


class Reminder(AssignmentNotice):
    """It is near."""

    kind = "assignments.reminder"
    is_must_know = False
    label = gettext_lazy("Reminder two days before a task")

    def subject(self) -> str:
        return _("A task is near")

    def lines(self) -> list[str]:
        return [
            _("A reminder of a task that has been agreed."),
            self.facts(),
            _("If something is in the way, tell the counter as soon as you can."),
        ]

    def calendar(self) -> str:
        return ""
