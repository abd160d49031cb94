"""Pages of practice lectures: the school's, the producer's, the trainee's and the counter's."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.events.models import Event
from luukku.events.states import EventState
from luukku.organisations.models import MemberRole, Task
from luukku.training import actions
from luukku.training.models import LectureFeedback, PracticeLecture
from luukku.training.states import LectureState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_application, make_lecture, make_run
from tests.markup import flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timedelta(days=1)
OFFERED = 7  # queries of the list of offered dates


def url(name, *args):
    return reverse(name, args=args)


def desk_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


def offered(**changes):
    day = (timezone.now() + 20 * DAY).date()
    return sent(
        day=str(day), starts="10:00", ends="12:00", subject="Lähihoitajat", group_size=25, mode="remote"
    ) | changes  # fmt: skip


def make_taken(began=None):
    """A date taken ten days before it: (lecture, who speaks)."""
    at = began or timezone.now()
    run = make_run(at, seats=5)
    own = actions.choose(make_application(run, at=at), by=make_coordinator(), at=at)
    lecture = make_lecture(at)
    taken = actions.take_lecture(lecture, run=run, trainees=[own], by=make_coordinator(), at=at)
    return taken, own


def test_school_offers_a_date_and_reads_its_own_only():
    school = make_organisation()
    desk = desk_of(make_member(school))
    other = make_lecture(timezone.now())

    assert url("orderer:lectures") in desk.get(url("orderer:desk")).content.decode()
    answer = desk.post(url("orderer:lecture-new"), offered())

    made = PracticeLecture.objects.get(school=school)
    assert answer.url == url("orderer:lecture", made.pk)
    listed = desk.get(url("orderer:lectures")).content.decode()
    assert url("orderer:lecture", made.pk) in listed
    assert url("orderer:lecture", other.pk) not in listed
    assert desk.get(url("orderer:lecture", other.pk)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "2020-01-01"}, "day"),
        ({"ends": "09:00"}, "ends"),
        ({"mode": "place", "where": ""}, "where"),
        ({"group_size": 0}, "group_size"),
        ({"subject": ""}, "subject"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_stays_typed(changes, field):
    desk = desk_of(make_member())

    answer = desk.post(url("orderer:lecture-new"), offered(**changes))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert answer.context["form"]["starts"].value() == "10:00"
    assert not PracticeLecture.objects.exists()


def test_producer_takes_a_date_with_who_speaks():
    at = timezone.now()
    run = make_run(at)
    own = actions.choose(make_application(run, at=at), by=make_coordinator(), at=at)
    lecture = make_lecture(at)
    desk = desk_of(make_member(run.event.organiser, role=MemberRole.PRODUCER))

    assert (
        url("orderer:run-lecture", run.pk) in desk.get(url("orderer:run", run.pk)).content.decode()
    )
    bad = desk.post(url("orderer:run-lecture", run.pk), sent(lecture=lecture.pk))
    answer = desk.post(
        url("orderer:run-lecture", run.pk), sent(lecture=lecture.pk, trainees=[own.pk])
    )

    assert (bad.status_code, "trainees" in bad.context["form"].errors) == (422, True)
    assert answer.url == url("orderer:run", run.pk)
    assert url("orderer:lecture", lecture.pk) in desk.get(answer.url).content.decode()
    lecture.refresh_from_db()
    assert lecture.state == LectureState.TAKEN


def test_date_that_somebody_else_has_taken_is_said_kindly():
    at = timezone.now()
    run, other = make_run(at), make_run(at)
    by = make_coordinator()
    own, theirs = (
        actions.choose(make_application(one, at=at), by=by, at=at) for one in (run, other)
    )
    lecture = make_lecture(at)
    desk = desk_of(make_member(run.event.organiser, role=MemberRole.PRODUCER))
    desk.get(url("orderer:run-lecture", run.pk))
    actions.take_lecture(lecture, run=other, trainees=[theirs], by=by, at=at)

    answer = desk.post(
        url("orderer:run-lecture", run.pk), sent(lecture=lecture.pk, trainees=[own.pk])
    )

    assert answer.status_code == 422


def test_another_producer_reaches_neither_the_training_nor_its_lecture():
    lecture, _own = make_taken()
    desk = desk_of(make_member(make_organisation(), role=MemberRole.PRODUCER))

    for name, pk in (
        ("run-lecture", lecture.run_id), ("lecture", lecture.pk), ("lecture-let-go", lecture.pk)
    ):  # fmt: skip
        assert desk.get(url(f"orderer:{name}", pk)).status_code == 404


def test_school_cancels_with_a_reason_after_being_asked():
    lecture, _own = make_taken()
    desk = desk_of(make_member(lecture.school))
    there = url("orderer:lecture-cancel", lecture.pk)

    assert desk.get(there).status_code == 200
    assert desk.post(there, sent(reason="")).status_code == 422
    answer = desk.post(there, sent(reason="Koeviikko"))

    lecture.refresh_from_db()
    assert answer.url == url("orderer:lecture", lecture.pk)
    assert lecture.state == LectureState.CANCELLED
    assert desk.post(there, sent(reason="Koeviikko")).status_code == 303


def test_producer_gives_a_date_back():
    lecture, _own = make_taken()
    desk = desk_of(make_member(lecture.run.event.organiser, role=MemberRole.PRODUCER))
    home = url("orderer:run", lecture.run_id)

    answer = desk.post(url("orderer:lecture-let-go", lecture.pk), sent(reason="Sairaus"))

    lecture.refresh_from_db()
    assert (answer.url, lecture.state) == (home, LectureState.OPEN)


def test_school_counts_and_tells_and_who_spoke_tells_too():
    lecture, own = make_taken(timezone.now() - 11 * DAY)
    desk, trainee = desk_of(make_member(lecture.school)), desk_of(own.person)

    desk.post(url("orderer:lecture-count", lecture.pk), sent(students=24))
    desk.post(url("orderer:lecture-think", lecture.pk), sent(well=4))
    assert (
        url("public:lecture", lecture.pk)
        in trainee.get(url("public:application", own.pk)).content.decode()
    )
    answer = trainee.post(url("public:lecture", lecture.pk), sent(well=5, words="Jännitti"))

    lecture.refresh_from_db()
    assert (lecture.students_present, answer.url) == (24, url("public:lecture", lecture.pk))
    assert sorted(LectureFeedback.objects.values_list("side", "well")) == [
        ("school", 4), ("trainee", 5),
    ]  # fmt: skip


def test_nobody_tells_before_the_lecture_and_a_stranger_never_sees_it():
    lecture, own = make_taken()
    trainee = desk_of(own.person)

    page = trainee.get(url("public:lecture", lecture.pk))
    answer = trainee.post(url("public:lecture", lecture.pk), sent(well=5))

    assert page.context["form"] is None
    assert answer.status_code == 303
    assert not LectureFeedback.objects.exists()
    assert desk_of(make_person()).get(url("public:lecture", lecture.pk)).status_code == 404


def test_counter_offers_counts_and_reads_for_who_calls():
    counter = desk_of(make_coordinator())
    school = make_organisation()
    lecture, own = make_taken(timezone.now() - 11 * DAY)
    actions.think_of_lecture(lecture, well=2, words="Kiire", by=own.person, at=timezone.now())

    answer = counter.post(url("counter:lecture-new", school.pk), offered())
    counter.post(url("counter:lecture-count", lecture.pk), sent(students=3))

    lecture.refresh_from_db()
    assert answer.url == url("counter:organisation", school.pk)
    assert school.practice_lectures.count() == 1
    assert lecture.students_present == 3
    assert "Kiire" in counter.get(url("counter:run", lecture.run_id)).content.decode()


def test_counter_takes_a_date_for_a_producer_that_calls():
    at, by = timezone.now(), make_coordinator()
    run, lecture, desk = make_run(at), make_lecture(at), desk_of(by)
    own = actions.choose(make_application(run, at=at), by=by, at=at)
    page = url("counter:run-lecture", run.pk)

    assert page in desk.get(url("counter:run", run.pk)).content.decode()
    assert desk.get(page).status_code == 200
    answer = desk.post(page, sent(lecture=lecture.pk, trainees=[own.pk]))

    lecture.refresh_from_db()
    assert (answer.url, lecture.state, lecture.run) == (url("counter:run", run.pk), "taken", run)


def test_link_is_seen_by_the_school_and_who_speaks_only():
    lecture, own = make_taken()
    link, school = "https://kokous.example/7", desk_of(make_member(lecture.school))
    page = url("orderer:lecture-link", lecture.pk)
    here = url("orderer:lecture", lecture.pk)
    producer = desk_of(make_member(lecture.run.event.organiser, role=MemberRole.PRODUCER))
    assert page in school.get(here).content.decode()
    assert school.post(page, sent(meeting_url="ei linkki")).status_code == 422

    assert school.post(page, sent(meeting_url=link)).url == here

    assert link in school.get(here).content.decode()
    assert link in desk_of(own.person).get(url("public:lecture", lecture.pk)).content.decode()
    assert link not in producer.get(here).content.decode()
    assert producer.get(page).status_code == 404


def test_counter_writes_down_the_link_that_a_school_tells():
    lecture, _own = make_taken()
    desk = desk_of(make_coordinator())
    page = url("counter:lecture-link", lecture.pk)
    assert page in desk.get(url("counter:run", lecture.run_id)).content.decode()

    desk.post(page, sent(meeting_url="https://kokous.example/8"))

    lecture.refresh_from_db()
    assert lecture.meeting_url == "https://kokous.example/8"


def test_school_still_tells_how_it_went_after_counting_and_its_way_back_is_its_own():
    lecture, _own = make_taken(timezone.now() - 11 * DAY)
    desk, here = desk_of(make_member(lecture.school)), url("orderer:lecture", lecture.pk)
    desk.post(url("orderer:lecture-count", lecture.pk), sent(students=24))

    page = flat(desk.get(here))

    assert url("orderer:lecture-think", lecture.pk) in page
    assert url("orderer:lectures") in page
    assert url("orderer:runs") not in page


@pytest.mark.parametrize("who", ["school", "producer", "counter"])
def test_wrong_number_is_corrected_on_the_page_where_it_was_counted(who):
    lecture, _own = make_taken(timezone.now() - 11 * DAY)
    by = make_coordinator()
    actions.count_students(lecture, students=0, by=by, at=timezone.now())
    user = {
        "school": make_member(lecture.school),
        "producer": make_member(lecture.run.event.organiser, role=MemberRole.PRODUCER),
        "counter": by,
    }[who]
    desk, room = desk_of(user), "counter" if who == "counter" else "orderer"
    there = url(f"{room}:lecture-count", lecture.pk)
    home = url("counter:run", lecture.run_id) if who == "counter" else url("orderer:lecture", lecture.pk)  # fmt: skip

    assert there in desk.get(home).content.decode()
    form = desk.get(there).context["form"]
    desk.post(there, sent(students=24, version=form["version"].value()))

    lecture.refresh_from_db()
    assert (form["students"].value(), lecture.students_present) == (0, 24)


def test_who_counts_second_is_asked_whose_number_stays():
    lecture, _own = make_taken(timezone.now() - 11 * DAY)
    desk, there = desk_of(make_member(lecture.school)), url("orderer:lecture-count", lecture.pk)
    version = desk.get(there).context["form"]["version"].value()
    actions.count_students(lecture, students=22, by=make_coordinator(), at=timezone.now())

    answer = desk.post(there, sent(students=24, version=version))

    lecture.refresh_from_db()
    assert (answer.status_code, lecture.students_present) == (422, 22)


def test_cancelling_is_refused_at_once_to_who_may_not():
    lecture, _own = make_taken()
    producer = desk_of(make_member(lecture.run.event.organiser, role=MemberRole.PRODUCER))

    assert producer.get(url("orderer:lecture-cancel", lecture.pk)).status_code == 403


def test_desk_and_list_of_the_school_ask_for_the_number_until_it_is_there():
    lecture, _own = make_taken(timezone.now() - 11 * DAY)
    desk, there = desk_of(make_member(lecture.school)), url("orderer:lecture-count", lecture.pk)
    pages = (url("orderer:desk"), url("orderer:lectures"))

    before = [there in desk.get(page).content.decode() for page in pages]
    desk.post(there, sent(students=24))

    assert before == [True, True]
    assert [there in desk.get(page).content.decode() for page in pages] == [False, False]


def test_producer_is_led_from_a_free_date_to_an_own_training():
    at = timezone.now()
    lecture, run = make_lecture(at), make_run(at)
    here = url("orderer:lecture", lecture.pk)
    desk = desk_of(make_member(run.event.organiser, role=MemberRole.PRODUCER))
    other = desk_of(make_member(role=MemberRole.PRODUCER))

    assert url("orderer:run-lecture", run.pk) in desk.get(here).content.decode()
    assert "First you need a training of your own." in flat(other.get(f"/en/orderer/lectures/{lecture.pk}/"))  # fmt: skip


def test_second_visit_shows_what_one_told():
    lecture, own = make_taken(timezone.now() - 11 * DAY)
    trainee, here = desk_of(own.person), f"/en/lectures/{lecture.pk}/"
    trainee.post(here, sent(well=2, words="Jännitti"))

    page = flat(trainee.get(here))

    assert "Jännitti" in page
    assert 'value="2" id="id_well_1" checked' in page
    assert "You told this on" in page
    assert "1 poorly" in page


def test_page_of_a_cancelled_lecture_offers_nothing_more():
    lecture, own = make_taken()
    trainee, here = desk_of(own.person), url("public:lecture", lecture.pk)
    event = url("public:event", lecture.event_id)

    before = event in trainee.get(here).content.decode()
    actions.cancel_lecture(lecture, reason="Koe", by=make_coordinator(), at=timezone.now())
    after = trainee.get(here)

    assert before
    assert event not in after.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_who_trains_sees_the_dates_offered_before_having_a_training(
    number, django_assert_num_queries
):
    producer = make_member(
        make_organisation("Kouluttaja", tasks=[Task.TRAINS]), role=MemberRole.PRODUCER
    )
    for _n in range(number):
        lecture = make_lecture(timezone.now())
    desk, school = desk_of(producer), desk_of(make_member(lecture.school))
    assert url("orderer:lectures-offered") in desk.get(url("orderer:runs")).content.decode()

    with django_assert_num_queries(OFFERED):
        page = desk.get(url("orderer:lectures-offered")).content.decode()

    assert page.count(lecture.subject) == number
    assert url("orderer:lecture", lecture.pk) in page
    assert url("orderer:programmes") in page
    assert school.get(url("orderer:lectures-offered")).status_code == 403


@pytest.mark.parametrize("is_offered", [False, True])
def test_training_that_has_been_held_takes_a_date_while_somebody_is_still_in_it(is_offered):
    now = timezone.now()
    run = make_run(now)
    if is_offered:
        actions.choose(make_application(run), by=make_coordinator(), at=now)
    Event.objects.filter(pk=run.event_id).update(state=EventState.HELD)
    desk = desk_of(make_member(run.event.organiser, role=MemberRole.PRODUCER))

    page = desk.get(url("orderer:lecture", make_lecture(now).pk)).content.decode()

    assert (url("orderer:run-lecture", run.pk) in page) == is_offered
    assert ("First you need a training of your own." in page) != is_offered
