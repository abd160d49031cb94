"""Making a new database without drawing every model anew at each step: it is there in a third of the time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ProjectState

_NAME = "_find_reload_model"  # Django's own, of which its types know nothing
_models_around = getattr(ProjectState, _NAME)


@contextmanager
def drawn_sparingly() -> Iterator[None]:
    """Let migrations draw only the model that a step changes, where no other has to know of it at once.

    Django draws whatever points to the model or is pointed to by it, one step further: as everything here points to
    people, that is nearly every model, some 850 times. A new model or field is of no account to the others yet, and
    what Django itself puts off (a constraint, a plain column) they need not know to be changed themselves. Migrations
    that run Python draw everything first, as ever. ``tests/config/test_upgrade.py`` holds the tables made so to those
    that Django makes alone.
    """
    setattr(ProjectState, _NAME, _models_to_draw)
    try:
        yield
    finally:
        setattr(ProjectState, _NAME, _models_around)


def _models_to_draw(
    state: ProjectState, app_label: str, model_name: str, delay: bool = False
) -> set[tuple[str, str]]:
    if not (delay or _is_more(state, app_label, model_name)):
        return _models_around(state, app_label, model_name)
    state.is_delayed = True
    return {(app_label, model_name)}


def _is_more(state: ProjectState, app_label: str, model_name: str) -> bool:
    """Tell whether the model, or one of its fields, is new and everything else as it was."""
    drawn = state.apps.all_models[app_label].get(model_name)
    if drawn is None:
        return True
    before = {field.name for field in (*drawn._meta.local_fields, *drawn._meta.local_many_to_many)}
    return before < state.models[app_label, model_name].fields.keys()
