"""Closing an account: what it means is said first, and who takes the person's orders over is asked."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.actions import LastAdministrator
from luukku.accounts.models import User
from luukku.assignments.actions import OrdersOpen, TasksAhead, close_account
from luukku.assignments.queries import agreed_of
from luukku.experts.models import Expert
from luukku.orders.actions import NotAnOrderer
from luukku.orders.queries import organisations_led_by
from luukku.organisations.models import Organisation
from luukku.organisations.queries import orderers_of
from luukku.web.counter.frame import say_done, tabs
from luukku.web.counter.people import last_administrator
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.ui.forms import Form


class SuccessorsForm(Form):
    """Who takes over the orders whose contact the person is: one question for each organisation with colleagues."""

    def __init__(self, person: User, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.keys: dict[str, int] = {}
        self.stuck: list[Organisation] = []  # orders go on, and nobody else orders
        for organisation in organisations_led_by(person):
            colleagues = orderers_of(organisation).exclude(pk=person.pk)
            if colleagues.exists():
                self._ask(organisation, colleagues)
            elif organisation.goes_on:
                self.stuck.append(organisation)

    def _ask(self, organisation: Organisation, colleagues: object) -> None:
        name = f"contact_{organisation.pk}"
        label = gettext_lazy("New contact person: %(organisation)s")
        field = forms.ModelChoiceField(
            label=label % {"organisation": organisation.name},
            queryset=colleagues,
            empty_label=gettext_lazy("Choose"),
            required=organisation.goes_on,
            help_text=gettext_lazy(
                "Both of you and the experts who have said yes are told. Reminders go to the new person."
            ),
        )
        field.label_from_instance = lambda one: one.name
        field.widget.attrs["class"] = "ds-input"  # made after the form's own fields got theirs
        self.fields[name] = field
        self.keys[name] = organisation.pk

    def successors(self) -> dict[int, User]:
        """Return by the key of an organisation who was chosen."""
        chosen = {key: self.cleaned_data[name] for name, key in self.keys.items()}
        return {key: person for key, person in chosen.items() if person is not None}


@page("admin", methods=("GET", "POST"))
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, once it has been said what that means."""
    others = User.objects.exclude(pk=request.user.pk)
    found = get_object_or_404(others, pk=pk, is_machine=False, is_active=True)
    form = SuccessorsForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and not form.stuck:
        try:
            now = timezone.now()
            close_account(found, by=request.user, at=now, successors=form.successors())
            say_done(request, _("The account has been closed. The person is told."), at=now)
            return see_other("counter:person", pk)
        except LastAdministrator:  # the other one has gone meanwhile
            messages.warning(request, last_administrator(found))
            return see_other("counter:person", pk)
        except TasksAhead:
            messages.warning(
                request,
                _(
                    "An agreed task is ahead. The counter cancels it first, then the account can be closed."
                ),
            )
            return see_other("counter:person-close", pk)
        except (OrdersOpen, NotAnOrderer):  # meanwhile
            messages.warning(request, _("The orders have changed meanwhile. Look once more."))
            return see_other("counter:person-close", pk)
    # Days only: whoever closes accounts need not see tasks.
    expert = Expert.objects.filter(user=found).first()
    ahead = [task.starts_at for task in agreed_of(expert)] if expert else []
    context = {"person": found, "form": form, "ahead": ahead, "tabs": tabs(request, "people")}
    status = 422 if request.method == "POST" else 200
    return render(request, "counter/person_close.html", context, status=status)
