"""Every page that is kept for visitors reads only tables whose changes are noted under its topics."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from wagtail.models import Page

from luukku.config.management.commands.list_urls import walk
from luukku.core.changes import Topic
from luukku.events.models import Kind
from tests.factories.assignments import make_search
from tests.factories.content import make_page, make_section
from tests.factories.events import make_event

TABLES = re.compile(r'(?:FROM|JOIN) "?([a-z_]+)"?')
# Addresses of each kept view, with all that it may show. A view that is kept newly is added here.
ADDRESSES = {
    "content": lambda: [page.url_path for page in Page.objects.live().filter(depth__gte=2)],
    "task_type": lambda: ["/fi/tasks/talk/", "/sv/tasks/talk/"],
    "remote": lambda: ["/fi/remote/", "/sv/remote/"],
    "calls": lambda: ["/fi/calls/", "/en/calls/?page=1"],
}


def kept_views():
    return {
        view.__name__: view
        for _address, _name, pattern in walk(get_resolver().url_patterns)
        if hasattr(view := pattern.callback, "topics")
    }


def noted():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, encode(tgargs, 'escape') FROM pg_trigger"
            " WHERE tgname = 'note_change'"
        )
        return {table: topic.removesuffix("\\000") for table, topic in cursor.fetchall()}


def test_each_kept_view_has_its_addresses_here():
    assert kept_views().keys() == ADDRESSES.keys()


@pytest.mark.django_db
def test_each_topic_is_noted_and_nothing_else():
    assert set(noted().values()) == set(Topic)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADDRESSES)
def test_kept_page_reads_only_what_is_noted_under_its_topics(name, now):
    make_search(now, is_open_call=True)
    make_event(now, kind=Kind.ONLINE_PRACTICE)
    make_page("event", "ilta", parent=make_section("events"), event=make_event(now))
    view, read = kept_views()[name], set()

    def look(execute, sql, params, many, context):
        read.update(TABLES.findall(sql))
        return execute(sql, params, many, context)

    for address in ADDRESSES[name]():
        with connection.execute_wrapper(look):
            assert Client().get(address).status_code == 200, address
    # Content types never change; the other names are of parts of the statements.
    tables = set(connection.introspection.table_names()) - {
        "workflow_change",
        "django_content_type",
    }
    topics = noted()
    assert read & tables
    assert {t: topics.get(t) for t in read & tables if topics.get(t) not in view.topics} == {}
