"""Several workers at the outbox at the same moment."""

from collections import Counter
from datetime import time, timedelta

import pytest
from django.core import mail

from luukku.core.times import helsinki, instant
from luukku.notices.actions import send_digests, send_outbox, tell
from luukku.notices.models import Letter
from luukku.notices.notice import KINDS
from tests.factories.accounts import make_person
from tests.notices.kinds import OURS, Duty, Quiet
from tests.races.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    for kind, notice in OURS.items():
        monkeypatch.setitem(KINDS, kind, notice)


def test_three_workers_send_each_letter_once(now):
    people = [make_person() for _n in range(4)]
    for number in range(6):
        for person in people:
            tell(Duty(number), to=person, at=now)

    counts = at_once([lambda: send_outbox(at=now)] * 3)

    assert sum(count["sent"] for count in counts) == 24
    ids = Counter(message.extra_headers["Message-ID"] for message in mail.outbox)
    assert ids == Counter(Letter.objects.values_list("message_id", flat=True))
    assert not Letter.objects.filter(sent_at=None).exists()


def test_three_workers_send_each_daily_mail_once(now):
    people = [make_person() for _n in range(4)]
    for number in range(3):
        for person in people:
            tell(Quiet(number), to=person, at=now)

    noon = instant(
        helsinki(now).date() + timedelta(days=2), time(12)
    )  # by day, whatever the clock says

    counts = at_once([lambda: send_digests(at=noon)] * 3)

    assert sum(counts) == 4
    assert Counter(message.to[0] for message in mail.outbox) == Counter(p.email for p in people)
