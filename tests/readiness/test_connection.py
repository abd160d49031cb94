"""What an orderer tells of the connection: true of that link and that time, and of nothing else."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.assignments.actions import change_link, change_time
from luukku.assignments.notices import Reminder
from luukku.audit.models import AuditEvent
from luukku.orders.actions import cancel
from luukku.orders.models import CancelledBy, Mode, Order
from luukku.orders.states import OrderState
from luukku.readiness.actions import NoConnection, NotRemote, take_back_tried, tell_tried
from luukku.readiness.models import ConnectionTest
from luukku.readiness.queries import connection_of
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_person
from tests.factories.assignments import make_agreed
from tests.factories.orders import coordinator_of_orders, make_order, make_orderer
from tests.factories.readiness import make_remote

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def now_of(order):
    return connection_of(Order.objects.get(pk=order.pk))


def told(order):
    return now_of(order).test is not None


def test_orderer_tells_and_takes_it_back(at):
    order = make_remote(at)
    before = now_of(order).words

    tell_tried(order, by=order.contact, at=at)
    tell_tried(order, by=order.contact, at=at)
    words = now_of(order).words
    take_back_tried(order, by=order.contact, at=at)

    assert before == "The orderer has not told yet that they have tried the connection."
    assert words.startswith("The orderer has tried the connection on")
    assert not told(order)
    assert not ConnectionTest.objects.exists()
    names = AuditEvent.objects.filter(act__startswith="readiness.").values_list("act", flat=True)
    assert set(names) == {"readiness.tell_tried", "readiness.take_back_tried"}


def test_another_link_makes_it_untrue(at):
    order = make_remote(at)
    tell_tried(order, by=order.contact, at=at)

    change_link(order, "https://kokous.example/2", by=order.contact, at=at)

    assert not told(order)


def test_another_time_makes_it_untrue(at):
    order = make_remote(at)
    task = make_agreed(at, order=order)
    tell_tried(order, by=order.contact, at=at)
    stays = told(order)

    change_time(
        Order.objects.get(pk=order.pk), starts_at=task.starts_at + A_DAY, ends_at=task.ends_at + A_DAY,
        by=coordinator_of_orders(), at=at,
    )  # fmt: skip

    assert stays
    assert not told(order)


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({}, NoConnection, "Give the link of the video meeting first."),
        ({"mode": Mode.PLACE}, NotRemote, "This task is done at a place"),
    ],
    ids=["no link", "on site"],
)
def test_without_a_connection_there_is_nothing_to_try(at, changes, refusal, words):
    order = make_remote(at, url="", **changes)

    with pytest.raises(refusal) as refused:
        tell_tried(order, by=order.contact, at=at)

    assert str(refused.value.words).startswith(words)


def test_draft_says_that_it_is_sent_first(at):
    orderer = make_orderer()
    order = make_order(at, state=OrderState.DRAFT, orderer=orderer, mode=Mode.REMOTE)

    with pytest.raises(WrongState) as refused:
        tell_tried(order, by=orderer, at=at)

    assert "once the order has been sent" in str(refused.value.told())


def test_task_on_site_says_nothing_of_a_connection(at):
    assert now_of(make_remote(at, mode=Mode.PLACE, url="")) is None


def test_order_that_is_over_is_not_tried(at):
    order = make_remote(at)
    cancel(order, whose=CancelledBy.ORDERER, reason="", by=order.contact, at=at)

    with pytest.raises(WrongState):
        tell_tried(order, by=order.contact, at=at)
    assert now_of(order) is None


@pytest.mark.parametrize("act", [tell_tried, take_back_tried])
@pytest.mark.parametrize("make", [make_orderer, make_person])
def test_others_tell_nothing(at, act, make):
    order = make_remote(at)

    with pytest.raises(PermissionDenied):
        act(order, by=make(), at=at)


@pytest.mark.parametrize("mode", [Mode.REMOTE, Mode.PLACE])
def test_reminder_says_to_try_where_the_task_is_remote(at, mode):
    url = "https://kokous.example/1" if mode == Mode.REMOTE else ""
    task = make_agreed(at, order=make_remote(at, mode=mode, url=url))

    to_orderer = Reminder(task, task.order.contact).lines()
    to_expert = Reminder(task, task.expert.user).lines()

    assert ("Try the link, the camera" in " ".join(to_orderer)) == (mode == Mode.REMOTE)
    assert ("Try the link, the picture" in " ".join(to_expert)) == (mode == Mode.REMOTE)
