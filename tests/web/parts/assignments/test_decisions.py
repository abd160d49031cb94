"""A yes is given on the same facts whichever way, and each answer has a receipt of its own."""

import html
import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from icalendar import Calendar

from luukku.assignments import actions
from luukku.assignments.models import Assignment, Via
from luukku.assignments.notices import when
from luukku.assignments.states import AssignmentState, OfferState
from luukku.audit.models import AccessLog
from luukku.core.links import Link, sign
from luukku.orders.models import CancelledBy
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders
from tests.markup import flat
from tests.readings import noted

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
OPENS = "the orderer sees your name, phone number and e-mail beside the themes of this task"
CLOSED = "the orderer sees only your code name and the themes of this task"
YES, NO = {"accept": "1"}, {"decline": "1"}


@pytest.fixture(autouse=True)
def _phone(settings):
    settings.LUUKKU_COUNTER_PHONE = "02 123 4567"


def letter_url(offer, name="offer-link"):
    token = sign(Link("offer", offer.pk, offer.expert.user_id))
    return reverse(f"public:{name}", args=[token])


def seen(client, user, address):
    """The words of a page as a person reads them, in one line."""
    if user is not None:
        client.force_login(user, backend=BACKEND)
    response = client.get(address)
    assert response.status_code == 200
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def ways(client, offer):
    """The page of the letter, of the desk and of the counter's phone form."""
    return [
        seen(client, None, letter_url(offer)),
        seen(client, offer.expert.user, reverse("expert:offer", args=[offer.pk])),
        seen(client, make_coordinator(), reverse("counter:offer-answer", args=[offer.pk])),
    ]


def send(client, url, data):
    return client.post(url, {"form_token": str(uuid.uuid4())} | data)


@pytest.mark.parametrize("consents", [set(Purpose), {Purpose.IN_BANK}])
def test_yes_is_given_on_the_same_facts_whichever_way(client, now, consents):
    order = make_search(now, fee_eur=120, others_present="Opettaja", days=(14, 15))
    offer = make_offer(now, order=order)
    set_consents(offer.expert.user, consents, by=offer.expert.user, at=now)
    opens = OPENS if Purpose.IDENTITY in consents else CLOSED
    facts = [
        order.organisation.name,
        opens,
        "120\N{NO-BREAK SPACE}€".replace("\N{NO-BREAK SPACE}", " "),
        "travel is paid separately",
        *(when(time.starts_at, time.ends_at) for time in order.times.all()),
        "Antinkatu 2, Pori",
        "in your home municipality",
        "A fee may affect your benefits",
        "02 123 4567",
        order.title,
        order.goal,
        "Opettaja",
    ]

    missing = [[fact for fact in facts if fact not in page] for page in ways(client, offer)]

    assert missing == [[], [], []]


def test_sign_up_says_whom_it_may_bind_to_and_what_opens(client, now):
    expert, order = make_expert(at=now), make_search(now)

    page = seen(client, expert.user, reverse("expert:call", args=[order.pk]))

    assert order.organisation.name in page
    assert "If the counter chooses you, the task is agreed and the orderer sees your name" in page


def test_counter_is_shown_whom_it_binds_before_it_writes_a_yes_down(client, now):
    offer = make_offer(now)
    coordinator = make_coordinator()

    order_page = client.force_login(coordinator, backend=BACKEND) or client.get(
        reverse("counter:order", args=[offer.order_id])
    )
    page = seen(client, coordinator, reverse("counter:offer-answer", args=[offer.pk]))

    assert 'name="accept"' not in order_page.content.decode()
    assert offer.expert.user.name in page
    assert offer.order.contact.name in page
    assert "accounts.user.name" in noted(coordinator)[offer.expert.user_id]
    offer.refresh_from_db()
    assert offer.state == OfferState.PROPOSED


def test_phone_form_of_a_stranger_to_the_counter_is_refused(client, now):
    offer = make_offer(now)
    client.force_login(offer.expert.user, backend=BACKEND)

    assert client.get(reverse("counter:offer-answer", args=[offer.pk])).status_code == 403


# Receipts


def test_receipt_of_a_yes_says_when_where_whom_to_call_and_how_to_cancel(client, now):
    offer = make_offer(now)

    answer = send(client, letter_url(offer), YES)
    page = seen(client, None, answer["Location"])

    task = Assignment.objects.get()
    for words in (
        "You said yes",
        when(task.starts_at, task.ends_at),
        task.place,
        task.order.organisation.name,
        task.order.contact.name,
        task.order.contact.email,
        "02 123 4567",
        "Add to your calendar",
        "I must cancel this task",
    ):
        assert words in page


def test_receipt_of_a_yes_gives_the_calendar_file(client, now):
    task = make_agreed(now)
    desk = reverse("expert:task-calendar", args=[task.pk])

    by_link = client.get(letter_url(task.offer, "offer-calendar"))
    client.force_login(task.expert.user, backend=BACKEND)
    by_desk = client.get(desk)

    for response in (by_link, by_desk):
        event = Calendar.from_ical(response.content).walk("VEVENT")[0]
        assert response["Content-Type"].startswith("text/calendar")
        assert event["DTSTART"].dt == task.starts_at
        assert "depress" not in response.content.decode().casefold()
    client.force_login(make_expert().user, backend=BACKEND)
    assert client.get(desk).status_code == 404


def test_receipt_of_a_yes_after_a_no_opens_the_task_by_the_earlier_letter(client, now):
    offer = make_offer(now)
    no = actions.decline(offer, by=offer.expert.user, at=now)
    task = actions.accept_after_all(
        no, by=make_coordinator(), at=now, via=Via.COUNTER, on_behalf_of=offer.expert.user
    )

    entry = client.get(letter_url(no, "offer-calendar"))
    answer = send(client, letter_url(no, "offer-cancel"), {"reason": ""})

    task.refresh_from_db()
    event = Calendar.from_ical(entry.content).walk("VEVENT")[0]
    assert (event["STATUS"], event["DTSTART"].dt) == ("CONFIRMED", task.starts_at)
    assert (answer.status_code, task.state) == (303, AssignmentState.CANCELLED)


def test_task_that_its_expert_cancelled_is_offered_back_by_every_page(client, now):
    no = actions.decline(offer := make_offer(now), by=offer.expert.user, at=now)
    task = actions.accept_after_all(no, by=offer.expert.user, at=now, via=Via.DESK)
    actions.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=now)

    for letter in (no, task.offer):
        page = seen(client, None, letter_url(letter))
        answer = client.get(letter_url(letter)).content.decode()
        assert "The task has been cancelled" in page
        assert "The place is still free" in page
        assert f'href="{reverse("expert:task", args=[task.pk])}"' in answer
    desk = seen(client, task.expert.user, reverse("expert:offer", args=[task.offer_id]))
    assert "Do you take the task back?" in desk
    assert "You need not do anything" not in desk


def test_yes_after_all_in_a_second_tab_finds_the_task_agreed(client, now):
    no = actions.decline(offer := make_offer(now), by=offer.expert.user, at=now)
    task = actions.accept_after_all(no, by=offer.expert.user, at=now, via=Via.DESK)
    client.force_login(offer.expert.user, backend=BACKEND)

    answer = send(client, reverse("expert:offer-accept", args=[no.pk]), {"after_all": "1"})
    page = seen(client, offer.expert.user, answer["Location"])

    assert ("You said yes" in page, "not written down" in page) == (True, False)
    assert task.state == AssignmentState.AGREED


def test_yes_on_an_old_page_is_asked_anew_when_the_fee_has_changed(client, now):
    offer = make_offer(now, order=make_search(now, fee_eur=120))
    url = letter_url(offer)
    old = re.search(r'name="terms" value="([^"]*)"', flat(client.get(url)))
    actions.change_details(offer.order, by=make_coordinator(), at=now, fee_eur=Decimal(60))

    refused = send(client, url, YES | {"terms": old[1] if old else ""})
    before = Assignment.objects.count()
    new = re.search(r'name="terms" value="([^"]*)"', flat(refused))[1]
    send(client, url, YES | {"terms": html.unescape(new)})

    assert (refused.status_code, before) == (422, 0)
    assert "has changed since you opened this page" in refused.content.decode()
    assert Assignment.objects.get().fee_eur == 60


def test_calendar_file_and_cancelling_are_there_only_after_a_yes(client, now):
    offer = make_offer(now)

    for name in ("offer-calendar", "offer-cancel"):
        assert client.get(letter_url(offer, name)).status_code == 404
        assert client.get(reverse(f"public:{name}", args=["forged"])).status_code == 404


def test_yes_by_link_is_taken_back_by_link(client, now):
    task = make_agreed(now)
    url = letter_url(task.offer, "offer-cancel")

    shown = seen(client, None, url)
    task.refresh_from_db()
    before = task.state
    answer = send(client, url, {"reason": "Sairastuin."})
    page = seen(client, None, answer["Location"])
    again = send(client, url, {"reason": "Taas."})

    task.refresh_from_db()
    assert before == AssignmentState.AGREED
    assert "Keep the task" in shown
    assert "02 123 4567" in shown
    assert (task.state, task.cancelled_by, task.cancel_reason) == (
        AssignmentState.CANCELLED,
        CancelledBy.EXPERT,
        "Sairastuin.",
    )
    assert "You cancelled this task" in page
    assert again.status_code == 303


def test_receipt_of_a_no_says_when_and_how_to_change_ones_mind(client, now):
    offer = make_offer(now)

    page = seen(client, None, send(client, letter_url(offer), NO)["Location"])

    assert "You said no" in page
    assert "if you would like to come after all, call the counter soon" in page
    assert "02 123 4567" in page


# Too late, kindly


def test_no_after_a_yes_says_that_the_yes_stands(client, now):
    offer = make_offer(now)
    send(client, letter_url(offer), YES)

    by_link = send(client, letter_url(offer), NO).content.decode()
    client.force_login(offer.expert.user, backend=BACKEND)
    url = reverse("expert:offer-decline", args=[offer.pk])
    by_desk = client.post(url, follow=True).content.decode()

    for page in (by_link, by_desk):
        assert "that stands: your no was not written down" in page
        assert "I must cancel this task" in page
    assert Assignment.objects.get().state == AssignmentState.AGREED


def test_yes_after_a_no_says_that_the_no_stands(client, now):
    offer = make_offer(now)
    send(client, letter_url(offer), NO)

    by_link = send(client, letter_url(offer), YES).content.decode()
    client.force_login(offer.expert.user, backend=BACKEND)
    url = reverse("expert:offer-accept", args=[offer.pk])
    by_desk = client.post(url, follow=True).content.decode()

    for page in (by_link, by_desk):
        assert "that stands: your yes was not written down" in page
    assert not Assignment.objects.exists()


def _filled(offer, at):
    make_agreed(at, order=offer.order)


def _cancelled(offer, at):
    order, by = offer.order, coordinator_of_orders()
    actions.cancel_order(order, whose=CancelledBy.COUNTER, reason="", by=by, at=at)


def _taken_back(offer, at):
    actions.withdraw(offer, by=coordinator_of_orders(), at=at)


def _expired(offer, at):
    actions.expire(offer, at=at)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (_filled, "Somebody else answered first. Thank you for being ready!"),
        (_cancelled, "The whole task is off"),
        (_taken_back, "The offer has been taken back"),
        (_expired, "The time to answer has ended"),
    ],
)
def test_ended_offer_explains_itself_by_link_and_at_the_desk(client, now, end, words):
    offer = make_offer(now)
    end(offer, now + timedelta(seconds=1))

    by_link = seen(client, None, letter_url(offer))
    by_desk = seen(client, offer.expert.user, reverse("expert:offer", args=[offer.pk]))

    for page in (by_link, by_desk):
        assert words in page
        assert "02 123 4567" in page


def test_offer_filled_and_then_cancelled_was_filled(client, now):
    offer = make_offer(now)
    _filled(offer, now)
    _cancelled(offer, now + timedelta(hours=1))

    assert "Somebody else answered first." in seen(client, None, letter_url(offer))


def test_sign_up_that_was_not_chosen_is_told_on_the_calls_page(client, now):
    own = make_sign_up(now)
    make_agreed(now, order=own.order)

    page = seen(client, own.expert.user, reverse("expert:call", args=[own.order_id]))

    assert "Somebody else answered first." in page


@pytest.mark.parametrize("whose", [CancelledBy.ORDERER, CancelledBy.COUNTER])
def test_cancelled_task_gives_the_reason_and_is_sorry(client, now, whose):
    task = make_agreed(now)
    by = task.order.contact if whose == CancelledBy.ORDERER else coordinator_of_orders()
    actions.cancel_order(task.order, whose=whose, reason="Kurssi siirtyi.", by=by, at=now)

    desk = seen(client, task.expert.user, reverse("expert:task", args=[task.pk]))
    link = seen(client, None, letter_url(task.offer))

    for page in (desk, link):
        assert "Kurssi siirtyi." in page
        assert "We are sorry." in page
        assert "02 123 4567" in page
    whats = AccessLog.objects.filter(reader_id=task.expert.user_id).values_list("what", flat=True)
    assert sum("assignments.assignment.cancel_reason" in what for what in whats) == 2


def test_own_reason_of_an_expert_is_not_thrown_back_at_them(client, now):
    task = make_agreed(now)
    by = task.expert.user
    actions.cancel(task, whose=CancelledBy.EXPERT, reason="Sairastuin.", by=by, at=now)

    page = seen(client, by, reverse("expert:task", args=[task.pk]))

    assert "You cancelled this task" in page
    assert "Sairastuin." not in page


def test_orderer_who_cancels_may_keep_it_and_knows_whom_to_call(client, now):
    one, pair = make_agreed(now), make_agreed(now, experts_wanted=2)
    pages = [
        (one.order.contact, "orderer:order-cancel", one.order_id, "Keep the order"),
        (pair.order.contact, "orderer:task-cancel", pair.pk, "Keep the task"),
    ]

    for user, name, pk, keep in pages:
        page = seen(client, user, reverse(name, args=[pk]))
        assert keep in page
        assert "02 123 4567" in page
