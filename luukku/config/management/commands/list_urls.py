"""Print every address, how and by whom it may be opened, as one JSON document."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from luukku.accounts.models import Role
from luukku.web.kit.access import EVERYONE, SIGNED_IN, Access

ROLES = (
    "anonymous", "expert", "orderer", "background", "producer", "coordinator", "steering", "admin",
)  # fmt: skip
# Views of others carry no declaration of ours. allauth asks for a sign-in on all pages but these.
OPEN_ACCOUNT_PAGES = frozenset(
    {
        "account_login", "account_logout", "account_inactive", "account_signup", "account_email_verification_sent",
        "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
        "account_reset_password_from_key_done", "account_request_login_code", "account_confirm_login_code",
        "mfa_authenticate", "mfa_login_webauthn",
    }
)  # fmt: skip
# What other libraries' views belong to; the first that fits counts.
OTHERS = {
    "wagtail.documents.views.serve": Access(frozenset({EVERYONE}), ("GET", "POST")),
    "wagtail.": Access(frozenset({Role.ADMIN, Role.COORDINATOR}), ("GET", "POST")),
    "django.views.generic": Access(frozenset({Role.ADMIN, Role.COORDINATOR}), ("GET",)),
}


def walk(
    patterns: list, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Yield (address, name, pattern) of every leaf."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, address, inner)
        else:
            yield address, f"{namespace}{pattern.name}", pattern


def access_of(pattern: URLPattern) -> Access | None:
    """Return who may open a pattern; None when nobody has said."""
    declared = getattr(pattern.callback, "access", None)
    if declared is not None:
        return declared
    view = getattr(pattern.callback, "view_class", pattern.callback)
    if view.__module__.startswith("allauth."):
        who = EVERYONE if pattern.name in OPEN_ACCOUNT_PAGES else SIGNED_IN
        return Access(frozenset({who}), ("GET", "POST"))
    return next(
        (access for start, access in OTHERS.items() if view.__module__.startswith(start)), None
    )


def role_names(who: list[str]) -> list[str]:
    """Return ``who`` with the words for all and for all who have signed in spelt out."""
    if EVERYONE in who:
        return list(ROLES)
    if SIGNED_IN in who:
        return [role for role in ROLES if role != "anonymous"]
    return [role for role in ROLES if role in who]


def rows() -> list[dict[str, Any]]:
    """Return every address with name, methods and roles."""
    addresses = []
    for address, name, pattern in walk(get_resolver().url_patterns):
        access = access_of(pattern)
        addresses.append(
            {
                "pattern": address,
                "name": name,
                "methods": list(access.methods) if access else [],
                "roles": sorted(access.who) if access else [],
                "public": bool(access and EVERYONE in access.who),
            }
        )
    return addresses


class Command(BaseCommand):
    """``manage.py list_urls``."""

    help = "Print every address and who may open it."

    def handle(self, *_args: object, **_options: object) -> None:
        """Print them."""
        addresses = [row | {"roles": role_names(row["roles"])} for row in rows()]
        self.stdout.write(json.dumps(addresses, ensure_ascii=False))
