"""The counter changes the details of an order that has been sent."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from luukku.accounts.models import User
from luukku.assignments.actions import accept
from luukku.assignments.models import Undo
from luukku.notices.models import Letter
from luukku.orders.actions import DETAILS, ask_change
from luukku.orders.models import Order, Revision
from luukku.orders.states import OrderState
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.taxonomy.models import Theme
from tests.factories.assignments import make_agreed, make_offer
from tests.factories.orders import make_draft, make_order, make_series
from tests.markup import flat

pytestmark = pytest.mark.django_db


def url(order):
    return reverse("counter:order-details", args=[order.pk])


def as_shown(client, order, **changes):
    """What the browser sends when only ``changes`` have been typed."""
    form = client.get(url(order)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {
        name: [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
        for name, value in values.items()
        if value not in (None, False)
    }
    return {"form_token": str(uuid.uuid4())} | sent | changes


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_kind_of_further_training_changes_and_its_group_stays_open(counter, now):
    order = make_order(now, needs_further_training=True)
    assert counter.get(url(order)).context["form"]["further"].value() == "any"

    counter.post(url(order), as_shown(counter, order, further="online"))

    order.refresh_from_db()
    assert (order.needs_further_training, order.further_kind) == (True, "online")
    assert "What the expert knows" in opened(counter.get(url(order)))


def test_order_and_request_lead_to_the_details(counter, now):
    order = make_agreed(now).order
    asked = ask_change(order, "Ryhmässä onkin 40", by=order.contact, at=now)

    for name, pk in (("order", order.pk), ("order-change", asked.pk)):
        page = counter.get(reverse(f"counter:{name}", args=[pk])).content.decode()
        assert url(order) in page


@pytest.mark.parametrize("state", [OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING])
def test_details_of_an_order_without_a_yes_change_wholly(counter, now, state):
    order = make_offer(now).order if state == OrderState.SEARCHING else make_order(now, state=state)
    theme = Theme.objects.filter(is_active=True).last()

    answer = counter.post(
        url(order), as_shown(counter, order, audience_size=40, themes=[theme.pk], address="Lukio")
    )

    order = Order.objects.get(pk=order.pk)
    assert answer.status_code == 303
    assert (order.audience_size, order.address, order.state) == (40, "Lukio", state)
    assert [row.theme for row in order.order_themes.all()] == [theme]
    assert said(answer) == ["Saved. Those whom it concerns are told by a letter."]


def test_details_sent_as_shown_change_nothing(counter, now):
    task = make_agreed(now)
    told = Letter.objects.count()

    answer = counter.post(url(task.order), as_shown(counter, task.order))

    assert (answer.status_code, Letter.objects.count()) == (303, told)


def test_details_of_an_agreed_task_name_whom_to_call(counter, now):
    task = make_agreed(now)

    page = counter.get(url(task.order))

    assert task.expert.user.name in page.content.decode()
    assert page.context["form"].fields["called"].choices == [(task.pk, task.expert.user.name)]


def test_details_say_of_whom_to_call_whether_they_said_yes_to_calls(counter, now):
    task = make_agreed(now)
    User.objects.filter(pk=task.expert.user_id).update(phone="040 123 4567")
    words = "has not said yes to calls: call only if an agreed task is in danger"

    set_consents(task.expert.user, {Purpose.IN_BANK}, by=task.expert.user, at=now)
    without = flat(counter.get(url(task.order)))
    person = task.expert.user
    set_consents(person, {Purpose.IN_BANK, Purpose.PHONE}, by=person, at=now)
    with_yes = flat(counter.get(url(task.order)))

    assert (words in without, words in with_yes) == (True, False)


def test_details_hold_every_field_that_has_no_page_of_its_own(counter, now):
    order = make_order(now, state=OrderState.SENT)

    fields = set(counter.get(url(order)).context["form"].fields)

    named_otherwise = {"themes", "perspective", "languages", "wished", "further"}
    asked_as_one = {"wished_expert", "unit", "needs_further_training", "further_kind"}
    assert fields - {"version"} == DETAILS - asked_as_one | named_otherwise


def test_what_a_yes_was_given_to_waits_for_the_call_and_shows_what_breaks(counter, now):
    task = make_agreed(now)
    was = set(task.order.order_themes.values_list("theme", flat=True))
    known = set(task.expert.experiences.values_list("theme_id", flat=True))
    theme = Theme.objects.filter(is_active=True, parent=None).exclude(pk__in=known | was).last()
    told = Letter.objects.count()

    answer = counter.post(url(task.order), as_shown(counter, task.order, themes=[theme.pk]))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"no experience of: {theme.name}" in page
    assert "Call them first, and mark below who agrees." in page
    assert set(task.order.order_themes.values_list("theme", flat=True)) == was
    assert Letter.objects.count() == told


def test_what_breaks_is_shown_before_saving_also_to_who_has_called_first(counter, now):
    task = make_agreed(now)
    theme = Theme.objects.filter(is_active=True).last()
    sent = as_shown(counter, task.order, themes=[theme.pk], called=[task.pk])
    told = Letter.objects.count()

    first = counter.post(url(task.order), sent)

    page = first.content.decode()
    assert (first.status_code, Letter.objects.count()) == (422, told)
    assert f"no experience of: {theme.name}" in page
    assert "Save again if the expert has agreed to it all the same." in page
    assert first.context["form"]["called"].value() == [str(task.pk)]

    again = counter.post(url(task.order), sent | {"read": first.context["read"]})

    assert again.status_code == 303
    assert [row.theme for row in task.order.order_themes.all()] == [theme]
    assert Letter.objects.filter(kind="assignments.details_changed").count() == 2


def test_what_was_read_of_another_change_is_no_reading_of_this(counter, now):
    task = make_agreed(now)
    first, second = Theme.objects.filter(is_active=True).order_by("-pk")[:2]
    page = counter.post(
        url(task.order), as_shown(counter, task.order, themes=[first.pk], called=[task.pk])
    )
    sent = as_shown(counter, task.order, themes=[second.pk], called=[task.pk])

    answer = counter.post(url(task.order), sent | {"read": page.context["read"]})

    assert answer.status_code == 422
    assert f"no experience of: {second.name}" in answer.content.decode()


def test_details_of_one_date_lead_to_the_others_and_say_that_they_stay(counter, now):
    orders = make_series(now)

    page = counter.get(url(orders[0])).content.decode()

    assert "You change this time of the series only." in page
    assert [url(one) in page for one in orders[1:]] == [True, True]
    assert "time of the series only" not in counter.get(url(make_order(now))).content.decode()


def test_title_of_an_agreed_task_needs_no_call(counter, now):
    task = make_agreed(now)

    answer = counter.post(url(task.order), as_shown(counter, task.order, title="Uusi otsikko"))

    assert (answer.status_code, Order.objects.get().title) == (303, "Uusi otsikko")


def test_more_experts_than_wanted_are_asked_for_on_the_same_page(counter, now):
    task = make_agreed(now)

    counter.post(url(task.order), as_shown(counter, task.order, experts_wanted=2))

    assert Order.objects.get().state == OrderState.SEARCHING


def test_fewer_experts_than_have_said_yes_are_refused_at_the_field(counter, now):
    task = make_agreed(now, experts_wanted=2)
    second = make_offer(now, order=task.order)
    accept(second, by=second.expert.user, at=now, via="desk")

    answer = counter.post(url(task.order), as_shown(counter, task.order, experts_wanted=1))

    assert "experts_wanted" in answer.context["form"].errors
    assert Order.objects.get().experts_wanted == 2


def test_length_that_does_not_fit_into_a_time_is_refused(counter, now):
    order = make_order(now, state=OrderState.SENT)

    answer = counter.post(url(order), as_shown(counter, order, length_minutes=1000))

    assert "length_minutes" in answer.context["form"].errors


def test_day_to_sign_up_that_has_passed_may_stay(counter, now):
    order = make_order(now, state=OrderState.SENT)
    Order.objects.update(sign_up_by=now.date() - timedelta(days=3))

    answer = counter.post(url(order), as_shown(counter, order, title="Uusi otsikko"))

    assert (answer.status_code, Order.objects.get().title) == (303, "Uusi otsikko")


@pytest.mark.parametrize("who", ["counter", "orderer"])
def test_both_read_what_was_there_before(counter, client, now, who):
    order = make_order(now, state=OrderState.SENT, address="Tiilimäki 1")
    counter.post(url(order), as_shown(counter, order, address="Lukio"))
    reader = order.contact if who == "orderer" else None
    if reader:
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")

    page = flat((client if reader else counter).get(reverse(f"{who}:order", args=[order.pk])))

    assert "Address or meeting place: Lukio" in page
    assert "Before: Tiilimäki 1" in page


def test_lowered_fee_of_an_agreed_task_is_refused_in_words(counter, now):
    task = make_agreed(now, fee_eur=100)

    answer = counter.post(url(task.order), as_shown(counter, task.order, fee_eur="50", goal="Uusi"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "they can be raised, not lowered" in page
    assert ">Uusi<" in page.replace("\n", "")
    assert Order.objects.get().fee_eur == 100


def test_details_that_two_change_at_once_are_asked_about(counter, now):
    order = make_order(now, state=OrderState.SENT)
    mine = as_shown(counter, order, address="Lukio")
    Order.objects.update(address="Kirjasto")

    answer = counter.post(url(order), mine)

    assert answer.status_code == 422
    assert "Theirs: Kirjasto" in answer.content.decode()
    assert Order.objects.get().address == "Kirjasto"


def test_details_keep_what_only_another_changed(counter, now):
    order = make_order(now, state=OrderState.SENT)
    mine = as_shown(counter, order, audience_size=40)
    Order.objects.update(address="Kirjasto")

    counter.post(url(order), mine)

    order = Order.objects.get()
    assert (order.address, order.audience_size) == ("Kirjasto", 40)


def test_changed_details_are_taken_back_with_their_letters_and_themes(counter, now):
    order = make_offer(now).order
    told, themes = Letter.objects.count(), set(order.order_themes.values_list("theme", flat=True))
    theme = Theme.objects.filter(is_active=True).exclude(pk__in=themes).last()
    counter.post(url(order), as_shown(counter, order, address="Lukio", themes=[theme.pk]))

    undo = reverse("counter:order-undo", args=[order.pk, Undo.objects.get().pk])
    counter.post(undo)

    after = Order.objects.get()
    assert (after.address, after.terms_changed_at) == (order.address, None)
    assert set(after.order_themes.values_list("theme", flat=True)) == themes
    assert Letter.objects.count() == told
    assert not Revision.objects.exists()


def test_offer_says_that_it_has_changed(counter, client, now):
    offer = make_offer(now)
    words = "The details of this task were changed on"
    page = reverse("expert:offer", args=[offer.pk])
    counter.post(url(offer.order), as_shown(counter, offer.order, address="Lukio"))
    client.force_login(offer.expert.user, backend="django.contrib.auth.backends.ModelBackend")

    assert words in client.get(page).content.decode()


@pytest.mark.parametrize("make", [make_draft, lambda at: make_order(at, state=OrderState.CLOSED)])
def test_details_of_what_is_not_under_way_lead_to_the_order(counter, now, make):
    assert counter.get(url(make(now))).status_code == 303


def test_orderer_does_not_open_the_details_at_the_counter(client, now):
    order = make_order(now, state=OrderState.SENT)
    client.force_login(order.contact, backend="django.contrib.auth.backends.ModelBackend")

    for answer in (client.get(url(order)), client.post(url(order), {"address": "Lukio"})):
        assert answer.status_code == 403
    assert Order.objects.get().address == order.address


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [({"length_minutes": 120}, set()), ({"is_open_call": "on", "days": 25}, {"sign_up_by"})],
)
def test_only_the_agreed_time_measures_what_is_changed(counter, now, changes, wrong):
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    later, hour = start + timedelta(days=9), timedelta(hours=1)
    wishes = [(start, start + 3 * hour), (later, later + hour)]
    offer = make_offer(now, times=wishes, experts_wanted=2)
    agreed = offer.order.times.get(starts_at=start)
    accept(offer, by=offer.expert.user, at=now, via="desk", time=agreed)
    if days := changes.pop("days", 0):
        changes["sign_up_by"] = (now + timedelta(days=days)).date()

    answer = counter.post(url(offer.order), as_shown(counter, offer.order, **changes))

    if wrong:
        assert set(answer.context["form"].errors) == wrong
    else:
        assert (answer.status_code, Order.objects.get().length_minutes) == (303, 120)


def opened(response):
    """Return the headings of the groups that are open."""
    return [str(part.heading) for part in response.context["form"].parts() if part.is_open]


def test_details_are_folded_but_for_the_place(counter, now):
    response = counter.get(url(make_order(now)))

    assert opened(response) == ["Place"]
    assert all(part.is_group for part in response.context["form"].parts())


def test_details_that_were_changed_before_are_open(counter, now):
    order = make_order(now)
    counter.post(url(order), as_shown(counter, order, audience_size=40))

    assert opened(counter.get(url(order))) == ["Who takes part"]


def test_wrong_field_opens_its_group_and_keeps_what_was_typed_open(counter, now):
    order = make_order(now)

    response = counter.post(
        url(order), as_shown(counter, order, goal="", invoice_reference="KP 1200")
    )

    assert response.status_code == 422
    assert opened(response) == ["Fee", "What and why"]


def test_who_has_been_called_is_open_where_somebody_has_said_yes(counter, now):
    assert opened(counter.get(url(make_agreed(now).order))) == [
        "Place", "Who has been called",
    ]  # fmt: skip
