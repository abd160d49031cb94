"""Each personal field says beside itself what it is for; nothing is declared that is not there."""

import inspect
from datetime import date

import pytest
from django.apps import apps
from django.db import models

from luukku.accounts.models import User
from luukku.audit.reading import NOTED, Reported
from luukku.content.models import ShownPicture
from luukku.core.personal import DataClass, Personal
from luukku.orders.models import Series
from luukku.organisations.models import ChangeAsked
from luukku.privacy.fields import EncryptedTextField
from luukku.search.models import CardDay
from luukku.workbench.models import TakenDuty
from luukku.workflow.models import Tally

OURS = [m for m in apps.get_models() if m.__module__.startswith("luukku.")]


def looks_personal(field):
    return isinstance(field, (EncryptedTextField, models.EmailField)) or field.name == "phone"


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_personal_fields_are_declared(model):
    declared = getattr(model, "personal", {})
    names = {field.name for field in model._meta.get_fields()}

    assert {
        f.name for f in model._meta.concrete_fields if looks_personal(f)
    } - declared.keys() == set()
    assert declared.keys() - names == set()
    assert all(
        isinstance(what, Personal) and what.purpose and what.keep for what in declared.values()
    )


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_personal_model_says_whose_data_it_holds(model):
    declared = getattr(model, "personal", {})
    noted = {name for name, what in declared.items() if what.data_class in NOTED}
    if not noted:
        return

    whose = model.whose

    if whose is not None:
        assert {type(inspect.getattr_static(model, name)) for name in noted} == {Reported}
    if isinstance(whose, str) and whose not in {"", "pk"}:
        path = model
        for part in whose.split("__"):
            path = path._meta.get_field(part).related_model
        assert path is User


def is_chosen(field):
    """Whether it holds one of given things, or several, which are counted: no words, so nothing to encrypt."""
    return field.is_relation or bool(field.choices or getattr(field, "base_field", field).choices)


def test_personal_encrypted_fields_are_special_and_the_other_way_round():
    wrong = [
        f"{model._meta.label}.{name}"
        for model in OURS
        for name, what in getattr(model, "personal", {}).items()
        if isinstance(model._meta.get_field(name), EncryptedTextField)
        != (what.data_class == DataClass.SPECIAL)
        and not is_chosen(model._meta.get_field(name))
    ]

    assert wrong == []


def special(model):
    return [
        name
        for name, what in getattr(model, "personal", {}).items()
        if what.data_class == DataClass.SPECIAL and not model._meta.get_field(name).is_relation
    ]


@pytest.mark.parametrize("model", [m for m in OURS if special(m)], ids=lambda m: m._meta.label)
def test_row_is_called_by_nothing_special(model):
    """What a row is called stands in messages of faults and in the registry's lists."""
    called = {str(model(pk=7, **dict.fromkeys(special(model), word))) for word in ("yksi", "kaksi")}

    assert len(called) == 1
    assert "kaksi" not in called.pop()


@pytest.mark.parametrize(
    ("row", "called"),
    [
        (CardDay(user_id=7, on=date(2026, 12, 1), expert_ids=[813, 814]), "7 on 2026-12-01: 2"),
        (Tally(mark="merkki", count=3), "3"),
        (ShownPicture(page_id=5, image_id=6), "picture 6 on page 5"),
        (ChangeAsked(name="Koulu", business_id="1234567-1"), "Koulu"),
        (Series(pk=7), "series 7"),
        (TakenDuty(kind="order", key=7), "order 7"),
    ],
    ids=lambda x: type(x).__name__,
)
def test_row_that_keeps_a_trace_is_called_without_it(row, called):
    assert str(row) == called
