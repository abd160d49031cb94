"""Print every address, how and by whom it may be opened, as one JSON document."""

import json
from collections.abc import Iterator

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from luukku.web.http import EVERYONE, Access

# Views of others, which carry no declaration of ours: who may open them.
OTHERS = {
    "allauth.": Access(frozenset({EVERYONE}), ("GET", "POST")),
    "django.views.i18n": Access(frozenset({EVERYONE}), ("POST",)),
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
    module = pattern.callback.__module__
    view_class = getattr(pattern.callback, "view_class", None)
    module = view_class.__module__ if view_class else module
    return next((access for start, access in OTHERS.items() if module.startswith(start)), None)


def rows() -> list[dict[str, object]]:
    """Return every address with name, methods and roles."""
    found = []
    for address, name, pattern in walk(get_resolver().url_patterns):
        access = access_of(pattern)
        found.append(
            {
                "pattern": address,
                "name": name,
                "methods": list(access.methods) if access else [],
                "roles": sorted(access.who) if access else [],
                "public": bool(access and EVERYONE in access.who),
            }
        )
    return found


class Command(BaseCommand):
    """``manage.py list_urls``."""

    help = "Print every address and who may open it."

    def handle(self, *_args: object, **_options: object) -> None:
        """Print them."""
        self.stdout.write(json.dumps(rows(), ensure_ascii=False))
