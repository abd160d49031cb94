"""Places that are kept: for one's group, as long as one may come, and without telling who has signed up."""

from datetime import timedelta

import pytest

from luukku.events import actions
from luukku.events.models import HOLD, Audience, Group, Place, SignUp
from luukku.events.refusals import ByInvitation, NoPlaceFree, NotForYou, SignUpEnded, TooManyAsked
from luukku.events.states import SignUpState
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Task
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
S = SignUpState
PROFESSIONAL, EXPERT = Group.PROFESSIONAL, Group.EXPERT
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def make_for_both(at, **fields):
    """An event with a place for a professional and two for experts."""
    event = make_event(at, seats=3, quota_professionals=1, quota_experts=2, **fields)
    for place, group in zip(
        event.places.order_by("number"), [PROFESSIONAL, EXPERT, EXPERT], strict=True
    ):
        Place.objects.filter(pk=place.pk).update(group=group)
    return event


def ask(event, group, at, email="gunilla@example.test"):
    actions.ask_guest(event, name="Gunilla Gäst", email=email, group=group, at=at)
    return SignUp.objects.anonymous().get()


def test_guest_who_comes_as_another_lets_go_of_the_place_of_the_first_group(at):
    event = make_for_both(at, guests_ok=True)
    ask(event, PROFESSIONAL, at)

    own = ask(event, EXPERT, at + MINUTE)

    assert (own.group, own.place.group, own.state) == (EXPERT, EXPERT, S.HELD)
    professional = actions.sign_up(event, by=make_person(), group=PROFESSIONAL, at=at + 2 * MINUTE)
    assert professional.state == S.CONFIRMED
    assert actions.confirm_guest(own, at=at + 3 * MINUTE).state == S.CONFIRMED
    actions.edit(event, seats=3, address="Toinen katu 2", by=make_coordinator(), at=at)


def test_guest_who_comes_as_another_waits_where_that_group_is_full_and_the_queue_moves(at):
    event = make_for_both(at, guests_ok=True)
    for _n in range(2):
        actions.sign_up(event, by=make_person(), group=EXPERT, at=at)
    ask(event, PROFESSIONAL, at)
    waits = actions.sign_up(event, by=make_person(), group=PROFESSIONAL, at=at)
    assert waits.state == S.WAITING

    own = ask(event, EXPERT, at + MINUTE)

    waits.refresh_from_db()
    assert (own.state, own.place, waits.state) == (S.EXPIRED, None, S.CONFIRMED)
    assert actions.confirm_guest(own, at=at + MINUTE).state == S.WAITING


@pytest.mark.parametrize("is_put_on", [False, True])
def test_held_place_of_a_group_is_not_taken_as_another(at, is_put_on):
    event, person = make_for_both(at), make_person()
    assert actions.hold(event, by=person, group=PROFESSIONAL, at=at).place.group == PROFESSIONAL

    if is_put_on:
        own = actions.put_on(event, person, group=EXPERT, by=make_coordinator(), at=at)
    else:
        own = actions.sign_up(event, by=person, group=EXPERT, at=at)

    assert (own.state, own.place.group) == (S.CONFIRMED, EXPERT)
    other = actions.sign_up(event, by=make_person(), group=PROFESSIONAL, at=at)
    assert other.state == S.CONFIRMED


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"audience": Audience.INVITED}, ByInvitation),
        ({"audience": Audience.EXPERTS}, NotForYou),
        ({"closes_at": -DAY}, SignUpEnded),
    ],
)
def test_held_place_holds_only_as_long_as_one_may_come(at, changed, refusal):
    event, person = make_event(at), make_person()
    actions.hold(event, by=person, at=at)
    if "closes_at" in changed:
        changed = {"closes_at": at + changed["closes_at"]}
    actions.edit(event, by=make_coordinator(), at=at, **changed)

    for act in (actions.sign_up, actions.hold):
        with pytest.raises(refusal):
            act(event, by=person, at=at + MINUTE)

    assert not SignUp.objects.confirmed().exists()


def test_form_begun_in_time_is_sent_after_the_end_but_not_begun_anew(at):
    event, person, late = make_event(at, closes_at=at + 5 * MINUTE), make_person(), make_person()
    until = actions.hold(event, by=person, at=at).held_until
    actions.hold(event, by=late, at=at)

    assert actions.hold(event, by=person, at=at + 10 * MINUTE).held_until == until
    assert actions.sign_up(event, by=person, at=at + 14 * MINUTE).state == S.CONFIRMED
    with pytest.raises(SignUpEnded):  # it lapsed, and nobody signs up any more
        actions.sign_up(event, by=late, at=at + HOLD + MINUTE)


@pytest.mark.parametrize("hours", [1, 3])
def test_guest_confirms_while_the_place_is_kept_also_after_the_end(at, hours):
    event = make_event(at, guests_ok=True, closes_at=at + timedelta(minutes=30))
    own, later = ask(event, "", at), at + timedelta(hours=hours)

    if hours == 1:
        assert actions.confirm_guest(own, at=later).state == S.CONFIRMED
    else:
        with pytest.raises(SignUpEnded):
            actions.confirm_guest(own, at=later)


@pytest.fixture
def both(at):
    """Who signs up by themselves, another, and who stands for both in their background organisation."""
    here = make_organisation(tasks=[Task.BACKGROUND], at=at)
    contact = make_member(here, role=MemberRole.BACKGROUND)
    return *(make_expert(at=at, background_organisation=here) for _n in range(2)), contact


def answers(event, both, at):
    """What the contact is answered of each: asked, or why not."""
    told = []
    for expert in both[:2]:
        try:
            actions.ask_own(event, expert, by=both[2], at=at)
            told.append("asked")
        except (NoPlaceFree, TooManyAsked) as refusal:
            told.append(type(refusal).__name__)
    return told


def test_full_event_is_full_for_who_has_a_place_as_well(at, both):
    event = make_event(at, seats=1)
    make_sign_up(event, both[0].user)

    assert answers(event, both, at) == ["NoPlaceFree"] * 2


def test_too_many_have_been_asked_to_ask_who_has_signed_up(at, both, monkeypatch):
    monkeypatch.setattr("luukku.events.actions.putting.MOST_UNANSWERED", 1)
    event = make_event(at, seats=9)
    make_sign_up(event, both[0].user)
    third = make_expert(at=at, background_organisation=both[0].background_organisation)
    actions.ask_own(event, third, by=both[2], at=at)

    assert answers(event, both, at) == ["TooManyAsked"] * 2


@pytest.mark.parametrize("answer", ["none", "no", "yes"])
def test_asking_again_is_answered_alike_and_asks_nobody_again(at, both, answer):
    event = make_event(at, seats=9)
    make_sign_up(event, both[0].user)
    assert answers(event, both, at) == ["asked"] * 2
    asked = event.sign_ups.get(person=both[1].user)
    if answer == "no":
        actions.withdraw(asked, by=both[1].user, at=at)
    if answer == "yes":
        actions.say_yes(asked, by=both[1].user, at=at)

    assert answers(event, both, at + MINUTE) == ["asked"] * 2
    assert Letter.objects.filter(kind="events.asked_to_come").count() == 1
