"""The pages of the shared threads: a producer's desk, the counter's, and the steering group's decisions."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.audit.models import AccessLog
from luukku.organisations.models import MemberRole, Task
from luukku.taxonomy.models import Topic
from luukku.training import actions
from luukku.training.models import Thread, ThreadDecision, ThreadMessage
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.organisations import make_member, make_organisation
from tests.markup import flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
LIST, ONE = 8, 12  # queries of a page
WORDS = "Montako tuntia riittää?"


def url(name, *args):
    return reverse(name, args=args)


def desk_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


def decided(words="Kymmenen tuntia.", seen=0):
    return sent(words=words, decided_on=str(timezone.localdate()), seen=seen)


def make_producer(name="Järjestö"):
    organisation = make_organisation(name, tasks=[Task.TRAINS])
    return organisation, make_member(organisation, role=MemberRole.PRODUCER)


def say(topic="story", at=None, words=WORDS):
    organisation, by = make_producer()
    return actions.write(
        topic and Topic.objects.get(pk=topic), words=words, organisation=organisation, by=by,
        at=at or timezone.now(),
    )  # fmt: skip


def test_producer_writes_about_a_topic_and_another_one_answers_and_reads():
    (_first, one), (_second, other) = make_producer("A"), make_producer("B")
    desk, theirs = desk_of(one), desk_of(other)
    assert url("orderer:threads") in desk.get(url("orderer:runs")).content.decode()

    form = sent(topic="story", words=WORDS)
    new = [desk.post(url("orderer:thread-new"), form).url for _n in range(2)]
    page = url("orderer:thread", Thread.objects.get().pk)
    theirs.post(page, sent(words="Kymmenen."))

    assert (new, ThreadMessage.objects.count()) == ([page, page], 2)
    shown = flat(theirs.get(page))
    assert all(words in shown for words in (WORDS, one.name, ", A", "Kymmenen."))
    assert Topic.objects.get(pk="story").name in flat(theirs.get(url("orderer:threads")))


def test_what_has_been_decided_is_found_also_when_the_talk_goes_on():
    said, (_second, other) = say(), make_producer("B")
    waiting = say("ethics")
    desk, threads = desk_of(other), url("orderer:threads")
    desk.post(url("orderer:thread-decide", said.thread_id), decided())
    desk.post(url("orderer:thread", said.thread_id), sent(words="Kiitos."))

    found = {
        value: {row.of.pk for row in desk.get(f"{threads}?decided={value}").context["list"].rows}
        for value in ("yes", "no")
    }

    assert found["yes"] == {said.thread_id}
    assert waiting.thread_id in found["no"]


def test_common_core_has_a_thread_of_its_own():
    _organisation, one = make_producer()

    desk_of(one).post(url("orderer:thread-new"), sent(topic="core", words=WORDS))

    assert Thread.objects.get().topic is None


def test_writer_takes_a_message_away_within_minutes_and_the_button_is_gone_later():
    old, said = say(at=timezone.now() - timedelta(hours=1)), say("ethics")
    page, act = url("orderer:thread", said.thread_id), url("orderer:message-withdraw", said.pk)
    desk = desk_of(said.by)
    assert act in desk.get(page).content.decode()

    assert desk.post(act, sent()).url == page

    shown = desk.get(page)
    assert "Withdrawn by who wrote it." in flat(shown)
    assert act not in shown.content.decode()
    late = desk_of(old.by)
    answer = late.post(url("orderer:message-withdraw", old.pk), sent(), follow=True)
    assert "so it stays" in flat(answer)
    assert WORDS in flat(answer)


def test_decision_is_written_down_and_a_second_one_at_once_is_shown_the_first():
    said, (_second, other) = say(), make_producer("B")
    page, decide = (url(f"orderer:{name}", said.thread_id) for name in ("thread", "thread-decide"))
    desk, theirs = desk_of(said.by), desk_of(other)

    assert desk.post(decide, decided()).url == page
    late = theirs.post(decide, decided("Viisitoista."))

    assert late.status_code == 422
    assert all(words in flat(late) for words in ("Kymmenen tuntia.", "Viisitoista.", "meanwhile"))
    assert 'name="seen" value="1"' in flat(late)
    assert theirs.post(decide, decided("Viisitoista.", seen=1)).url == page
    shown = flat(theirs.get(page))
    assert "Earlier decisions" in shown
    assert shown.index("Viisitoista.") < shown.index("Kymmenen tuntia.")


def test_odd_numbers_and_days_are_answered_kindly():
    said = say()
    desk, decide = desk_of(said.by), url("orderer:thread-decide", said.thread_id)
    tomorrow = timezone.localdate() + timedelta(days=1)

    for changes in ({"decided_on": str(tomorrow)}, {"decided_on": "0001-01-01"}, {"words": " "}):
        assert desk.post(decide, decided() | changes).status_code == 422
    assert desk.post(decide, decided(seen="9" * 40)).status_code == 303
    assert ThreadDecision.objects.count() == 1


def test_counter_writes_down_what_an_organisation_tells_by_phone_and_removes_a_message():
    counter = desk_of(make_coordinator())
    said, (second, _other) = say(), make_producer("Soittaja ry")
    page, remove = url("counter:thread", said.thread_id), url("counter:message-remove", said.pk)
    counter.post(page, sent(words="Viisi.", organisation=second.pk))
    shown = counter.get(page)
    assert "Told by phone" in flat(shown)
    assert "Soittaja ry" in flat(shown)
    assert remove in shown.content.decode()
    assert "gone for good" in flat(counter.get(remove))

    assert counter.post(remove, sent()).status_code == 422
    assert counter.post(remove, sent(reason="Nimi viestissä")).url == page

    assert "The counter has removed this message: Nimi viestissä" in flat(counter.get(page))
    assert WORDS not in flat(counter.get(page))
    assert counter.get(remove).url == page


def test_counter_begins_a_thread_and_decides():
    counter = desk_of(make_coordinator())
    counter.post(url("counter:thread-new"), sent(topic="core", words=WORDS))
    thread = Thread.objects.get()

    counter.post(url("counter:thread-decide", thread.pk), decided())

    made = ThreadDecision.objects.get()
    assert (made.organisation, made.words) == (None, "Kymmenen tuntia.")
    assert "Kymmenen tuntia." in flat(counter.get(url("counter:threads")))


def test_steering_group_reads_decisions_and_no_message():
    said = say()
    made = actions.decide(
        said.thread, words="Kymmenen tuntia.", decided_on=timezone.localdate(), seen=0,
        by=make_coordinator(), at=timezone.now(),
    )  # fmt: skip
    desk = desk_of(make_steering())

    assert url("counter:decisions") in desk.get(url("counter:home")).content.decode()
    for page in (url("counter:decisions"), url("counter:decision", made.pk)):
        shown = flat(desk.get(page))
        assert "Kymmenen tuntia." in shown
        assert WORDS not in shown
    for page in (url("counter:threads"), url("counter:thread", said.thread_id)):
        assert desk.get(page).status_code in {403, 404}


def test_strangers_and_orderers_find_no_thread():
    said = say()

    for user in (make_person(), make_member(make_organisation())):
        desk = desk_of(user)
        for page in ("orderer:thread", "orderer:thread-decide"):
            assert desk.get(url(page, said.thread_id)).status_code in {302, 403, 404}
        desk.post(url("orderer:thread", said.thread_id), sent(words="Ohi."))
        desk.post(url("orderer:message-withdraw", said.pk), sent())
    assert list(ThreadMessage.objects.values_list("gone_at", flat=True)) == [None]


def test_reading_a_thread_is_noted_of_who_wrote():
    said, (_second, other) = say(), make_producer("B")

    desk = desk_of(other)

    desk.get(url("orderer:thread-decide", said.thread_id))
    assert not AccessLog.objects.filter(reader_id=other.pk).exists()  # it shows no message
    desk.get(url("orderer:thread", said.thread_id))

    noted = AccessLog.objects.filter(reader_id=other.pk, person_ids__contains=[said.by_id])
    assert any("training.threadmessage.words" in row.what for row in noted)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_thread_ask_as_much_for_one_as_for_many(rows, django_assert_num_queries):
    topics = list(Topic.objects.values_list("pk", flat=True)[:rows])
    said = [say(topic) for topic in topics]
    for _n in range(rows):
        organisation, by = make_producer()
        actions.write(
            said[0].thread.topic,
            words="Lisää.",
            organisation=organisation,
            by=by,
            at=timezone.now(),
        )
    desk = desk_of(said[0].by)
    desk.get(url("orderer:threads"))

    with django_assert_num_queries(LIST):
        desk.get(url("orderer:threads"))
    with django_assert_num_queries(ONE):
        desk.get(url("orderer:thread", said[0].thread_id))


@pytest.mark.parametrize("whose", ["orderer", "counter"])
def test_decision_is_taken_back_by_who_wrote_it_down(whose):
    thread = say().thread
    by = make_producer("B")[1] if whose == "orderer" else make_coordinator()
    desk, page = desk_of(by), url(f"{whose}:thread", thread.pk)
    desk.post(url(f"{whose}:thread-decide", thread.pk), decided())
    made = ThreadDecision.objects.get()
    take_back = url(f"{whose}:decision-withdraw", made.pk)
    offered = take_back in flat(desk.get(page))

    desk.post(take_back, sent())

    assert (offered, "Taken back by who wrote it down." in flat(desk.get(page))) == (True, True)
    assert list(ThreadDecision.objects.in_force()) == []


def test_counter_removes_a_decision_and_the_steering_group_reads_it_no_more():
    thread, desk = say().thread, desk_of(make_coordinator())
    desk_of(make_producer("B")[1]).post(url("orderer:thread-decide", thread.pk), decided())
    made = ThreadDecision.objects.get()
    remove = url("counter:decision-remove", made.pk)
    assert remove in flat(desk.get(url("counter:thread", thread.pk)))

    desk.post(remove, sent(reason="Nimi päätöksessä."))

    shown = flat(desk.get(url("counter:thread", thread.pk)))
    assert ("Nimi päätöksessä." in shown, "Kymmenen tuntia." in shown) == (True, False)
    steering = desk_of(make_steering())
    assert "Kymmenen tuntia." not in flat(steering.get(url("counter:decisions")))
    assert steering.get(url("counter:decision", made.pk)).status_code == 303
    assert desk.get(remove).status_code == 303


def test_message_after_a_decision_asks_for_none_unless_its_writer_says_so():
    thread, desk = say().thread, desk_of(make_producer("B")[1])
    page = url("orderer:thread", thread.pk)
    box = re.compile(r"<input[^>]*is_talk[^>]*>")
    (before,) = box.findall(desk.get(page).content.decode())
    desk.post(url("orderer:thread-decide", thread.pk), decided())
    (after,) = box.findall(desk.get(page).content.decode())

    desk.post(page, sent(words="Kiitos!", is_talk="on"))

    assert ("checked" in before, "checked" in after) == (False, True)
    thread.refresh_from_db()
    assert thread.waits_since is None


@pytest.mark.parametrize("whose", ["orderer", "counter"])
def test_thread_is_settled_without_a_decision(whose):
    thread = say().thread
    desk = desk_of(make_producer("B")[1] if whose == "orderer" else make_coordinator())
    act, page = url(f"{whose}:thread-settle", thread.pk), url(f"{whose}:thread", thread.pk)
    offered = act in flat(desk.get(page))

    desk.post(act, sent())

    thread.refresh_from_db()
    assert (offered, thread.waits_since, act in flat(desk.get(page))) == (True, None, False)


def test_newest_thirty_messages_stand_first_and_links_can_be_pressed():
    organisation, by = make_producer()
    desk = desk_of(by)
    for n in range(31):
        thread = actions.write(
            Topic.objects.get(pk="story"), words=f"Viesti {n}. https://esimerkki.example/{n}",
            organisation=organisation, by=by, at=timezone.now(),
        ).thread  # fmt: skip
    page = url("orderer:thread", thread.pk)

    first, second = (flat(desk.get(f"{page}?page={n}")) for n in (1, 2))

    assert ("Viesti 0." in first, "Viesti 1." in first, "Viesti 30." in first) == (
        False, True, True,
    )  # fmt: skip
    assert ("Viesti 0." in second, "Viesti 1." in second) == (True, False)
    assert first.index("Viesti 1.") < first.index("Viesti 30.")
    assert 'href="https://esimerkki.example/30" rel="nofollow"' in first


def test_thread_that_has_waited_long_stands_on_the_desk_of_those_who_train():
    now = timezone.now()
    long, new = say(at=now - timedelta(days=46)).thread, say("ethics", at=now).thread
    desk = desk_of(make_producer("B")[1])

    page = flat(desk.get(url("orderer:desk")))

    assert url("orderer:thread", long.pk) in page
    assert url("orderer:thread", new.pk) not in page
    desk.post(url("orderer:thread-settle", long.pk), sent())
    assert url("orderer:thread", long.pk) not in flat(desk.get(url("orderer:desk")))
