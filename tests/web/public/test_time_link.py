"""The orderer answers by the letter's link whether another time would suit."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luukku.assignments import actions as assignments
from luukku.core.links import Link, sign
from luukku.core.times import helsinki
from luukku.notices.models import Letter
from luukku.orders import actions
from luukku.orders.history import spans_in
from luukku.orders.models import CancelledBy, TimeQuestion
from luukku.organisations.models import Organisation
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_search
from tests.factories.orders import coordinator_of_orders, make_guest_draft
from tests.markup import flat

pytestmark = pytest.mark.django_db


def span(days=30):
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    return (start, start + timedelta(hours=1))


@pytest.fixture
def asked():
    now = timezone.now()
    order = make_search(now, title="Vierailu")
    times = [span(), span(37)]
    return actions.ask_time(order, times, words="Aamu kävisi?", by=make_coordinator(), at=now)


def url(asked, person=None):
    person = person or asked.order.contact
    return reverse("public:time-link", args=[sign(Link("time", asked.pk, person.pk))])


def send(client, asked, **answer):
    return client.post(url(asked), {"form_token": str(uuid.uuid4())} | answer)


def test_further_times_of_one_s_own_wait_folded(client, asked):
    page = client.get(url(asked)).content.decode()

    assert page.count('<details class="more">') == 2


def test_link_shows_what_is_proposed_and_the_old_time(client, asked):
    page = client.get(url(asked))

    assert page.status_code == 200
    assert [key for key, _label in page.context["form"].fields["suits"].choices] == [
        "0", "1", "other", "keep",
    ]  # fmt: skip
    assert "Aamu kävisi?" in page.content.decode()


def test_proposed_time_is_chosen_and_the_address_is_the_receipt(client, asked):
    there = url(asked)

    answer = client.post(there, {"form_token": str(uuid.uuid4()), "suits": "1"})

    assert (answer.status_code, answer["Location"]) == (303, there)
    assert spans_in(TimeQuestion.objects.get().answer) == [span(37)]
    assert TimeQuestion.objects.get().answered_by == asked.order.contact
    assert "Thank you. You gave:" in flat(client.get(url(asked)))


def test_time_of_ones_own_is_given(client, asked):
    start, end = (helsinki(one) for one in span(45))

    send(
        client, asked, suits="other", day1=f"{start:%Y-%m-%d}", from1=f"{start:%H:%M}", to1=f"{end:%H:%M}"
    )  # fmt: skip

    assert spans_in(TimeQuestion.objects.get().answer) == [span(45)]


def test_old_time_is_kept(client, asked):
    send(client, asked, suits="keep", day1="2027-01-01")

    assert (TimeQuestion.objects.get().answer, TimeQuestion.objects.get().answered_at is None) == (
        [],
        False,
    )
    assert "The times stay as they are" in flat(client.get(url(asked)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "Choose one of these."),
        ({"suits": "7"}, "Select a valid choice"),
        ({"suits": "other"}, "Give the date, start and end of at least one time."),
        ({"suits": "other", "day1": "2020-01-01", "from1": "10:00", "to1": "11:00"}, "has already passed"),
    ],
    ids=["nothing", "none of these", "no time", "past"],
)  # fmt: skip
def test_answer_with_a_fault_comes_back_in_words(client, asked, answer, words):
    page = send(client, asked, **answer)

    assert page.status_code == 422
    assert words in page.content.decode()
    assert TimeQuestion.objects.get().answered_at is None


def test_proposed_time_that_has_passed_is_no_choice_any_more(client):
    long_ago = timezone.now() - timedelta(days=40)
    order = make_search(long_ago)
    past = (timezone.now() - timedelta(days=2), timezone.now() - timedelta(days=1))
    asked = actions.ask_time(order, [past], by=make_coordinator(), at=long_ago)

    choices = client.get(url(asked)).context["form"].fields["suits"].choices

    assert [key for key, _label in choices] == ["other", "keep"]


def test_second_answer_is_not_added(client, asked):
    send(client, asked, suits="0")

    page = send(client, asked, suits="keep")

    assert "What you sent now was not added." in flat(page)
    assert spans_in(TimeQuestion.objects.get().answer) == [span()]


def test_answer_is_changed_until_the_counter_has_done_something_about_it(client, asked):
    send(client, asked, suits="1")
    link = url(asked)
    receipt = client.get(link)
    there = link + receipt.context["change"]

    assert "Change your answer" in flat(receipt)
    assert client.get(there).context["form"]["suits"].value() == "1"
    answer = client.post(there, {"form_token": str(uuid.uuid4()), "suits": "keep"})

    assert (answer.status_code, answer["Location"]) == (303, link)
    assert TimeQuestion.objects.get().answer == []
    letters = Letter.objects.filter(kind="orders.time_answered").order_by("pk")
    with translation.override(asked.order.contact.language):
        stays = str(_("Thank you. The times stay as they are, and we go on looking."))
    assert [one.body == stays for one in letters] == [False, True]
    assert letters[0].sent_at is not None  # overtaken


def test_time_of_one_s_own_stands_in_the_form_that_changes_it(client, asked):
    start, end = (helsinki(one) for one in span(45))
    mine = {
        "suits": "other",
        "day1": f"{start:%Y-%m-%d}",
        "from1": f"{start:%H:%M}",
        "to1": f"{end:%H:%M}",
    }
    send(client, asked, **mine)

    form = client.get(url(asked) + client.get(url(asked)).context["change"]).context["form"]

    assert (form["suits"].value(), form["day1"].value()) == ("other", start.date())


def test_answer_that_was_changed_meanwhile_is_not_changed_by_an_old_page(client, asked):
    send(client, asked, suits="0")
    old = url(asked) + client.get(url(asked)).context["change"]
    client.post(old, {"form_token": str(uuid.uuid4()), "suits": "1"})

    page = client.post(old, {"form_token": str(uuid.uuid4()), "suits": "keep"})

    assert "What you sent now was not added." in flat(page)
    assert spans_in(TimeQuestion.objects.get().answer) == [span(37)]


@pytest.mark.parametrize("act", ["close", "move"])
def test_answer_that_the_counter_has_dealt_with_is_not_changed(client, asked, act):
    send(client, asked, suits="0")
    there = url(asked) + client.get(url(asked)).context["change"]
    if act == "close":
        actions.close_time(asked.order, by=make_coordinator(), at=timezone.now())
    else:
        assignments.set_times(asked.order, [span(50)], by=make_coordinator(), at=timezone.now())

    page = client.post(there, {"form_token": str(uuid.uuid4()), "suits": "keep"})

    assert "Your answer can no longer be changed here." in flat(page)
    assert "Change your answer" not in flat(page)
    assert spans_in(TimeQuestion.objects.get().answer) == [span()]


def test_closed_question_says_so_and_tells_the_times_of_now(client, asked):
    assignments.set_times(asked.order, [span(50)], by=make_coordinator(), at=timezone.now())

    page = flat(client.get(url(asked)))

    assert "This question is no longer open." in page
    assert "The order’s times now:" in page


def test_link_of_somebody_else_or_forged_opens_nothing(client, asked):
    assert client.get(url(asked, make_person())).status_code == 404
    assert client.get(reverse("public:time-link", args=["forged"])).status_code == 404


def test_link_of_who_has_left_the_organisation_opens_nothing(client, asked):
    asked.order.contact.memberships.all().delete()

    assert client.get(url(asked)).status_code == 404


def test_order_of_the_orderer_leads_to_the_answer(client, asked):
    client.force_login(asked.order.contact, backend="django.contrib.auth.backends.ModelBackend")
    there = reverse("orderer:order", args=[asked.order_id])

    signed = url(asked).split(":")[0]  # what follows is when it was signed
    assert signed in client.get(there).content.decode()

    send(client, asked, suits="keep")
    assert signed not in client.get(there).content.decode()


def test_choice_stays_the_proposals_own_when_an_earlier_one_passes_while_the_page_is_open(client):
    long_ago = timezone.now() - timedelta(days=40)
    past = (timezone.now() - timedelta(days=2), timezone.now() - timedelta(days=1))
    order = make_search(long_ago, days=(80,))
    asked = actions.ask_time(order, [past, span()], by=make_coordinator(), at=long_ago)

    page = send(client, asked, suits="0")  # shown while it was still to come

    assert (page.status_code, TimeQuestion.objects.get().answered_at) == (422, None)

    send(client, asked, suits="1")

    assert spans_in(TimeQuestion.objects.get().answer) == [span()]


def test_link_is_a_receipt_once_an_expert_has_agreed_to_a_time(client):
    now = timezone.now()
    order = make_search(now, experts_wanted=2)
    asked = actions.ask_time(order, by=make_coordinator(), at=now)
    make_agreed(now, order=order)

    page = flat(send(client, asked, suits="keep"))

    assert "This question is no longer open." in page
    assert TimeQuestion.objects.get().answered_at is None


def test_guest_answers_by_the_letter_s_link_without_ever_signing_in(client):
    now, counter = timezone.now(), coordinator_of_orders()
    guest = actions.ask_confirmation(
        make_guest_draft(now), at=now, name="Veera Vieras", email="veera@example.test",
        phone="040 123", organisation_name="Kylän koulu", organisation_kind="school", language="en",
    )  # fmt: skip
    order = actions.confirm(guest, at=now)
    Organisation.objects.update(state=OrganisationState.VETTED)
    order = assignments.accept_and_search(order, by=counter, at=now)
    actions.ask_time(order, [span()], by=counter, at=now)
    letter = Letter.objects.get(kind="orders.time_asked")
    assert letter.reader.email == "veera@example.test"
    there = letter.link.removeprefix(settings.LUUKKU_BASE_URL)

    answer = client.post(there, {"form_token": str(uuid.uuid4()), "suits": "0"}, follow=True)

    assert "Thank you. You gave:" in flat(answer)
    assert spans_in(TimeQuestion.objects.get().answer) == [span()]
    assert client.get(reverse("orderer:desk")).status_code == 302  # nobody is signed in by it


def test_link_tells_that_the_order_has_been_cancelled(client, asked):
    order = asked.order
    assignments.cancel_order(
        order, whose=CancelledBy.ORDERER, reason="", by=order.contact, at=timezone.now()
    )

    page = flat(client.get(url(asked)))

    assert "not under way any more" in page
    assert "we go on looking" not in page
    assert "times now" not in page
