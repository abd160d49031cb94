"""What the search page shows of an answer: kinds, facets, counts, and when nothing is left."""

import pytest
from django.contrib.auth.models import AnonymousUser

from luukku.search.actions import Found, put
from luukku.search.queries import KINDS, Choice, Filters, documents, find
from luukku.taxonomy.models import TaskType
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert
from tests.factories.orders import make_orderer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(at):
    def ask(question, *, viewer=None, number=1, **filters):
        return find(
            question,
            language="fi",
            viewer=viewer or AnonymousUser(),
            at=at,
            filters=Filters(**filters),
            number=number,
        )

    return ask


def page(number, kind="news", title="Remontti", **facets):
    put(kind, f"page-{number}", Found("fi", title, "", f"/fi/{kind}/{number}/", facets))


def test_kinds_stand_in_one_order_with_labels_and_counts(ask):
    page(1), page(2), page(3, "story")

    found = ask("remontti")

    assert found.kinds == [
        Choice("kind", "story", str(KINDS["story"]), "1", is_on=False),
        Choice("kind", "news", str(KINDS["news"]), "2", is_on=False),
    ]


def test_the_chosen_kind_stays_though_it_has_nothing_and_leads_back(ask):
    page(1)

    found = ask("remontti", kind="story")

    chosen = [choice for choice in found.kinds if choice.is_on]
    assert chosen == [Choice("kind", "", str(KINDS["story"]), "0", is_on=True)]
    assert (found.has_none_so, found.is_miss) == (True, False)


def test_a_kind_that_is_none_narrows_nothing(ask):
    page(1)

    found = ask("remontti", kind="wrong")

    assert found.filters == Filters()
    assert found.results.total == 1


def test_counts_are_not_told_where_counting_stopped(ask, monkeypatch):
    monkeypatch.setattr(documents, "MOST_COUNTED", 1)
    page(1, services=["sote"]), page(2, services=["sote"])

    found = ask("remontti")

    assert {choice.count for choice in found.kinds} == {""}
    assert {choice.count for _title, choices in found.facets for choice in choices} == {""}


def test_facets_come_with_most_first_and_only_where_they_have_a_name(ask):
    page(1, places=["609", "079"]), page(2, places=["609", "000"])

    found = ask("remontti")

    ((_title, choices),) = found.facets
    assert [(choice.value, choice.count) for choice in choices] == [("609", "2"), ("079", "1")]


def test_a_facet_leaves_calls_and_experts_out(ask, at):
    orderer = make_orderer()
    make_expert(at=at, themes=("homelessness",))

    assert ask("koditon", viewer=orderer).shows_experts
    found = ask("koditon", viewer=orderer, kind="experts", place="609")

    assert (found.shows_experts, found.has_none_so) == (False, True)


def test_experts_are_found_by_who_orders_for_a_checked_organisation_only(ask, at):
    make_expert(at=at, themes=("homelessness",))

    assert ask("koditon").experts is None
    assert len(ask("koditon", viewer=make_orderer()).experts) == 1


def test_calls_are_counted_beside_the_pages(ask, at):
    lecture = TaskType.objects.get(code="lecture")
    make_search(at, task_type=lecture)

    found = ask("luento")

    assert len(found.calls) == 1
    assert [choice.count for choice in found.kinds if choice.value == "calls"] == ["1"]


def test_what_finds_nothing_is_a_miss_with_what_was_perhaps_meant(ask):
    page(1, title="Kalliokiipeily")

    found = ask("kaliokipeily")

    assert (found.is_miss, found.has_none_so) == (True, False)
    assert "kalliokiipeily" in found.suggestions
