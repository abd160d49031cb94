"""The counter's lists of experts, people, organisations and questions: columns, words, filters; readings are noted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.core.times import helsinki
from luukku.guidance import actions as guidance
from luukku.organisations.models import MemberRole, Task
from tests.factories.accounts import make_person
from tests.factories.assignments import make_agreed, make_done
from tests.factories.experts import make_expert
from tests.factories.guidance import make_question, make_ready_answer
from tests.factories.orders import make_order
from tests.factories.organisations import make_member, make_organisation
from tests.readings import noted
from tests.web.valid import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(counter):
    """Return the rows of a list as it is shown for a query: the cells' values by column, by key."""

    def shown(name, **query):
        response = counter.get(reverse(f"counter:{name}"), query)
        assert response.status_code == 200
        assert faults(response.content.decode()) == []
        rows = response.context["list"].rows
        return {
            getattr(row.of, "expert", row.of).pk if name == "experts" else row.of.pk: {
                cell.column.name: cell.value for cell in row.cells
            }
            for row in rows
        }

    return shown


def test_expert_stands_with_themes_town_load_last_task_and_contact(shown, now):
    expert = make_expert(
        at=now - timedelta(days=90), user=make_person("Aino Aalto", phone="+358 50 111 2222"),
        themes=("depression",),
    )  # fmt: skip
    done = make_done(now - timedelta(days=40), expert=expert)
    make_agreed(now, expert=expert)

    row = shown("experts")[expert.pk]

    assert row["name"] == "Aino Aalto"
    assert row["code_name"] == expert.code_name
    assert row["themes"] == ["Depression"]
    assert row["place"] == expert.municipality.name
    assert row["ahead"] == 1
    assert row["last_at"] == helsinki(done.starts_at).date()
    assert (row["phone"], row["email"]) == ("+358 50 111 2222", expert.user.email)
    assert noted()[expert.user_id] >= {
        "accounts.user.name", "accounts.user.email", "accounts.user.phone", "experts.experience.theme",
    }  # fmt: skip


def test_theme_that_may_not_be_used_is_neither_shown_nor_found(shown, now):
    expert = make_expert(at=now, themes=("depression",))
    expert.experiences.update(is_shown=False)

    assert shown("experts")[expert.pk]["themes"] == []
    assert shown("experts", q="depression") == {}


@pytest.mark.parametrize(
    "words", ["aaltonen", "depression", "masennus", "masentunut", "rauma", "050 1112222", "aino@", "{code}"]
)  # fmt: skip
def test_expert_is_found_by_what_the_counter_knows(shown, now, words):
    wanted = make_expert(
        at=now, user=make_person("Aino Aaltonen", email="aino@a.test", phone="+358 50 111 2222"),
        themes=("depression",), municipality="684",
    )  # fmt: skip
    make_expert(at=now, themes=("homelessness",))

    assert set(shown("experts", q=words.format(code=wanted.code_name))) == {wanted.pk}


@pytest.mark.parametrize("words", ["HILTUNEN", "0407654321", "040-765 4321", "amina@", "Hiltunén"])
def test_person_is_found_by_name_number_or_address(shown, words):
    wanted = make_person("Amina Hiltunen", email="amina@a.test", phone="+358 40 765 4321")

    row = shown("people", q=words)

    assert set(row) == {wanted.pk}
    assert row[wanted.pk]["phone"] == "+358 40 765 4321"


def test_people_are_kept_by_role_and_tell_their_organisations(shown, now):
    organisation = make_organisation("Kuntoutussäätiö", at=now)
    orderer = make_member(organisation, role=MemberRole.ORDERER)
    expert = make_expert(at=now).user

    assert shown("people", role="expert").keys() == {expert.pk}
    row = shown("people", role="orderer")
    assert row.keys() == {orderer.pk}
    assert row[orderer.pk]["organisations"] == ["Kuntoutussäätiö"]
    assert orderer.pk not in shown("people", role="coordinator")


def test_organisation_is_found_by_name_number_or_a_person_of_it_and_tells_its_open_orders(
    shown, now
):
    order = make_order(now)
    wanted = order.organisation
    wanted.business_id = "1234567-1"
    wanted.save()
    other = make_organisation("Muu", at=now)

    assert shown("organisations")[wanted.pk]["open_orders"] == 1
    assert shown("organisations")[other.pk]["open_orders"] == 0
    for words in (wanted.name.upper(), "1234567", order.contact.email):
        assert shown("organisations", q=words).keys() == {wanted.pk}
    assert wanted.pk in shown("organisations", task=Task.ORDERS)
    assert shown("organisations", task=Task.TRAINS) == {}


def test_question_is_found_by_number_tag_or_asker(shown, coordinator, now):
    wanted = make_question(now)
    guidance.sort(wanted, kind=wanted.kind, tags=["koulutus"], by=coordinator, at=now)
    make_question(now, by=make_person("Muu Kysyjä", email="muu@example.test"))

    for words in (str(wanted.pk), f"#{wanted.pk}", "koulutus", wanted.asked_by.email):
        assert shown("questions", q=words).keys() == {wanted.pk}


def test_long_question_is_cut_to_eighty_signs(shown, now):
    question = make_question(now, words="Mistä   saan\n" + "apua " * 40)

    opening = shown("questions")[question.pk]["opening"]

    assert opening.startswith("Mistä saan apua apua")
    assert len(opening) == 80


@pytest.mark.parametrize("name", ["answers", "orders", "organisations", "people", "questions"])
def test_every_filter_left_as_it_is_says_all(counter, now, name):
    make_order(now)

    form = counter.get(reverse(f"counter:{name}")).context["list"].filters.form

    selects = [one.field for one in form.visible_fields() if hasattr(one.field, "choices")]
    assert {str(next(iter(field.choices))[1]) for field in selects} == {"All"}


@pytest.mark.parametrize(
    ("name", "act"),
    [("orders", "order-new"), ("organisations", "organisation-new"), ("people", "person-new"), ("questions", "question-new"), ("answers", "answer-new")],
)  # fmt: skip
def test_main_act_stands_above_the_rows(counter, now, name, act):
    make_order(now)
    make_question(now)
    make_ready_answer(now)

    page = counter.get(reverse(f"counter:{name}")).content.decode()

    assert page.count(f'href="{reverse(f"counter:{act}")}"') == 1
    assert page.index(f'href="{reverse(f"counter:{act}")}"') < page.index("<table")


ODD = [
    "page=x",
    "sort=-",
    "state=nothing",
    "q=%00",
    "q=%25",
    "role=x",
    "task=%00",
    "kind=x",
    "q=" + "9" * 40,
]


@pytest.mark.parametrize("query", ODD)
@pytest.mark.parametrize("name", ["answers", "experts", "people", "organisations", "questions"])
def test_odd_addresses_are_answered(counter, now, name, query):
    make_expert(at=now)

    assert counter.get(f"{reverse(f'counter:{name}')}?{query}").status_code == 200


@pytest.mark.parametrize("name", ["answers", "experts", "people", "organisations", "questions"])
def test_list_can_be_ordered_by_each_column_both_ways(counter, now, name):
    make_agreed(now)
    make_question(now)
    make_ready_answer(now)
    columns = counter.get(reverse(f"counter:{name}")).context["list"].listing.columns

    answers = [
        counter.get(reverse(f"counter:{name}"), {"sort": sign + column.name}).status_code
        for column in columns
        for sign in ("", "-")
    ]

    assert set(answers) == {200}
