"""Whatever stands in a form: no fault, and what was written is shown again; ``soak/forms.py`` asks much more."""

import pytest

from tests.web.kit.forms.found import PEOPLE
from tests.web.kit.forms.fuzz import submissions

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize("who", PEOPLE)
def test_forms_take_whatever_is_sent(world, who):
    bad = [sent for sent in submissions(who, seed="forms", most=60) if sent.wrong]

    assert bad == [], "\n".join(f"{sent.url}: {sent.wrong}" for sent in bad)
