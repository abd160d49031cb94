"""The address under which an order begins: it tells which one, before there is anything to be numbered."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from luukku.orders.models import Order
from luukku.web.kit.redirects import SeeOther
from luukku.web.parts.taxonomy.choices import kind_asked


def begin_at(request: HttpRequest, name: str, **more: Any) -> SeeOther:
    """Send to the first question of an order of its own; nothing is made until it is saved there."""
    kind = kind_asked(request)
    said = {"begun": uuid.uuid4(), **more} | ({"task": kind.code} if kind else {})
    return SeeOther(f"{reverse(name)}?{urlencode(said)}")


def begun_in(request: HttpRequest) -> uuid.UUID | None:
    """Return which order the address tells of, None when it tells of none."""
    try:
        return uuid.UUID(request.GET.get("begun", ""))
    except ValueError:
        return None


def made_from(begun: uuid.UUID) -> Order | None:
    """Return the order that has been made there already."""
    return Order.objects.filter(begun=begun).first()
