"""What is paid or arranged for those who come to an event."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cover(models.TextChoices):
    """What is paid or arranged for those who come."""

    TRAVEL = "travel", _("Travel")
    MEAL = "meal", _("Meal")
    ASSISTANT = "assistant", _("Assistant")
    INTERPRETER = "interpreter", _("Interpreter")
    CHILDCARE = "childcare", _("Childcare")
