"""Everything that changes an expert's profile. ``on_behalf_of`` is the expert when the counter acts."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime, time

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.experts.models import (
    AvailabilityException,
    CompletedTraining,
    Experience,
    Expert,
    Perspective,
    TrainingKind,
    WeeklySlot,
)
from luukku.experts.notices import ProfileReceived, ProfileReturned, ProfileWelcomed
from luukku.experts.queries import NATURE, missing_parts
from luukku.experts.states import LEAVE, RETURN, SUBMIT, WELCOME
from luukku.notices.actions import tell
from luukku.taxonomy.models import Theme
from luukku.workflow.actions import moving

EDITABLE = frozenset(
    {
        "own_words", "municipality", "reach_km", "is_remote_ok", "equipment", "monthly_limit",
        "support_needs", "background_organisation", "responsible_person",
        "shows_own_words", "shows_municipality", "shows_organisation",
    }
)


class Incomplete(Exception):
    """The profile lacks parts; ``missing`` names its sections."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def start(user: User, *, by: User, at: datetime) -> Expert:
    """Begin a profile for ``user``; a second time returns the first one."""
    if by.pk != user.pk and not by.is_counter:
        raise PermissionDenied("experts.start")
    with transaction.atomic():
        expert, made = Expert.objects.get_or_create(
            user=user, defaults={"code_name": _free_code_name(), "made_at": at, "state_changed_at": at}
        )
        if made:
            record("experts.start", by=by, about=expert, at=at, on_behalf_of=_behind(expert, by))
    return expert


def _free_code_name() -> str:
    """Return a name that says nothing of the person: a word of nature and a number."""
    chance = random.SystemRandom()
    while True:
        name = f"{chance.choice(NATURE)} {chance.randrange(10, 10000)}"
        if not Expert.objects.filter(code_name=name).exists():
            return name


def _behind(expert: Expert, by: User) -> User | None:
    return None if by.pk == expert.user_id else expert.user


def _require(perm: str, expert: Expert, by: User) -> None:
    if not by.has_perm(perm, expert):
        raise PermissionDenied(perm)


def save(expert: Expert, *, by: User, at: datetime, **fields: object) -> Expert:
    """Change fields of the profile; ``task_types`` and ``languages`` are whole new lists.

    Raises:
        PermissionDenied: ``by`` is neither the expert nor the counter.
        ValueError: a field that is not the profile's own.
    """
    _require("experts.edit", expert, by)
    lists = {name: fields.pop(name) for name in ("task_types", "languages") if name in fields}
    if unknown := fields.keys() - EDITABLE:
        raise ValueError(f"Not editable: {sorted(unknown)}")
    with transaction.atomic():
        for name, value in fields.items():
            setattr(expert, name, value)
        if fields:
            expert.save(update_fields=list(fields))
        for name, values in lists.items():
            getattr(expert, name).set(values)
        record(
            "experts.edit", by=by, about=expert, at=at, on_behalf_of=_behind(expert, by),
            data={"fields": sorted([*fields, *lists])},
        )
    return expert


def set_experiences(
    expert: Expert, rows: Iterable[tuple[Theme, Perspective, bool]], *, by: User, at: datetime
) -> None:
    """Make ``rows`` (theme, perspective, may be used) exactly the expert's experiences."""
    _require("experts.edit", expert, by)
    wanted = {(theme.pk, str(perspective)): shown for theme, perspective, shown in rows}
    with transaction.atomic():
        for experience in expert.experiences.select_for_update():
            shown = wanted.pop((experience.theme_id, experience.perspective), None)
            if shown is None:
                experience.delete()
            elif shown != experience.is_shown:
                experience.is_shown = shown
                experience.save(update_fields=["is_shown"])
        Experience.objects.bulk_create(
            [
                Experience(expert=expert, theme_id=theme_id, perspective=perspective, is_shown=shown)
                for (theme_id, perspective), shown in wanted.items()
            ]
        )
        record("experts.edit", by=by, about=expert, at=at, on_behalf_of=_behind(expert, by),
               data={"fields": ["experiences"]})


def set_availability(
    expert: Expert,
    *,
    slots: Iterable[tuple[int, time, time]],
    exceptions: Iterable[tuple[date, date, bool]],
    by: User,
    at: datetime,
) -> None:
    """Make ``slots`` (weekday 0–6, from, to) and ``exceptions`` (first, last, free) the whole calendar."""
    _require("experts.edit", expert, by)
    with transaction.atomic():
        expert.weekly_slots.all().delete()
        expert.exceptions.all().delete()
        WeeklySlot.objects.bulk_create(
            [WeeklySlot(expert=expert, weekday=day, starts=starts, ends=ends) for day, starts, ends in slots]
        )
        AvailabilityException.objects.bulk_create(
            [
                AvailabilityException(expert=expert, starts_on=first, ends_on=last, is_available=free)
                for first, last, free in exceptions
            ]
        )
        record("experts.edit", by=by, about=expert, at=at, on_behalf_of=_behind(expert, by),
               data={"fields": ["availability"]})


def pause(expert: Expert, *, until: date | None, by: User, at: datetime) -> Expert:
    """Put the expert on a break, with or without an end; no new task is offered meanwhile."""
    return _set_break(expert, is_paused=True, until=until, by=by, at=at)


def resume(expert: Expert, *, by: User, at: datetime) -> Expert:
    """End the break."""
    return _set_break(expert, is_paused=False, until=None, by=by, at=at)


def _set_break(expert: Expert, *, is_paused: bool, until: date | None, by: User, at: datetime) -> Expert:
    _require("experts.edit", expert, by)
    with transaction.atomic():
        expert.is_paused, expert.paused_until = is_paused, until
        expert.save(update_fields=["is_paused", "paused_until"])
        record("experts.pause" if is_paused else "experts.resume", by=by, about=expert, at=at,
               on_behalf_of=_behind(expert, by))
    return expert


def add_training(
    expert: Expert,
    *,
    kind: TrainingKind,
    name: str,
    producer: str,
    hours: int | None,
    completed_on: date,
    by: User,
    at: datetime,
) -> CompletedTraining:
    """Record a completed training by hand; what the counter records counts as seen."""
    _require("experts.edit", expert, by)
    with transaction.atomic():
        training = CompletedTraining.objects.create(
            expert=expert, kind=kind, name=name, producer=producer, hours=hours, completed_on=completed_on,
            verified_by=by if by.is_counter else None, verified_at=at if by.is_counter else None,
        )
        record("experts.add_training", by=by, about=training, at=at, on_behalf_of=_behind(expert, by))
    return training


def remove_training(training: CompletedTraining, *, by: User, at: datetime) -> None:
    """Take a training off the record."""
    _require("experts.edit", training.expert, by)
    with transaction.atomic():
        record("experts.remove_training", by=by, about=training, at=at, on_behalf_of=_behind(training.expert, by))
        training.delete()


def verify_training(training: CompletedTraining, *, by: User, at: datetime) -> CompletedTraining:
    """Note that ``by`` has seen the certificate."""
    _require("experts.verify_training", training.expert, by)
    with transaction.atomic():
        training.verified_by, training.verified_at = by, at
        training.save(update_fields=["verified_by", "verified_at"])
        record("experts.verify_training", by=by, about=training, at=at)
    return training


def submit(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Send the profile to the counter.

    Raises:
        Incomplete: parts are missing.
        WrongState: it is there already.
    """
    with moving(expert, SUBMIT, by=by, at=at, on_behalf_of=_behind(expert, by)) as expert:
        if missing := missing_parts(expert):
            raise Incomplete(missing)
        tell(ProfileReceived(expert), to=expert.user, at=at)
    return expert


def welcome(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Take the expert into the bank.

    Raises:
        Incomplete: a part or a consent has gone since the profile was sent.
    """
    with moving(expert, WELCOME, by=by, at=at) as expert:
        if missing := missing_parts(expert):
            raise Incomplete(missing)
        tell(ProfileWelcomed(expert), to=expert.user, at=at)
    return expert


def send_back(expert: Expert, words: str, *, by: User, at: datetime) -> Expert:
    """Give the profile back to be completed, with the counter's words."""
    with moving(expert, RETURN, by=by, at=at) as expert:
        tell(ProfileReturned(expert, words), to=expert.user, at=at)
    return expert


def leave(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Take the expert out of the bank; the profile stays theirs and can be sent again."""
    with moving(expert, LEAVE, by=by, at=at, on_behalf_of=_behind(expert, by)) as expert:
        pass
    return expert
