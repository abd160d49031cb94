"""The order's form in calm steps, shared by orderers, guests and the counter."""

from django.utils.translation import gettext_lazy as _

from luukku.web.parts.orders.forms.details import Details
from luukku.web.parts.orders.forms.sending import Guest, Repeat, told_repeat
from luukku.web.parts.orders.forms.step import StepForm
from luukku.web.parts.orders.forms.terms import TermsStep
from luukku.web.parts.orders.forms.times import AskTimeForm, TimeAnswerForm, typed
from luukku.web.parts.orders.forms.what import TaskStep
from luukku.web.parts.orders.forms.when import PlaceStep, WishedTimes
from luukku.web.parts.orders.forms.who import ThemesStep

__all__ = [
    "FIRST",
    "MISSING",
    "STEPS",
    "STEP_OF",
    "AskTimeForm",
    "Details",
    "Guest",
    "Repeat",
    "StepForm",
    "TimeAnswerForm",
    "WishedTimes",
    "told_repeat",
    "typed",
]

STEPS: dict[str, tuple[object, type[StepForm]]] = {
    "what": (_("What and why"), TaskStep),
    "who": (_("Themes and people"), ThemesStep),
    "when": (_("Time and place"), PlaceStep),
    "terms": (_("Terms"), TermsStep),
}

FIRST = next(iter(STEPS))

STEP_OF = {
    "task_type": "what",
    "task_type_off": "what",
    "title": "what",
    "goal": "what",
    "expert_does": "what",
    "themes": "who",
    "themes_off": "who",
    "languages": "who",
    "audience": "who",
    "municipality": "when",
    "times": "when",
    "times_past": "when",
    "length_minutes": "when",
    "sign_up_past": "terms",
    "payment": "terms",
    "organisation": "what",
}

MISSING = {
    "task_type": _("The kind of task is missing."),
    "task_type_off": _("This kind of task is no longer offered. Choose another."),
    "title": _("The title is missing."),
    "goal": _("The goal is missing."),
    "expert_does": _("What the expert does is missing."),
    "themes": _("Choose at least one theme."),
    "themes_off": _("A theme that you chose is no longer in use. Choose another."),
    "languages": _("Choose at least one language."),
    "audience": _("Who takes part is missing."),
    "municipality": _("The municipality is missing."),
    "times": _("Give at least one time."),
    "times_past": _("A time has passed. Change or remove it."),
    "length_minutes": _("The length is missing."),
    "sign_up_past": _("The last day to sign up has passed. Change or remove it."),
    "payment": _("Tell whether it has been agreed who pays."),
    "organisation": _("The organisation is missing."),
}
