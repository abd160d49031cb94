"""Where the expert lives and how far they come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luukku.experts.models import MAX_REACH_KM, Expert
from luukku.web.parts.experts.profile_forms.base import Section
from luukku.web.parts.taxonomy.choices import offer_municipalities


class Place(Section):
    """Home, reach and remote work."""

    reach_km = forms.IntegerField(
        label=_("How far can you come, kilometres one way?"),
        help_text=_("0 means only your own municipality. Travel costs are paid separately."),
        error_messages={
            "min_value": _("Give kilometres from 0 to %(limit_value)s.")
            % {"limit_value": MAX_REACH_KM},
            "max_value": _("Give kilometres from 0 to %(limit_value)s.")
            % {"limit_value": MAX_REACH_KM},
        },
        min_value=0,
        max_value=MAX_REACH_KM,
    )

    class Meta:
        model = Expert
        fields = ("municipality", "shows_municipality", "reach_km", "is_remote_ok", "equipment")
        labels = {
            "municipality": _("Home municipality"),
            "shows_municipality": _("Orderers may see my municipality"),
            "is_remote_ok": _("Remote tasks suit me"),
            "equipment": _("Equipment I have for remote tasks"),
        }
        help_texts = {
            "shows_municipality": _("Otherwise they see only your county."),
            "is_remote_ok": _(
                "For example a video meeting. Remote tasks come from the whole country."
            ),
            "equipment": _(
                "For example: computer, camera, headphones. If something is missing, the counter helps."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["municipality"]
        offer_municipalities(place)
        place.required, place.empty_label = True, _("Choose")
        place.error_messages["required"] = _("Choose your home municipality.")
