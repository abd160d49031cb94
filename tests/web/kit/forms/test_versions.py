"""Two people change one thing: nothing of the first is put back without a word."""

import pytest
from django.test import Client
from django.urls import reverse

from luukku.orders.actions import save_draft, start
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_admin, make_coordinator, make_person
from tests.factories.experts import make_expert
from tests.factories.orders import make_orderer
from tests.factories.organisations import make_organisation
from tests.web.kit.forms.found import forms_in

pytestmark = pytest.mark.django_db


def signed(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def form_on(html, page, name):
    return next(f for f in forms_in(html, page) if any(field.name == name for field in f.fields))


def opened(client, page, name):
    return form_on(client.get(page).content.decode(), page, name)


def saved(client, form, **changes):
    return client.post(form.action, form.data() | {n: [v] for n, v in changes.items()})


@pytest.fixture
def two(now):
    organisation = make_organisation(name="Vanha nimi", state=OrganisationState.WAITING)
    member = make_orderer(organisation=organisation)
    counter, own = signed(make_coordinator()), signed(member)
    return (
        organisation,
        (counter, reverse("counter:organisation-edit", args=[organisation.pk])),
        (own, reverse("orderer:organisation")),
    )


def test_what_only_the_other_changed_stays(two):
    organisation, (counter, edit), (own, page) = two
    mine = opened(own, page, "business_id")
    saved(counter, opened(counter, edit, "name"), name="Uusi nimi")

    assert saved(own, mine, business_id="1234567-1").status_code == 303

    organisation.refresh_from_db()
    assert (organisation.name, organisation.business_id) == ("Uusi nimi", "1234567-1")


@pytest.mark.parametrize("keeps, name", [("theirs", "Heidän nimi"), ("mine", "Minun nimi")])
def test_what_both_changed_is_shown_from_both_and_one_chooses(two, keeps, name):
    organisation, (counter, edit), (own, page) = two
    mine = opened(own, page, "business_id")
    saved(counter, opened(counter, edit, "name"), name="Heidän nimi")

    asked = saved(own, mine, name="Minun nimi")

    html = asked.content.decode()
    assert asked.status_code == 422
    assert "Theirs: Heidän nimi" in html
    assert "Mine: Minun nimi" in html
    organisation.refresh_from_db()
    assert organisation.name == "Heidän nimi"
    again = form_on(html, page, "keep_name")
    assert saved(own, again).status_code == 422  # nothing chosen: asked once more
    organisation.refresh_from_db()
    assert organisation.name == "Heidän nimi"
    assert saved(own, again, keep_name=keeps).status_code == 303
    organisation.refresh_from_db()
    assert organisation.name == name


def test_a_third_change_while_one_chooses_is_asked_about_anew(two):
    organisation, (counter, edit), (own, page) = two
    mine = opened(own, page, "business_id")
    saved(counter, opened(counter, edit, "name"), name="Toinen")
    again = form_on(saved(own, mine, name="Minun").content.decode(), page, "keep_name")
    saved(counter, opened(counter, edit, "name"), name="Kolmas")

    asked = saved(own, again, keep_name="mine")

    assert asked.status_code == 422
    assert "Theirs: Kolmas" in asked.content.decode()
    organisation.refresh_from_db()
    assert organisation.name == "Kolmas"


def test_the_same_change_by_both_asks_nothing(two):
    _organisation, (counter, edit), (own, page) = two
    mine = opened(own, page, "business_id")
    saved(counter, opened(counter, edit, "name"), name="Sama")

    assert saved(own, mine, name="Sama").status_code == 303


def test_two_write_one_order(now):
    orderer = make_orderer()
    organisation = orderer.memberships.get().organisation
    colleague = make_orderer(organisation=organisation)
    draft = start(by=orderer, at=now, organisation=organisation)
    page, client = reverse("orderer:order-step", args=[draft.pk, "what"]), signed(orderer)
    mine = opened(client, page, "title")
    save_draft(draft, by=colleague, at=now, title="Heidän", goal="Tavoite")

    asked = saved(client, mine, title="Minun", go="later")

    assert asked.status_code == 422
    assert "Theirs: Heidän" in asked.content.decode()
    form = form_on(asked.content.decode(), page, "keep_title")
    assert form.data()["goal"] == ["Tavoite"]
    saved(client, form, keep_title="mine", go="later")
    draft.refresh_from_db()
    assert (draft.title, draft.goal) == ("Minun", "Tavoite")


@pytest.mark.parametrize("section, name, first, second", [
    ("words", "own_words", "Heidän", "Minun"),
    ("place", "reach_km", "11", "22"),
    ("support", "support_needs", "Heidän", "Minun"),
    ("times", "monthly_limit", "1", "2"),
])  # fmt: skip
def test_expert_and_counter_write_one_section(now, section, name, first, second):
    expert = make_expert(at=now)
    own, counter = signed(expert.user), signed(make_coordinator())
    page = reverse("expert:profile-section", args=[section])
    other = reverse("counter:profile-section", args=[expert.pk, section])
    mine = opened(own, page, name)
    saved(counter, opened(counter, other, name), **{name: first})

    asked = saved(own, mine, **{name: second})

    assert asked.status_code == 422
    assert f"Theirs: {first}" in asked.content.decode()
    assert f"Mine: {second}" in asked.content.decode()


def test_boxes_that_both_changed_are_told_by_name(now):
    expert = make_expert(at=now)
    own, counter = signed(expert.user), signed(make_coordinator())
    page = reverse("expert:profile-section", args=["consents"])
    other = reverse("counter:profile-section", args=[expert.pk, "consents"])
    mine = opened(own, page, "purposes")
    saved(counter, opened(counter, other, "purposes"), purposes="in_bank")

    asked = own.post(page, {"version": mine.token("version")})

    assert asked.status_code == 422
    assert "keep_purposes" in asked.content.decode()


def test_person_and_counter_change_one_account(now):
    person, clerk = make_person("Vanha"), make_coordinator()
    own, counter = signed(person), signed(clerk)
    mine = opened(own, reverse("account"), "phone")
    page = reverse("counter:person", args=[person.pk])
    if "phone" in counter.get(page).content.decode():
        saved(counter, opened(counter, page, "phone"), name="Heidän")

        asked = saved(own, mine, name="Minun")

        assert "Theirs: Heidän" in asked.content.decode()


def test_own_choice_of_letters_is_saved_from_its_page():
    client = signed(make_person("Pia"))
    page = reverse("notice-settings")
    form = next(f for f in forms_in(client.get(page).content.decode(), page) if f.token("version"))

    assert client.post(page, form.data()).status_code == 303


def test_two_admins_change_one_persons_roles(now):
    person = make_person("Pia")
    one, other = signed(make_admin()), signed(make_admin(email="toinen@example.test"))
    page = reverse("counter:person", args=[person.pk])
    mine = opened(one, page, "roles")
    saved(other, opened(other, page, "roles"), roles="steering")

    answer = one.post(mine.action, mine.data() | {"roles": ["coordinator"]}, follow=True)

    person.refresh_from_db()
    assert person.roles == ["steering"]
    assert "Theirs" in answer.content.decode()


def test_odd_versions_are_no_versions(two):
    _organisation, _counter, (own, page) = two
    form = opened(own, page, "business_id")

    for odd in (
        "",
        "{",
        "[]",
        '{"name": 1}',
        '{"?": 1}',
        '{"?": ["name"]}',
        "x" * 5000,
        '"x"',
        "null",
    ):
        assert saved(own, form, version=odd, business_id="1234567-1").status_code in {303, 422}
