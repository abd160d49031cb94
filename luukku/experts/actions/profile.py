"""Beginning a profile and changing what it says."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.fields import editable
from luukku.core.text import fold
from luukku.experts.actions.common import Incomplete, behind, locked, note_edit, require
from luukku.experts.models import Experience, Expert, Perspective
from luukku.experts.queries import NATURE
from luukku.experts.states import ExpertState
from luukku.organisations.models import MemberRole
from luukku.organisations.queries import stands_for
from luukku.taxonomy.models import Theme

EDITABLE = editable(Expert) - {"is_paused", "paused_until"}  # breaks are acts of their own


def start(user: User, *, by: User, at: datetime, code_name: str = "") -> Expert:
    """Begin a profile for ``user``; a second time returns the first one.

    Args:
        code_name: what the expert is called beside their own name; empty: one is drawn.

    Raises:
        PermissionDenied: ``by`` is neither that person nor the counter.
    """
    if not by.has_perm("experts.start", user):
        raise PermissionDenied("experts.start")
    return begin_profile(user, by=by, at=at, code_name=code_name)


def begin_profile(user: User, *, by: User, at: datetime, code_name: str = "") -> Expert:
    """Return the profile of ``user``, an empty one if there is none; the caller has asked its own rule."""
    with transaction.atomic():
        expert = Expert.objects.filter(user=user).first()
        if expert is None:
            expert = _begin(user, code_name, at=at)
            record("experts.start", by=by, about=expert, at=at, on_behalf_of=behind(expert, by))
    return expert


def _begin(user: User, code_name: str, *, at: datetime) -> Expert:
    while True:
        try:
            with transaction.atomic():
                name = code_name or _code_name(user)
                return Expert.objects.create(
                    user=user, code_name=name, made_at=at, state_changed_at=at
                )
        except IntegrityError as error:
            if code_name or "code_name" not in str(
                error
            ):  # taken: draw another; anything else is not ours
                raise


def _code_name(user: User) -> str:
    """Draw a name that says nothing of the person: a word of nature that is not theirs, and a number."""
    chance, own = random.SystemRandom(), set(fold(user.name).split())
    word = chance.choice([word for word in NATURE if fold(word) not in own])
    return f"{word} {chance.randrange(100, 1000)}"


def save(expert: Expert, *, by: User, at: datetime, **fields: object) -> Expert:
    """Change fields of the profile; ``task_types`` and ``languages`` are whole new lists.

    A responsible person who does not stand for the background organisation is let go.

    Raises:
        PermissionDenied: ``by`` is neither the expert nor the counter.
        ValueError: a field that is not the profile's own.
        Incomplete: somebody in the bank would be left without a home municipality.
    """
    require("experts.edit", expert, by)
    lists = {name: fields.pop(name) for name in ("task_types", "languages") if name in fields}
    if unknown := fields.keys() - EDITABLE:
        raise ValueError(f"Not editable: {sorted(unknown)}")
    with transaction.atomic():
        expert = locked(expert)
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
        note_edit(expert, [*fields, *lists], by=by, at=at)
    return expert


def _answers(expert: Expert) -> bool:
    """Whether the responsible person stands for the background organisation."""
    person, organisation = expert.responsible_person, expert.background_organisation_id
    return person is not None and stands_for(person, organisation, MemberRole.BACKGROUND)


def set_experiences(
    expert: Expert, rows: Iterable[tuple[Theme, Perspective, bool]], *, by: User, at: datetime
) -> None:
    """Make ``rows`` (theme, perspective, may be used) exactly the expert's experiences."""
    require("experts.edit", expert, by)
    wanted = {(theme.pk, str(perspective)): shown for theme, perspective, shown in rows}
    with transaction.atomic():
        expert = locked(expert)
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
        note_edit(expert, ["experiences"], by=by, at=at)
