"""Who calls to order: found among those who are known, or written down as somebody new; on one page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.accounts.queries import people_same, person_said
from luukku.core.text import key_in
from luukku.organisations.models import (
    Kind,
    MemberRole,
    Membership,
    MembershipQuerySet,
    Organisation,
)
from luukku.organisations.queries import organisations_same
from luukku.web.counter.picking import (
    CALLERS,
    ORDERING,
    PEOPLE,
    caller_offers,
    organisation_offer,
    people_said,
)
from luukku.web.counter.same import Watched
from luukku.web.ui.forms import Form
from luukku.web.ui.picks import Suggest

MOST_SHOWN = 10
NEW = "new"


def orderers(viewer: User) -> MembershipQuerySet:
    """Return who orders for an organisation that has not ended, closed accounts left out."""
    seen = Membership.objects.visible_to(viewer).standing(MemberRole.ORDERER)
    return seen.select_related("user", "organisation")


class CallerForm(Watched, Form):
    """Who calls and for which organisation. Those who may be meant are shown to choose from.

    They are found by the same words among the same rows as what is offered while one writes.

    Args:
        viewer: who writes it down.

    Attributes:
        member: the known role by which the caller orders; None while it has to be made.
        data_of_caller: what ``organisations.actions.take_caller`` needs to make it.
        left_out: a number and an address that were written, though the known caller has others.
    """

    watched_as, watched = "caller", ("phone", "email")

    name = forms.CharField(
        label=_("Caller’s name"),
        max_length=120,
        required=False,
        widget=Suggest(CALLERS, "contact"),
        help_text=_(
            "Start writing a name or a number, and choose if we know the caller. With the right organisation"
            " nothing else is needed."
        ),
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput({"type": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Leave empty if the caller has none: letters then come to your queue."),
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=150,
        required=False,
        widget=Suggest(ORDERING, "which"),
        help_text=_(
            "Start writing and choose, or write the name of a new one. The caller will see its orders."
        ),
    )
    kind = forms.ChoiceField(
        label=_("Kind of organisation, if it is new"),
        choices=[("", _("Choose")), *Kind.choices],
        required=False,
    )

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.member: Membership | None = None
        self.data_of_caller: dict[str, Any] = {}
        self.left_out: list[str] = []
        self._need(is_needed=True)

    def full_clean(self) -> None:
        """Check what was sent; to a reader name and organisation are needed, though a known caller tells them too."""
        self._need(is_needed=False)
        super().full_clean()
        self._need(is_needed=True)

    def _need(self, *, is_needed: bool) -> None:
        for name in ("name", "organisation"):
            self.fields[name].required = is_needed

    def clean(self) -> dict[str, object]:
        """Find or ask who calls, then for which organisation; every fault is told in the same round."""
        cleaned = super().clean()
        person = self._caller(cleaned)
        if self.member is not None:
            self._look_at_what_is_left(self.member, cleaned)
        else:
            organisation = self._organisation(cleaned)
            if organisation is not None:
                self._make_sure(organisation, person)
            self.data_of_caller = {
                "person": person,
                "name": cleaned.get("name", ""),
                "phone": cleaned.get("phone", ""),
                "email": cleaned.get("email", ""),
                "organisation": organisation,
                "organisation_name": cleaned.get("organisation", ""),
                "kind": cleaned.get("kind", ""),
            }
        return cleaned

    def _look_at_what_is_left(self, member: Membership, cleaned: dict[str, Any]) -> None:
        """Take no order for another organisation than was written; what else is not taken is told (``left_out``)."""
        written, ours = cleaned.get("organisation", ""), member.organisation
        if written and not organisations_same(name=written).filter(pk=ours.pk).exists():
            self.add_error(
                "organisation",
                _(
                    "You chose somebody who orders for %(organisation)s. Empty this, or choose above that the"
                    " caller orders for another one."
                )
                % {"organisation": ours.name},
            )
        ways = {name: cleaned[name] for name in ("phone", "email") if cleaned.get(name)}
        self.left_out = [
            way
            for name, way in ways.items()
            if not people_same(name="", **{name: way}).filter(pk=member.user_id).exists()
        ]

    def _caller(self, cleaned: dict[str, Any]) -> User | None:
        """Return the known person who calls; with a known role it is ``member``; None is somebody new."""
        chosen, known = self.data.get("contact", ""), self._known(cleaned)
        new = _new(known)
        if known:
            self._ask("contact", _("Who calls?"), self._people(known), chosen)
        if (key := key_in(chosen)) is not None:
            self.member = orderers(self.viewer).filter(pk=key).first()
        if self.member is not None:
            return self.member.user
        for person in known:
            if chosen == f"person-{person.pk}":
                return person
        if known and chosen != new:
            self.add_error("contact", _("Choose the caller, or tell that this is somebody else."))
        elif not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write the caller’s name."))
        email = cleaned.get("email")
        if chosen == new and email and any(one.email == email.lower() for one in known):
            self.add_error(
                "email",
                _("This address belongs to somebody above. Choose them, or leave this empty."),
            )
        return None

    def _known(self, cleaned: dict[str, Any]) -> list[User]:
        words = {name: cleaned.get(name, "") for name in ("name", "phone", "email")}
        rows = PEOPLE.rows(self.viewer)
        said = Q(pk__in=people_same(**words).values("pk"))
        if words["name"]:
            said |= Q(pk__in=people_said(rows, words["name"]).values("pk"))
        if words["phone"]:
            said |= person_said(words["phone"])
        return list(rows.filter(said)[:MOST_SHOWN])

    @staticmethod
    def _people(known: Iterable[User]) -> list[tuple[str, str]]:
        rows = [(offer.key, str(offer)) for offer in caller_offers(known)]
        return [*rows, (_new(known), gettext("Somebody else: make a new account"))]

    def _organisation(self, cleaned: dict[str, Any]) -> Organisation | None:
        """Return the known organisation; None is a new one, whose kind is needed."""
        name = cleaned.get("organisation", "")
        if not name:
            if "organisation" not in self.errors:
                self.add_error("organisation", _("Write the name of the organisation."))
            return None
        known = list(self._organisations(name))
        chosen = self.data.get("which", "")
        if len(known) == 1 and known[0][1]:
            return known[0][0]
        rows = [(str(one.pk), str(organisation_offer(one))) for one, _is_same in known]
        new = _new(one for one, _is_same in known)
        if known:
            label = _("Which organisation?")
            self._ask("which", label, [*rows, (new, gettext("A new organisation"))], chosen)
        for one, _is_same in known:
            if chosen == str(one.pk):
                return one
        if known and chosen != new:
            self.add_error("which", _("Choose the organisation, or tell that it is a new one."))
        elif not cleaned.get("kind") and "kind" not in self.errors:
            self.add_error("kind", _("Choose the kind of the new organisation."))
        return None

    def _make_sure(self, organisation: Organisation, person: User | None) -> None:
        """Let the counter vouch for a caller who does not order for a known organisation yet."""
        theirs = orderers(self.viewer).filter(organisation=organisation)
        if person is not None and theirs.filter(user=person).exists():
            return
        name = f"sure_{organisation.pk}"
        label = _("I have made sure that the caller may order for %(organisation)s")
        self.fields[name] = forms.BooleanField(
            label=label % {"organisation": organisation.name},
            required=False,
            help_text=_(
                "The caller will see all orders of the organisation and the names of the experts who have"
                " said yes."
            ),
        )
        if not self.data.get(name):
            self.add_error(
                name, _("Make sure first, for instance by calling the organisation, and tick this.")
            )

    def _organisations(self, name: str) -> list[tuple[Organisation, bool]]:
        """Return those of this very name, else those that it may mean, and whether it is the same."""
        rows = ORDERING.rows(self.viewer)
        same = rows.filter(pk__in=organisations_same(name=name).values("pk"))[:MOST_SHOWN]
        if same:
            return [(one, True) for one in same]
        return [(one, False) for one in ORDERING.find(rows, name)[:MOST_SHOWN]]

    def _ask(
        self, name: str, label: str | Promise, rows: list[tuple[str, str]], chosen: str
    ) -> None:
        """Put the question ``name`` before the form's own fields."""
        self.fields[name] = forms.ChoiceField(
            label=str(label), choices=rows, widget=forms.RadioSelect
        )
        if chosen not in dict(rows):
            self.data = self.data.copy()
            self.data.pop(name, None)
        self.order_fields(["contact", "which"])


def _new(shown: Iterable[User | Organisation]) -> str:
    """Return the choice of none of those ``shown``: when others are found, it is asked anew."""
    return f"{NEW}-{'-'.join(str(one.pk) for one in shown)}"
