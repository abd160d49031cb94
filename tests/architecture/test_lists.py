"""One way to make pages of rows: a list says what it is in one declaration, and nobody cuts rows by hand."""

import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "luukku/web"
BY_HAND = re.compile(r"\bPaginator\b|\bget_page\(")
MAY = {
    "kit/listing.py",
    "ui/gallery.py",
}  # the one place; the gallery shows its parts on made-up pages


def test_views_make_pages_by_a_listing_or_by_paged():
    by_hand = {
        str(file.relative_to(WEB)) for file in WEB.rglob("*.py") if BY_HAND.search(file.read_text())
    }

    assert sorted(by_hand - MAY) == [], (
        "Declare a Listing (web/kit/listing.py), or take paged(request, rows) where nothing is narrowed."
    )


PAGED = re.compile(r"\bpaged\(")
# Pages of the counter whose rows are no table: duties in their groups, words with two forms each, and what
# organisations have promised for those who see no numbers, which is neither ordered nor narrowed.
NO_TABLE = {"promises.py", "queue.py", "search_misses.py"}


def test_counter_s_rows_are_lists_that_are_ordered_narrowed_and_taken_along():
    counter = WEB / "counter"
    by_paged = {
        str(file.relative_to(counter))
        for file in counter.rglob("*.py")
        if PAGED.search(file.read_text())
    }

    assert by_paged == NO_TABLE, "Declare a Listing and show it (web/counter/lists.py)."


SELECT = re.compile(r"^class (\w+)|^    (\w+)(?:: [^=]+)? = forms\.ModelChoiceField\(", re.M)
# Selects of the counter whose rows do not grow with the region: who serves, one organisation's units, the
# country's municipalities, and what the page before has found.
SHORT = {
    "questions/thread.py AssignForm.assignee",
    "organisations/members.py MemberForm.unit",
    "organisations/members.py MemberForm.user",
    "organisations/organisation_list.py NewOrganisationForm.municipality",
}


def test_counter_chooses_among_many_by_writing():
    selects, counter = set(), WEB / "counter"
    for file in counter.rglob("*.py"):
        form = ""
        for found in SELECT.finditer(file.read_text()):
            form = found[1] or form
            if found[2]:
                selects.add(f"{file.relative_to(counter)} {form}.{found[2]}")

    assert sorted(selects - SHORT) == [], (
        "A list of all people or organisations grows until nobody finds anybody: take a PickField (web/ui/picks.py)."
    )
