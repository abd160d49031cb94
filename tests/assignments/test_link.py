"""The link of a remote task's video meeting; beside the act its permission twin."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from icalendar import Calendar

from luukku.assignments import actions
from luukku.assignments.calendar import event, feed
from luukku.assignments.models import Assignment
from luukku.audit.models import AuditEvent
from luukku.notices.models import Letter
from luukku.orders import actions as orders
from luukku.orders.models import Mode, Order
from luukku.orders.states import OrderState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_offer
from tests.factories.experts import make_expert
from tests.factories.orders import make_draft, make_order, make_orderer

pytestmark = pytest.mark.django_db
LINK = "https://video.example.test/abc?pwd=1"
REMOTE = {"mode": Mode.REMOTE, "municipality": None, "address": ""}


@pytest.fixture
def task(at):
    """An agreed remote task."""
    return make_agreed(at, expert=make_expert(at=at, is_remote_ok=True), **REMOTE)


def letters():
    return Letter.objects.filter(kind="assignments.link")


def entry_of(text):
    (entry,) = Calendar.from_ical(text).walk("VEVENT")
    return entry


def test_change_link_tells_the_expert_and_their_calendar(task, at):
    order = actions.change_link(task.order, LINK, by=task.order.contact, at=at)

    assert order.meeting_url == LINK
    letter = letters().get()
    assert letter.reader == task.expert.user
    assert LINK in letter.body
    assert LINK not in letter.subject
    entry = entry_of(letter.calendar)
    assert (entry["LOCATION"], entry["URL"], entry["SEQUENCE"]) == (LINK, LINK, 1)
    assert entry_of(feed(task.expert.user, at=at))["URL"] == LINK


def test_change_link_by_the_counter_tells_both_and_says_on_whose_behalf(task, at):
    contact = task.order.contact

    actions.change_link(task.order, LINK, by=make_coordinator(), at=at, on_behalf_of=contact)

    assert {letter.reader for letter in letters()} == {task.expert.user, contact}
    assert AuditEvent.objects.get(act="orders.set_link").on_behalf_of_id == contact.pk


def test_change_link_to_the_same_tells_nobody(task, at):
    for _n in range(2):
        actions.change_link(task.order, LINK, by=task.order.contact, at=at)

    assert letters().count() == 1


def test_change_link_to_nothing_says_that_a_new_one_comes(task, at):
    for url in (LINK, ""):
        actions.change_link(task.order, url, by=task.order.contact, at=at)

    last = letters().latest("pk")
    assert last.body.startswith("Videokokouksen linkki on poistettu.")
    assert "URL" not in entry_of(last.calendar)
    assert entry_of(last.calendar)["LOCATION"] == "Etänä"


def test_link_given_before_the_yes_comes_with_the_agreed_task(at):
    offer = make_offer(at, expert=make_expert(at=at, is_remote_ok=True), **REMOTE)
    actions.change_link(offer.order, LINK, by=offer.order.contact, at=at)

    actions.accept(offer, by=offer.expert.user, at=at, via="desk")

    assert letters().count() == 0
    agreed = Assignment.objects.get()
    assert entry_of(event(agreed, for_user=agreed.expert.user))["LOCATION"] == LINK


def test_link_of_a_task_either_way_leaves_the_place_in_the_calendar(at):
    task = make_agreed(at, mode=Mode.EITHER)

    order = actions.change_link(task.order, LINK, by=task.order.contact, at=at)

    entry = entry_of(letters().get().calendar)
    assert (order.meeting_url, entry["URL"]) == (LINK, LINK)
    assert entry["LOCATION"] == task.place


@pytest.mark.parametrize("who", ["stranger", "expert", "other orderer"])
def test_change_link_is_refused_to_others(task, at, who):
    people = {"stranger": make_person(), "expert": task.expert.user}

    with pytest.raises(PermissionDenied):
        actions.change_link(task.order, LINK, by=people.get(who) or make_orderer(), at=at)

    assert Order.objects.get().meeting_url == ""


@pytest.mark.parametrize(
    "make",
    [
        lambda at: make_draft(at, mode=Mode.REMOTE),
        lambda at: make_order(at, mode=Mode.REMOTE, state=OrderState.CLOSED),
        make_order,
    ],
    ids=["draft", "ended", "at a place"],
)
def test_set_link_where_there_is_no_meeting_is_refused(make, at):
    order = make(at)

    with pytest.raises(WrongState):
        orders.set_link(order, LINK, by=order.contact, at=at)


@pytest.mark.parametrize("url", ["http://video.example.test/", "javascript:alert(1)"])
def test_link_that_is_not_https_is_refused_by_the_database(task, url):
    with pytest.raises(IntegrityError, match="order_meeting_https"):
        Order.objects.filter(pk=task.order_id).update(meeting_url=url)


def test_copy_leaves_the_link_of_another_meeting_behind(task, at):
    order = actions.change_link(task.order, LINK, by=task.order.contact, at=at)

    assert orders.copy(order, by=order.contact, at=at).meeting_url == ""
