"""Facts of demand outlive what they were learned from, and tell of no person."""

import pytest
from django.db import models

from luukku.accounts.models import User
from luukku.orders.models import UnmetDemand
from luukku.search.models import Miss

FACTS = (UnmetDemand, Miss)


@pytest.mark.parametrize("model", FACTS, ids=lambda m: m._meta.label)
def test_no_key_takes_a_fact_with_it(model):
    taken_along = [
        field.name
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.on_delete is models.CASCADE
    ]

    assert taken_along == []


def test_unmet_demand_knows_no_person():
    people = [f.name for f in UnmetDemand._meta.concrete_fields if f.related_model is User]

    assert people == []
    assert not hasattr(UnmetDemand, "personal")
