"""How a training ends for who takes part: it is completed after the last session, or stopped with the hours kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.core.duty import queue
from luukku.events import actions as events
from luukku.events.models import Presence
from luukku.experts.models import CompletedTraining, Expert, FurtherKind, TrainingKind
from luukku.experts.states import ExpertState
from luukku.matching.queries import match
from luukku.organisations.models import MemberRole
from luukku.training import actions
from luukku.training.queries import hours_suggested
from luukku.training.refusals import HoursMissing, NotBegunYet, NotOver, OverAlready
from luukku.training.states import ApplicationState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member
from tests.factories.training import make_application, make_programme, make_run

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
TOPICS = {"digital": (240, 60)}
S = ApplicationState


def digital(**more):
    return make_programme(
        AT, state="agreed", topics=TOPICS, kind=TrainingKind.FURTHER, further_kind=FurtherKind.DIGITAL,
        title_fi="Digitaidot", validity_months=24, **more,
    )  # fmt: skip


def chosen(person=None, **event):
    """Somebody with a place in a run of two sessions of two hours, a week apart."""
    run = make_run(AT, programme=digital(), sessions=2, **event)
    own = make_application(run, person or make_person(), at=AT)
    return actions.choose(own, by=make_coordinator(), at=AT)


def over(application):
    return application.run.event.ends_at + timedelta(hours=1)


def mark(application, *presences):
    event = application.run.event
    sign_up = event.sign_ups.get(person=application.person)
    for session, presence in zip(event.sessions.all(), presences, strict=False):
        events.check_in(session, {sign_up.pk: presence}, by=make_coordinator(), at=session.ends_at)


def test_completed_training_is_seen_dated_and_in_the_record_of_a_new_expert():
    own, by = chosen(), make_coordinator()

    actions.complete(own, contact_minutes=240, own_minutes=60, by=by, at=over(own))

    training = CompletedTraining.objects.get()
    own.refresh_from_db()
    assert (own.state, own.training) == (S.COMPLETED, training)
    assert training.expert == Expert.objects.get(user=own.person, state=ExpertState.DRAFT)
    assert (training.kind, training.further_kind, training.hours, training.run_code) == (
        "further", "digital", 5, own.run.code,
    )  # fmt: skip
    assert (training.completed_on, training.valid_until) == (date(2027, 1, 7), date(2029, 1, 7))
    assert training in CompletedTraining.objects.counting(date(2027, 1, 8))


def test_completing_lets_matching_find_the_expert_for_an_order_that_asks_for_it():
    expert = make_expert(at=AT)
    own = chosen(expert.user)
    order = make_search(over(own), needs_further_training=True, further_kind=FurtherKind.DIGITAL)
    before = [one.expert_id for one in match(order, at=over(own)).candidates]

    actions.complete(own, contact_minutes=240, own_minutes=60, by=make_coordinator(), at=over(own))

    after = [one.expert_id for one in match(order, at=over(own)).candidates]
    assert (before, after) == ([], [expert.pk])


def test_nobody_completes_before_the_last_session_has_ended():
    own, by = chosen(), make_coordinator()

    with pytest.raises(NotOver):
        actions.complete(
            own, contact_minutes=240, own_minutes=60, by=by, at=own.run.event.ends_at - timedelta(seconds=1)
        )  # fmt: skip

    assert not CompletedTraining.objects.exists()


def test_too_few_hours_count_only_with_a_reason():
    own, by = chosen(), make_coordinator()
    few = {"contact_minutes": 191, "own_minutes": 0, "by": by, "at": over(own)}

    with pytest.raises(HoursMissing):
        actions.complete(own, **few)
    actions.complete(own, exemption="Korvaava tehtävä.", **few)

    own.refresh_from_db()
    assert (own.state, own.exemption) == (S.COMPLETED, "Korvaava tehtävä.")


def test_four_fifths_of_the_hours_are_enough():
    own = chosen()

    actions.complete(own, contact_minutes=192, own_minutes=0, by=make_coordinator(), at=over(own))

    assert CompletedTraining.objects.exists()


@pytest.mark.parametrize(
    ("marks", "hours"),
    [
        ((), (240, 60)),  # nobody has marked who came
        ((Presence.HERE, Presence.HERE), (240, 60)),
        ((Presence.HERE, Presence.AWAY), (120, 60)),
        ((Presence.EXCUSED, Presence.AWAY), (0, 0)),
    ],
)
def test_hours_are_suggested_by_the_marks_of_attendance(marks, hours):
    own = chosen()
    mark(own, *marks)

    assert hours_suggested(own) == hours


def test_who_stops_keeps_the_hours_and_gets_no_training():
    own = chosen()
    first = own.run.event.sessions.first()
    mark(own, Presence.HERE)

    actions.stop(own, by=own.person, at=first.ends_at + timedelta(days=1), reason="work")

    own.refresh_from_db()
    assert (own.state, own.stop_reason, own.contact_minutes, own.own_minutes) == (
        S.STOPPED,
        "work",
        120,
        60,
    )
    assert not own.run.event.sign_ups.confirmed().exists()
    assert not CompletedTraining.objects.exists()
    with pytest.raises(WrongState):
        actions.complete(
            own, contact_minutes=240, own_minutes=60, by=make_coordinator(), at=over(own)
        )


def test_letting_the_place_go_after_the_start_is_stopping():
    own = chosen()
    mark(own, Presence.HERE)
    at = own.run.event.sessions.first().ends_at

    events.withdraw(own.run.event.sign_ups.get(), by=own.person, at=at)

    own.refresh_from_db()
    assert (own.state, own.stop_reason, own.contact_minutes) == (S.STOPPED, "untold", 120)


def test_stopping_where_nobody_has_marked_makes_no_hours_up():
    own = chosen()
    first = own.run.event.sessions.first()

    actions.stop(own, by=own.person, at=first.ends_at)

    own.refresh_from_db()
    assert (own.contact_minutes, own.own_minutes) == (0, 0)


def test_nobody_is_chosen_for_a_training_that_is_over():
    own = make_application(make_run(AT), at=AT)

    with pytest.raises(OverAlready):
        actions.choose(own, by=make_coordinator(), at=own.run.event.ends_at)


def test_nobody_stops_what_has_not_begun():
    own = chosen()

    with pytest.raises(NotBegunYet):
        actions.stop(own, by=own.person, at=AT)


def test_run_stays_on_its_version_when_the_programme_changes():
    own, by = chosen(), make_coordinator()
    first = own.run.programme
    second = actions.renew(first, by=by, at=AT)
    actions.edit(second, by=by, at=AT, minutes={}, title_fi="Uusi nimi", validity_months=6)
    topic = first.topics.first().topic
    actions.edit(second, by=by, at=AT, minutes={topic: (600, 0)})
    actions.agree(actions.share(second, by=by, at=AT), decision="Kokous", by=by, at=AT)

    actions.complete(own, contact_minutes=240, own_minutes=60, by=by, at=over(own))

    training = CompletedTraining.objects.get()
    own.run.refresh_from_db()
    assert (own.run.programme.version, own.run.programme.state) == (1, "retired")
    assert (training.name, training.valid_until) == ("Digitaidot", date(2029, 1, 7))


def test_producer_of_the_run_completes_and_nobody_else_does():
    own = chosen()
    whole = {"contact_minutes": 240, "own_minutes": 60, "at": over(own)}

    for by in (
        own.person,
        make_person(),
        make_member(make_run(AT).event.organiser, role=MemberRole.PRODUCER),
    ):
        with pytest.raises(PermissionDenied):
            actions.complete(own, by=by, **whole)
    actions.complete(
        own, by=make_member(own.run.event.organiser, role=MemberRole.PRODUCER), **whole
    )

    assert CompletedTraining.objects.get().verified_at == over(own)


def test_who_took_part_waits_in_the_queue_until_somebody_says_how_it_ended():
    own = chosen()

    assert queue(at=own.run.event.ends_at - timedelta(hours=1), kind="completion") == []
    assert [one.key for one in queue(at=over(own), kind="completion")] == [own.pk]
    actions.stop(own, by=make_coordinator(), at=over(own))
    assert queue(at=over(own), kind="completion") == []


def test_a_year_later_only_what_was_done_is_kept():
    done, by = chosen(), make_coordinator()
    refused = make_application(done.run, at=AT, why="Syy.")
    actions.turn_down(refused, words="Ei.", by=by, at=AT)
    done.why, done.barriers = "Minulla on syy.", ["care"]
    done.save()
    actions.complete(done, contact_minutes=240, own_minutes=60, by=by, at=over(done))
    end = done.run.event.ends_at

    early = actions.forget_applications(at=end + timedelta(days=364))
    late = actions.forget_applications(at=end + timedelta(days=366))

    done.refresh_from_db()
    assert (early, late, actions.forget_applications(at=end + timedelta(days=400))) == (0, 2, 0)
    assert (done.why, done.barriers, done.contact_minutes) == ("", [], 240)
    assert not type(done).objects.filter(pk=refused.pk).exists()


@pytest.mark.parametrize(("minutes", "hours"), [(0, None), (29, None), (30, 1), (90, 2), (150, 3)])
def test_record_says_the_hours_half_an_hour_up_and_none_where_there_are_none(minutes, hours):
    own = chosen()

    actions.complete(
        own, contact_minutes=minutes, own_minutes=0, exemption="Osasi jo.", by=make_coordinator(),
        at=over(own),
    )  # fmt: skip

    assert CompletedTraining.objects.get().hours == hours


def test_interview_that_was_not_held_before_the_answer_is_not_told_of():
    at, by = datetime.now(UTC), make_coordinator()
    own = actions.invite(
        make_application(), interview_at=at + timedelta(days=3), where="Pori", by=by, at=at
    )
    assert own.is_met

    own = actions.turn_down(own, words="Täynnä", by=by, at=at + timedelta(days=1))

    assert not own.is_met
