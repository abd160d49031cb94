"""Orders in every state, made by the real actions. ``at`` is when the order was sent; default: now.

make_order(at)                                # sent, from a checked organisation, ready to accept
make_order(at, state=OrderState.SEARCHING)    # and so on for every state
make_draft(at)                                # a draft that can be sent; with title="" etc. one that cannot
make_series(at)                               # three orders sent as one; times_more=5 for six
make_guest_draft(at)                          # the same, without an account
make_orderer(organisation=None)               # a person who orders; User with .memberships
"""

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from luukku.accounts.models import Role, User
from luukku.core.recurring import series_days
from luukku.orders import actions
from luukku.orders.models import CancelledBy, Every, Failure, Mode, Order, Payment
from luukku.orders.queries import first_day
from luukku.orders.states import OrderState
from luukku.organisations.models import Kind, MemberRole, Membership, Organisation, Sector, Task
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import Municipality, TaskType, Theme

_number = count(1)


def make_vetted_organisation(
    name: str = "", *, state=OrganisationState.VETTED, at=None
) -> Organisation:
    """An organisation that orders; checked unless ``state`` says otherwise."""
    return Organisation.objects.create(
        name=name or f"Järjestö {next(_number)}",
        kind=Kind.NGO,
        sector=Sector.THIRD,
        tasks=[Task.ORDERS],
        state=state,
        made_at=at or timezone.now(),
    )


def make_orderer(
    organisation: Organisation | None = None,
    *,
    role=MemberRole.ORDERER,
    is_contact=True,
    at=None,
    **fields,
) -> User:
    """Somebody who orders for ``organisation`` (a new checked one if none is given)."""
    n = next(_number)
    user = User.objects.create_user(
        fields.pop("email", f"orderer{n}@example.test"),
        name=fields.pop("name", f"Tilaaja {n}"),
        **fields,
    )
    Membership.objects.create(
        user=user,
        organisation=organisation or make_vetted_organisation(at=at),
        role=role,
        is_contact=is_contact,
        added_by=user,
        added_at=at or timezone.now(),
    )
    return user


def coordinator_of_orders() -> User:
    """The one coordinator by whom these orders are accepted, declined and so on."""
    user = User.objects.filter(email="coordinator.orders@example.test").first()
    return user or User.objects.create_user(
        "coordinator.orders@example.test", name="Koordinaattori", roles=[Role.COORDINATOR]
    )


def whole_fields(**changes) -> dict[str, object]:
    """Everything an order needs before it can be sent, apart from themes, times and languages."""
    return {
        "task_type": TaskType.objects.get(code="talk"),
        "title": "Puheenvuoro henkilökunnan koulutuksessa",
        "goal": "Henkilökunta ymmärtää, millainen palvelu auttaa.",
        "expert_does": "Kertoo omasta kokemuksestaan ja vastaa kysymyksiin.",
        "audience": "Sairaanhoitajia ja sosiaalityöntekijöitä",
        "audience_size": 20,
        "length_minutes": 60,
        "mode": Mode.PLACE,
        "municipality": Municipality.objects.get(code="609"),  # Pori
        "address": "Antinkatu 2",
        "payment": Payment.AGREED,
    } | changes


def make_draft(
    at: datetime | None = None,
    *,
    orderer: User | None = None,
    themes: tuple[str, ...] = ("depression",),
    perspective: str = "",
    days: tuple[int, ...] = (14,),
    languages: tuple[str, ...] = ("fi",),
    times=None,
    **changes,
) -> Order:
    """A draft that could be sent; change what should be otherwise.

    Args:
        days: a wished time of an hour, this many days after ``at``; ``times`` gives (start, end) exactly.
    """
    at = at or timezone.now()
    orderer = orderer or make_orderer(at=at)
    organisation = orderer.memberships.get(role=MemberRole.ORDERER).organisation
    order = actions.start(by=orderer, at=at, organisation=organisation)
    return _filled(order, orderer, at, themes, perspective, days, languages, times, changes)


def make_guest_draft(
    at: datetime | None = None,
    *,
    themes=("depression",),
    perspective="",
    days=(14,),
    languages=("fi",),
    times=None,
    **changes,
) -> Order:
    """A draft of somebody without an account, ready to be confirmed."""
    at = at or timezone.now()
    order = actions.start(by=None, at=at)
    return _filled(order, None, at, themes, perspective, days, languages, times, changes)


def _filled(order, by, at, themes, perspective, days, languages, times, changes) -> Order:
    starts = [at.replace(minute=0, second=0, microsecond=0) + timedelta(days=day) for day in days]
    return actions.save_draft(
        order,
        by=by,
        at=at,
        **whole_fields(**changes),
        languages=languages,
        themes=[(Theme.objects.get(code=code), perspective) for code in themes],
        times=times
        if times is not None
        else [(start, start + timedelta(hours=1)) for start in starts],
    )


WAY = {
    OrderState.SENT: (),
    OrderState.ACCEPTED: ("accept",),
    OrderState.SEARCHING: ("accept", "search"),
    OrderState.STAFFED: ("accept", "search", "staff"),
    OrderState.DONE: ("accept", "search", "staff", "finish"),
    OrderState.CLOSED: ("accept", "search", "staff", "finish", "close"),
    OrderState.DECLINED: ("decline",),
    OrderState.CANCELLED: ("cancel",),
    OrderState.NOT_FOUND: ("accept", "search", "give_up"),
}
WORDS = {
    "decline": {"reason": "Tämä ei ole kokemustehtävä."},
    "cancel": {"whose": CancelledBy.COUNTER, "reason": "Tilaisuus peruuntui."},
    "give_up": {"failure": Failure.THEME, "missing": 1},
}


def make_order(
    at: datetime | None = None,
    *,
    state: OrderState = OrderState.SENT,
    by: User | None = None,
    orderer: User | None = None,
    **changes,
) -> Order:
    """An order that has come to ``state`` by its real way; seats, offers and assignments are not made.

    For STAFFED with its seats taken go through ``assignments.actions``.
    """
    at = at or timezone.now()
    order = make_draft(at, orderer=orderer, **changes)
    if state == OrderState.DRAFT:
        return order
    order = actions.send(order, by=order.contact, at=at)
    by = by or coordinator_of_orders()
    for act in WAY[state]:
        order = getattr(actions, act)(order, by=by, at=at, **WORDS.get(act, {}))
    return order


def make_series(
    at: datetime | None = None,
    *,
    times_more: int = 2,
    every: str = Every.WEEK,
    is_one_expert: bool = False,
    **changes,
) -> list[Order]:
    """Orders sent as one: the same on further days; ``changes`` as ``make_draft`` takes them."""
    at = at or timezone.now()
    draft = make_draft(at, **changes)
    days = series_days(first_day(draft), Every(every), times_more)
    return actions.send_series(
        draft, days=days, every=every, is_one_expert=is_one_expert, by=draft.contact, at=at
    )
