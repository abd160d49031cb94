"""Who may change the shared vocabulary."""

import pytest
from django.contrib.auth.models import AnonymousUser

from luukku.accounts.models import Role, User


@pytest.mark.parametrize(
    "role, may", [(Role.COORDINATOR, True), (Role.STEERING, False), (Role.ADMIN, False)]
)
def test_switching_is_for_the_counter(role, may):
    assert User(roles=[role]).has_perm("taxonomy.switch") is may


def test_anonymous_may_not_switch():
    assert not AnonymousUser().has_perm("taxonomy.switch")
