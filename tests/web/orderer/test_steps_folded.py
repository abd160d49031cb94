"""What few need is folded away in the steps of the order, until it holds something."""

import pytest
from django.urls import reverse

from luukku.orders.models import Mode, Recording
from luukku.web.parts.orders.forms import STEPS
from tests.factories.orders import make_draft

pytestmark = pytest.mark.django_db


def sections(order, step, **data):
    form = STEPS[step][1](data or None, instance=order) if data else STEPS[step][1](instance=order)
    return form.parts()


def folded(order, step, **data):
    return {
        field.name: part.is_open for part in sections(order, step, **data) for field in part.folded
    }


def test_steps_fold_what_few_need(orderer):
    order = make_draft(orderer=orderer)

    assert set(folded(order, "who")) == {"others_present", "has_children", "has_interpreter"}
    assert set(folded(order, "when")) == {"accessibility", "equipment"}
    assert {"preparation", "recording", "invoice_reference"} <= set(folded(order, "terms"))
    assert not any(any(folded(order, step).values()) for step in ("who", "when", "terms"))


def test_needed_fields_are_never_folded(orderer):
    order = make_draft(orderer=orderer)

    for step, (_label, form) in STEPS.items():
        assert not set(form.needed) & set(folded(order, step))


@pytest.mark.parametrize(
    "step, name, value",
    [
        ("who", "others_present", "Opettaja"),
        ("who", "has_children", True),
        ("when", "equipment", "Mikrofoni"),
        ("terms", "recording", Recording.STREAMED),
        ("terms", "offers_debrief", False),
    ],
)
def test_section_that_holds_something_is_open(orderer, step, name, value):
    order = make_draft(orderer=orderer, **{name: value})

    assert folded(order, step)[name] is True


def test_section_with_an_error_is_open(desk, orderer):
    order = make_draft(orderer=orderer)

    page = desk.post(
        reverse("orderer:order-step", args=[order.pk, "when"]),
        {"mode": Mode.PLACE, "equipment": "x" * 400},
    )

    (part,) = page.context["form"].parts()
    assert (page.status_code, part.is_open) == (422, True)
    assert '<details class="more" open>' in page.content.decode()
