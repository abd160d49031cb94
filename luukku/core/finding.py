"""Finding rows by words: what is asked is put into SQL once, and asked with other words each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, QuerySet, TextField

from luukku.core import ordering
from luukku.core.compiled import Compiled, Given, ask, compiled
from luukku.core.ordering import Keys, any_of, union_of

Parts = Callable[..., Sequence[QuerySet[Any]]]
CODES = {"municipalities"}  # whose keys are texts


def found_once(parts: Parts) -> Callable[..., Keys]:
    """Return what tells the keys of all that is in one of the ``parts``, as ``any_of`` does.

    ``parts`` is called with texts, and with sets of keys by name; a set may be left out. What it returns must not hang
    on them: it is called once for each choice of names, with places for the values. The database plans for the words
    that are asked, since how common they are decides by which index it goes.

    More than ``MOST_KEYS`` are a query, which is built anew.
    """

    @cache
    def query(texts: tuple[str, ...], keys: tuple[str, ...], most: int) -> Compiled:
        places = {name: Given(name, TextField()) for name in texts}
        places |= {name: Given(name, _keys_of(name)) for name in keys}
        return compiled(union_of(parts(**places), every=True)[: most + 1], is_kept=False)

    def keys(**given: str | Keys) -> Keys:
        given = {name: value for name, value in given.items() if value or isinstance(value, str)}
        sets = {name: sorted(one) for name, one in given.items() if isinstance(one, set)}
        texts = {name: one for name, one in given.items() if isinstance(one, str)}
        if len(sets) + len(texts) < len(given) or not _is_telling(texts):
            return any_of(parts(**given))
        most = ordering.MOST_KEYS
        (rows,) = ask([(query(tuple(texts), tuple(sets), most), {**texts, **sets})])
        if len(rows) > most:
            return union_of(parts(**given))
        return {key for (key,) in rows}

    return keys


def _keys_of(name: str) -> ArrayField[Any, Any]:
    return ArrayField(TextField() if name in CODES else BigIntegerField())


def _is_telling(texts: dict[str, str]) -> bool:
    """Return whether each text has letters or digits: others mean nothing in some parts, so these are left out."""
    return all(any(sign.isalnum() for sign in text) for text in texts.values())
