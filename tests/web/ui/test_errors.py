"""What a field says of bad input tells how to write it, in the reader's language."""

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation

from luukku.organisations.models import Unit
from luukku.web.ui.forms import EditForm, Form, ModelForm


class Fields(Form):
    """One field of each kind that people mistype."""

    day = forms.DateField()
    clock = forms.TimeField()
    email = forms.EmailField()
    count = forms.IntegerField(max_value=60)
    text = forms.CharField(max_length=5)


BAD = {
    "day": "huomenna",
    "clock": "iltapäivällä",
    "email": "minä",
    "count": "61",
    "text": "pitkä sana",
}


@pytest.mark.parametrize(
    ("language", "errors"),
    [
        (
            "fi",
            {
                "day": ["Kirjoita päivä näin: 5.1.2027"],
                "clock": ["Kirjoita kellonaika näin: 9.30"],
                "email": ["Tarkista sähköpostiosoite. Kirjoita se näin: nimi@esimerkki.fi"],
                "count": ["Luku saa olla enintään 60."],
                "text": [
                    "Teksti on liian pitkä. Siinä on nyt 10 merkkiä, mutta siinä saa olla enintään 5. Lyhennä sitä."
                ],
            },
        ),
        (
            "sv",
            {
                "day": ["Skriv dagen så här: 5.1.2027"],
                "clock": ["Skriv klockslaget så här: 9.30"],
                "email": ["Kontrollera e-postadressen. Skriv den så här: namn@exempel.fi"],
                "count": ["Talet får vara högst 60."],
                "text": ["Texten är för lång. Den har nu 10 tecken, och 5 ryms. Förkorta den."],
            },
        ),
    ],
)
def test_an_error_tells_how_to_write_it(language, errors):
    with translation.override(language):
        assert Fields(BAD).errors == errors


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_what_an_error_shows_is_taken(language):
    with translation.override(language):
        form = Fields(
            {"day": "5.1.2027", "clock": "9.30", "email": "n@e.fi", "count": "6", "text": "ei"}
        )

        assert form.errors == {}


@pytest.mark.parametrize("kind", [Form, EditForm, ModelForm])
def test_every_form_of_ours_takes_a_name_that_nobody_sees_for_none(kind):
    class Named(kind):
        name = forms.CharField()

        class Meta:
            model = Unit
            fields = ("name",)

    form = Named(QueryDict("name=%E2%80%8B%E2%81%A0"))

    assert form.errors == {"name": ["This field is required."]}


@pytest.mark.parametrize(
    ("field", "says"),
    [
        (forms.CharField(), "This field is required."), (forms.ChoiceField(), "Choose one."),
        (forms.MultipleChoiceField(), "Choose at least one."), (forms.BooleanField(), "Tick this to go on."),
        (forms.DateField(), "Give the day."), (forms.TimeField(), "Give the time."),
        (forms.DateField(error_messages={"required": "Own words."}), "Own words."),
    ],
)  # fmt: skip
def test_field_that_is_left_empty_says_what_to_do_with_it(field, says):
    class Asking(Form):
        one = field

    assert Asking(QueryDict("")).errors == {"one": [says]}
