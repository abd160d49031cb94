"""Money and waiting in people's words."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from luukku.orders.models import Order
from luukku.organisations.models import Organisation
from luukku.web.ui.forms import ModelForm
from luukku.web.ui.templatetags.ui import audience, euros, waited

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("150.00", f"150{SPACE}€"),
        ("12.50", f"12,50{SPACE}€"),
        ("0", f"0{SPACE}€"),
        ("1234.5", f"1{SPACE}234,50{SPACE}€"),
    ],
)
def test_euros_are_written_the_finnish_way(amount, words):
    with translation.override("fi"):
        assert euros(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "tuli tänään"),
        (0, "tuli tänään"),
        (1, "odottanut 1 päivän"),
        (13, "odottanut 13 päivää"),
        (14, "odottanut 2 viikkoa"),
        (40, "odottanut 5 viikkoa"),
    ],
)
def test_waited_is_said_in_one_unit(days, words):
    with translation.override("fi"):
        assert waited(timezone.now() - timedelta(days=days)) == words


@pytest.mark.parametrize(
    ("words", "size", "said"),
    [("Noin 20 osallistujaa", 20, "Noin 20 osallistujaa"), ("Noin 120 osallistujaa", 20, "Noin 120 osallistujaa (20)"),
     ("Opiskelijoita", 20, "Opiskelijoita (20)"), ("Opiskelijoita", None, "Opiskelijoita")],
)  # fmt: skip
def test_audience_says_its_number_once(words, size, said):
    assert audience(Order(audience=words, audience_size=size)) == said


@pytest.mark.django_db
def test_empty_choice_of_a_model_is_said_in_words():
    class Everything(ModelForm):
        class Meta:
            model = Organisation
            fields = ("sector", "kind", "municipality")

    assert "---" not in Everything().as_p()
    assert Everything().fields["sector"].choices[0] == ("", "Choose")
