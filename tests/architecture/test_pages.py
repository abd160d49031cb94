"""Nobody types a date into a written page: when something is held stands in one place, with its event."""

from django.db import models
from wagtail.blocks import DateBlock, DateTimeBlock, StreamBlock, StructBlock, TimeBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from luukku.content.models import PAGE_TYPES

# What Wagtail itself notes of every page: when it is shown, was shown, and was changed.
PUBLISHING = {field.name for field in Page._meta.fields}
TIMES = (models.DateField, models.TimeField, models.DurationField)
BLOCKS_OF_TIME = (DateBlock, DateTimeBlock, TimeBlock)


def blocks_of(block):
    yield block
    children = block.child_blocks.values() if isinstance(block, (StreamBlock, StructBlock)) else ()
    for child in children:
        yield from blocks_of(child)
    if hasattr(block, "child_block"):
        yield from blocks_of(block.child_block)


def dates_of(kind):
    own = [field for field in kind._meta.fields if field.name not in PUBLISHING]
    yield from (field.name for field in own if isinstance(field, TIMES))
    for field in own:
        if isinstance(field, StreamField):
            blocks = blocks_of(field.stream_block)
            yield from (one.name for one in blocks if isinstance(one, BLOCKS_OF_TIME))


def test_no_page_has_a_date_of_its_own():
    assert {name: dates for name, kind in PAGE_TYPES.items() if (dates := [*dates_of(kind)])} == {}


def test_a_date_would_be_seen():
    class Dated:
        class _meta:  # noqa: N801 -- as Django calls it
            fields = [models.DateTimeField(name="held_at"), models.CharField(name="place")]

    assert list(dates_of(Dated)) == ["held_at"]
