"""Before a second one of the same is made: the ones found are shown, and a tick says that this is another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.web.ui.forms import Accessible

ANOTHER = "another"
MOST_SHOWN = 10


class AsksForSame(Accessible):
    """A form that makes something, but asks first when it may be there already.

    The tick names the ones that were shown: when others are found, it is asked anew.

    Attributes:
        same: the ones found, for the page.
        same_row: the template that shows one of them.
        another: what the tick says.
    """

    same: Sequence[Any] = ()
    same_row: str
    another: str | Promise

    def find_same(self, cleaned: dict[str, Any]) -> models.QuerySet:
        """Return what may be the same as what the form would make."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Take the form once nothing like it is there, or its sender has seen what is."""
        cleaned = super().clean()
        self.same = list(self.find_same(cleaned)[:MOST_SHOWN])
        keys = ",".join(str(one.pk) for one in self.same)
        is_seen = self.data.get(ANOTHER) == keys
        if self.same:
            self.fields[ANOTHER] = forms.BooleanField(
                label=str(self.another), required=False, widget=forms.CheckboxInput({"value": keys})
            )
        if self.same and not is_seen:
            self.data = self.data.copy()
            self.data.pop(ANOTHER, None)
            self.add_error(ANOTHER, _("Look first whether it is one of those above."))
        return cleaned
