"""Signing up: who gets a place, who waits, and that nothing typed is lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.core.links import Link, read
from luukku.events import actions
from luukku.events.models import HOLD, Answer, Audience, Booking, Guest, How, SignUp, Via
from luukku.events.queries import BOOKED_ELSEWHERE, number_in_queue
from luukku.events.refusals import (
    AnswerMissing,
    ByApplication,
    ByInvitation,
    DoubleBooked,
    GroupMissing,
    NoGuests,
    NoPlaceFree,
    NotForYou,
    NotKept,
    NotOpenYet,
    SignUpEnded,
    TooManyAsked,
)
from luukku.events.states import EventState, SignUpState
from luukku.experts.states import ExpertState
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Task
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
S = SignUpState


def letters(person):
    told = Letter.objects.filter(reader=person, kind__startswith="events.").order_by("pk")
    return list(told.values_list("kind", flat=True))


def ask_allergy(event):
    return event.questions.create(number=1, words_fi="Ruoka-aineallergiat", is_required=True)


def test_sign_up_gives_a_place_and_the_time_and_tells_it_once(at):
    event, person = make_event(at, sessions=2), make_person()

    own = actions.sign_up(event, by=person, at=at)
    again = actions.sign_up(event, by=person, at=at)

    assert (own.state, own.via, own == again) == (S.CONFIRMED, Via.DESK, True)
    assert Booking.objects.filter(person=person).count() == 2
    assert letters(person) == ["events.confirmed"]
    letter = Letter.objects.get(reader=person)
    assert event.title not in letter.subject
    assert letter.calendar.count("BEGIN:VEVENT") == 2
    assert event.title not in letter.calendar


def test_sign_up_for_a_full_event_waits_in_the_order_of_arrival(at):
    event = make_event(at, seats=1)
    make_sign_up(event)

    first = actions.sign_up(event, by=make_person(), at=at)
    second = actions.sign_up(event, by=make_person(), at=at + timedelta(minutes=1))

    assert [first.state, second.state] == [S.WAITING, S.WAITING]
    assert [number_in_queue(first), number_in_queue(second)] == [1, 2]
    assert "2" in Letter.objects.get(reader=second.person).body


def test_place_is_not_taken_past_those_who_wait(at):
    event = make_event(at, seats=1, starts_at=at + timedelta(hours=20))
    waiting = make_sign_up(event, state=S.WAITING)

    own = actions.sign_up(event, by=make_person(), at=at)

    assert (own.state, number_in_queue(own)) == (S.WAITING, 2)
    waiting.refresh_from_db()
    assert waiting.state == S.WAITING  # so near that nobody is taken from the list


def test_place_is_held_for_a_quarter_of_an_hour_and_again_when_asked_again(at):
    event, person = make_event(at, seats=1), make_person()

    own = actions.hold(event, by=person, at=at)
    later = actions.hold(event, by=person, at=at + timedelta(minutes=5))

    assert (own.state, own.held_until) == (S.HELD, at + HOLD)
    assert (later.pk, later.held_until) == (own.pk, at + timedelta(minutes=20))
    assert actions.hold(event, by=make_person(), at=at) is None
    assert actions.sign_up(event, by=person, at=at).pk == own.pk
    assert actions.hold(event, by=person, at=at) is None


def test_hold_that_lapsed_gives_way_and_its_answers_are_kept(at):
    event, late, quick = make_event(at, seats=1), make_person(), make_person()
    question = ask_allergy(event)
    actions.hold(event, by=late, at=at)
    actions.hold(event, by=quick, at=at + HOLD + timedelta(seconds=1))
    actions.sign_up(
        event, by=quick, answers={question.pk: "Ei"}, at=at + HOLD + timedelta(seconds=2)
    )
    actions.sign_up(
        event, by=make_person(), answers={question.pk: "-"}, at=at + HOLD + timedelta(seconds=3)
    )

    own = actions.sign_up(
        event, by=late, answers={question.pk: "Pähkinä"}, at=at + timedelta(minutes=20)
    )

    assert SignUp.objects.get(person=quick).state == S.CONFIRMED
    assert (own.state, number_in_queue(own)) == (S.WAITING, 1)
    assert Answer.objects.get(sign_up=own).words == "Pähkinä"
    assert letters(late) == ["events.waiting"]


def test_hold_that_lapsed_but_that_nobody_wanted_still_becomes_a_place(at):
    event, person = make_event(at, seats=1), make_person()
    actions.hold(event, by=person, at=at)

    own = actions.sign_up(event, by=person, at=at + timedelta(hours=3))

    assert (own.state, SignUp.objects.count()) == (S.CONFIRMED, 1)


def test_hold_of_yesterday_keeps_no_turn(at):
    event, person = make_event(at, seats=1), make_person()
    actions.hold(event, by=person, at=at)
    make_event(at)
    actions.settle_all(at=at + timedelta(hours=1))
    make_sign_up(event)
    first = actions.sign_up(event, by=make_person(), at=at + timedelta(hours=2))

    own = actions.sign_up(event, by=person, at=at + timedelta(days=2))

    assert [number_in_queue(first), number_in_queue(own)] == [1, 2]


def test_required_answer_and_group_are_asked_at_their_fields(at):
    event = make_event(at, seats=3, quota_professionals=1, quota_experts=1)
    question, person = ask_allergy(event), make_person()

    with pytest.raises(GroupMissing) as group:
        actions.sign_up(event, by=person, at=at)
    with pytest.raises(AnswerMissing) as answer:
        actions.sign_up(event, by=person, group="expert", answers={question.pk: " "}, at=at)

    assert (group.value.field, answer.value.field) == ("group", f"question-{question.pk}")
    assert not SignUp.objects.exists()


def test_places_kept_for_one_group_are_not_the_others(at):
    event = actions.make(
        make_organisation(tasks=[Task.TRAINS]), by=make_coordinator(), at=at, kind="joint", title_fi="Yhdessä",
        mode="place", seats=3, quota_professionals=1, quota_experts=1,
    )  # fmt: skip
    start = at + timedelta(days=30)
    actions.set_times(
        event, [actions.Time(start, start + timedelta(hours=1))], by=event.made_by, at=at
    )
    actions.publish(event, by=event.made_by, at=at)

    states = [
        actions.sign_up(event, by=make_person(), group=group, at=at + timedelta(minutes=n)).state
        for n, group in enumerate(["expert", "expert", "expert", "professional", "professional"])
    ]

    assert states == [S.CONFIRMED, S.CONFIRMED, S.WAITING, S.CONFIRMED, S.WAITING]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"how": How.APPLICATION}, ByApplication),
        ({"audience": Audience.INVITED}, ByInvitation),
        ({"audience": Audience.EXPERTS}, NotForYou),
        ({"opens_at": timedelta(days=1)}, NotOpenYet),
        ({"closes_at": timedelta(0)}, SignUpEnded),
        ({"starts_at": timedelta(0)}, SignUpEnded),
    ],
)
def test_sign_up_is_refused_with_the_reason(at, fields, refusal):
    moments = {
        name: at + value if isinstance(value, timedelta) else value
        for name, value in fields.items()
    }
    event = make_event(at, **moments)

    with pytest.raises(refusal):
        actions.sign_up(event, by=make_person(), at=at)

    assert not SignUp.objects.exists()


def test_sign_up_that_has_been_closed_by_hand_is_refused(at):
    event = make_event(at, state=EventState.CLOSED)

    with pytest.raises(WrongState):
        actions.sign_up(event, by=make_person(), at=at)


def test_event_for_experts_takes_those_in_the_bank(at):
    event = make_event(at, audience=Audience.EXPERTS)
    left = make_expert(at=at, state=ExpertState.LEFT)

    assert actions.sign_up(event, by=make_expert(at=at).user, at=at).state == S.CONFIRMED
    with pytest.raises(NotForYou):
        actions.sign_up(event, by=left.user, at=at)


def test_nobody_gets_a_place_in_two_events_at_once(at):
    start, person = at + timedelta(days=3), make_person()
    one, two = make_event(at, starts_at=start), make_event(at, starts_at=start)
    after = make_event(at, starts_at=start + timedelta(hours=2))
    actions.sign_up(one, by=person, at=at)

    with pytest.raises(DoubleBooked):
        actions.sign_up(two, by=person, at=at)
    with pytest.raises(DoubleBooked):
        actions.hold(two, by=person, at=at)

    assert actions.sign_up(after, by=person, at=at).state == S.CONFIRMED
    assert not two.sign_ups.exists()


def test_higher_room_that_knows_of_another_booking_is_asked(at, monkeypatch):
    person = make_person()
    monkeypatch.setattr(
        "luukku.events.queries.BOOKED_ELSEWHERE",
        [*BOOKED_ELSEWHERE, lambda who, _times: who == person],
    )

    with pytest.raises(DoubleBooked):
        actions.sign_up(make_event(at), by=person, at=at)


def test_sign_up_waits_for_approval_where_the_organiser_chooses(at):
    event = make_event(at, how=How.APPROVAL, seats=1)
    one, two, three = (actions.sign_up(event, by=make_person(), at=at) for _n in range(3))
    by = event.responsible

    approved = actions.approve(one, by=by, at=at)
    with pytest.raises(NoPlaceFree):
        actions.approve(two, by=by, at=at)
    waiting = actions.put_in_queue(two, by=by, at=at)
    declined = actions.decline(three, by=by, at=at)

    assert [approved.state, waiting.state, declined.state] == [S.CONFIRMED, S.WAITING, S.DECLINED]
    assert letters(one.person) == ["events.applied", "events.confirmed"]
    assert letters(two.person) == ["events.applied", "events.waiting"]
    assert letters(three.person) == ["events.applied", "events.declined"]
    with pytest.raises(PermissionDenied):
        actions.approve(waiting, by=make_person(), at=at)
    with pytest.raises(PermissionDenied):
        actions.decline(waiting, by=make_person(), at=at)


def test_counter_signs_up_somebody_by_phone_and_nobody_else_acts_for_another(at):
    event, person = make_event(at), make_person(email="")

    own = actions.sign_up(event, by=make_coordinator(), on_behalf_of=person, at=at)

    assert (own.person, own.via, own.state) == (person, Via.COUNTER, S.CONFIRMED)
    with pytest.raises(PermissionDenied):
        actions.sign_up(event, by=make_person(), on_behalf_of=make_person(), at=at)


def test_signing_up_twice_in_two_ways_is_one_sign_up(at):
    event, person = make_event(at), make_person()
    own = actions.sign_up(event, by=person, at=at)

    assert actions.sign_up(event, by=make_coordinator(), on_behalf_of=person, at=at) == own
    assert actions.put_on(event, person, by=make_coordinator(), at=at) == own
    assert actions.take_place(event, person, by=make_coordinator(), at=at) == own
    assert letters(person) == ["events.confirmed"]


def test_organiser_puts_people_on_the_list_of_an_event_by_invitation(at):
    organiser = make_organisation(tasks=[Task.TRAINS], at=at)
    event = make_event(at, organiser=organiser, audience=Audience.INVITED, seats=1)
    producer = make_member(organiser, role=MemberRole.PRODUCER)

    own = actions.put_on(event, make_person(), by=producer, at=at)
    next_one = actions.put_on(event, make_person(), by=producer, at=at)

    assert [own.state, next_one.state] == [S.CONFIRMED, S.WAITING]
    with pytest.raises(PermissionDenied):
        actions.put_on(event, make_person(), by=make_person(), at=at)


def test_place_of_an_accepted_application_takes_over_what_was_held(at):
    event, person = make_event(at, seats=1), make_person()
    actions.hold(event, by=person, at=at)

    own = actions.take_place(event, person, by=make_coordinator(), at=at)

    assert (own.state, own.via, own.held_until) == (S.CONFIRMED, Via.APPLICATION, None)


def make_own_expert(at):
    organisation = make_organisation(tasks=[Task.BACKGROUND], at=at)
    contact = make_member(organisation, role=MemberRole.BACKGROUND)
    return make_expert(at=at, background_organisation=organisation), contact


def test_background_organisation_keeps_a_place_that_is_its_experts_only_with_a_yes(at):
    event = make_event(at, seats=2)
    expert, contact = make_own_expert(at)

    own = actions.ask_own(event, expert, by=contact, at=at)

    assert (own.state, own.via, own.held_until) == (
        S.OFFERED,
        Via.ORGANISATION,
        at + timedelta(hours=24),
    )
    assert letters(expert.user) == ["events.asked_to_come"]
    assert actions.ask_own(event, expert, by=contact, at=at) == own
    with pytest.raises(PermissionDenied):
        actions.say_yes(own, by=contact, at=at)
    assert actions.say_yes(own, by=expert.user, at=at).state == S.CONFIRMED


def test_background_organisation_asks_its_own_experts_where_there_is_a_place(at):
    event = make_event(at, seats=1)
    expert, contact = make_own_expert(at)

    with pytest.raises(PermissionDenied):
        actions.ask_own(event, make_expert(at=at), by=contact, at=at)
    with pytest.raises(NotKept):
        actions.ask_own(make_event(at, audience=Audience.INVITED), expert, by=contact, at=at)
    with pytest.raises(NotKept):
        actions.ask_own(make_event(at, how=How.APPROVAL), expert, by=contact, at=at)
    make_sign_up(event)
    with pytest.raises(NoPlaceFree):
        actions.ask_own(event, expert, by=contact, at=at)


def test_place_is_kept_whatever_else_the_expert_does_and_only_the_expert_learns_of_it(at):
    expert, contact = make_own_expert(at)
    own = actions.sign_up(make_event(at), by=expert.user, at=at)

    asked = actions.ask_own(make_event(at), expert, by=contact, at=at)

    assert asked.state == S.OFFERED
    with pytest.raises(DoubleBooked):
        actions.say_yes(asked, by=expert.user, at=at)
    actions.withdraw(own, by=expert.user, at=at)
    assert actions.say_yes(asked, by=expert.user, at=at).bookings.count() == 1


def test_place_that_is_offered_keeps_the_expert_from_nothing(at):
    expert, contact = make_own_expert(at)
    actions.ask_own(make_event(at), expert, by=contact, at=at)

    assert actions.sign_up(make_event(at), by=expert.user, at=at).state == S.CONFIRMED


@pytest.mark.parametrize("answer", ["no", "nothing"])
def test_background_organisation_asks_once(at, answer):
    event = make_event(at)
    expert, contact = make_own_expert(at)
    own = actions.ask_own(event, expert, by=contact, at=at)
    later = at + timedelta(hours=25)
    if answer == "no":
        actions.withdraw(own, by=expert.user, at=at)
    else:
        actions.settle_all(at=later)

    assert actions.ask_own(event, expert, by=contact, at=later) == own

    own.refresh_from_db()
    assert own.state == {"no": S.WITHDRAWN, "nothing": S.EXPIRED}[answer]
    assert letters(expert.user).count("events.asked_to_come") == 1


def test_background_organisation_keeps_few_places_without_a_yes(at, monkeypatch):
    monkeypatch.setattr("luukku.events.actions.putting.MOST_UNANSWERED", 1)
    event = make_event(at, seats=9)
    expert, contact = make_own_expert(at)
    own = actions.ask_own(event, expert, by=contact, at=at)
    colleague = make_expert(at=at, background_organisation=expert.background_organisation)
    other, other_contact = make_own_expert(at)

    with pytest.raises(TooManyAsked):
        actions.ask_own(event, colleague, by=contact, at=at)

    assert actions.ask_own(event, other, by=other_contact, at=at).state == S.OFFERED
    actions.say_yes(own, by=expert.user, at=at)
    assert actions.ask_own(event, colleague, by=contact, at=at).state == S.OFFERED


def test_place_is_not_kept_past_the_start(at):
    event = make_event(at, starts_at=at + timedelta(hours=5))
    expert, contact = make_own_expert(at)

    assert actions.ask_own(event, expert, by=contact, at=at).held_until == event.starts_at


def test_place_that_nobody_took_in_time_goes_on_and_is_told(at):
    event = make_event(at, seats=1)
    expert, contact = make_own_expert(at)
    own = actions.ask_own(event, expert, by=contact, at=at)
    next_one = make_sign_up(event, state=S.WAITING)

    later = at + timedelta(hours=25)
    with pytest.raises(WrongState):
        actions.say_yes(own, by=expert.user, at=later)
    assert actions.settle_all(at=later) == 1

    own.refresh_from_db()
    next_one.refresh_from_db()
    assert [own.state, next_one.state] == [S.EXPIRED, S.CONFIRMED]
    assert letters(expert.user) == ["events.asked_to_come", "events.offer_over"]
    acts = AuditEvent.objects.filter(at=later).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["events.expire", "events.promote"]


def ask_guest(event, at, **fields):
    usual = {"name": "Gunilla Gäst", "email": "Gunilla@example.test", "language": "sv"}
    actions.ask_guest(event, at=at, **usual | fields)


def test_guest_has_a_place_when_the_link_has_been_used(at):
    event = make_event(at, guests_ok=True, seats=1)
    question = ask_allergy(event)

    ask_guest(event, at, answers={question.pk: "Nötter"})
    own = SignUp.objects.get()
    held = own.state
    done = actions.confirm_guest(own, at=at + timedelta(hours=1))
    again = actions.confirm_guest(own, at=at + timedelta(hours=2))

    assert (held, done.state, again.state) == (S.HELD, S.CONFIRMED, S.CONFIRMED)
    told = Letter.objects.order_by("pk")
    assert [one.kind for one in told] == ["events.guest_asked", "events.confirmed"]
    assert {(one.email, one.language) for one in told} == {("gunilla@example.test", "sv")}
    assert read(told[0].link.rstrip("/").split("/")[-1], purpose="event-guest", max_age=HOLD) == (
        Link("event-guest", own.pk, 0)
    )
    assert "BEGIN:VEVENT" in told[1].calendar
    assert Answer.objects.get().words == "Nötter"
    assert Guest.objects.get().confirmed_at == at + timedelta(hours=1)


def test_guest_who_comes_too_late_is_in_the_queue_from_when_they_asked(at):
    event = make_event(at, guests_ok=True, seats=1)
    ask_guest(event, at)
    actions.sign_up(event, by=make_person(), at=at + timedelta(hours=3))
    after = actions.sign_up(event, by=make_person(), at=at + timedelta(hours=4))

    own = actions.confirm_guest(SignUp.objects.get(person=None), at=at + timedelta(hours=5))

    assert [own.state, number_in_queue(own), number_in_queue(after)] == [S.WAITING, 1, 2]


def test_guest_who_signs_up_again_is_told_so_and_keeps_one_sign_up(at):
    event = make_event(at, guests_ok=True)
    ask_guest(event, at)
    ask_guest(event, at + timedelta(minutes=1), name="Gunilla")
    actions.confirm_guest(SignUp.objects.get(), at=at)

    ask_guest(event, at + timedelta(minutes=2))

    kinds = list(Letter.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-1] == "events.guest_again"
    assert (SignUp.objects.count(), Guest.objects.get().name) == (1, "Gunilla")


def test_guest_address_of_an_account_is_told_to_sign_in_and_signs_nobody_up(at):
    event, person = make_event(at, guests_ok=True), make_person(email="on@example.test")

    ask_guest(event, at, email="On@example.test")

    assert not SignUp.objects.exists()
    assert letters(person) == ["events.has_account"]


def test_guest_address_gets_few_letters_a_day(at):
    event = make_event(at, guests_ok=True)

    for n in range(8):
        ask_guest(event, at + timedelta(minutes=n))

    assert Letter.objects.count() == 5


def test_guests_do_not_come_where_an_account_is_needed(at):
    with pytest.raises(NoGuests):
        ask_guest(make_event(at), at)


def test_guest_waits_for_approval_without_holding_a_place(at):
    event = make_event(at, guests_ok=True, how=How.APPROVAL)
    ask_guest(event, at)
    held = SignUp.objects.get()

    own = actions.confirm_guest(held, at=at)

    assert (held.place, own.state) == (None, S.APPLIED)


def test_sign_up_is_written_down(at):
    actions.sign_up(make_event(at), by=make_person(), at=at)

    acts = list(AuditEvent.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["events.confirm"]
