"""The sections of an expert's profile, shared by the expert's desk and the counter."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luukku.web.parts.experts.profile_forms.background import Background
from luukku.web.parts.experts.profile_forms.consents import Consents
from luukku.web.parts.experts.profile_forms.experiences import Experiences
from luukku.web.parts.experts.profile_forms.place import Place
from luukku.web.parts.experts.profile_forms.tasks import Tasks
from luukku.web.parts.experts.profile_forms.times import Availability
from luukku.web.parts.experts.profile_forms.words import Support, Words

TRAININGS = "trainings"


SECTIONS: dict[str, tuple[object, object, type | None]] = {
    "words": (_("About me"), _("Who you are and what you want to give."), Words),
    "experiences": (
        _("My experiences"),
        _("What you have lived through, yourself or beside somebody."),
        Experiences,
    ),
    "tasks": (
        _("Tasks and languages"),
        _("What you would like to do, and in which languages."),
        Tasks,
    ),
    "place": (_("Where"), _("Where you live, how far you come, and remote work."), Place),
    "times": (_("When"), _("Your usual week, days that differ, and your own limit."), Availability),
    "support": (_("Support I need"), _("Only you and the counter see this."), Support),
    TRAININGS: (_("Trainings"), _("They are not required of everybody."), None),
    "background": (_("Background organisation"), _("Who stands behind you."), Background),
    "consents": (_("My consents"), _("What you say yes to, each by itself."), Consents),
}


MISSING = {
    "place": _("Your home municipality is missing."),
    "experiences": _("Choose at least one experience that may be used."),
    "tasks": _("Choose at least one kind of task and one language."),
    "consents": _("Your consent to be suggested for tasks is missing."),
}
