"""What those who train say and decide among themselves; beside each act its permission twin."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.accounts.actions import close
from luukku.audit.models import AuditEvent
from luukku.core.duty import queue
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Task
from luukku.taxonomy.models import Topic
from luukku.training import actions
from luukku.training.models import Thread, ThreadDecision, ThreadMessage
from luukku.training.queries import messages_of, said_in_name_of, writer_of
from luukku.training.refusals import (
    DecidedMeanwhile,
    MessageGone,
    NotDecidedYet,
    TooLateToWithdraw,
)
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = date(2026, 12, 1)
MORNING = datetime(2026, 12, 2, 6, tzinfo=UTC)  # eight in Helsinki


def make_producer(name="Järjestö", state="vetted"):
    """An organisation that trains, and somebody who stands for it."""
    organisation = make_organisation(name, tasks=[Task.TRAINS], state=state)
    return organisation, make_member(organisation, role=MemberRole.PRODUCER)


def say(organisation, by, words="Montako tuntia riittää?", *, topic="story", at=AT):
    of = Topic.objects.get(pk=topic) if topic else None
    return actions.write(of, words=words, organisation=organisation, by=by, at=at)


def decide(thread, by, *, words="Kymmenen tuntia.", seen=0, organisation=None, on=TODAY, at=AT):
    return actions.decide(
        thread, words=words, decided_on=on, seen=seen, organisation=organisation, by=by, at=at
    )


def news(kind="training.write"):
    """Who is written to, and when it leaves."""
    rows = Letter.objects.filter(kind=kind).order_by("pk")
    return [(letter.reader, letter.not_before_at, letter.channel) for letter in rows]


def test_each_topic_has_one_thread_and_the_common_core_its_own():
    first, one = make_producer("A")
    second, other = make_producer("B")

    said = [
        say(first, one),
        say(second, other, "Kymmenen."),
        say(first, one, topic=None),
        say(second, other, "Sama.", topic=None),
    ]

    threads = [Thread.objects.get(topic="story"), Thread.objects.get(topic=None)]
    assert [message.thread for message in said] == [threads[0]] * 2 + [threads[1]] * 2
    assert [(m.by, m.organisation, m.words, m.at) for m in messages_of(threads[0])] == [
        (other, second, "Kymmenen.", AT), (one, first, "Montako tuntia riittää?", AT),
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Thread.objects.create(topic=None, begun_at=AT)


def test_the_same_words_sent_twice_are_one_message_and_later_another():
    organisation, one = make_producer()

    first, again = say(organisation, one), say(organisation, one, at=AT + timedelta(minutes=1))
    later = say(organisation, one, at=AT + HOUR)

    assert (first.pk == again.pk, later.pk == first.pk) == (True, False)
    assert (
        ThreadMessage.objects.count()
        == AuditEvent.objects.filter(act="training.write").count()
        == 2
    )


@pytest.mark.parametrize("who", ["stranger", "orderer", "unchecked", "steering", "admin", "gone"])
def test_only_checked_producers_and_the_counter_take_part(who):
    organisation, one = make_producer()
    thread = say(organisation, one).thread
    if who == "gone":
        by = make_member(organisation, role=MemberRole.PRODUCER)
        close(by, by=make_admin(), at=AT)
        by.refresh_from_db()
    elif who == "unchecked":
        organisation, by = make_producer("Uusi", state="waiting")
    else:
        by = {
            "stranger": make_person, "orderer": make_member, "steering": make_steering,
            "admin": make_admin,
        }[who]()  # fmt: skip

    for act in (lambda: say(organisation, by), lambda: decide(thread, by)):
        with pytest.raises(PermissionDenied):
            act()
    assert not by.has_perm("training.view_thread", thread)


def test_nobody_speaks_in_the_name_of_another_organisation_but_the_counter_by_phone():
    (first, one), (second, _other), counter = (
        make_producer("A"),
        make_producer("B"),
        make_coordinator(),
    )

    with pytest.raises(PermissionDenied):
        say(second, one)
    with pytest.raises(PermissionDenied):
        say(None, one)
    with pytest.raises(PermissionDenied):
        say(make_organisation(), counter)  # does not train
    told, own = say(first, counter), say(None, counter, "Muistakaa kokous.")

    assert [(said_in_name_of(m), writer_of(m), m.is_by_phone) for m in (told, own)] == [
        ("A", "Told by phone", True), ("The counter", counter.name, False),
    ]  # fmt: skip


def test_others_who_train_get_one_letter_a_day_of_each_thread():
    (first, one), (_second, other) = make_producer("A"), make_producer("B")

    say(first, one)
    say(first, one, "Lisäys.", at=AT + HOUR)
    say(first, one, topic=None, at=AT + HOUR)

    assert news() == [(other, MORNING, "digest")] * 2
    say(first, one, "Seuraavana päivänä.", at=AT + DAY)
    assert news()[2:] == [(other, MORNING + DAY, "digest")]


def test_message_of_the_night_leaves_on_the_same_morning():
    (first, one), (_second, other) = make_producer("A"), make_producer("B")

    say(first, one, at=datetime(2026, 12, 2, 1, tzinfo=UTC))

    assert news() == [(other, MORNING, "digest")]


def test_who_wrote_is_told_of_answers_only():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    say(first, one)

    say(second, other, "Kymmenen.", at=AT + HOUR)

    assert {reader for reader, *_rest in news()} == {one, other}


def test_writer_withdraws_a_message_within_minutes_and_nobody_is_written_to():
    (first, one), (_second, other) = make_producer("A"), make_producer("B")
    said = say(first, one)

    for by in (other, make_coordinator()):
        with pytest.raises(PermissionDenied):
            actions.withdraw_message(said, by=by, at=AT)
    gone = actions.withdraw_message(said, by=one, at=AT + timedelta(minutes=15))

    assert (gone.words, gone.gone_at, gone.removed_by) == ("", AT + timedelta(minutes=15), None)
    assert (news(), Thread.objects.get().waits_since) == ([], None)
    with pytest.raises(MessageGone):
        actions.withdraw_message(said, by=one, at=AT)


def test_other_messages_of_the_day_are_still_told_when_one_is_withdrawn():
    (first, one), (_second, other) = make_producer("A"), make_producer("B")
    say(first, one)
    said = say(first, one, "Väärä.", at=AT + HOUR)

    actions.withdraw_message(said, by=one, at=AT + HOUR)

    assert news() == [(other, MORNING, "digest")]


def test_message_is_not_withdrawn_later():
    organisation, one = make_producer()
    said = say(organisation, one)

    with pytest.raises(TooLateToWithdraw):
        actions.withdraw_message(said, by=one, at=AT + timedelta(minutes=16))

    said.refresh_from_db()
    assert said.words == "Montako tuntia riittää?"


def test_counter_removes_a_message_with_a_reason():
    organisation, one = make_producer()
    said, counter = say(organisation, one), make_coordinator()

    with pytest.raises(PermissionDenied):
        actions.remove_message(said, reason="Ei kuulu.", by=one, at=AT)
    gone = actions.remove_message(said, reason="Nimi viestissä.", by=counter, at=AT + DAY)

    assert (gone.words, gone.removed_by, gone.removed_why) == ("", counter, "Nimi viestissä.")
    assert (
        AuditEvent.objects.filter(act="training.remove_message", actor_id=counter.pk).count() == 1
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ThreadMessage.objects.filter(pk=said.pk).update(removed_why="")


def test_decision_has_its_day_and_a_later_one_takes_its_place_while_both_stay():
    (first, one), (_second, other) = make_producer("A"), make_producer("B")
    thread = say(first, one).thread

    with pytest.raises(NotDecidedYet):
        decide(thread, one, organisation=first, on=TODAY + DAY)
    before = decide(thread, one, organisation=first)
    again = decide(thread, one, organisation=first)
    after = decide(thread, make_coordinator(), words="Kaksitoista tuntia.", seen=1, at=AT + DAY)

    assert (before.pk == again.pk, before.organisation, after.number) == (True, first, 2)
    assert list(ThreadDecision.objects.in_force()) == [after]
    assert [d.words for d in thread.decisions.all()] == ["Kaksitoista tuntia.", "Kymmenen tuntia."]
    shown = Thread.objects.with_newest().get()
    assert (shown.decision, shown.decided_on, shown.last_at) == ("Kaksitoista tuntia.", TODAY, AT)
    assert [reader for reader, *_rest in news("training.decided")] == [other, one, other]


def test_who_decides_at_once_with_another_is_shown_theirs():
    (first, one), (second, other) = make_producer("A"), make_producer("B")
    thread = say(first, one).thread
    decide(thread, one, organisation=first)

    with pytest.raises(DecidedMeanwhile):
        decide(thread, other, words="Viisitoista.", organisation=second)

    assert ThreadDecision.objects.count() == 1


def test_steering_group_reads_decisions_only():
    organisation, one = make_producer()
    said = say(organisation, one)
    made, steering = decide(said.thread, one, organisation=organisation), make_steering()

    assert (
        list(ThreadDecision.objects.visible_to(steering)),
        list(Thread.objects.visible_to(steering)),
        list(ThreadMessage.objects.visible_to(steering)),
    ) == ([made], [], [])


def test_counter_is_asked_to_help_when_a_thread_goes_on_without_a_decision(settings):
    settings.LUUKKU_THREAD_DAYS = 45
    organisation, one = make_producer()
    thread = say(organisation, one).thread
    say(organisation, one, "Vieläkään ei sovittu.", at=AT + 40 * DAY)

    def waiting(at):
        return [row.since for row in queue(at=at, kind="thread")]

    assert (waiting(AT + 44 * DAY), waiting(AT + 46 * DAY)) == ([], [AT])
    decide(thread, one, organisation=organisation, at=AT + 46 * DAY)
    assert waiting(AT + 400 * DAY) == []
    say(organisation, one, "Muutetaanko?", at=AT + 50 * DAY)
    assert waiting(AT + 100 * DAY) == [AT + 50 * DAY]


def test_former_member_keeps_the_words_and_loses_the_name():
    organisation, one = make_producer()
    said, other = say(organisation, one), make_member(organisation, role=MemberRole.PRODUCER)
    say(organisation, other, "Kymmenen.")

    close(one, by=make_admin(), at=AT)
    ThreadMessage.objects.filter(by=other).update(by=None)

    assert [(writer_of(m), bool(m.words)) for m in messages_of(said.thread)] == [
        ("A former member", True)
    ] * 2


def test_writer_takes_a_decision_back_within_minutes_and_the_others_are_told():
    (first, one), (_second, other) = make_producer("A"), make_producer("B")
    thread = say(first, one).thread
    before = decide(thread, one, organisation=first, at=AT - HOUR)
    made = decide(thread, one, words="Kaksikymmentä.", seen=1, organisation=first)

    with pytest.raises(PermissionDenied):
        actions.withdraw_decision(made, by=other, at=AT)
    with pytest.raises(TooLateToWithdraw):
        actions.withdraw_decision(made, by=one, at=AT + HOUR)
    gone = actions.withdraw_decision(made, by=one, at=AT + timedelta(minutes=5))

    assert (gone.words, gone.gone_at) == ("", AT + timedelta(minutes=5))
    assert list(ThreadDecision.objects.in_force()) == [before]
    thread.refresh_from_db()
    assert thread.waits_since == AT
    assert [reader for reader, *_rest in news("training.decision_gone")] == [other]
    assert AuditEvent.objects.filter(act="training.withdraw_decision").count() == 1
    with pytest.raises(MessageGone):
        actions.withdraw_decision(gone, by=one, at=AT + timedelta(minutes=6))


def test_decision_that_another_has_replaced_is_not_taken_back_by_its_writer():
    organisation, one = make_producer()
    thread = say(organisation, one).thread
    first = decide(thread, one, organisation=organisation)
    decide(thread, one, words="Uusi.", seen=1, organisation=organisation)

    with pytest.raises(TooLateToWithdraw):
        actions.withdraw_decision(first, by=one, at=AT)


def test_words_of_a_decision_that_was_taken_away_leave_by_no_letter_any_more():
    organisation, one = make_producer("A")
    _theirs, other = make_producer("B")
    made = decide(say(organisation, one).thread, one, organisation=organisation)
    assert [letter.reader for letter in Letter.objects.filter(kind="training.decided")] == [other]

    actions.remove_decision(made, reason="Nimi.", by=make_coordinator(), at=AT)

    assert not Letter.objects.filter(kind="training.decided").exists()
    told = Letter.objects.filter(kind="training.decision_gone").order_by("reader")
    assert [letter.reader for letter in told] == [one, other]


def test_counter_removes_a_decision_with_a_reason_and_the_next_has_a_number_of_its_own():
    organisation, one = make_producer()
    thread, counter = say(organisation, one).thread, make_coordinator()
    made = decide(thread, one, organisation=organisation)

    with pytest.raises(PermissionDenied):
        actions.remove_decision(made, reason="Nimi.", by=one, at=AT)
    gone = actions.remove_decision(made, reason="Nimi.", by=counter, at=AT + DAY)

    assert (gone.words, gone.removed_by, gone.removed_why) == ("", counter, "Nimi.")
    assert list(ThreadDecision.objects.in_force()) == []
    assert Thread.objects.with_newest().get().decision is None
    assert [reader for reader, *_rest in news("training.decision_gone")] == [one]
    again = decide(thread, one, organisation=organisation, seen=1, at=AT + DAY)
    assert (again.number, list(ThreadDecision.objects.in_force())) == (2, [again])


def test_thanks_after_a_decision_makes_the_thread_wait_for_nothing():
    organisation, one = make_producer()
    thread = say(organisation, one).thread
    decide(thread, one, organisation=organisation)

    actions.write(
        thread.topic, words="Kiitos!", asks=False, organisation=organisation, by=one, at=AT + HOUR
    )
    thread.refresh_from_db()
    thanks = thread.waits_since
    say(organisation, one, "Entä etänä?", at=AT + DAY)
    thread.refresh_from_db()

    assert (thanks, thread.waits_since) == (None, AT + DAY)


def test_thread_in_which_nothing_needs_to_be_decided_waits_no_more():
    organisation, one = make_producer()
    thread = say(organisation, one).thread
    with pytest.raises(PermissionDenied):
        actions.settle(thread, by=make_steering(), at=AT)

    actions.settle(thread, by=one, at=AT + HOUR)
    settled = actions.settle(thread, by=one, at=AT + HOUR)

    assert (settled.waits_since, ThreadDecision.objects.count()) == (None, 0)
    assert AuditEvent.objects.filter(act="training.settle").count() == 1
    assert say(organisation, one, "Kuitenkin?", at=AT + DAY).thread.waits_since == AT + DAY


def test_messages_of_long_ago_are_deleted_and_decisions_stay():
    organisation, one = make_producer()
    old, other = say(organisation, one), say(organisation, one, "Muusta.", topic="ethics")
    made = decide(old.thread, one, organisation=organisation)
    new = say(organisation, one, "Uusi.", at=AT + 10 * DAY)

    assert actions.forget_messages(at=AT + 730 * DAY) == 0
    assert actions.forget_messages(at=AT + 731 * DAY) == 2

    assert list(ThreadMessage.objects.all()) == [new]
    assert ThreadDecision.objects.get() == made
    other.thread.refresh_from_db()
    assert other.thread.waits_since is None


@pytest.mark.parametrize("what", ["message", "decision"])
def test_database_keeps_no_words_of_what_is_gone(what):
    organisation, one = make_producer()
    said = say(organisation, one)
    made = decide(said.thread, one, organisation=organisation)
    rows = type(said if what == "message" else made).objects

    for fields in ({"gone_at": AT}, {"words": ""}):
        with pytest.raises(IntegrityError, match="has_words_or_is_gone"), transaction.atomic():
            rows.update(**fields)
