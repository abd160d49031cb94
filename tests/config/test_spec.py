"""``load_spec``: the documented example works; bad documents change nothing."""

import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from luukku.accounts.models import User
from luukku.experts.models import Expert
from luukku.matching.queries import match
from luukku.orders.models import Order

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def example():
    return json.loads(
        re.search(r"```json\n(.*?)```", (ROOT / "docs/reference/spec.md").read_text(), re.S)[1]
    )


def load(document, tmp_path):
    file, out = tmp_path / "spec.json", io.StringIO()
    file.write_text(json.dumps(document))
    call_command("load_spec", str(file), stdout=out)
    return json.loads(out.getvalue())


def test_spec_documented_example_gives_a_match_and_a_working_sign_in(example, tmp_path, db):
    made = load(example, tmp_path)

    order = Order.objects.get(pk=made["orders"]["visit"])
    assert [c.expert_id for c in match(order, at=timezone.now()).candidates] == [
        made["experts"]["k"]
    ]
    sign_in = made["people"]["kaisa"]["sign_in"]
    response = Client().post(
        "/fi/account/login/", {"login": sign_in["email"], "password": sign_in["password"]}
    )
    assert (response.status_code, response["Location"]) == (302, "/fi/desk/")


def test_spec_schema_is_printed(db):
    out = io.StringIO()

    call_command("load_spec", "--schema", stdout=out)

    assert json.loads(out.getvalue())["type"] == "object"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["people"][0].pop("name"), "people/0"),
        (lambda d: d["people"][0].update(colour="red"), "colour"),
        (lambda d: d["experts"][0].update(person="nobody"), "nobody"),
        (lambda d: d["experts"][0].update(municipality="Atlantis"), "Atlantis"),
        (lambda d: d["experts"][0].update(experiences=[{"theme": "no-such"}]), "no-such"),
        (lambda d: d["experts"][0].update(experiences=[]), "missing"),
        (lambda d: d["orders"][0]["times"][0].update(starts_at="tomorrow"), "tomorrow"),
        (lambda d: d["orders"][0]["times"][0].update(starts_at="2027-01-14T10:00:00"), "time zone"),
        (lambda d: d["orders"][0].update(experts_wanted=0), "order_experts_wanted"),
        (lambda d: d["people"].append(d["people"][0]), "already"),
    ],
)
def test_spec_bad_document_is_refused_whole(example, tmp_path, db, change, words):
    change(example)

    with pytest.raises(CommandError, match=words):
        load(example, tmp_path)

    assert (User.objects.filter(is_machine=False).count(), Expert.objects.count()) == (0, 0)


def test_spec_missing_file_is_refused(tmp_path, db):
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("load_spec", str(tmp_path / "none.json"))
