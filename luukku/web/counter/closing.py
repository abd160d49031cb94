"""Closing an account: what it means is said first, and who takes the person's orders over is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.actions import LastAdministrator
from luukku.accounts.models import User
from luukku.assignments.actions import close_account
from luukku.assignments.queries import agreed_days_of
from luukku.orders.queries import organisations_led_by
from luukku.organisations.models import Organisation
from luukku.organisations.queries import orderers_of
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import Form


class PersonField(forms.ModelChoiceField):
    """One of several people, each by their name."""

    def label_from_instance(self, obj: User) -> str:
        """Return the name."""
        return obj.name


class SuccessorsForm(Form):
    """Who takes over the orders whose contact the person is: one question for each organisation with colleagues."""

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys: dict[str, int] = {}
        self.stuck: list[Organisation] = []  # orders go on, and nobody else orders
        for organisation in organisations_led_by(person):
            colleagues = orderers_of(organisation).exclude(pk=person.pk)
            if colleagues.exists():
                self._ask(organisation, colleagues, is_needed=organisation.goes_on)
            elif organisation.goes_on:
                self.stuck.append(organisation)

    def _ask(
        self, organisation: Organisation, colleagues: QuerySet[User], *, is_needed: bool
    ) -> None:
        name = f"contact_{organisation.pk}"
        label = gettext_lazy("New contact person: %(organisation)s")
        field = PersonField(
            label=label % {"organisation": organisation.name},
            queryset=colleagues,
            empty_label=gettext_lazy("Choose"),
            required=is_needed,
            help_text=gettext_lazy(
                "Both of you and the experts who have said yes are told. Reminders go to the new person."
            ),
        )

        field.widget.attrs["class"] = "ds-input"  # made after the form's own fields got theirs
        self.fields[name] = field
        self.keys[name] = organisation.pk

    def is_valid(self) -> bool:
        """Return whether everything is answered; where nobody could take orders over, nothing can be."""
        return super().is_valid() and not self.stuck

    def arguments(self) -> dict[str, object]:
        """Return by the key of an organisation who was chosen."""
        chosen = {key: self.cleaned_data[name] for name, key in self.keys.items()}
        return {"successors": {key: person for key, person in chosen.items() if person is not None}}


@page("admin", methods=("GET", "POST"))
def close(request: Request, pk: int) -> HttpResponse:
    """Close an account, once it has been said what that means."""
    others = User.objects.filter(is_active=True).exclude(pk=request.user.pk)
    person = fetch(others, pk, for_=request.user)
    form = SuccessorsForm(person, data_of(request))
    return counter_act(
        request,
        close_account,
        person,
        form=form,
        page=lambda status: _page(request, person, form, status=status),
        done=_("The account has been closed. The person is told."),
        to=see_other("counter:person", pk),
        back=lambda refusal: see_other(
            "counter:person" if isinstance(refusal, LastAdministrator) else "counter:person-close",
            pk,
        ),
    )


def _page(request: Request, person: User, form: SuccessorsForm, *, status: int) -> HttpResponse:
    # Days only: whoever closes accounts need not see tasks.
    context = {
        "person": person,
        "form": form,
        "ahead": agreed_days_of(person),
        "tabs": tabs(request, "people"),
    }
    return render(request, "counter/people/close.html", context, status=status)
