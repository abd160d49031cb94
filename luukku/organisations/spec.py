"""Organisations of a spec document, with their units and members."""

from __future__ import annotations

from luukku.core.document import (
    FLAG,
    KEY,
    TEXT,
    BadSpec,
    Part,
    Row,
    World,
    all_coded,
    many,
    one_of,
    row,
    rows,
)
from luukku.organisations import actions
from luukku.organisations.models import Kind, MemberRole, Organisation, Sector, Task
from luukku.organisations.queries import unit_called
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import Service
from luukku.taxonomy.queries import municipality_called

ORGANISATIONS = Part(
    "organisations",
    rows(
        {
            "key": KEY,
            "name": TEXT,
            "kind": one_of(Kind.values),
            "sector": one_of(Sector.values),
            "business_id": TEXT,
            "services": many(TEXT),
            "municipality": TEXT,
            "tasks": many(one_of(Task.values)),
            "by": KEY
            | {"description": "who asks for it and stands for it first; left out: the counter"},
            "state": one_of(OrganisationState.values),
            "refused_because": TEXT,
            "units": rows({"name": TEXT, "municipality": TEXT}, "name"),
            "members": rows(
                {
                    "person": KEY,
                    "role": one_of(MemberRole.values),
                    "is_contact": FLAG,
                    "unit": TEXT,
                },
                "person",
                "role",
            ),
            "change_asked": {
                **row(
                    {
                        "by": KEY,
                        "name": TEXT,
                        "kind": one_of(Kind.values),
                        "sector": one_of(Sector.values),
                        "business_id": TEXT,
                    },
                    "by",
                ),
                "description": "What a member of a vetted organisation wants it to be called; waits for the counter.",
            },
        },
        "key",
        "name",
        "kind",
    ),
    needs=("people",),
)


@ORGANISATIONS.step
def organisation(world: World, row: Row) -> None:
    """Make an organisation with its units and members, and bring it to its state."""
    by, founder, at = world.coordinator, world.author(row), world.at
    made = actions.register(
        name=row["name"], kind=Kind(row["kind"]), tasks=[Task(t) for t in row.get("tasks", ["orders"])],
        sector=Sector(row["sector"]) if "sector" in row else None, business_id=row.get("business_id", ""),
        services=all_coded(Service, row.get("services", [])),
        municipality=municipality_called(row.get("municipality")), by=founder, at=at,
    )  # fmt: skip
    for part in row.get("units", []):
        town = municipality_called(part.get("municipality"))
        actions.add_unit(made, name=part["name"], municipality=town, by=founder, at=at)
    state = row.get("state", "vetted")
    if state in {OrganisationState.VETTED, OrganisationState.ENDED}:
        made = actions.vet(made, by=by, at=at)
    for member in row.get("members", []):
        actions.add_member(
            made, world.named("people", member["person"]), role=MemberRole(member["role"]),
            is_contact=member.get("is_contact", False), unit=unit_called(made, member.get("unit")), by=by, at=at,
        )  # fmt: skip
    if "change_asked" in row:
        _ask_change(world, made, row["change_asked"])
    if state == OrganisationState.REFUSED:
        reason = row.get("refused_because", "Tietoja ei voitu tarkistaa.")
        made = actions.refuse(made, reason=reason, by=by, at=at)
    if state == OrganisationState.ENDED:
        made = actions.end(made, by=by, at=at)
    world.made["organisations"][row["key"]] = made


@ORGANISATIONS.after.append
def told(world: World) -> None:
    """Tell the keys of all."""
    made = world.made["organisations"]
    world.told["organisations"] = {key: one.pk for key, one in made.items()}


def _ask_change(world: World, made: Organisation, row: Row) -> None:
    holds = actions.edit(
        made, name=row.get("name", made.name), kind=Kind(row.get("kind", made.kind)),
        sector=Sector(row.get("sector", made.sector)), municipality=made.municipality,
        business_id=row.get("business_id", made.business_id), services=made.services.all(),
        by=world.named("people", row["by"]), at=world.at,
    )  # fmt: skip
    if holds:
        raise BadSpec(
            f"The change asked for {made.name} does not wait: it is none, or nothing is checked."
        )
