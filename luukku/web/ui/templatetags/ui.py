"""What templates need and Django does not have."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.db.models import Model, QuerySet
from django.forms import BoundField
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, Offer
from luukku.assignments.notices import place_of
from luukku.assignments.notices import when as when_words
from luukku.assignments.notices import where as where_words
from luukku.assignments.queries import settled_means
from luukku.core.asked import asking_once
from luukku.core.counter import Counter, counter
from luukku.core.distress import Sign
from luukku.core.known import known
from luukku.core.text import in_euros, in_hours, tel
from luukku.core.times import whens
from luukku.guidance.models import HelpLine
from luukku.guidance.queries import opening
from luukku.orders.calls import dates_told, open_dates
from luukku.orders.models import Order
from luukku.orders.queries import times_asked, times_told
from luukku.orders.told import to_orderer
from luukku.web.kit.listing import Listed
from luukku.web.kit.paths import loggable_path
from luukku.web.ui.tags import cells, state_tag
from luukku.workflow import queries as workflow

register = template.Library()
register.filter("tel", tel)
register.filter("state_tag", state_tag)
register.simple_tag(cells)
register.filter("opening", opening)


@register.simple_tag(takes_context=True)
def may(
    context: template.Context,
    act: str,
    about: Model,
    by: User | None = None,
    on_behalf_of: User | None = None,
) -> bool:
    """Return whether whoever reads the page, or ``by``, may do ``act`` to ``about`` as it stands.

    ``{% may "orders.cancel" order as may_cancel %}{% if may_cancel %}`` stands before each button.
    """
    request = context["request"]
    with asking_once(request.__dict__.setdefault("asked", {})):
        return workflow.may(act, about, by or request.user, on_behalf_of=on_behalf_of)


@register.simple_tag(takes_context=True)
def ask_link(context: template.Context) -> str:
    """Return the address of the advice page, which is told from where one comes."""
    address, request = reverse("public:advice"), context.get("request")
    match = getattr(request, "resolver_match", None)
    if match is None or match.view_name.startswith("public:advice"):
        return address
    path = loggable_path(match, request.path)
    return f"{address}?{urlencode({'from': path})}" if path else address


@register.simple_tag(takes_context=True)
def rendered(context: template.Context, name: str) -> SafeString:
    """Return what the template ``name`` says on this page: for what stands on it twice."""
    return known(context.template).engine.get_template(name).render(context)


@register.simple_tag
def list_address(listed: Listed, without: str = "", **changed: str) -> str:
    """Return the address of a list with some of what it asks for changed, or ``without`` one of its filters."""
    return listed.address(**changed, **({without: None} if without else {}))


@register.simple_tag
def counter_contact() -> Counter:
    """Return how the counter is reached, with hours in the page's language."""
    return counter()


@register.simple_tag
def orderer_now(order: Order) -> User | None:
    """Return whom to reach at the orderer's: the contact person while they order for it, else a colleague."""
    return next(iter(to_orderer(order)), None)


@register.inclusion_tag("ui/_help_now.html")
def help_now(signs: Iterable[Sign] = tuple(Sign)) -> dict[str, object]:
    """Show the help lines to call at once, for these signs of distress."""
    return {"lines": help_lines_for(signs)}


@register.inclusion_tag("ui/_help_lines.html")
def help_lines(signs: Iterable[Sign] = tuple(Sign)) -> dict[str, object]:
    """Show whom to call at once, without a box."""
    return {"lines": help_lines_for(signs)}


def help_lines_for(signs: Iterable[Sign]) -> QuerySet[HelpLine]:
    """Return the lines to call, for a reader of the active language."""
    return HelpLine.objects.for_signs(signs, language=get_language())


@register.filter
def when_held(event: Any) -> str:
    """Say when the sessions of an event are, by Helsinki's clock; "" of one without a time."""
    times = [(one.starts_at, one.ends_at) for one in event.sessions.all()]
    return whens(times) if times else ""


@register.filter
def when(period: Any) -> str:
    """Say when something with ``starts_at`` and ``ends_at`` is, by Helsinki's clock."""
    return when_words(period.starts_at, period.ends_at)


@register.filter
def days(order: Order) -> str:
    """Say the agreed or wished times of an order in one line."""
    return times_told(order)


register.filter("times_asked", times_asked)
register.filter("open_dates", open_dates)
register.filter("dates_told", dates_told)


@register.filter
def orders_of(offers: Iterable[Offer]) -> list[Order]:
    """Return the order of each of the offers."""
    return [offer.order for offer in offers]


register.filter("settled_means", settled_means)


@register.filter
def where(order: Order) -> str:
    """Say where an order's task is done; empty while a draft has no place yet."""
    if order.mode != "remote" and order.municipality is None:
        return ""
    return where_words(order)


@register.filter
def audience(order: Order) -> str:
    """Say who takes part, and how many unless the words say that number."""
    size = order.audience_size
    is_said = size is None or str(size) in re.findall(r"\d+", order.audience)
    return order.audience if is_said else f"{order.audience} ({size})"


@register.filter
def place(task: Assignment) -> str:
    """Say where an agreed task is done."""
    return place_of(task)


@register.filter
def euros(amount: Decimal) -> str:
    """Say an amount the way people write it here: "150 €", "12,50 €"; it never breaks over two lines."""
    return in_euros(amount)


@register.filter("in_hours")
def in_hours_of(minutes: int) -> str:
    """Say minutes as hours, to a tenth."""
    return in_hours(minutes)


HOURS_TO = 48  # below it hours say more than days


@register.filter
def before_start(hours: int) -> str:
    """Say how long before the agreed start something was, in one unit; ``hours`` below 0: after it."""
    if hours < 0:
        return _("After the agreed start.")
    if hours == 0:
        return _("Less than an hour before the agreed start.")
    if hours < HOURS_TO:
        words = ngettext(
            "%(n)s hour before the agreed start.", "%(n)s hours before the agreed start.", hours
        )
        return words % {"n": hours}
    days = hours // 24
    words = ngettext(
        "%(n)s day before the agreed start.", "%(n)s days before the agreed start.", days
    )
    return words % {"n": days}


@register.filter
def field_type(bound_field: BoundField) -> str:
    """Return how a field is laid out: ``check``, ``group`` or ``plain``."""
    widget = bound_field.field.widget
    if getattr(widget, "input_type", "") == "checkbox" and not getattr(
        widget, "allow_multiple_selected", False
    ):
        return "check"
    return "group" if bound_field.use_fieldset else "plain"
