"""Reading orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.compiled import Instant
from luukku.core.known import known
from luukku.core.ordering import in_finnish
from luukku.core.times import days_later, helsinki, instant, when, working_day
from luukku.orders.models import LINK_AGE, GuestSender, Mode, Order, OrderTime
from luukku.orders.states import LED_STATES, OPEN_STATES, OrderState
from luukku.organisations.models import Organisation
from luukku.workflow.states import Act

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

READ_IN_DAYS, READ_AT = 2, time(16)  # working days; the counter's promise to who orders

NEXT: dict[str, str | Promise] = {
    OrderState.DRAFT: _("Fill in the rest and send the order."),
    OrderState.ACCEPTED: _("The counter opens the search for an expert."),
    OrderState.SEARCHING: _(
        "We are asking experts. You hear from us as soon as somebody says yes."
    ),
    OrderState.STAFFED: _("Get in touch with the expert in good time before the task."),
    OrderState.DONE: _("Tell how it went. It takes two minutes."),
    OrderState.CLOSED: _("Nothing more to do. Thank you!"),
    OrderState.DECLINED: _("You can copy the order, change it and send it again."),
    OrderState.CANCELLED: _("Nothing more to do. You can copy the order for another time."),
    OrderState.NOT_FOUND: _("Your need has been counted. Try another time, or a remote task."),
}


class Led(TypedDict):
    """Whether some of the orders are not done."""

    goes_on: bool


def organisations_led_by(person: User) -> QuerySet[WithAnnotations[Organisation, Led]]:
    """Return whose orders that are not closed yet have ``person`` as contact; ``goes_on``: some are not done."""
    led = Order.objects.in_state(*LED_STATES).filter(contact=person, organisation=OuterRef("pk"))
    goes_on = Exists(led.filter(state__in=OPEN_STATES))
    return (
        Organisation.objects.filter(Exists(led))
        .annotate(goes_on=goes_on)
        .order_by(in_finnish("name"), "pk")
    )


@dataclass(frozen=True)
class Use:
    """How an organisation has used experts in a year."""

    year: int
    sent: int
    open: int
    done: int
    not_found: int


def read_by(order: Order) -> datetime:
    """Return by when the counter reads a sent order: the afternoon of the second working day after."""
    return promised_by(known(order.sent_at))


def promised_by(moment: datetime) -> datetime:
    """Return by when the counter has read what came at ``moment``: the afternoon of the second working day after."""
    return instant(working_day(helsinki(moment).date(), READ_IN_DAYS), READ_AT)


def promised_on(moment: datetime) -> str:
    """Return the day of ``promised_by`` as people read it."""
    return date_format(helsinki(promised_by(moment)), "SHORT_DATE_FORMAT")


def reading_promise(order: Order, *, is_one: bool = True) -> str:
    """Return by which day the counter reads a sent order, or all that were sent with it, said to the orderer."""
    words = gettext(
        "The counter reads your order on %(day)s at the latest and calls you if something is unclear."
    )
    if not is_one:
        words = gettext(
            "The counter reads your orders on %(day)s at the latest and calls you if something is unclear."
        )
    return words % {"day": promised_on(known(order.sent_at))}


def next_step(order: Order) -> str | Promise:
    """Return what happens next with ``order``, said to its orderer."""
    return reading_promise(order) if order.state == OrderState.SENT else NEXT[order.state]


def has_link(order: Order) -> bool:
    """Return whether a link of a video meeting can be given to the order now."""
    return order.state in OPEN_STATES and order.mode != Mode.PLACE


def series_of(order: Order) -> QuerySet[Order]:
    """Return the orders that were made together with ``order``, itself among them, by their making."""
    if order.series is None:
        return Order.objects.none()
    return Order.objects.filter(series=order.series).prefetch_related("times").order_by("pk")


def with_times(line: str, count: int) -> str:
    """Return ``line`` with how many times it stands for, where they are several."""
    return gettext("%(n)s times: %(line)s") % {"line": line, "n": count} if count > 1 else line


def going_on_beside(order: Order) -> QuerySet[Order]:
    """Return those made together with ``order`` that go on although it is cancelled."""
    return series_of(order).exclude(pk=order.pk).filter(state__in=OPEN_STATES)


def others_for(order: Order, move: Act, *, at: datetime | None = None) -> list[Order]:
    """Return the other orders of the series that ``move`` may start from; none where ``order`` itself may not.

    Args:
        at: leave out those whose settled time has begun by then: they are done, not cancelled.
    """
    if order.series_id is None or order.state not in move.sources:
        return []
    others = series_of(order).exclude(pk=order.pk).filter(state__in=move.sources)
    if at is not None:
        others = others.exclude(times__is_settled=True, times__starts_at__lte=at)
    return list(others)


def first_day(order: Order) -> date | None:
    """Return the day of the earliest wished time, by Helsinki's calendar."""
    starts = [time.starts_at for time in order.times.all()]
    return helsinki(min(starts)).date() if starts else None


def times_on(order: Order, day: date) -> list[tuple[datetime, datetime]]:
    """Return start and end of each time of a repeat of ``order`` whose first one is on ``day``.

    All wished times move by as many days as the first, as ``days_later`` moves them; lengths stay.
    """
    first = first_day(order)
    if first is None:
        return []
    later = {  # by start: the lying clock may lay two of them on each other
        days_later(time.starts_at, day - first): time.ends_at - time.starts_at
        for time in order.times.all()
    }
    return [(start, start + length) for start, length in later.items()]


def with_orderer(order: Order) -> str:
    """Return the title with who orders, for lists at the counter."""
    return f"{order.title} · {order.organisation}"


def first_time(order: Order) -> OrderTime | None:
    """Return the settled time of the order, or the earliest wished one."""
    times = sorted(order.times.all(), key=lambda time: (not time.is_settled, time.starts_at))
    return times[0] if times else None


def first_start(order: str = "", *, at: Instant | None = None) -> F | Case:
    """Return when an order begins: at its settled time, else at the earliest wished one.

    Args:
        order: what leads from the rows to the order; nothing where they are orders themselves.
        at: of the wished times only those to come after it.
    """
    begins = f"{order}__begins_at" if order else "begins_at"
    if at is None:
        return F(begins)
    times = OrderTime.objects.filter(order=OuterRef(f"{order}_id" if order else "pk"))
    times = times.filter(Q(is_settled=True) | Q(starts_at__gt=at))
    other = Subquery(times.order_by("-is_settled", "starts_at").values("starts_at")[:1])
    return Case(When(**{f"{begins}__gt": at}, then=F(begins)), default=other)


MOST_WAITING = 20


def also_waiting(guest: GuestSender, *, at: datetime) -> QuerySet[GuestSender]:
    """Return what waits for the address of ``guest`` without a letter of its own, the newest first.

    Whoever has the link of one letter has shown that the address is theirs.
    """
    rows = GuestSender.objects.filter(
        email=guest.email, has_letter=False, confirmed_at=None, asked_at__gt=at - LINK_AGE
    )
    rows = rows.filter(order__state=OrderState.DRAFT).exclude(pk=guest.pk).select_related("order")
    return rows.prefetch_related("order__times").order_by("-asked_at", "-pk")[:MOST_WAITING]


def times_asked(order: Order) -> list[OrderTime]:
    """Return the times that the order asks about: the settled one, else every wish, also a past one."""
    times = list(order.times.all())
    return [time for time in times if time.is_settled] or times


def times_told(order: Order) -> str:
    """Say the times that the order asks about in one line."""
    asked = times_asked(order)
    return gettext(" or ").join(when(time.starts_at, time.ends_at) for time in asked)


def missing_parts(order: Order, *, at: datetime) -> list[str]:
    """Return the fields that an order lacks before it can be sent.

    Also ``times_past``, ``sign_up_past``, ``task_type_off`` and ``themes_off``: filled in once, no good any more.
    """
    missing = [
        name
        for name in ("task_type", "title", "goal", "expert_does", "audience", "length_minutes")
        if getattr(order, name) in (None, "")
    ]
    if order.task_type is not None and not order.task_type.is_active:
        missing.append("task_type_off")
    themes = [row.theme for row in order.order_themes.select_related("theme")]
    if not themes:
        missing.append("themes")
    if any(not theme.is_active for theme in themes):
        missing.append("themes_off")
    if not order.languages.exists():
        missing.append("languages")
    if order.mode != "remote" and order.municipality_id is None:
        missing.append("municipality")
    times = list(order.times.all())
    if not times:
        missing.append("times")
    elif any(time.is_past(at) for time in times):
        missing.append("times_past")
    if order.sign_up_by is not None and order.sign_up_by < helsinki(at).date():
        missing.append("sign_up_past")
    if not order.payment:
        missing.append("payment")
    return missing


def wanted_on(order: Order) -> date | None:
    """Return the day on which the task was first wanted, by Helsinki's calendar."""
    time = first_time(order)
    return helsinki(time.starts_at).date() if time else None


def ordering_now(organisations: set[int]) -> set[int]:
    """Return those of ``organisations`` that have an order under way."""
    orders = Order.objects.in_state(*OPEN_STATES).filter(organisation__in=organisations)
    return set(orders.order_by().values_list("organisation", flat=True).distinct())
