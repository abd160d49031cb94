"""What may be changed follows from the fields themselves."""

import pytest
from django.core.exceptions import FieldDoesNotExist

from luukku.core.fields import editable, field_of
from luukku.experts.models import Expert
from luukku.orders.models import Order


@pytest.mark.parametrize(
    "model, kept",
    [
        (
            Order,
            {
                "state", "state_changed_at", "made_by", "made_at", "begins_at", "begun", "sent_at", "terms_changed_at",
                "decided_at", "decided_by", "decline_reason", "cancelled_by", "cancel_reason",
                "cancelled_hours_before", "copied_from", "series",
            },
        ),
        (Expert, {"state", "state_changed_at", "user", "code_name", "made_at"}),
    ],
)  # fmt: skip
def test_what_is_done_by_acts_is_not_editable(model, kept):
    every = {field.name for field in model._meta.fields}

    assert kept <= every
    assert every - editable(model) == kept | {"id"}


def test_field_of_another_model_is_none_of_ones_own():
    assert field_of(Order, "title").name == "title"
    with pytest.raises(FieldDoesNotExist, match="offers"):
        field_of(Order, "offers")
