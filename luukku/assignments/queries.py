"""Reading offers and agreed tasks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, CalendarKey, Offer, OfferQuerySet, Origin, Seat
from luukku.assignments.states import LIVE_STATES, AssignmentState, OfferState
from luukku.audit.models import AuditEvent
from luukku.core.compiled import Given, once
from luukku.core.ordering import in_finnish
from luukku.core.reading import read_by
from luukku.core.times import helsinki
from luukku.events.queries import BOOKED_ELSEWHERE, Span
from luukku.experts.models import Expert, ExpertQuerySet
from luukku.experts.states import ExpertState
from luukku.orders.history import Happening
from luukku.orders.models import ChangeRequest, Order, OrderQuerySet, OrderTime
from luukku.orders.queries import times_asked
from luukku.orders.states import OrderState
from luukku.privacy.models import Purpose
from luukku.privacy.queries import has_consent

ORDER = Given("order", models.BigIntegerField())
WORDS: dict[str, str | Promise] = {
    "assignments.propose": _("Asked"),
    "assignments.sign_up": _("Signed up"),
    "assignments.accept": _("Agreed"),
    "assignments.accept_after_all": _("Yes after all"),
    "assignments.decline": _("Declined offer"),
    "assignments.withdraw": _("Offer taken back"),
    "assignments.expire": _("No answer in time"),
    "assignments.change_time": _("Agreed time moved"),
    "assignments.cancel": _("Task cancelled"),
    "assignments.finish": _("Task marked done"),
}


# What a row of a desk shows; the rest stays in the database.
NAMES = tuple(f"order__task_type__name_{code}" for code in ("fi", "sv", "en"))
PLACE_NAMES = tuple(f"order__municipality__name_{code}" for code in ("fi", "sv", "en"))
ROW = ("state", "starts_at", "ends_at", "place", *NAMES)


@dataclass(frozen=True)
class Identity:
    """Who the expert is: open to the orderer after the expert's yes to this order."""

    name: str
    email: str
    phone: str


def identity_for(user: User, assignment: Assignment) -> Identity | None:
    """Return the expert's name and contacts if ``user`` may see them, else None.

    The orderer may while the task is agreed or done and the expert says yes to showing them; the counter
    always may. The caller notes the reading.
    """
    person = assignment.expert.user
    if not user.is_counter:
        if not user.has_perm("assignments.view", assignment) or assignment.state not in LIVE_STATES:
            return None
        if user.pk != person.pk and not opens_identity(assignment):
            return None
    return Identity(person.name, person.email or "", person.phone)


def opens_identity(assignment: Assignment) -> bool:
    """Return whether those who order for the organisation see the expert's name and contacts now."""
    is_live = assignment.state in LIVE_STATES
    return is_live and has_consent(assignment.expert.user, Purpose.IDENTITY)


def free_seats(order: Order) -> models.QuerySet[Seat]:
    """Return the seats of ``order`` that nobody holds, in their order."""
    held = Assignment.objects.live().filter(seat=models.OuterRef("pk"))
    return Seat.objects.filter(order=order).exclude(models.Exists(held)).order_by("number")


def spans_of(order: Order) -> list[tuple[datetime, datetime]]:
    """Return start and end of each of the ``times_asked``."""
    return [(time.starts_at, time.ends_at) for time in times_asked(order)]


def open_until(offer: Offer, *, at: datetime) -> datetime | None:
    """Return until when the expert may say yes to an offer that has ended; None when that is not (any more) so.

    It ends sooner when somebody else takes the seat.
    """
    person = offer.expert.user
    if (
        offer.order.state != OrderState.SEARCHING
        or offer.expert.state != ExpertState.ACTIVE
        or not has_consent(person, Purpose.IN_BANK)
        or not Offer.objects.ended().filter(pk=offer.pk).exists()
        or Offer.objects.proposed().filter(order=offer.order_id, expert=offer.expert_id).exists()
        or Assignment.objects.live().filter(order=offer.order_id, expert=offer.expert_id).exists()
        or not offer.is_left_to_expert()
        or not free_seats(offer.order).exists()
    ):
        return None
    return max((time.starts_at for time in times_to_choose(offer.order, at=at)), default=None)


def offers_to_ask_again(order: Order) -> set[int]:
    """Return each expert's last offer of ``order``, of those who neither think of one nor have a task."""
    return set(dict(_ended_last(order=order.pk)).values())


@once
def _ended_last() -> models.QuerySet[Offer, Any]:
    busy = Offer.objects.filter(order=ORDER, expert=models.OuterRef("expert")).filter(
        models.Q(state=OfferState.PROPOSED) | models.Q(assignment__state__in=LIVE_STATES)
    )
    ended = Offer.objects.ended().filter(~models.Exists(busy), order=ORDER)
    return ended.order_by("pk").values_list("expert_id", "pk")


def settled_means(order: Order) -> str | Promise:
    """Say what stands with the settled time of ``order``: it is agreed only while somebody has said yes to it."""
    if order.assignments.live().exists():
        return _("agreed")
    return _("the search is for this time") if order.state == OrderState.SEARCHING else ""


def times_to_choose(order: Order, *, at: datetime) -> list[OrderTime]:
    """Return the times that a yes may still be given for: the settled one, or every future wish."""
    return [time for time in times_asked(order) if not time.is_past(at)]


def times_that_suit(offer: Offer, *, at: datetime) -> list[OrderTime]:
    """Return the times that a yes to ``offer`` may still be given for: of a sign-up those said to suit."""
    told = {(span.lower, span.upper) for span in offer.suits}
    choices = times_to_choose(offer.order, at=at)
    return [time for time in choices if not told or (time.starts_at, time.ends_at) in told]


class WhyWithdrawn(StrEnum):
    """Why an offer without an answer ended."""

    FILLED = "filled"  # the yes of somebody else took the last seat
    CANCELLED = "cancelled"  # its order was cancelled
    TAKEN_BACK = "taken_back"  # by the counter, by the search's end, or a sign-up by its expert


def why_withdrawn(offer: Offer) -> WhyWithdrawn:
    """Return why a withdrawn ``offer`` ended; what happens in one act has one instant."""
    at, order = offer.state_changed_at, offer.order
    said_yes = Q(expert_agreed_at=at) | Q(counter_agreed_at=at)
    if order.assignments.filter(said_yes).exclude(offer=offer).exists():
        return WhyWithdrawn.FILLED
    if order.state == OrderState.CANCELLED and order.state_changed_at == at:
        return WhyWithdrawn.CANCELLED
    return WhyWithdrawn.TAKEN_BACK


def unanswered(expert: Expert, *, at: datetime) -> OfferQuerySet:
    """Return every offer that waits for this expert's answer."""
    return Offer.objects.waiting_for_expert().filter(expert=expert, expires_at__gt=at)


def offers_to_answer(expert: Expert, *, at: datetime) -> models.QuerySet[Offer]:
    """Return what waits for this expert's answer, the most urgent first, as rows show it.

    The dates of a series are one row, ``dates`` of them: the first, whose page shows all.
    """
    return (
        unanswered(expert, at=at)
        .one_a_series()
        .with_dates()
        .select_related("order__task_type", "order__municipality")
        .only("state", "expires_at", "order__mode", "order__address", *NAMES, *PLACE_NAMES)
        .prefetch_related("order__times")
        .order_by("expires_at", "pk")
    )


def sign_ups_of(expert: Expert) -> models.QuerySet[Offer]:
    """Return the expert's own sign-ups that wait for the counter."""
    return (
        Offer.objects.waiting_for_counter()
        .filter(expert=expert)
        .select_related("order__task_type", "order__municipality")
        .prefetch_related("order__times")
        .order_by("made_at", "pk")
    )


def tasks_of(expert: Expert) -> models.QuerySet[Assignment]:
    """Return the expert's agreed, done and cancelled tasks, the latest first."""
    return (
        Assignment.objects.filter(expert=expert)
        .select_related("order__task_type", "order__organisation", "order__municipality")
        .order_by("-starts_at", "-pk")
    )


def agreed_of(expert: Expert) -> models.QuerySet[Assignment]:
    """Return the agreed tasks that nobody has marked as done or cancelled, also past ones, the first first."""
    return tasks_of(expert).filter(state=AssignmentState.AGREED).order_by("starts_at", "pk")


def agreed_days_of(user: User) -> list[datetime]:
    """Return when the agreed tasks of ``user`` begin, the first first; nothing else of them."""
    agreed = Assignment.objects.filter(expert__user=user, state=AssignmentState.AGREED)
    return list(agreed.order_by("starts_at", "pk").values_list("starts_at", flat=True))


def experts_of_done(organisation_id: int) -> ExpertQuerySet:
    """Return the experts in the bank who have done tasks for the organisation."""
    done = Assignment.objects.filter(
        state=AssignmentState.DONE, order__organisation=organisation_id
    )
    experts = Expert.objects.active().filter(pk__in=done.values("expert"))
    return experts.order_by(in_finnish("code_name"))


def calls_of(expert: Expert, *, at: datetime) -> OrderQuerySet:
    """Return the open calls, for those in the bank, and those that the expert has signed up to."""
    calls = Order.objects.filter(pk__in=expert.offers.values("order"))
    if expert.state == ExpertState.ACTIVE:
        calls |= Order.objects.open_calls(at)
    return calls.select_related("task_type", "municipality")


def calls_taken_back(expert: Expert, *, at: datetime) -> OrderQuerySet:
    """Return the calls still open whose sign-up the expert took back: one may change one's mind again."""
    withdrawn = expert.offers.filter(origin=Origin.SIGNED_UP, state=OfferState.WITHDRAWN)
    others = expert.offers.exclude(state=OfferState.WITHDRAWN)
    return (
        Order.objects.open_calls(at)
        .filter(pk__in=withdrawn.values("order"), times__starts_at__gt=at)
        .exclude(pk__in=others.values("order"))
        .distinct()
        .select_related("task_type", "municipality")
        .order_by("pk")
    )


def tasks_in_month(expert: Expert, moment: datetime) -> int:
    """Return how many live tasks the expert has in the Helsinki month of ``moment``."""
    start = helsinki(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return (
        Assignment.objects.live()
        .filter(expert=expert, starts_at__gte=start, starts_at__lt=end)
        .count()
    )


def calendar_owner(key: str) -> User | None:
    """Return whose calendar ``key`` opens."""
    key_row = (
        CalendarKey.objects.filter(key=key, user__is_active=True).select_related("user").first()
    )
    if key_row is None:
        return None
    read_by(key_row.user_id)
    return key_row.user


def upcoming(user: User, *, at: datetime) -> models.QuerySet[Assignment]:
    """Return the agreed tasks of ``user`` that have not ended, the next first."""
    return (
        Assignment.objects.of(user)
        .filter(state=AssignmentState.AGREED, ends_at__gt=at)
        .select_related("order__task_type", "order__organisation", "expert")
        .order_by("starts_at", "pk")
    )


def next_tasks(expert: Expert, *, at: datetime) -> models.QuerySet[Assignment]:
    """Return the agreed tasks of ``expert`` that have not ended, the next first, as rows show them."""
    return (
        Assignment.objects.filter(expert=expert, state=AssignmentState.AGREED, ends_at__gt=at)
        .select_related("order__task_type", "order__municipality")
        .only(*ROW, "order__mode", "order__address", *PLACE_NAMES)
        .order_by("starts_at", "pk")
    )


def asked_first(order: Order, *, at: datetime) -> Expert | None:
    """Return whom the opening of the search asks by itself: the orderer's wished expert, while in the bank."""
    wished = order.wished_expert
    if order.state != OrderState.ACCEPTED or wished is None or not times_to_choose(order, at=at):
        return None
    is_there = wished.state == ExpertState.ACTIVE and has_consent(wished.user, Purpose.IN_BANK)
    return wished if is_there else None


def answers_until(order: Order) -> datetime | None:
    """Return until when experts who have been asked may answer, None when nobody's answer is awaited."""
    return max((expires_at for (expires_at,) in _awaited(order=order.pk)), default=None)


@once
def _awaited() -> models.QuerySet[Offer, Any]:
    return Offer.objects.waiting_for_expert().filter(order=ORDER).values_list("expires_at")


def happenings(things: Collection[Offer | Assignment]) -> list[Happening]:
    """Return what has happened to an order's offers and tasks, oldest first; experts by code name only."""
    of = {(thing._meta.label_lower, str(thing.pk)): thing.expert for thing in things}
    events = AuditEvent.objects.filter(
        act__in=WORDS,
        object_type__in={kind for kind, _pk in of},
        object_id__in={pk for _kind, pk in of},
    ).order_by("pk")
    mine = [event for event in events if (event.object_type, event.object_id) in of]
    people = User.objects.in_bulk({event.actor_id for event in mine})
    rows = []
    for event in mine:
        expert = of[event.object_type, event.object_id]
        is_own = event.actor_id == expert.user_id or event.actor_id not in people
        rows.append(
            Happening(
                event.at,
                format_lazy("{}: {}", WORDS[event.act], expert.code_name),
                "" if is_own else people[event.actor_id].name,
                event.on_behalf_of_id is not None,
            )
        )
    return rows


class Waits(models.TextChoices):
    """For what an order waits."""

    ORDERER = "orderer", _("the orderer to go on")
    COUNTER = "counter", _("the counter to act")
    EXPERTS = "experts", _("an expert’s answer")
    DAY = "day", _("the day of the task")
    DONE = "done", _("to be marked done")
    FEEDBACK = "feedback", _("feedback on the task")
    NOTHING = "", ""


def waits(*, at: datetime) -> Case:
    """Return for what an order waits ``at`` an instant, one of ``Waits``."""
    own = Q(order=models.OuterRef("pk"))
    asked = Offer.objects.waiting_for_expert().filter(own)
    signed_up = Offer.objects.waiting_for_counter().filter(own)
    to_come = Assignment.objects.live().filter(own, ends_at__gt=at)
    change = ChangeRequest.objects.waiting().filter(own).order_by()
    by_counter = Q(state__in=[OrderState.SENT, OrderState.ACCEPTED]) | Q(models.Exists(change))
    return Case(
        When(state=OrderState.DRAFT, then=Value(Waits.ORDERER)),
        When(by_counter, then=Value(Waits.COUNTER)),
        When(models.Exists(signed_up), state=OrderState.SEARCHING, then=Value(Waits.COUNTER)),
        When(models.Exists(asked), state=OrderState.SEARCHING, then=Value(Waits.EXPERTS)),
        When(state=OrderState.SEARCHING, then=Value(Waits.COUNTER)),
        When(models.Exists(to_come), state=OrderState.STAFFED, then=Value(Waits.DAY)),
        When(state=OrderState.STAFFED, then=Value(Waits.DONE)),
        When(state=OrderState.DONE, then=Value(Waits.FEEDBACK)),
        default=Value(Waits.NOTHING),
        output_field=models.CharField(),
    )


def with_load(experts: ExpertQuerySet, *, at: datetime) -> ExpertQuerySet:
    """Add ``ahead``, how many tasks are agreed that end after ``at``, and ``last_at``, when the last one began."""
    own = Assignment.objects.live().filter(expert=models.OuterRef("pk")).order_by()
    ahead = own.filter(ends_at__gt=at).values("expert").annotate(n=models.Count("pk")).values("n")
    last = own.filter(starts_at__lte=at).order_by("-starts_at").values("starts_at")[:1]
    return experts.annotate(
        ahead=Coalesce(models.Subquery(ahead), 0), last_at=models.Subquery(last)
    )


def is_on_task(person: User, times: Collection[Span]) -> bool:
    """Whether ``person`` has agreed on a task at one of ``times``; told to events, which stand below."""
    overlaps = Q(pk__in=[])
    for start, end in times:
        overlaps |= Q(starts_at__lt=end, ends_at__gt=start)
    return Assignment.objects.filter(
        overlaps, expert__user=person, state=AssignmentState.AGREED
    ).exists()


BOOKED_ELSEWHERE.append(is_on_task)
