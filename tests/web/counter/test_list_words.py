"""What a list is searched by stands in its address, and is told to nobody else (decision 41)."""

import logging

import pytest
from django.db import DatabaseError
from django.urls import reverse

from luukku.web.counter.list_acts import LISTS
from luukku.web.kit.listing import Listed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", LISTS)
def test_address_with_words_is_neither_kept_nor_told_to_the_next_site(counter, name):
    answer = counter.get(reverse(f"counter:{name}"), {"q": "Hiltunen"})

    assert answer.status_code == 200
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "same-origin")


def test_fault_of_a_list_is_logged_without_its_words(counter, monkeypatch, caplog):
    def broken(_listed):
        raise DatabaseError("full")

    monkeypatch.setattr(Listed, "all", property(broken))
    counter.raise_request_exception = False

    with caplog.at_level(logging.DEBUG):
        answer = counter.get(reverse("counter:orders"), {"q": "Hiltunen"})

    assert answer.status_code == 500
    assert reverse("counter:orders") in caplog.text
    assert "Hiltunen" not in caplog.text
