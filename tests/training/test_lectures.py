"""Practice lectures: a school offers dates, a producer takes one, students are counted, both sides tell."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.core.duty import queue
from luukku.events import actions as events
from luukku.events.models import Attendance, Presence, SignUp
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole
from luukku.training import actions
from luukku.training.models import LectureFeedback, PracticeLecture
from luukku.training.queries import figures_of, has_lectured, is_outdated
from luukku.training.refusals import (
    LectureHasBegun,
    LectureMissing,
    LectureNotOver,
    LecturePassed,
    NobodyToSpeak,
    NotRemote,
    TooLateToCorrect,
)
from luukku.training.states import LectureState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_application, make_lecture, make_programme, make_run

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
HELD = AT + 12 * DAY


def make_chosen(run, **person):
    own = make_application(run, make_person(**person), at=AT)
    return actions.choose(own, by=make_coordinator(), at=AT)


def make_taken(**programme):
    """A date that has been taken: (lecture, who speaks)."""
    run = make_run(AT, programme=make_programme(AT, state="agreed", **programme), seats=5)
    own, lecture = make_chosen(run), make_lecture(AT)
    taken = actions.take_lecture(lecture, run=run, trainees=[own], by=make_coordinator(), at=AT)
    return taken, own


def count(lecture, students=24, *, by=None, at=HELD):
    return actions.count_students(lecture, students=students, by=by or make_coordinator(), at=at)


def kinds_to(user):
    return sorted(Letter.objects.filter(reader=user).values_list("kind", flat=True))


def test_date_is_offered_once_and_only_by_the_school_or_the_counter():
    school = make_organisation()
    orderer = make_member(school)
    first = make_lecture(AT, school=school, by=orderer)

    again = make_lecture(AT, school=school, by=orderer)

    assert (first.pk, first.state, first.contact) == (again.pk, LectureState.OPEN, orderer)
    assert make_lecture(AT, by=make_coordinator()).state == LectureState.OPEN
    for by in (make_person(), make_member(school, role=MemberRole.PRODUCER)):
        with pytest.raises(PermissionDenied):
            make_lecture(AT, school=school, by=by)


def test_date_that_has_passed_is_not_offered():
    with pytest.raises(LecturePassed):
        make_lecture(AT, days=-1)


def test_taking_a_date_makes_an_event_of_those_who_speak_and_tells_them_and_the_school():
    lecture, own = make_taken()

    place = SignUp.objects.get(event=lecture.event)
    assert (lecture.state, lecture.event.kind, lecture.event.starts_at) == (
        LectureState.TAKEN, "practice_lecture", lecture.starts_at,
    )  # fmt: skip
    assert (place.person, place.state) == (own.person, "confirmed")
    assert kinds_to(lecture.contact) == ["training.lecture_taken"]
    assert kinds_to(own.person).count("events.confirmed") == 2  # of the training and of the lecture


def test_date_is_taken_once_and_only_with_somebody_of_the_training():
    lecture, _own = make_taken()
    other = make_run(AT)

    with pytest.raises(WrongState):
        actions.take_lecture(
            lecture, run=other, trainees=[make_chosen(other)], by=make_coordinator(), at=AT
        )
    with pytest.raises(NobodyToSpeak):
        actions.take_lecture(
            make_lecture(AT), run=make_run(AT), trainees=[make_chosen(other)],
            by=make_coordinator(), at=AT,
        )  # fmt: skip


def test_producer_takes_a_date_for_an_own_training_only():
    run, other = make_run(AT), make_run(AT)
    own, by = make_chosen(run), make_member(run.event.organiser, role=MemberRole.PRODUCER)

    with pytest.raises(PermissionDenied):
        actions.take_lecture(make_lecture(AT), run=other, trainees=[own], by=by, at=AT)
    assert actions.take_lecture(make_lecture(AT), run=run, trainees=[own], by=by, at=AT)


def test_school_that_cancels_tells_everybody_and_the_training_needs_another_date():
    lecture, own = make_taken()
    organiser = lecture.run.event.organiser
    producer = make_member(organiser, role=MemberRole.PRODUCER)
    orderer = make_member(lecture.school)

    cancelled = actions.cancel_lecture(lecture, reason="Koeviikko", by=orderer, at=AT)

    cancelled.event.refresh_from_db()
    assert (cancelled.state, cancelled.event.state) == (LectureState.CANCELLED, "cancelled")
    assert "events.cancelled" in kinds_to(own.person)
    assert kinds_to(producer) == ["training.lecture_cancelled"]
    assert "Koeviikko" in Letter.objects.get(reader=producer).body
    assert not PracticeLecture.objects.to_take(AT).exists()
    with pytest.raises(PermissionDenied):
        actions.cancel_lecture(make_lecture(AT), reason="", by=producer, at=AT)


def test_date_that_a_producer_gives_back_can_be_taken_again():
    lecture, own = make_taken()
    producer = make_member(lecture.run.event.organiser, role=MemberRole.PRODUCER)

    freed = actions.let_lecture_go(lecture, reason="Sairaus", by=producer, at=AT + DAY)

    assert (freed.state, freed.run, freed.event) == (LectureState.OPEN, None, None)
    assert "events.cancelled" in kinds_to(own.person)
    assert "training.lecture_freed" in kinds_to(freed.contact)
    assert list(PracticeLecture.objects.to_take(AT)) == [freed]


@pytest.mark.parametrize("which", ["its own event", "the training"])
def test_date_goes_back_when_its_event_or_the_training_is_called_off(which):
    lecture, _own = make_taken()
    event = lecture.event if which == "its own event" else lecture.run.event

    events.cancel(event, reason="Sairaus", by=make_coordinator(), at=AT)

    lecture.refresh_from_db()
    assert (lecture.state, lecture.run) == (LectureState.OPEN, None)


def test_students_are_counted_once_after_the_end():
    lecture, own = make_taken()

    with pytest.raises(LectureNotOver):
        count(lecture, at=AT)
    held = count(lecture, 24)

    assert (held.state, held.students_present) == (LectureState.HELD, 24)
    with pytest.raises(WrongState):
        count(lecture, 3)
    assert has_lectured(own)
    assert (figures_of(lecture.run)["lectures"], figures_of(lecture.run)["students"]) == (1, 24)
    assert AuditEvent.objects.filter(act="training.count_students").count() == 1


def test_wrong_number_is_corrected_and_the_report_that_was_sent_is_out_of_date():
    lecture, _own = make_taken()
    run, late = lecture.run, AT + 60 * DAY
    count(lecture, 0)
    report = actions.send_report(run, by=make_coordinator(), at=late)
    school = make_member(lecture.school)
    before = is_outdated(report)

    actions.correct_students(lecture, students=24, by=school, at=late)

    assert (before, is_outdated(report), figures_of(run)["students"]) == (False, True, 24)
    assert AuditEvent.objects.filter(act="training.correct_students").count() == 1


def test_number_is_corrected_after_counting_and_within_two_months_only_by_those_who_were_there():
    lecture, own = make_taken()
    producer = make_member(lecture.run.event.organiser, role=MemberRole.PRODUCER)
    with pytest.raises(WrongState):
        actions.correct_students(lecture, students=3, by=producer, at=HELD)
    count(lecture)

    for by in (make_person(), own.person):
        with pytest.raises(PermissionDenied):
            actions.correct_students(lecture, students=3, by=by, at=HELD)
    with pytest.raises(TooLateToCorrect):
        actions.correct_students(lecture, students=3, by=producer, at=HELD + 60 * DAY)
    assert actions.correct_students(lecture, students=3, by=producer, at=HELD)
    assert actions.correct_students(lecture, students=4, by=make_coordinator(), at=HELD + 90 * DAY)


def test_stranger_does_not_count_students():
    lecture, own = make_taken()

    for by in (make_person(), own.person):
        with pytest.raises(PermissionDenied):
            count(lecture, by=by)


def test_counter_asks_for_the_number_until_it_is_there():
    lecture, _own = make_taken()

    waiting = queue(at=HELD, kind="lecture")
    count(lecture)

    assert [(duty.key, duty.pk) for duty in waiting] == [(lecture.pk, lecture.run_id)]
    assert queue(at=HELD, kind="lecture") == []


def test_both_sides_tell_once_and_a_later_answer_stands_in_place_of_the_first():
    lecture, own = make_taken()
    orderer = make_member(lecture.school)

    for well in (2, 5):
        actions.think_of_lecture(lecture, well=well, words="Hyvä", by=own.person, at=HELD)
    actions.think_of_lecture(lecture, well=4, by=orderer, at=HELD)

    assert list(LectureFeedback.objects.order_by("pk").values_list("side", "well")) == [
        ("trainee", 5), ("school", 4),
    ]  # fmt: skip
    assert figures_of(lecture.run)["thoughts"] == []  # too few to be told
    with pytest.raises(PermissionDenied):
        actions.think_of_lecture(lecture, well=1, by=make_person(), at=HELD)
    with pytest.raises(LectureNotOver):
        actions.think_of_lecture(lecture, well=1, by=own.person, at=AT)


def test_programme_can_ask_for_a_lecture_before_the_training_is_completed():
    lecture, own = make_taken(needs_lecture=True)
    by, done = make_coordinator(), {"contact_minutes": 720, "own_minutes": 300}
    over = AT + 40 * DAY

    with pytest.raises(LectureMissing):
        actions.complete(own, by=by, at=over, **done)
    count(lecture)

    assert actions.complete(own, by=by, at=over, **done).state == "completed"


def test_reason_stands_in_place_of_a_lecture():
    _lecture, own = make_taken(needs_lecture=True)

    made = actions.complete(
        own, contact_minutes=720, own_minutes=300, exemption="Puhui messuilla",
        by=make_coordinator(), at=AT + 40 * DAY,
    )  # fmt: skip

    assert made.state == "completed"


def test_list_and_rule_agree_on_who_sees_a_date():
    lecture, own = make_taken()
    make_lecture(AT)
    people = [
        make_coordinator(),
        make_member(lecture.school),
        make_member(lecture.run.event.organiser, role=MemberRole.PRODUCER),
        make_member(make_organisation(), role=MemberRole.PRODUCER),
        own.person,
        make_person(),
        make_person(roles=["steering"]),
    ]

    numbers = []
    for user in people:
        seen = set(PracticeLecture.objects.visible_to(user))
        ruled = {
            one
            for one in PracticeLecture.objects.all()
            if user.has_perm("training.view_lecture", one)
        }
        assert seen == ruled
        numbers.append(len(seen))
    assert numbers == [2, 1, 2, 1, 1, 0, 0]


def test_date_offered_by_phone_names_the_school_s_contact_person():
    school, counter = make_organisation(), make_coordinator()
    alone = make_lecture(AT, school=school, by=counter)
    contact = make_member(school)
    contact.memberships.update(is_contact=True)

    told = make_lecture(AT, school=school, by=counter, days=11)
    own = make_lecture(AT, school=school, by=contact, days=12)

    assert [one.contact for one in (alone, told, own)] == [counter, contact, contact]


def test_who_was_marked_away_has_not_lectured():
    lecture, own = make_taken()
    count(lecture)
    before = has_lectured(own)
    place = lecture.event.sign_ups.get(person=own.person)
    Attendance.objects.create(
        sign_up=place, session=lecture.event.sessions.get(), presence=Presence.AWAY,
        marked_by=own.person, marked_at=HELD,
    )  # fmt: skip

    assert (before, has_lectured(own)) == (True, False)
    assert not own.person.has_perm("training.think_of_lecture", lecture)


def test_lecture_that_has_begun_is_neither_given_back_nor_cancelled():
    lecture, _own = make_taken()
    counter = make_coordinator()

    with pytest.raises(LectureHasBegun):
        actions.let_lecture_go(lecture, by=counter, at=HELD)
    with pytest.raises(LectureHasBegun):
        actions.cancel_lecture(lecture, reason="S", by=counter, at=HELD)


def test_producer_slower_than_another_is_told_so_kindly():
    lecture, _own = make_taken()
    run = make_run(AT)
    own, by = make_chosen(run), make_member(run.event.organiser, role=MemberRole.PRODUCER)

    with pytest.raises(WrongState):
        actions.take_lecture(lecture, run=run, trainees=[own], by=by, at=AT)


def test_who_has_left_the_training_meanwhile_does_not_speak():
    run, lecture = make_run(AT, seats=5), make_lecture(AT)
    stays, leaves = make_chosen(run), make_chosen(run)
    actions.withdraw(leaves, by=leaves.person, at=AT)  # ``leaves`` is as it was read before

    with pytest.raises(NobodyToSpeak):
        actions.take_lecture(
            lecture, run=run, trainees=[stays, leaves], by=make_coordinator(), at=AT
        )

    lecture.refresh_from_db()
    assert lecture.state == LectureState.OPEN


def test_taking_a_date_locks_the_training_before_the_date():
    run, lecture = make_run(AT), make_lecture(AT)
    own = make_chosen(run)

    with CaptureQueriesContext(connection) as asked:
        actions.take_lecture(lecture, run=run, trainees=[own], by=make_coordinator(), at=AT)

    locks = [row["sql"] for row in asked if "FOR NO KEY UPDATE" in row["sql"]]
    tables = ["events_event", "training_application", "training_practicelecture"]
    at = [next(n for n, sql in enumerate(locks) if f'FROM "{table}"' in sql) for table in tables]
    assert at == sorted(at)


def test_school_gives_the_link_and_those_who_speak_are_told():
    lecture, own = make_taken()
    school, stranger = make_member(lecture.school), make_member(lecture.run.event.organiser)

    with pytest.raises(PermissionDenied):
        actions.link_lecture(lecture, meeting_url="https://kokous.example/1", by=stranger, at=AT)
    for _n in range(2):
        linked = actions.link_lecture(
            lecture, meeting_url="https://kokous.example/1", by=school, at=AT
        )

    with pytest.raises(LectureHasBegun):
        actions.link_lecture(
            lecture, meeting_url="https://kokous.example/9", by=school, at=lecture.ends_at
        )
    linked.event.refresh_from_db()
    assert linked.meeting_url == linked.event.meeting_url == "https://kokous.example/1"
    assert kinds_to(own.person).count("events.moved") == 1


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("link_lecture", {"meeting_url": "https://kokous.example/1"}),
        ("let_lecture_go", {}),
        ("cancel_lecture", {"reason": "Koe"}),
    ],
)
def test_event_is_locked_before_its_date(act, words):
    lecture, _own = make_taken()

    with CaptureQueriesContext(connection) as asked:
        getattr(actions, act)(lecture, **words, by=make_coordinator(), at=AT)

    locks = [row["sql"] for row in asked if "FOR NO KEY UPDATE" in row["sql"]]
    tables = ["events_event", "training_practicelecture"]
    at = [next(n for n, sql in enumerate(locks) if f'FROM "{table}"' in sql) for table in tables]
    assert at == sorted(at)


def test_link_that_was_given_before_goes_along_and_there_is_none_on_site():
    given = make_lecture(AT, meeting_url="https://kokous.example/2")
    run = make_run(AT)
    own, by = make_chosen(run), make_coordinator()

    taken = actions.take_lecture(given, run=run, trainees=[own], by=by, at=AT)

    assert taken.event.meeting_url == "https://kokous.example/2"
    with pytest.raises(NotRemote):
        actions.link_lecture(
            make_lecture(AT, mode="place", where="Luokka"),
            meeting_url="https://a.example",
            by=by,
            at=AT,
        )


def test_school_is_told_when_the_event_of_the_lecture_is_moved():
    lecture, _own = make_taken()
    start = lecture.starts_at + DAY

    events.set_times(
        lecture.event,
        [events.Time(start, start + timedelta(hours=1), "")],
        by=make_coordinator(),
        at=AT,
    )

    lecture.refresh_from_db()
    assert (lecture.starts_at, lecture.ends_at) == (start, start + timedelta(hours=1))
    assert kinds_to(lecture.contact).count("training.lecture_moved") == 1


def test_date_follows_its_event_to_another_place_and_the_school_is_told_where():
    lecture, _own = make_taken()
    counter = make_coordinator()

    events.edit(lecture.event, mode="place", address="Sali 4", meeting_url="", by=counter, at=AT)

    lecture.refresh_from_db()
    assert (lecture.mode, lecture.where, lecture.meeting_url) == ("place", "Sali 4", "")
    letter = Letter.objects.get(reader=lecture.contact, kind="training.lecture_moved")
    assert "Sali 4" in letter.body
    assert "was to begin" not in letter.body
    with pytest.raises(NotRemote):
        actions.link_lecture(lecture, meeting_url="https://a.example", by=counter, at=AT)


def test_link_that_the_organiser_changes_is_the_lecture_s_and_the_school_reads_it_on_the_page():
    lecture, _own = make_taken()
    new = "https://kokous.example/toinen"

    events.edit(
        lecture.event, mode="remote", address="", meeting_url=new, by=make_coordinator(), at=AT
    )

    lecture.refresh_from_db()
    assert lecture.meeting_url == new
    letter = Letter.objects.get(reader=lecture.contact, kind="training.lecture_moved")
    assert new not in letter.body


def test_change_of_words_alone_tells_the_school_nothing():
    lecture, _own = make_taken()

    events.edit(lecture.event, title_fi="Toinen nimi", by=make_coordinator(), at=AT)

    assert kinds_to(lecture.contact).count("training.lecture_moved") == 0


def test_link_of_a_lecture_is_written_into_the_chain_of_its_event():
    lecture, _own = make_taken()
    counter = make_coordinator()

    actions.link_lecture(lecture, meeting_url="https://kokous.example/9", by=counter, at=AT)

    act = AuditEvent.objects.get(act="events.set_link")
    assert (act.actor_id, act.object_id) == (counter.pk, str(lecture.event_id))


def test_database_refuses_the_link_of_a_lecture_on_site():
    lecture = make_lecture(AT, mode="place", where="Luokka")

    with pytest.raises(IntegrityError, match="lecture_link_is_remote"), transaction.atomic():
        PracticeLecture.objects.filter(pk=lecture.pk).update(meeting_url="https://a.example")


def test_date_goes_back_when_the_last_one_who_would_speak_lets_the_place_go():
    run = make_run(AT, seats=5)
    first, second = make_chosen(run), make_chosen(run)
    holder = make_member(run.event.organiser, role=MemberRole.PRODUCER)
    lecture = actions.take_lecture(
        make_lecture(AT), run=run, trainees=[first, second], by=make_coordinator(), at=AT
    )
    places = lecture.event.sign_ups.order_by("pk")

    events.withdraw(places[0], by=first.person, at=AT)
    assert PracticeLecture.objects.get().state == LectureState.TAKEN
    events.withdraw(places[1], by=second.person, at=AT)

    freed = PracticeLecture.objects.get()
    assert (freed.state, freed.run, freed.event) == (LectureState.OPEN, None, None)
    assert sorted(kinds_to(freed.contact)) == ["training.lecture_freed", "training.lecture_taken"]
    assert kinds_to(holder)[-1] == "training.lecture_left"
    letter = Letter.objects.get(kind="training.lecture_left")
    assert first.person.name not in letter.body + letter.subject


def test_who_takes_a_date_answers_for_it_where_the_training_has_nobody_any_more():
    run, by = make_run(AT), make_coordinator()
    own = make_chosen(run)
    User.objects.filter(pk=run.event.responsible_id).update(is_active=False)
    run.event.refresh_from_db()

    lecture = actions.take_lecture(make_lecture(AT), run=run, trainees=[own], by=by, at=AT)

    assert lecture.event.responsible == by
