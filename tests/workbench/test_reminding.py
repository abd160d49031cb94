"""Reminding many at once: one letter for each answer, never two within the rule's days; beside it its permission twin."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from luukku.assignments import actions as assignments
from luukku.audit.models import AuditEvent
from luukku.feedback import actions as feedback
from luukku.feedback.models import Side
from luukku.notices.models import Channel, Letter, NoticeChoice
from luukku.orders.states import OrderState
from luukku.workbench import actions
from luukku.workbench.queries import reminders_of
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.assignments import (
    make_agreed,
    make_done,
    make_offer,
    make_search,
    make_series_offers,
)
from tests.factories.experts import make_expert
from tests.factories.feedback import give
from tests.factories.orders import make_order

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAYS = timedelta(days=3)
QUERIES = 7
BESIDE = "Your feedback on the order’s other tasks is awaited on your desk."


def _(words):
    """Return ``words`` as letters say them."""
    with translation.override("fi"):
        return translation.gettext(words)


def told(person, at):
    return [one.kind for one in Letter.objects.filter(reader=person, made_at=at)]


def test_remind_writes_to_who_has_not_answered_an_offer_by_the_same_link(at):
    offer, kaisa = make_offer(at), make_coordinator()
    later = at + DAYS

    found = actions.remind([offer.order], by=kaisa, at=later)

    assert [(one.name, one.reader) for one in found.letters] == [
        (offer.expert.code_name, offer.expert.user)
    ]
    first, letter = Letter.objects.filter(kind="assignments.offered").order_by("pk")
    assert letter.subject == _("A task offered to you waits for your answer")
    assert letter.body.startswith(_("We have not had your answer yet. A no is a good answer, too."))
    assert letter.link.split("/l/")[1].split("/")[0] == first.link.split("/l/")[1].split("/")[0]
    assert letter.expires_at == offer.expires_at
    (event,) = AuditEvent.objects.filter(act="workbench.remind")
    assert event.object_id == str(offer.order_id)
    assert event.data == {"kind": "assignments.offered", "to": offer.expert.user_id}


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_remind_is_for_the_counter(at, make):
    offer = make_offer(at)

    with pytest.raises(PermissionDenied):
        actions.remind([offer.order], by=make(), at=at + DAYS)

    assert Letter.objects.filter(made_at=at + DAYS).count() == 0


def test_nobody_is_reminded_twice_within_the_days_of_the_rule(at):
    offer, kaisa = make_offer(at), make_coordinator()
    early, first = at + timedelta(days=2), at + DAYS

    soon = reminders_of([offer.order], at=early)
    actions.remind([offer.order], by=kaisa, at=first)

    assert [one.why for one in soon.skipped] == [
        "Written to on 1 Dec 2026; the next letter may leave on 4 Dec 2026."
    ]
    for hours in (0, 1, 30):
        with pytest.raises(actions.NobodyReminded):
            actions.remind([offer.order], by=kaisa, at=first + timedelta(hours=hours))
    assert Letter.objects.filter(kind="assignments.offered").count() == 2


def test_reminder_is_not_sent_any_more_once_the_offer_is_taken_back(at):
    offer, kaisa = make_offer(at), make_coordinator()
    actions.remind([offer.order], by=kaisa, at=at + DAYS)

    assignments.withdraw(offer, by=kaisa, at=at + DAYS)

    reminder = Letter.objects.get(reader=offer.expert.user, key__contains=":again:")
    assert reminder.channel == Channel.DESK


def test_dates_of_a_series_are_one_letter(at):
    offers, kaisa = make_series_offers(at), make_coordinator()

    found = actions.remind([one.order for one in offers], by=kaisa, at=at + DAYS)

    (one,) = found.letters
    assert one.orders == [offer.order for offer in offers]
    assert told(offers[0].expert.user, at + DAYS) == ["assignments.offered"]
    assignments.decline(offers[0], by=offers[0].expert.user, at=at + DAYS)
    with pytest.raises(actions.NobodyReminded):
        actions.remind([offers[1].order], by=kaisa, at=at + DAYS + timedelta(days=1))


def test_both_sides_are_reminded_of_feedback_until_they_have_given_it(at):
    task, kaisa = make_done(at), make_coordinator()
    later = task.ends_at + DAYS

    both = reminders_of([task.order], at=later)
    give(task, side=Side.EXPERT, at=later)
    actions.remind([task.order], by=kaisa, at=later)

    contact = task.order.contact
    assert [one.name for one in both.letters] == [task.expert.code_name, contact.name]
    assert told(contact, later) == ["feedback.wanted"]
    assert told(task.expert.user, later) == []
    letter = Letter.objects.get(reader=contact, made_at=later)
    assert _("We have not heard from you yet.") in letter.body
    assert _(BESIDE) not in letter.body


def test_orderer_of_two_tasks_gets_one_letter(at):
    order = make_search(at, experts_wanted=2)
    tasks = [make_agreed(at, order=order) for _n in range(2)]
    for task in tasks:
        feedback.close_task(task, by=task.expert.user, at=task.ends_at)
    later = tasks[0].ends_at + DAYS
    order.refresh_from_db()

    actions.remind([order], by=make_coordinator(), at=later)

    assert len(told(order.contact, later)) == 1
    letter = Letter.objects.get(reader=order.contact, made_at=later)
    assert _(BESIDE) in letter.body


def test_orderer_is_reminded_of_what_changed(at):
    task, kaisa = make_done(at), make_coordinator()
    give(task, side=Side.EXPERT, at=task.ends_at)
    give(task, side=Side.ORDERER, at=task.ends_at)
    asked = task.ends_at + timedelta(days=100)
    feedback.ask_what_changed(at=asked)

    actions.remind([task.order], by=kaisa, at=asked + DAYS)

    assert told(task.order.contact, asked + DAYS) == ["feedback.what_changed_asked"]
    late = reminders_of([task.order], at=asked + timedelta(days=121))
    assert [one.why for one in late.skipped] == ["Nobody’s answer is awaited."]


def test_who_reads_no_email_or_has_closed_the_account_is_named_and_not_written_to(at):
    order = make_search(at, experts_wanted=2)
    paper, closed = make_offer(at, order=order), make_offer(at, order=order)
    type(paper.expert.user).objects.filter(pk=paper.expert.user_id).update(email=None)
    type(closed.expert.user).objects.filter(pk=closed.expert.user_id).update(is_active=False)

    found = reminders_of([order], at=at + DAYS)

    assert found.letters == []
    assert {(one.name, one.why) for one in found.skipped} == {
        (paper.expert.code_name, "No e-mail reaches them: call."),
        (closed.expert.code_name, "The account is closed."),
    }


def test_who_wants_such_letters_on_the_desk_only_finds_them_there(at):
    task = make_done(at)
    NoticeChoice.objects.create(user=task.expert.user, kind="feedback.wanted", channel=Channel.DESK)

    actions.remind([task.order], by=make_coordinator(), at=task.ends_at + DAYS)

    letter = Letter.objects.get(reader=task.expert.user, made_at=task.ends_at + DAYS)
    assert letter.channel == Channel.DESK


def test_order_that_waits_for_nobody_is_named(at):
    order = make_order(at, state=OrderState.SENT)

    found = reminders_of([order], at=at)

    assert [(one.order, one.name, one.why) for one in found.skipped] == [
        (order, "", "Nobody’s answer is awaited.")
    ]


@pytest.mark.parametrize("n", [1, 3])
def test_queries_are_as_many_for_one_as_for_three(at, django_assert_num_queries, n):
    orders = []
    for _n in range(n):
        orders += [make_offer(at).order, make_done(at - timedelta(days=20)).order]
    make_expert(at=at)

    with django_assert_num_queries(QUERIES):
        found = reminders_of(orders, at=at + DAYS)

    assert len(found.letters) == 3 * n
