"""Who stands behind the expert."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.experts.models import Expert
from luukku.organisations.finding import named
from luukku.organisations.models import Organisation
from luukku.organisations.queries import may_stand_behind, people_of, stand_behind
from luukku.web.parts.experts.profile_forms.base import Section
from luukku.web.ui.picks import Offer, PickField, RowSource, facts_of


def _offer(one: Organisation) -> Offer:
    facts = facts_of(one.get_kind_display(), one.municipality and one.municipality.name)
    return Offer(str(one.pk), one.name, facts)


# Their names are told to every expert; neither their people nor their numbers are looked through.
BEHIND = RowSource(
    url=("expert:behind",),
    rows=lambda _viewer: may_stand_behind().select_related("municipality"),
    find=named,
    offer=_offer,
)


class Background(Section):
    """Which organisation stands behind, and who answers there: one of its own people."""

    background_organisation = PickField(
        BEHIND,
        label=_("Background organisation"),
        required=False,
        help_text=_(
            "Write a part of its name or its municipality, and choose. Its contact persons see your name, not"
            " your experiences. Leave empty if nobody stands behind you, or if you cannot find it."
        ),
    )

    class Meta:
        model = Expert
        fields = ("background_organisation", "responsible_person", "shows_organisation")
        labels = {
            "responsible_person": _("Responsible person there"),
            "shows_organisation": _("Orderers may see my background organisation"),
        }
        help_texts = {
            "responsible_person": _(
                "The person whom you can always call. Ask them before you choose."
            ),
            "shows_organisation": _(
                "The name of an organisation may tell something of your experience."
            ),
        }

    together = (("background_organisation", "responsible_person"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stood = self.instance.background_organisation_id
        behind = self.fields["background_organisation"]
        behind.queryset = may_stand_behind(kept=stood).select_related("municipality")
        asked = (
            behind.row_of(self.data.get("background_organisation", "")) if self.is_bound else None
        )
        self.people = stand_behind(behind.queryset.filter(pk__in={stood, asked and asked.pk}))
        person = self.fields["responsible_person"]
        person.queryset = people_of(self.people)
        person.error_messages["invalid_choice"] = _(
            "Choose a person of the organisation that you chose."
        )
        if not self.is_bound and not self.people.exists():
            del self.fields["responsible_person"]  # there is nobody yet to choose

    def clean(self) -> dict[str, object]:
        """Let go who stood for the organisation of before: a person answers only in their own."""
        cleaned = super().clean()
        organisation, person = self._chosen
        if person and not self.people.filter(user=person, organisation=organisation).exists():
            cleaned["responsible_person"] = None
        return cleaned

    @property
    def goes_on(self) -> object:  # type: ignore[override]  # known when the form has been read
        """What to do next on the same page, once it has been saved: an organisation's people are known then."""
        organisation, person = self._chosen
        if "background_organisation" not in self.changed_data or organisation is None or person:
            return ""
        if not self.people.filter(organisation=organisation).exists():
            return ""
        return _("Saved. Choose next who answers for you there.")

    @property
    def _chosen(self) -> tuple[Organisation | None, User | None]:
        cleaned = self.cleaned_data
        return cleaned.get("background_organisation"), cleaned.get("responsible_person")
