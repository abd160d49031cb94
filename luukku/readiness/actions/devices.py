"""The devices that an organisation lends."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.constraints import refused_as
from luukku.organisations.models import Organisation
from luukku.readiness.models import Device, Loan
from luukku.readiness.refusals import DeviceLent, LabelTaken

TAKEN = {"device_label_is_its_own": LabelTaken()}


def add_device(
    organisation: Organisation, *, kind: str, label: str, note: str = "", by: User, at: datetime
) -> Device:
    """Let ``organisation`` lend one more device.

    Raises:
        PermissionDenied: ``by`` neither stands behind experts in its name nor is at the counter.
        LabelTaken: another one of its kind that is lent is called so.
    """
    made = Device(organisation=organisation, kind=kind, label=label, note=note)
    _allow(made, by)
    with transaction.atomic():
        with refused_as(TAKEN):
            made.save()
        record("readiness.keep_device", by=by, about=made, at=at, data={"kind": kind})
    return made


def change_device(
    device: Device, *, kind: str, label: str, note: str = "", by: User, at: datetime
) -> Device:
    """Call a device otherwise; its loans stay.

    Raises:
        PermissionDenied, LabelTaken: as in ``add_device``.
    """
    with transaction.atomic():
        device = locked_device(device.pk)
        _allow(device, by)
        device.kind, device.label, device.note = kind, label, note
        with refused_as(TAKEN):
            device.save(update_fields=["kind", "label", "note"])
        record("readiness.keep_device", by=by, about=device, at=at, data={"kind": kind})
    return device


def retire_device(device: Device, *, by: User, at: datetime) -> Device:
    """Lend a device no more; its earlier loans stay. Twice is once.

    Raises:
        PermissionDenied: as in ``add_device``.
        DeviceLent: somebody has it or has been promised it.
    """
    with transaction.atomic():
        device = locked_device(device.pk)
        _allow(device, by)
        if Loan.objects.holding().filter(device=device).exists():
            raise DeviceLent
        if device.is_in_use:
            device.retired_at = at
            device.save(update_fields=["retired_at"])
            record("readiness.retire_device", by=by, about=device, at=at)
    return device


def restore_device(device: Device, *, by: User, at: datetime) -> Device:
    """Lend a device again. Twice is once.

    Raises:
        PermissionDenied, LabelTaken: as in ``add_device``.
    """
    with transaction.atomic():
        device = locked_device(device.pk)
        _allow(device, by)
        if not device.is_in_use:
            device.retired_at = None
            with refused_as(TAKEN):
                device.save(update_fields=["retired_at"])
            record("readiness.restore_device", by=by, about=device, at=at)
    return device


def locked_device(pk: int) -> Device:
    """Return a device as it is now; nobody else promises it to anybody until the transaction ends."""
    return Device.objects.select_for_update(no_key=True).get(pk=pk)


def _allow(device: Device, by: User) -> None:
    if not by.has_perm("readiness.keep_device", device):
        raise PermissionDenied("readiness.keep_device")
