"""Letters about the dates of a series tell the place of each, and say nothing that a yes has made untrue."""

from datetime import timedelta

import pytest

from luukku.assignments import actions
from luukku.assignments.models import Via
from luukku.core.times import when
from luukku.notices.models import Channel, Letter
from luukku.orders.models import CancelledBy
from luukku.taxonomy.models import Municipality
from tests.factories.accounts import make_person
from tests.factories.assignments import ANSWER_TIME, make_offer, make_series_search
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders, make_orderer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SECOND = timedelta(seconds=1)


def move(order, *, at):
    rauma = Municipality.objects.get(name_fi="Rauma")
    counter = coordinator_of_orders()
    actions.change_details(order, by=counter, at=at, municipality=rauma, address="Sali 3")


def ask(found, *, at):
    return actions.propose_series(
        found[0].series,
        make_expert(at=at, user=make_person(language="en")),
        by=coordinator_of_orders(),
        at=at,
        answer_by=at + ANSWER_TIME,
    )


def say_yes(offers, *, at):
    return actions.answer_series(
        offers[0],
        yes=dict.fromkeys([one.pk for one in offers]),
        no=(),
        by=offers[0].expert.user,
        at=at,
        via=Via.DESK,
    ).agreed


def lines(tasks):
    """Return the times of the orders, each in words."""
    return [when(one.starts_at, one.ends_at) for one in tasks]


def test_place_is_told_at_each_date_where_it_is_not_the_same(at):
    found = make_series_search(at, orderer=make_orderer(language="en"), address="Sali 1")
    move(found[2], at=at)
    offers = ask(found, at=at + SECOND)
    tasks = say_yes(offers, at=at + 2 * SECOND)
    counter = coordinator_of_orders()
    actions.cancel_series(
        found[0].series, whose=CancelledBy.COUNTER, reason="", by=counter, at=at + 3 * SECOND
    )

    places = ["Sali 1, Pori", "Sali 1, Pori", "Sali 3, Rauma"]
    each = "\n".join(f"– {time}: {place}" for time, place in zip(lines(tasks), places, strict=True))
    expert = offers[0].expert.user
    for kind, reader in [
        ("assignments.offered", expert),
        ("assignments.agreed", expert),
        ("assignments.agreed", found[0].contact),
        ("assignments.cancelled", expert),
    ]:
        body = Letter.objects.get(kind=kind, reader=reader).body
        assert each in body
        assert "Where: " not in body


def test_place_is_told_once_where_it_is_the_same(at):
    found = make_series_search(at, orderer=make_orderer(language="en"), address="Sali 1")
    tasks = say_yes(ask(found, at=at), at=at + SECOND)

    times = "\n".join(f"– {time}" for time in lines(tasks))
    for kind in ("assignments.offered", "assignments.agreed"):
        for letter in Letter.objects.filter(kind=kind):
            assert f"Where: Sali 1, Pori.\n{times}" in letter.body


def test_yes_overtakes_the_letter_that_asked_to_read_again(at):
    found = make_series_search(at)
    offers = ask(found, at=at)
    move(found[2], at=at + SECOND)

    say_yes(offers, at=at + 2 * SECOND)

    assert Letter.objects.get(kind="assignments.offer_changed").channel == Channel.DESK


def test_answer_to_one_offer_overtakes_the_letter_that_asked_to_read_again(at):
    yes, other = make_offer(at), make_offer(at)
    for offer in (yes, other):
        move(offer.order, at=at + SECOND)

    actions.accept(yes, by=yes.expert.user, at=at + 2 * SECOND, via=Via.DESK)
    actions.withdraw(other, by=coordinator_of_orders(), at=at + 2 * SECOND)

    told = Letter.objects.filter(kind="assignments.offer_changed")
    assert list(told.values_list("channel", flat=True)) == [Channel.DESK] * 2


def test_no_to_an_offer_leaves_no_letter_that_asks_to_answer(at):
    offer = make_offer(at)
    move(offer.order, at=at + SECOND)

    actions.decline(offer, by=offer.expert.user, at=at + 2 * SECOND)

    assert not Letter.objects.filter(kind="assignments.offer_changed", sent_at=None).exists()


def test_change_of_one_date_never_says_that_nothing_has_been_agreed(at):
    found = make_series_search(at, orderer=make_orderer(language="en"))
    offers = ask(found, at=at)
    say_yes(offers[:2], at=at + SECOND)

    move(found[2], at=at + 2 * SECOND)

    body = Letter.objects.get(kind="assignments.offer_changed").body
    assert "This time has not been agreed yet" in body
    assert "Nothing has been agreed" not in body
