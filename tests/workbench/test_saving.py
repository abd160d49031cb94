"""Saved filters are one's own; beside each act its permission twin."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from luukku.audit.models import AuditEvent
from luukku.workbench.actions import (
    NameInUse,
    TooManySaved,
    forget_filters,
    remove_filter,
    save_filter,
)
from luukku.workbench.models import SavedFilter
from tests.factories.accounts import make_coordinator, make_person, make_steering

pytestmark = pytest.mark.django_db


def save(by, at, name="Porin avoimet", query="state=open&q=Hiltunen", listing="orders", **more):
    return save_filter(listing, name=name, query=query, by=by, at=at, **more)


def test_save_by_a_name_in_use_changes_nothing(at):
    kaisa = make_coordinator()
    saved = save(kaisa, at)

    with pytest.raises(NameInUse):
        save(kaisa, at, query="state=sent")
    same = save(kaisa, at)

    saved.refresh_from_db()
    assert (same, saved.query) == (saved, "state=open&q=Hiltunen")
    save(kaisa, at, query="state=sent", listing="experts")


def test_save_keeps_one_filter_by_a_name_and_the_last_one_saved(at):
    kaisa, colleague = make_coordinator(), make_coordinator("Kalle")

    save(kaisa, at)
    again = save(kaisa, at, query="state=sent", replace=True)
    theirs = save(colleague, at)

    assert list(SavedFilter.objects.visible_to(kaisa)) == [again]
    assert again.query == "state=sent"
    assert list(SavedFilter.objects.visible_to(colleague)) == [theirs]
    assert [e.data for e in AuditEvent.objects.filter(act="workbench.save_filter")] == [
        {"list": "orders"}
    ] * 3


def test_words_of_a_saved_filter_are_not_readable_in_the_database(at):
    save(make_coordinator(), at)

    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM workbench_savedfilter")
        (raw,) = cursor.fetchone()

    assert "Hiltunen" not in str(raw)


def test_save_refuses_the_twenty_first_of_a_list_but_not_a_better_one(at):
    kaisa = make_coordinator()
    for n in range(20):
        save(kaisa, at, name=f"n{n}")

    with pytest.raises(TooManySaved):
        save(kaisa, at, name="one more")

    save(kaisa, at, name="n7", query="state=all", replace=True)
    save(kaisa, at, name="one more", listing="experts")
    assert SavedFilter.objects.visible_to(kaisa).count() == 21


def test_remove_forgets_it_and_may_come_twice(at):
    kaisa = make_coordinator()
    saved = save(kaisa, at)

    remove_filter(saved, by=kaisa, at=at)
    remove_filter(saved, by=kaisa, at=at)

    assert SavedFilter.objects.count() == 0


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_save_is_the_counter_s(at, make):
    with pytest.raises(PermissionDenied):
        save(make(), at)


def test_remove_is_the_owner_s(at):
    saved = save(make_coordinator(), at)

    for stranger in (make_coordinator("Kalle"), make_person()):
        with pytest.raises(PermissionDenied):
            remove_filter(saved, by=stranger, at=at)

    assert SavedFilter.objects.get() == saved


@pytest.mark.parametrize("make", [make_coordinator, make_person])
def test_nobody_sees_the_filters_of_somebody_else(at, make):
    save(make_coordinator(), at)

    assert list(SavedFilter.objects.visible_to(make())) == []


def test_filter_without_a_name_is_refused_by_the_database(at):
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedFilter.objects.create(owner=make_coordinator(), listing="orders", name="", saved_at=at)


def test_filters_of_who_has_left_the_counter_are_deleted(at):
    stays, left = make_coordinator("Kaisa"), make_coordinator("Kalle")
    for one in (stays, left):
        save_filter("orders", name="Omat", query="", by=one, at=at)
    left.roles = []
    left.save()

    assert forget_filters() == 1
    assert SavedFilter.objects.get().owner == stays
