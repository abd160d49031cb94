"""A field of an order is asked, shown and told in documents; whichever of these is forgotten, its file is named."""

import re
from pathlib import Path

import pytest
from django.utils.functional import Promise

from luukku.orders.actions import EDITABLE
from luukku.orders.models import Order
from luukku.orders.spec import MADE, ORDERS
from luukku.web.parts.orders.forms import STEPS

ROOT = Path(__file__).resolve().parents[2]
FORMS = "luukku/web/parts/orders/forms"
FACTS = "luukku/web/parts/templates/parts/orders"
# Who orders is known before the first step; a unit is asked for where there are any; the wish and the further training
# have names of their own.
NOT_ASKED = {
    "organisation", "contact", "unit", "wished_expert", "needs_further_training", "further_kind",
}  # fmt: skip
# What a heading, or a filter with its neighbours, tells.
TOLD_OTHERWISE = {
    "organisation": "the page's head",
    "contact": "the page's own section",
    "title": "the page's heading",
    "audience_size": "order|audience",
    "mode": "order|where",
    "municipality": "order|where",
    "address": "order|where",
}


def asked():
    return {name for _title, form in STEPS.values() for name in form.base_fields}


def facts():
    return "".join(file.read_text() for file in sorted((ROOT / FACTS).glob("*.html")))


@pytest.mark.parametrize("name", sorted(EDITABLE))
def test_field_is_asked_in_a_step(name):
    assert name in asked() | NOT_ASKED, (
        f"Ask for {name}: put it into Meta.fields and sections of the step where it belongs, {FORMS}/."
    )


@pytest.mark.parametrize("name", sorted(EDITABLE))
def test_field_is_shown_with_the_order(name):
    is_shown = re.search(rf"order\.(get_)?{name}(_display)?\b", facts()) or name in TOLD_OTHERWISE

    assert is_shown, (
        f"Show {name}: in {FACTS}/facts.html to whoever reads the order, in own_facts.html to its orderer alone."
    )


@pytest.mark.parametrize("name", sorted(EDITABLE))
def test_field_stands_in_documents(name):
    assert name in ORDERS.properties, f"luukku/orders/spec.py says that it makes {name} by itself."


def test_lists_of_exceptions_name_fields():
    assert NOT_ASKED | TOLD_OTHERWISE.keys() | MADE <= EDITABLE
    assert not NOT_ASKED & asked()


@pytest.mark.parametrize("name", sorted(EDITABLE - NOT_ASKED))
def test_field_has_a_name_that_is_translated(name):
    words = Order._meta.get_field(name).verbose_name

    assert isinstance(words, Promise), f"Name {name} in _(…) in luukku/orders/models/order.py."
