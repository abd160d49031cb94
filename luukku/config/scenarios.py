"""Any scenario given in a JSON document, made by the same acts as people make it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from jsonschema import Draft202012Validator

from luukku.core.document import MOMENT, BadSpec, Schema, World, in_order, moment, place, sentence


def schema() -> Schema:
    """Return the JSON Schema of the document: the apps' parts together."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kokemusluukku: people and orders",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "at": MOMENT | {"description": "when all of this happens; now if left out"},
            **{part.name: part.schema for part in in_order()},
        },
    }


def load(document: Any) -> dict[str, Any]:
    """Make everything in ``document``, all or nothing; return the ids and a working sign-in per person.

    Raises:
        BadSpec: with the place and the reason.
    """
    errors = sorted(
        Draft202012Validator(schema()).iter_errors(document), key=lambda e: list(map(str, e.path))
    )
    if errors:
        where = "/".join(map(str, errors[0].absolute_path)) or "(top)"
        raise BadSpec(f"{where}: {sentence(errors[0].message)}")
    with place("at"):
        world = World(at=moment(document["at"]) if "at" in document else timezone.now())
    with transaction.atomic():
        for part in in_order():
            part.load(world, document)
        for do in reversed(world.at_end):
            do()
    return world.told
