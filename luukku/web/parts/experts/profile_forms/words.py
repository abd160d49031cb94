"""An expert in their own words, and the support that they need."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from luukku.experts.models import Expert
from luukku.web.parts.experts.profile_forms.base import Section


class Words(Section):
    """Own words and whether orderers see them."""

    class Meta:
        model = Expert
        fields = ("own_words", "shows_own_words")
        labels = {
            "own_words": _("About me, in my own words"),
            "shows_own_words": _("Orderers may read this before my yes"),
        }
        widgets = {"own_words": forms.Textarea}
        help_texts = {
            "own_words": _(
                "A few sentences are enough. No name, no diagnoses: what you want to give is what counts."
            ),
            "shows_own_words": _(
                "If you leave this empty, only you and the counter read your words."
            ),
        }


class Support(Section):
    """What support is needed; seen by the counter only."""

    class Meta:
        model = Expert
        fields = ("support_needs",)
        labels = {"support_needs": _("What makes a task possible for you?")}
        widgets = {"support_needs": forms.Textarea}
        help_texts = {
            "support_needs": _(
                "For example: a quiet room, breaks, clear written instructions, somebody at the door."
            )
        }
