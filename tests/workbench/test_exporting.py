"""A list is taken along by who serves at the counter, and it is remembered without anybody's words."""

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.workbench.actions import MOST_EXPORTED, TooManyRows, export
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering

pytestmark = pytest.mark.django_db


def test_export_is_remembered(at):
    kaisa = make_coordinator()

    export("orders", rows=12, kind="csv", filters={"state": "sent", "q": "…"}, by=kaisa, at=at)

    event = AuditEvent.objects.get(act="workbench.export")
    assert (event.actor_id, event.at) == (kaisa.pk, at)
    assert event.data == {
        "list": "orders", "rows": 12, "kind": "csv", "filters": {"state": "sent", "q": "…"},
    }  # fmt: skip


def test_export_of_more_rows_than_a_file_holds_is_refused(at):
    with pytest.raises(TooManyRows):
        export(
            "orders", rows=MOST_EXPORTED + 1, kind="csv", filters={}, by=make_coordinator(), at=at
        )

    assert not AuditEvent.objects.filter(act="workbench.export").exists()


@pytest.mark.parametrize("make", [make_person, make_steering, make_admin])
def test_export_is_the_counter_s(at, make):
    with pytest.raises(PermissionDenied):
        export("orders", rows=1, kind="csv", filters={}, by=make(), at=at)
