"""What goes with an erased profile."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.experts.models import Expert
from luukku.readiness.actions.lending import cancel_loan
from luukku.readiness.actions.overnight import forget_rows
from luukku.readiness.models import Loan, Readiness
from luukku.readiness.refusals import DeviceWithYou
from luukku.readiness.states import CANCEL, LoanState


def forget(expert: Expert, *, by: User, at: datetime) -> None:
    """Delete the test of ``expert``, whose profile is being erased, and who borrowed in their loans.

    What is asked for or promised is cancelled.

    Raises:
        PermissionDenied: ``by`` may not erase the profile.
        DeviceWithYou: they have a device that has not been brought back.
    """
    if not by.has_perm("experts.erase", expert):
        raise PermissionDenied("experts.erase")
    with transaction.atomic():
        Expert.objects.select_for_update(no_key=True).get(
            pk=expert.pk
        )  # asks for nothing meanwhile
        own = Loan.objects.filter(expert=expert)
        for loan in own.filter(state__in=CANCEL.sources).order_by("pk"):
            cancel_loan(loan, by=by, at=at)
        if own.filter(state=LoanState.OUT).exists():
            raise DeviceWithYou
        forget_rows(own, at=at)
        Readiness.objects.filter(expert=expert).delete()
