"""Money and waiting in people's words."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.utils import timezone, translation

from luukku.core.times import HELSINKI
from luukku.orders.models import Order
from luukku.organisations.models import Organisation
from luukku.web.counter.queue_rows import waited
from luukku.web.ui.forms import Form, ModelForm
from luukku.web.ui.templatetags.ui import audience, before_start, euros

SPACE = "\N{NO-BREAK SPACE}"


def clock(words):
    """The instant at which clocks in Helsinki show ``words``."""
    return datetime.fromisoformat(words).replace(tzinfo=HELSINKI)


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
    ("now", "since", "words"),
    [
        ("2026-12-02 12:00", "2026-12-02 11:59", "came today"),
        ("2026-12-02 00:00", "2026-12-01 23:59", "came yesterday"),
        ("2026-12-02 12:00", "2026-12-01 12:01", "came yesterday"),
        ("2026-12-02 12:00", "2026-12-01 12:00", "waited 1 day"),
        ("2026-12-02 12:00", "2026-11-30 12:01", "waited 1 day"),
        ("2026-12-02 12:00", "2026-12-03 12:00", "came today"),
    ],
)
def test_waited_of_a_day_and_of_less(monkeypatch, now, since, words):
    monkeypatch.setattr(timezone, "now", lambda: clock(now))

    assert waited(clock(since)) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (-1, "After the agreed start."),
        (0, "Less than an hour before the agreed start."),
        (1, "1 hour before the agreed start."),
        (47, "47 hours before the agreed start."),
        (48, "2 days before the agreed start."),
        (205, "8 days before the agreed start."),
    ],
)
def test_hours_before_the_start_are_said_as_people_say_them(hours, words):
    assert before_start(hours) == words


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


def test_empty_choice_that_has_a_name_keeps_it():
    class Chosen(Form):
        named = forms.ModelChoiceField(Organisation.objects.none(), empty_label="Kaikki")
        nameless = forms.ModelChoiceField(Organisation.objects.none(), required=False)

    fields = Chosen().fields

    assert [one.empty_label for one in fields.values()] == ["Kaikki", "No choice made"]
