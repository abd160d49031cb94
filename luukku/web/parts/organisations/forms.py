"""An organisation's details and units, as its own people and the counter fill them in."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luukku.core.business_id import is_business_id
from luukku.organisations.models import Membership, Organisation, Unit
from luukku.web.parts.taxonomy.choices import offer_municipalities
from luukku.web.ui.forms import ModelForm


class BusinessIdField(forms.CharField):
    """A Finnish business ID with the right check digit; the hyphen may be missing, spaces may be too many."""

    def __init__(self, **kwargs: Any) -> None:
        usual: dict[str, Any] = {
            "label": _("business ID"),
            "help_text": _("For invoices, e.g. 1234567-1. Leave empty if there is none."),
            "max_length": 20,
            "required": False,
        }
        super().__init__(**(usual | kwargs))

    def clean(self, value: object) -> str:
        """Return the ID with its hyphen."""
        text = re.sub(r"\s", "", super().clean(value))
        text = f"{text[:7]}-{text[7:]}" if re.fullmatch(r"[0-9]{8}", text) else text
        if text and not is_business_id(text):
            raise ValidationError(_("This is not a Finnish business ID. Check the digits."))
        return text


class DetailsForm(ModelForm):
    """What an organisation's own people and the counter may change."""

    class Meta:
        model = Organisation
        fields = ("name", "kind", "sector", "services", "municipality", "business_id")
        field_classes = {"business_id": BusinessIdField}
        widgets = {"services": forms.CheckboxSelectMultiple}
        labels = {"services": _("Services you work in")}
        help_texts = {
            "municipality": _("Leave empty if you work in several."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_municipalities(self.fields["municipality"])


class UnitForm(ModelForm):
    """A part of the organisation."""

    class Meta:
        model = Unit
        fields = ("name", "municipality")
        labels = {"name": _("Name of the unit")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="unit", **kwargs)
        offer_municipalities(self.fields["municipality"])


def contact_question(membership: Membership, *, back: str) -> dict[str, Any]:
    """Return what is asked before the membership's person becomes the contact person of their organisation."""
    organisation, role = membership.organisation, membership.get_role_display()
    earlier = (
        organisation.memberships.filter(role=membership.role, is_contact=True)
        .exclude(pk=membership.pk)
        .select_related("user")
        .first()
    )
    name = {"name": membership.user.name}
    return {
        "title": gettext("Make %(name)s the contact person?") % name,
        "lead": f"{organisation.name} · {role}",
        "follows": [
            gettext("%(name)s is whom the counter calls, and may hand this on to somebody else.")
            % name,
            gettext(
                "%(name)s is no longer the contact person, and cannot take this back: a new contact"
                " person or the counter can."
            )
            % {"name": earlier.user.name}
            if earlier
            else "",
        ],
        "label": gettext("Make contact person"),
        "back": back,
        "keep": gettext("Keep it as it is"),
        "is_end": False,
    }
