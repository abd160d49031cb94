"""A step of a migration draws the model that it changes; others with it only where they have to change, too."""

import pytest
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

from luukku.config.sparing import drawn_sparingly


def key():
    return models.AutoField(primary_key=True)


@pytest.fixture
def drawn():
    """One is pointed to by Two, and Two by Three; all of them drawn."""
    state = ProjectState()
    state.add_model(ModelState("shop", "One", [("id", key())]))
    for name, to in (("Two", "shop.one"), ("Three", "shop.two")):
        points = models.ForeignKey(to, models.CASCADE)
        state.add_model(ModelState("shop", name, [("id", key()), ("points", points)]))
    return state, dict(state.apps.all_models["shop"])


def drawn_anew(state, before):
    after = state.apps.all_models["shop"]
    return {name for name in after if after[name] is not before.get(name)}


def constrain(state):
    rule = models.CheckConstraint(condition=models.Q(id__gt=0), name="positive")
    state.add_constraint("shop", "two", rule)


def point(state):
    state.add_field("shop", "three", "also", models.ForeignKey("shop.one", models.CASCADE), True)


def add(state):
    points = models.ForeignKey("shop.one", models.CASCADE)
    state.add_model(ModelState("shop", "Four", [("id", key()), ("points", points)]))


@pytest.mark.parametrize("step, changed", [(constrain, "two"), (point, "three"), (add, "four")])
def test_only_the_model_that_changes_is_drawn(drawn, step, changed):
    with drawn_sparingly():
        step(drawn[0])

    assert drawn_anew(*drawn) == {changed}
    assert drawn[0].is_delayed  # whoever runs Python has all of them drawn first


def test_django_alone_draws_them_all(drawn):
    constrain(drawn[0])

    assert drawn_anew(*drawn) == {"one", "two", "three"}


@pytest.mark.parametrize("was_there", [True, False])
@pytest.mark.django_db
def test_only_a_new_database_is_made_so(monkeypatch, was_there):
    monkeypatch.setattr(
        MigrationRecorder, "applied_migrations", lambda _self: {1: 1} if was_there else {}
    )
    usual = ProjectState._find_reload_model
    seen = []
    monkeypatch.setattr(
        migrate.Command,
        "handle",
        lambda *_args, **_options: seen.append(ProjectState._find_reload_model),
    )

    call_command("migrate")

    assert [one is usual for one in seen] == [was_there]


def test_columns_that_point_to_a_key_change_with_it(drawn):
    with drawn_sparingly():
        drawn[0].alter_field("shop", "one", "id", models.BigAutoField(primary_key=True), True)

    points = drawn[0].apps.get_model("shop", "two")._meta.get_field("points")
    assert points.db_type(connection) == "bigint"
