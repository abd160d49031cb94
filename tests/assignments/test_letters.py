"""What people read of a task, in which order, how often: also when the mail server has been away."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils.formats import date_format
from icalendar import Calendar

from luukku.accounts.models import User as Person
from luukku.assignments import actions
from luukku.assignments.calendar import feed
from luukku.assignments.models import Via
from luukku.core.duty import queue
from luukku.core.times import helsinki
from luukku.notices.actions import deliver, send_outbox
from luukku.notices.models import Channel, Letter
from luukku.notices.queries import Fate, fate_of
from luukku.orders.models import CancelledBy
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_offer, make_search
from tests.factories.experts import make_expert

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Away(EmailBackend):
    """A mail server that is away when it is told to be."""

    is_away = True

    def open(self):
        if Away.is_away:
            raise ConnectionRefusedError


@pytest.fixture
def outage(settings, monkeypatch):
    settings.EMAIL_BACKEND = "tests.assignments.test_letters.Away"
    monkeypatch.setattr(Away, "is_away", True)

    def end():
        Away.is_away = False

    return end


def accept(offer, at):
    return actions.accept(offer, by=offer.expert.user, at=at, via=Via.DESK)


def change(order, at, *, days=16):
    start = at + timedelta(days=days)
    return actions.change_time(
        order, starts_at=start, ends_at=start + timedelta(hours=2), by=make_coordinator(), at=at
    )


def cancel(order, at, *, reason="Kurssi siirtyi", whose=CancelledBy.ORDERER):
    by = order.contact if whose == CancelledBy.ORDERER else make_coordinator()
    return actions.cancel_order(order, whose=whose, reason=reason, by=by, at=at)


def read_by(person):
    """The subjects of what reached ``person`` about orders."""
    about = Letter.objects.filter(about__startswith="order-")
    ids = set(about.values_list("message_id", flat=True))
    return [
        message.subject
        for message in mail.outbox
        if message.to == [person.email] and message.extra_headers["Message-ID"] in ids
    ]


def run_every_minute(at, *, minutes):
    for number in range(minutes):
        send_outbox(at=at + number * MINUTE)


# -- after an outage -----------------------------------------------------------------------------


def test_outage_leaves_the_newest_truth_only(at, outage):
    offer = make_offer(at)
    expert, contact = offer.expert.user, offer.order.contact
    task = accept(offer, at)
    run_every_minute(at, minutes=5)
    change(task.order, at + 40 * MINUTE)
    outage()

    run_every_minute(at + 42 * MINUTE, minutes=90)

    assert read_by(expert) == ["Sovitulla tehtävällä on uusi aika"]
    assert read_by(contact)[-1].endswith("uusi aika")
    assert not any("löytyi" in subject for subject in read_by(contact))
    assert Letter.objects.on_paper().count() == 0


def test_outage_over_a_cancellation_says_only_that_it_is_off(at, outage):
    offer = make_offer(at)
    task = accept(offer, at)
    cancel(task.order, at + 10 * MINUTE)
    outage()

    run_every_minute(at + 42 * MINUTE, minutes=5)

    assert read_by(task.expert.user) == ["Sovittu tehtävä on peruttu"]
    assert read_by(task.order.contact)[-1].endswith("peruttu")
    assert not Letter.objects.filter(sent_at=None, channel=Channel.MAIL).exists()


def test_letters_about_one_order_leave_in_the_order_they_were_written_also_when_one_fails(
    at, outage
):
    task = accept(make_offer(at), at)
    outage()
    first = Letter.objects.get(reader=task.expert.user, kind="assignments.agreed")
    Letter.objects.filter(pk=first.pk).update(retry_at=at + 30 * MINUTE)
    order = task.order
    order.mode, order.meeting_url = "remote", ""
    order.save()
    actions.change_link(order, "https://a.example", by=make_coordinator(), at=at + MINUTE)

    send_outbox(at=at + 2 * MINUTE)
    assert read_by(task.expert.user) == []
    run_every_minute(at + 30 * MINUTE, minutes=2)

    assert read_by(task.expert.user) == ["Tehtävästä on sovittu", "Etätehtävän linkki"]


def test_reminder_that_came_too_late_is_not_sent(at, outage):
    task = make_agreed(at)
    mail.outbox.clear()
    outage()

    send_outbox(at=task.starts_at + MINUTE)

    assert "Tehtävä lähestyy" not in " ".join(read_by(task.expert.user))
    assert not Letter.objects.filter(kind="assignments.reminder", sent_at=None).exists()


def test_reminder_waits_for_the_morning_and_a_cancellation_does_not(at):
    task = make_agreed(at)
    night = task.starts_at.replace(hour=22, minute=0) - 2 * DAY  # 0.00 in Helsinki
    send_outbox(at=at)
    mail.outbox.clear()

    send_outbox(at=night + timedelta(hours=5))
    assert mail.outbox == []
    cancel(task.order, night + timedelta(hours=5, minutes=1))
    send_outbox(at=night + timedelta(hours=5, minutes=2))

    assert read_by(task.expert.user) == ["Sovittu tehtävä on peruttu"]


# -- one letter for one thing -----------------------------------------------------------------------


def test_orderer_of_three_experts_gets_one_reminder_one_cancellation_one_entry(at):
    order = make_search(at, experts_wanted=3)
    tasks = [make_agreed(at, order=order) for _n in range(3)]
    contact = order.contact
    send_outbox(at=at)
    mail.outbox.clear()

    send_outbox(at=tasks[0].starts_at - DAY)
    assert len(read_by(contact)) == 1
    entries = Calendar.from_ical(feed(contact, at=at)).walk("VEVENT")
    assert [str(entry["UID"]) for entry in entries] == [f"order-{order.pk}@testserver"]
    mail.outbox.clear()
    cancel(order, tasks[0].starts_at - DAY)
    send_outbox(at=tasks[0].starts_at - DAY)

    assert read_by(contact) == [f"Tilaus {order.pk}: peruttu"]
    for task in tasks:
        assert read_by(task.expert.user) == ["Sovittu tehtävä on peruttu"]
    [entry] = Calendar.from_ical(feed(contact, at=at)).walk("VEVENT")
    assert str(entry["STATUS"]) == "CANCELLED"


def test_orderer_of_one_expert_reads_one_letter_when_it_is_agreed(at):
    task = accept(make_offer(at), at)

    told = Letter.objects.filter(reader=task.order.contact, made_at=at, not_before_at=at)

    assert [letter.subject for letter in told.exclude(kind__startswith="orders.")] == [
        f"Tilaus {task.order_id}: kokemusasiantuntija löytyi"
    ]
    assert not told.filter(kind="orders.staffed").exists()


def test_expert_who_cancels_is_told_to_the_orderer_once(at):
    order = make_search(at, experts_wanted=3)
    tasks = [make_agreed(at, order=order) for _n in range(3)]
    send_outbox(at=at)
    mail.outbox.clear()

    actions.cancel(
        tasks[0], whose=CancelledBy.EXPERT, reason="Sairastuin", by=tasks[0].expert.user, at=at
    )
    send_outbox(at=at)

    [message] = [one for one in mail.outbox if one.to == [order.contact.email]]
    assert "alamme heti etsiä toista" in message.body
    assert "Sairastuin" not in message.body
    assert message.attachments == []  # the others come: the entry stays
    assert Letter.objects.filter(reader=order.contact, kind="assignments.reminder").count() == 1


def test_calendar_entry_of_an_order_counts_on_over_cancelling_and_a_new_yes(at):
    order = make_search(at)
    sequences = []
    for _n in range(2):
        task = make_agreed(at, order=order)
        sequences.append(sequence(order.contact, at))
        actions.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=at)
        order.refresh_from_db()
        sequences.append(sequence(order.contact, at))

    assert sequences == sorted(set(sequences))


def sequence(user, at):
    [entry] = Calendar.from_ical(feed(user, at=at)).walk("VEVENT")
    return entry["SEQUENCE"]


# -- bad news --------------------------------------------------------------------------------------


def test_expert_reads_the_orderers_reason_and_a_kind_word(at):
    task = make_agreed(at)

    cancel(task.order, at)

    letter = Letter.objects.get(reader=task.expert.user, kind="assignments.cancelled")
    assert "Tilaajan syy: Kurssi siirtyi" in letter.body
    assert "Olemme pahoillamme" in letter.body


def test_counters_reason_is_told_to_both_as_its_form_says(at):
    task = make_agreed(at)

    cancel(task.order, at, whose=CancelledBy.COUNTER, reason="Koulutustila meni remonttiin")

    told = Letter.objects.filter(kind="assignments.cancelled")
    assert {letter.reader for letter in told} == {task.expert.user, task.order.contact}
    assert all("Luukun syy: Koulutustila meni remonttiin" in letter.body for letter in told)


def test_counters_reason_is_told_to_the_orderer_when_nobody_had_said_yes(at):
    order = make_search(at)

    cancel(order, at, whose=CancelledBy.COUNTER, reason="Koulutustila meni remonttiin")

    letter = Letter.objects.get(reader=order.contact, kind="orders.cancelled")
    assert "Luukun syy: Koulutustila meni remonttiin" in letter.body


def test_experts_own_reason_is_told_to_nobody(at):
    task = make_agreed(at)
    by = task.expert.user

    actions.cancel(task, whose=CancelledBy.EXPERT, reason="Sairastuin", by=by, at=at)

    assert [x for x in Letter.objects.all() if "Sairastuin" in x.body] == []


def test_reason_lies_encrypted(at):
    from django.db import connection

    cancel(make_agreed(at).order, at)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(body, ' ') FROM notices_letter")
        assert "Kurssi siirtyi" not in cursor.fetchone()[0]


def test_who_was_not_quick_enough_is_thanked(at):
    order = make_search(at)
    late = make_offer(at, order=order)
    accept(make_offer(at, order=order), at)

    letter = Letter.objects.get(reader=late.expert.user, kind="assignments.filled")

    assert letter.body.startswith("Toinen ehti vastata ensin. Kiitos, että olit valmis.")


def test_person_without_an_address_is_rung_about_the_newest_truth_only(at):
    expert = make_expert(at=at, user=make_person(email=""))
    task = accept(make_offer(at, expert=expert), at)

    cancel(task.order, at + MINUTE)

    told = Letter.objects.on_paper().filter(reader=expert.user, about=f"order-{task.order_id}")
    assert [letter.kind for letter in told] == ["assignments.cancelled"]


# -- told by phone ---------------------------------------------------------------------------------


def to_tell(person):
    """What a person at the counter still has to tell, the oldest first."""
    of_orders = Letter.objects.on_paper().filter(reader=person, about__startswith="order-")
    return list(of_orders.order_by("pk"))


@pytest.mark.parametrize("who", ["contact", "expert"])
def test_moved_time_is_told_by_phone_beside_the_yes_that_nobody_has_told(at, who):
    offer = make_offer(at, expert=make_expert(at=at, user=make_person(email="")))
    Person.objects.filter(pk=offer.order.contact_id).update(email=None)
    offer.refresh_from_db()
    task = accept(offer, at)
    reader = task.expert.user if who == "expert" else task.order.contact

    change(task.order, at + MINUTE, days=16)
    change(task.order, at + 2 * MINUTE, days=17)

    agreed, moved = to_tell(reader)
    assert [agreed.kind, moved.kind] == ["assignments.agreed", "assignments.changed"]
    day = date_format(helsinki(at + 17 * DAY), "j.n.")
    assert day in agreed.body
    assert day in moved.body


def test_yes_that_was_told_by_phone_is_not_told_again_with_the_new_time(at):
    expert = make_expert(at=at, user=make_person(email=""))
    task = accept(make_offer(at, expert=expert), at)
    [agreed] = to_tell(expert.user)
    deliver(agreed, by=make_coordinator(), at=at)

    change(task.order, at + MINUTE)

    assert [letter.kind for letter in to_tell(expert.user)] == ["assignments.changed"]


def test_offer_that_nobody_has_told_by_phone_ends_without_a_call(at):
    offer = make_offer(at, expert=make_expert(at=at, user=make_person(email="")))
    assert [letter.kind for letter in to_tell(offer.expert.user)] == ["assignments.offered"]

    cancel(offer.order, at + MINUTE)

    assert to_tell(offer.expert.user) == []


def test_reminder_of_who_has_no_email_is_a_call_two_days_before(at):
    expert = make_expert(at=at, user=make_person(email=""))
    task = accept(make_offer(at, expert=expert), at)
    for letter in Letter.objects.on_paper().filter(reader=expert.user):
        deliver(letter, by=make_coordinator(), at=at)
    reminder = Letter.objects.get(reader=expert.user, kind="assignments.reminder")
    day = task.starts_at - 2 * DAY

    assert fate_of(reminder, at=at) == (Fate.LATER, day)
    assert list(queue(at=day - MINUTE, kind="letter")) == []
    assert [duty.key for duty in queue(at=day, kind="letter")] == [reminder.pk]
    assert fate_of(reminder, at=day) == (Fate.BY_POST, day)
    send_outbox(at=task.starts_at)
    reminder.refresh_from_db()
    assert fate_of(reminder, at=task.starts_at)[0] == Fate.OVER
