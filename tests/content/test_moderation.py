"""Letters about pages that wait to be read: ours, through the outbox, whole in the reader's language."""

import pytest
from django.apps import apps
from django.core import mail
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from luukku.notices.models import Letter
from tests.factories.accounts import make_coordinator
from tests.factories.content import make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return make_coordinator("Kirjoittaja", language="sv")


@pytest.fixture
def reader():
    return make_coordinator("Lukija", language="fi")


def submit(writer):
    page = make_section("news")
    page.save_revision(user=writer)
    return page, page.get_workflow().start(page, writer)


def act(round_, by, what, **said):
    state = round_.current_task_state
    state.task.specific.on_action(state, by, what, **said)


def test_nothing_of_wagtails_own_listens():
    for signal in (task_submitted, workflow_submitted, workflow_approved, workflow_rejected):
        names = [str(key[0]) for key, *_rest in signal.receivers]
        assert [name for name in names if "email" in name] == []


def test_page_that_waits_is_told_to_those_who_may_decide_in_their_language(writer, reader):
    page, _round = submit(writer)

    [letter] = Letter.objects.filter(kind="content.page_submitted")

    assert (letter.reader, letter.subject) == (reader, "Sivu odottaa lukijaa")
    assert page.title in letter.body
    assert mail.outbox == []


def test_approved_page_is_told_to_its_writer_in_theirs(writer, reader):
    _page, round_ = submit(writer)

    act(round_, reader, "approve")

    letter = Letter.objects.get(kind="content.page_approved")
    assert (letter.reader, letter.subject) == (writer, "Din sida har godkänts")
    assert "{" not in letter.body
    assert mail.outbox == []


def test_returned_page_is_told_with_the_readers_words(writer, reader):
    _page, round_ = submit(writer)

    act(round_, reader, "reject", comment="Lisää päivä.")

    letter = Letter.objects.get(kind="content.page_returned")
    assert letter.reader == writer
    assert "Lisää päivä." in letter.body
    assert mail.outbox == []


def test_who_reads_their_own_page_is_told_nothing(writer):
    _page, round_ = submit(writer)

    act(round_, writer, "approve")

    assert not Letter.objects.filter(kind__startswith="content.page").exists()


def test_who_returns_their_own_page_is_told_nothing(writer):
    _page, round_ = submit(writer)

    act(round_, writer, "reject", comment="Lisää päivä.")

    assert not Letter.objects.filter(kind__startswith="content.page").exists()


def test_site_does_not_start_with_a_wagtail_whose_mails_have_another_name(monkeypatch):
    monkeypatch.setattr("wagtail.admin.apps.WagtailAdminAppConfig.ready", lambda _self: None)

    with pytest.raises(RuntimeError, match="under another name"):
        apps.get_app_config("wagtailadmin").ready()
