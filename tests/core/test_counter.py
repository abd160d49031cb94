"""How people reach the counter."""

import pytest
from django.utils import translation

from luukku.config.checks import counter_contact
from luukku.core.counter import counter


@pytest.fixture
def contact(settings):
    settings.LUUKKU_COUNTER_NAME = "Luukku"
    settings.LUUKKU_COUNTER_PHONE = "+358 2 123-4567"
    settings.LUUKKU_COUNTER_EMAIL = "luukku@example.test"
    settings.LUUKKU_COUNTER_HOURS = {"fi": "ma–pe", "sv": "må–fr", "en": ""}
    return settings


@pytest.mark.parametrize(("language", "hours"), [("fi", "ma–pe"), ("sv", "må–fr"), ("en", "ma–pe")])
def test_counter_tells_its_hours_in_the_readers_language_or_else_in_finnish(
    contact, language, hours
):
    with translation.override(language):
        assert counter().hours == hours


def test_counter_without_a_language_answers_in_finnish(contact):
    with translation.override(None):
        assert counter().hours == "ma–pe"


@pytest.mark.parametrize(
    ("phone", "link"), [("+358 2 123-4567", "tel:+35821234567"), ("02 1", "tel:021"), ("", "")]
)
def test_counter_number_is_a_link_without_spaces(contact, phone, link):
    contact.LUUKKU_COUNTER_PHONE = phone

    assert counter().call == link


def test_counter_that_can_be_reached_warns_of_nothing(contact):
    assert counter_contact() == []


def test_counter_that_cannot_be_reached_is_told_at_start_up(contact):
    contact.LUUKKU_COUNTER_EMAIL, contact.LUUKKU_COUNTER_HOURS = "", {"fi": ""}

    [warning] = counter_contact()

    assert warning.id == "luukku.W001"
    assert "LUUKKU_COUNTER_HOURS, LUUKKU_COUNTER_EMAIL not set" in warning.msg
