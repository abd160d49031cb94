"""The search box above every page of the counter: no address ever holds what is searched."""

import pytest
from django.test import Client
from django.urls import reverse

from luukku.experts.models import Expert
from luukku.organisations import actions as organisations
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_admin, make_coordinator, make_steering
from tests.factories.experts import make_expert
from tests.factories.orders import make_order
from tests.factories.organisations import make_organisation
from tests.readings import noted

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def find(client, words):
    return client.post(reverse("counter:find"), {"words": words})


def test_number_leads_to_the_order_at_once(counter, now):
    order = make_order(now)

    assert find(counter, f"Tilaus {order.pk}")["Location"] == reverse(
        "counter:order", args=[order.pk]
    )


def test_what_is_found_stands_on_a_page_whose_address_says_nothing(counter, now):
    order = make_order(now)
    order.contact.name = "Amina Hiltunen"
    order.contact.save()

    first, second = (find(counter, words)["Location"] for words in ("hiltunen", "nobody such"))

    assert (first, second) == tuple(reverse("counter:found", args=[n]) for n in (1, 2))
    page = counter.get(first).content.decode()
    assert reverse("counter:order", args=[order.pk]) in page
    assert 'value="hiltunen"' in page
    assert "accounts.user.name" in noted()[order.contact_id]
    assert b'class="empty"' in counter.get(second).content


def test_theme_that_was_searched_is_noted_as_read(counter, now):
    expert = make_expert(at=now, themes=("depression",))

    counter.get(find(counter, "masennus")["Location"])

    assert "experts.experience.theme" in noted()[expert.user_id]


@pytest.mark.parametrize(
    "words", ["", "  ", "\x00", "'\"%_\\", "(", "a" * 5000, "🙂", "%", "1" * 30]
)
def test_search_takes_whatever_is_typed(counter, words):
    response = find(counter, words)

    assert response.status_code == 303
    assert counter.get(response["Location"]).status_code == 200


def test_search_that_is_not_kept_any_more_says_so(counter):
    assert counter.get(reverse("counter:found", args=[7])).status_code == 410


@pytest.mark.parametrize("make", [make_admin, make_steering])
def test_search_is_the_coordinators(client, make):
    client.force_login(make(), backend=BACKEND)

    assert find(client, "hiltunen").status_code == 403
    assert "desk-find" not in client.get(reverse("counter:home")).content.decode()


@pytest.mark.parametrize("name", ["queue", "orders", "experts", "organisations", "people", "home"])
def test_every_page_of_the_counter_has_it(name):
    client = Client()
    client.force_login(make_coordinator(), backend=BACKEND)

    page = client.get(reverse(f"counter:{name}")).content.decode()

    assert page.count('id="desk-find"') == 1


def test_words_of_a_search_are_kept_unreadable(counter):
    page = find(counter, "Hiltunen")

    assert "Hiltunen" in counter.get(page["Location"]).content.decode()
    assert "Hiltunen" not in str(dict(counter.session))


def shown_by(counter, words):
    return counter.get(find(counter, words)["Location"]).content.decode()


@pytest.fixture
def lecture(now):
    """A lecture of Rantakylä's school in Pori, that Hiltunen phoned about."""
    order = make_order(now)
    order.organisation.name, order.contact.name = "Rantakylän ammattiopisto", "Amina Hiltunen"
    order.organisation.save()
    order.contact.save()
    return order


@pytest.mark.parametrize("words", ["Hiltusen", "rantakylän Hiltuselta", "Porissa hiltusen", "Pori"])
def test_words_are_found_as_people_speak_them(counter, lecture, words):
    assert reverse("counter:order", args=[lecture.pk]) in shown_by(counter, words)


@pytest.mark.parametrize("words", ["hitlunen", "hiltunenn", "rantakyln hiltunen"])
def test_mistyped_words_show_what_is_nearest_and_say_so(counter, lecture, words):
    page = shown_by(counter, words)

    assert reverse("counter:order", args=[lecture.pk]) in page
    assert f"Nothing was found by “{words}”, so you see" in page
    assert f'value="{words}"' in page


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("hiltunen soitti", "hiltunen"),
        ("Hiltunen qwxz Pori", "Hiltunen Pori"),
        ("hitlunen soitti zzzz Pori", "hiltunen pori"),
    ],
)
def test_words_that_nothing_holds_are_left_out_and_it_is_said(counter, lecture, words, by):
    page = shown_by(counter, words)

    assert reverse("counter:order", args=[lecture.pk]) in page
    assert f"Nothing was found by “{words}”, so you see what was found by “{by}”." in page


def test_of_words_that_never_stand_together_one_is_left_out(counter, lecture, now):
    other = make_order(now)
    other.contact.name = "Oona Vasara"
    other.contact.save()

    page = shown_by(counter, "vasara hiltunen")

    assert "so you see what was found by “" in page
    assert (
        page.count(reverse("counter:order", args=[lecture.pk]))
        + page.count(reverse("counter:order", args=[other.pk]))
        >= 1
    )


def test_trying_fewer_words_notes_nobody_who_is_not_shown(counter, lecture, now):
    other = make_order(now)
    other.contact.name = "Oona Vasara"
    other.contact.save()

    shown_by(counter, "hiltunen vasara pori")

    shown = {lecture.contact_id, other.contact_id} & set(noted())
    assert len(shown) == 1


def test_organisation_is_found_by_its_former_name_and_says_so(counter, now):
    school = make_organisation(name="Saariston kyläyhdistys ry")
    organisations.edit(
        school, name="Aivan Toinen ry", kind=school.kind, sector=school.sector, municipality=None, services=(),
        business_id="", by=make_coordinator(), at=now,
    )  # fmt: skip

    page = shown_by(counter, "saariston")

    assert reverse("counter:organisation", args=[school.pk]) in page
    assert "Before: Saariston kyläyhdistys ry" in page


def test_organisation_that_became_one_with_another_names_it(counter, now):
    school, other = make_organisation(name="Saaristo ry"), make_organisation(name="Manner ry")
    school.joined_into, school.state = other, OrganisationState.ENDED
    school.save()

    assert "Now one with Manner ry." in shown_by(counter, "saaristo")


def test_what_is_near_nothing_is_not_guessed(counter, lecture):
    page = shown_by(counter, "qwxz")

    assert reverse("counter:order", args=[lecture.pk]) not in page
    assert "Nothing was found by" not in page


def test_theme_that_is_named_so_comes_before_those_that_only_hold_the_word(counter, now):
    other = make_expert(at=now, themes=("infertility-birth",))
    own = make_expert(at=now, themes=("depression",))
    Expert.objects.filter(pk=other.pk).update(code_name="Aaro 1")
    Expert.objects.filter(pk=own.pk).update(code_name="Öinen 2")

    page = shown_by(counter, "masennus")

    assert page.index("Öinen 2") < page.index("Aaro 1")
