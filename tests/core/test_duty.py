"""Kinds of duties: known once, found by their app, collected into one queue by how urgent they are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from luukku.accounts.models import User
from luukku.core import duty
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.core.times import helsinki, is_working_day
from tests.factories.accounts import make_person

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)  # a Tuesday
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def no_kinds(monkeypatch):
    for name in ("KINDS", "FINDERS", "_CALLERS"):
        monkeypatch.setattr(duty, name, {})


def kind(name="tea", *, within=DAY, **fields):
    return DutyKind(name, f"Make {name}", page="counter:order", within=within, **fields)


def waits(one, people, **columns):
    """Let ``people`` wait for ``one`` since they joined."""
    keys = [person.pk for person in people]
    one.finds(lambda at: Waiting(User.objects.filter(pk__in=keys), since="joined_at", **columns))
    one.calls(lambda keys: {key: Called(f"cup {key}") for key in keys})


def joined(at):
    person = make_person()
    User.objects.filter(pk=person.pk).update(joined_at=at)
    return person


@pytest.mark.django_db
def test_queue_sorts_by_deadline_over_all_kinds():
    early, late, other = joined(AT - DAY), joined(AT), joined(AT - DAY)
    waits(kind(), [late, early])
    waits(kind("coffee", within=1.5 * DAY), [other])

    found = duty.queue(at=AT)

    assert [(one.kind, one.key) for one in found] == [
        ("tea", early.pk),
        ("coffee", other.pk),
        ("tea", late.pk),
    ]
    assert [called.title for _one, called in duty.call(found)] == [
        f"cup {early.pk}",
        f"cup {other.pk}",
        f"cup {late.pk}",
    ]


@pytest.mark.django_db
def test_what_names_two_kinds_is_asked_once():
    person, asked = joined(AT), []

    def names(keys):
        asked.append(list(keys))
        return {person.pk: Called("cup")}

    for one in (kind(), kind("coffee")):
        waits(one, [person])
        one.calls(names)

    found = duty.call([*duty.queue(at=AT), kind("tea").duty(0, since=AT)])

    assert [(one.kind, called.title) for one, called in found] == [
        ("coffee", "cup"),
        ("tea", "cup"),
    ]
    assert asked == [[0, person.pk]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name, found", [("tea", ["tea"]), ("coffee", ["coffee"]), ("?", ["coffee", "tea"])]
)
def test_queue_holds_one_kind_where_it_is_known(name, found):
    person = joined(AT)
    for one in (kind(), kind("coffee")):
        waits(one, [person])

    assert [one.kind for one in duty.queue(at=AT, kind=name)] == found


@pytest.mark.django_db
def test_queue_takes_the_most_urgent_of_too_many_and_tells_how_many_there_are(monkeypatch):
    monkeypatch.setattr(duty, "MOST_ROWS", 2)
    people = [joined(AT - n * DAY / 9) for n in (1, 3, 2)]
    waits(kind(), people)

    found = duty.queue_of(["tea"], first=2, at=AT)

    assert [one.key for one in found.duties] == [people[1].pk, people[2].pk]
    assert (found.numbers, found.last) == ({"tea": 3}, {"tea": found.duties[1]})


@pytest.mark.django_db
@pytest.mark.parametrize("most", [2, 3])
def test_queue_holds_all_of_a_kind_that_is_not_too_many(
    monkeypatch, most, django_assert_num_queries
):
    monkeypatch.setattr(duty, "MOST_ROWS", most)
    people = [joined(AT - n * DAY / 9) for n in (1, 3, 2)]
    waits(kind(), people)
    waits(kind("coffee"), people[:1])

    with django_assert_num_queries(1 if most == 2 else 2):
        found = duty.queue_of(["tea", "coffee"], first=1, at=AT)

    is_whole = most == 3
    assert [one.key for one in found.duties if one.kind == "tea"] == (
        [people[n].pk for n in (1, 2, 0)] if is_whole else [people[1].pk]
    )
    assert (found.numbers, set(found.last)) == (
        {"tea": 3, "coffee": 1},
        set() if is_whole else {"tea"},
    )


@pytest.mark.django_db
def test_among_tells_which_still_wait():
    here, gone = joined(AT), joined(AT)
    waits(kind(), [here])

    found = duty.among({"tea": {here.pk, gone.pk}, "?": {1}}, at=AT)

    assert [(one.kind, one.key) for one in found] == [("tea", here.pk)]


def test_duty_says_what_is_to_be_done_where_and_when_it_is_late():
    tea = kind()
    tea.finds(lambda at: Waiting(User.objects.none(), since="joined_at"))

    one = tea.duty(7, since=AT)

    assert (str(one.label), one.url) == ("Make tea", reverse("counter:order", args=[7]))
    assert (one.is_late(AT + DAY - timedelta(seconds=1)), one.is_late(AT + DAY)) == (False, True)


@pytest.mark.parametrize("days", range(45))
def test_deadline_falls_on_a_working_day(days):
    """Independence Day, Christmas and New Year among them."""
    since = AT + days * DAY

    due = kind(within=2 * DAY).duty(7, since=since).due

    assert is_working_day(helsinki(due).date())
    assert since + 2 * DAY <= due <= since + 7 * DAY


@pytest.mark.parametrize("days", range(5, 45))
def test_deadline_comes_so_long_before_the_event_as_the_kind_needs(days):
    starts_at = AT + days * DAY
    one = kind(within=60 * DAY, lead=3 * DAY).duty(7, since=AT, starts_at=starts_at)

    assert is_working_day(helsinki(one.due).date())
    assert max(AT, starts_at - 8 * DAY) <= one.due <= starts_at - 3 * DAY


def test_what_should_have_been_done_before_it_came_is_due_at_once():
    assert kind(lead=3 * DAY).duty(7, since=AT, starts_at=AT + DAY).due == AT


def test_what_ends_on_a_day_off_is_due_before_and_a_promised_day_stays():
    sunday = datetime(2026, 12, 13, 8, tzinfo=UTC)

    assert kind().duty(7, since=AT, due=sunday).due == datetime(2026, 12, 11, 14, tzinfo=UTC)
    assert kind().duty(7, since=AT, due=date(2026, 12, 13)).due == datetime(
        2026, 12, 13, 14, tzinfo=UTC
    )


def test_what_is_first_stands_before_what_is_late():
    tea = kind()

    found = sorted([tea.duty(1, since=AT - 9 * DAY), tea.duty(2, since=AT, is_first=True)])

    assert [(one.key, one.is_first) for one in found] == [(2, True), (1, False)]


def test_two_kinds_of_one_name_are_refused():
    def find(at):
        return Waiting(User.objects.none(), since="joined_at")

    kind().finds(find)

    with pytest.raises(ValueError, match="tea"):
        kind().finds(find)


def test_what_does_not_wait_is_no_duty():
    with pytest.raises(ValueError, match="tea 1"):
        kind().duty(1, since=None)


@pytest.fixture
def crowd(monkeypatch):
    """Let two of a kind be a crowd."""
    monkeypatch.setattr(duty, "MOST_ROWS", 1)
    monkeypatch.setattr(duty, "CROWD", 1)
    monkeypatch.setattr(duty, "_CROWDS", {})


@pytest.mark.django_db
def test_a_crowd_is_looked_for_once_a_minute(crowd, django_assert_num_queries):
    people = [joined(AT - n * DAY / 9) for n in (3, 2, 1)]
    waits(kind(), people)
    duty.queue_of(["tea"], first=2, at=AT)

    with django_assert_num_queries(0):
        found = duty.queue_of(["tea"], first=2, at=AT + timedelta(seconds=59))

    assert [one.key for one in found.duties] == [person.pk for person in people[:2]]
    assert (found.numbers, found.crowds) == ({"tea": 3}, {"tea"})
    with django_assert_num_queries(1):
        again = duty.queue_of(["tea"], first=2, at=AT + timedelta(seconds=60))
    assert again.crowds == set()
    with django_assert_num_queries(1):  # of a later page more are wanted than were found
        duty.queue_of(["tea"], first=3, at=AT + timedelta(seconds=60))


@pytest.mark.django_db
def test_what_no_crowd_waits_for_is_looked_for_each_time(monkeypatch, crowd):
    monkeypatch.setattr(duty, "CROWD", 3)
    people = [joined(AT - n * DAY / 9) for n in (3, 2, 1)]
    waits(kind(), people)
    duty.queue_of(["tea"], first=1, at=AT)
    people[0].delete()

    found = duty.queue_of(["tea"], first=1, at=AT)

    assert ([one.key for one in found.duties], found.crowds) == ([people[1].pk], set())


@pytest.mark.django_db
def test_of_a_crowd_what_is_done_is_left_out_and_the_rest_is_told_as_it_is_now(crowd):
    people = [joined(AT - n * DAY / 9) for n in (3, 2, 1)]
    waits(kind(), people)
    waits(kind("coffee"), [])
    duty.queue_of(["tea"], first=2, at=AT)
    people[0].delete()
    User.objects.filter(pk=people[1].pk).update(joined_at=AT)
    other = kind("coffee").duty(7, since=AT)

    kept = duty.queue_of(["tea"], first=2, at=AT)
    left = duty.still_waiting([other, *kept.duties], kept.crowds, at=AT)

    assert len(kept.duties) == 2
    assert [(one.kind, one.key, one.since) for one in left] == [
        ("coffee", 7, AT),
        ("tea", people[1].pk, AT),
    ]
