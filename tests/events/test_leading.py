"""Experts of the steering group arrange peer meetings; nobody else may, and they read nobody's answers."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.events import actions
from luukku.events.models import Audience, Event, Kind
from luukku.events.refusals import CannotAnswerFor, NoCounterYet
from luukku.events.states import EventState
from luukku.experts.states import ExpertState
from luukku.organisations.models import Task
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
LEADS = ("view", "edit", "ask", "repeat", "set_times", "publish", "cancel", "see_first_names")
LEADS_NOT = ("put_on", "check_in", "hand_over", "close", "run_anyway")


def leader(at, **fields):
    return make_expert(at=at, user=make_steering(), **fields).user


def meeting(at, by, **fields):
    kept = {"kind": Kind.PEER, "audience": Audience.EXPERTS, "responsible": by}
    return make_event(at, **kept | fields)


def rights(user, event):
    return {name for name in (*LEADS, *LEADS_NOT) if user.has_perm(f"events.{name}", event)}


def test_expert_of_the_steering_group_arranges_a_peer_meeting(at):
    one, here = leader(at), make_organisation(at=at)

    made = actions.make(
        here, kind=Kind.PEER, title_fi="V", seats=8, mode="place", address="K", by=one, at=at
    )
    start = at + 20 * A_DAY
    actions.set_times(made, [actions.Time(start, start + A_DAY / 12, "")], by=one, at=at)
    actions.publish(made, by=one, at=at)

    assert Event.objects.get().state == EventState.PUBLISHED
    assert rights(one, made) == set(LEADS)
    assert list(Event.objects.led_by(one)) == [made]


@pytest.mark.parametrize(
    "who",
    [
        make_steering,
        lambda: make_expert().user,
        lambda: make_expert(user=make_steering(), state=ExpertState.LEFT).user,
        make_person,
    ],
)
def test_nobody_else_does(at, who):
    one, here = who(), make_organisation(at=at)
    event = meeting(at, one, state=EventState.DRAFT)

    with pytest.raises(PermissionDenied):
        actions.make(here, kind=Kind.PEER, title_fi="V", seats=8, by=one, at=at)
    assert rights(one, event) == set()
    assert not Event.objects.visible_to(one).exists()
    assert not Event.objects.led_by(one).exists()


@pytest.mark.parametrize("fields", [{"kind": Kind.INFO}, {"responsible": None}])
def test_leader_keeps_only_own_peer_meetings(at, fields):
    one = leader(at)
    fields = {name: value or make_person() for name, value in fields.items()}
    event = meeting(at, one, state=EventState.DRAFT, **fields)

    assert rights(one, event) == set()
    assert not Event.objects.visible_to(one).exists()


def test_leader_who_leaves_the_bank_or_the_group_keeps_nothing(at):
    one = leader(at)
    event = meeting(at, one, state=EventState.DRAFT)
    before = rights(one, event)
    one.expert.state = ExpertState.LEFT
    one.expert.save()

    assert (before, rights(one, event)) == (set(LEADS), set())


def test_leader_sees_no_sign_up_and_no_answer(at):
    one = leader(at)
    own = make_sign_up(meeting(at, one), make_person("Kaisa Kokemus"))

    assert not one.has_perm("events.view_sign_up", own)
    assert not type(own).objects.visible_to(one).exists()


def test_counter_hands_a_peer_meeting_to_a_leader_and_no_other_event(at):
    one, counter = leader(at), make_coordinator()
    event, other = meeting(at, counter), meeting(at, counter, kind=Kind.INFO)

    actions.hand_over(event, one, by=counter, at=at)
    with pytest.raises(CannotAnswerFor):
        actions.hand_over(other, one, by=counter, at=at)

    assert rights(one, Event.objects.get(pk=event.pk)) == set(LEADS)


def test_arranged_meeting_is_the_counter_s_and_is_called_what_it_is(at):
    one = leader(at)
    make_organisation(tasks=[Task.BACKGROUND], at=at)
    here = make_organisation(tasks=[Task.COORDINATES], at=at)
    start = at + 20 * A_DAY

    made = actions.arrange_peers(
        time=actions.Time(start, start + A_DAY / 12, ""), by=one, at=at, seats=8, mode="place", address="K"
    )  # fmt: skip

    assert (made.organiser, made.responsible, made.audience) == (here, one, Audience.EXPERTS)
    assert (made.title_fi, made.title_sv, made.title_en) == (
        "Vertaistapaaminen",
        "Kamratträff",
        "Peer meeting",
    )
    assert (made.state, made.starts_at) == (EventState.DRAFT, start)


def test_nobody_arranges_without_the_right_or_where_nobody_runs_the_counter(at):
    time = actions.Time(at + A_DAY, at + 1.1 * A_DAY, "")
    fields = {"time": time, "at": at, "seats": 8, "mode": "place", "address": "K"}

    with pytest.raises(NoCounterYet):
        actions.arrange_peers(by=leader(at), **fields)
    make_organisation(tasks=[Task.COORDINATES], at=at)
    with pytest.raises(PermissionDenied):
        actions.arrange_peers(by=make_expert(at=at).user, **fields)
    assert not Event.objects.exists()
