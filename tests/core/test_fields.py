"""What may be changed follows from the fields themselves."""

import pytest
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils.translation import override

from luukku.core.fields import HTTPS_ONLY, editable, field_of
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


@pytest.mark.parametrize(
    "url",
    [
        "https://kokous.example/a",
        "https://teams.example/l/meetup-join/19%3ameeting_x@thread.v2/0?context=%7b%7d",
        "https://zoom.example/j/123?pwd=a@b",
        "https://ä.example/ö",
    ],
)
def test_whole_address_is_a_link(url):
    HTTPS_ONLY(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://kokous.example/a", "begins with https://"),
        ("ftp://kokous.example/a", "begins with https://"),
        ("javascript:alert(1)", "begins with https://"),
        ("kokous", "begins with https://"),
        ("https://", "begins with https://"),
        ("https://kokous.example/a b", "a space"),
        ("https://kokous.example/a\u00a0b", "a space"),
        ("https://anna:salasana@kokous.example/", "password"),
        ("https://anna@kokous.example/", "password"),
    ],
)
def test_what_is_no_link_for_others_is_refused_in_its_own_words(url, words):
    with override("en"), pytest.raises(ValidationError) as refused:
        HTTPS_ONLY(url)

    assert words in refused.value.messages[0]
    assert len(refused.value.messages) == 1
