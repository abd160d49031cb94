"""The dates of a series on one page: answered each by itself on the desk, by the mailed link and by phone alike."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.assignments import actions
from luukku.assignments.models import Assignment, Offer, Undo, Via
from luukku.core.links import Link, sign
from luukku.core.times import when
from luukku.notices.models import Letter
from luukku.orders.actions import change_details
from luukku.orders.models import CancelledBy
from tests import markup
from tests.factories.assignments import (
    make_agreed,
    make_offer,
    make_series_offers,
    make_sign_up,
)
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
WAYS = ["desk", "link", "phone"]  # of ``open_page``


@pytest.fixture
def offers(now):
    return make_series_offers(now)


def shown():
    """Return the hidden field of a page that shows every date as it is now."""
    rows = Offer.objects.proposed().select_related("order").order_by("order_id")
    terms = {one.pk: one.order.terms_changed_at for one in rows}
    return ",".join(f"{pk}={at.isoformat() if at else ''}" for pk, at in terms.items())


def send(client, url, **data):
    data = {"form_token": str(uuid.uuid4()), "terms": shown()} | data
    return client.post(url, data, follow=True)


def said(offers, **answers):
    return {f"answer{offers[int(n[1:])].pk}": value for n, value in answers.items()}


def states(offers):
    return list(
        Offer.objects.filter(pk__in=[o.pk for o in offers])
        .order_by("pk")
        .values_list("state", flat=True)
    )


@pytest.mark.parametrize("way", WAYS)
def test_page_shows_every_date_with_a_field_of_its_own(client, offers, open_page, way):
    show, _send = open_page(way, offers[1])

    page = client.get(show)

    assert page.status_code == 200
    for offer in offers:
        assert f'name="answer{offer.pk}"' in page.content.decode()


@pytest.mark.parametrize("way, via", [*zip(WAYS, [Via.DESK, Via.LINK, Via.COUNTER], strict=True)])
def test_each_date_is_answered_by_itself(client, offers, open_page, way, via):
    _show, to = open_page(way, offers[0])

    response = send(client, to, some="1", **said(offers, n0="yes", n1="no"))

    assert response.status_code == 200
    assert states(offers) == ["accepted", "declined", "proposed"]
    assert Assignment.objects.get().expert_agreed_via == via


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("button, state", [("all", "accepted"), ("none", "declined")])
def test_one_button_answers_all(client, offers, open_page, way, button, state):
    _show, to = open_page(way, offers[0])

    send(client, to, **{button: "1"})

    assert states(offers) == [state] * 3


@pytest.mark.parametrize("way", WAYS)
def test_answer_to_nothing_is_said_at_the_form(client, offers, open_page, way):
    _show, to = open_page(way, offers[0])

    response = send(client, to, some="1")

    assert response.status_code == 422
    assert response.context["dates"].form.non_field_errors() == [
        "Answer yes or no to at least one of the times."
    ]
    assert states(offers) == ["proposed"] * 3


@pytest.mark.parametrize("way", ["desk", "link"])
def test_answer_sent_again_shows_what_was_agreed(client, offers, open_page, way):
    _show, to = open_page(way, offers[0])
    send(client, to, all="1")

    response = send(client, to, all="1")

    assert response.status_code == 200
    assert (Assignment.objects.count(), states(offers)) == (3, ["accepted"] * 3)


@pytest.mark.parametrize("way", WAYS)
def test_yes_to_a_date_that_went_meanwhile_is_said_and_the_others_stand(
    client, offers, open_page, now, way
):
    order = offers[0].order
    _show, to = open_page(way, offers[0])
    actions.cancel_order(order, whose=CancelledBy.ORDERER, reason="", by=order.contact, at=now)

    response = send(client, to, some="1", **said(offers, n0="yes", n1="yes"))

    assert states(offers) == ["withdrawn", "accepted", "proposed"]
    assert "Not written down, because somebody was faster" in response.content.decode()


@pytest.mark.parametrize("way", WAYS)
def test_yes_to_a_date_with_another_task_is_said(client, offers, open_page, now, way):
    time = offers[0].order.times.get()
    make_agreed(now, expert=offers[0].expert, times=[(time.starts_at, time.ends_at)])
    _show, to = open_page(way, offers[0])

    response = send(client, to, some="1", **said(offers, n0="yes", n1="yes"))

    assert states(offers) == ["proposed", "accepted", "proposed"]
    assert "another agreed task at the same time" in response.content.decode()


@pytest.mark.parametrize("way, is_to_expert", [("desk", True), ("link", True), ("phone", False)])
def test_words_are_to_whoever_reads_them(client, offers, open_page, now, way, is_to_expert):
    time = offers[0].order.times.get()
    make_agreed(now, expert=offers[0].expert, times=[(time.starts_at, time.ends_at)])
    show, to = open_page(way, offers[0])

    _read_aloud, page = client.get(show).content.decode().split('aria-labelledby="answer"')
    after = send(client, to, some="1", **said(offers, n1="yes")).content.decode()

    words = ["You need not give a reason", "Answer each time by itself", "you have another task"]
    assert [one in page for one in words] == [is_to_expert] * 3
    assert ("the expert has another task then" in page) != is_to_expert
    assert "Agreed: 1 time." in after
    assert ("Agreed: 1 time. Thank you!" in after) == is_to_expert


@pytest.mark.parametrize("way", WAYS)
def test_yes_to_terms_that_changed_since_is_refused(client, offers, open_page, now, way):
    show, to = open_page(way, offers[0])
    terms = client.get(show).context["dates"].form["terms"].value()
    by, order = coordinator_of_orders(), offers[1].order
    change_details(order, by=by, at=now + timedelta(seconds=1), address="Muualla 1")

    response = send(client, to, some="1", terms=terms, **said(offers, n1="yes"))

    assert response.status_code == 422
    assert states(offers) == ["proposed"] * 3


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "button, is_one_expert", [("all", False), ("all", True), ("none", False), ("some", False)]
)
def test_answer_is_never_to_a_date_that_the_page_did_not_show(
    client, now, open_page, way, button, is_one_expert
):
    offers = make_series_offers(now, is_one_expert=is_one_expert)
    by, expert, order = coordinator_of_orders(), offers[0].expert, offers[2].order
    actions.withdraw(offers[2], by=by, at=now)
    show, to = open_page(way, offers[0])
    terms = client.get(show).context["dates"].form["terms"].value()
    later = actions.propose(order, expert, by=by, at=now, answer_by=offers[0].expires_at)

    answer = said([*offers, later], n0="no", n3="yes" if button == "some" else "")

    response = send(client, to, terms=terms, **{button: "1"}, **answer)

    assert response.status_code == 422
    assert states([*offers, later]) == ["proposed", "proposed", "withdrawn", "proposed"]
    assert response.context["dates"].form["terms"].value() == shown()
    assert [row.offer.pk for row in response.context["dates"].waiting] == [
        offers[0].pk, offers[1].pk, later.pk,
    ]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("button", ["all", "none"])
def test_answer_that_does_not_tell_what_its_page_showed_is_asked_again(
    client, offers, open_page, way, button
):
    _show, to = open_page(way, offers[0])

    response = client.post(to, {"form_token": str(uuid.uuid4()), button: "1"})

    assert response.status_code == 422
    assert states(offers) == ["proposed"] * 3


@pytest.mark.parametrize("way", WAYS)
def test_date_that_went_before_a_yes_to_all_is_named(client, offers, open_page, now, way):
    order, terms = offers[0].order, shown()
    _show, to = open_page(way, offers[0])
    actions.cancel_order(order, whose=CancelledBy.ORDERER, reason="", by=order.contact, at=now)

    response = send(client, to, terms=terms, all="1")

    assert states(offers) == ["withdrawn", "accepted", "accepted"]
    assert "Not written down, because somebody was faster" in response.content.decode()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "terms",
    ["", "x", "1=2=3,,=,999999999999999999999=", "é=1", "9" * 5000 + "=", "1=," * 9999, "²="],
    ids=["none", "x", "long", "é", "longest", "many", "square"],
)
def test_nonsense_in_hidden_fields_is_no_error(client, offers, open_page, way, terms):
    _show, to = open_page(way, offers[0])
    nonsense = {"all": "1", "answer0": "yes", "answerx": "no"} | said(offers, n1="maybe-7")

    response = send(client, to, terms=terms, **nonsense)

    assert response.status_code == 422
    assert states(offers) == ["proposed"] * 3


def test_several_wished_times_of_a_date_are_chosen_among(client, now, open_page):
    offers = make_series_offers(now, days=(14, 15))
    second = offers[0].order.times.last()
    _show, to = open_page("desk", offers[0])

    send(client, to, some="1", **said(offers, n0=f"yes-{second.pk}"))

    assert Assignment.objects.get().starts_at == second.starts_at


def test_yes_to_all_needs_a_choice_where_there_are_several_times(client, now, open_page):
    offers = make_series_offers(now, days=(14, 15))
    _show, to = open_page("desk", offers[0])

    response = send(client, to, all="1")

    assert response.status_code == 422
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("way", WAYS)
def test_same_expert_answers_all_or_none(client, now, open_page, way):
    offers = make_series_offers(now, is_one_expert=True)
    show, to = open_page(way, offers[0])

    page = client.get(show).content.decode()
    send(client, to, all="1")

    assert "a yes is to all the times" in page
    assert 'name="answer' not in page
    assert states(offers) == ["accepted"] * 3


def test_same_expert_with_a_crafted_yes_to_one_changes_nothing(client, now, open_page):
    offers = make_series_offers(now, is_one_expert=True)
    _show, to = open_page("link", offers[0])

    send(client, to, some="1", **said(offers, n0="yes"))

    assert states(offers) == ["proposed"] * 3


def test_link_of_somebody_else_answers_nothing(client, offers):
    other = make_expert()
    url = reverse("public:offer-link", args=[sign(Link("offer", offers[0].pk, other.user_id))])

    response = send(client, url, all="1")

    assert response.status_code == 404
    assert states(offers) == ["proposed"] * 3


def test_desk_of_somebody_else_answers_nothing(client, offers):
    client.force_login(make_expert().user, backend=BACKEND)

    response = send(client, reverse("expert:offer-dates", args=[offers[0].pk]), all="1")

    assert response.status_code == 404
    assert states(offers) == ["proposed"] * 3


def test_mailed_page_of_agreed_dates_cancels_one_by_itself(client, offers, open_page):
    show, to = open_page("link", offers[0])
    send(client, to, all="1")
    rows = client.get(show).context["rows"]
    _calendar, cancel = rows[1][1]

    send(client, cancel, reason="")

    assert list(Assignment.objects.order_by("pk").values_list("state", flat=True)) == [
        "agreed", "cancelled", "agreed",
    ]  # fmt: skip


def test_mailed_page_reveals_nobody_before_a_yes(client, offers, open_page):
    show, _to = open_page("link", offers[0])

    page = client.get(show).content.decode()

    assert offers[0].order.contact.name not in page
    assert offers[0].order.organisation.name in page


def test_counter_takes_several_dates_back_in_one_letter(client, offers, open_page):
    _show, to = open_page("phone", offers[0])

    send(client, to, withdraw="1")

    assert states(offers) == ["withdrawn"] * 3
    assert Letter.objects.filter(kind="assignments.withdrawn").count() == 1


def test_counter_takes_back_what_it_wrote_down_of_several_dates(client, offers, open_page):
    _show, to = open_page("phone", offers[0])
    send(client, to, all="1")
    undo = Undo.objects.get()

    send(client, reverse("counter:order-undo", args=[undo.order_id, undo.pk]))

    assert states(offers) == ["proposed"] * 3
    assert not Letter.objects.filter(kind="assignments.agreed").exists()


def told(page):
    """Return the words of a page, without its markup."""
    return " ".join(re.sub("<[^>]*>", " ", markup.said(page)).split())


def put_later(order, at):
    """Move the time of ``order`` by two days; return it as it was and is, in words."""
    time = order.times.get()
    was, span = (
        (time.starts_at, time.ends_at),
        [one + timedelta(days=2) for one in (time.starts_at, time.ends_at)],
    )
    actions.set_times(order, [span], by=coordinator_of_orders(), at=at)
    return when(*was), when(*span)


@pytest.mark.parametrize("way", WAYS)
def test_moved_date_says_which_it_replaces_and_the_others_say_nothing(
    client, offers, open_page, now, way
):
    was, new = put_later(offers[1].order, now + timedelta(minutes=1))

    page = client.get(open_page(way, offers[0])[0])

    rows = page.context["dates"].waiting
    assert [bool(row.changed_at) for row in rows] == [False, True, False]
    assert [(one.was, one.now) for one in rows[1].differences] == [(was, new)]
    assert f"Times: {new} Before: {was}" in told(page)
    assert told(page).count("Before:") == 1


def test_change_that_was_put_back_is_shown_as_none(client, offers, open_page, now):
    order, counter = offers[0].order, coordinator_of_orders()
    for minute, address in ((1, "Sali 2"), (2, order.address)):
        at = now + timedelta(minutes=minute)
        actions.change_details(order, by=counter, at=at, address=address)

    page = client.get(open_page("desk", offers[0])[0])

    assert page.context["dates"].waiting[0].differences == ()


def test_changed_offer_of_no_series_says_what_it_was(client, now, open_page):
    offer = make_offer(now, address="Tiilimäki 1")
    later = now + timedelta(minutes=1)
    actions.change_details(
        offer.order, by=coordinator_of_orders(), at=later, address="Sali 2", equipment="Tussi"
    )

    for way in WAYS:
        page = told(client.get(open_page(way, offer)[0]))
        assert "Sali 2 Before: Tiilimäki 1" in page
        assert "Tussi Before" not in page


def test_who_has_signed_up_sees_what_has_changed_since(client, now, open_page):
    offer = make_sign_up(now, is_open_call=True)
    was, new = put_later(offer.order, now + timedelta(minutes=1))
    client.force_login(offer.expert.user, backend=BACKEND)

    page = told(client.get(reverse("expert:call", args=[offer.order_id])))

    assert f"Times: {new} Before: {was}" in page
    assert "after the sign-up" in page
