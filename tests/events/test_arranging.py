"""What the organiser does: words, times, places, opening, closing, cancelling, and who came."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.core.times import days_later
from luukku.events import actions, tasks
from luukku.events.actions import Time
from luukku.events.models import Answer, Attendance, Booking, Kind, Mode, Presence, SignUp
from luukku.events.refusals import (
    CannotAnswerFor,
    DoubleBooked,
    HasAttendance,
    NoLink,
    NotBegun,
    NoTimes,
    TimePassed,
    TimesOverlap,
    TooFewPlaces,
)
from luukku.events.states import EventState, SignUpState
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Task
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
S = SignUpState
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make_draft(at, **fields):
    usual = {"kind": Kind.INFO, "title_fi": "Infotilaisuus", "mode": Mode.PLACE, "seats": 2}
    organiser = make_organisation(tasks=[Task.TRAINS], at=at)
    by = make_member(organiser, role=MemberRole.PRODUCER)
    return actions.make(organiser, by=by, at=at, **usual | fields), by


def kinds(person):
    return list(Letter.objects.filter(reader=person).order_by("pk").values_list("kind", flat=True))


def test_event_is_handed_over_with_who_had_it_and_all_are_told(at):
    event, by = make_draft(at)
    other = make_member(event.organiser, role=MemberRole.PRODUCER)
    clerk = make_coordinator()

    event = actions.hand_over(event, clerk, by=by, at=at)
    actions.hand_over(event, clerk, by=by, at=at)

    assert event.responsible == clerk
    (row,) = AuditEvent.objects.filter(act="events.hand_over")
    assert row.data == {"from": by.pk, "to": clerk.pk}
    assert kinds(clerk) == kinds(other) == ["events.handed_over"]
    assert kinds(by) == []


def test_event_is_handed_over_only_by_and_to_those_who_may_keep_it(at):
    event, by = make_draft(at)

    with pytest.raises(CannotAnswerFor):
        actions.hand_over(event, make_person(), by=by, at=at)
    with pytest.raises(PermissionDenied):
        actions.hand_over(event, make_coordinator(), by=make_person(), at=at)
    with pytest.raises(ValueError, match="responsible"):
        actions.edit(event, responsible=make_coordinator(), by=by, at=at)

    event.refresh_from_db()
    assert event.responsible == by


def test_what_was_changed_is_in_the_audit_and_nothing_else(at):
    event, by = make_draft(at)

    actions.edit(event, title_fi=event.title_fi, title_sv="Info", seats=3, by=by, at=at)

    assert AuditEvent.objects.get(act="events.edit").data == {"fields": ["seats", "title_sv"]}


def test_producer_makes_times_and_publishes_an_event(at):
    event, by = make_draft(at)
    times = [Time(at + n * DAY, at + n * DAY + HOUR) for n in (8, 1)]

    with pytest.raises(NoTimes):
        actions.publish(event, by=by, at=at)
    actions.ask(event, [{"words_fi": "Apuvälineet?", "is_sensitive": True}], by=by, at=at)
    actions.set_times(event, times, by=by, at=at)
    published = actions.publish(event, by=by, at=at)

    assert (published.state, published.starts_at) == (EventState.PUBLISHED, at + DAY)
    assert published.ends_at == at + 8 * DAY + HOUR
    assert (published.places.count(), published.questions.get().words) == (2, "Apuvälineet?")
    with pytest.raises(WrongState):
        actions.ask(event, [], by=by, at=at)
    with pytest.raises(PermissionDenied):
        make_draft_for_another(at)


def make_draft_for_another(at):
    return actions.make(
        make_organisation(), by=make_person(), at=at, kind=Kind.INFO, title_fi="X", mode=Mode.PLACE, seats=1
    )  # fmt: skip


@pytest.mark.parametrize("mode", [Mode.REMOTE, Mode.BOTH])
def test_remote_event_is_published_with_a_link_and_keeps_one(at, mode):
    event, by = make_draft(at, mode=mode)
    actions.set_times(event, [Time(at + DAY, at + DAY + HOUR)], by=by, at=at)
    with pytest.raises(NoLink) as refused:
        actions.publish(event, by=by, at=at)

    actions.edit(event, meeting_url="https://kokous.example/1", by=by, at=at)
    actions.publish(event, by=by, at=at)

    assert refused.value.field == "meeting_url"
    with pytest.raises(NoLink):
        actions.edit(event, meeting_url="", by=by, at=at)
    actions.edit(event, mode=Mode.PLACE, meeting_url="", by=by, at=at)


@pytest.mark.parametrize(("link", "promises"), [("", False), ("https://kokous.example/1", True)])
def test_letter_promises_a_link_only_where_there_is_one(at, link, promises):
    event, person = make_event(at, mode=Mode.REMOTE, meeting_url=link), make_person()

    actions.sign_up(event, by=person, at=at)

    body = Letter.objects.get(reader=person, kind="events.confirmed").body
    assert ("linkin" in body) is promises


def test_letter_of_a_change_tells_the_time_and_the_name_before(at):
    event, person = make_event(at, title_fi="Ilta"), make_person()
    session = event.sessions.get()
    make_sign_up(event, person)

    actions.set_times(
        event, [Time(at + 3 * DAY, at + 3 * DAY + HOUR, pk=session.pk)], by=event.made_by, at=at
    )
    actions.edit(event, title_fi="Aamu", by=event.made_by, at=at + HOUR)
    actions.edit(event, title_sv="Morgon", by=event.made_by, at=at + 2 * HOUR)

    moved, renamed = Letter.objects.filter(reader=person, kind="events.moved").order_by("pk")
    assert moved.body.count("Ilta, ") == 2
    assert "Ennen: Ilta, " in moved.body
    assert "Nyt: Aamu, " in renamed.body
    assert "Ennen: Ilta, " in renamed.body


def test_event_that_has_begun_is_not_published(at):
    event, by = make_draft(at)
    actions.set_times(event, [Time(at + HOUR, at + 2 * HOUR)], by=by, at=at)

    with pytest.raises(TimePassed):
        actions.publish(event, by=by, at=at + HOUR)


def test_only_the_organiser_and_the_counter_change_an_event(at):
    event = make_event(at)
    stranger = make_person()

    for act in (
        lambda: actions.edit(event, seats=5, by=stranger, at=at),
        lambda: actions.set_times(event, [], by=stranger, at=at),
        lambda: actions.close(event, by=stranger, at=at),
        lambda: actions.cancel(event, by=stranger, at=at),
        lambda: actions.run_anyway(event, by=stranger, at=at),
        lambda: actions.finish(event, by=event.responsible, at=at),
        lambda: actions.check_in(event.sessions.get(), {}, by=stranger, at=event.starts_at),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_event_is_closed_and_opened_again(at):
    event = make_event(at)

    assert actions.close(event, by=event.responsible, at=at).state == EventState.CLOSED
    assert actions.reopen(event, by=event.responsible, at=at).state == EventState.PUBLISHED


def test_edit_takes_only_fields_of_an_event(at):
    event = make_event(at)

    assert actions.edit(event, title_sv="Info", by=event.responsible, at=at).title_sv == "Info"
    with pytest.raises(ValueError, match="state"):
        actions.edit(event, state="held", by=event.responsible, at=at)


def test_places_cannot_be_fewer_than_people_who_have_one(at):
    event = make_event(at, seats=3)
    make_sign_up(event), make_sign_up(event)

    with pytest.raises(TooFewPlaces) as refusal:
        actions.edit(event, seats=1, by=event.responsible, at=at)
    assert "2" in refusal.value.told()
    assert refusal.value.field == "seats"
    actions.edit(event, seats=2, by=event.responsible, at=at)

    assert event.places.count() == 2
    assert SignUp.objects.confirmed().count() == 2


def test_quota_cannot_take_a_place_that_somebody_has(at):
    event = make_event(at, seats=2)
    make_sign_up(event), make_sign_up(event)

    with pytest.raises(TooFewPlaces):
        actions.edit(event, quota_experts=1, quota_professionals=0, by=event.responsible, at=at)


def test_more_places_go_to_the_queue(at):
    event = make_event(at, seats=1)
    make_sign_up(event)
    one, two = (make_sign_up(event, state=S.WAITING, queue_at=at + n * HOUR) for n in (1, 2))

    actions.edit(event, seats=2, by=event.responsible, at=at + DAY)

    one.refresh_from_db(), two.refresh_from_db()
    assert [one.state, two.state] == [S.CONFIRMED, S.WAITING]


def test_moved_session_keeps_everybody_tells_them_and_lets_them_go(at):
    event, person = make_event(at), make_person()
    own = actions.sign_up(event, by=person, at=at)
    waiting = make_sign_up(event, state=S.WAITING)
    other = make_event(at, starts_at=event.starts_at + DAY)
    actions.sign_up(other, by=person, at=at)
    session = event.sessions.get()

    actions.set_times(
        event, [Time(session.starts_at + DAY, session.ends_at + DAY, pk=session.pk)],
        by=event.responsible, at=at + HOUR,
    )  # fmt: skip

    own.refresh_from_db()
    assert (own.state, own.calendar_version) == (S.CONFIRMED, 1)
    assert Booking.objects.get(sign_up=own).is_moved
    assert kinds(person)[-1] == "events.moved"
    assert kinds(waiting.person) == ["events.moved"]
    told = Letter.objects.filter(reader=person).order_by("pk")
    uid = [line for line in told[0].calendar.splitlines() if line.startswith("UID")]
    assert uid[0] in told.last().calendar
    assert "SEQUENCE:1" in told.last().calendar
    with pytest.raises(DoubleBooked):  # the time is given twice, and a third thing sees it
        actions.sign_up(make_event(at, starts_at=event.starts_at + DAY), by=person, at=at)
    assert actions.withdraw(own, by=person, at=at + HOUR).state == S.WITHDRAWN


def test_session_moved_over_the_end_of_summer_time_begins_at_the_same_hour_by_the_clock():
    at = datetime(2027, 10, 1, 9, tzinfo=UTC)
    event = make_event(at, starts_at=datetime(2027, 10, 27, 10, tzinfo=UTC))  # 13.00 in Helsinki
    own = actions.sign_up(event, by=make_person(), at=at)
    session = event.sessions.get()

    times = [days_later(one, 7 * DAY) for one in (session.starts_at, session.ends_at)]
    actions.set_times(event, [Time(*times, pk=session.pk)], by=event.responsible, at=at)

    booking = Booking.objects.get(sign_up=own)
    assert booking.starts_at == datetime(2027, 11, 3, 11, tzinfo=UTC)
    assert booking.ends_at - booking.starts_at == 2 * HOUR
    assert "3.11.2027 klo 13.00–15.00" in Letter.objects.filter(reader=own.person).last().body


def test_times_that_make_no_sense_are_refused(at):
    event, by = make_draft(at)

    with pytest.raises(TimePassed):
        actions.set_times(event, [Time(at, at + HOUR)], by=by, at=at)
    with pytest.raises(TimePassed):
        actions.set_times(event, [Time(at + DAY, at + DAY)], by=by, at=at)
    with pytest.raises(TimesOverlap):
        actions.set_times(
            event, [Time(at + DAY, at + DAY + 2 * HOUR), Time(at + DAY + HOUR, at + 2 * DAY)], by=by, at=at
        )  # fmt: skip
    with pytest.raises(NoTimes):
        actions.set_times(make_event(at), [], by=make_coordinator(), at=at)


def test_times_that_stay_are_told_to_nobody(at):
    event = make_event(at)
    own, session = make_sign_up(event), event.sessions.get()

    actions.set_times(
        event, [Time(session.starts_at, session.ends_at, pk=session.pk)], by=event.responsible, at=at
    )  # fmt: skip

    assert kinds(own.person) == []


def test_new_session_is_in_the_time_of_those_who_come_and_guests_are_told(at):
    event = make_event(at, guests_ok=True)
    own = actions.sign_up(event, by=make_person(), at=at)
    actions.ask_guest(event, name="G", email="g@example.test", at=at)
    actions.confirm_guest(SignUp.objects.get(person=None), at=at)
    actions.hold(event, by=make_person(), at=at)
    session = event.sessions.get()
    more = session.starts_at + 7 * DAY

    actions.set_times(
        event,
        [Time(session.starts_at, session.ends_at, pk=session.pk), Time(more, more + HOUR)],
        by=event.responsible,
        at=at,
    )

    assert own.bookings.count() == 2
    assert Letter.objects.filter(kind="events.moved").count() == 2


def test_cancelled_event_tells_everybody_and_gives_their_time_back(at):
    event = make_event(at, seats=1)
    own = actions.sign_up(event, by=make_person(), at=at)
    waiting = actions.sign_up(event, by=make_person(), at=at)

    actions.cancel(event, by=event.responsible, at=at + HOUR)

    assert not Booking.objects.exists()
    assert [kinds(one.person)[-1] for one in (own, waiting)] == ["events.cancelled"] * 2
    off = Letter.objects.get(reader=own.person, kind="events.cancelled")
    assert "METHOD:CANCEL" in off.calendar
    assert Letter.objects.get(reader=waiting.person, kind="events.cancelled").calendar == ""


def test_event_with_too_few_is_held_anyway_and_a_moved_one_is_decided_anew(at):
    event = make_event(at, min_seats=2, decide_on=(at + 3 * DAY).date())

    assert actions.run_anyway(event, by=event.responsible, at=at).decided_at == at
    session = event.sessions.get()
    moved = actions.set_times(
        event, [Time(session.starts_at + DAY, session.ends_at + DAY, pk=session.pk)],
        by=event.responsible, at=at,
    )  # fmt: skip

    assert moved.decided_at is None


def test_event_has_been_held_when_its_last_session_is_over(at, monkeypatch):
    event = make_event(at, sessions=2)
    monkeypatch.setattr(tasks.timezone, "now", lambda: event.ends_at)

    assert actions.finish_past(at=event.ends_at - HOUR) == 0
    assert tasks.settle_places.call() == 1

    event.refresh_from_db()
    assert event.state == EventState.HELD


def test_attendance_is_marked_from_the_start_on_and_taken_back(at):
    event = make_event(at)
    here, away, waiting = (
        make_sign_up(event),
        make_sign_up(event),
        make_sign_up(event, state=S.WAITING),
    )
    session, by = event.sessions.get(), event.responsible
    marks = {here.pk: Presence.HERE, away.pk: Presence.EXCUSED, waiting.pk: Presence.HERE}

    with pytest.raises(NotBegun):
        actions.check_in(session, marks, by=by, at=at)
    first = actions.check_in(session, marks, by=by, at=session.starts_at)
    again = actions.check_in(session, marks, by=by, at=session.starts_at)
    actions.check_in(session, {away.pk: ""}, by=by, at=session.starts_at)

    assert (first, again) == (2, 0)
    assert Attendance.objects.get().sign_up == here
    with pytest.raises(HasAttendance):
        actions.set_times(
            event, [Time(session.ends_at + DAY, session.ends_at + 2 * DAY)], by=by, at=session.starts_at
        )  # fmt: skip


def test_sensitive_answers_go_30_days_after_and_guests_a_year_after(at, monkeypatch):
    event = make_event(at, guests_ok=True)
    plain, sensitive = (
        event.questions.create(number=n, words_fi="?", is_sensitive=bool(n)) for n in (0, 1)
    )
    answers = {plain.pk: "a", sensitive.pk: "b"}
    for email in ("one@example.test", "two@example.test"):
        actions.ask_guest(event, name="G", email=email, at=at, answers=answers)
    own = SignUp.objects.order_by("pk").first()
    actions.confirm_guest(own, at=at)

    def forget(after):
        monkeypatch.setattr(tasks.timezone, "now", lambda: event.ends_at + after)
        return tasks.forget_events.call()

    assert forget(29 * DAY) == 0
    assert forget(30 * DAY) == 3  # two answers, and who never confirmed
    assert (SignUp.objects.get(), Answer.objects.get().question) == (own, plain)
    assert forget(365 * DAY) == 1
    assert not SignUp.objects.exists()
