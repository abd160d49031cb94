"""What an event is, how one takes part and gets a place, and for whom it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an event is."""

    BASIC = "basic", _("Basic training")
    FURTHER = "further", _("Further training")
    JOINT = "joint", _("Joint training")
    PRACTICE_LECTURE = "practice_lecture", _("Practice lecture")
    PEER = "peer", _("Peer meeting")
    INFO = "info", _("Information session")
    ONLINE_PRACTICE = "online_practice", _("Online practice")
    NETWORK = "network", _("Network meeting")
    STEERING = "steering", _("Meeting of the steering group")
    GROUP = "group", _("Group")


class Mode(models.TextChoices):
    """How one takes part."""

    PLACE = "place", _("On site")
    REMOTE = "remote", _("Remotely")
    BOTH = "both", _("On site or remotely")


class How(models.TextChoices):
    """How a place is got."""

    OPEN = "open", _("In the order of signing up")
    APPROVAL = "approval", _("The organiser approves each sign-up")
    APPLICATION = "application", _("By an application for the training")


class Audience(models.TextChoices):
    """Who may sign up."""

    EVERYBODY = "everybody", _("Everybody")
    EXPERTS = "experts", _("Experts by experience")
    PROFESSIONALS = "professionals", _("Professionals")
    INVITED = "invited", _("Only those whom the organiser puts on the list")


class Group(models.TextChoices):
    """As whom somebody comes to an event that keeps places for both."""

    PROFESSIONAL = "professional", _("Professional")
    EXPERT = "expert", _("Expert by experience")


class Cover(models.TextChoices):
    """What is paid or arranged for those who come."""

    TRAVEL = "travel", _("Travel")
    MEAL = "meal", _("Meal")
    ASSISTANT = "assistant", _("Assistant")
    INTERPRETER = "interpreter", _("Interpreter")
    CHILDCARE = "childcare", _("Childcare")
