"""The orderer tells that the connection of a remote task has been tried."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.refused import Refused
from luukku.orders.models import Order
from luukku.readiness.models import ConnectionTest
from luukku.readiness.queries import is_remote, may_be_tried
from luukku.readiness.states import TAKE_BACK_TRIED, TELL_TRIED
from luukku.workflow.actions import acting


class NoConnection(Refused):
    """What is to be tried is not there."""

    words = _("Give the link of the video meeting first. Then you can try it.")


class NotRemote(Refused):
    """Everybody comes to a place."""

    words = _("This task is done at a place, so there is no connection to try.")


def tell_tried(order: Order, *, by: User, at: datetime) -> Order:
    """Note that the orderer's side has tried link, camera and a quiet place; it holds of this link and time.

    Raises:
        PermissionDenied, WrongState: as in ``workflow.actions.acting``.
        NotRemote: nothing is done remotely.
        NoConnection: no link has been given.
    """
    with acting(order, TELL_TRIED, by=by, at=at) as order:
        if not is_remote(order):
            raise NotRemote
        if not may_be_tried(order):
            raise NoConnection
        ConnectionTest.objects.update_or_create(
            order=order,
            defaults={
                "meeting_url": order.meeting_url,
                "begins_at": order.begins_at,
                "told_at": at,
                "told_by": by,
            },
        )
    return order


def take_back_tried(order: Order, *, by: User, at: datetime) -> Order:
    """Take back that the connection was tried.

    Raises:
        PermissionDenied, WrongState: as in ``workflow.actions.acting``.
    """
    with acting(order, TAKE_BACK_TRIED, by=by, at=at) as order:
        ConnectionTest.objects.filter(order=order).delete()
    return order
