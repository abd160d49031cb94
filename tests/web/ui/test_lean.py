"""Pages are sent without the indentation of their templates; what a value holds stays as it is."""

import re

import pytest
from django.template import engines


def source(name):
    return engines["django"].engine.get_template(name).source


@pytest.mark.parametrize("name", ["ui/base.html", "counter/queue/list.html", "cotton/act.html"])
def test_every_line_of_our_pages_begins_at_its_first_sign(name):
    assert not re.search(r"^[ \t]+|[ \t]+$|\n\n", source(name), re.M)


def test_templates_of_others_stay_as_they_are():
    assert re.search(r"^ +", source("wagtailadmin/base.html"), re.M)


def test_what_somebody_wrote_keeps_its_lines():
    template = engines["django"].get_template("django/forms/widgets/textarea.html")

    page = template.render({"widget": {"name": "words", "value": "one\n\n  two", "attrs": {}}})

    assert "one\n\n  two" in page
