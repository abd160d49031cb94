"""An order begins with its first saved step: until then nothing is made and no number is used."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.orders import actions
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.taxonomy.models import TaskType
from luukku.web.public.guest_orders import SESSION_KEY
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.orders import make_draft, make_guest_draft, make_order, make_orderer
from tests.races.at_once import at_once, errors
from tests.web.kit.forms.found import forms_in

pytestmark = pytest.mark.django_db
WHO = ("guest", "orderer", "counter")


def signed(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@dataclass
class Beginner:
    """Somebody who begins an order on one surface."""

    client: Client
    surface: str
    start: str
    data: dict

    def begin(self, **more):
        """Press "Start the order"; return the address of the first question."""
        response = self.client.post(self.start, self.data | more)
        assert response.status_code == 303
        return response["Location"]

    def step(self, order, name):
        return reverse(f"{self.surface}:order-step", args=[order.pk, name])


@pytest.fixture
def beginner(request, db):
    who = request.param
    if who == "guest":
        return Beginner(Client(), "public", reverse("public:order-start"), {})
    orderer = make_orderer()
    if who == "orderer":
        return Beginner(signed(orderer), "orderer", reverse("orderer:order-new"), {})
    data = {"contact": orderer.memberships.get().pk}
    return Beginner(signed(make_coordinator()), "counter", reverse("counter:order-new"), data)


@pytest.fixture
def token():
    """A fresh token of a form, as the page would give it."""
    return lambda: str(uuid.uuid4())


@pytest.fixture
def what(db):
    return {
        "task_type": TaskType.objects.get(code="talk").pk,
        "title": "Puheenvuoro koulutuksessa",
        "goal": "Henkilökunta ymmärtää paremmin.",
        "expert_does": "Kertoo ja vastaa kysymyksiin.",
    }


def begin_address(member):
    """Where the counter begins an order for ``member``."""
    return f"{reverse('counter:order-begin')}?begun={uuid.uuid4()}&member={member}"


@pytest.mark.parametrize("beginner", WHO, indirect=True)
def test_going_to_the_start_twice_leaves_nothing_behind(beginner):
    before = AuditEvent.objects.count()

    addresses = {beginner.begin() for _n in range(2)}
    pages = [beginner.client.get(address) for address in addresses]

    assert [page.status_code for page in pages] == [200, 200]
    assert (Order.objects.count(), AuditEvent.objects.count()) == (0, before)


@pytest.mark.parametrize("beginner", WHO, indirect=True)
def test_first_saved_step_makes_the_order_and_goes_on(beginner, what):
    address = beginner.begin()

    response = beginner.client.post(address, what)

    order = Order.objects.get()
    assert response["Location"] == beginner.step(order, "who")
    assert (order.title, order.state) == (what["title"], OrderState.DRAFT)
    assert beginner.client.get(response["Location"]).status_code == 200
    assert AuditEvent.objects.filter(act="orders.start").count() == 1


@pytest.mark.parametrize("beginner", WHO, indirect=True)
def test_first_step_with_a_fault_makes_nothing_and_keeps_what_was_typed(beginner, what):
    response = beginner.client.post(beginner.begin(), what | {"goal": ""})

    assert (response.status_code, Order.objects.count()) == (422, 0)
    assert what["title"] in response.content.decode()


@pytest.mark.parametrize("beginner", WHO, indirect=True)
def test_first_step_sent_again_and_again_is_one_order(beginner, what, token):
    address, form = beginner.begin(), what | {"form_token": token()}

    answers = {beginner.client.post(address, form)["Location"] for _n in range(3)}

    assert (len(answers), Order.objects.count()) == (1, 1)


@pytest.mark.parametrize("beginner", WHO, indirect=True)
def test_back_to_the_first_step_shows_what_was_saved_and_changes_it(beginner, what):
    address = beginner.begin()
    beginner.client.post(address, what)

    page = beginner.client.get(address).content.decode()
    response = beginner.client.post(address, what | {"title": "Toinen otsikko"})

    order = Order.objects.get()
    assert what["title"] in page
    assert (order.title, response["Location"]) == ("Toinen otsikko", beginner.step(order, "who"))


@pytest.mark.parametrize("beginner", WHO, indirect=True)
def test_two_tabs_at_the_same_address_make_one_order_two_starts_make_two(beginner, what, token):
    address, other = beginner.begin(), beginner.begin()

    for form in (what, what | {"title": "Toisesta välilehdestä"}):
        beginner.client.post(address, form | {"form_token": token()})
    beginner.client.post(other, what | {"form_token": token()})

    titles = list(Order.objects.order_by("pk").values_list("title", flat=True))
    assert titles == ["Toisesta välilehdestä", what["title"]]


@pytest.mark.parametrize("beginner", ["orderer", "counter"], indirect=True)
def test_stopping_with_nothing_filled_in_makes_nothing(beginner):
    address = beginner.begin(task="pair_work")
    form = next(
        form
        for form in forms_in(beginner.client.get(address).content.decode(), address)
        if form.token("form_token") and "title" in {field.name for field in form.fields}
    )
    typed = {field.name: field.value for field in form.fields if field.name != "go"}

    response = beginner.client.post(address, typed | {"go": "later"})

    assert (response["Location"], Order.objects.count()) == (reverse("desk"), 0)


@pytest.mark.parametrize("beginner", ["orderer", "counter"], indirect=True)
def test_stopping_with_something_filled_in_keeps_it(beginner):
    beginner.client.post(beginner.begin(), {"title": "Kesken", "go": "later"})

    assert Order.objects.get().title == "Kesken"


@pytest.mark.parametrize("beginner", ["orderer", "counter"], indirect=True)
def test_address_of_an_order_that_has_been_sent_leads_to_it(beginner, what):
    address = beginner.begin()
    sent = make_order(orderer=User.objects.get(memberships__role="orderer"))
    Order.objects.filter(pk=sent.pk).update(begun=address.split("begun=")[1][:36])

    answers = [beginner.client.get(address), beginner.client.post(address, what)]

    there = reverse(f"{beginner.surface}:order", args=[sent.pk])
    assert [answer["Location"] for answer in answers] == [there, there]
    assert Order.objects.count() == 1


@pytest.mark.parametrize("beginner", ["guest", "orderer"], indirect=True)
def test_begun_order_opens_to_nobody_else(beginner, what):
    address = beginner.begin()
    beginner.client.post(address, what)
    strangers = [Client()] if beginner.surface == "public" else [signed(make_orderer())]

    for stranger in strangers:
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, what | {"title": "Vieraan"}).status_code == 404

    assert Order.objects.get().title == what["title"]


@pytest.mark.parametrize("who", ["orderer", "expert"])
def test_only_the_counter_begins_on_behalf(who, what):
    member = make_orderer().memberships.get()
    client = signed(make_orderer() if who == "orderer" else make_person())

    address = begin_address(member.pk)

    assert {client.get(address).status_code, client.post(address, what).status_code} == {403}
    assert Order.objects.count() == 0


def test_counter_begins_only_for_somebody_who_orders():
    counter = signed(make_coordinator())

    address = begin_address(999999)

    assert counter.get(address).status_code == 404


@pytest.mark.parametrize("beginner", WHO, indirect=True)
@pytest.mark.parametrize("odd", ["", "begun=", "begun=x", "begun=1&member=x", "member=%00"])
def test_address_that_tells_of_no_order_leads_to_the_start(beginner, odd):
    response = beginner.client.get(f"{reverse(f'{beginner.surface}:order-begin')}?{odd}")

    assert response["Location"] == beginner.start


def test_guest_browser_keeps_a_draft_from_its_first_saved_step(what):
    client = Client()
    address = client.post(reverse("public:order-start"))["Location"]
    assert SESSION_KEY not in client.session

    client.post(address, what)

    assert client.session[SESSION_KEY] == [Order.objects.get().pk]


@pytest.mark.django_db(transaction=True)
def test_first_step_from_two_tabs_in_one_instant_is_one_order(now):
    orderer = make_orderer()
    begun, organisation = uuid.uuid4(), orderer.memberships.get().organisation
    start = partial(actions.start, by=orderer, at=now, organisation=organisation, begun=begun)

    done = at_once([start, start, start])

    assert errors(done) == []
    assert Order.objects.count() == AuditEvent.objects.filter(act="orders.start").count() == 1


def test_desk_after_the_start_has_nothing_new_waiting():
    orderer = make_orderer()
    client = signed(orderer)
    client.get(client.post(reverse("orderer:order-new"))["Location"])

    page = client.get(reverse("orderer:desk"))

    assert list(page.context["drafts"]) == []


# -- Drafts that were begun and left empty ---------------------------------------------------------------


def test_forget_empty_deletes_only_old_drafts_in_which_nothing_was_written(at):
    orderer = make_orderer(at=at)
    long_ago, organisation = at - timedelta(days=2), orderer.memberships.get().organisation
    empty = actions.start(by=orderer, at=long_ago, organisation=organisation)
    kind = TaskType.objects.get(code="talk")
    with_kind = actions.start(by=orderer, at=long_ago, organisation=organisation, task_type=kind)
    fresh = actions.start(by=orderer, at=at, organisation=organisation)
    kept = [make_draft(long_ago, orderer=orderer), make_guest_draft(long_ago), fresh]
    for words in ({"title": "Otsikko"}, {"goal": "Tavoite"}, {"audience": "Opiskelijoita"}):
        begun = actions.start(by=orderer, at=long_ago, organisation=organisation)
        kept.append(actions.save_draft(begun, by=orderer, at=long_ago, **words))

    count = actions.forget_empty(at=at)

    assert (count, set(Order.objects.all())) == (2, set(kept))
    told = AuditEvent.objects.filter(act="orders.forget").values_list("object_id", flat=True)
    assert set(told) == {str(empty.pk), str(with_kind.pk)}
