"""What search may know of a page, and how far a reader has come."""

import pytest

from luukku.content.blocks import PROGRESS as NAMES
from luukku.content.queries import PROGRESS, page_at, progress_of, searchable
from luukku.feedback.models import Side
from luukku.orders.states import OrderState
from luukku.organisations.models import Membership
from luukku.taxonomy.models import TaskType
from tests.factories.accounts import make_person
from tests.factories.assignments import make_done, make_offer
from tests.factories.content import make_page, make_section
from tests.factories.experts import make_expert
from tests.factories.feedback import give
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db
EVERYTHING = set(PROGRESS)


def test_progress_knows_each_name_that_an_editor_may_choose():
    assert [name for name, _label in NAMES] == list(PROGRESS)


def test_progress_of_a_newcomer_is_the_account_alone():
    assert progress_of(make_person(), EVERYTHING) == {"has_account"}


def test_progress_of_an_orderer_grows_with_the_order(at):
    draft = make_order(at, state=OrderState.DRAFT)

    assert {"order_drafted"} <= progress_of(draft.contact, EVERYTHING)
    assert "order_sent" not in progress_of(draft.contact, EVERYTHING)
    assert {"order_drafted", "order_sent"} <= progress_of(make_order(at).contact, EVERYTHING)


def test_progress_of_both_sides_after_a_task(at):
    task = make_done(at)
    give(task, Side.ORDERER, at)

    orderer = progress_of(task.order.contact, EVERYTHING)
    expert = progress_of(task.expert.user, EVERYTHING)

    assert {
        "order_sent",
        "order_staffed",
        "task_done",
        "feedback_given",
        "organisation_vetted",
    } <= orderer
    assert {"in_bank", "profile_sent", "profile_started", "offer_answered", "task_done"} <= expert
    assert "feedback_given" not in expert


def test_progress_does_not_count_an_offer_that_waits(at):
    offer = make_offer(at)

    assert "offer_answered" not in progress_of(offer.expert.user, {"offer_answered"})


def test_progress_of_a_background_organisation(at):
    order = make_order(at)
    member = Membership.objects.filter(organisation=order.organisation).first()
    make_expert(at=at, background_organisation=order.organisation)

    assert {"expert_backed", "organisation_founded"} <= progress_of(member.user, EVERYTHING)


@pytest.mark.parametrize("names", [{"has_account"}, EVERYTHING])
def test_progress_is_one_query(names, django_assert_num_queries):
    person = make_person()

    with django_assert_num_queries(1):
        progress_of(person, names)


def test_progress_of_nothing_asks_nothing(django_assert_num_queries):
    person = make_person()

    with django_assert_num_queries(0):
        assert progress_of(person, set()) == frozenset()


def test_searchable_gives_both_ways_of_reading():
    page = make_page(
        "article", "both", intro="Johdanto", body=[("text", "<h2>Otsikko</h2><p>Sana</p>")],
        easy_title="Helppo", easy_body=[("text", "<p>Lyhyt</p>")],
    )  # fmt: skip

    plain, easy = searchable(page)

    assert (plain.language, plain.title, plain.url) == ("fi", "Both", "/fi/both/")
    assert plain.text.split() == ["Johdanto", "Otsikko", "Sana"]
    assert (easy.title, easy.url, easy.text.strip()) == ("Helppo", "/fi/both/easy/", "Lyhyt")


def test_searchable_has_the_words_of_buttons_and_steps_but_no_address():
    step = {
        "title": "Tilaa", "text": "Näin", "who": "Tilaaja", "duration": "Päivä", "cost": "Ilmainen", "gets": "Apua",
        "address": "/fi/order/", "action_label": "Aloita", "done": "has_account",
    }  # fmt: skip
    article = make_page(
        "article", "button", intro="Johdanto",
        body=[("button", {"label": "Liity", "address": "/fi/orderer/organisation/new/"})],
    )  # fmt: skip
    path = make_page("model", "path", intro="Polku", steps=[("step", step)])

    assert searchable(article)[0].text.split() == ["Johdanto", "Liity"]
    assert searchable(path)[0].text.split() == [
        "Polku", "Tilaa", "Näin", "Tilaaja", "Päivä", "Ilmainen", "Apua", "Aloita",
    ]  # fmt: skip


def test_searchable_knows_what_a_practice_is_about():
    kind = TaskType.objects.get(code="pair_work")
    page = make_page(
        "practice", "p", parent=make_section("practices"), done="Tehty", changed="Muutos"
    )
    page.task_types = [kind]
    page.save()

    (found,) = searchable(page)

    assert found.facets["task_types"] == ["pair_work"]
    assert kind.name_fi in found.text
    assert "Muutos" in found.text


def test_searchable_gives_nothing_of_a_draft():
    page = make_page("article", "draft")
    page.live = False
    page.save()

    assert searchable(page) == []


def test_page_at_is_two_queries_and_knows_no_draft(django_assert_num_queries):
    page = make_page("article", "draft")

    with django_assert_num_queries(2):
        assert page_at("draft/", language="fi").page == page
    page.live = False
    page.save()
    assert page_at("draft/", language="fi") is None
