"""The one queue: everything that waits for a person, oldest duty first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from luukku.accounts.models import AddressChange
from luukku.accounts.queries import with_opening
from luukku.assignments.models import Assignment, Offer
from luukku.assignments.states import AssignmentState
from luukku.audit.models import AuditEvent
from luukku.content.queries import waiting_to_be_read
from luukku.core.times import helsinki, instant, is_working_day, working_day
from luukku.experts.models import CompletedTraining, Expert
from luukku.experts.states import ExpertState
from luukku.feedback.actions import CLOSE_BY_ITSELF
from luukku.feedback.models import Feedback, WhatChanged
from luukku.feedback.queries import open_debriefs
from luukku.guidance.models import CHECK_EVERY, HelpLine, Question
from luukku.guidance.queries import to_follow
from luukku.notices.models import Letter
from luukku.notices.queries import paper_queue
from luukku.orders.models import CancelledBy, ChangeRequest, Order
from luukku.orders.queries import first_time, promised_by, read_by
from luukku.orders.states import LED_STATES, OrderState
from luukku.organisations.models import ChangeAsked, MemberRole, Membership, Organisation
from luukku.organisations.states import OrganisationState
from luukku.privacy.models import Consent, Purpose
from luukku.search.models import WideReading

# How soon each duty should be done; shown as its deadline.
PROMISE = {
    "organisation": timedelta(days=3),
    "change": timedelta(days=3),
    "search": timedelta(days=2),
    "payment": timedelta(days=3),
    "sign_up": timedelta(days=3),
    "expert": timedelta(days=7),
    "debrief": timedelta(days=3),
    "letter": timedelta(days=1),
    "staffing": timedelta(days=7),
    "responsible": timedelta(days=30),
    "draft": timedelta(days=7),
    "changed": timedelta(days=21),
    "feedback": timedelta(days=7),
    "training": timedelta(days=14),
    "contact": timedelta(days=30),
    "hand_on": timedelta(days=2),
    "page": timedelta(days=7),
    "help_line": timedelta(days=7),
    "wide_reading": timedelta(days=2),
    "address": timedelta(days=2),  # the office may be closed on the day on which it is due
}
NEAR = timedelta(days=2)  # an offer that ends so soon without an answer: call
PATIENCE = timedelta(days=14)  # so long an orderer may think of what changed before somebody calls
FORGIVEN = timedelta(days=120)  # then the link has ended, and nobody asks any more
KINDS: dict[str, str | Promise] = {
    "organisation": _("Check an organisation"),
    "change": _("Check an organisation’s new details"),
    "order": _("Read an order"),
    "search": _("Open the search"),
    "replacement": _("The expert cancelled: find another"),
    "order_change": _("Answer a request for a change"),
    "payment": _("Look into the payment"),
    "staffing": _("Find an expert"),
    "sign_up": _("Answer a sign-up"),
    "expert": _("Meet an expert"),
    "debrief": _("Arrange a talk"),
    "question": _("Answer a question"),
    "follow_up": _("Follow up a question"),
    "letter": _("Tell by phone or post"),
    "responsible": _("Name a responsible person"),
    "draft": _("Finish an order begun for somebody"),
    "silent": _("Call: no answer to an offer"),
    "done": _("Was the task done?"),
    "feedback": _("Read feedback"),
    "changed": _("Call: what changed?"),
    "training": _("See a certificate"),
    "contact": _("Name a contact person"),
    "hand_on": _("The contact person has left: name another"),
    "page": _("Read a page before it is published"),
    "help_line": _("Check a number for help at once"),
    "wide_reading": _("See why somebody reads many cards"),
    "address": _("Confirm or stop the change of an address"),
}
MOST_ROWS = 200
REPLACE_DAYS = 2  # working days in which an expert who cancelled is replaced
END_OF_DAY = time(16)  # of a promise that is made in days


@dataclass(frozen=True)
class Duty:
    """One thing that waits for a person at the counter."""

    kind: str
    title: str
    url: str
    since: datetime
    due: datetime
    is_first: bool = False  # before all others, also those that are late
    tells_wait: bool = True  # False: it may have begun later than ``since``, nobody knows when

    @property
    def label(self) -> str | Promise:
        """What is to be done."""
        return KINDS[self.kind]

    def is_late(self, at: datetime) -> bool:
        """Whether the deadline has passed."""
        return self.due <= at


def queue(*, at: datetime, kind: str = "") -> list[Duty]:
    """Return what waits at ``at``, the most urgent deadline first; a query or two for each kind of duty."""
    makers = {
        "organisation": _organisations,
        "change": _changes_asked,
        "order": _sent,
        "search": _accepted,
        "replacement": _cancelled,
        "order_change": _requests,
        "payment": _without_money,
        "staffing": _searching,
        "sign_up": _sign_ups,
        "expert": _experts,
        "debrief": _debriefs,
        "question": _questions,
        "follow_up": _to_follow,
        "letter": _letters,
        "responsible": _without_responsible,
        "draft": _begun_for_somebody,
        "silent": partial(_silent, at),
        "done": partial(_past, at),
        "feedback": _unread,
        "changed": partial(_what_changed, at),
        "training": _unseen_trainings,
        "contact": _without_contact,
        "hand_on": _left_behind,
        "page": _pages,
        "help_line": partial(_unchecked_lines, at),
        "wide_reading": _wide_readings,
        "address": partial(_address_changes, at),
    }
    chosen = {kind: makers[kind]} if kind in makers else makers
    duties = [duty for make in chosen.values() for duty in make()]
    return sorted(duties, key=lambda duty: (not duty.is_first, duty.due, duty.since))


def _duty(
    kind: str,
    title: str,
    name: str,
    pk: int,
    since: datetime,
    due: datetime | None = None,
    *,
    is_first: bool = False,
) -> Duty:
    url = reverse(f"counter:{name}", args=[pk])
    return Duty(kind, title, url, since, due or since + PROMISE[kind], is_first)


def _organisations() -> list[Duty]:
    rows = Organisation.objects.waiting()[:MOST_ROWS]
    return [_duty("organisation", o.name, "organisation", o.pk, o.made_at) for o in rows]


def _changes_asked() -> list[Duty]:
    rows = ChangeAsked.objects.select_related("organisation").order_by("asked_at", "pk")[:MOST_ROWS]
    return [
        _duty(
            "change",
            f"{row.organisation.name} → {row.name}",
            "organisation",
            row.organisation_id,
            row.asked_at,
        )
        for row in rows
    ]


def _orders(state: OrderState) -> list[Order]:
    rows = (
        Order.objects.in_state(state)
        .select_related("organisation")
        .order_by("state_changed_at", "pk")
    )
    return list(rows[:MOST_ROWS])


def _order_title(order: Order) -> str:
    return f"{order.title} · {order.organisation.name}"


def _sent() -> list[Duty]:
    return [
        _duty("order", _order_title(o), "order", o.pk, o.sent_at, read_by(o))
        for o in _orders(OrderState.SENT)
    ]


def _accepted() -> list[Duty]:
    return [
        _duty("search", _order_title(o), "order", o.pk, o.state_changed_at)
        for o in _orders(OrderState.ACCEPTED)
    ]


def _requests() -> list[Duty]:
    rows = ChangeRequest.objects.waiting().select_related("order__organisation")
    return [
        _duty(
            "order_change",
            _order_title(row.order),
            "order-change",
            row.pk,
            row.asked_at,
            promised_by(row.asked_at),
        )
        for row in rows.defer("words", "answer")[:MOST_ROWS]
    ]


def _without_money() -> list[Duty]:
    rows = Order.objects.without_money().select_related("organisation").order_by("sent_at", "pk")
    return [_duty("payment", _order_title(o), "order", o.pk, o.sent_at) for o in rows[:MOST_ROWS]]


def _searches() -> QuerySet[Order]:
    """Orders that look for an expert, ``cancelled_at`` the time when one cancelled and nobody has come since."""
    its = Assignment.objects.filter(order=OuterRef("pk"))
    cancelled = its.filter(
        state=AssignmentState.CANCELLED,
        cancelled_by=CancelledBy.EXPERT,
        state_changed_at__gte=OuterRef("state_changed_at"),
    )
    came_since = its.filter(
        state=AssignmentState.AGREED, counter_agreed_at__gt=OuterRef("last_cancelled_at")
    )
    last = cancelled.order_by("-state_changed_at").values("state_changed_at")[:1]
    return (
        Order.objects.in_state(OrderState.SEARCHING)
        .annotate(last_cancelled_at=Subquery(last))
        .annotate(cancelled_at=Case(When(~Exists(came_since), then=F("last_cancelled_at"))))
        .select_related("organisation")
        .prefetch_related("times")
        .order_by("state_changed_at", "pk")
    )


def _searching() -> list[Duty]:
    """An order that looks for an expert is due in a week, or three days before the task if that is sooner."""
    duties = []
    for order in _searches().filter(cancelled_at=None)[:MOST_ROWS]:
        since = order.state_changed_at
        due = min(since + PROMISE["staffing"], _last_chance(order, since))
        duties.append(_duty("staffing", _order_title(order), "order", order.pk, since, due))
    return duties


def _cancelled() -> list[Duty]:
    """Another expert is due in two working days, sooner where the task is near: at once if that has passed."""
    duties = []
    for order in _searches().exclude(cancelled_at=None)[:MOST_ROWS]:
        since = order.cancelled_at
        soon = instant(working_day(helsinki(since).date(), REPLACE_DAYS), END_OF_DAY)
        near = helsinki(_last_chance(order, since)).date()
        day = near if is_working_day(near) else working_day(near, -1)
        due = max(since, min(soon, instant(day, END_OF_DAY)))
        duties.append(_duty("replacement", _order_title(order), "order", order.pk, since, due))
    return duties


def _last_chance(order: Order, since: datetime) -> datetime:
    """Three days before the task; a week from ``since`` where no time is known."""
    time = first_time(order)
    return time.starts_at - timedelta(days=3) if time else since + PROMISE["staffing"]


def _sign_ups() -> list[Duty]:
    rows = (
        Offer.objects.waiting_for_counter()
        .select_related("order", "expert")
        .order_by("made_at", "pk")[:MOST_ROWS]
    )
    return [
        _duty("sign_up", f"{o.expert.code_name} · {o.order.title}", "order", o.order_id, o.made_at)
        for o in rows
    ]


def _experts() -> list[Duty]:
    rows = Expert.objects.waiting().select_related("user")[:MOST_ROWS]
    return [_duty("expert", e.user.name, "expert", e.pk, e.state_changed_at) for e in rows]


def _debriefs() -> list[Duty]:
    rows = open_debriefs()[:MOST_ROWS]
    return [_duty("debrief", d.asked_by.name, "debrief", d.pk, d.asked_at) for d in rows]


def _questions() -> list[Duty]:
    rows = Question.objects.waiting().select_related("assignee")[:MOST_ROWS]
    return [
        _duty(
            "question",
            f"{q.title} · {q.assignee.name}" if q.assignee else q.title,
            "question",
            q.pk,
            q.state_changed_at,
            instant(q.due_on, END_OF_DAY),
            is_first=q.hurry_on is not None,
        )
        for q in rows
    ]


def _to_follow() -> list[Duty]:
    rows = to_follow(at=timezone.now())[:MOST_ROWS]
    return [
        _duty(
            "follow_up",
            f"{given.question.title} · {given.to_name}",
            "question",
            given.question_id,
            given.at,
            instant(given.follow_on, END_OF_DAY),
            is_first=given.question.hurry_on is not None,
        )
        for given in rows
    ]


def _address_changes(at: datetime) -> list[Duty]:
    waiting = with_opening(AddressChange.objects.waiting())
    rows = waiting.filter(opens_at__lte=at).select_related("user")[:MOST_ROWS]
    return [_duty("address", c.user.name, "person", c.user_id, c.opens_at) for c in rows]


def _wide_readings() -> list[Duty]:
    rows = WideReading.objects.waiting().select_related("user")[:MOST_ROWS]
    return [_duty("wide_reading", w.user.name, "wide-reading", w.pk, w.asked_at) for w in rows]


def _letters() -> list[Duty]:
    of_one: dict[str, list[Letter]] = {}  # a person is called once for all that waits
    for letter in paper_queue()[:MOST_ROWS]:
        of_one.setdefault(f"{letter.reader_id or letter.key}", []).append(letter)
    return [
        _duty("letter", _to_tell(letters), "letter", letters[0].pk, letters[0].made_at)
        for letters in of_one.values()
    ]


def _to_tell(letters: list[Letter]) -> str:
    """Return to whom and what; of several how many."""
    first, number = letters[0], len(letters)
    what = ngettext("%(n)s message", "%(n)s messages", number) % {"n": number}
    if number == 1:
        what = first.subject
    return f"{first.reader.name} · {what}" if first.reader else what


def _without_responsible() -> list[Duty]:
    rows = (
        Expert.objects.active()
        .without_responsible()
        .select_related("background_organisation")
        .order_by("state_changed_at", "pk")[:MOST_ROWS]
    )
    return [
        _duty(
            "responsible",
            f"{e.code_name} · {e.background_organisation.name}",
            "expert",
            e.pk,
            e.state_changed_at,
        )
        for e in rows
    ]


def _begun_for_somebody() -> list[Duty]:
    """Drafts that somebody at the counter began on the phone and has not sent."""
    rows = (
        Order.objects.in_state(OrderState.DRAFT)
        .exclude(organisation=None)
        .exclude(contact=F("made_by"))
        .select_related("organisation", "made_by")
        .order_by("made_at", "pk")[:MOST_ROWS]
    )
    begun = [order for order in rows if order.made_by.is_counter]
    return [_duty("draft", _order_title(o), "order", o.pk, o.made_at) for o in begun]


def _silent(at: datetime) -> list[Duty]:
    """Offers near their end without an answer, of experts who may be called, or have no e-mail to write to."""
    may_call = Consent.objects.valid().filter(
        person=OuterRef("expert__user"), purpose=Purpose.PHONE
    )
    rows = (
        Offer.objects.waiting_for_expert()
        .filter(expires_at__lte=at + NEAR)
        .filter(Exists(may_call) | Q(expert__user__email=None))
        .select_related("order", "expert")
        .order_by("expires_at", "pk")[:MOST_ROWS]
    )
    return [
        _duty(
            "silent",
            f"{o.expert.code_name} · {o.order.title}",
            "order",
            o.order_id,
            o.made_at,
            o.expires_at,
        )
        for o in rows
    ]


def _past(at: datetime) -> list[Duty]:
    """Tasks that have ended and that nobody has marked; the machine does it a day later."""
    rows = (
        Assignment.objects.filter(state=AssignmentState.AGREED, ends_at__lte=at)
        .select_related("order", "expert")
        .order_by("ends_at", "pk")[:MOST_ROWS]
    )
    return [
        _duty(
            "done",
            f"{task.expert.code_name} · {task.order.title}",
            "order",
            task.order_id,
            task.ends_at,
            task.ends_at + CLOSE_BY_ITSELF,
        )
        for task in rows
    ]


def _unread() -> list[Duty]:
    rows = (
        Feedback.objects.waiting()
        .select_related("assignment__order")
        .order_by("given_at", "pk")[:MOST_ROWS]
    )
    return [_duty("feedback", f.assignment.order.title, "feedback", f.pk, f.given_at) for f in rows]


def _what_changed(at: datetime) -> list[Duty]:
    rows = (
        WhatChanged.objects.filter(
            answered_at=None, asked_at__lte=at - PATIENCE, asked_at__gt=at - FORGIVEN
        )
        .select_related("order__organisation")
        .order_by("asked_at", "pk")[:MOST_ROWS]
    )
    return [
        _duty("changed", _order_title(row.order), "order", row.order_id, row.asked_at)
        for row in rows
    ]


def _unseen_trainings() -> list[Duty]:
    """Trainings that an expert in the bank has told of and whose certificate nobody has seen."""
    rows = list(
        CompletedTraining.objects.filter(verified_at=None, expert__state=ExpertState.ACTIVE)
        .select_related("expert")
        .order_by("pk")[:MOST_ROWS]
    )
    told = dict(
        AuditEvent.objects.filter(
            act="experts.add_training", object_id__in=[str(row.pk) for row in rows]
        )
        .order_by("-pk")
        .values_list("object_id", "at")
    )
    return [
        _duty(
            "training",
            row.expert.code_name,
            "expert",
            row.expert_id,
            told.get(str(row.pk), row.expert.state_changed_at),
        )
        for row in rows
    ]


def _without_contact() -> list[Duty]:
    """Organisations in which nobody looks after a role that people have; only its contact person names others."""
    looked_after = Membership.objects.filter(
        organisation=OuterRef("organisation"), role=OuterRef("role"), is_contact=True
    )
    left_alone = Membership.objects.filter(~Exists(looked_after), organisation=OuterRef("pk"))
    people = Membership.objects.filter(organisation=OuterRef("pk"))
    rows = Organisation.objects.filter(
        ~Exists(people) | Exists(left_alone), state=OrganisationState.VETTED
    ).order_by("made_at", "pk")[:MOST_ROWS]
    return [
        replace(_duty("contact", o.name, "organisation", o.pk, o.made_at), tells_wait=False)
        for o in rows
    ]


def _left_behind() -> list[Duty]:
    """Orders not closed yet whose contact person does not order for the organisation any more."""
    standing = Membership.objects.standing(MemberRole.ORDERER).filter(
        organisation=OuterRef("organisation"), user=OuterRef("contact")
    )
    rows = (
        Order.objects.in_state(*LED_STATES)
        .filter(~Exists(standing))
        .exclude(organisation__state=OrganisationState.ENDED)
        .select_related("organisation")
        .order_by("state_changed_at", "pk")[:MOST_ROWS]
    )
    return [
        replace(
            _duty("hand_on", _order_title(o), "order", o.pk, o.state_changed_at), tells_wait=False
        )
        for o in rows
    ]


def _pages() -> list[Duty]:
    return [
        Duty(
            "page",
            row.page.title,
            reverse("wagtailadmin_pages:edit", args=[row.page.pk]),
            row.since,
            row.since + PROMISE["page"],
        )
        for row in waiting_to_be_read(MOST_ROWS)
    ]


def _unchecked_lines(at: datetime) -> list[Duty]:
    """Lines for help at once whose number nobody has checked within a year, or since they were added."""
    duties = []
    for line in HelpLine.objects.unchecked(helsinki(at).date())[:MOST_ROWS]:
        day = line.checked_on + CHECK_EVERY if line.checked_on else line.added_on
        since = instant(day, time(8))
        address = reverse("wagtailsnippets_guidance_helpline:edit", args=[line.pk])
        duties.append(Duty("help_line", str(line), address, since, since + PROMISE["help_line"]))
    return duties
