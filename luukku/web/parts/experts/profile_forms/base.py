"""What every section of a profile is."""

from __future__ import annotations

from datetime import datetime

from django import forms

from luukku.accounts.models import User
from luukku.experts import actions
from luukku.experts.models import Expert
from luukku.web.ui.forms import ModelForm

Box = forms.boundfield.BoundWidget


class Part:
    """A form that is one section of a profile.

    Attributes:
        goes_on: what to say when it has been saved and the same page asks for more; empty where all is said.
    """

    goes_on: object = ""


class Section(Part, ModelForm):
    """Part of the profile whose fields are the expert's own columns."""

    class Meta:
        model = Expert
        fields: tuple[str, ...] = ()

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save what was filled in."""
        actions.save(
            expert, by=by, at=at, **{name: self.cleaned_data[name] for name in self.Meta.fields}
        )
