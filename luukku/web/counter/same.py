"""Before a second one of the same is made: the ones found are shown, and a tick says that this is another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.forms.widgets import Script
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.web.counter.frame import tabs
from luukku.web.kit.acts import data_of, status_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import Accessible
from luukku.web.ui.picks import PickForm, RowSource

ANOTHER = "another"
MOST_SHOWN = 10


class Watched(Accessible):
    """A form some of whose fields are looked at while one writes; what they find is shown in ``#same``.

    Attributes:
        watched_as: what ``counter:same`` calls the form.
        watched: the names of the fields.
    """

    watched_as: str
    watched: tuple[str, ...]

    class Media:
        js = (Script("ui/vendor/htmx.min.js", defer=True), Script("ui/pick.js", defer=True))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.watched:
            self.fields[name].widget.attrs |= {
                "hx-post": reverse("counter:same", args=[self.watched_as]),
                "hx-trigger": "input changed delay:400ms",
                "hx-target": "#same",
                "hx-params": ",".join(["csrfmiddlewaretoken", *self.watched]),
                "hx-sync": "closest form:replace",
            }


class AsksForSame(Watched):
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

    def visible_fields(self) -> list[forms.BoundField]:
        """Return the fields but for the tick, which stands below those found."""
        return [one for one in super().visible_fields() if one.name != ANOTHER]

    @property
    def tick(self) -> forms.BoundField | None:
        """The tick that says that this is another."""
        return self[ANOTHER] if ANOTHER in self.fields else None

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


def choose_other(
    request: Request,
    one: models.Model,
    source: RowSource,
    *,
    like: models.QuerySet,
    label: str,
    compare: str,
    template: str,
    tab: str,
) -> HttpResponse:
    """Let the counter choose what ``found`` is the same as, and go where the two are compared.

    Args:
        like: those that may be the same by themselves.
        compare: the name of the page that compares two.
    """
    rows = source.rows(request.user).exclude(pk=one.pk)
    form = PickForm(source, rows, data_of(request), name="other", label=label, takes_only_one=True)
    if form.is_valid():
        return see_other(compare, one.pk, form.picked.pk)
    context = {
        "found": one,
        "others": like.exclude(pk=one.pk)[:MOST_SHOWN],
        "form": form,
        "tabs": tabs(request, tab),
    }
    return render(request, template, context, status=status_of(request))
