"""Whoever is told of another time reads which time it replaces, and what of a series stays as it was."""

from datetime import timedelta

import pytest
from django.utils import translation

from luukku.assignments import actions
from luukku.audit.models import AuditEvent
from luukku.core.times import when
from luukku.notices.models import Letter
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy
from luukku.orders.queries import times_told
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import (
    make_agreed,
    make_offer,
    make_search,
    make_series_offers,
    make_series_search,
    make_sign_up,
)
from tests.factories.experts import make_expert
from tests.factories.orders import make_orderer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAYS, SECOND = timedelta(days=2), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def reads_english():
    return make_orderer(language="en")


def english(at):
    expert = make_expert(at=at)
    expert.user.language = "en"
    expert.user.save()
    return expert


def later(order, at, *, by=DAYS):
    """Move the wished time of ``order``; return what it was and is, in words."""
    time = order.times.get()
    old = when(time.starts_at, time.ends_at)
    span = time.starts_at + by, time.ends_at + by
    actions.set_times(order, [span], by=make_coordinator(), at=at)
    return old, when(*span)


def moved(order, at, *, by=DAYS):
    """Move the agreed time of ``order``; return what it was and is, in words."""
    time = order.times.get(is_settled=True)
    old, span = when(time.starts_at, time.ends_at), (time.starts_at + by, time.ends_at + by)
    actions.change_time(order, starts_at=span[0], ends_at=span[1], by=make_coordinator(), at=at)
    return old, when(*span)


def lines(kind, reader):
    """What the one letter of ``kind`` to ``reader`` says, paragraph by paragraph."""
    return Letter.objects.get(kind=f"assignments.{kind}", reader=reader).body.split("\n\n")


def stay(*orders):
    listed = "".join(f"\n– {times_told(order)}" for order in orders)
    if len(orders) == 1:
        return f"The other time of the series stays as it was:{listed}"
    return f"The other {len(orders)} times of the series stay as they were:{listed}"


def test_who_is_asked_for_a_series_reads_which_date_has_moved_and_that_the_others_stay(at):
    first, second, third = make_series_offers(at, expert=english(at))

    old, new = later(second.order, at)

    assert lines("offer_changed", first.expert.user) == [
        f"The time is now: {new}. Before it was: {old}.",
        stay(first.order, third.order),
        "This time has not been agreed yet: read it again and answer.",
    ]


def test_date_that_one_has_declined_is_not_told_as_staying(at):
    first, second, third = make_series_offers(at, expert=english(at))
    actions.decline(first, by=first.expert.user, at=at)

    later(third.order, at)

    assert stay(second.order) in lines("offer_changed", first.expert.user)


def test_date_that_is_behind_is_not_told_as_staying(at):
    first, second, third = make_series_offers(at, expert=english(at))
    task = actions.accept(first, by=first.expert.user, at=at, via="desk")
    actions.accept(second, by=first.expert.user, at=at, via="desk")
    actions.decline(third, by=first.expert.user, at=at)

    moved(second.order, task.ends_at)

    assert "The other" not in "".join(lines("changed", first.expert.user))


def test_who_has_signed_up_to_dates_of_a_series_reads_which_has_moved(at):
    expert = english(at)
    found = make_series_search(at, is_open_call=True)
    for order in found[:2]:
        make_sign_up(at, order=order, expert=expert)

    old, new = later(found[0], at)

    assert lines("offer_changed", expert.user) == [
        f"The time is now: {new}. Before it was: {old}.",
        stay(found[1]),
        "If it does not suit you any more, take your sign-up back.",
    ]


def test_orderer_of_a_series_reads_which_date_has_moved_and_that_the_others_stay(at, reads_english):
    found = make_series_search(at, orderer=reads_english)

    old, new = later(found[1], at)

    said = lines("order_changed", reads_english)
    assert said[:3] == [
        "The counter has changed your order.",
        f"The time is now: {new}. Before it was: {old}.",
        stay(found[0], found[2]),
    ]


def test_both_sides_of_an_agreed_series_read_the_old_time_and_that_the_others_stay(
    at, reads_english
):
    offers = make_series_offers(at, expert=english(at), orderer=reads_english)
    expert = offers[0].expert.user
    for offer in offers:
        actions.accept(offer, by=expert, at=at, via="desk")

    old, new = moved(offers[1].order, at)

    for reader in (expert, reads_english):
        said = lines("changed", reader)
        assert said[1].startswith(f"When: {new}. Where: ")
        assert said[2:4] == [
            f"The time was before: {old}.",
            stay(offers[0].order, offers[2].order),
        ]


def test_changed_place_of_one_date_says_that_the_other_dates_stay(at, reads_english):
    first, second, third = make_series_offers(at, expert=english(at), orderer=reads_english)
    actions.accept(third, by=third.expert.user, at=at, via="desk")

    for offer in (first, third):
        called = offer.order.assignments.values_list("pk", flat=True)
        actions.change_details(
            offer.order, by=make_coordinator(), at=at, called=called, address="Sali 2"
        )

    assert stay(second.order, third.order) in lines("offer_changed", first.expert.user)
    assert stay(first.order, second.order) in lines("details_changed", third.expert.user)
    assert stay(first.order, second.order) in lines("details_changed", reads_english)
    assert stay(second.order, third.order) in lines("order_changed", reads_english)


def test_single_order_says_old_and_new_time_and_nothing_of_a_series(at):
    offer = make_offer(at, expert=english(at))

    old, new = later(offer.order, at)

    assert lines("offer_changed", offer.expert.user) == [
        f"The time is now: {new}. Before it was: {old}.",
        "Nothing has been agreed yet: read it again and answer yes or no.",
    ]


def test_wishes_of_several_times_are_told_whole_as_they_were_and_are(at):
    offer = make_offer(at, expert=english(at), days=(14, 21))
    old = times_told(offer.order)
    spans = [(at + n * DAYS, at + n * DAYS + timedelta(hours=1)) for n in (8, 9)]

    actions.set_times(offer.order, spans, by=make_coordinator(), at=at)

    new = " or ".join(when(*span) for span in spans)
    assert f"The times are now: {new}. Before they were: {old}." in lines(
        "offer_changed", offer.expert.user
    )


def test_who_is_still_asked_beside_an_agreed_time_reads_the_agreed_one_alone(at):
    order = make_search(at, experts_wanted=2, days=(14, 21))
    offer = make_offer(at, order=order)
    time = order.times.earliest("starts_at")
    actions.accept(offer, by=offer.expert.user, at=at, via="desk", time=time)
    thinks = make_offer(at, order=order, expert=english(at))

    old, new = moved(order, at)

    assert (
        f"The time is now: {new}. Before it was: {old}."
        == lines("offer_changed", thinks.expert.user)[0]
    )


def test_agreed_task_of_no_series_says_the_old_time_to_both(at, reads_english):
    task = make_agreed(at, expert=english(at), orderer=reads_english)

    old, _new = moved(task.order, at)

    for reader in (task.expert.user, reads_english):
        said = lines("changed", reader)
        assert (said[2], len(said)) == (f"The time was before: {old}.", 4)


def test_dates_that_the_orderer_has_cancelled_are_not_told_as_staying(at, reads_english):
    found = make_series_search(at, orderer=reads_english)
    orders.cancel(found[0], whose="orderer", reason="", by=reads_english, at=at)

    later(found[1], at)

    assert stay(found[2]) in lines("order_changed", reads_english)


def test_agreed_task_moved_to_the_time_that_it_has_tells_nobody(at):
    task = make_agreed(at, experts_wanted=2)
    make_offer(at, order=task.order)
    before = list(Letter.objects.order_by("pk").values_list("pk", flat=True))
    events = AuditEvent.objects.count()

    actions.change_time(
        task.order, starts_at=task.starts_at, ends_at=task.ends_at, by=make_coordinator(), at=at
    )

    task.refresh_from_db()
    assert task.calendar_version == 0
    assert list(Letter.objects.order_by("pk").values_list("pk", flat=True)) == before
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("reached", ["agreed", "changed", ""])
def test_cancelled_names_the_time_that_the_expert_was_told_last(at, reached):
    task = make_agreed(at, expert=english(at))
    letters = Letter.objects.filter(reader=task.expert.user)
    if reached:
        letters.update(sent_at=at)
    old, _new = moved(task.order, at + SECOND)
    letters.filter(sent_at=None).update(not_before_at=at + 10 * SECOND)  # it may still be undone
    _old, newest = moved(task.order, at + 2 * SECOND)
    if reached == "changed":
        letters.update(sent_at=at + 2 * SECOND)

    task.refresh_from_db()
    off = at + 5 * SECOND
    actions.cancel(task, whose=CancelledBy.COUNTER, reason="", by=make_coordinator(), at=off)

    (facts,) = [line for line in lines("cancelled", task.expert.user) if line.startswith("When")]
    assert f"When: {newest if reached == 'changed' else old}. " in facts
