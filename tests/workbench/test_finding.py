"""One search over orders, people, experts, organisations, questions and events."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luukku.core.asked import asking_once
from luukku.core.times import month_in
from luukku.events.models import Series
from luukku.events.states import EventState
from luukku.orders.models import Order
from luukku.taxonomy.models import Municipality, Theme
from luukku.workbench.queries import find, finding, jump
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event
from tests.factories.experts import make_expert
from tests.factories.guidance import make_question
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def kaisa():
    return make_coordinator()


@pytest.fixture
def order(at):
    """A lecture at a nursing school in January, that Hiltunen phoned about."""
    order = make_order(at, days=(42,))
    order.title = "Luento sairaanhoitajaopiskelijoille"
    order.organisation.name = "Rantakylän ammattiopisto"
    order.contact.name, order.contact.phone = "Amina Hiltunen", "040 123 4567"
    order.contact.email = "amina.hiltunen@koulu.example"
    for one in (order, order.organisation, order.contact):
        one.save()
    make_order(at, days=(2,))
    return order


def keys(hits):
    return {section.kind: [row.pk for row in section.rows] for section in hits.sections}


@pytest.mark.parametrize(
    "words",
    [
        "Hiltunen", "hiltunen tammikuu", "luento hiltunen", "rantakylan", "RANTAKYLÄN luento", "amina.hiltunen@koulu",
        "0401234567", "+358 40 123 4567", "040-1234567", "12.1.", "12.1.2027", "tammikuussa 2027", "januari rantakyl",
        "sairaanhoitaja tammikuu hiltunen",
    ],
)  # fmt: skip
def test_order_is_found_by_whatever_the_caller_says(kaisa, order, words):
    assert keys(find(words, viewer=kaisa))["order"] == [order.pk]


@pytest.mark.parametrize(
    "words", ["hiltunen helmikuu", "hiltunen 2026", "13.1.2027", "040 999 9999"]
)
def test_what_does_not_fit_in_all_parts_is_not_found(kaisa, order, words):
    assert "order" not in keys(find(words, viewer=kaisa))


def test_open_orders_come_first_then_the_newest(at, kaisa, order):
    old, new = make_order(at), make_order(at)
    old.title = new.title = order.title
    old.state = "closed"
    for one in (old, new):
        one.save()

    assert keys(find("sairaanhoitaja", viewer=kaisa))["order"] == [new.pk, order.pk, old.pk]


@pytest.mark.parametrize(("few", "asked"), [(2, 1), (3, 2)])
def test_closed_orders_are_looked_for_only_where_few_are_open(at, kaisa, monkeypatch, few, asked):
    opened = [make_order(at) for _n in range(3)]
    closed = make_order(at)
    Order.objects.update(title="Iltaluento")
    Order.objects.filter(pk=closed.pk).update(state="closed")
    monkeypatch.setattr(finding, "FEW", few)

    with CaptureQueriesContext(connection) as queries:
        [section] = find("iltaluento", viewer=kaisa).sections

    keys_asked = [one for one in queries if one["sql"].startswith('SELECT "orders_order"."id" AS')]
    assert [row.pk for row in section.rows] == [one.pk for one in reversed(opened)][:few]
    assert (section.has_more, len(keys_asked)) == (True, asked)


@pytest.mark.parametrize(
    "words, is_found",
    [("45", True), ("#45", True), ("Tilaus 45", True), ("beställning 45", True), ("order #45", True),
     ("045", False), ("46", False), ("kysymys 45", False), ("45 45", False), ("12345678901234567890", False)],
)  # fmt: skip
def test_number_of_an_order_jumps_to_it(kaisa, order, words, is_found):
    number = words.replace("45", str(order.pk))

    assert (jump(number, viewer=kaisa) == order) is is_found


def test_number_of_a_question_jumps_to_it(at, kaisa):
    question = make_question(at)

    assert jump(f"Kysymys {question.pk}", viewer=kaisa) == question


def test_nobody_else_jumps_anywhere(order):
    assert jump(str(order.pk), viewer=make_person()) is None
    assert "order" not in keys(find("Hiltunen", viewer=make_person()))


def test_expert_is_found_by_own_words_town_code_name_and_phone(at, kaisa):
    expert = make_expert(at=at, themes=("depression",))
    expert.user.phone = "050 765 4321"
    expert.user.save()
    town = expert.municipality.name_fi

    for words in (
        "masennus",
        "masentunut",
        expert.code_name,
        town,
        "0507654321",
        expert.user.email,
    ):
        assert expert.pk in keys(find(words, viewer=kaisa))["expert"], words


def test_theme_is_told_only_where_it_was_meant(at, kaisa):
    make_expert(at=at, themes=("depression",))

    by_theme = find("masennus", viewer=kaisa).sections
    by_town = find(make_expert(at=at).code_name, viewer=kaisa).sections

    [expert] = [s.rows[0] for s in by_theme if s.kind == "expert"]
    [other] = [s.rows[0] for s in by_town if s.kind == "expert"]
    assert ([len(expert.meant)], other.meant) == ([1], [])


def test_experts_of_a_theme_come_by_code_name_and_before_who_only_is_called_so(at, kaisa):
    called = make_expert(at=at, themes=("sleep",))
    later, first = (make_expert(at=at, themes=("depression",)) for _n in range(2))
    for expert, code_name in ((later, "Äyri"), (first, "Aamu"), (called, "Aalto")):
        type(expert).objects.filter(pk=expert.pk).update(code_name=code_name)
    type(called.user).objects.filter(pk=called.user_id).update(name="Matti Masennus")

    assert keys(find("masennus", viewer=kaisa))["expert"] == [first.pk, later.pk, called.pk]


def test_organisation_is_found_by_name_and_business_id(kaisa, order):
    organisation = order.organisation
    type(organisation).objects.filter(pk=organisation.pk).update(business_id="1572860-0")

    for words in ("rantakyla", "1572860-0", "hiltunen"):
        assert organisation.pk in keys(find(words, viewer=kaisa))["organisation"], words


def test_event_is_found_by_title_address_town_and_organiser(at, kaisa):
    rauma = Municipality.objects.get(name_fi="Rauma")
    theme = Theme.objects.get(code="depression")
    event = make_event(
        at, title_fi="Iltatee", title_sv="Kvällste", address="Kirjasto", municipality=rauma
    )
    event.series = Series.objects.create(
        organiser=event.organiser, theme=theme, made_at=at, title_fi="Ryhmä"
    )
    event.save()
    over = make_event(at, title_fi="Iltatee eilen", state=EventState.HELD)

    for words in ("iltate", "kvallste", "kirjasto rauma", event.organiser.name):
        assert event.pk in keys(find(words, viewer=kaisa))["event"], words
    assert keys(find("iltatee", viewer=kaisa))["event"] == [event.pk, over.pk]
    assert "event" not in keys(find("masennus", viewer=kaisa))


@pytest.mark.parametrize("count", [1, 3])
def test_search_asks_the_same_for_one_and_three(kaisa, at, count, django_assert_num_queries):
    for _n in range(count):
        make_order(at - timedelta(days=1))
        make_expert(at=at)
        make_question(at)
        make_event(at, address="example")

    with django_assert_num_queries(23), asking_once({}):  # as the page asks
        find("example", viewer=kaisa)


@pytest.mark.parametrize(
    "word, month",
    [("tammikuussa", 1), ("Maj", 5), ("december", 12), ("joulukuu.", 12), ("hiltunen", None), ("", None)],
)  # fmt: skip
def test_month_is_known_in_our_languages(word, month):
    assert month_in(word) == month
