"""Finding people by what a caller says, who may be the same person; when a lost address may be changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, Greatest
from django.db.models.lookups import Contains

from luukku.accounts.models import AddressChange, Role, User
from luukku.accounts.states import STOP_ADDRESS, AddressState
from luukku.audit.models import AuditEvent
from luukku.core.asked import asked_once
from luukku.core.compiled import Given, once, with_keys
from luukku.core.finding import found_once
from luukku.core.ordering import Keys, Words, folded, has_words, in_finnish
from luukku.notices.models import Channel, Letter
from luukku.privacy.models import Consent, Purpose

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

ADDRESS_ASKED = "accounts.address_asked"  # the letter by which the old address may object
NOT_OF_NUMBER = "^(00358|358|0)"
FEWEST_DIGITS = (
    4  # the end of a number that somebody reads from a screen; fewer are in half of all numbers
)


class Opening(TypedDict):
    """From when a change of address may be confirmed."""

    opens_at: datetime | None


def is_open(email: str) -> bool | None:
    """Return whether the account with this address is open; None where there is none."""
    return User.objects.filter(email=email).values_list("is_active", flat=True).first()


def signed_for(person_id: int) -> User | None:
    """Return the person a link was signed for, if their account is open; the signature is the right."""
    return User.objects.filter(pk=person_id, is_active=True).first()


def with_opening(
    changes: models.QuerySet[AddressChange],
) -> models.QuerySet[WithAnnotations[AddressChange, Opening]]:
    """Add ``opens_at``: from when a change may be confirmed; None while its old address has not been told.

    The time to object is counted from when the letter left, or was told by the counter; what came to the desk
    alone has reached nobody who has lost their key.
    """
    asked = Letter.objects.filter(
        reader=OuterRef("user"),
        key=Concat(
            Value(f"{ADDRESS_ASKED}:"), Cast(OuterRef("pk"), models.TextField()),
            Value(":"), Cast(OuterRef("user_id"), models.TextField()), output_field=models.TextField(),
        ),
    )  # fmt: skip
    told = Subquery(asked.exclude(channel=Channel.DESK).values("sent_at"))
    from_told = F("told_at") + (F("due_at") - F("asked_at"))
    return changes.alias(told_at=told, has_letter=Exists(asked)).annotate(
        opens_at=Case(
            When(
                has_letter=False, then=F("due_at")
            ),  # no address, or told so long ago that the letter is gone
            When(told_at=None, then=None),
            default=Greatest(F("due_at"), from_told),
            output_field=models.DateTimeField(null=True),
        )
    )


def stopped_changes(user: User) -> models.QuerySet[AddressChange]:
    """Return the changes of ``user``'s address that were stopped, the latest first; ``by_owner``: by themselves."""
    acts = AuditEvent.objects.filter(
        act=STOP_ADDRESS.name,
        actor_id=user.pk,
        object_type="accounts.addresschange",
        object_id=Cast(OuterRef("pk"), models.TextField()),
    )
    stopped = user.address_changes.filter(state=AddressState.STOPPED).annotate(
        by_owner=Exists(acts)
    )
    return stopped.select_related("asked_by").order_by("-state_changed_at", "-pk")


def opens_at(change: AddressChange) -> datetime | None:
    """Return from when ``change`` may be confirmed, as ``with_opening`` tells."""
    return with_opening(AddressChange.objects.filter(pk=change.pk)).get().opens_at


def administrators() -> models.QuerySet[User]:
    """Return who can sign in and look after accounts."""
    return User.objects.filter(is_active=True, roles__contains=[Role.ADMIN])


def steering_group() -> models.QuerySet[User]:
    """Return who sits in the steering group."""
    rows = User.objects.filter(is_active=True, roles__contains=[Role.STEERING])
    return rows.order_by("pk")


def people_like(words: str) -> models.QuerySet[User]:
    """Return people with an open account whose name, e-mail or telephone number holds ``words``, by name.

    A number is found however it is written: "+358 40 123 45", "040-12345".
    """
    rows = User.objects.filter(is_machine=False, is_active=True)
    return rows.filter(person_said(words)).order_by(in_finnish("name"), "pk")


def people_same(*, name: str, phone: str = "", email: str = "") -> models.QuerySet[User]:
    """Return accounts, closed ones too, that may be the person's: same name, number or address, by name."""
    rows = User.objects.filter(is_machine=False).alias(
        digits=_without(NOT_OF_NUMBER, _without(r"\D", F("phone"))), plain=folded(F("name"))
    )
    is_same = Q(plain=folded(Value(name))) if name else Q(pk=None)
    if number := number_said(phone):
        is_same |= Q(digits=number)
    if email:
        is_same |= Q(email=User.objects.lower(email))
    return rows.filter(is_same).order_by(in_finnish("name"), "pk")


def may_be_called(person: str = "") -> Q:
    """Return what tells the rows whose ``person`` (a path to a user; "" is the row) the counter may call.

    They say yes to calls, or have no e-mail address: then the telephone is how they are reached.
    """
    path = f"{person}__" if person else ""
    yes = Consent.objects.valid().filter(person=OuterRef(f"{path}pk"), purpose=Purpose.PHONE)
    return Exists(yes) | Q(**{f"{path}email": None})


def who_may_be_called(people: Iterable[int]) -> set[int]:
    """Return those of ``people``, by their keys, whom the counter may call."""
    return {pk for (pk,) in _callable(keys=list(people))}


@once
def _callable() -> QuerySet[User, Any]:
    return User.objects.filter(may_be_called(), with_keys()).values_list("pk")


@asked_once
def people_said(words: str) -> Keys:
    """Return the keys of the people whom ``words`` may mean; one search looks once for all its sections."""
    number = {"number": told} if (told := number_said(words)) else {}
    return _people(words=words, **number)


@found_once
def _people(words: Words, number: Words = "") -> list[QuerySet[User]]:
    return [User.objects.filter(said(words, number))]


def person_said(words: str) -> Q:
    """Return the condition for people whose name, address or telephone number contains ``words``."""
    return said(words, number_said(words))


def said(words: Words, number: Words) -> Q:
    """Return what tells the people with ``words`` in the name or address, or with the ``number`` that they say."""
    is_meant = has_words(words, "name") | Q(email__icontains=words)
    if number:
        text = number if isinstance(number, Given) else Value(number)
        is_meant |= Q(Contains(_without(r"\D", F("phone")), text))
    return is_meant


def number_said(text: str) -> str:
    """Return the digits of a number without what comes before it from abroad or home; "" for too few."""
    digits = re.sub(r"\D", "", text)
    return re.sub(NOT_OF_NUMBER, "", digits) if len(digits) >= FEWEST_DIGITS else ""


def _without(pattern: str, text: Combinable) -> Func:
    return Func(
        text, Value(pattern), Value(""), Value("g"),
        function="regexp_replace", output_field=models.TextField(),
    )  # fmt: skip
