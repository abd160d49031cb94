"""When everybody who fits has been asked, the counter's page says so, not that nobody fits."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import formats

from luukku.assignments.actions import decline, propose
from luukku.core.times import helsinki
from luukku.matching.queries import match
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db


def page_of(counter, order):
    return counter.get(reverse("counter:order", args=[order.pk])).content.decode()


@pytest.fixture
def asked(now, coordinator):
    order, until = make_search(now, experts_wanted=2), now + timedelta(days=5)
    make_expert(at=now), make_expert(at=now)
    found = match(order, at=now).candidates
    assert len(found) == 2
    from luukku.experts.models import Expert

    offers = [
        propose(
            order, Expert.objects.get(pk=one.expert_id), by=coordinator, at=now, answer_by=until
        )
        for one in found
    ]
    return order, until, offers


def test_page_tells_until_when_the_asked_ones_answer(counter, asked):
    order, until, _offers = asked

    page = page_of(counter, order)

    day = formats.date_format(helsinki(until), "SHORT_DATE_FORMAT")
    assert f"Everybody who fits has been asked. Answers are awaited until {day}" in page
    assert "Nobody fits right now." not in page
    assert "<h3>What would help</h3>" not in page


def test_page_says_that_nobody_fits_when_no_answer_is_awaited(counter, now, asked):
    order, _until, offers = asked
    for offer in offers:
        decline(offer, by=offer.expert.user, at=now)

    page = page_of(counter, order)

    assert "Nobody fits right now." in page
    assert "Everybody who fits" not in page


def test_asking_says_for_which_time_and_that_it_binds_nobody(counter, now):
    make_expert(at=now)

    page = page_of(counter, make_search(now))

    assert "Asking binds nobody yet." in page
