"""An order's history: what was done, and of what was changed the old and the new value."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from luukku.audit.models import AuditEvent
from luukku.core.times import when
from luukku.experts.models import Expert
from luukku.orders import actions, states
from luukku.orders.history import WORDS, Difference, differences_of, timeline
from luukku.orders.models import Mode, Order, Payment, Revision
from luukku.orders.states import OrderState
from luukku.organisations.models import Unit
from luukku.taxonomy.models import Language, TaskType, Theme
from luukku.workflow.states import Act
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders, make_draft, make_order, make_orderer

pytestmark = pytest.mark.django_db


def differences(order):
    return [one for line in timeline(order) for one in line.differences]


def change(order, at, **changes):
    return actions.change_details(order, by=make_coordinator(), at=at, **changes)


def test_timeline_tells_what_happened_without_each_saving(at):
    order = make_order(at, state=OrderState.ACCEPTED)

    lines = timeline(order)

    assert [str(line.words) for line in lines] == [
        "Draft begun",
        "Sent to the counter",
        "Accepted by the counter",
    ]
    assert [line.who for line in lines] == [
        order.contact.name,
        order.contact.name,
        "Koordinaattori",
    ]


def test_timeline_says_when_the_counter_acted_for_somebody(at):
    draft = make_draft(at)
    order = actions.send(draft, by=coordinator_of_orders(), at=at, on_behalf_of=draft.contact)

    assert [line.is_on_behalf for line in timeline(order)] == [False, True]


def test_timeline_leaves_out_the_name_of_somebody_erased(at):
    order = make_order(at)
    colleague = make_orderer(order.organisation)
    twin = actions.copy(order, by=colleague, at=at)
    actions.save_draft(twin, by=colleague, at=at, contact=order.contact)
    Order.objects.filter(pk=twin.pk).update(made_by=order.contact)
    colleague.memberships.all().delete()
    colleague.delete()

    assert [line.who for line in timeline(twin)] == [""]


def test_timeline_tells_old_and_new_of_what_was_changed_and_by_whom(at):
    order = make_order(at, state=OrderState.SENT, address="Tiilimäki 1")

    change(order, at, address="Lukio", audience_size=None)

    line = timeline(order)[-1]
    assert (str(line.words), line.who, line.at) == (
        "Details of the order changed",
        "Kaisa Koordinaattori",
        at,
    )
    assert set(line.differences) == {
        Difference("Address or meeting place", "Tiilimäki 1", "Lukio"),
        Difference("How many take part", str(order.audience_size), "empty"),
    }


def test_every_kind_of_value_is_said_in_the_readers_words(at):
    order = make_order(at, state=OrderState.SENT, fee_eur=Decimal(100), mode=Mode.EITHER)
    theme, kind = Theme.objects.filter(is_active=True).last(), TaskType.objects.last()
    unit = Unit.objects.create(organisation=order.organisation, name="Yksikkö 7")
    wished = make_expert()
    change(
        order, at, themes=[(theme, "own")], languages=Language.objects.filter(pk="sv"), task_type=kind,
        fee_eur=Decimal("150.50"), mode=Mode.PLACE, pays_travel=not order.pays_travel, unit=unit,
        sign_up_by=at.date(), wished_expert=wished,
    )  # fmt: skip

    with translation.override("fi"):
        said = {one.what: one.now for one in differences(order)}

    assert set(said.values()) == {
        f"{theme.name_fi} (Oma kokemus)", "ruotsi", kind.name_fi, "150,50\u00a0€", "Paikan päällä", "ei", "Yksikkö 7",
        f"{at.day}.{at.month}.{at.year}", wished.code_name,
    }  # fmt: skip


def test_times_link_contact_payment_and_number_are_kept_by_the_same_mechanism(at):
    order = make_order(at, state=OrderState.SENT, mode=Mode.REMOTE, experts_wanted=2)
    counter, colleague = make_coordinator(), make_orderer(order.organisation)
    time = (at + timedelta(days=30), at + timedelta(days=30, hours=1))

    actions.set_times(order, [time], by=counter, at=at)
    actions.set_link(order, "https://kokous.example", by=counter, at=at)
    actions.change_contact(order, colleague, by=counter, at=at)
    actions.set_payment(order, Payment.HELP, by=counter, at=at)
    actions.want_fewer(order, by=counter, at=at)

    assert [one.now for one in differences(order)] == [
        when(*time),
        "https://kokous.example",
        colleague.name,
        "Help is needed with the payment",
        "1",
    ]


def test_chain_holds_names_and_a_number_but_no_value(at):
    order = make_order(at, state=OrderState.SENT)

    change(order, at, goal="Arka tavoite")

    event = AuditEvent.objects.get(act="orders.change_details")
    assert event.data == {"fields": ["goal"], "revision": Revision.objects.get().pk}


def test_change_to_the_same_is_no_revision(at):
    order = make_order(at, state=OrderState.SENT)
    events = AuditEvent.objects.count()

    change(order, at, address=order.address)
    actions.set_payment(order, order.payment, by=make_coordinator(), at=at)

    assert (Revision.objects.count(), AuditEvent.objects.count()) == (0, events)


def test_refused_change_leaves_no_revision(at):
    order = make_order(at, state=OrderState.SENT)

    with pytest.raises(PermissionDenied):
        actions.change_details(order, by=order.contact, at=at, address="Lukio")

    assert not Revision.objects.exists()
    assert Order.objects.get().address == order.address


def test_what_is_no_longer_here_is_said_to_be_gone(at):
    wished = make_expert()
    order = make_order(at, state=OrderState.SENT)
    change(order, at, wished_expert=wished)
    Expert.objects.filter(pk=wished.pk).delete()

    (one,) = differences(order)

    assert one.now == "somebody or something that is no longer here"


def test_differences_of_three_take_as_many_queries_as_of_one(at, django_assert_num_queries):
    order = make_order(at, state=OrderState.SENT)
    kinds = list(TaskType.objects.exclude(pk=order.task_type_id)[:3])
    for kind in kinds:
        change(order, at, task_type=kind)
    rows = list(order.revisions.all())

    for some in (rows[:1], rows):
        with django_assert_num_queries(1):
            differences_of(some)


# Drafts are saved many times; what is counted or forgotten is no step of the order; the letter to a guest's address
# comes before the order is anybody's.
UPON_ORDERS = {"workbench.remind", "workbench.ask_candidates", "assignments.change_time"}
UNTOLD = {"orders.edit", "orders.forget", "orders.ask_confirmation", "orders.count_unmet"}


def test_every_act_on_an_order_that_is_written_down_has_words_in_its_timeline():
    acts = {one.name for one in vars(states).values() if isinstance(one, Act)}
    for path in Path(actions.__file__).parent.glob("*.py"):
        acts |= set(re.findall(r'record(?:_draft)?\(\s*"(orders\.[a-z_]+)"', path.read_text()))

    assert "orders.close_time" in acts
    assert (acts - UNTOLD) | UPON_ORDERS <= set(WORDS)


def test_closed_question_about_another_time_stands_in_the_timeline(at):
    order, counter = make_search(at), make_coordinator()
    actions.ask_time(order, by=counter, at=at)
    actions.close_time(order, by=counter, at=at)

    told = [(str(line.words), line.who) for line in timeline(order)]

    assert told[-1] == ("The question about another time was closed", counter.name)
