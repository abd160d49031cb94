"""What ``tell`` writes: language, channel, once only, in the transaction."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from luukku.audit.models import AuditEvent
from luukku.core import queue
from luukku.notices import actions, queries
from luukku.notices.actions import choose, tell, tell_address
from luukku.notices.models import Channel, Letter, NoticeChoice
from luukku.notices.notice import KINDS
from luukku.notices.queries import paper_beside
from tests import patience
from tests.factories.accounts import make_coordinator, make_person
from tests.notices.kinds import Duty, News, Quiet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
SEND = "luukku.notices.tasks.send_waiting"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_letter_is_in_the_language_of_its_reader(at, language):
    letter = tell(News(7), to=make_person(language=language), at=at)

    assert letter.subject == f"News 7 ({language})"
    assert letter.body == f"First 7 ({language})\n\nTom & <b>Jerry</b>"
    assert letter.link_label == f"Open ({language})"
    assert letter.link == f"http://testserver/{language}/me/letters/"
    assert (letter.made_at, letter.not_before_at, letter.sent_at) == (at, at, None)
    assert str(letter) == f"test.news #{letter.pk}"


def test_letter_to_an_address_without_an_account(at):
    letter = tell_address(Duty(), "Vieras@example.test", language="sv", at=at)

    assert (letter.reader, letter.email, letter.language) == (None, "Vieras@example.test", "sv")
    assert letter.channel == Channel.MAIL
    assert "example" not in letter.key


def test_letter_to_somebody_with_an_account_keeps_no_address(at):
    letter = tell(Duty(), to=make_person(), at=at)

    assert letter.email == ""


def test_letter_without_an_action_has_no_link(at):
    letter = tell(Quiet(), to=make_person(), at=at)

    assert (letter.link, letter.link_label, letter.calendar) == ("", "", "")


def test_subject_is_one_short_line(at, monkeypatch):
    monkeypatch.setattr(News, "subject", lambda self: "one\r\nBcc: two  " + "x" * 200)

    letter = tell(News(), to=make_person(), at=at)

    assert letter.subject == ("one Bcc: two " + "x" * 200)[:150]


@pytest.mark.parametrize(
    "notice, email, choice, channel",
    [
        (Duty, "a@example.test", None, Channel.MAIL),
        (Duty, "a@example.test", Channel.DESK, Channel.MAIL),
        (Duty, "a@example.test", Channel.DIGEST, Channel.MAIL),
        (Duty, "", None, Channel.PAPER),
        (News, "a@example.test", None, Channel.MAIL),
        (News, "a@example.test", Channel.MAIL, Channel.MAIL),
        (News, "a@example.test", Channel.DIGEST, Channel.DIGEST),
        (News, "a@example.test", Channel.DESK, Channel.DESK),
        (News, "", None, Channel.DESK),
        (News, "", Channel.MAIL, Channel.DESK),
        (Quiet, "a@example.test", None, Channel.DIGEST),
        (Quiet, "a@example.test", Channel.MAIL, Channel.MAIL),
    ],
)
def test_channel(at, notice, email, choice, channel):
    """What must be known comes at once whatever was chosen; other kinds come as chosen."""
    person = make_person(email=email)
    if choice:  # also an old choice for a kind that has become a must
        NoticeChoice.objects.create(user=person, kind=notice.kind, channel=choice)
        NoticeChoice.objects.create(user=make_person(), kind=notice.kind, channel=Channel.DESK)

    letter = tell(notice(), to=person, at=at)

    assert letter.channel == channel
    assert letter.sent_at == (at if channel == Channel.DESK else None)


def test_telling_twice_writes_one_letter(at):
    person = make_person()

    first = tell(News(), to=person, at=at)
    again = tell(News(), to=person, at=at + timedelta(hours=1))

    assert again == first
    assert again.made_at == at
    assert Letter.objects.count() == 1


def test_the_same_thing_is_told_to_each_reader(at):
    tell(News(), to=make_person(), at=at)
    tell(News(), to=make_person(), at=at)
    tell_address(News(), "a@example.test", language="fi", at=at)
    tell_address(News(), "A@example.test", language="fi", at=at)

    letters = Letter.objects.all()
    assert len(letters) == 3
    assert len({letter.message_id for letter in letters}) == 3
    assert all(letter.message_id.endswith("@testserver>") for letter in letters)


@pytest.mark.django_db(transaction=True)
def test_telling_at_the_same_moment_writes_one_letter(at):
    person, start, failed = make_person(), threading.Barrier(6), []

    def work():
        try:
            start.wait()
            with transaction.atomic():
                tell(News(), to=person, at=at)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=patience.SECONDS)

    assert failed == []
    assert Letter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_letter_goes_with_the_change_that_gave_its_reason(at):
    person = make_person()

    with pytest.raises(ZeroDivisionError):
        _tell_and_fail(person, at)

    assert (Letter.objects.count(), DBTaskResult.objects.count()) == (0, 0)


@transaction.atomic
def _tell_and_fail(person, at):
    tell(News(), to=person, at=at)
    raise ZeroDivisionError


def queued():
    return list(DBTaskResult.objects.values_list("task_path", flat=True))


def test_worker_is_woken_once_after_the_commit(at, django_capture_on_commit_callbacks):
    person = make_person()

    with django_capture_on_commit_callbacks(execute=True):
        tell(News(1), to=person, at=at)
        tell(Duty(2), to=person, at=at)
        assert queued() == []

    assert queued() == [SEND]


@pytest.mark.parametrize(
    "write",
    [
        lambda at: tell(News(), to=make_person(), at=at, not_before_at=at + timedelta(days=1)),
        lambda at: tell(Quiet(), to=make_person(), at=at),
        lambda at: tell(Duty(), to=make_person(email=""), at=at),
    ],
)
def test_worker_is_left_alone_when_nothing_is_due(at, write, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write(at)

    assert queued() == []


def test_queue_that_fails_hurts_nobody(at, monkeypatch, django_capture_on_commit_callbacks, caplog):
    def refuse(path):
        raise RuntimeError("queue is full")

    monkeypatch.setattr(queue, "import_string", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        letter = tell(News(), to=make_person(), at=at)

    assert "queue is full" in caplog.text
    assert list(Letter.objects.due(at)) == [letter]


def test_planned_letter_is_due_when_its_time_comes(at):
    person, later = make_person(), at + timedelta(days=2)

    letter = tell(News(), to=person, at=at, not_before_at=later)

    assert list(Letter.objects.due(later - timedelta(seconds=1))) == []
    assert list(Letter.objects.due(later)) == [letter]
    assert list(queries.letters_of(person, at=at)) == []
    assert list(queries.letters_of(person, at=later)) == [letter]


@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.DESK])
def test_planned_letter_can_be_withdrawn_until_it_has_come(at, channel):
    person, later = make_person(), at + timedelta(days=2)
    choose(person, News.kind, channel, by=person, at=at)
    for key in ("8", "8:1", "8:2", "81"):
        tell(News(key), to=person, at=at, not_before_at=later)
    told = tell(News("8:3"), to=person, at=at)
    Letter.objects.filter(pk=told.pk).update(sent_at=at)

    count = actions.forget_unsent("test.news:8")

    assert count == 3
    assert set(Letter.objects.values_list("key", flat=True)) == {
        f"test.news:81:{person.pk}",
        f"test.news:8:3:{person.pk}",
    }


# -- choices -----------------------------------------------------------------------------------


def test_choose_holds_from_then_on_and_is_remembered(at):
    person = make_person()

    choose(person, News.kind, Channel.DIGEST, by=person, at=at)
    choose(person, News.kind, Channel.DESK, by=person, at=at)

    choice = NoticeChoice.objects.get()
    assert str(choice) == "test.news: desk"
    event = AuditEvent.objects.latest("id")
    assert (event.act, event.actor_id, event.object_id) == (
        "notices.choose",
        person.pk,
        str(choice.pk),
    )
    assert event.data == {"kind": "test.news", "channel": "desk"}
    assert AuditEvent.objects.count() == 2


def test_choose_on_behalf_of_somebody_says_so(at):
    person, counter = make_person(), make_coordinator()

    choose(person, News.kind, Channel.DESK, by=counter, at=at)

    event = AuditEvent.objects.get()
    assert (event.actor_id, event.on_behalf_of_id) == (counter.pk, person.pk)


@pytest.mark.parametrize("notice", [News, Duty])
def test_tell_leaves_letters_to_a_closed_account_on_its_desk(notice, at):
    person = make_person(is_active=False)

    letter = tell(notice(), to=person, at=at)

    assert (letter.channel, letter.sent_at) == (Channel.DESK, at)


def test_choose_is_for_oneself_and_the_counter(at):
    person, stranger, counter = make_person(), make_person(), make_coordinator()

    choose(person, News.kind, Channel.DESK, by=counter, at=at)
    with pytest.raises(PermissionDenied):
        choose(person, News.kind, Channel.MAIL, by=stranger, at=at)

    assert NoticeChoice.objects.get().channel == Channel.DESK
    assert not stranger.has_perm("notices.choose", None)


@pytest.mark.parametrize(
    "kind, channel",
    [("test.duty", Channel.DESK), ("test.unknown", Channel.DESK), ("test.news", Channel.PAPER)],
)
def test_choose_refuses_what_cannot_be_chosen(at, kind, channel):
    person = make_person()

    with pytest.raises(ValueError, match=kind):
        choose(person, kind, channel, by=person, at=at)

    assert NoticeChoice.objects.count() == 0


def test_choices_of_names_every_optional_kind_with_what_holds(at):
    person = make_person()
    choose(person, News.kind, Channel.DESK, by=person, at=at)
    choose(make_person(), Quiet.kind, Channel.MAIL, by=make_coordinator(), at=at)

    choices = {choice.kind: choice for choice in queries.choices_of(person)}

    assert "test.duty" not in choices
    assert choices["test.news"] == queries.Choice("test.news", "News of a test", Channel.DESK)
    assert choices["test.quiet"] == queries.Choice("test.quiet", "A quiet thing", Channel.DIGEST)
    assert all(choice.label for choice in choices.values())


# -- the desk and the counter --------------------------------------------------------------------


def test_letters_of_a_person_newest_first_and_unread_until_marked(at):
    person, later = make_person(), at + timedelta(hours=1)
    old = tell(News(1), to=person, at=at)
    new = tell(Duty(2), to=person, at=later)
    tell(News(3), to=make_person(), at=at)
    planned = tell(News(4), to=person, at=at, not_before_at=at + timedelta(days=9))

    assert list(queries.letters_of(person, at=later)) == [new, old]
    assert queries.unread_count(person, at=at) == 1
    assert queries.unread_count(person, at=later) == 2

    assert actions.mark_read(person, at=later) == 2

    assert queries.unread_count(person, at=later) == 0
    planned.refresh_from_db()
    assert planned.read_at is None


def test_paper_queue_holds_what_the_counter_has_not_told_yet(at):
    person, counter = make_person(email=""), make_coordinator()
    second = tell(Duty(2), to=person, at=at + timedelta(hours=1))
    first = tell(Duty(1), to=person, at=at)
    tell(News(3), to=person, at=at)
    assert list(queries.paper_queue()) == [first, second]

    assert actions.deliver(first, by=counter, at=at) is True
    assert actions.deliver(first, by=counter, at=at) is False

    assert list(queries.paper_queue()) == [second]
    event = AuditEvent.objects.get()
    assert (event.act, event.actor_id, event.object_id) == (
        "notices.deliver",
        counter.pk,
        str(first.pk),
    )


def test_deliver_is_for_the_counter(at):
    person = make_person(email="")
    letter = tell(Duty(), to=person, at=at)

    with pytest.raises(PermissionDenied):
        actions.deliver(letter, by=person, at=at)

    assert list(queries.paper_queue()) == [letter]


def test_two_kinds_cannot_share_a_name():
    with pytest.raises(ValueError, match=r"Two notices are called test\.news"):
        type("Other", (News,), {"kind": "test.news"})


def test_notice_without_extras_has_no_action_and_no_calendar():
    assert Quiet().action() is None
    assert super(News, News()).action() is None
    assert super(News, News()).calendar() == ""


# -- kept no longer than needed -------------------------------------------------------------------


def test_letters_are_deleted_when_they_came_long_ago_on_the_desk_too(at):
    person, later = make_person(), at + timedelta(days=2)
    choose(person, Quiet.kind, Channel.DESK, by=person, at=at)
    letters = [
        tell(Quiet(1), to=person, at=at, not_before_at=later),  # planned for the desk
        tell(News(1), to=person, at=at, not_before_at=later),  # planned for the mail, then chosen
    ]
    choose(person, News.kind, Channel.DESK, by=person, at=at)
    waiting = tell(Duty(1), to=person, at=at)  # mail that has not left

    assert actions.forget_old(before=later) == 0
    assert actions.forget_old(before=later + timedelta(seconds=1)) == len(letters)
    assert list(Letter.objects.all()) == [waiting]


@pytest.mark.parametrize("before", [Channel.MAIL, Channel.DIGEST])
def test_letter_that_is_chosen_away_from_the_mail_counts_as_no_mail_that_was_taken(at, before):
    person = make_person()
    choose(person, News.kind, before, by=person, at=at)
    letter = tell(News(1), to=person, at=at)

    choose(person, News.kind, Channel.DESK, by=person, at=at)

    letter.refresh_from_db()
    assert (letter.channel, letter.sent_at) == (Channel.DESK, at)


class Extra(News):
    """By mail to some only."""

    kind = "test.extra"
    label = "Something extra"

    @classmethod
    def default_for(cls, reader):
        return Channel.MAIL if reader.name == "Yes" else Channel.DESK


KINDS.pop(Extra.kind)


@pytest.mark.parametrize(("name", "channel"), [("Yes", Channel.MAIL), ("No", Channel.DESK)])
def test_choices_of_tells_what_is_done_for_this_reader(at, monkeypatch, name, channel):
    monkeypatch.setitem(KINDS, Extra.kind, Extra)
    person = make_person(name)

    [choice] = [one for one in queries.choices_of(person) if one.kind == Extra.kind]

    assert (choice.channel, tell(Extra(1), to=person, at=at).channel) == (channel, channel)


# -- is the mail late? ----------------------------------------------------------------------------


class AboutOrder(Duty):
    """About one matter: these leave one after the other."""

    kind = "test.about_order"

    def about(self):
        return "order-45"


KINDS.pop(AboutOrder.kind)


def test_one_full_mailbox_is_no_outage(at):
    person, later = make_person(), at + timedelta(minutes=10)
    first, _behind = (tell(AboutOrder(n), to=person, at=at) for n in (1, 2))
    Letter.objects.filter(pk=first.pk).update(retry_at=at + timedelta(hours=1))

    assert queries.mail_late_since(at=later) is None
    tell(Duty(3), to=make_person(), at=at)
    assert queries.mail_late_since(at=later) == at


def test_letter_to_nobody_with_an_account_has_none_beside_it(at):
    letter = tell_address(Duty(), "vieras@example.test", language="fi", at=at)

    assert paper_beside(letter) == [letter]
