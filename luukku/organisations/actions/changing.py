"""Changing an organisation's own facts; what binds waits for the counter."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.notices.actions import tell
from luukku.organisations.actions.common import require
from luukku.organisations.models import BINDING, ChangeAsked, Kind, Organisation, Sector
from luukku.organisations.notices import ChangeAccepted, ChangeRefused
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import Municipality, Service


def edit(
    organisation: Organisation,
    *,
    name: str,
    kind: Kind,
    sector: Sector,
    municipality: Municipality | None,
    services: Iterable[Service],
    business_id: str,
    by: User,
    at: datetime,
) -> bool:
    """Change what an organisation is and is called, where it is, and in which sector and services it works.

    The counter has checked a name, a kind, a sector and a business ID: its own people only ask for others, and the
    old ones hold until the counter says. What its people save takes the place of an earlier wish of theirs; what
    the counter saves leaves the wish waiting, or grants it when it is the same.

    Returns:
        Whether everything holds now; if not, a part waits for the counter.
    """
    require("organisations.edit", organisation, by)
    wanted = {"name": name, "kind": kind, "sector": sector, "business_id": business_id}
    with transaction.atomic():
        locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        locked.municipality = municipality
        is_bound = locked.state == OrganisationState.VETTED and not by.is_counter
        waits = is_bound and any(getattr(locked, field) != wanted[field] for field in BINDING)
        wish = ChangeAsked.objects.filter(organisation=locked).first()
        is_granted = wish is not None and all(getattr(wish, f) == wanted[f] for f in BINDING)
        if wish is not None and by.is_counter and is_granted:
            tell(ChangeAccepted(wish), to=wish.asked_by, at=at)
        if wish is not None and (is_granted or not by.is_counter):
            wish.delete()
        if waits:
            ChangeAsked.objects.create(organisation=locked, asked_by=by, asked_at=at, **wanted)
            record("organisations.ask_change", by=by, about=locked, at=at)
        else:
            _set(locked, wanted)
        locked.save(update_fields=[*BINDING, "former_names", "municipality"])
        locked.services.set(services)
        record("organisations.edit", by=by, about=locked, at=at)
    return not waits


def _set(organisation: Organisation, wanted: dict[str, Any]) -> None:
    """Let what was wanted hold; a name that goes is kept among the former ones, unless it comes back."""
    names = [*organisation.former_names.splitlines(), organisation.name]
    organisation.former_names = "\n".join(
        name for name in dict.fromkeys(names) if name != wanted["name"]
    )
    for field in BINDING:
        setattr(organisation, field, wanted[field])


class AskedAnew(Refused):
    """The change has been decided already, or asked anew since it was read."""

    words = _("Somebody was faster, or the change has been asked for anew.")


def accept_change(asked: ChangeAsked, *, by: User, at: datetime) -> Organisation:
    """Let the asked name, kind, sector and business ID hold, and tell who asked; they have been checked.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or asked for it.
        AskedAnew: as its name says, or it has been decided already.
    """
    with _deciding(asked, "organisations.accept_change", by=by, at=at) as asked:
        tell(ChangeAccepted(asked), to=asked.asked_by, at=at)
        _set(asked.organisation, {field: getattr(asked, field) for field in BINDING})
        asked.organisation.save(update_fields=[*BINDING, "former_names"])
    return asked.organisation


def refuse_change(asked: ChangeAsked, *, reason: str, by: User, at: datetime) -> Organisation:
    """Keep the name, kind, sector and business ID that were checked, and tell who asked for others why.

    Raises:
        PermissionDenied, AskedAnew: as ``accept_change``.
    """
    with _deciding(asked, "organisations.refuse_change", by=by, at=at) as asked:
        tell(ChangeRefused(asked, reason), to=asked.asked_by, at=at)
    return asked.organisation


@contextmanager
def _deciding(asked: ChangeAsked, perm: str, *, by: User, at: datetime) -> Iterator[ChangeAsked]:
    """Lock the organisation with the change asked for; let the caller decide, then delete the wish."""
    if not by.has_perm(perm, asked):
        raise PermissionDenied(perm)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update(no_key=True).get(
            pk=asked.organisation_id
        )
        locked = ChangeAsked.objects.filter(pk=asked.pk).first()
        if locked is None:
            raise AskedAnew
        asked = locked
        asked.organisation = organisation
        yield asked
        asked.delete()
        record(perm, by=by, about=organisation, at=at)
