"""Every component with its states on one page."""

from dataclasses import dataclass

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luukku.experts.queries import OrdererCard
from luukku.orders.states import OrderState
from luukku.web.kit.access import EVERYONE, page
from luukku.web.ui.forms import Columns, DateInput, Form, Scale

CHOICES = [("a", "Ensimmäinen"), ("b", "Toinen"), ("c", "Kolmas")]


class Sample(Form):
    """One field of each kind."""

    text = forms.CharField(label="Teksti", help_text="Vihje kentän alla.")
    long = forms.CharField(label="Pitkä teksti", widget=forms.Textarea, required=False)
    day = forms.DateField(label="Päivä", widget=DateInput)
    choice = forms.ChoiceField(label="Valinta", choices=CHOICES)
    radio = forms.ChoiceField(label="Yksi näistä", choices=CHOICES, widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(
        label="Monta näistä", choices=CHOICES, widget=Columns, required=False
    )
    scale = forms.ChoiceField(
        label="Asteikko", choices=[(n, str(n)) for n in range(1, 6)], widget=Scale
    )
    tick = forms.BooleanField(label="Rasti", required=False)


@dataclass(frozen=True)
class Shown:
    """Something in a state."""

    state: str
    state_label: str


@page(EVERYONE)
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    steps = [
        {"number": 1, "label": "Mitä", "url": "#", "is_current": False, "is_done": True},
        {"number": 2, "label": "Kenelle", "url": "#", "is_current": True, "is_done": False},
        {"number": 3, "label": "Milloin", "url": "#", "is_current": False, "is_done": False},
    ]
    context = {
        "form": Sample(),
        "bad": Sample({"text": ""}, prefix="bad", auto_id="bad_%s"),
        "steps": steps,
        "pages": Paginator(range(30), 10).page(2),
        "states": [Shown(state.value, str(state.label)) for state in OrderState],
        "card": OrdererCard(
            "Kuusi 12",
            "Pori",
            True,
            ["Asunnottomuus"],
            ["Luento"],
            ["suomi"],
            "Omin sanoin.",
            "",
            ["Peruskoulutus"],
        ),
    }
    return render(request, "ui/gallery.html", context)
