"""What a certificate, a record of trainings and a badge say, in the active language."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, time
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.badges import Said, Signer, signed
from luukku.core.known import known
from luukku.core.text import in_hours
from luukku.core.times import instant
from luukku.experts.models import CompletedTraining, FurtherKind, TrainingKind
from luukku.organisations.models import Organisation
from luukku.training.models import Badge, BadgeIssuer, Certificate, Paper
from luukku.training.queries.applying import is_marked

LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Content:
    """What a certificate says. ``topics``: name, hours together, hours by oneself.

    ``is_marked``: somebody marked at the sessions that the person came; else the hours are only what was written.
    """

    title: str
    kind: str
    topics: list[tuple[str, str, str]]
    together: str
    alone: str
    is_marked: bool
    completed_on: date
    valid_until: date | None
    name: str
    version: int
    run: str
    issuer: str


def content_of(certificate: Certificate) -> Content:
    """Return what ``certificate`` says, as it was told when it was made."""
    words: dict[str, Any] = certificate.words
    further = words["further_kind"] and str(FurtherKind(words["further_kind"]).label).lower()
    kind = str(TrainingKind(words["kind"]).label)
    return Content(
        title=_named(words["titles"]),
        kind=f"{kind}: {further}" if further else kind,
        topics=[
            (_named(row["names"]), in_hours(row["contact_minutes"]), in_hours(row["own_minutes"]))
            for row in words["topics"]
        ],
        together=in_hours(words["contact_minutes"]),
        alone=in_hours(words["own_minutes"]),
        # Older ones do not tell it.
        is_marked=words["is_marked"]
        if "is_marked" in words
        else is_marked(certificate.application),
        completed_on=date.fromisoformat(words["completed_on"]),
        valid_until=date.fromisoformat(words["valid_until"]) if words["valid_until"] else None,
        name=words["name"],
        version=words["version"],
        run=words["run"],
        issuer=words["issuer"],
    )


def named_issuer(certificate: Certificate) -> Organisation | None:
    """Return the producer that ``certificate`` names as its issuer, None for the counter."""
    badges = Badge.objects.filter(certificate=certificate).select_related("issuer__organisation")
    badge = badges.first()
    return badge.issuer.organisation if badge else None


def address_of(certificate: Certificate) -> str:
    """Return the address at which anybody can look ``certificate`` up."""
    path = reverse("public:certificate", args=[certificate.shown_number])
    return f"{settings.LUUKKU_BASE_URL}{path}"


def record_of(person: User, *, on: date) -> list[dict[str, Any]]:
    """Return the trainings of ``person`` as they are ``on`` a day, the newest first, for a file of their own.

    Each row: name, kind, further_kind, issuer, hours, completed_on, valid_until (ISO days or None), standing
    (counts, claimed, expired or revoked) and the certificate's number and address, or None for a training that
    was written down by hand. Never a theme, never why something was revoked.
    """
    rows = CompletedTraining.objects.filter(expert__user=person).order_by("-completed_on", "-pk")
    numbers = {
        made.application.training_id: made
        for made in Certificate.objects.of(person)
        .filter(replaced_by=None)
        .select_related("application")
    }
    return [_row(row, numbers.get(row.pk), on) for row in rows]


def _row(row: CompletedTraining, certificate: Certificate | None, on: date) -> dict[str, Any]:
    if row.revoked_at is not None:
        standing = "revoked"
    elif row.valid_until is not None and row.valid_until < on:
        standing = "expired"
    else:
        standing = "counts" if row.verified_at is not None else "claimed"
    return {
        "name": row.name,
        "kind": row.kind,
        "further_kind": row.further_kind or None,
        # The producer's name can tell of an illness: where there is a certificate, whom it names.
        "issuer": certificate.words["issuer"] if certificate else row.producer,
        "hours": row.hours,
        "completed_on": row.completed_on.isoformat(),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "standing": standing,
        "certificate": certificate.shown_number if certificate else None,
        "address": address_of(certificate) if certificate else None,
    }


STANDINGS = {
    "counts": gettext_lazy("Training in force"),
    "claimed": gettext_lazy("Not checked yet"),
    "expired": gettext_lazy("No longer valid"),
    "revoked": gettext_lazy("Annulled"),
}


def shown_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return ``rows`` with ``says`` (what each is worth, in words), and with ``completed`` and ``until`` as days."""
    return [
        row
        | {
            "says": STANDINGS[row["standing"]],
            "completed": date.fromisoformat(row["completed_on"]),
            "until": date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        }
        for row in rows
    ]


def digest_of(rows: list[dict[str, Any]] | None, name: str) -> str:
    """Return the SHA-256 of what a paper says, so that one that has grown old is known."""
    return sha256(json.dumps([name, rows], sort_keys=True).encode()).hexdigest()


def record_paper(person: User, language: str, rows: list[dict[str, Any]]) -> Paper | None:
    """Return the paper that says what ``rows`` say, where the worker has written one; its PDF may have failed."""
    return Paper.objects.filter(
        person=person,
        certificate=None,
        language=language,
        digest=digest_of(rows, person.name),
    ).first()


def signed_badge(badge: Badge) -> str:
    """Return ``badge`` as it is signed, in Finnish whoever reads: the same each time, by the name that it was given."""
    with override("fi"):
        said = said_by(badge)
    name = known(badge.certificate).words["issuer"]
    return signed(said, replace(signer(badge.issuer), name=name))


def signer(issuer: BadgeIssuer) -> Signer:
    """Return who signs for ``issuer``: the counter's name, or the producer's."""
    name = issuer.organisation.name if issuer.organisation else settings.LUUKKU_COUNTER_NAME
    document = reverse("badge-issuer", args=[issuer.pk])  # did:web finds it by its own rule
    return Signer(
        name, f"{settings.LUUKKU_BASE_URL}{document.removesuffix('/did.json')}", issuer.key
    )


def said_by(badge: Badge) -> Said:
    """Return what ``badge`` says: the certificate without the name, and where the certificate is."""
    certificate = badge.certificate
    if certificate is None:
        raise ValueError("a badge without its certificate says nothing")
    content = content_of(certificate)
    programme = certificate.application.run.programme_id
    base = settings.LUUKKU_BASE_URL
    hours = _("%(together)s h together, %(alone)s h by oneself") % {
        "together": content.together,
        "alone": content.alone,
    }
    last = content.valid_until
    return Said(
        subject=f"urn:uuid:{badge.subject}",
        achievement=f"urn:uuid:{uuid5(NAMESPACE_URL, f'{base}/programmes/{programme}')}",
        title=content.title,
        description=f"{content.kind}. {hours}.",
        criteria=", ".join(name for name, _together, _alone in content.topics) or content.title,
        evidence=address_of(certificate),
        picture=f"{base}{reverse('badge-picture')}",
        index=badge.index,
        made_at=certificate.made_at,
        valid_until=instant(last, LAST_SECOND) if last else None,
    )


def _named(names: dict[str, str]) -> str:
    return names.get((get_language() or "fi")[:2]) or names["fi"]
