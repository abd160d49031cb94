"""The queue: what waits, who does it, and one thing after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.duty import FIRST_ROWS, KINDS, Duty, among
from luukku.core.text import key_in
from luukku.guidance.queries import who_serves
from luukku.notices.queries import mail_late_since
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.queue_rows import shown
from luukku.web.kit.access import home_at, page
from luukku.web.kit.listing import PAGE, paged
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request, is_signed_in
from luukku.workbench import actions
from luukku.workbench.queries import Day, Key, OnOrders, Whose, day_of, orders_behind

ON_A_PAGE = FIRST_ROWS
MOST_PAGES = 200
FEW_KINDS = 4  # the most frequent ones, on one line with whose duties they are
OPENED = "duties"  # in the session: what was opened from the queue, by the page that does it
MOST_OPENED = 30
FURTHER = 4  # times as far it is looked for what comes next, where it is not among the most urgent
NOBODY = "nobody"
# What is done to the orders behind the chosen rows: its page, and what is said of the rows that it does not fit.
ON_ORDERS = {
    OnOrders.REMIND: (
        "counter:orders-remind",
        gettext_lazy("Left out, because nobody’s answer is awaited: %(rows)s."),
    ),
    OnOrders.ASK: (
        "counter:orders-ask",
        gettext_lazy("Left out, because no expert is looked for: %(rows)s."),
    ),
}


def asked_of_queue(request: HttpRequest) -> dict[str, str]:
    """Return which rows of the queue are asked for, without what asks for all."""
    kind, whose = request.GET.get("kind", ""), request.GET.get("whose", "")
    asked = {
        "kind": kind if kind in KINDS else "",
        "whose": whose if whose in Whose else "",
        "due": str(_day_in(request.GET.get("due", "")) or ""),
    }
    return {name: value for name, value in asked.items() if value}


def _day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day_asked(
    request: Request, asked: dict[str, str], *, first: int = FIRST_ROWS, at: datetime
) -> Day:
    return day_of(
        request.user,
        kind=asked.get("kind", ""),
        whose_rows=asked.get("whose", ""),
        due_on=_day_in(asked.get("due", "")),
        first=first,
        at=at,
    )


def _first_for(number: str) -> int:
    """Return how many of each kind are enough for a page of the queue, and to know whether another follows."""
    pages = min(key_in(number) or 1, MOST_PAGES)
    return pages * ON_A_PAGE + 1


def queue_url(asked: dict[str, str], **more: object) -> str:
    """Return the address of the queue that shows what was ``asked`` for."""
    query = urlencode({name: value for name, value in (asked | more).items() if value})
    return _address(get_language()) + (f"?{query}" if query else "")


@cache
def _address(_language: str | None) -> str:
    """Return where the queue is in the active language: a page leads there for each kind of duty."""
    return reverse("counter:queue")


@page("coordinator")
def queue(request: Request) -> HttpResponse:
    """Everything that waits for a person, in groups by how soon."""
    return _queue(request)


def _queue(request: Request, chosen: Iterable[str] = (), *, status: int = 200) -> HttpResponse:
    now, asked = timezone.now(), asked_of_queue(request)
    day = _day_asked(request, asked, first=_first_for(request.GET.get(PAGE, "")), at=now)
    found = paged(request, day.duties, ON_A_PAGE)
    people = who_serves()
    names = {person.pk: person.name for person in people}
    query = f"?{urlencode(asked)}" if asked else ""
    groups = [
        (group, [shown(row, names.get(row.assignee_id or 0, ""), query) for row in rows])
        for group, rows in day.rows(found)
    ]
    kinds = [(one, queue_url(asked, kind=one.value)) for one in day.kinds]
    context = {
        "page": found,
        "groups": groups,
        "day": day,
        "kind": asked.get("kind", ""),
        "whose": asked.get("whose", ""),
        "few_kinds": [
            one for n, one in enumerate(kinds) if n < FEW_KINDS or one[0].value == asked.get("kind")
        ],
        "other_kinds": kinds[FEW_KINDS:],
        "all_kinds": queue_url(asked | {"kind": ""}),
        "due": _day_in(asked.get("due", "")),
        "all_days": queue_url(asked | {"due": ""}),
        "of_whom": [(one, queue_url(asked | {"whose": one.value})) for one in day.whose],
        "people": people,
        "on_orders": OnOrders,
        "chosen": set(chosen),
        "mail_late_since": mail_late_since(at=now),
        "tabs": tabs(request, "queue"),
    }
    return render(request, "counter/queue/list.html", context, status=status)


def _keys(sent: Iterable[str]) -> list[Key]:
    """Return the duties that are named so; what names none is left out."""
    found = []
    for name in sent:
        kind, _dash, key = name.rpartition("-")
        if kind in KINDS and (number := key_in(key)) is not None:
            found.append((kind, number))
    return found


@page("coordinator", methods=("POST",), home=home_at("counter:queue"))
def hand_out(request: Request) -> HttpResponse:
    """Give the chosen rows to oneself, to a colleague or to nobody; come back to where they stand."""
    keys = _keys(request.POST.getlist("duty"))
    back = queue_url(asked_of_queue(request), page=request.GET.get("page", ""))
    if not keys:
        messages.warning(request, _("Choose at least one row."))
        return SeeOther(back)
    kind, key = keys[-1]
    to = SeeOther(f"{back}#{kind}-{key}")
    if (act := request.POST.get("orders", "")) in OnOrders:
        return _to_orders(request, keys, OnOrders(act))
    if "take" in request.POST:
        return counter_act(request, actions.take, keys, to=to, done=lambda got: _taken(keys, got))
    receiver = _receiver(request, request.POST.get("to", ""))
    if receiver is None and request.POST.get("to") != NOBODY:
        messages.warning(request, _("Choose who does it."))
        return _queue(request, request.POST.getlist("duty"), status=422)  # the choice stays

    def assign(keys: list[Key], *, by: User, at: datetime) -> list[Key]:
        return actions.assign(keys, to=receiver, by=by, at=at)

    return counter_act(request, assign, keys, to=to, done=lambda got: _given(got, receiver))


def _to_orders(request: Request, keys: list[Key], act: OnOrders) -> HttpResponse:
    """Go to the page that does ``act`` to the orders behind the rows; say which rows it does not fit."""
    there, words = ON_ORDERS[act]
    behind = orders_behind(keys, act, at=timezone.now())
    if behind.left_out:
        labels = Counter(str(duty.label) for duty in behind.left_out)
        rows = ", ".join(f"{label} ({n})" if n > 1 else label for label, n in labels.items())
        messages.warning(request, words % {"rows": rows})
    if not behind.orders:
        return _queue(request, request.POST.getlist("duty"), status=422)  # the choice stays
    query = urlencode(
        {"order": behind.orders, "from": "queue"} | asked_of_queue(request), doseq=True
    )
    return SeeOther(f"{reverse(there)}?{query}")


def _receiver(request: Request, sent: str) -> User | None:
    key = key_in(sent)
    return None if key is None else User.objects.visible_to(request.user).filter(pk=key).first()


def _taken(keys: list[Key], got: list[Key]) -> str:
    words = ngettext("%(n)s row is yours now.", "%(n)s rows are yours now.", len(got))
    told = words % {"n": len(got)}
    left = len(set(keys)) - len(got)
    if left:
        late = ngettext(
            "%(n)s row has somebody already.", "%(n)s rows have somebody already.", left
        )
        told = f"{told} {late % {'n': left}}"
    return told


def _given(got: list[Key], receiver: User | None) -> str:
    if receiver is None:
        words = ngettext("%(n)s row is nobody’s now.", "%(n)s rows are nobody’s now.", len(got))
        return words % {"n": len(got)}
    words = ngettext("%(n)s row is %(name)s’s now.", "%(n)s rows are %(name)s’s now.", len(got))
    return words % {"n": len(got), "name": receiver.name}


@page("coordinator")
def open_duty(request: Request, kind: str, key: int) -> HttpResponse:
    """Go to the page that does a duty, and remember for it what comes next in the queue."""
    if kind not in KINDS:
        raise Http404
    asked, now = asked_of_queue(request), timezone.now()
    duties = among({kind: [key]}, at=now)
    if not duties:
        messages.info(request, _("This has been done already."))
        return SeeOther(queue_url(asked))
    _remember(request, duties[0], asked)
    return SeeOther(duties[0].url)


@page("coordinator")
def next_duty(request: Request, kind: str, key: int) -> HttpResponse:
    """Open what comes next after a duty that was opened from the queue; the queue where nothing does."""
    if kind not in KINDS:
        raise Http404
    entry = next((one for one in _opened(request) if one[:2] == [kind, key]), None)
    if entry is None:
        return see_other("counter:queue")
    _kind, _key, _path, rank, due, since, asked = entry
    done = Duty(rank, datetime.fromisoformat(due), datetime.fromisoformat(since), kind, key, 0)
    now, first = timezone.now(), FIRST_ROWS
    day = _day_asked(request, asked, first=first, at=now)
    while (following := day.after(done)) is None and day.is_cut:
        first *= FURTHER
        day = _day_asked(request, asked, first=first, at=now)
    if following is None:
        messages.info(request, _("You have come to the end of the queue."))
        return SeeOther(queue_url(asked))
    _remember(request, following, asked)
    return SeeOther(following.url)


def after(request: Request) -> HttpResponse:
    """Return where to go once the page's duty is done: on in the queue, or to it where it was not opened from there."""
    if (entry := _entry_of(request)) is None:
        return see_other("counter:queue")
    return see_other("counter:queue-next", entry[0], entry[1])


def opened_from_queue(request: HttpRequest) -> dict[str, Any] | None:
    """Return what the page's duty is, the next one's address and the queue's; None where it was not opened from it."""
    entry = _entry_of(request) or _entry_of_order(request)
    if entry is None or entry[0] not in KINDS:
        return None
    return {
        "label": KINDS[entry[0]].label,
        "is_done": not among({entry[0]: [entry[1]]}, at=timezone.now()),
        "due": datetime.fromisoformat(entry[4]),
        "next": reverse("counter:queue-next", args=entry[:2]),
        "queue": f"{queue_url(entry[6])}#{entry[0]}-{entry[1]}",  # where one was
    }


def _opened(request: HttpRequest) -> list[list[Any]]:
    return request.session.get(OPENED, [])


def _entry_of(request: HttpRequest) -> list[Any] | None:
    place = _place(request.path)
    return next((one for one in _opened(request) if one[2] == place), None)


def _entry_of_order(request: HttpRequest) -> list[Any] | None:
    """Return what was opened on the order's own page, for the pages below it: a draft is written on them."""
    match = request.resolver_match
    if (
        match is None
        or not match.view_name.startswith("counter:order-")
        or "pk" not in match.kwargs
    ):
        return None
    place = f"counter:order {match.kwargs['pk']}"
    return next((one for one in _opened(request) if one[2] == place), None)


def _remember(request: HttpRequest, duty: Duty, asked: dict[str, str]) -> None:
    """Remember at the page that does it which duty was opened: two tabs with two pages do not meet."""
    place = _place(duty.url)
    others = [one for one in _opened(request) if one[2] != place]
    entry = [
        duty.kind, duty.key, place, duty.rank, duty.due.isoformat(), duty.since.isoformat(), asked,
    ]  # fmt: skip
    request.session[OPENED] = [*others, entry][-MOST_OPENED:]


def _place(path: str) -> str:
    """Return what tells a page in every language: its name and its key."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    return " ".join([match.view_name, *(str(value) for value in match.kwargs.values())])


def frame(request: HttpRequest) -> dict[str, object]:
    """Give the counter's pages what stands above all of them."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.namespace != "counter" or not hasattr(request, "user"):
        return {}
    if not is_signed_in(request) or not request.user.is_counter:
        return {}
    return {
        "desk_find": "counter/results/_find.html",
        "found_words": "",
        "desk_top": "counter/_top.html",
        "opened": lambda: opened_from_queue(request),
    }
