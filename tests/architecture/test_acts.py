"""A view leaves to ``web.kit.acts`` when a form is shown, taken or refused, and to ``may`` what anybody may do."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "luukku/web"

# What views do not write out, what they do instead, and the few files that still may.
RULES = {
    "data_of(request)": (r'request\.POST if request\.method == "POST" else None', set()),
    "form_act's page(status), or status_of(request)": (
        r'422 if [^\n]*method == "POST" else 200',
        set(),
    ),
    "may(act, object, user), or {% may %} in the template": (
        r'has_perm\([^)\n]*, |\.sources\b|"?may_\w+"?\s*[:=][^\n]*(\.state\b|has_perm)',
        set(),
    ),
    "the refusal's own words, by form_act": (
        r"except \(?WrongState",
        {  # these answer with what was typed, with the draft, or in the words of an offer
            "counter/questions/thread.py",
            "parts/assignments/answers.py",
            "parts/orders/wizard.py",
            "public/signed_links/orders.py",
            "public/threads.py",
        },
    ),
}


@pytest.mark.parametrize("instead", RULES)
def test_views_let_form_act_show_take_and_refuse(instead):
    pattern, still = RULES[instead]

    found = {
        str(file.relative_to(WEB))
        for file in WEB.rglob("*.py")
        if file.name != "acts.py" and re.search(pattern, file.read_text())
    }

    assert sorted(found - still) == [], f"Write {instead} instead."
    assert sorted(still - found) == [], "Done: take these out of RULES."
