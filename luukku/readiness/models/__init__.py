"""Whether remote tasks work: what an expert has tried, what an orderer tells of it, and equipment that is lent."""

from luukku.readiness.models.connection import ConnectionTest
from luukku.readiness.models.lending import Device, DeviceQuerySet, Loan, LoanQuerySet, lent_for
from luukku.readiness.models.self_test import (
    ITEMS,
    NEWEST,
    EquipmentKind,
    Item,
    Readiness,
    ReadinessQuerySet,
)

__all__ = [
    "ITEMS",
    "NEWEST",
    "ConnectionTest",
    "Device",
    "DeviceQuerySet",
    "EquipmentKind",
    "Item",
    "Loan",
    "LoanQuerySet",
    "Readiness",
    "ReadinessQuerySet",
    "lent_for",
]
