"""Every act has been thought over: the list says what guards it, and what asks first can be opened without acting."""

import re
from pathlib import Path

from luukku.config.management.commands.list_urls import rows

TEXT = (Path(__file__).resolve().parents[2] / "docs/reference/binding-acts.md").read_text()
OURS = {
    row["name"]: row
    for row in rows()
    if "POST" in row["methods"] and re.match(r"(expert|orderer|counter|public):|[a-z_-]+$", row["name"])
    and not row["name"].startswith("wagtail") and not re.search("(cms|account|documents|admin)/", row["pattern"])
}  # fmt: skip


def named(text):
    return set(re.findall(r"`([a-z_]+(?::[a-z-]+)?|[a-z]+-[a-z]+)`", text))


def test_every_act_is_on_the_list_and_nothing_else():
    listed = named(TEXT) - {"luukku"}

    assert sorted(OURS.keys() - listed) == []
    assert sorted(listed - OURS.keys()) == []


def test_what_asks_first_has_a_page_that_asks():
    asks = TEXT.split("## Asks first")[1].split("##")[0]

    assert [name for name in sorted(named(asks)) if "GET" not in OURS[name]["methods"]] == []
