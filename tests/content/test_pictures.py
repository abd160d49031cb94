"""A page's own picture: told in words, shown where the page is met, in sizes that are made once."""

import pytest
from django.core.exceptions import ValidationError

from luukku.content.actions import after_publishing
from luukku.content.models import ArticlePage, NewsPage, ShownPicture
from luukku.content.queries import is_shown, picture_of, pictures_of
from luukku.content.rendering import MAIN_SPECS
from tests.factories.content import AT, make_image, make_page, make_section

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def publish(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save()
    after_publishing(page, at=AT)
    return page


def pictured(slug="own", parent=None, **fields):
    page = make_page("news" if parent else "article", slug, parent=parent)
    return publish(page, **{"main_picture": make_image(), "main_picture_words": "Ovi"} | fields)


@pytest.mark.parametrize(
    "said", [{"main_picture_words": "Ovi"}, {"is_main_picture_decoration": True}]
)
def test_picture_is_told_in_words_or_said_to_be_decoration(said):
    ArticlePage(title="x", slug="x", main_picture=make_image(), **said).clean()


@pytest.mark.parametrize("words", ["", "  "])
def test_picture_without_words_is_not_published(words):
    page = ArticlePage(title="x", slug="x", main_picture=make_image(), main_picture_words=words)

    with pytest.raises(ValidationError) as refused:
        page.clean()

    assert list(refused.value.message_dict) == ["main_picture_words"]


def test_picture_takes_the_words_of_its_file_where_the_page_has_none_of_its_own():
    image = make_image()
    image.description = "Kaksi ihmistä ovella"
    plain = ArticlePage(title="x", slug="x", main_picture=image)
    own = ArticlePage(title="x", slug="x", main_picture=image, main_picture_words="Ovi")
    decoration = ArticlePage(
        title="x", slug="x", main_picture=image, is_main_picture_decoration=True
    )

    for page in (plain, own, decoration):
        page.clean()

    assert [page.main_picture_words for page in (plain, own, decoration)] == [
        "Kaksi ihmistä ovella",
        "Ovi",
        "",
    ]


def test_sizes_are_made_when_the_page_is_published():
    page = pictured()

    made = page.main_picture.renditions.values_list("filter_spec", flat=True)

    assert set(made) == set(MAIN_SPECS)
    assert all(is_shown(one.file.name) for one in page.main_picture.renditions.all())


def test_decoration_has_no_words():
    page = pictured(is_main_picture_decoration=True)

    assert picture_of(page).words == pictures_of([page])[page.pk].words == ""


def test_another_picture_takes_the_place_of_the_first():
    page = pictured()

    publish(page, main_picture=make_image("Toinen"), main_picture_words="Piha")

    [row] = ShownPicture.objects.filter(page=page)
    assert (row.image, row.words, row.is_main) == (page.main_picture, "Piha", True)


def test_picture_that_is_taken_away_is_shown_no_more():
    page = pictured()
    file = page.main_picture.renditions.first().file.name

    publish(page, main_picture=None)

    assert not is_shown(file)
    assert pictures_of([page]) == {}


def test_picture_may_stand_in_the_text_as_well():
    page, image = make_page("article", "own"), make_image()
    image.contextual_alt_text, image.decorative = "Ovi", False

    publish(
        page,
        main_picture=image,
        main_picture_words="Ovi",
        body=[("picture", {"image": image, "caption": ""})],
    )

    assert ShownPicture.objects.get(page=page).is_main


@pytest.mark.parametrize("count", [1, 3])
def test_pictures_of_a_list_take_two_queries(count, django_assert_num_queries):
    news = make_section("news")
    pages = [pictured(f"n{n}", parent=news) for n in range(count)]

    with django_assert_num_queries(2):
        found = pictures_of(pages)

    assert {pk: one.card.filter_spec for pk, one in found.items()} == dict.fromkeys(
        [page.pk for page in pages], "fill-480x320"
    )


def test_pages_without_pictures_take_one_query(django_assert_num_queries):
    page = make_page("article", "own")

    with django_assert_num_queries(1):
        assert pictures_of([page]) == {}


# Where it is met


def test_picture_is_at_the_top_of_its_page_and_where_it_is_shared(client, settings):
    page = pictured()

    seen = client.get(page.url_path).content.decode()

    shared = page.main_picture.renditions.get(filter_spec="fill-1200x630|format-jpeg")
    assert f'property="og:image" content="{settings.LUUKKU_BASE_URL}{shared.url}"' in seen
    assert 'property="og:image:alt" content="Ovi"' in seen
    assert seen.count('alt="Ovi"') == 1
    assert f'"image": "{settings.LUUKKU_BASE_URL}{shared.url}"' in seen


def test_page_without_a_picture_is_shared_with_its_title(client):
    page = make_page("article", "own")

    assert f"http://testserver/share/{page.pk}-" in client.get(page.url_path).content.decode()


@pytest.mark.parametrize("address", ["/fi/news/", "/fi/"])
def test_cards_show_the_picture(client, address):
    page = pictured("card", parent=make_section("news"))

    seen = client.get(address).content.decode()

    card = page.main_picture.renditions.get(filter_spec="fill-480x320")
    assert f'src="{card.url}"' in seen
    assert 'alt="Ovi"' in seen


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "number"), [("/sv/news/", 8), ("/sv/", 6)])
def test_cards_with_pictures_query_count(client, django_assert_num_queries, address, number, rows):
    news = make_section("news", "sv")
    for n in range(rows):
        pictured(f"n{n}", parent=news)
    client.get(address)  # content types are remembered

    with django_assert_num_queries(number):
        seen = client.get(address).content.decode()

    assert seen.count('class="card-picture"') == rows


def test_draft_that_is_not_published_gives_no_picture_away():
    page, image = make_page("news", "n", parent=make_section("news")), make_image()
    page.main_picture, page.main_picture_words = image, "Ovi"
    page.save_revision()
    rendition = image.get_rendition("fill-480x320")

    assert not is_shown(rendition.file.name)
    assert NewsPage.objects.get(pk=page.pk).main_picture is None
