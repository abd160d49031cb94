"""The last part of a page's address."""

import pytest

from luukku.content.addresses import free_slug, is_programs
from luukku.content.models import StartPage
from tests.factories.content import make_page, make_section

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hyvää päivää, Ylöjärvi!", "hyvaa-paivaa-ylojarvi"),
        ("Åbo – Pori", "abo-pori"),
        ("Привет", "news"),
        ("a" * 80, "a" * 60),
        ("Rss", "rss-2"),  # the feed of the news
    ],
)
def test_title_is_folded_into_an_address(title, slug):
    assert free_slug(title, make_section("news"), otherwise="news") == slug


def test_second_of_a_name_is_numbered_and_ones_own_is_free():
    news = make_section("news")
    first = make_page("news", "welcome", parent=news)

    assert free_slug("Welcome", news) == "welcome-2"
    assert free_slug("Welcome", news, page=first) == "welcome"


@pytest.mark.parametrize("slug", ["order", "advice", "counter", "easy"])
def test_programs_own_addresses_are_known_in_every_language(slug):
    for language in ("fi", "sv", "en"):
        assert is_programs(slug, StartPage.objects.get(slug=language))


def test_beside_the_languages_the_program_has_no_page():
    assert not is_programs("other", StartPage.objects.get(slug="fi").get_parent())


def test_other_addresses_are_free():
    assert not is_programs("order-2", StartPage.objects.get(slug="sv"))
