"""People at the counter, also those without an e-mail address."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts import actions
from luukku.accounts.models import Role, User
from luukku.accounts.queries import administrators, people_same, stopped_changes, with_opening
from luukku.accounts.rules import opens_others
from luukku.core.text import key_in
from luukku.events.models import Event
from luukku.experts.actions import start
from luukku.experts.models import Expert
from luukku.notices.queries import letters_to
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.letters import letter_rows
from luukku.web.counter.notes import notes_about
from luukku.web.counter.same import AsksForSame
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act, status_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch, fresh
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request
from luukku.web.parts.account.account import NoticesForm, choose_all
from luukku.web.ui.forms import EditForm, Form, ModelForm
from luukku.workbench.queries import merges_of
from luukku.workflow.queries import may


class NewPersonForm(AsksForSame, ModelForm):
    """A person whom the counter serves by phone or on paper."""

    watched_as, watched = "person", ("name", "email", "phone")
    same_row = "counter/people/_same.html"
    another = gettext_lazy("This is another person. Make a new account all the same.")

    class Meta:
        model = User
        fields = ("name", "email", "phone", "language")
        help_texts = {
            "email": gettext_lazy(
                "Leave empty if the person has none: you then act for them, and letters come to your queue."
            )
        }

    def find_same(self, cleaned: dict[str, Any]) -> QuerySet[User]:
        """Return the accounts with the same name, number or address."""
        words = {name: cleaned.get(name) or "" for name in ("name", "phone", "email")}
        return people_same(**words).prefetch_related("memberships__organisation")

    def clean_email(self) -> str | None:
        """Write an address in one way."""
        return User.objects.lower(self.cleaned_data["email"])

    def clean(self) -> dict[str, object]:
        """One account for one address."""
        cleaned = super().clean()
        email = cleaned.get("email")
        if email and any(one.email == email for one in self.same):
            self.add_error(
                "email",
                _(
                    "Somebody already has an account with this address: see above. If it is the same person,"
                    " go on with that account. If not, leave this empty or ask for an address of their own."
                ),
            )
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return who it is; "" for no address."""
        return self.cleaned_data | {"email": self.cleaned_data["email"] or ""}


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def new(request: Request) -> HttpResponse:
    """Make an account for somebody; who is to be signed up for an event goes on to its form."""
    form, event = NewPersonForm(data_of(request)), _event_asked(request)
    back, label = (reverse("counter:people"), _("People"))
    if event is not None:
        back, label = reverse("counter:event-put-on", args=[event.pk]), event.title
    context = {
        "form": form,
        "title": _("New person"),
        "back": back,
        "back_label": label,
        "tabs": tabs(request, "people"),
    }

    def to(made: User) -> SeeOther:
        if event is None:
            return see_other("counter:person", made.pk)
        return SeeOther(f"{back}?person={made.pk}")

    return form_act(
        request,
        actions.make_person,
        form=form,
        page=lambda status: render(request, "counter/new.html", context, status=status),
        to=to,
    )


def _event_asked(request: Request) -> Event | None:
    """Return the event for which somebody new is to be signed up, as the address tells it."""
    key = key_in(request.GET.get("event", ""))
    return Event.objects.visible_to(request.user).filter(pk=key).first() if key else None


class PersonForm(ModelForm):
    """How a person is called and reached."""

    class Meta:
        model = User
        fields = ("name", "phone", "language")


class EmailForm(Form):
    """An address for somebody who has got one."""

    owner: User | None = None  # whose it is already

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy(
            "The person then signs in with a code that we send there, and letters go by e-mail."
        ),
    )


class RolesForm(EditForm):
    """The counter's roles."""

    shows = ("roles",)

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def chosen(self) -> set[Role]:
        """Return the roles that were ticked."""
        return {Role(role) for role in self.cleaned_data["roles"]}

    def taken(self) -> list[Role]:
        """Return the roles that the person has and would no longer have."""
        held = self.about.roles if isinstance(self.about, User) else []
        return [Role(role) for role in held if role not in self.chosen()]

    def hide(self) -> None:
        """Carry what was ticked, unseen, to the answer that one is sure."""
        self.fields["roles"].widget = forms.MultipleHiddenInput()
        self.fields["sure"] = forms.CharField(widget=forms.HiddenInput)
        self.data["sure"] = "1"


@page("coordinator", "admin", methods=("GET", "POST"))
def person(request: Request, pk: int) -> HttpResponse:
    """One person: details, roles, memberships, profile."""
    person = fetch(User, pk, for_=request.user)
    form = None
    if may("accounts.edit", person, request.user):
        form = PersonForm(data_of(request), instance=person)
    if request.method == "POST" and form is not None and form.is_valid():
        actions.edit_person(fresh(person), **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
        return see_other("counter:person", pk)
    return _person_page(request, person, form)


def _person_page(
    request: Request,
    person: User,
    form: PersonForm | None,
    email_form: EmailForm | None = None,
    roles_form: RolesForm | None = None,
) -> HttpResponse:
    if email_form is None and may("accounts.give_email", person, request.user):
        email_form = EmailForm(initial={"email": person.email or ""})
    if roles_form is None and may("accounts.grant_role", person, request.user):
        roles_form = RolesForm(about=person)
    context = {
        "person": fresh(person),
        "form": form,
        "email_form": email_form,
        "tabs": tabs(request, "people"),
        "roles_form": roles_form,
        **_lost_keys(person, at=timezone.now()),
        "memberships": person.memberships.select_related("organisation").order_by("pk"),
        "merges": merges_of(person, viewer=request.user),
        "is_merged": person.merges.holding().exists(),
        "expert": Expert.objects.visible_to(request.user).filter(user=person).first()
        if request.user.is_counter
        else None,
        **notes_about(request, person),
        **letter_rows(request, letters_to(person)),
    }
    return render(request, "counter/people/detail.html", context, status=status_of(request))


def _lost_keys(person: User, *, at: datetime) -> dict[str, object]:
    waiting = with_opening(person.address_changes.waiting())
    change = waiting.select_related("asked_by").first()
    is_due = change is not None and change.opens_at is not None and change.opens_at <= at
    return {
        "address_change": change,
        "stopped_changes": stopped_changes(person)[:5],
        "is_due": is_due,
        "can_change_address": change is None and person.is_active,
        "has_factors": is_mfa_enabled(person),
    }


@page("coordinator", methods=("POST",))
def give_email(request: Request, pk: int) -> HttpResponse:
    """Give an address to somebody who has not signed in yet."""
    person = fetch(User, pk, for_=request.user)
    form = EmailForm(request.POST)
    if form.is_valid():
        try:
            actions.give_email(
                person, form.cleaned_data["email"], by=request.user, at=timezone.now()
            )
            messages.success(
                request, _("The address has been saved. Letters go there from now on.")
            )
            return see_other("counter:person", pk)
        except actions.EmailTaken:
            owner = User.objects.visible_to(request.user).get(
                email=User.objects.lower(form.cleaned_data["email"])
            )
            form.add_error(
                "email",
                _(
                    "This address belongs to the account of %(name)s. If it is the same person, make the two"
                    " accounts one. If not, ask for an address of their own."
                )
                % {"name": owner.name},
            )
            form.owner = owner
    return _person_page(request, fresh(person), PersonForm(instance=person), form)


@page("coordinator", methods=("POST",))
def start_profile(request: Request, pk: int) -> HttpResponse:
    """Begin an expert's profile on behalf of a person."""
    expert = start(fetch(User, pk, for_=request.user), by=request.user, at=timezone.now())
    return see_other("counter:expert", expert.pk)


@page("coordinator", methods=("GET", "POST"))
def notices(request: Request, pk: int) -> HttpResponse:
    """Change a person's own channels for letters, told by phone."""
    reached = User.objects.exclude(email=None).filter(is_active=True)
    person = fetch(reached, pk, for_=request.user)
    form = NoticesForm(data_of(request), user=person)
    context = {"person": person, "form": form, "tabs": tabs(request, "people")}
    return counter_act(
        request,
        choose_all,
        person,
        form=form,
        page=lambda status: render(request, "counter/people/notices.html", context, status=status),
        done=_("Saved."),
        to=see_other("counter:person", pk),
    )


@page("admin", methods=("POST",))
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open a closed account again."""
    person = fetch(User, pk, for_=request.user)
    return counter_act(
        request,
        actions.reopen,
        person,
        done=_("The account is open again. The person is told."),
        to=see_other("counter:person", pk),
    )


@page("admin", methods=("GET", "POST"))
def roles(request: Request, pk: int) -> HttpResponse:
    """Give the counter's roles, and take them away once it has been said what follows."""
    person = fetch(User, pk, for_=request.user)
    if request.method != "POST":
        return _ask_roles(request, person)
    form = RolesForm(request.POST, about=person)
    if form.is_valid():
        chosen = form.chosen()
        is_last = Role.ADMIN in form.taken() and not administrators().exclude(pk=pk).exists()
        if form.taken() and not is_last and "sure" not in request.POST:
            kept = {"roles": sorted(chosen), "version": form.data.get("version", "")}
            return SeeOther(f"{reverse('counter:person-roles', args=[pk])}?{urlencode(kept, True)}")
        try:
            person = actions.set_roles(person, chosen, by=request.user, at=timezone.now())
        except actions.LastAdministrator as refusal:
            form.add_error(refusal.field, refusal.told())
        else:
            messages.success(request, _("Saved."))
            is_shut = pk == request.user.pk and not opens_others(person)
            return see_other("desk") if is_shut else see_other("counter:person", pk)
    return _person_page(request, fresh(person), None, roles_form=form)


def _ask_roles(request: Request, person: User) -> HttpResponse:
    form = RolesForm(request.GET, about=person)
    if "version" not in request.GET or not form.is_valid() or not form.taken():
        return see_other("counter:person", person.pk)
    form.hide()
    ends = {
        Role.COORDINATOR: _(
            "The person no longer sees the counter’s work: orders, questions, experts."
        ),
        Role.STEERING: _("The person no longer sees the steering group’s figures."),
        Role.ADMIN: _("The person no longer looks after accounts, roles and lost keys."),
    }
    return ask_first(
        request,
        tabs(request, "people"),
        title=_("Take the role away from %(name)s?") % {"name": person.name},
        lead=", ".join(str(role.label) for role in form.taken()),
        follows=[
            *(ends[role] for role in form.taken()),
            _("You take it from yourself: only another administrator can give it back.")
            if person.pk == request.user.pk
            else _("You can give the role back on the person’s page."),
            _("Everything that has been written down stays."),
        ],
        label=_("Take the role away"),
        back=reverse("counter:person", args=[person.pk]),
        keep=_("Keep the role"),
        form=form,
    )
