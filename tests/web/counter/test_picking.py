"""People, organisations, experts and themes are chosen by writing, never from a list of all."""

from datetime import timedelta

import pytest
from django import forms
from django.urls import reverse

from luukku.accounts.models import User
from luukku.core.times import helsinki
from luukku.guidance.models import HandOver
from luukku.organisations.models import MemberRole
from luukku.organisations.states import OrganisationState
from luukku.web.counter.picking import SOURCES
from luukku.web.parts import offering
from luukku.web.ui.picks import MOST_OFFERED, PickField
from tests.factories.accounts import make_admin, make_person, make_steering
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert
from tests.factories.guidance import make_question
from tests.factories.orders import make_orderer, make_vetted_organisation
from tests.factories.organisations import make_member, make_organisation
from tests.markup import flat
from tests.readings import noted
from tests.web.counter.picking import offered_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def url(name, *args):
    return reverse(f"counter:{name}", args=args)


def offers(client, name, words):
    response = client.post(url("pick", name), {"q": words}, headers=HTMX | {"HX-Trigger-Name": "q"})
    assert response.status_code == 200
    return response.context["offers"]


HTMX = {"HX-Request": "true"}


def test_mistyped_name_offers_the_organisation_that_is_meant(counter):
    make_vetted_organisation("Meren koulu"), make_vetted_organisation("Porin lukio")

    found = {
        words: [o.name for o in offers(counter, "ordering", words)]
        for words in ("Meren koulo", "qwxz")
    }

    assert found == {"Meren koulo": ["Meren koulu"], "qwxz": []}


@pytest.mark.parametrize(
    "words",
    ["onni", "jokinen onni", "onni@a", "0401234567", "040-123 45", "Ónni"],
)
def test_person_is_found_by_any_part_of_what_they_say(counter, words):
    one = make_person("Onni Jokinen", email="onni@a.example.test", phone="+358 40 123 4567")
    make_person("Aino Virtanen", email="aino@b.example.test", phone="050 765 4321")

    found = offers(counter, "people", words)

    assert [(row.key, row.name) for row in found] == [(str(one.pk), "Onni Jokinen")]


def test_two_of_one_name_are_told_apart(counter):
    for number, school in ((1, "Kenttäkoulu"), (2, "Rantakoulu")):
        person = make_person(
            "Onni Jokinen", email=f"{number}@onni.test", phone=f"040 111 222{number}"
        )
        make_member(make_vetted_organisation(school), user=person, role=MemberRole.ORDERER)

    assert sorted(row.facts for row in offers(counter, "people", "Onni")) == [
        "1@onni.test · 040 111 2221 · Kenttäkoulu",
        "2@onni.test · 040 111 2222 · Rantakoulu",
    ]


@pytest.mark.parametrize("words", ["", "o", " o ", "…", "\x00\x00", "ei ketään"])
def test_what_means_nobody_offers_nobody(counter, words):
    make_person("Onni Jokinen")

    assert offers(counter, "people", words) == []


def test_closed_accounts_are_not_offered_and_the_first_few_are(counter):
    make_person("Onni Jokinen", is_active=False)
    for _n in range(MOST_OFFERED + 2):
        make_person("Onni Jokinen")

    response = counter.post(url("pick", "people"), {"words": "onni"})

    assert len(response.context["offers"]) == MOST_OFFERED
    assert response.context["has_more"] is True


def test_what_is_offered_is_noted_as_read_by_whoever_writes(counter, coordinator):
    person = make_person("Onni Jokinen", email="onni@a.example.test")

    offers(counter, "people", "onni")

    assert "accounts.user.email" in noted(coordinator)[person.pk]


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("make", [make_steering, make_person, make_orderer])
def test_nothing_is_offered_to_others(client, name, make):
    client.force_login(make(), backend=BACKEND)

    assert client.post(url("pick", name), {"words": "onni"}).status_code == 403


def test_administrator_is_offered_people_and_no_expert(client, now):
    make_expert(at=now, user=make_person("Onni Jokinen"))
    client.force_login(make_admin(), backend=BACKEND)

    assert [row.name for row in offers(client, "people", "Onni J")] == ["Onni Jokinen"]
    assert offers(client, "experts", "Onni J") == []


def test_nobody_writes_the_whole_register_out(counter, monkeypatch):
    monkeypatch.setattr(offering, "MOST_ASKED", 2)

    codes = [counter.post(url("pick", "people"), {"words": "on"}).status_code for _n in range(2)]
    asked = [
        counter.post(address, {"words": "on"}).status_code
        for address in (url("pick", "people"), url("same", "person"))
    ]

    assert (codes, asked) == ([200, 200], [429, 429])


@pytest.mark.parametrize(("page", "name"), [("pick", "passwords"), ("same", "expert")])
def test_unknown_lists_are_not_there(counter, page, name):
    assert counter.post(url(page, name), {"words": "on"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("people", 9),
        ("callers", 9),
        ("organisations", 9),
        ("ordering", 9),
        ("receivers", 9),
        ("experts", 7),
    ],
)
def test_offers_ask_the_database_the_same_for_one_and_three(
    counter, name, queries, rows, now, django_assert_num_queries
):
    for _n in range(rows):
        make_expert(at=now, user=make_person("Kaisa Kolmas"))
        school = make_vetted_organisation("Kaisan koulu")
        make_member(school, name="Kaisa Kolmas", role=MemberRole.ORDERER, is_contact=True)
    offers(counter, name, "kaisa")

    with django_assert_num_queries(queries):
        assert offers(counter, name, "kaisa")


# -- Where one chooses -----------------------------------------------------------------------------------


def test_expert_who_called_is_found_by_name_code_name_or_number(counter, now):
    expert = make_expert(at=now, user=make_person("Onni Jokinen"))
    User.objects.filter(pk=expert.user_id).update(phone="040 123 4567")
    order = make_search(now)

    found = [
        [one.key for one in offers(counter, "experts", words)]
        for words in ("onni", expert.code_name, "0401234567")
    ]
    page = counter.get(url("order-sign-up", order.pk))

    assert found == [[str(expert.pk)]] * 3
    assert "Onni Jokinen" not in flat(page)


def test_question_is_handed_to_an_organisation_found_by_writing(counter, now):
    school = make_vetted_organisation("Kenttäkoulu")
    make_member(school, role=MemberRole.ORDERER, is_contact=True)
    question = make_question(now)
    page = url("question-hand-over", question.pk)
    form = {
        "organisation_words": "kenttä",
        "outside_name": "",
        "agreed": "Sovittu.",
        "follow_on": helsinki(now + timedelta(days=30)).date().isoformat(),
    }

    words_alone = counter.post(page, form)
    chosen = counter.post(page, form | {"organisation": school.pk})

    assert (words_alone.status_code, list(words_alone.context["form"].errors)) == (
        422,
        ["organisation"],
    )
    assert [one.key for one in offered_in(words_alone)] == [str(school.pk)]
    assert (chosen.status_code, HandOver.objects.get().organisation) == (303, school)


def test_choice_out_of_the_list_is_refused_and_what_was_written_stays(counter, now):
    school = make_vetted_organisation("Kenttäkoulu", state=OrganisationState.ENDED)
    question = make_question(now)
    data = {
        "organisation": school.pk,
        "organisation_words": "Kenttäkoulu",
        "follow_on": helsinki(now + timedelta(days=30)).date().isoformat(),
    }

    response = counter.post(url("question-hand-over", question.pk), data)

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["organisation"])
    assert 'value="Kenttäkoulu"' in flat(response)


@pytest.mark.parametrize("key", ["x", "²", "-1", "9" * 40, "\x00"])
def test_odd_choices_are_refused(counter, now, key):
    order = make_search(now)

    response = counter.post(url("order-sign-up", order.pk), {"expert": key, "expert_words": "Onni"})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["expert"])


# -- A second one of the same, while it is being written ------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [{"name": "kaisa kolmas"}, {"phone": "+358401234567"}, {"email": "KAISA@example.test"}],
)
def test_same_person_is_shown_while_one_writes(counter, said):
    known = make_person("Kaisa Kolmas", phone="040 123 4567", email="kaisa@example.test")

    response = counter.post(url("same", "person"), said, headers=HTMX)

    page = flat(response)
    assert url("person", known.pk) in page
    assert f'value="{known.pk}"' in page
    assert 'class="error"' not in page


def test_tick_below_those_shown_is_taken_with_the_form(counter):
    known = make_person("Kaisa Kolmas")
    form = {"name": "Kaisa Kolmas", "email": "", "phone": "", "language": "fi", "another": known.pk}

    assert counter.post(url("person-new"), form).status_code == 303


@pytest.mark.parametrize("said", [{"name": "kenttäkoulu"}, {"business_id": "0201256-6"}])
def test_same_organisation_is_shown_while_one_writes(counter, said):
    known = make_organisation("Kenttäkoulu", business_id="0201256-6")

    assert url("organisation", known.pk) in flat(counter.post(url("same", "organisation"), said))


def test_known_caller_is_shown_by_the_number_while_one_writes(counter):
    member = make_orderer(name="Kaisa Kolmas", phone="040 123 4567").memberships.get()

    page = flat(counter.post(url("same", "caller"), {"phone": "040 123 45 67"}))

    assert f'value="{member.pk}"' in page
    assert "Kaisa Kolmas" in page
    assert 'class="error"' not in page


@pytest.mark.parametrize("kind", ["caller", "person", "organisation"])
def test_nothing_like_it_shows_nothing(counter, kind):
    make_person("Onni Jokinen")

    assert flat(counter.post(url("same", kind), {"name": "Aino", "phone": ""})).strip() == ""


@pytest.mark.parametrize("kind", ["caller", "person", "organisation"])
@pytest.mark.parametrize("make", [make_steering, make_admin, make_person, make_orderer])
def test_nothing_is_shown_to_others(client, kind, make):
    client.force_login(make(), backend=BACKEND)

    assert client.post(url("same", kind), {"name": "Onni"}).status_code == 403


# -- No select of everybody -------------------------------------------------------------------------------

# Pages of the counter on which somebody or something among all is chosen.
CHOOSING = [
    "order-new",
    "add-member",
    "order-sign-up",
    "question-hand-over",
    "person-merge",
    "organisation-same",
    "misses",
]


@pytest.mark.parametrize("name", CHOOSING)
def test_page_on_which_one_chooses_among_all_lists_none_of_them(counter, name, now):
    args = {
        "add-member": [make_organisation().pk],
        "order-sign-up": [make_search(now).pk],
        "question-hand-over": [make_question(now).pk],
        "person-merge": [make_person("Aino Virtanen").pk],
        "organisation-same": [make_organisation("Muu koulu").pk],
    }.get(name, [])
    expert = make_expert(at=now, user=make_person("Onni Jokinen"))
    school = make_vetted_organisation("Kenttäkoulu")
    make_member(school, role=MemberRole.ORDERER, is_contact=True)

    response = counter.get(url(name, *args))

    page = flat(response)
    assert [word in page for word in ("Onni Jokinen", expert.code_name, "Kenttäkoulu")] == [
        False
    ] * 3
    assert "ui/pick" in page
    for field in response.context["form"].fields.values():
        is_of_rows = isinstance(field, forms.ModelChoiceField) and not isinstance(field, PickField)
        assert not (is_of_rows and isinstance(field.widget, forms.Select))
