"""Internal notes: written, corrected for a while, struck; beside each act its permission twin."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from luukku.audit.models import AuditEvent
from luukku.workbench import actions
from luukku.workbench.models import InternalNote
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.experts import make_expert
from tests.factories.orders import make_order, make_orderer, make_vetted_organisation

pytestmark = pytest.mark.django_db
ABOUT = {
    "order": make_order,
    "expert": lambda at: make_expert(at=at),
    "organisation": lambda at: make_vetted_organisation(at=at),
    "person": lambda _at: make_person(),
}
STRANGERS = [make_person, make_steering, make_orderer]


def write(at, about=None, by=None, words="Soitti maanantaina."):
    return actions.write_note(
        about or make_order(at), words, by=by or make_coordinator("Kaisa"), at=at
    )


def acts():
    rows = AuditEvent.objects.filter(act__startswith="workbench.").order_by("pk")
    return list(rows.values_list("act", "data"))


@pytest.mark.parametrize("kind", ABOUT)
def test_note_stands_with_what_it_is_about_alone(at, kind):
    about, kaisa = ABOUT[kind](at), make_coordinator("Kaisa")
    write(at, ABOUT[kind](at))

    note = write(at, about, by=kaisa)

    (found,) = InternalNote.objects.visible_to(kaisa).about(about)
    assert (found, found.about(), found.words, found.by) == (
        note,
        about,
        "Soitti maanantaina.",
        kaisa,
    )
    assert acts()[-1] == ("workbench.note", {})


@pytest.mark.parametrize("make", STRANGERS)
def test_only_the_counter_writes_and_sees_notes(at, make):
    stranger, note = make(), write(at)

    for act in (
        lambda: write(at, by=stranger),
        lambda: actions.correct_note(note, "Muuta", by=stranger, at=at),
        lambda: actions.strike_note(note, by=stranger, at=at),
        lambda: actions.restore_note(note, by=stranger, at=at),
    ):
        with pytest.raises(PermissionDenied):
            act()

    assert InternalNote.objects.visible_to(stranger).count() == 0
    assert not stranger.has_perm("workbench.view_note", note)
    assert note.by.has_perm("workbench.view_note", note)


def test_own_note_is_corrected_for_half_an_hour(at):
    note = write(at)
    soon, late = at + timedelta(minutes=29), at + timedelta(minutes=30)

    corrected = actions.correct_note(note, "Soitti tiistaina.", by=note.by, at=soon)

    assert (corrected.words, corrected.corrected_at) == ("Soitti tiistaina.", soon)
    with pytest.raises(actions.NoteStands):
        actions.correct_note(note, "Soitti keskiviikkona.", by=note.by, at=late)
    note.refresh_from_db()
    assert note.words == "Soitti tiistaina."
    assert acts()[-1] == ("workbench.correct_note", {})


def test_correcting_a_note_by_the_same_words_changes_nothing(at):
    note = write(at)

    corrected = actions.correct_note(note, note.words, by=note.by, at=at)

    assert corrected.corrected_at is None
    assert acts() == [("workbench.note", {})]


def test_a_colleagues_note_is_not_corrected_but_struck(at):
    note, colleague = write(at), make_coordinator("Kalle")

    with pytest.raises(PermissionDenied):
        actions.correct_note(note, "Ei soittanut.", by=colleague, at=at)
    struck = actions.strike_note(note, by=colleague, at=at)

    assert (struck.struck_by, struck.struck_at, struck.words) == (colleague, at, note.words)
    with pytest.raises(actions.NoteStands):
        actions.correct_note(note, "Soitti.", by=note.by, at=at)


def test_striking_twice_is_striking_once(at):
    note = write(at)
    actions.strike_note(note, by=note.by, at=at)

    again = actions.strike_note(note, by=make_coordinator("Kalle"), at=at + timedelta(days=1))

    assert (again.struck_by, again.struck_at) == (note.by, at)
    assert [act for act, _data in acts()].count("workbench.strike_note") == 1


@pytest.mark.parametrize(
    "fields", [(), ("order", "person")], ids=["about nothing", "about two things"]
)
def test_database_refuses_a_note_that_is_not_about_one_thing(at, fields):
    about = {name: ABOUT[name](at) for name in fields}

    with pytest.raises(IntegrityError, match="internal_note_about_one"):
        InternalNote.objects.create(**about, words="x", by=make_person(), at=at)


def test_erased_profile_takes_its_notes_along(at):
    expert = make_expert(at=at)
    write(at, expert)
    kept = write(at, make_expert(at=at))

    actions.erase_profile(expert, by=expert.user, at=at)

    assert list(InternalNote.objects.all()) == [kept]


def test_forget_notes_keeps_two_years(at):
    write(at - timedelta(days=731))
    kept = write(at - timedelta(days=729))

    assert actions.forget_notes(at=at) == 1

    assert list(InternalNote.objects.all()) == [kept]


def test_struck_note_holds_again_for_whoever_is_at_the_counter(at):
    note, colleague = write(at), make_coordinator("Kalle")
    actions.strike_note(note, by=note.by, at=at)

    for _twice in range(2):
        again = actions.restore_note(note, by=colleague, at=at + timedelta(days=1))

    assert (again.struck_at, again.struck_by, again.words) == (None, None, note.words)
    assert [act for act, _data in acts()].count("workbench.restore_note") == 1
