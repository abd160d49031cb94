"""Who stands behind the expert."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luukku.experts.models import Expert
from luukku.organisations.queries import may_stand_behind, people_of, stand_behind
from luukku.web.parts.experts.profile_forms.base import Section


class Background(Section):
    """Which organisation stands behind, and who answers there."""

    class Meta:
        model = Expert
        fields = ("background_organisation", "responsible_person", "shows_organisation")
        labels = {
            "background_organisation": _("Background organisation"),
            "responsible_person": _("Responsible person there"),
            "shows_organisation": _("Orderers may see my background organisation"),
        }
        help_texts = {
            "background_organisation": _(
                "Its contact persons see your name, not your experiences."
            ),
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
        behind = may_stand_behind(kept=self.instance.background_organisation_id)
        self.fields["background_organisation"].queryset = behind
        self.fields["background_organisation"].empty_label = _("None, or not in the list")
        self.people = stand_behind(behind)
        person = self.fields["responsible_person"]
        person.queryset = people_of(self.people)
        person.choices = self._person_choices

    def _person_choices(self) -> list[tuple[str, object]]:
        groups: dict[str, list[tuple[int, str]]] = {}
        for membership in self.people:
            groups.setdefault(membership.organisation.name, []).append(
                (membership.user_id, membership.user.name)
            )
        return [("", _g("Not chosen")), *groups.items()]

    def clean(self) -> dict[str, object]:
        """A person answers only in their own organisation."""
        cleaned = super().clean()
        person, organisation = (
            cleaned.get("responsible_person"),
            cleaned.get("background_organisation"),
        )
        if person and not self.people.filter(user=person, organisation=organisation).exists():
            self.add_error(
                "responsible_person", _("Choose a person of the organisation that you chose.")
            )
        return cleaned
