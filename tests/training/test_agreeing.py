"""Agreeing on a programme: each producer's yes or a meeting that decided, never one alone."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Task
from luukku.taxonomy.models import Topic
from luukku.training import actions
from luukku.training.models import ProgrammeYes
from luukku.training.queries import answers_of, asked_of, holders_to_ask
from luukku.training.refusals import HolderNotAsked, NotAllAgreed, NotDecidedYet, NotProposed
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_programme

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def minutes():
    """Ten hours of the own story."""
    return {Topic.objects.get(pk="story"): (600, 0)}


def make_producer(name):
    """An organisation that trains, and somebody who stands for it."""
    organisation = make_organisation(name, tasks=[Task.TRAINS])
    return organisation, make_member(organisation, role=MemberRole.PRODUCER)


def make_proposed(by, organisation):
    programme = make_programme(AT, state="shared", producer=organisation)
    return actions.propose(programme, by=by, at=AT)


def test_programme_is_agreed_on_when_each_producer_has_said_yes_and_not_by_one_alone():
    (first, one), (_second, other) = make_producer("A"), make_producer("B")
    programme, counter = make_proposed(one, first), make_coordinator()

    with pytest.raises(NotAllAgreed):
        actions.agree(programme, by=counter, at=AT)
    actions.say_yes(programme, seen=AT, by=other, at=AT)
    actions.say_yes(programme, seen=AT, by=other, at=AT)

    assert ([row.organisation.name for row in answers_of(programme).yes], ProgrammeYes.objects.count()) == (
        ["A", "B"], 2,
    )  # fmt: skip
    agreed = actions.agree(programme, by=counter, at=AT)
    assert (agreed.state, agreed.decided_on, agreed.decision) == ("agreed", date(2026, 12, 1), "")


def test_meeting_that_decided_stands_in_place_of_answers():
    first, one = make_producer("A")
    make_producer("B")
    programme, counter = make_proposed(one, first), make_coordinator()

    with pytest.raises(NotDecidedYet):
        actions.agree(programme, decision="Kokous", decided_on=date(2026, 12, 2), by=counter, at=AT)
    agreed = actions.agree(
        programme, decision="Kokous, kohta 3", decided_on=date(2026, 11, 20), by=counter, at=AT
    )

    assert (agreed.decision, agreed.decided_on) == ("Kokous, kohta 3", date(2026, 11, 20))


def test_yes_is_gone_when_the_programme_changes():
    first, one = make_producer("A")
    programme = make_proposed(one, first)

    changed = actions.edit(programme, minutes={}, title_fi="Toinen", by=one, at=AT)

    assert answers_of(changed).yes == []
    with pytest.raises(NotProposed):
        actions.say_yes(changed, seen=AT, by=one, at=AT)


def test_saving_the_same_again_keeps_the_proposal_and_each_yes(minutes):
    (first, one), (_second, other) = make_producer("A"), make_producer("B")
    programme = make_proposed(one, first)
    actions.say_yes(programme, seen=AT, by=other, at=AT)
    spent = {row.topic: (row.contact_minutes, row.own_minutes) for row in programme.topics.all()}
    empty = {topic: (0, 0) for topic in Topic.objects.all() if topic not in spent}
    same = {
        "title_fi": programme.title_fi,
        "producers": [first],
        "languages": programme.languages.all(),
    }

    saved = actions.edit(programme, minutes=spent | empty, **same, by=one, at=LATER)

    assert saved.proposed_at == AT
    assert len(answers_of(saved).yes) == 2
    assert not Letter.objects.filter(kind="training.lapsed").exists()


@pytest.mark.parametrize("act", ["minutes", "producers", "title", "taken back"])
def test_change_ends_the_proposal_and_tells_who_had_agreed(act, minutes):
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    make_producer("C")
    programme = make_proposed(one, first)
    actions.say_yes(programme, seen=AT, by=other, at=AT)
    spent = {row.topic: (row.contact_minutes, row.own_minutes) for row in programme.topics.all()}

    if act == "taken back":
        changed = actions.take_back(programme, by=one, at=LATER)
    else:
        fields = {"producers": {"producers": [first, second]}, "title": {"title_fi": "Toinen"}}
        changed = actions.edit(
            programme,
            minutes={} if act == "minutes" else spent,
            **fields.get(act, {}),
            by=one,
            at=LATER,
        )

    assert changed.proposed_at is None
    told = Letter.objects.filter(kind="training.lapsed").values_list("reader", flat=True)
    assert set(told) == {other.pk}


def test_yes_is_taken_back_until_it_is_agreed_on():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    programme = make_proposed(one, first)
    actions.say_yes(programme, seen=AT, by=other, at=AT)
    before = list(asked_of(second))

    actions.withdraw_yes(programme, by=other, at=LATER)
    actions.withdraw_yes(programme, by=other, at=LATER)

    assert (before, list(asked_of(second)), list(asked_of(first))) == ([], [programme], [])
    assert [row.organisation for row in answers_of(programme).yes] == [first]
    actions.say_yes(programme, seen=AT, by=other, at=LATER)
    agreed = actions.agree(programme, by=make_coordinator(), at=LATER)
    with pytest.raises(WrongState):
        actions.withdraw_yes(agreed, by=other, at=LATER)


def test_holder_whose_yes_is_taken_back_is_asked_anew():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    programme = actions.propose(
        make_programme(AT, state="shared", producers=[first, second], by=one), by=one, at=AT
    )
    actions.say_yes(programme, seen=AT, by=other, at=AT)

    actions.withdraw_yes(programme, by=other, at=LATER)

    assert list(programme.unasked.all()) == [second]


def test_others_take_no_yes_back():
    first, one = make_producer("A")
    programme = make_proposed(one, first)

    with pytest.raises(PermissionDenied):
        actions.withdraw_yes(programme, by=make_coordinator(), at=AT)


@pytest.mark.parametrize("who", ["coordinator", "stranger", "orderer"])
def test_only_who_trains_says_yes(who):
    first, one = make_producer("A")
    programme = make_proposed(one, first)
    by = {"coordinator": make_coordinator, "stranger": make_person, "orderer": make_member}[who]()

    with pytest.raises(PermissionDenied):
        actions.say_yes(programme, seen=AT, by=by, at=AT)


def test_one_of_several_holders_does_not_retire_it_alone_and_the_others_are_told():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    programme = make_programme(AT, state="agreed", producers=[first, second])

    with pytest.raises(PermissionDenied):
        actions.retire(programme, by=one, at=AT)
    retired = actions.retire(programme, by=make_coordinator(), at=AT)

    assert retired.state == "retired"
    readers = Letter.objects.filter(kind="training.retired").values_list("reader", flat=True)
    assert set(readers) == {one.pk, other.pk}


def test_who_holds_it_alone_retires_it():
    first, one = make_producer("A")
    programme = make_programme(AT, state="agreed", producer=first)

    assert actions.retire(programme, by=one, at=AT).state == "retired"


def test_yes_to_what_was_proposed_before_does_not_count_for_what_it_says_now(minutes):
    (first, one), (_second, other) = make_producer("A"), make_producer("B")
    programme = make_proposed(one, first)
    changed = actions.edit(programme, minutes=minutes, title_fi="Toinen", by=one, at=LATER)
    anew = actions.propose(changed, by=one, at=LATER)

    with pytest.raises(NotProposed):
        actions.say_yes(anew, seen=AT, by=other, at=LATER)
    assert [row.organisation for row in answers_of(anew).yes] == [first]
    actions.say_yes(anew, seen=LATER, by=other, at=LATER)
    assert len(answers_of(anew).yes) == 2


def test_yes_that_was_given_before_it_was_proposed_is_none():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    programme = make_proposed(one, first)
    ProgrammeYes.objects.create(
        programme=programme, organisation=second, given_by=other, given_at=AT - (LATER - AT)
    )

    assert answers_of(programme).missing == [second]
    actions.say_yes(programme, seen=AT, by=other, at=LATER)
    assert answers_of(programme).missing == []


def test_nobody_becomes_a_holder_by_the_word_of_another_producer():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    programme = make_programme(AT, by=one, producers=[first, second])
    shared = actions.propose(actions.share(programme, by=one, at=AT), by=one, at=AT)
    counter = make_coordinator()

    with pytest.raises(HolderNotAsked) as refused:
        actions.agree(shared, decision="Kokous", by=counter, at=AT)
    assert "B" in str(refused.value.told())
    actions.say_yes(shared, seen=AT, by=other, at=AT)

    agreed = actions.agree(shared, decision="Kokous", by=counter, at=AT)
    renewed = actions.renew(agreed, by=one, at=LATER)
    assert list(renewed.unasked.all()) == []  # who holds it already has been asked


def test_whom_the_counter_names_it_has_asked(minutes):
    (first, one), (second, _other) = make_producer("A"), make_producer("B")
    programme = make_programme(AT, by=one, producers=[first])

    changed = actions.edit(
        programme, minutes=minutes, producers=[first, second], by=make_coordinator(), at=AT
    )

    assert list(changed.unasked.all()) == []


def test_change_at_the_counter_asks_nobody_for_it(minutes):
    (first, one), (second, _other) = make_producer("A"), make_producer("B")
    programme = make_programme(AT, by=one, producers=[first, second])

    changed = actions.edit(
        programme, minutes=minutes, title_fi="Uusi nimi", by=make_coordinator(), at=AT
    )

    assert list(changed.unasked.all()) == [second]


def test_counter_notes_whom_it_has_asked_and_takes_that_back():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    programme = actions.propose(
        make_programme(AT, state="shared", producers=[first, second], by=one), by=one, at=AT
    )
    counter = make_coordinator()

    actions.note_asked(programme, asked=[second], by=counter, at=LATER)
    actions.note_asked(programme, asked=[second], by=counter, at=LATER)

    programme.refresh_from_db()
    assert (list(programme.unasked.all()), programme.proposed_at) == ([], AT)
    assert [row.organisation for row in answers_of(programme).yes] == [first]
    told = Letter.objects.filter(kind="training.holder_noted").values_list("reader", flat=True)
    assert list(told) == [other.pk]
    actions.note_asked(programme, asked=[], by=counter, at=LATER)
    assert list(programme.unasked.all()) == [second]
    with pytest.raises(HolderNotAsked):
        actions.agree(programme, decision="Kokous", by=counter, at=LATER)
    actions.note_asked(programme, asked=[second], by=counter, at=LATER)
    agreed = actions.agree(programme, decision="Kokous", by=counter, at=LATER)
    with pytest.raises(WrongState):
        actions.note_asked(agreed, asked=[], by=counter, at=LATER)


def test_who_has_said_yes_themselves_is_asked_by_nobody_else():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    programme = actions.propose(
        make_programme(AT, state="shared", producers=[first, second], by=one), by=one, at=AT
    )
    actions.say_yes(programme, seen=AT, by=other, at=AT)

    actions.note_asked(programme, asked=[], by=make_coordinator(), at=LATER)

    assert (list(programme.unasked.all()), list(holders_to_ask(programme))) == ([], [])


@pytest.mark.parametrize("who", ["producer", "stranger"])
def test_only_the_counter_notes_whom_it_has_asked(who):
    (first, one), (second, _other) = make_producer("A"), make_producer("B")
    programme = make_programme(AT, by=one, producers=[first, second])

    with pytest.raises(PermissionDenied):
        by = one if who == "producer" else make_person()
        actions.note_asked(programme, asked=[second], by=by, at=AT)


def test_yes_that_is_taken_back_makes_nobody_unasked_whom_the_counter_has_named():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    counter = make_coordinator()
    programme = actions.propose(
        make_programme(AT, state="shared", producers=[first, second], by=counter), by=one, at=AT
    )
    actions.say_yes(programme, seen=AT, by=other, at=AT)

    actions.withdraw_yes(programme, by=other, at=LATER)

    assert list(programme.unasked.all()) == []


def test_no_with_a_reason_reaches_those_who_hold_it_once_and_keeps_it_from_being_agreed_on():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    programme = make_proposed(one, first)
    actions.say_yes(programme, seen=AT, by=other, at=AT)

    for _n in range(2):
        actions.say_no(programme, reason="Tunteja on liian vähän.", seen=AT, by=other, at=LATER)

    answers = answers_of(programme)
    assert [(row.organisation, row.reason) for row in answers.no] == [
        (second, "Tunteja on liian vähän.")
    ]
    assert ([row.organisation for row in answers.yes], answers.missing) == ([first], [])
    assert list(asked_of(second)) == []
    told = Letter.objects.filter(kind="training.opposed").values_list("reader", flat=True)
    assert list(told) == [one.pk]
    with pytest.raises(NotAllAgreed):
        actions.agree(programme, by=make_coordinator(), at=LATER)


def test_no_is_taken_back_or_becomes_a_yes_until_it_is_agreed_on():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    programme = make_proposed(one, first)
    actions.say_no(programme, reason="Ei", seen=AT, by=other, at=LATER)

    actions.withdraw_yes(programme, by=other, at=LATER)

    assert (answers_of(programme).no, answers_of(programme).missing) == ([], [second])
    assert list(asked_of(second)) == [programme]
    actions.say_no(programme, reason="Ei", seen=AT, by=other, at=LATER)
    actions.say_yes(programme, seen=AT, by=other, at=LATER)
    assert (answers_of(programme).no, len(answers_of(programme).yes)) == ([], 2)
    actions.agree(programme, by=make_coordinator(), at=LATER)
    with pytest.raises(WrongState):
        actions.say_no(programme, reason="Ei", seen=AT, by=other, at=LATER)


def test_no_is_gone_when_the_programme_changes_and_only_who_trains_says_it_to_what_was_read():
    (first, one), (_second, other) = make_producer("A"), make_producer("B")
    programme = make_proposed(one, first)

    with pytest.raises(PermissionDenied):
        actions.say_no(programme, reason="Ei", seen=AT, by=make_coordinator(), at=AT)
    with pytest.raises(NotProposed):
        actions.say_no(programme, reason="Ei", seen=LATER, by=other, at=AT)
    actions.say_no(programme, reason="Ei", seen=AT, by=other, at=AT)
    changed = actions.edit(programme, minutes={}, title_fi="Toinen", by=one, at=LATER)

    assert changed.noes.count() == 0
