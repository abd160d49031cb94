"""The parts of a spec document: known once, made each after what it needs, refused with the place."""

from datetime import UTC, datetime

import pytest

from luukku.core import document
from luukku.core.document import BadSpec, Part, World, in_order, of_field, place, rows
from luukku.orders.models import Order

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_parts(monkeypatch):
    monkeypatch.setattr(document, "PARTS", {})


def part(name, *needs):
    return Part(name, rows({"key": {"type": "string"}}, "key"), needs=needs)


def test_parts_are_made_after_what_they_need_else_as_they_were_found():
    part("cups", "tea"), part("spoons"), part("tea", "water"), part("water")

    assert [one.name for one in in_order()] == ["spoons", "water", "tea", "cups"]


@pytest.mark.parametrize("needs", ["tea", "nothing"])
def test_parts_that_need_each_other_or_nothing_known_are_refused(needs):
    part("tea", needs)

    with pytest.raises(ValueError, match="need each other"):
        in_order()


def test_two_parts_of_one_name_are_refused():
    part("tea")

    with pytest.raises(ValueError, match="tea"):
        part("tea")


def test_steps_of_a_row_follow_each_other_and_what_comes_after_comes_once():
    tea, done = part("tea"), []
    tea.step(lambda world, row: done.append(("brew", row["key"])))
    tea.step(lambda world, row: done.append(("pour", row["key"])))
    tea.after.append(lambda world: done.append("wash"))

    tea.load(World(at=AT), {"tea": [{"key": "a"}, {"key": "b"}]})

    assert done == [("brew", "a"), ("pour", "a"), ("brew", "b"), ("pour", "b"), "wash"]


def test_what_comes_after_is_done_also_where_there_are_no_rows():
    tea, done = part("tea"), []
    tea.after.append(lambda world: done.append("wash"))

    tea.load(World(at=AT), {})

    assert done == ["wash"]


def test_a_key_is_used_once_and_known_afterwards():
    tea, world = part("tea"), World(at=AT)
    tea.step(lambda world, row: world.made["tea"].update({row["key"]: "green"}))

    with pytest.raises(BadSpec, match="tea/1: the key 'a' is used already"):
        tea.load(world, {"tea": [{"key": "a"}, {"key": "a"}]})
    assert world.named("tea", "a") == "green"
    with pytest.raises(BadSpec, match="nothing in tea with the key 'b'"):
        world.named("tea", "b")


def test_a_refusal_tells_the_place_and_the_kind():
    with pytest.raises(BadSpec) as refused, place("tea/0"), place("cups/1"):
        raise ValueError("too hot\nand more")

    assert str(refused.value) == "tea/0: cups/1: ValueError: too hot"


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("has_children", {"type": "boolean"}),
        ("audience_size", {"type": ["null", "integer"]}),
        ("fee_eur", {"type": ["null", "number", "string"]}),
        ("equipment", {"type": "string"}),
        ("mode", {"enum": ["either", "place", "remote"]}),
    ],
)
def test_schema_of_a_field_is_what_the_model_says(name, schema):
    assert of_field(Order, name) == schema


def test_schema_of_what_no_document_holds_is_refused_with_the_place_to_say_it():
    with pytest.raises(BadSpec, match=r"core/document\.py"):
        of_field(Order, "contact")


def test_schema_of_rows_that_point_to_a_model_is_refused():
    with pytest.raises(BadSpec, match="offers is no field of Order's own"):
        of_field(Order, "offers")
