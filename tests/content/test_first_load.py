"""The first load of pages, into a site that has none: trees, rights, the way of approval, task types."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import Locale, Page, Site, Workflow

from luukku.content.actions import load_pages
from luukku.content.models import (
    SecondPairOfEyes,
    Shipped,
    StartPage,
    TaskTypePage,
)
from luukku.content.shipping import BadPage
from luukku.taxonomy.models import TaskType
from tests.factories.content import page_file, write

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def empty_site():
    """As Wagtail's migrations leave it: one page, one workflow of its own."""
    Shipped.objects.all().delete()
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    Workflow.objects.all().delete()
    SecondPairOfEyes.objects.all().delete()
    Group.objects.filter(name="coordinator").delete()
    Page.get_first_root_node().add_child(
        instance=Page(title="Welcome", slug="home", locale=Locale.objects.get(language_code="fi"))
    )
    Workflow.objects.create(name="Wagtail's own", active=True)


@pytest.fixture
def files(tmp_path):
    sections = {f"{code}/tasks.md": page_file("Tehtävät", "section") for code in ("fi", "sv")}
    talk = {"fi/tasks/talk.md": page_file("Puhe", "task_type", intro="Tunti")}
    return write(tmp_path, sections | talk)


def test_first_load_plants_a_tree_for_each_language_and_takes_wagtails_page_away(
    empty_site, files, at
):
    load_pages(at=at, root=files)

    starts = StartPage.objects.order_by("path")
    assert [page.slug for page in starts] == ["fi", "sv", "en"]
    assert len({page.translation_key for page in starts}) == 1
    assert Site.objects.get(is_default_site=True).root_page.slug == "fi"
    assert not Page.objects.filter(slug="home").exists()


def test_first_load_gives_editors_their_rights_and_a_second_pair_of_eyes(empty_site, files, at):
    load_pages(at=at, root=files)

    group = Group.objects.get(name="coordinator")
    assert group.permissions.filter(codename="access_admin").exists()
    assert (
        group.page_permissions.filter(
            permission=Permission.objects.get(
                codename="publish_page", content_type__app_label="wagtailcore"
            )
        ).count()
        == 1
    )
    workflow = Workflow.objects.get(active=True)
    assert workflow.name == "Toinen silmäpari"
    assert workflow.workflow_pages.get().page == Page.get_first_root_node()
    assert group in SecondPairOfEyes.objects.get().groups.all()


def test_first_load_makes_the_task_types_that_no_file_tells_of_where_there_is_a_section(
    empty_site, files, at
):
    made = load_pages(at=at, root=files)

    kinds = TaskType.objects.filter(is_active=True).count()
    assert (
        made["task_type_pages"] == 2 * kinds - 1
    )  # the talk in Finnish has a file; no section in English
    talk = TaskTypePage.objects.get(slug="talk", locale__language_code="fi")
    assert (talk.title, talk.intro) == ("Puhe", "Tunti")
    swedish = TaskTypePage.objects.get(slug="talk", locale__language_code="sv")
    assert swedish.translation_key == talk.translation_key
    assert swedish.title == TaskType.objects.get(code="talk").name_sv


def test_first_load_again_makes_no_second_way_of_approval(empty_site, files, at):
    load_pages(at=at, root=files)

    load_pages(at=at, root=files)

    assert SecondPairOfEyes.objects.count() == 1
    assert Workflow.objects.filter(active=True).count() == 1


def test_load_refuses_a_page_whose_parent_an_editor_has_deleted(files, at):
    files = write(files, {"fi/gone.md": page_file("Osio", "section")})
    load_pages(at=at, root=files)
    Page.objects.get(url_path="/fi/gone/").delete()
    write(files, {"fi/gone/new.md": page_file("Uusi")})

    with pytest.raises(BadPage, match="no page above"):
        load_pages(at=at, root=files)


def test_top_of_the_pages_is_called_what_it_is(at):
    load_pages(at=at)

    assert Page.get_first_root_node().title == "Sivut · Sidor · Pages"
