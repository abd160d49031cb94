"""Fields of a model, asked for by name."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model


def field_of(model: Model | type[Model], name: str) -> Field[Any, Any]:
    """Return the field ``name`` of ``model``.

    Raises:
        FieldDoesNotExist: it has none of that name, or another model points to it by that name.
    """
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(f"{model._meta.label} has no field of its own called {name}.")
    return field


def editable(model: type[Model]) -> frozenset[str]:
    """Return the names of the fields in the model's own row that people may change: those not ``editable=False``."""
    return frozenset(
        field.name for field in model._meta.fields if field.editable and not field.primary_key
    )
