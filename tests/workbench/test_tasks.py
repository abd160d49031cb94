"""What the worker forgets of the counter's tools."""

from datetime import timedelta

import pytest
from django.utils import timezone

from luukku.workbench import actions, tasks
from luukku.workbench.models import InternalNote, SavedFilter, TakenDuty
from tests.factories.accounts import make_coordinator
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db


def test_worker_forgets_what_was_taken_long_ago_what_is_old_and_whoever_left():
    old, kaisa = timezone.now() - timedelta(days=4000), make_coordinator()
    actions.assign([("search", 7)], to=kaisa, by=kaisa, at=old)
    actions.write_note(make_order(old), "Soitti.", by=kaisa, at=old)
    actions.save_filter("orders", name="Avoimet", query="state=sent", by=kaisa, at=old)
    kaisa.roles = []
    kaisa.save()

    done = [one.func() for one in (tasks.forget_taken, tasks.forget_notes, tasks.forget_filters)]

    assert done == [1, 1, 1]
    assert [one.objects.count() for one in (TakenDuty, InternalNote, SavedFilter)] == [0, 0, 0]
