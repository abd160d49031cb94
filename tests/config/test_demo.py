"""``load_demo``: the same people and orders for the same seed, all or nothing."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.config.demo import PASSWORD, demo_is_loaded
from luukku.experts.models import Expert
from luukku.notices.models import Letter
from luukku.orders.models import Order
from luukku.taxonomy.models import Region
from tests.config.documents import load


def demo(**options):
    out = io.StringIO()
    call_command("load_demo", stdout=out, **options)
    return json.loads(out.getvalue())


def told(seed):
    """Everything that somebody could tell from another demo, without numbers of rows; then undo it."""
    with transaction.atomic():
        demo(experts=8, orders=8, seed=seed)
        found = [
            *User.objects.order_by("pk").values_list("name", "email", "phone", "roles"),
            *Expert.objects.order_by("pk").values_list(
                "code_name",
                "state",
                "municipality__name_fi",
                "reach_km",
                "own_words",
                "support_needs",
            ),
            *Order.objects.order_by("pk", "times__starts_at").values_list(
                "title", "state", "times__starts_at", "fee_eur"
            ),
            *Assignment.objects.order_by("pk").values_list(
                "state", "starts_at", "expert__code_name"
            ),
            *Letter.objects.order_by("pk").values_list("kind", "channel", "language", "made_at"),
        ]
        transaction.set_rollback(True)
    return found


@pytest.mark.slow
@pytest.mark.django_db
def test_demo_is_the_same_for_the_same_seed():
    first = told(seed=5)

    assert told(seed=5) == first
    assert told(seed=6) != first


@pytest.mark.slow
@pytest.mark.django_db
def test_demo_prints_the_document_that_load_spec_takes(tmp_path):
    document = demo(experts=12, orders=12, print=True)
    assert not demo_is_loaded()

    made = load(document, tmp_path)

    assert demo_is_loaded()
    assert (len(made["experts"]), len(made["orders"])) == (12, Order.objects.count())
    assert made["people"]["kokemus1"]["sign_in"]["password"] == PASSWORD
    assert demo(experts=12, orders=12)["already"] is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sizes", [{"experts": -1}, {"orders": -1}, {"experts": 100_001}, {"orders": 100_001}]
)
def test_demo_refuses_sizes_out_of_range(sizes):
    with pytest.raises(CommandError, match="must be 0 to"):
        demo(**sizes)

    assert User.objects.filter(is_machine=False).count() == 0


@pytest.mark.django_db
def test_demo_without_reference_data_says_what_to_do():
    Region.objects.all().delete()

    with pytest.raises(CommandError, match="load_reference"):
        demo()


@pytest.mark.django_db
def test_demo_a_second_time_changes_nothing():
    demo(experts=1, orders=0)
    before = User.objects.count()

    assert demo(experts=5, orders=5) == {"experts": 0, "orders": 0, "already": True}
    assert User.objects.count() == before
