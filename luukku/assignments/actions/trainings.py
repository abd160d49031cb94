"""What was built on a training that counts no more: offers are taken back, agreed tasks wait for the counter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import models, transaction

from luukku.accounts.models import User
from luukku.assignments.actions.offers import withdraw
from luukku.assignments.actions.searching import hold
from luukku.assignments.actions.series import tell_ended_in_one
from luukku.assignments.models import Assignment, Origin
from luukku.assignments.notices import OffersWithdrawn, SignUpDeclined
from luukku.assignments.states import KEEP
from luukku.audit.actions import record
from luukku.core.times import helsinki
from luukku.experts import actions as experts
from luukku.experts.models import CompletedTraining, Expert
from luukku.experts.queries import further_kinds
from luukku.notices.actions import tell
from luukku.workflow.actions import lock_for


def revoke_training(
    training: CompletedTraining, words: str, *, by: User, at: datetime
) -> CompletedTraining:
    """Withdraw a training; what asks for it and waits for an answer is taken back, what is agreed is looked into.

    Raises:
        PermissionDenied: as in ``experts.actions.revoke_training``.
    """
    with _followed(training.expert, at=at):
        return experts.revoke_training(training, words, by=by, at=at)


def unverify_training(
    training: CompletedTraining, words: str, *, by: User, at: datetime
) -> CompletedTraining:
    """Take back that a certificate has been seen, with what follows from it as in ``revoke_training``.

    Raises:
        PermissionDenied: as in ``experts.actions.unverify_training``.
    """
    with _followed(training.expert, at=at):
        return experts.unverify_training(training, words, by=by, at=at)


def remove_training(training: CompletedTraining, *, by: User, at: datetime) -> None:
    """Take a training off the record, with what follows from it as in ``revoke_training``.

    Raises:
        PermissionDenied: as in ``experts.actions.remove_training``.
    """
    with _followed(training.expert, at=at):
        experts.remove_training(training, by=by, at=at)


def keep_task(task: Assignment, *, by: User, at: datetime) -> Assignment:
    """Let a task go on although its expert has lost the training that the order asks for; it waits no more.

    A second time changes nothing.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: the task has ended or been cancelled.
    """
    with transaction.atomic():
        task = lock_for(task, KEEP, by=by)
        if task.untrained_at is not None:
            task.untrained_at = None
            task.save(update_fields=["untrained_at"])
            record(KEEP.name, by=by, about=task, at=at)
    return task


@contextmanager
def _followed(expert: Expert, *, at: datetime) -> Iterator[None]:
    """Let the caller change the expert's trainings, and go after what the lost ones were needed for.

    Who had been asked without the training that the order wants loses nothing here, so that nothing of it moves.
    """
    ahead = Assignment.objects.ahead(at).filter(expert=expert)
    with transaction.atomic():
        waiting = hold(expert, models.Q(pk__in=ahead.values("order")))
        had = further_kinds(expert, on=helsinki(at).date())
        yield
        lost = had - further_kinds(expert, on=helsinki(at).date())
        asks = models.Q(order__needs_further_training=True, order__further_kind__in=lost)
        machine, gone = User.objects.machine(), []
        for offer in waiting.filter(asks).select_related("expert__user").order_by("order_id"):
            gone.append(withdraw(offer, by=machine, at=at))
            if offer.origin == Origin.SIGNED_UP:
                tell(SignUpDeclined(offer), to=expert.user, at=at)
        dates = [one.order_id for one in gone if one.origin != Origin.SIGNED_UP]
        tell_ended_in_one(dates, OffersWithdrawn, at=at)
        ahead.filter(asks).update(untrained_at=at)
