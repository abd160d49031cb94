"""Sends every form with whatever people and programs may put into it; seeded, so that a failure can be repeated."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from luukku.core.text import clean
from tests.web.kit.forms.found import FoundForm, Walk, forms_in

WRITTEN = {"text", "textarea", "email", "tel", "url", "search"}
NEVER = {"csrfmiddlewaretoken", "form_token"}
ODD = (
    "", " ", "0", "-1", "1e400", "99999999999999999999", "Ääkkösiä ja 🌿", "<script>alert(1)</script>", "a" * 5000,
    "rivi 1\r\nrivi 2", "'; DROP TABLE x; --", "{{ 7*7 }}", "\u202eoikealta", "nolla\x00tavu", "2026-02-30", "25:61",
    "2027-03-28", "03:30", "ei@osoite", "kysyja@example.test", "040 123 4567", "1234567-1", "https://x.example",
    "javascript:alert(1)", "NaN", "½", "٣", "on", "yes", "null", "[]", "%s", "\ufffd", "é",
)  # fmt: skip
LEFT_OUT = ("/account/", "/desk/switch/", "/i18n/", "/me/data")


@dataclass(frozen=True)
class Sent:
    """One sending and what was wrong with its answer; nothing where all was well."""

    url: str
    data: dict[str, list[str]]
    wrong: str


def submissions(walk: Walk, *, seed: str, most: int) -> Iterator[Sent]:
    """Send ``most`` of the forms that were met on the walk, each taken back after it has been answered."""
    chance, client = random.Random(f"{seed} {walk.who}"), walk.browser()
    forms = [f for f in walk.post_forms() if not any(part in f.action for part in LEFT_OUT)]
    for _n in range(most if forms else 0):
        form = chance.choice(forms)
        url, data = _filled(form, chance)
        with transaction.atomic():
            response = client.post(url, data)
            transaction.set_rollback(True)
        yield Sent(url, data, _wrong(form, data, response))


def _filled(form: FoundForm, chance: random.Random) -> tuple[str, dict[str, list[str]]]:
    data: dict[str, list[str]] = {}
    for field in form.fields:
        if field.name in NEVER or (field.kind == "hidden" and chance.random() < 0.9):
            values = [field.value]
        elif field.kind in {"checkbox", "radio"}:
            values = [field.value] if chance.random() < 0.5 else []
        elif field.options and chance.random() < 0.9:
            values = [chance.choice(field.options)]
        elif chance.random() < 0.4 and field.value:
            values = [field.value]
        else:
            values = [chance.choice(ODD)]
        if field.kind == "radio" and data.get(field.name):
            continue
        if values and (field.name in NEVER or chance.random() < 0.97):
            data.setdefault(field.name, []).extend(values)
    name, value, to = chance.choice(form.buttons or [("", "", "")])
    return to or form.action, data | ({name: [value]} if name else {})


def _wrong(form: FoundForm, data: dict[str, list[str]], response: object) -> str:
    if response.status_code >= 500 or response.status_code in {403, 405}:
        return f"answered {response.status_code}"
    if response.status_code not in {409, 422}:
        return ""
    page = forms_in(response.content.decode(), form.page)
    shown: dict[str, list[str]] = {}
    for one in page:
        for field in one.fields:
            shown.setdefault(field.name, []).append(_plain(field.value))
    for field in form.fields:
        for value in data.get(field.name, []) if field.kind in WRITTEN else []:
            if _plain(value) not in shown.get(field.name, []):
                return f"{field.name} is not shown again: {value[:60]!r}"
    return ""


def _plain(text: str) -> str:
    return " ".join(clean(text).split())
