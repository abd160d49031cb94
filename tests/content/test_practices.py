"""Good practices: who sends, who reads, what is told; each act with its permission twin."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied
from wagtail.models import Page

from luukku.assignments.models import Via
from luukku.audit.models import AuditEvent
from luukku.content import actions
from luukku.content.actions import NoSection
from luukku.content.models import FaqPage, PracticePage
from luukku.content.queries import (
    is_sent_back,
    last_round,
    practices_told_of,
    rounds_waiting,
    what_is_asked,
)
from luukku.feedback.actions import tell_what_changed
from luukku.notices.models import Letter
from luukku.taxonomy.models import TaskType, Theme
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_done
from tests.factories.content import make_page, make_section, make_words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def section():
    return make_section("practices")


def send(by, at, **changes):
    return actions.submit_practice(make_words(**changes), language="fi", by=by, at=at)


def send_back(practice, comment="Kerro lisää."):
    state = last_round(practice).current_task_state
    state.task.specific.on_action(state, make_coordinator(), "reject", comment=comment)


def approve(practice, by):
    state = last_round(practice).current_task_state
    state.task.specific.on_action(state, by, "approve")


def letters(kind):
    return Letter.objects.filter(kind=f"content.{kind}")


def test_submit_keeps_a_draft_that_waits_for_the_counter(at):
    person, kind = make_person(), TaskType.objects.get(code="talk")

    practice = send(person, at, task_types=[kind], themes=[Theme.objects.get(code="cancer")])

    assert not practice.live
    assert practice.url_path == "/fi/practices/kahvihetki-ennen-ryhmaa/"
    assert [row.page_key for row in rounds_waiting()] == [practice.pk]
    assert letters("practice_received").get().reader == person
    assert AuditEvent.objects.filter(act="content.submit_practice", actor_id=person.pk).exists()
    assert mail.outbox == []  # Wagtail writes nobody by itself


def test_submit_twice_by_one_name_makes_two_addresses(at):
    person = make_person()

    assert send(person, at).slug != send(person, at).slug


def test_submit_keeps_the_addresses_of_our_own_pages(at):
    assert send(make_person(), at, title="New").slug != "new"


def test_submit_is_for_people_who_have_signed_in(at):
    with pytest.raises((PermissionDenied, AttributeError)):
        send(AnonymousUser(), at)
    assert PracticePage.objects.filter(live=False).count() == 0


def test_submit_needs_a_section_in_the_language(at):
    Page.objects.filter(url_path="/en/practices/").delete()

    with pytest.raises(NoSection):
        actions.submit_practice(make_words(), language="en", by=make_person(), at=at)


def test_approval_publishes_and_tells_the_sender(at):
    person = make_person()
    practice = send(person, at)

    approve(practice, make_coordinator())

    practice.refresh_from_db()
    assert practice.live
    assert letters("practice_published").get().reader == person
    assert list(rounds_waiting()) == []
    assert mail.outbox == []


def test_publishing_again_tells_nothing_anew(at):
    practice = send(make_person(), at)
    approve(practice, make_coordinator())

    practice.refresh_from_db()
    practice.save_revision(user=make_coordinator()).publish()

    assert letters("practice_published").count() == 1


def test_sending_back_tells_the_sender_what_is_asked(at):
    person = make_person()
    practice = send(person, at)

    send_back(practice, "Kuinka monta kertaa?")

    assert is_sent_back(practice)
    assert what_is_asked(practice) == "Kuinka monta kertaa?"
    assert letters("practice_sent_back").get().reader == person


def test_nothing_is_asked_of_a_practice_that_waits_or_is_published(at):
    practice = send(make_person(), at)
    assert what_is_asked(practice) == ""

    approve(practice, make_coordinator())

    assert what_is_asked(practice) == ""


def test_sending_back_a_page_of_the_counters_own_tells_nobody(at):
    writer = make_coordinator("Kirjoittaja")
    page, own = make_section("news"), make_page("practice", "own", done="a", changed="b")
    for one in (page, own):
        one.save_revision(user=writer)
        one.get_workflow().start(one, writer)

        send_back(one)

    assert not letters("practice_sent_back").exists()


def test_practice_page_tells_what_was_done_and_what_it_is_about(at, client):
    kind = TaskType.objects.get(code="talk")
    practice = send(make_person(), at, task_types=[kind])
    approve(practice, make_coordinator())

    shown = client.get(practice.address)

    assert shown.context["task_types"] == [kind]
    assert "Ryhmän ohjaajat tulivat vartin aiemmin." in shown.content.decode()


def test_revise_sends_it_to_the_counter_once_more(at):
    person = make_person()
    practice = send(person, at)
    send_back(practice)

    actions.revise_practice(practice, make_words(done="Neljä kertaa."), by=person, at=at)

    practice.refresh_from_db()
    assert practice.get_latest_revision_as_object().done == "Neljä kertaa."
    assert [row.page_key for row in rounds_waiting()] == [practice.pk]
    send_back(practice)
    assert letters("practice_sent_back").count() == 2


@pytest.mark.parametrize("who", ["stranger", "counter", "sender, while the counter has it"])
def test_revise_is_only_for_the_sender_of_what_came_back(at, who):
    person = make_person()
    practice = send(person, at)
    if who != "sender, while the counter has it":
        send_back(practice)
    by = {"stranger": make_person(), "counter": make_coordinator()}.get(who, person)

    assert not by.has_perm("content.revise_practice", practice)
    with pytest.raises(PermissionDenied):
        actions.revise_practice(practice, make_words(done="Muu"), by=by, at=at)
    assert practice.get_latest_revision_as_object().done != "Muu"


# From what an orderer told


def told(at, *, may_be_practice=True):
    task = make_done(at)
    return tell_what_changed(
        task.order,
        words="Jono lyheni.",
        by=task.order.contact,
        at=at,
        via=Via.DESK,
        may_be_practice=may_be_practice,
    )


def test_start_practice_begins_from_the_orderers_words_without_themes_or_names(at):
    answer, coordinator = told(at), make_coordinator()

    practice = actions.start_practice(answer, by=coordinator, at=at)

    assert practice.changed == "Jono lyheni."
    assert not practice.live
    assert list(practice.themes.all()) == []
    assert [kind.pk for kind in practice.task_types.all()] == [answer.order.task_type_id]
    assert answer.order.organisation.name not in f"{practice.title}{practice.done}{practice.intro}"
    assert AuditEvent.objects.filter(act="content.start_practice", actor_id=coordinator.pk).exists()


def test_start_practice_twice_gives_the_same(at):
    answer, coordinator = told(at), make_coordinator()

    first = actions.start_practice(answer, by=coordinator, at=at)

    assert actions.start_practice(answer, by=coordinator, at=at) == first
    assert practices_told_of(answer).count() == 1


@pytest.mark.parametrize("who", ["orderer", "stranger", "counter without the orderer's yes"])
def test_start_practice_needs_the_counter_and_the_orderers_yes(at, who):
    answer = told(at, may_be_practice=who != "counter without the orderer's yes")
    by = {"orderer": answer.order.contact, "stranger": make_person()}.get(who) or make_coordinator()

    with pytest.raises(PermissionDenied):
        actions.start_practice(answer, by=by, at=at)
    assert practices_told_of(answer).count() == 0


def test_second_pair_of_eyes_is_somebody_elses(at):
    first, second = make_coordinator(), make_coordinator("Toinen")
    page = make_section("news")
    page.save_revision(user=first)
    page.get_workflow().start(page, first)
    task = page.current_workflow_task.specific

    assert task.get_actions(page, first) == []
    assert {name for name, *_rest in task.get_actions(page, second)} >= {"approve", "reject"}
    assert task.get_actions(page, make_person()) == []


# Answers that become public


def faq():
    return FaqPage.objects.filter(locale__language_code="fi").first() or make_page("faq", "faq")


def test_answer_becomes_the_last_entry_and_is_public(at, client):
    page, coordinator = faq(), make_coordinator()

    actions.publish_answer(
        "Maksaako <b>se</b>?", "Ei.\n\nEi mitään.", language="fi", by=coordinator, at=at
    )

    page.refresh_from_db()
    assert page.entries[-1].value["question"] == "Maksaako <b>se</b>?"
    shown = client.get(page.address).content.decode()
    assert "Maksaako &lt;b&gt;se&lt;/b&gt;?" in shown
    assert "<p>Ei mitään.</p>" in shown


def test_answer_is_published_by_editors_only(at):
    faq()
    with pytest.raises(PermissionDenied):
        actions.publish_answer("x", "y", language="fi", by=make_person(), at=at)


def test_answer_needs_a_page(at):
    FaqPage.objects.all().delete()

    with pytest.raises(NoSection):
        actions.publish_answer("x", "y", language="fi", by=make_coordinator(), at=at)
