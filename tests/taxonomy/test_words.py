"""The region's word for an expert, in every Finnish text."""

import struct
import tomllib

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.translation import gettext, ngettext, trans_real

from luukku.taxonomy import words
from luukku.taxonomy.models import TaskType


def write_catalogue(path, messages):
    """Write a compiled gettext catalogue (.mo) by hand."""
    path.parent.mkdir(parents=True)
    pairs = sorted((key.encode(), text.encode()) for key, text in messages.items())
    start = 28 + 16 * len(pairs)
    tables, body = [b"", b""], b""
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<II", len(pair[side]), start + len(body))
            body += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    path.write_bytes(head + tables[0] + tables[1] + body)


@pytest.fixture
def catalogue(tmp_path, settings, monkeypatch):
    """A fresh Finnish catalogue with three texts of its own."""
    write_catalogue(
        tmp_path / "fi" / "LC_MESSAGES" / "django.mo",
        {
            "": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
            "Ask the expert": "Kysy kokemusasiantuntijalta",
            "%(n)s expert\0%(n)s experts": "%(n)s kokemusasiantuntija\0%(n)s kokemusasiantuntijaa",
            "Order": "Tilaus",
        },
    )
    settings.LOCALE_PATHS = [tmp_path]
    monkeypatch.setattr(trans_real, "_translations", {})
    monkeypatch.setattr(trans_real, "_default", None)
    with translation.override("fi"):
        yield


@pytest.mark.parametrize(
    "text, toimija, osaaja",
    [
        ("Kokemusasiantuntija tulee.", "Kokemustoimija tulee.", "Kokemusosaaja tulee."),
        ("kokemusasiantuntijoiden", "kokemustoimijoiden", "kokemusosaajien"),
        ("kokemusasiantuntijoita", "kokemustoimijoita", "kokemusosaajia"),
        ("kokemusasiantuntijoihin", "kokemustoimijoihin", "kokemusosaajiin"),
        ("kokemusasiantuntijoiksi", "kokemustoimijoiksi", "kokemusosaajiksi"),
        ("kokemusasiantuntijoitta", "kokemustoimijoitta", "kokemusosaajitta"),
        ("kokemusasiantuntijoineen", "kokemustoimijoineen", "kokemusosaajineen"),
        ("kokemusasiantuntijansa", "kokemustoimijansa", "kokemusosaajansa"),
        ("kokemusasiantuntijoillemme", "kokemustoimijoillemme", "kokemusosaajillemme"),
        ("kokemusasiantuntijuuden", "kokemustoimijuuden", "kokemusosaajuuden"),
        ("Kokemusasiantuntijatoiminnan", "Kokemustoiminnan", "Kokemusosaajatoiminnan"),
        ("kokemusasiantuntijapankki", "kokemustoimijapankki", "kokemusosaajapankki"),
        ("KOKEMUSASIANTUNTIJALLE", "KOKEMUSTOIMIJALLE", "KOKEMUSOSAAJALLE"),
        ("ammatin asiantuntija", "ammatin asiantuntija", "ammatin asiantuntija"),
    ],
)
def test_replaced_keeps_form_case_and_what_follows(text, toimija, osaaja):
    assert words.replaced(text, "kokemustoimija") == toimija
    assert words.replaced(text, "kokemusosaaja") == osaaja
    assert words.replaced(text, "kokemusasiantuntija") == text


def test_every_alternative_has_every_form():
    names = tomllib.loads((words.DATA / "words.toml").read_text(encoding="utf-8"))["forms"]

    assert list(words.forms()) == ["kokemusasiantuntija", "kokemustoimija", "kokemusosaaja"]
    assert {len(inflected) for inflected in words.forms().values()} == {len(names)}
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("word", ["kokemusasiantuntija", "kokemustoimija", "kokemusosaaja"])
def test_singular_forms_are_regular(word):
    endings = ["", "n", "a", "ssa", "sta", "an", "lla", "lta", "lle", "na", "ksi"]

    assert words.forms()[word][:11] == [word + ending for ending in endings]
    assert words.forms()[word][0] == word


def test_chosen_word_is_that_of_the_region_unless_the_setting_says_otherwise(settings):
    assert words.chosen_word() == "kokemusasiantuntija"

    settings.LUUKKU_EXPERT_WORD = "kokemusosaaja"

    assert words.chosen_word() == "kokemusosaaja"


def test_chosen_word_of_a_region_is_read_from_its_file(settings, tmp_path, monkeypatch):
    (tmp_path / "regions").mkdir()
    (tmp_path / "regions" / "koe.toml").write_text(
        'expert_word = "kokemustoimija"\n', encoding="utf-8"
    )
    words.forms()  # read from the real folder
    monkeypatch.setattr(words, "DATA", tmp_path)
    settings.LUUKKU_REGION = "koe"

    assert words.chosen_word() == "kokemustoimija"


def test_chosen_word_of_a_region_without_a_file_is_the_default(settings):
    settings.LUUKKU_REGION = "atlantis"

    assert words.chosen_word() == "kokemusasiantuntija"


def test_chosen_word_refuses_one_that_has_no_table(settings):
    settings.LUUKKU_EXPERT_WORD = "velho"

    with pytest.raises(ValueError, match="velho"):
        words.chosen_word()


def test_start_up_teaches_the_catalogue_the_chosen_word(catalogue, settings):
    settings.LUUKKU_EXPERT_WORD = "kokemusosaaja"

    apps.get_app_config("taxonomy").ready()

    assert gettext("Ask the expert") == "Kysy kokemusosaajalta"
    assert ngettext("%(n)s expert", "%(n)s experts", 2) == "%(n)s kokemusosaajaa"
    assert gettext("Order") == "Tilaus"


def test_start_up_leaves_the_catalogue_alone_when_the_word_is_the_default(catalogue):
    apps.get_app_config("taxonomy").ready()

    assert gettext("Ask the expert") == "Kysy kokemusasiantuntijalta"


def test_teaching_skips_what_is_no_text(catalogue, monkeypatch):
    texts = {"a": "kokemusasiantuntija", "b": None}
    monkeypatch.setattr(trans_real.translation("fi")._catalog, "_catalogs", [texts])

    words.teach_catalogue("kokemustoimija")

    assert texts == {"a": "kokemustoimija", "b": None}


@pytest.mark.django_db
def test_texts_of_the_reference_data_speak_with_the_chosen_word(settings):
    settings.LUUKKU_EXPERT_WORD = "kokemustoimija"
    trainer = TaskType.objects.get(code="trainer")

    with translation.override("fi"):
        summary = trainer.summary
    with translation.override("sv"):
        in_swedish = trainer.summary

    assert summary == "Kouluttaa uusia kokemustoimijoita muiden kanssa."
    assert in_swedish == trainer.summary_sv
