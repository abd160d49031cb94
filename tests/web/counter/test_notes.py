"""Internal notes on the pages of order, expert, organisation and person; nobody else sees them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.audit.models import AccessLog, AuditEvent
from luukku.workbench import actions
from luukku.workbench.models import InternalNote
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.experts import make_expert
from tests.factories.orders import make_order, make_vetted_organisation

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ABOUT = {
    "order": make_order,
    "expert": lambda at: make_expert(at=at),
    "organisation": lambda at: make_vetted_organisation(at=at),
    "person": lambda _at: make_person(),
}


def home(kind, about):
    return reverse(f"counter:{kind}", args=[about.pk])


def new(kind, pk):
    return reverse(f"counter:{kind}-note", args=[pk])


@pytest.mark.parametrize("kind", ABOUT)
def test_note_is_written_on_the_page_and_read_there(counter, coordinator, now, kind):
    about = ABOUT[kind](now)
    assert new(kind, about.pk) in counter.get(home(kind, about)).content.decode()

    answer = counter.post(new(kind, about.pk), {"words": "Soittaa aina aamulla."})

    assert answer.url == f"{home(kind, about)}#notes"
    page = re.sub(r"\s+", " ", counter.get(home(kind, about)).content.decode())
    assert "Soittaa aina aamulla." in page
    assert f"{coordinator.name} · " in page
    assert AccessLog.objects.filter(what__contains="workbench.internalnote.words").exists()


def test_empty_note_is_asked_for_at_its_field(counter, now):
    order = make_order(now)

    answer = counter.post(new("order", order.pk), {"words": " "})

    assert answer.status_code == 422
    assert InternalNote.objects.count() == 0


@pytest.mark.parametrize("kind", ABOUT)
def test_note_about_what_is_not_there(counter, kind):
    assert counter.get(new(kind, 987654)).status_code == 404


def test_own_note_is_corrected_and_a_colleagues_is_struck(counter, coordinator, now):
    order, colleague = make_order(now), make_coordinator("Kalle")
    mine = actions.write_note(order, "Soitti ma.", by=coordinator, at=now)
    other = actions.write_note(order, "Ei vastaa.", by=colleague, at=now)
    correct = reverse("counter:note-correct", args=[mine.pk])
    page = counter.get(home("order", order)).content.decode()
    assert correct in page
    assert reverse("counter:note-correct", args=[other.pk]) not in page
    assert counter.get(reverse("counter:note-correct", args=[other.pk])).status_code == 404
    version = re.search(r'name="version" value="([^"]*)"', counter.get(correct).content.decode())

    counter.post(correct, {"words": "Soitti ti.", "version": version[1] if version else ""})
    counter.post(reverse("counter:note-strike", args=[other.pk]))

    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.words, other.struck_by) == ("Soitti ti.", coordinator)
    assert "Struck:" in counter.get(home("order", order)).content.decode()


def test_striking_is_taken_back(counter, coordinator, now):
    order = make_order(now)
    note = actions.write_note(order, "Soitti ma.", by=coordinator, at=now)
    restore = reverse("counter:note-restore", args=[note.pk])
    assert restore not in counter.get(home("order", order)).content.decode()
    actions.strike_note(note, by=coordinator, at=now)
    assert restore in counter.get(home("order", order)).content.decode()

    answer = counter.post(restore)

    note.refresh_from_db()
    assert (answer.status_code, note.struck_at, note.struck_by) == (303, None, None)
    assert "Struck:" not in counter.get(home("order", order)).content.decode()


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_striking_is_taken_back_by_nobody_else(client, now, make):
    note = actions.write_note(make_order(now), "?", by=make_coordinator(), at=now)
    actions.strike_note(note, by=note.by, at=now)
    client.force_login(make(), backend=BACKEND)

    assert client.post(reverse("counter:note-restore", args=[note.pk])).status_code == 403
    note.refresh_from_db()
    assert note.struck_at == now


def test_old_note_says_that_it_can_only_be_struck(counter, coordinator, now):
    note = actions.write_note(
        make_order(now), "Soitti ma.", by=coordinator, at=now - timedelta(hours=1)
    )

    answer = counter.get(reverse("counter:note-correct", args=[note.pk]), follow=True)

    assert "Strike it and write a new one." in answer.content.decode()


def test_administrator_sees_the_person_and_no_note(client, now):
    person = make_person()
    actions.write_note(person, "Vain luukulle", by=make_coordinator(), at=now)
    client.force_login(make_admin(), backend=BACKEND)

    page = client.get(home("person", person)).content.decode()

    assert person.name in page
    assert "Vain luukulle" not in page
    assert "Internal notes" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_notes_of_a_page_take_one_query(
    counter, coordinator, now, django_assert_num_queries, number
):
    person = make_person()
    for _n in range(number):
        actions.write_note(person, "Soitti.", by=make_coordinator(f"Kaisa {_n}"), at=now)

    with django_assert_num_queries(1):
        rows = list(InternalNote.objects.visible_to(coordinator).about(person))
        assert len([(note.words, note.by.name) for note in rows]) == number


def file_of(pk):
    return reverse("counter:person-notes-file", args=[pk])


def test_person_gets_every_note_that_tells_of_them_and_no_other(counter, coordinator, now):
    expert = make_expert(at=now)
    person = expert.user
    other = make_person()
    for about, words in (
        (person, "Soittaa <aamulla>."), (expert, "Haluaa parin."), (other, "Vieras."), (make_order(now), "Toisen tilaus."),
    ):  # fmt: skip
        actions.write_note(about, words, by=coordinator, at=now)
    order = make_order(now)
    actions.write_note(order, "Oma tilaus.", by=coordinator, at=now)

    mine = counter.post(file_of(person.pk))
    orderers = counter.post(file_of(order.contact_id)).content.decode()

    text = mine.content.decode()
    assert mine["Content-Disposition"].startswith("attachment;")
    assert text.index("Soittaa <aamulla>.") < text.index("Haluaa parin.")
    assert not any(words in text for words in ("Vieras.", "Toisen tilaus.", "Oma tilaus."))
    assert "Oma tilaus." in orderers
    assert f"of order {order.pk}" in orderers
    event = AuditEvent.objects.filter(act="workbench.export").order_by("pk").first()
    assert (event.data["list"], event.data["rows"]) == ("notes", 2)
    assert AccessLog.objects.filter(what__contains="workbench.internalnote.words").exists()


def test_file_without_notes_says_so(counter):
    assert "There are none." in counter.post(file_of(make_person().pk)).content.decode()


@pytest.mark.parametrize("make", [make_admin, make_steering])
def test_notes_are_handed_over_by_the_counter_alone(client, make):
    client.force_login(make(), backend=BACKEND)

    assert client.post(file_of(make_person().pk)).status_code in {302, 403}
    assert not AuditEvent.objects.filter(act="workbench.export").exists()
