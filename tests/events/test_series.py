"""Events that repeat: made by a rule, changed and called off together, signed up for one by one or all at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.core.recurring import Every, series_days
from luukku.core.times import helsinki
from luukku.events import actions
from luukku.events.calendar import single
from luukku.events.models import Event, How, Kind, Place, Question, Series
from luukku.events.refusals import CannotAnswerFor, DaysTaken, NotRepeated, TooFewPlaces
from luukku.events.states import EventState, SignUpState
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Membership, Task
from luukku.taxonomy.models import Theme
from tests.factories.accounts import make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
S = SignUpState
DAY = timedelta(days=1)


@pytest.fixture
def event(at):
    """A published evening in winter, of two hours."""
    return make_event(at, title_fi="Iltatee", seats=2)


def later(event, *weeks):
    first = helsinki(event.starts_at).date()
    return [first + timedelta(weeks=n) for n in weeks]


def repeated(event, at, *weeks):
    """Return ``event`` and those made from it, all published."""
    actions.repeat(event, later(event, *weeks), by=event.made_by, at=at)
    actions.publish_series(Event.objects.get(pk=event.pk), by=event.made_by, at=at)
    return list(Event.objects.of_series(Event.objects.get(pk=event.pk)))


@pytest.mark.parametrize(
    ("every", "days"),
    [
        (Every.WEEK, [date(2027, 1, 19), date(2027, 1, 26)]),
        (Every.TWO_WEEKS, [date(2027, 1, 26), date(2027, 2, 9)]),
        (Every.MONTH, [date(2027, 2, 9), date(2027, 3, 9)]),
    ],
)
def test_days_follow_the_rule(every, days):
    assert series_days(date(2027, 1, 12), every, 2) == days


def test_event_is_repeated_at_the_same_hours_over_the_end_of_winter_time(at):
    start = datetime(2027, 3, 25, 15, tzinfo=UTC)  # 17.00 in winter
    event = make_event(
        at, starts_at=start, closes_at=start - DAY, min_seats=1, decide_on=date(2027, 3, 20)
    )
    Question.objects.create(event=event, number=1, words_fi="Apu?", is_required=True)

    (made,) = actions.repeat(event, later(event, 1), by=event.made_by, at=at)

    assert helsinki(made.starts_at).isoformat() == "2027-04-01T17:00:00+03:00"
    assert helsinki(made.closes_at).isoformat() == "2027-03-31T17:00:00+03:00"
    assert (made.state, made.title, made.decide_on) == (
        EventState.DRAFT,
        event.title,
        date(2027, 3, 27),
    )
    assert made.questions.get().words == "Apu?"
    assert made.places.count() == event.seats
    event.refresh_from_db()
    assert made.series == event.series
    assert AuditEvent.objects.get(act="events.repeat").data == {"days": 1}


def test_series_has_one_event_a_day(event, at):
    repeated(event, at, 1, 2)

    with pytest.raises(DaysTaken):
        actions.repeat(event, later(event, 2, 3), by=event.made_by, at=at)

    assert Event.objects.count() == 3


def test_training_is_not_repeated(at):
    run = make_event(at, kind=Kind.BASIC, how=How.APPLICATION)

    with pytest.raises(NotRepeated):
        actions.repeat(run, later(run, 1), by=run.made_by, at=at)


@pytest.mark.parametrize("act", ["repeat", "publish_series", "edit_coming", "cancel_rest"])
def test_series_is_the_organisers_and_the_counters(event, at, act):
    repeated(event, at, 1)
    actions.repeat(event, later(event, 2), by=event.made_by, at=at)
    more = {"repeat": {"days": later(event, 5)}, "edit_coming": {"title_fi": "Muu"}}.get(act, {})

    with pytest.raises(PermissionDenied):
        getattr(actions, act)(Event.objects.get(pk=event.pk), by=make_person(), at=at, **more)

    assert set(Event.objects.values_list("title_fi", flat=True)) == {"Iltatee"}
    assert not Event.objects.filter(state=EventState.CANCELLED).exists()


def test_what_changes_in_one_changes_in_those_after_it_and_their_days_stay(event, at):
    one, two, three = repeated(event, at, 1, 2)
    actions.edit(three, title_sv="Eget", by=event.made_by, at=at)
    person = make_sign_up(three).person

    number = actions.edit_coming(
        two, by=event.made_by, at=at, title_fi="Aamutee", title_sv=two.title_sv, address="Uusi katu",
        closes_at=two.starts_at - DAY,
    )  # fmt: skip

    one, two, three = Event.objects.of_series(two)
    assert number == 1
    assert [row.title_fi for row in (one, two, three)] == ["Iltatee", "Aamutee", "Aamutee"]
    assert (three.title_sv, three.address, three.closes_at) == ("Eget", "Uusi katu", None)
    assert two.closes_at == two.starts_at - DAY
    assert list(Letter.objects.filter(reader=person).values_list("kind", flat=True)) == [
        "events.moved"
    ]


def test_nothing_changes_where_one_of_the_later_ones_cannot(event, at):
    one, two = repeated(event, at, 1)
    for _n in range(2):
        make_sign_up(two)

    with pytest.raises(TooFewPlaces):
        actions.edit_coming(one, by=event.made_by, at=at, seats=1, title_fi="Aamutee")

    assert set(Event.objects.values_list("title_fi", "seats")) == {("Iltatee", 2)}
    assert Place.objects.count() == 4


def test_rest_of_a_series_is_called_off_and_what_was_stays(event, at):
    one, two, three = repeated(event, at, 1, 2)
    person = make_sign_up(three).person
    between = one.ends_at + DAY

    assert actions.cancel_rest(one, by=event.made_by, at=between, reason="Sairaus") == 2

    states = list(Event.objects.of_series(two).values_list("state", flat=True))
    assert states == [EventState.PUBLISHED, EventState.CANCELLED, EventState.CANCELLED]
    assert "Sairaus" in Letter.objects.get(reader=person).body
    assert actions.cancel_rest(one, by=event.made_by, at=between) == 0


def test_one_signs_up_for_all_and_what_cannot_be_is_left_out(event, at):
    one, two, three = repeated(event, at, 1, 2)
    for _n in range(2):
        make_sign_up(two)
    person = make_person()
    actions.sign_up(make_event(at, starts_at=three.starts_at), by=person, at=at)

    done, left = actions.sign_up_all(one, by=person, at=at)
    again, _left = actions.sign_up_all(one, by=person, at=at)

    assert [(own.event_id, own.state) for own in done] == [
        (one.pk, S.CONFIRMED),
        (two.pk, S.WAITING),
    ]
    assert left == [three]
    assert {own.pk for own in again} == {own.pk for own in done}
    kinds = Letter.objects.filter(reader=person).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["events.confirmed", "events.confirmed", "events.waiting"]


def test_event_that_asks_something_is_left_for_its_own_form(event, at):
    one, two = repeated(event, at, 1)
    Question.objects.create(event=two, number=1, words_fi="Apu?")  # whoever needs help is asked

    done, left = actions.sign_up_all(one, by=make_person(), at=at)

    assert ([own.event for own in done], left) == ([one], [])


def test_each_date_is_an_entry_of_its_own_in_calendars_and_says_nothing_of_the_theme(event, at):
    one, _two = repeated(event, at, 1)
    theme = Theme.objects.get(code="depression")
    Series.objects.update(theme=theme, title_fi="Masennusryhmä")
    person = make_person()
    done, _left = actions.sign_up_all(one, by=person, at=at)

    entries = [single(own).replace("\r\n ", "") for own in done]

    assert len({entry.split("UID:")[1].split("\r\n")[0] for entry in entries}) == 2
    said = "\n".join(
        [*entries, *Letter.objects.filter(reader=person).values_list("body", flat=True)]
    )
    assert not any(word in said for word in ("RRULE", "Masennus", theme.name_fi))


def test_closed_or_called_off_event_is_not_signed_up_for(event, at):
    one, two, three = repeated(event, at, 1, 2)
    actions.close(two, by=event.made_by, at=at)
    actions.cancel(three, by=event.made_by, at=at)

    done, left = actions.sign_up_all(one, by=make_person(), at=at)

    assert ([own.event for own in done], left) == ([one], [])


def test_event_is_not_repeated_for_somebody_who_has_left_the_organiser(at):
    organiser = make_organisation(tasks=[Task.TRAINS])
    left = make_member(organiser, role=MemberRole.PRODUCER)
    event = make_event(at, organiser=organiser, responsible=left)
    Membership.objects.filter(user=left).delete()

    with pytest.raises(CannotAnswerFor):
        actions.repeat(event, later(event, 1), by=event.made_by, at=at)

    assert Event.objects.count() == 1
