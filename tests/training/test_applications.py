"""An application on its way, and a second choice that is nobody's business before its turn."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.audit.models import AuditEvent
from luukku.core.duty import queue
from luukku.events import actions as events
from luukku.events.models import Audience
from luukku.events.refusals import ByInvitation, DoubleBooked, NotForYou, NotOpenYet, SignUpEnded
from luukku.events.states import EventState, SignUpState
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole
from luukku.training import actions
from luukku.training.models import Application, Barrier, Run
from luukku.training.queries import barriers_of
from luukku.training.refusals import EveryPlaceTaken, HasBegun, SameTwice, SecondNotOpen
from luukku.training.states import ApplicationState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event
from tests.factories.organisations import make_member
from tests.factories.training import make_application, make_programme, make_run

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
S = ApplicationState


def producer_of(run):
    return make_member(run.event.organiser, role=MemberRole.PRODUCER)


def state_of(application):
    return Application.objects.get(pk=application.pk).state


def kinds_to(person):
    return list(Letter.objects.filter(reader=person).order_by("pk").values_list("kind", flat=True))


def test_person_applies_once_however_often_it_is_sent():
    run, person = make_run(AT), make_person()

    first = make_application(run, person, at=AT, why="Haluan oppia.", barriers=["travel", "care"])
    again = make_application(run, person, at=AT + DAY, why="Toinen kerta.")

    assert (again, first.state, first.via) == (first, S.SENT, "desk")
    assert kinds_to(person) == ["training.received"]
    assert kinds_to(run.event.responsible) == ["training.new_application"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(
            run=run, person=person, state=S.SENT, sent_at=AT, via="desk", made_by=person, made_at=AT,
            state_changed_at=AT,
        )  # fmt: skip


def test_counter_applies_by_phone_for_who_has_no_email_and_nobody_else_does():
    run, caller, by = make_run(AT), make_person(email=""), make_coordinator()

    own = actions.apply(run, by=by, on_behalf_of=caller, at=AT, barriers=["equipment"])

    assert (own.person, own.via, own.made_by) == (caller, "counter", by)
    assert Letter.objects.get(reader=caller).channel == "paper"
    with pytest.raises(PermissionDenied):
        actions.apply(run, by=make_person(), on_behalf_of=caller, at=AT)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"state": EventState.CLOSED}, WrongState),
        ({"state": EventState.CANCELLED}, WrongState),
        ({"opens_at": AT + DAY}, NotOpenYet),
        ({"closes_at": AT}, SignUpEnded),
        ({"starts_at": AT - DAY}, SignUpEnded),
        ({"audience": Audience.EXPERTS}, NotForYou),
        ({"audience": Audience.INVITED}, ByInvitation),
    ],
)
def test_application_that_cannot_be_taken_is_refused_in_words(fields, refusal):
    run = make_run(AT, **fields)

    with pytest.raises(refusal):
        make_application(run, at=AT)

    assert not Application.objects.exists()


def test_second_choice_waits_unseen_and_goes_on_when_the_first_says_no():
    first, second = make_run(AT), make_run(AT, programme=make_programme(AT, state="agreed"))
    mine, theirs = producer_of(first), producer_of(second)

    own = make_application(first, at=AT, second=second)
    kept = Application.objects.get(run=second)

    assert kept.state == S.KEPT
    assert (
        own in Application.objects.visible_to(mine),
        kept in Application.objects.visible_to(mine),
    ) == (True, False)
    assert not Application.objects.visible_to(theirs).exists()
    assert not theirs.has_perm("training.view_application", kept)
    assert kinds_to(second.event.responsible) == []

    actions.turn_down(own, words="Ryhmä oli jo täynnä.", by=mine, at=AT + 3 * DAY)

    kept.refresh_from_db()
    assert AuditEvent.objects.filter(act="training.pass_on", object_id=str(kept.pk)).exists()
    assert (kept.state, kept.sent_at) == (S.SENT, AT + 3 * DAY)
    assert set(Application.objects.visible_to(theirs)) == {kept}
    assert set(Application.objects.visible_to(mine)) == {own}
    letter = Letter.objects.get(reader=own.person, kind="training.not_chosen")
    assert "Ryhmä oli jo täynnä." in letter.body
    assert kinds_to(theirs) == ["training.new_application"]


def test_second_choice_ends_when_the_first_is_got_and_goes_on_when_it_is_withdrawn():
    first, second = make_run(AT), make_run(AT)
    chosen = make_application(first, at=AT, second=second)
    left = make_application(first, at=AT, second=second)

    actions.choose(chosen, by=producer_of(first), at=AT)
    actions.withdraw(left, by=left.person, at=AT)

    assert state_of(chosen.second) == S.WITHDRAWN
    assert state_of(left.second) == S.SENT


def test_second_choice_whose_training_has_begun_meanwhile_ends():
    first, second = make_run(AT, starts_at=AT + 20 * DAY), make_run(AT, starts_at=AT + DAY)
    own = make_application(first, at=AT, second=second)

    actions.turn_down(own, words="Ei.", by=make_coordinator(), at=AT + 2 * DAY)

    assert state_of(own.second) == S.WITHDRAWN


def test_second_choice_must_be_another_one_that_is_open():
    run = make_run(AT)

    with pytest.raises(SameTwice):
        make_application(run, at=AT, second=run)
    with pytest.raises(SecondNotOpen):
        make_application(run, at=AT, second=make_run(AT, closes_at=AT))


def test_chosen_one_gets_a_place_in_the_event_or_nothing_happens():
    run = make_run(AT, seats=1)
    own, other = make_application(run, at=AT), make_application(run, at=AT)
    by = producer_of(run)

    actions.choose(own, by=by, at=AT + 2 * DAY)

    own.refresh_from_db()
    assert (own.state, own.days_waited(AT.date())) == (S.CHOSEN, 2)
    assert run.event.sign_ups.get().state == SignUpState.CONFIRMED
    assert kinds_to(own.person) == ["training.received", "events.confirmed"]
    with pytest.raises(EveryPlaceTaken):
        actions.choose(other, by=by, at=AT)
    assert (state_of(other), run.event.sign_ups.count()) == (S.SENT, 1)


def test_chosen_one_who_is_elsewhere_at_the_time_gets_no_place():
    run = make_run(AT)
    own = make_application(run, at=AT)
    other = make_event(AT, starts_at=run.event.starts_at)
    events.sign_up(other, by=own.person, at=AT)

    with pytest.raises(DoubleBooked):
        actions.choose(own, by=make_coordinator(), at=AT)

    assert state_of(own) == S.SENT


def test_interview_can_be_moved_and_is_told_each_time():
    own = make_application(at=AT)
    by = producer_of(own.run)

    actions.invite(own, interview_at=AT + DAY, where="Puhelin", by=by, at=AT)
    actions.invite(own, interview_at=AT + 2 * DAY, where="Pori", by=by, at=AT + DAY)

    own.refresh_from_db()
    assert (own.state, own.interview_where) == (S.INTERVIEW, "Pori")
    assert kinds_to(own.person) == ["training.received", "training.interview", "training.interview"]


ACTS = {
    "invite": {"interview_at": AT, "where": ""},
    "choose": {},
    "turn_down": {"words": "Ei."},
}


@pytest.mark.parametrize("act", ACTS)
def test_only_the_producer_of_the_run_and_the_counter_answer_and_nobody_their_own(act):
    own, other = make_application(at=AT), make_run(AT)
    answer = getattr(actions, act)
    member = producer_of(own.run)
    mine = make_application(own.run, member, at=AT)

    for by, what in (
        (own.person, own), (producer_of(other), own), (make_person(), own), (member, mine),
        (make_member(own.run.event.organiser, role=MemberRole.BACKGROUND), own),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            answer(what, by=by, at=AT, **ACTS[act])

    answer(own, by=member, at=AT, **ACTS[act])
    assert state_of(own) != S.SENT


def test_withdrawing_lets_the_place_go_and_letting_the_place_go_withdraws():
    run, by = make_run(AT), make_coordinator()
    one, other = (actions.choose(make_application(run, at=AT), by=by, at=AT) for _n in range(2))

    actions.withdraw(one, by=one.person, at=AT)
    events.withdraw(run.event.sign_ups.get(person=other.person), by=other.person, at=AT)

    assert (state_of(one), state_of(other)) == (S.WITHDRAWN, S.WITHDRAWN)
    assert not run.event.sign_ups.confirmed().exists()
    with pytest.raises(WrongState):
        actions.withdraw(one, by=one.person, at=AT)


def test_withdrawn_one_can_apply_again():
    run, person = make_run(AT), make_person()
    first = make_application(run, person, at=AT)
    actions.withdraw(first, by=person, at=AT)

    again = make_application(run, person, at=AT)

    assert (again.pk != first.pk, again.state) == (True, S.SENT)


def test_who_takes_part_stops_instead_of_withdrawing():
    run = make_run(AT)
    own = actions.choose(make_application(run, at=AT), by=make_coordinator(), at=AT)

    with pytest.raises(HasBegun):
        actions.withdraw(own, by=own.person, at=run.event.starts_at)


def test_training_that_is_called_off_ends_applications_and_second_choices_go_on():
    run, other, by = make_run(AT), make_run(AT), make_coordinator()
    waiting = make_application(run, at=AT, second=other)
    chosen = actions.choose(make_application(run, at=AT), by=by, at=AT)

    events.cancel(run.event, by=by, at=AT)

    assert [state_of(one) for one in (waiting, chosen, waiting.second)] == [
        S.CALLED_OFF, S.CALLED_OFF, S.SENT,
    ]  # fmt: skip
    assert AuditEvent.objects.filter(act="training.call_off").count() == 2
    assert kinds_to(waiting.person)[-1] == "training.not_held"
    assert kinds_to(chosen.person)[-1] == "events.cancelled"


def test_closed_account_waits_for_no_answer():
    run, other, person = make_run(AT), make_run(AT), make_person()
    own = make_application(run, person, at=AT, second=other)

    actions.leave_applications(person, by=make_coordinator(), at=AT)

    assert [state_of(own), state_of(own.second)] == [S.WITHDRAWN, S.WITHDRAWN]
    own.second.refresh_from_db()
    assert own.second.sent_at is None  # its producer never knew


def test_who_applies_to_a_second_choice_after_all_is_seen_at_once():
    run, other, person = make_run(AT), make_run(AT), make_person()
    second = make_application(run, person, at=AT, second=other).second

    own = actions.apply(other, by=person, why="Nyt tänne.", at=AT)

    second.refresh_from_db()
    assert (own.pk, second.state, second.sent_at, second.why) == (
        second.pk,
        S.SENT,
        AT,
        "Nyt tänne.",
    )


def test_barriers_are_counted_by_person():
    run, person = make_run(AT), make_person()
    make_application(run, person, at=AT, barriers=["travel", "care"])
    make_application(make_run(AT), person, at=AT, barriers=["travel"])
    make_application(run, at=AT, barriers=["travel"])

    assert barriers_of(Application.objects.all()) == [(Barrier.TRAVEL, 2), (Barrier.CARE, 1)]


def test_unanswered_application_waits_in_the_queue_and_an_answered_one_does_not():
    own = make_application(at=AT)

    assert [(one.kind, one.key) for one in queue(at=AT, kind="application")] == [
        ("application", own.pk)
    ]
    actions.turn_down(own, words="Ei.", by=make_coordinator(), at=AT)
    assert queue(at=AT, kind="application") == []


@pytest.mark.parametrize(
    "who", ["own", "producer", "other producer", "counter", "steering", "stranger"]
)
def test_list_and_rule_agree_on_who_sees_an_application(who):
    run, second = make_run(AT), make_run(AT)
    own = make_application(run, at=AT, second=second)
    user = {
        "own": lambda: own.person,
        "producer": lambda: producer_of(run),
        "other producer": lambda: producer_of(second),
        "counter": make_coordinator,
        "steering": lambda: make_person(roles=["steering"]),
        "stranger": make_person,
    }[who]()

    listed = set(Application.objects.visible_to(user))
    ruled = {
        one for one in Application.objects.all() if user.has_perm("training.view_application", one)
    }

    assert listed == ruled
    assert len(listed) == {"own": 2, "producer": 1, "counter": 2}.get(who, 0)


def test_another_time_for_the_interview_takes_the_place_of_the_first_one():
    person = make_person(email="")
    own, by = make_application(person=person, at=AT), make_coordinator()
    actions.invite(own, interview_at=AT + timedelta(days=3), where="Pori", by=by, at=AT)
    later = AT + timedelta(days=4)

    actions.invite(own, interview_at=later, where="Pori", by=by, at=AT + timedelta(hours=1))

    told = Letter.objects.filter(reader=person, channel="paper", kind__startswith="training.")
    assert [(one.kind, one.expires_at) for one in told] == [("training.interview", later)]


def test_who_applied_reads_why_a_training_is_not_held():
    own = make_application(at=AT)

    events.cancel(own.run.event, reason="Kouluttaja sairastui.", by=make_coordinator(), at=AT)

    letter = Letter.objects.get(reader=own.person, kind="training.not_held")
    assert "Kouluttaja sairastui." in letter.body


def test_nobody_applies_to_a_training_that_has_begun_whatever_its_last_day():
    run, later = make_run(AT, closes_at=AT + 200 * DAY), make_run(AT)
    begun = run.event.starts_at

    with pytest.raises(SignUpEnded):
        make_application(run, at=begun)

    assert (run in Run.objects.taking(begun - DAY), run in Run.objects.taking(begun)) == (
        True,
        False,
    )
    assert later in Run.objects.taking(begun - DAY)
