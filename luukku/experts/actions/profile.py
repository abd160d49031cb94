"""Everything that changes an expert's profile. ``on_behalf_of`` is the expert when the counter acts."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime, time

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.fields import field_of
from luukku.core.refused import Refused
from luukku.core.text import fold
from luukku.experts.models import (
    AvailabilityException,
    CompletedTraining,
    Experience,
    Expert,
    Perspective,
    TrainingKind,
    WeeklySlot,
)
from luukku.experts.notices import (
    ProfileReceived,
    ProfileReturned,
    ProfileWelcomed,
    TrainingUnverified,
    TrainingVerified,
)
from luukku.experts.queries import NATURE, missing_parts
from luukku.experts.states import ERASE, LEAVE, RETURN, SUBMIT, WELCOME, ExpertState
from luukku.notices.actions import tell
from luukku.organisations.models import MemberRole
from luukku.organisations.queries import stands_for
from luukku.privacy.actions import set_consents
from luukku.taxonomy.models import Theme
from luukku.workflow.actions import moving

Slot = tuple[int, time, time]

EDITABLE = frozenset(
    {
        "own_words",
        "municipality",
        "reach_km",
        "is_remote_ok",
        "equipment",
        "monthly_limit",
        "support_needs",
        "background_organisation",
        "responsible_person",
        "shows_own_words",
        "shows_municipality",
        "shows_organisation",
    }
)


class Incomplete(Refused):
    """The profile lacks parts; ``missing`` names its sections."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__()
        self.missing = missing

    def __str__(self) -> str:
        return ", ".join(self.missing)


def start(user: User, *, by: User, at: datetime) -> Expert:
    """Begin a profile for ``user``; a second time returns the first one.

    Raises:
        PermissionDenied: ``by`` is neither that person nor the counter.
    """
    if not by.has_perm("experts.start", user):
        raise PermissionDenied("experts.start")
    with transaction.atomic():
        expert = Expert.objects.filter(user=user).first()
        if expert is None:
            expert = _begin(user, at=at)
            record("experts.start", by=by, about=expert, at=at, on_behalf_of=_behind(expert, by))
    return expert


def _begin(user: User, *, at: datetime) -> Expert:
    while True:
        try:
            with transaction.atomic():
                return Expert.objects.create(
                    user=user, code_name=_code_name(user), made_at=at, state_changed_at=at
                )
        except IntegrityError as error:
            if "code_name" not in str(error):  # taken: draw another; anything else is not ours
                raise


def _code_name(user: User) -> str:
    """Draw a name that says nothing of the person: a word of nature that is not theirs, and a number."""
    chance, own = random.SystemRandom(), set(fold(user.name).split())
    word = chance.choice([word for word in NATURE if fold(word) not in own])
    return f"{word} {chance.randrange(100, 1000)}"


def _behind(expert: Expert, by: User) -> User | None:
    return None if by.pk == expert.user_id else expert.user


def _require(perm: str, expert: Expert, by: User) -> None:
    if not by.has_perm(perm, expert):
        raise PermissionDenied(perm)


def save(expert: Expert, *, by: User, at: datetime, **fields: object) -> Expert:
    """Change fields of the profile; ``task_types`` and ``languages`` are whole new lists.

    A responsible person who does not stand for the background organisation is let go.

    Raises:
        PermissionDenied: ``by`` is neither the expert nor the counter.
        ValueError: a field that is not the profile's own.
        Incomplete: somebody in the bank would be left without a home municipality.
    """
    _require("experts.edit", expert, by)
    lists = {name: fields.pop(name) for name in ("task_types", "languages") if name in fields}
    if unknown := fields.keys() - EDITABLE:
        raise ValueError(f"Not editable: {sorted(unknown)}")
    with transaction.atomic():
        expert = _locked(expert)
        for name, value in fields.items():
            setattr(expert, name, value)
        if expert.state == ExpertState.ACTIVE and expert.municipality is None:
            raise Incomplete(["place"])
        if fields.keys() & {"background_organisation", "responsible_person"} and not _answers(
            expert
        ):
            expert.responsible_person = None
            fields["responsible_person"] = None
        if fields:
            expert.save(update_fields=list(fields))
        for name, values in lists.items():
            getattr(expert, name).set(values)
        _edited(expert, [*fields, *lists], by=by, at=at)
    return expert


def _locked(expert: Expert) -> Expert:
    """Return the row as it is now; two people changing one profile wait for each other."""
    return Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)


def _answers(expert: Expert) -> bool:
    """Whether the responsible person stands for the background organisation."""
    person, organisation = expert.responsible_person, expert.background_organisation_id
    return person is not None and stands_for(person, organisation, MemberRole.BACKGROUND)


def _edited(expert: Expert, fields: list[str], *, by: User, at: datetime) -> None:
    """Remember which parts have changed, never what they say."""
    data = {"fields": sorted(fields)}
    record("experts.edit", by=by, about=expert, at=at, on_behalf_of=_behind(expert, by), data=data)


def set_experiences(
    expert: Expert, rows: Iterable[tuple[Theme, Perspective, bool]], *, by: User, at: datetime
) -> None:
    """Make ``rows`` (theme, perspective, may be used) exactly the expert's experiences."""
    _require("experts.edit", expert, by)
    wanted = {(theme.pk, str(perspective)): shown for theme, perspective, shown in rows}
    with transaction.atomic():
        expert = _locked(expert)
        for experience in expert.experiences.order_by("pk"):
            shown = wanted.pop((experience.theme_id, experience.perspective), None)
            if shown is None:
                experience.delete()
            elif shown != experience.is_shown:
                experience.is_shown = shown
                experience.save(update_fields=["is_shown"])
        Experience.objects.bulk_create(
            [
                Experience(
                    expert=expert, theme_id=theme_id, perspective=perspective, is_shown=shown
                )
                for (theme_id, perspective), shown in wanted.items()
            ]
        )
        _edited(expert, ["experiences"], by=by, at=at)


def by_day(slots: Iterable[Slot]) -> list[Slot]:
    """Return ``slots`` (weekday 0–6, from, to), those that go on after midnight parted there."""
    parted: list[Slot] = []
    for day, starts, ends in slots:
        if starts < ends or ends == time(0):
            parted.append((day, starts, ends))
        else:
            parted += [(day, starts, time(0)), ((day + 1) % 7, time(0), ends)]
    return parted


def set_availability(
    expert: Expert,
    *,
    slots: Iterable[Slot],
    exceptions: Iterable[tuple[date, date, bool]],
    by: User,
    at: datetime,
) -> None:
    """Make ``slots`` (weekday 0–6, from, to) and ``exceptions`` (first, last, free) the whole calendar.

    A slot whose end is not after its start goes on into the next day.
    """
    _require("experts.edit", expert, by)
    with transaction.atomic():
        expert = _locked(expert)
        expert.weekly_slots.all().delete()
        expert.exceptions.all().delete()
        WeeklySlot.objects.bulk_create(
            [
                WeeklySlot(expert=expert, weekday=day, starts=starts, ends=ends)
                for day, starts, ends in by_day(slots)
            ]
        )
        AvailabilityException.objects.bulk_create(
            [
                AvailabilityException(
                    expert=expert, starts_on=first, ends_on=last, is_available=free
                )
                for first, last, free in exceptions
            ]
        )
        _edited(expert, ["availability"], by=by, at=at)


def pause(expert: Expert, *, until: date | None = None, by: User, at: datetime) -> Expert:
    """Put the expert on a break, with or without an end; no new task is offered meanwhile."""
    return _set_break(expert, is_paused=True, until=until, by=by, at=at)


def resume(expert: Expert, *, by: User, at: datetime) -> Expert:
    """End the break."""
    return _set_break(expert, is_paused=False, until=None, by=by, at=at)


def _set_break(
    expert: Expert, *, is_paused: bool, until: date | None, by: User, at: datetime
) -> Expert:
    _require("experts.edit", expert, by)
    with transaction.atomic():
        expert.is_paused, expert.paused_until = is_paused, until
        expert.save(update_fields=["is_paused", "paused_until"])
        act = "experts.pause" if is_paused else "experts.resume"
        record(act, by=by, about=expert, at=at, on_behalf_of=_behind(expert, by))
    return expert


def add_training(
    expert: Expert,
    *,
    kind: TrainingKind,
    name: str,
    producer: str,
    completed_on: date,
    by: User,
    at: datetime,
    hours: int | None = None,
    valid_until: date | None = None,
) -> CompletedTraining:
    """Record a completed training by hand; what the counter records for somebody else counts as seen.

    What an expert records is a claim: it is shown to nobody and matches nothing before it is verified.
    """
    _require("experts.edit", expert, by)
    is_seen = by.has_perm("experts.verify_training", expert)
    with transaction.atomic():
        training = CompletedTraining.objects.create(
            expert=expert,
            kind=kind,
            name=name,
            producer=producer,
            hours=hours,
            completed_on=completed_on,
            valid_until=valid_until,
            verified_by=by if is_seen else None,
            verified_at=at if is_seen else None,
        )
        record(
            "experts.add_training", by=by, about=training, at=at, on_behalf_of=_behind(expert, by)
        )
    return training


def remove_training(training: CompletedTraining, *, by: User, at: datetime) -> None:
    """Take a training off the record."""
    _require("experts.edit", training.expert, by)
    with transaction.atomic():
        _locked(training.expert)
        record(
            "experts.remove_training",
            by=by,
            about=training,
            at=at,
            on_behalf_of=_behind(training.expert, by),
        )
        training.delete()


def verify_training(training: CompletedTraining, *, by: User, at: datetime) -> CompletedTraining:
    """Note that ``by`` has seen the certificate, and tell the expert; nobody verifies their own.

    From now on it counts until ``valid_until``. A second time changes nothing.

    Raises:
        PermissionDenied: ``by`` is neither the counter nor behind the expert, or is the expert.
    """
    _require("experts.verify_training", training.expert, by)
    with transaction.atomic():
        _locked(training.expert)  # first, as in every act: the trigger on trainings locks it, too
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

    A second time changes nothing and tells nobody.

    Args:
        words: why, in the counter's own words.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or is the expert.
    """
    _require("experts.unverify_training", training.expert, by)
    with transaction.atomic():
        _locked(training.expert)  # first, as in every act: the trigger on trainings locks it, too
        training = CompletedTraining.objects.select_for_update(no_key=True).get(pk=training.pk)
        if training.verified_at is None:
            return training
        training.verified_by, training.verified_at = None, None
        training.save(update_fields=["verified_by", "verified_at"])
        record("experts.unverify_training", by=by, about=training, at=at)
        tell(TrainingUnverified(training, words, at=at), to=training.expert.user, at=at)
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
    behalf = (
        None if by.is_machine else _behind(expert, by)
    )  # a closed account leaves by the machine
    with moving(expert, LEAVE, by=by, at=at, on_behalf_of=behalf) as expert:
        pass
    return expert


def erase(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Empty the profile for good and take back every consent; the code name alone stays.

    ``assignments.actions.erase_profile`` leaves the bank first.

    Raises:
        PermissionDenied: ``by`` is neither the expert nor the counter.
        WrongState: the expert is in the bank or waits for it.
    """
    with moving(expert, ERASE, by=by, at=at, on_behalf_of=_behind(expert, by)) as expert:
        for name in EDITABLE:
            field = field_of(Expert, name)
            setattr(expert, field.attname, field.get_default())
        expert.is_paused, expert.paused_until = False, None
        expert.task_types.clear()
        expert.languages.clear()
        for rows in (expert.experiences, expert.weekly_slots, expert.exceptions, expert.trainings):
            rows.all().delete()
        set_consents(expert.user, set(), by=by, at=at)
    return expert
