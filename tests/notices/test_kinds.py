"""Held over every kind of notice that any app has: nothing sensitive stands in a subject."""

import importlib
import inspect
import re

import pytest
from django.apps import apps
from django.utils import translation

from luukku.notices.models import Channel
from luukku.notices.notice import KINDS
from luukku.orders.notices import OrderNotice
from luukku.organisations.notices import AboutOrganisation
from luukku.taxonomy.models import Theme, ThemeSynonym

for app in apps.get_app_configs():
    if app.name.startswith("luukku.") and importlib.util.find_spec(f"{app.name}.notices"):
        importlib.import_module(f"{app.name}.notices")

SECRET, NUMBER = "ARKALUONTEINEN", 4711
CONCRETE = [notice for _kind, notice in sorted(KINDS.items()) if not notice.__subclasses__()]


class Anything:
    """Stands for whatever a notice speaks of: its numbers are harmless, every word of it is not."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return NUMBER if name in {"pk", "id"} or name.endswith("_id") else Anything()

    def __call__(self, *_args, **_fields):
        return Anything()

    def __iter__(self):
        return iter(())

    def __len__(self):
        return NUMBER

    def __getitem__(self, _which):
        return Anything()

    def __str__(self):
        return SECRET

    __repr__ = __str__


def made_of_anything(notice):
    parameters = list(inspect.signature(notice).parameters.values())
    taken = [each for each in parameters if each.kind != each.VAR_KEYWORD]
    named = {each.name: Anything() for each in taken if each.kind == each.KEYWORD_ONLY}
    return notice(*[Anything() for each in taken if each.name not in named], **named)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("notice", CONCRETE, ids=lambda notice: notice.kind)
def test_subject_says_nothing_of_whom_or_what_it_is_about(notice, language):
    with translation.override(language):
        subject = made_of_anything(notice).subject()

    assert subject
    assert SECRET not in subject
    assert len(subject) <= 100


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_subject_names_a_theme(language):
    with translation.override(language):
        subjects = {notice.kind: made_of_anything(notice).subject() for notice in CONCRETE}
        themes = {theme.name.lower() for theme in Theme.objects.all()}
    themes |= {synonym.word.lower() for synonym in ThemeSynonym.objects.filter(language=language)}

    named = {
        (kind, theme)
        for kind, subject in subjects.items()
        for theme in themes
        if re.search(rf"\b{re.escape(theme)}\b", subject.lower())
    }

    assert len(themes) > 40
    assert named == set()


def test_the_test_itself_sees_a_name_and_a_theme():
    """The stand-in gives a word away wherever a word is used."""
    assert str(Anything().order.contact.name) == SECRET
    assert f"{Anything().order.pk} {Anything().order_id}" == f"{NUMBER} {NUMBER}"


@pytest.mark.parametrize("notice", CONCRETE, ids=lambda notice: notice.kind)
def test_kind_is_named_after_its_app_and_can_be_chosen_by_its_label(notice):
    assert notice.kind.split(".")[0] == notice.__module__.split(".")[1]
    assert len(notice.kind) <= 60
    home = notice.__module__.replace(".", "/")
    assert notice.is_must_know or str(notice.label), (
        f"Give {notice.__name__} a label in {home}.py: by it people choose how it reaches them."
    )
    assert notice.default != Channel.PAPER


def test_kinds_that_may_be_chosen_are_offered_by_a_label_of_their_own():
    labels = [str(notice.label) for notice in KINDS.values() if not notice.is_must_know]

    assert all(labels)
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("notice", CONCRETE, ids=lambda notice: notice.kind)
def test_what_a_letter_makes_untrue_are_kinds_that_there_are(notice):
    assert [kind for kind in notice.makes_untrue if kind not in KINDS] == []


FAMILIES = pytest.mark.parametrize(
    "family", [OrderNotice, AboutOrganisation], ids=lambda each: each.__name__
)


@FAMILIES
def test_of_what_tells_where_a_thing_stands_each_kind_makes_all_others_untrue(family):
    told = {notice.kind for notice in CONCRETE if issubclass(notice, family)}

    assert set(family.makes_untrue) == told


@FAMILIES
def test_one_more_kind_changes_nothing_of_what_the_others_make_untrue(family):
    told = next(notice for notice in CONCRETE if issubclass(notice, family))
    before = told(Anything()).overtakes()
    one_more = type("OneMore", (family,), {"kind": f"test.one_more_{family.__name__}"})
    KINDS.pop(one_more.kind)

    assert before
    assert told(Anything()).overtakes() == before
