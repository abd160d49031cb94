import pytest
from django.core import mail

from luukku.notices.notice import KINDS
from tests.notices.kinds import OURS


@pytest.fixture
def kinds(monkeypatch):
    """The kinds of these tests are known for the time of one."""
    for kind, notice in OURS.items():
        monkeypatch.setitem(KINDS, kind, notice)


@pytest.fixture
def outbox():
    """What the mail server took."""
    return mail.outbox
