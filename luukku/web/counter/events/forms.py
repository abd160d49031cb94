"""The form in which the counter writes an event: for any checked organisation, anybody answering for it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.organisations.states import OrganisationState
from luukku.web.counter.picking import ORGANISATIONS, PEOPLE
from luukku.web.parts.events.event_form import EventForm
from luukku.web.ui.picks import PickField


class CounterEventForm(EventForm):
    """What an event says of itself, and whose it is."""

    organiser = PickField(
        ORGANISATIONS,
        label=_("Who organises it?"),
        help_text=_("Write a part of the name."),
    )
    responsible = PickField(
        PEOPLE,
        label=_("Who answers for it?"),
        required=False,
        help_text=_("Gets a letter when a place becomes free at the last moment. Empty: you."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        if "organiser" in self.fields:
            checked = ORGANISATIONS.rows(by).filter(state=OrganisationState.VETTED)
            self.fields["organiser"].queryset = checked
            self.fields["responsible"].queryset = PEOPLE.rows(by)
