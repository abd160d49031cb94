"""What a page is about, found among what its reader may see."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

from luukku.accounts.models import User

M = TypeVar("M", bound=Model)


def fetch(what: type[M] | QuerySet[M], pk: int | None, *, for_: User) -> M:
    """Return the row ``pk`` of ``what``, a model or its rows, that ``for_`` may see.

    Raises:
        Http404: there is none, or it is not for ``for_``; both are answered alike.
    """
    rows: Any = what if isinstance(what, QuerySet) else what._default_manager
    return get_object_or_404(rows.visible_to(for_), pk=pk)


def fresh(row: M) -> M:
    """Return ``row`` as it stands now, read anew; whoever holds it may see it."""
    return type(row)._default_manager.get(pk=row.pk)
