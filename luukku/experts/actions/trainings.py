"""Trainings that an expert has completed, and whether the counter has seen the certificate."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.times import helsinki
from luukku.experts.actions.common import behind, locked, require
from luukku.experts.actions.profile import begin_profile
from luukku.experts.models import CompletedTraining, Expert, TrainingKind
from luukku.experts.notices import (
    TrainingEnds,
    TrainingRestored,
    TrainingRevoked,
    TrainingUnverified,
    TrainingVerified,
)
from luukku.experts.states import ExpertState
from luukku.notices.actions import tell, tell_all

REMIND_DAYS = (90, 30)  # before the last day, once each
REVOKED = ["revoked_by", "revoked_at", "revoked_why"]


def add_training(
    expert: Expert,
    *,
    kind: TrainingKind,
    name: str,
    producer: str,
    completed_on: date,
    by: User,
    at: datetime,
    further_kind: str = "",
    hours: int | None = None,
    valid_until: date | None = None,
) -> CompletedTraining:
    """Record a completed training by hand; what the counter records for somebody else counts as seen.

    What an expert records is a claim: it is shown to nobody and matches nothing before it is verified.

    Args:
        further_kind: one of ``FurtherKind`` for a further training; empty: only "some further training" is known.
    """
    require("experts.edit", expert, by)
    is_seen = by.has_perm("experts.verify_training", expert)
    with transaction.atomic():
        training = CompletedTraining.objects.create(
            expert=expert,
            kind=kind,
            further_kind=further_kind,
            name=name,
            producer=producer,
            hours=hours,
            completed_on=completed_on,
            valid_until=valid_until,
            verified_by=by if is_seen else None,
            verified_at=at if is_seen else None,
        )
        record(
            "experts.add_training", by=by, about=training, at=at, on_behalf_of=behind(expert, by)
        )
    return training


def grant_training(
    person: User,
    *,
    kind: TrainingKind,
    name: str,
    producer: str,
    completed_on: date,
    run_code: str,
    by: User,
    at: datetime,
    further_kind: str = "",
    hours: int | None = None,
    valid_until: date | None = None,
) -> CompletedTraining:
    """Record a training that was completed here: ``by`` has seen it, so it counts at once.

    Who has no profile as an expert gets an empty one, which nobody sees before they have filled and sent it. The
    caller has asked its own rule: training calls it when somebody completes a run.
    """
    with transaction.atomic():
        expert = locked(begin_profile(person, by=by, at=at))
        training = CompletedTraining.objects.create(
            expert=expert,
            kind=kind,
            further_kind=further_kind,
            name=name,
            producer=producer,
            hours=hours,
            run_code=run_code,
            completed_on=completed_on,
            valid_until=valid_until,
            verified_by=by,
            verified_at=at,
        )
        record("experts.grant_training", by=by, about=training, at=at, on_behalf_of=person)
    return training


def remove_training(training: CompletedTraining, *, by: User, at: datetime) -> None:
    """Take a training off the record."""
    require("experts.edit", training.expert, by)
    with transaction.atomic():
        locked(training.expert)
        record(
            "experts.remove_training",
            by=by,
            about=training,
            at=at,
            on_behalf_of=behind(training.expert, by),
        )
        training.delete()


def verify_training(training: CompletedTraining, *, by: User, at: datetime) -> CompletedTraining:
    """Note that ``by`` has seen the certificate, and tell the expert; nobody verifies their own.

    From now on it counts until ``valid_until``. A second time changes nothing.

    Raises:
        PermissionDenied: ``by`` is neither the counter nor behind the expert, or is the expert.
    """
    require("experts.verify_training", training.expert, by)
    with transaction.atomic():
        locked(training.expert)  # first, as in every act: the trigger on trainings locks it, too
        training = CompletedTraining.objects.select_for_update(no_key=True).get(pk=training.pk)
        if training.verified_at is not None:
            return training
        training.verified_by, training.verified_at = by, at
        training.save(update_fields=["verified_by", "verified_at"])
        record("experts.verify_training", by=by, about=training, at=at)
        tell(TrainingVerified(training), to=training.expert.user, at=at)
    return training


def unverify_training(
    training: CompletedTraining, words: str, *, by: User, at: datetime
) -> CompletedTraining:
    """Take back that somebody has seen the certificate, and tell the expert why: it is a claim again.

    A second time, or on one that has been withdrawn, changes nothing and tells nobody. What was built on the
    training is the business of ``assignments.actions.unverify_training``.

    Args:
        words: why, in the counter's own words.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or is the expert.
    """
    require("experts.unverify_training", training.expert, by)
    with transaction.atomic():
        locked(training.expert)  # first, as in every act: the trigger on trainings locks it, too
        training = CompletedTraining.objects.select_for_update(no_key=True).get(pk=training.pk)
        if training.verified_at is None or training.revoked_at is not None:
            return training
        training.verified_by, training.verified_at = None, None
        training.save(update_fields=["verified_by", "verified_at"])
        record("experts.unverify_training", by=by, about=training, at=at)
        tell(TrainingUnverified(training, words, at=at), to=training.expert.user, at=at)
    return training


def revoke_training(
    training: CompletedTraining, words: str, *, by: User, at: datetime
) -> CompletedTraining:
    """Withdraw a training that has been verified, and tell the expert why: it counts no more, its hours stay.

    A second time changes nothing and tells nobody. What was built on the training is the business of
    ``assignments.actions.revoke_training``.

    Args:
        words: why, in the counter's own words; only the expert and the counter read them.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or is the expert.
    """
    require("experts.revoke_training", training.expert, by)
    with transaction.atomic():
        locked(training.expert)
        training = CompletedTraining.objects.select_for_update(no_key=True).get(pk=training.pk)
        if training.verified_at is None or training.revoked_at is not None:
            return training
        training.revoked_by, training.revoked_at, training.revoked_why = by, at, words
        training.save(update_fields=REVOKED)
        record("experts.revoke_training", by=by, about=training, at=at)
        tell(TrainingRevoked(training, words, at=at), to=training.expert.user, at=at)
    return training


def restore_training(training: CompletedTraining, *, by: User, at: datetime) -> CompletedTraining:
    """Let a withdrawn training count again until its last day, and tell the expert.

    A second time changes nothing and tells nobody.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or is the expert.
    """
    require("experts.restore_training", training.expert, by)
    with transaction.atomic():
        locked(training.expert)
        training = CompletedTraining.objects.select_for_update(no_key=True).get(pk=training.pk)
        if training.revoked_at is None:
            return training
        training.revoked_by, training.revoked_at, training.revoked_why = None, None, ""
        training.save(update_fields=REVOKED)
        record("experts.restore_training", by=by, about=training, at=at)
        tell(TrainingRestored(training, at=at), to=training.expert.user, at=at)
    return training


def remind_of_ends(*, at: datetime) -> int:
    """Remind experts in the bank of trainings that soon end, once for each of ``REMIND_DAYS``; return how many.

    Nobody is reminded of one that another of the same kind replaces.
    """
    count, on = 0, helsinki(at).date()
    for days in sorted(REMIND_DAYS):  # the nearest first: whoever was found late is told once
        with transaction.atomic():
            due = CompletedTraining.objects.ending(on, within=days)
            due = due.filter(expert__state=ExpertState.ACTIVE).exclude(reminded_days__lte=days)
            rows = list(due.select_for_update(of=("self",)).select_related("expert__user"))
            tell_all([(TrainingEnds(one, days=days), one.expert.user) for one in rows], at=at)
            count += due.filter(pk__in=[one.pk for one in rows]).update(reminded_days=days)
    return count
