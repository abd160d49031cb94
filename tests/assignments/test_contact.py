"""The contact person of an open order hands it on; beside the act its permission twin."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from luukku.assignments import actions
from luukku.audit.models import AuditEvent
from luukku.core.duty import queue
from luukku.feedback.actions import ask_what_changed, close_task
from luukku.notices.models import Letter
from luukku.orders import actions as orders
from luukku.orders.actions import NotAnOrderer
from luukku.orders.states import OrderState
from luukku.organisations.models import MemberRole
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_done, make_search
from tests.factories.orders import make_order, make_orderer
from tests.factories.organisations import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BACKEND = "django.contrib.auth.backends.ModelBackend"


def colleague_of(order, at):
    person = make_person()
    order.organisation.memberships.create(
        user=person, role=MemberRole.ORDERER, added_by=person, added_at=at
    )
    return person


def readers(kind):
    return list(Letter.objects.filter(kind=kind).values_list("reader", flat=True).order_by("pk"))


def test_change_contact_tells_everybody_and_sends_the_reminder_to_the_new_one(at):
    task = make_agreed(at)
    earlier, colleague = task.order.contact, colleague_of(task.order, at)

    order = actions.change_contact(task.order, colleague, by=earlier, at=at)

    assert order.contact == colleague
    assert readers("orders.contact_changed") == [colleague.pk, earlier.pk]
    assert readers("assignments.contact_changed") == [task.expert.user_id]
    waiting = Letter.objects.filter(kind="assignments.reminder", not_before_at__gt=at)
    assert set(waiting.values_list("reader", flat=True)) == {task.expert.user_id, colleague.pk}
    event = AuditEvent.objects.get(act="orders.change_contact")
    assert event.data["fields"] == ["contact"]


def test_change_contact_moves_the_entry_from_one_calendar_to_the_other(at):
    task = make_agreed(at)
    earlier, colleague = task.order.contact, colleague_of(task.order, at)

    actions.change_contact(task.order, colleague, by=earlier, at=at)

    entries = {}
    for letter in Letter.objects.filter(kind="orders.contact_changed"):
        calendar = Calendar.from_ical(letter.calendar)
        entry = calendar.walk("VEVENT")[0]
        entries[letter.reader_id] = (calendar["METHOD"], entry["STATUS"], str(entry["UID"])[:6])
    assert entries == {
        earlier.pk: ("CANCEL", "CANCELLED", "order-"),
        colleague.pk: ("REQUEST", "CONFIRMED", "order-"),
    }


def test_change_contact_there_and_back_reminds_who_is_it_now(at):
    task = make_agreed(at)
    earlier, colleague = task.order.contact, colleague_of(task.order, at)

    actions.change_contact(task.order, colleague, by=earlier, at=at)
    actions.change_contact(task.order, earlier, by=colleague, at=at + timedelta(minutes=1))

    waiting = Letter.objects.filter(kind="assignments.reminder", not_before_at__gt=at)
    assert set(waiting.values_list("reader", flat=True)) == {task.expert.user_id, earlier.pk}


def test_change_contact_to_the_same_tells_nobody(at):
    order = make_order(at)

    actions.change_contact(order, order.contact, by=make_coordinator(), at=at)

    assert readers("orders.contact_changed") == []


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.CLOSED, OrderState.DECLINED])
def test_change_contact_of_an_ended_order_is_refused(at, state):
    order = make_order(at, state=state)

    with pytest.raises(WrongState):
        actions.change_contact(order, colleague_of(order, at), by=make_coordinator(), at=at)


def test_change_contact_to_somebody_who_does_not_order_for_it_is_refused(at):
    order = make_order(at)

    with pytest.raises(NotAnOrderer):
        actions.change_contact(order, make_orderer(), by=make_coordinator(), at=at)


@pytest.mark.parametrize("who", ["stranger", "expert", "other orderer"])
def test_change_contact_is_refused_to_others(at, who):
    task = make_agreed(at)
    people = {"stranger": make_person(), "expert": task.expert.user}

    with pytest.raises(PermissionDenied):
        actions.change_contact(
            task.order,
            colleague_of(task.order, at),
            by=people.get(who) or make_orderer(),
            at=at,
        )


@pytest.mark.parametrize("desk", ["orderer", "counter"])
def test_contact_is_changed_on_the_order_s_page(client, at, desk):
    order = make_order()
    colleague = colleague_of(order, at)
    by = order.contact if desk == "orderer" else make_coordinator()
    client.force_login(by, backend=BACKEND)
    page = reverse(f"{desk}:order-contact", args=[order.pk])
    assert page in client.get(reverse(f"{desk}:order", args=[order.pk])).content.decode()

    empty = client.post(page, {})
    stranger = client.post(page, {"contact": make_orderer().pk})
    client.post(page, {"contact": colleague.pk})

    order.refresh_from_db()
    assert (empty.status_code, stranger.status_code) == (422, 422)
    assert order.contact == colleague


# -- Who leaves the organisation hands the open orders on -------------------------------------------------


def role_of(order):
    return order.organisation.memberships.get(user=order.contact, role=MemberRole.ORDERER)


def test_remove_member_asks_who_takes_the_open_orders_over(at):
    order = make_order(at)
    role, colleague = role_of(order), colleague_of(order, at)
    with pytest.raises(actions.SuccessorNeeded):
        actions.remove_member(role, by=make_coordinator(), at=at)

    actions.remove_member(role, by=make_coordinator(), at=at, successor=colleague)

    order.refresh_from_db()
    assert order.contact == colleague
    assert not order.organisation.memberships.filter(pk=role.pk).exists()


def test_removed_person_gets_one_letter_that_says_who_leads_the_orders_now(at):
    task = make_agreed(at)
    membership = task.order.organisation.memberships.get(user=task.order.contact)
    gone, colleague = task.order.contact, colleague_of(task.order, at)
    other = make_order(at, orderer=gone, organisation=task.order.organisation)
    Letter.objects.filter(reader=gone).delete()

    actions.remove_member(membership, by=make_coordinator(), at=at, successor=colleague)

    [letter] = Letter.objects.filter(reader=gone)
    assert letter.kind == "organisations.member_removed"
    assert f"{colleague.name} vastaa nyt tilauksista, jotka olivat sinun: " in letter.body
    assert {str(task.order_id), str(other.pk)} <= set(letter.body.replace(",", " ").replace(".", " ").split())  # fmt: skip
    [calendar] = Calendar.from_ical(letter.calendar, multiple=True)
    assert (calendar["METHOD"], calendar.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    assert Client().get(urlsplit(letter.link).path).status_code == 200
    assert readers("orders.contact_changed") == [colleague.pk] * 2


def test_successor_of_the_organisation_s_contact_person_is_that_too(at):
    order = make_order(at)
    role, colleague = role_of(order), colleague_of(order, at)
    type(role).objects.filter(pk=role.pk).update(is_contact=True)
    role.refresh_from_db()

    actions.remove_member(role, by=make_coordinator(), at=at, successor=colleague)

    [contact] = order.organisation.memberships.filter(is_contact=True)
    assert contact.user == colleague


def test_contact_person_of_the_organisation_hands_all_to_a_colleague_and_goes(at):
    order = make_order(at)
    role, colleague = role_of(order), colleague_of(order, at)
    type(role).objects.filter(pk=role.pk).update(is_contact=True)
    role.refresh_from_db()

    actions.remove_member(role, by=order.contact, at=at, successor=colleague)

    order.refresh_from_db()
    [left] = order.organisation.memberships.all()
    assert order.contact == colleague
    assert (left.user, left.is_contact) == (colleague, True)


def test_letter_to_the_expert_holds_whom_to_get_in_touch_with(at):
    task = make_agreed(at)
    colleague = colleague_of(task.order, at)
    colleague.phone = "+358401112233"
    colleague.save()

    actions.change_contact(task.order, colleague, by=task.order.contact, at=at)

    letter = Letter.objects.get(kind="assignments.contact_changed")
    assert f"{colleague.name}, +358401112233" in letter.body


def test_remove_member_of_the_last_one_is_a_duty_of_the_counter(at):
    order = make_order(at)

    actions.remove_member(role_of(order), by=make_coordinator(), at=at)

    (duty,) = queue(at=at, kind="hand_on")
    assert duty.url == reverse("counter:order", args=[order.pk])


def test_remove_member_is_refused_to_others(at):
    order = make_order(at)

    with pytest.raises(PermissionDenied):
        actions.remove_member(role_of(order), by=make_orderer(), at=at)


def test_removing_at_the_counter_asks_on_a_page(client, at):
    order = make_order()
    role, colleague = role_of(order), colleague_of(order, at)
    client.force_login(make_coordinator(), backend=BACKEND)
    page = reverse("counter:remove-member", args=[role.pk])

    asked = client.post(page)
    empty = client.post(page, {"contact": ""})
    client.post(page, {"contact": colleague.pk})

    order.refresh_from_db()
    assert (asked["Location"], client.get(page).status_code) == (page, 404)
    assert empty.status_code == 422
    assert order.contact == colleague


def left(order):
    order.organisation.memberships.filter(user=order.contact).delete()
    return order.contact


def test_change_contact_of_a_done_order_says_what_is_awaited(at):
    order = make_done(at).order
    gone, colleague = left(order), colleague_of(order, at)

    order = actions.change_contact(order, colleague, by=make_coordinator(), at=at)

    assert order.contact == colleague
    said = Letter.objects.get(kind="orders.contact_changed", reader=colleague)
    assert "miten se sujui" in said.body
    assert gone != colleague


def test_order_waits_for_the_counter_from_when_the_account_of_its_contact_is_closed(at):
    order = make_order(at)
    make_order(at)  # its contact is there
    assert "hand_on" not in {duty.kind for duty in queue(at=at)}

    type(order.contact).objects.filter(pk=order.contact_id).update(is_active=False)

    assert [duty.pk for duty in queue(at=at, kind="hand_on")] == [order.pk]


def test_done_order_whose_contact_has_left_waits_for_the_counter(at):
    order = make_done(at).order
    assert "hand_on" not in {duty.kind for duty in queue(at=at)}

    left(order)

    assert "hand_on" in {duty.kind for duty in queue(at=at)}


def test_letters_go_to_a_colleague_of_who_has_left(at):
    task = make_agreed(at)
    gone, colleague = left(task.order), colleague_of(task.order, at)
    Letter.objects.all().delete()

    done = close_task(task, by=task.expert.user, at=task.ends_at)
    ask_what_changed(at=task.ends_at + timedelta(days=400))

    assert readers("feedback.wanted") == [task.expert.user_id, colleague.pk]
    assert readers("feedback.what_changed_asked") == [colleague.pk]
    for kind, perm, about in (
        ("feedback.wanted", "feedback.give_as_orderer", done),
        ("feedback.what_changed_asked", "feedback.tell_what_changed", done.order),
    ):
        assert colleague.has_perm(perm, about)
        path = urlsplit(Letter.objects.get(kind=kind, reader=colleague).link).path
        assert Client().get(path).status_code == 200
    assert not Letter.objects.filter(reader=gone).exists()


def test_nobody_is_told_while_nobody_orders(at):
    order = make_search(at)
    gone = left(order)
    Letter.objects.all().delete()

    task = make_agreed(at, order=order)
    actions.cancel(task, whose="counter", reason="", by=make_coordinator(), at=at)
    done = close_task(
        make_agreed(at, order=order), by=make_coordinator(), at=at + timedelta(days=60)
    )
    asked = ask_what_changed(at=at + timedelta(days=460))

    assert not Letter.objects.filter(reader=gone).exists()
    assert asked == 0
    colleague_of(done.order, at)
    assert ask_what_changed(at=at + timedelta(days=461)) == 1


def test_link_for_feedback_opens_nothing_to_who_has_left(at):
    task = make_done(at)
    path = urlsplit(Letter.objects.get(kind="feedback.wanted", reader=task.order.contact).link).path
    assert Client().get(path).status_code == 200

    left(task.order)

    for answer in (Client().get(path), Client().post(path, {"smooth": 5})):
        assert answer.status_code == 404
        assert task.expert.code_name not in answer.content.decode()


def test_reminder_of_who_is_removed_without_colleagues_is_withdrawn(at):
    task = make_agreed(at)
    membership = task.order.organisation.memberships.get(user=task.order.contact)

    actions.remove_member(membership, by=make_coordinator(), at=at)

    waiting = Letter.objects.filter(kind="assignments.reminder", not_before_at__gt=at)
    assert set(waiting.values_list("reader", flat=True)) == {task.expert.user_id}


def test_who_leaves_does_not_follow_themselves(at):
    task = make_agreed(at)
    membership = task.order.organisation.memberships.get(user=task.order.contact)

    with pytest.raises(orders.NotAnOrderer):
        actions.remove_member(membership, by=make_coordinator(), at=at, successor=membership.user)


def test_who_ends_their_own_role_needs_no_letter(at):
    counter = make_coordinator()
    membership = make_member(user=counter).memberships.get()

    actions.remove_member(membership, by=counter, at=at)

    assert not Letter.objects.filter(reader=counter).exists()
