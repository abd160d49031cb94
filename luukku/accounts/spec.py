"""People of a spec document: accounts, changes of a lost address, consents."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.validators import validate_email

from luukku.accounts import actions
from luukku.accounts.models import Role, User
from luukku.accounts.queries import ADDRESS_ASKED
from luukku.accounts.states import AddressState
from luukku.core.document import (
    KEY,
    MOMENT,
    TEXT,
    BadSpec,
    Part,
    Row,
    World,
    many,
    moment,
    one_of,
    rows,
)
from luukku.notices.actions import choose, deliver
from luukku.notices.models import Channel
from luukku.notices.queries import paper_queue
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.privacy.queries import consents_of

TOLD_WITHIN = timedelta(hours=4)
SPEC_NAME = "load_spec"  # of who acts for the counter where nobody else does

PEOPLE = Part(
    "people",
    rows(
        {
            "key": KEY,
            "name": TEXT,
            "email": TEXT,
            "phone": TEXT,
            "password": TEXT,
            "told_until": MOMENT
            | {
                "description": "of somebody without e-mail: the counter has told what was written to them until then"
            },
            "language": one_of(["fi", "sv", "en"]),
            "roles": many(one_of(Role.values)),
            "notices": rows(
                {"kind": KEY, "channel": one_of([Channel.MAIL, Channel.DIGEST, Channel.DESK])},
                "kind",
                "channel",
            ),
        },
        "key",
        "name",
    ),
)
ADDRESS_CHANGES = Part(
    "address_changes",
    rows(
        {
            "person": KEY,
            "email": TEXT,
            "reason": TEXT,
            "identity": TEXT,
            "by": KEY,
            "asked_at": MOMENT,
            "told_at": MOMENT
            | {"description": "when the letter to the earlier address left; left out: it waits"},
            "state": one_of(AddressState.values),
        },
        "person",
        "email",
        "by",
    ),
    needs=("people",),
)
# After the experts, whose consents are said whole.
CONSENTS = Part(
    "consents",
    rows({"person": KEY, "purpose": one_of(Purpose.values)}, "person", "purpose"),
    needs=("people", "experts"),
)


@PEOPLE.step
def person(world: World, row: Row) -> None:
    """Make somebody who can sign in; without an e-mail address nobody can."""
    email = User.objects.lower(row.get("email"))
    if email:
        validate_email(email)
    if email and User.objects.filter(email=email).exists():
        raise BadSpec(f"Somebody already has the e-mail {email}.")
    user = User.objects.create_user(
        email, name=row["name"], phone=row.get("phone", ""), language=row.get("language", "fi"),
        roles=row.get("roles", []),
    )  # fmt: skip
    sign_in = None
    if email:
        password = row.get("password") or secrets.token_urlsafe(12)
        user.password = _hashed(world, password)
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        sign_in = {
            "url": f"{settings.LUUKKU_BASE_URL}/fi/account/login/",
            "email": email,
            "password": password,
        }
    for choice in row.get("notices", []):
        choose(user, choice["kind"], Channel(choice["channel"]), by=user, at=world.at)
    if "told_until" in row:
        world.at_end.append(partial(_tell, world, user, until=moment(row["told_until"])))
    world.made["people"][row["key"]] = user
    world.told.setdefault("people", {})[row["key"]] = {"id": user.pk, "sign_in": sign_in}


def _hashed(world: World, password: str) -> str:
    """Return the hash of a password, made once, as that is slow on purpose; the document tells the password anyway."""
    hashes = world.made["passwords"]
    if password not in hashes:
        hashes[password] = make_password(password)
    return str(hashes[password])


def _tell(world: World, user: User, *, until: datetime) -> None:
    """Have the counter tell somebody the letters that were made until an instant, each within four hours."""
    letters = paper_queue().filter(reader=user, made_at__lte=until)
    for letter in list(letters):
        deliver(letter, by=world.coordinator, at=min(letter.made_at + TOLD_WITHIN, until))


@PEOPLE.after.append
def coordinator(world: World) -> None:
    """Let somebody act for the counter: of the document, of the database, or a helper who is gone afterwards."""
    world.told.setdefault("people", {})
    for user in world.made["people"].values():
        if user.is_counter:
            world.coordinator = user
            return
    world.coordinator = (
        User.objects.filter(roles__contains=[Role.COORDINATOR], is_active=True)
        .order_by("pk")
        .first()
    ) or User.objects.create_user(None, name=SPEC_NAME, roles=[Role.COORDINATOR])
    if world.coordinator.name == SPEC_NAME:
        world.at_end.append(lambda: _put_away(world.coordinator))


def _put_away(helper: User) -> None:
    helper.is_active = False
    helper.save(update_fields=["is_active"])


@ADDRESS_CHANGES.step
def address_change(world: World, row: Row) -> None:
    """Have an administrator change a lost address, and bring the change to its state."""
    by, asked_at = world.author(row), world.when(row, "asked_at", world.at)
    change = actions.ask_address(
        world.named("people", row["person"]), row["email"], by=by, at=asked_at,
        reason=row.get("reason", "load_spec"), identity=row.get("identity", "load_spec"),
    )  # fmt: skip
    state = row.get("state", AddressState.WAITING)
    told_at = world.when(row, "told_at", asked_at)
    if "told_at" in row or state == AddressState.DONE:  # the time to object is counted from it
        change.user.letters.filter(kind=ADDRESS_ASKED).update(sent_at=told_at)
    if state == AddressState.DONE:
        actions.move_address(change, by=by, at=change.due_at)
    elif state == AddressState.STOPPED:
        actions.stop_address(change, by=by, at=asked_at)


@CONSENTS.step
def consent(world: World, row: Row) -> None:
    """Add one consent to those that the person has given."""
    user = world.named("people", row["person"])
    held = {Purpose(p) for p in consents_of(user)}
    set_consents(user, held | {Purpose(row["purpose"])}, by=user, at=world.at)
