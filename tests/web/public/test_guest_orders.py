"""Ordering without an account."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from luukku.accounts.models import User
from luukku.assignments.notices import when
from luukku.core.links import Link, sign
from luukku.notices.models import Letter
from luukku.orders import actions
from luukku.orders.models import GuestSender, Order
from luukku.orders.queries import first_day, next_step, times_told
from luukku.orders.states import OrderState
from luukku.taxonomy.models import TaskType, Theme
from luukku.web.parts.account.sign_in.limits import LETTERS
from luukku.web.parts.orders import wizard
from luukku.web.public.guest_orders import SESSION_KEY
from tests.factories.accounts import make_person
from tests.factories.orders import (
    make_draft,
    make_guest_draft,
    make_order,
    make_orderer,
    make_vetted_organisation,
)
from tests.factories.organisations import make_member
from tests.markup import flat

pytestmark = pytest.mark.django_db
SENDER = {
    "name": "Veera Vieras",
    "email": "veera@example.test",
    "phone": "040 123",
    "organisation_name": "Kylän koulu",
    "organisation_kind": "school",
}


@pytest.fixture
def order(client, now):
    """A guest's draft, ready to be sent, in ``client``'s browser."""
    order = make_guest_draft(now)
    keep(client, order.pk)
    return order


def keep(client, *pks):
    session = client.session
    session[SESSION_KEY] = list(pks)
    session.save()


def check(order):
    return reverse("public:order-check", args=[order.pk])


def text(response):
    return response.content.decode()


def link_of(order):
    return (
        Letter.objects.filter(kind="orders.guest_asked")
        .latest("pk")
        .link.removeprefix("http://testserver")
    )


@pytest.fixture
def link(client, order):
    """The address in the letter that confirms ``order``."""
    client.post(check(order), SENDER)
    return link_of(order)


def begin(client):
    """Begin an order and save its first step; the answer leads to the second."""
    first = client.post(reverse("public:order-start"))["Location"]
    what = {"title": "Puheenvuoro", "goal": "Tavoite", "expert_does": "Kertoo"}
    return client.post(first, what | {"task_type": TaskType.objects.get(code="talk").pk})


def test_start_makes_a_draft_that_only_this_browser_opens(client, django_user_model):
    assert client.get(reverse("public:order-start")).status_code == 200

    response = begin(client)

    order = Order.objects.get()
    step = reverse("public:order-step", args=[order.pk, "what"])
    after = reverse("public:order-step", args=[order.pk, "who"])
    assert (response["Location"], order.contact) == (after, None)
    assert client.get(step).status_code == 200
    client.cookies.clear()
    assert client.get(step).status_code == 404
    assert client.get(check(order)).status_code == 404


def test_start_offers_the_drafts_of_this_browser(client, order):
    sent = make_guest_draft(title="Toinen, jo lähetetty")
    Order.objects.filter(pk=sent.pk).update(state=OrderState.CANCELLED, cancelled_by="counter")
    keep(client, order.pk, sent.pk, make_draft(title="Jonkun oma").pk)

    page = text(client.get(reverse("public:order-start")))

    assert order.title in page
    assert "Toinen, jo lähetetty" not in page
    assert "Jonkun oma" not in page


def test_browser_keeps_five_drafts(client):
    for _n in range(6):
        begin(client)

    assert (
        client.session[SESSION_KEY]
        == list(Order.objects.order_by("pk").values_list("pk", flat=True))[1:]
    )


def test_start_sends_who_orders_already_to_their_desk(client):
    client.force_login(make_orderer(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("public:order-start"))["Location"] == reverse("orderer:order-new")


def test_step_saves_without_an_account(client, order):
    url = reverse("public:order-step", args=[order.pk, "what"])

    response = client.post(url, {"go": "back", "goal": "Uusi tavoite"})

    assert response["Location"] == url
    order.refresh_from_db()
    assert order.goal == "Uusi tavoite"


def test_step_that_does_not_exist_is_not_there(client, order):
    assert client.get(reverse("public:order-step", args=[order.pk, "nothing"])).status_code == 404


def test_step_of_an_order_that_has_been_confirmed_leads_to_the_start(client, order, now):
    Order.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED, cancelled_by="counter")

    response = client.get(reverse("public:order-step", args=[order.pk, "what"]))

    assert response["Location"] == reverse("public:order-start")


def test_check_writes_the_link_and_says_where_to_look(client, order):
    response = client.post(check(order), SENDER)

    assert response["Location"] == reverse("public:order-asked")
    assert client.get(response["Location"]).status_code == 200
    assert Letter.objects.get().email == "veera@example.test"
    assert Order.objects.get().state == OrderState.DRAFT


@pytest.mark.parametrize(
    "changes, wrong",
    [
        ({"email": "ei osoite"}, "email"),
        ({"name": ""}, "name"),
        ({"organisation_name": ""}, "organisation_name"),
        ({"organisation_kind": "x"}, "organisation_kind"),
        ({"organisation_kind": ""}, "organisation_kind"),
        ({"phone": "ei ole"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"every": "week", "times": ""}, "times"),
        ({"name": "x" * 1_000_000}, "name"),
    ],
)
def test_check_tells_what_is_wrong_at_its_field(client, order, changes, wrong):
    response = client.post(check(order), SENDER | changes)

    assert (response.status_code, set(response.context["form"].errors)) == (422, {wrong})
    assert GuestSender.objects.count() == 0


def test_check_writes_to_one_address_only_so_often(client, now):
    for _n in range(5):
        order = make_guest_draft(now)
        keep(client, order.pk)
        client.post(check(order), SENDER)
    order = make_guest_draft(now)
    keep(client, order.pk)

    response = client.post(check(order), SENDER, REMOTE_ADDR="192.0.2.7")

    assert response["Location"] == reverse("public:order-asked") + "?waits=1"
    assert "no new letter comes" in text(client.get(response["Location"]))
    assert Letter.objects.count() == 5
    page = text(client.get(link_of(order)))
    assert "Also waits for you" in page
    waiting = dict.fromkeys(re.findall(r'href="([^"]*/l/order/[^"]+)"', page))
    for link in waiting:  # a link tells when it was made, so none of them is known before
        client.post(link)
    order.refresh_from_db()
    assert order.state == OrderState.SENT


def test_page_before_the_link_tells_nobody_that_an_account_exists(client, order, now):
    pages = []
    for known in (False, True):
        if known:
            make_orderer(make_vetted_organisation("Satasairaala"), email=SENDER["email"])
        pages.append(text(client.get(client.post(check(order), SENDER)["Location"])))

    assert [("Satasairaala" in page, "account with" in page) for page in pages] == [
        (False, False)
    ] * 2


def test_link_of_somebody_known_says_so_and_asks_for_which_organisation(client, order, link):
    school = make_vetted_organisation("Satasairaala")
    make_orderer(school, email=SENDER["email"])

    page = client.get(link)
    empty = client.post(link)
    client.post(link, {"organisation": school.pk})

    order.refresh_from_db()
    assert "you get an account" not in text(page)
    assert "You have an account with this address already" in text(page)
    assert [str(label) for _key, label in page.context["form"].fields["organisation"].choices] == [
        "Satasairaala",
        "Kylän koulu: a new organisation, which the counter checks first",
    ]
    assert (empty.status_code, order.organisation) == (422, school)
    assert "We get to know your organisation" not in text(client.get(link))


def test_link_of_somebody_known_takes_a_new_organisation_too(client, order, link):
    make_orderer(make_vetted_organisation("Satasairaala"), email=SENDER["email"])

    client.post(link, {"organisation": "new"})

    order.refresh_from_db()
    assert (order.organisation.name, order.organisation.state) == ("Kylän koulu", "waiting")


def test_desk_opens_where_an_order_is_open_unless_another_was_chosen(client, now):
    idle, busy = make_vetted_organisation("Aava"), make_vetted_organisation("Öljymäki")
    person = make_orderer(idle)
    make_member(busy, user=person)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    before = client.get(reverse("orderer:desk")).context["organisation"]

    make_order(now, orderer=make_orderer(busy))

    assert (before, client.get(reverse("orderer:desk")).context["organisation"]) == (idle, busy)
    session = client.session
    session["organisation"] = idle.pk
    session.save()
    assert client.get(reverse("orderer:desk")).context["organisation"] == idle


def test_check_sent_five_times_writes_one_letter(client, order):
    form = SENDER | {"form_token": str(uuid.uuid4())}

    answers = {client.post(check(order), form)["Location"] for _n in range(5)}

    assert (answers, Letter.objects.count()) == ({reverse("public:order-asked")}, 1)


def test_link_shows_first_and_sends_only_by_the_button(client, order, link):
    page = client.get(link)
    order.refresh_from_db()
    assert (page.status_code, order.state) == (200, OrderState.DRAFT)

    response = client.post(link)

    order.refresh_from_db()
    assert (response["Location"], order.state) == (link, OrderState.SENT)
    page = text(client.get(response["Location"]))
    assert "What happens next" in page
    assert str(next_step(order)) in page
    assert order.contact == User.objects.get(email="veera@example.test")


def test_link_used_twice_is_told_kindly(client, order, link):
    client.post(link)

    for response in (client.get(link), client.post(link)):
        assert response.status_code == 200
        assert "Your order is on its way" in text(response)
        assert reverse("orderer:order", args=[order.pk]) in text(response)
    assert Letter.objects.filter(kind="orders.received").count() == 1


def test_link_of_somebody_whose_account_is_closed_says_what_to_do(client, order, link):
    person = make_person(email=GuestSender.objects.get().email, is_active=False)

    answer = client.post(link)

    order.refresh_from_db()
    assert (answer.status_code, order.state) == (409, OrderState.DRAFT)
    assert "The account with this e-mail address has been closed" in text(answer)
    User.objects.filter(pk=person.pk).update(is_active=True)
    client.post(link)
    order.refresh_from_db()
    assert order.state == OrderState.SENT


def test_link_used_at_the_same_moment_is_told_kindly(client, order, link, monkeypatch):
    real = actions.confirm

    def confirm_after_another_window(guest, **how):
        real(guest, **how)
        return real(guest, **how)

    monkeypatch.setattr(actions, "confirm", confirm_after_another_window)

    response = client.post(link)

    assert response["Location"] == link
    assert Letter.objects.filter(kind="orders.received").count() == 1


def test_link_too_old_is_told_kindly(client, order, link, monkeypatch):
    real = signing.time.time
    monkeypatch.setattr("django.core.signing.time.time", lambda: real() + 8 * 24 * 3600)

    response = client.get(link)

    assert (response.status_code, "The link is too old" in text(response)) == (410, True)


def test_link_within_a_week_works(client, order, link, monkeypatch):
    real = signing.time.time
    monkeypatch.setattr("django.core.signing.time.time", lambda: real() + 6 * 24 * 3600)

    assert client.get(link).status_code == 200


@pytest.mark.parametrize("purpose, cut", [("guest", 3), ("offer", 0)])
def test_link_forged_cut_or_for_another_purpose_is_told_kindly(client, order, link, purpose, cut):
    token = sign(Link(purpose, GuestSender.objects.get().pk, 0))
    url = reverse("public:guest-link", args=[token[: len(token) - cut]])

    for response in (client.get(url), client.post(url)):
        assert response.status_code == 404
        assert "The link does not work" in text(response)
    order.refresh_from_db()
    assert order.state == OrderState.DRAFT


def test_link_replaced_by_a_newer_one_is_told_kindly(client, order, link):
    client.post(check(order), SENDER | {"email": "toinen@example.test"})

    response = client.get(link)

    assert (response.status_code, "This link is no longer in use" in text(response)) == (410, True)
    assert client.post(link_of(order)).status_code == 303


def test_link_to_an_order_out_of_date_leads_to_the_draft_in_any_browser(client, order, link):
    Theme.objects.filter(code="depression").update(is_active=False)
    client.cookies.clear()

    response = client.post(link)

    assert response["Location"] == check(order)
    assert len(list(get_messages(response.wsgi_request))) == 1
    assert "A theme that you chose is no longer in use." in text(client.get(response["Location"]))
    assert User.objects.filter(email="veera@example.test").count() == 0


def test_link_of_a_passed_time_loses_nothing(client, order, link):
    past = timezone.now() - timedelta(hours=2)
    order.times.update(starts_at=past, ends_at=past + timedelta(hours=1))

    client.post(link)

    assert Order.objects.get().state == OrderState.DRAFT
    assert GuestSender.objects.get().confirmed_at is None


def test_confirmed_order_is_on_the_desk_of_its_sender(client, order, link):
    client.post(link)
    sender = User.objects.get(email="veera@example.test")
    client.force_login(sender, backend="django.contrib.auth.backends.ModelBackend")

    page = text(client.get(reverse("orderer:desk")))

    assert order.title in page
    assert "The counter is getting to know your organisation." in page


def test_somebody_signed_in_without_an_organisation_may_order_as_a_guest(client, now):
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")

    response = begin(client)

    assert response["Location"] == reverse(
        "public:order-step", args=[Order.objects.get().pk, "who"]
    )


def test_draft_that_got_an_owner_is_closed_to_the_browser(client, order, now):
    guest = actions.ask_confirmation(order, language="fi", at=now, **SENDER)
    actions.confirm(guest, at=now)

    response = client.post(
        reverse("public:order-step", args=[order.pk, "what"]), {"go": "back", "goal": "Muutettu"}
    )

    order.refresh_from_db()
    assert (response["Location"], order.goal != "Muutettu") == (reverse("public:order-start"), True)


# -- From the page of a task type ------------------------------------------------


@pytest.mark.parametrize(
    ("code", "chosen"),
    [("pair_work", "pair_work"), ("none_such", None), ("x\x00", None), ("", None)],
)
def test_order_begins_with_the_kind_whose_page_led_here(client, code, chosen):
    page = flat(client.get("/fi/order/", {"task": code}))
    first = client.post("/fi/order/", {"task": code})["Location"]

    kind = client.get(first).context["form"]["task_type"].value()
    assert kind == (TaskType.objects.get(code=chosen).pk if chosen else None)
    assert ('name="task" value="pair_work"' in page) == bool(chosen)


def test_page_of_a_task_type_and_of_students_lead_there(client):
    assert 'href="/fi/order/?task=pair_work"' in client.get("/fi/tasks/pair_work/").content.decode()
    students = client.get("/fi/students/").content.decode()
    assert 'href="/fi/order/?task=lecture"' in students
    assert 'href="/fi/order/?task=interviewee"' in students


def test_one_sender_makes_us_write_to_only_so_many_addresses(client, order, monkeypatch):
    monkeypatch.setattr(wizard, "LETTERS", replace(LETTERS, address=2))

    pages = [
        client.post(check(order), SENDER | {"email": f"vieras{n}@example.test"}) for n in range(3)
    ]

    assert [page.status_code for page in pages] == [303, 303, 422]
    assert set(pages[2].context["form"].errors) == {"email"}
    assert Letter.objects.filter(kind="orders.guest_asked").count() == 2
    other = client.post(check(order), SENDER, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 303


def test_kind_of_organisation_is_not_chosen_beforehand(client, order):
    form = client.get(check(order)).context["form"]

    assert form["organisation_kind"].value() is None
    assert form.fields["organisation_kind"].choices[0] == ("", "Choose")


@pytest.mark.parametrize("number", ["", "040 123 4567", "+358 (0)40-123 4567", "02/1234567"])
def test_phone_numbers_as_people_write_them_are_taken(client, order, number):
    response = client.post(check(order), SENDER | {"phone": number})

    assert response.status_code == 303
    assert GuestSender.objects.get().phone == number


def test_guest_repeats_an_order_and_confirms_all_of_it_once(client, order):
    asked = SENDER | {"every": "two_weeks", "times": "2"}

    shown = client.post(check(order), asked)
    form = shown.context["form"]
    letters = Letter.objects.count()
    sent = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(check(order), sent)
    link = link_of(order)
    page = text(client.get(link))
    count = Order.objects.count()
    receipt = text(client.post(link, follow=True))

    days = GuestSender.objects.get().days
    assert (shown.status_code, letters, answer.status_code) == (200, 0, 303)
    assert form["name"].value() == SENDER["name"]
    assert [day - first_day(order) for day in days] == [timedelta(days=14), timedelta(days=28)]
    assert "The further days" in page
    assert count == 1
    assert [first_day(one) for one in Order.objects.order_by("pk")] == [first_day(order), *days]
    assert {one.state for one in Order.objects.all()} == {OrderState.SENT}
    for one in Order.objects.all():
        assert f">{one.pk} · {times_told(one)}</a>" in receipt
        assert reverse("orderer:order", args=[one.pk]) in receipt


def test_guest_sees_every_time_of_every_repeat_and_just_they_are_made(client, order):
    first = order.times.get()
    day = timedelta(days=1)
    order.times.create(starts_at=first.starts_at + day, ends_at=first.ends_at + day)
    shown = client.post(check(order), SENDER | {"every": "week", "times": "2"})
    form = shown.context["form"]

    client.post(check(order), {name: form[name].value() or "" for name in form.fields})
    link = link_of(order)
    page = text(client.get(link))
    client.post(link)

    told = [time.words for row in form.rows() for time in row.times]
    twins = Order.objects.exclude(pk=order.pk).order_by("pk")
    made = [when(time.starts_at, time.ends_at) for one in twins for time in one.times.all()]
    assert len(made) == 4
    assert [words.partition(" ")[2] for words in told] == made
    for words in told:
        assert words in page


def test_guest_series_whose_day_has_passed_is_corrected_before_it_is_sent(client, order, link):
    GuestSender.objects.update(days=[(timezone.now() - timedelta(days=3)).date()])

    answer = client.post(link)

    order.refresh_from_db()
    assert (answer["Location"], order.state) == (check(order), OrderState.DRAFT)


def test_guest_wishes_for_the_same_expert_every_time(client, order):
    asked = SENDER | {"every": "two_weeks", "times": "2", "is_one_expert": "on"}
    form = client.post(check(order), asked).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    client.post(check(order), sent)

    client.post(link_of(order))

    series = Order.objects.get(pk=order.pk).series
    assert (series.every, series.is_one_expert, series.orders.count()) == ("two_weeks", True, 3)
