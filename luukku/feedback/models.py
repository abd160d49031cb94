"""What both sides thought, what changed because of it, and talks afterwards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.models import Via
from luukku.core.constraints import between, one_of, together
from luukku.core.fields import field_of
from luukku.core.personal import DataClass, Personal
from luukku.core.refused import Words
from luukku.feedback.states import DebriefState
from luukku.orders.models import Order
from luukku.privacy.fields import EncryptedTextField
from luukku.workflow.models import Stateful

SCALES = ("smooth", "useful", "heard", "again")


class Side(models.TextChoices):
    """Who gives the feedback."""

    EXPERT = "expert", _("Expert")
    ORDERER = "orderer", _("Orderer")


def scale_words(scale: str, side: Side) -> Words:
    """Return what ``side`` was asked by ``scale``; who ordered is not asked whether they were heard."""
    if (scale, side) == ("heard", Side.ORDERER):
        return _("We worked together as equals")
    words: Words = field_of(Feedback, scale).verbose_name
    return words


POOR = 2  # a scale at or under this wants a person's attention


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Feedback by who may see it and by what it waits for."""

    def visible_to(self, user: User) -> FeedbackQuerySet:
        """Exactly the feedback on which ``user`` has the rule ``feedback.view``."""
        if not user.is_active:
            return self.none()
        return self if user.is_counter else self.filter(given_by=user.pk)

    def waiting(self) -> FeedbackQuerySet:
        """Return the ones that a person at the counter should read: words or a poor scale, not read yet."""
        poor = Q()
        for scale in SCALES:
            poor |= Q(**{f"{scale}__lte": POOR})
        return self.filter(read_at=None).filter(poor | ~Q(words=""))


class Feedback(models.Model):
    """One side's two-minute answer about one assignment; scales from 1 (not at all) to 5 (very much)."""

    assignment = models.ForeignKey(
        "assignments.Assignment", on_delete=models.PROTECT, related_name="feedback"
    )
    side = models.CharField(max_length=10, choices=Side)
    smooth = models.PositiveSmallIntegerField(_("the situation went smoothly"))
    useful = models.PositiveSmallIntegerField(_("it was useful"))
    heard = models.PositiveSmallIntegerField(_("I was heard"))
    again = models.PositiveSmallIntegerField(_("I would do this again"))
    words = EncryptedTextField(_("in your own words"), blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()
    via = models.CharField(max_length=10, choices=Via)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(null=True)  # a person at the counter has read it

    objects = FeedbackQuerySet.as_manager()

    whose = "given_by"
    personal = {"words": Personal(DataClass.SPECIAL, "making the next task better", "2 years")}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "side"], name="one_feedback_per_side"),
            one_of("side", Side.values, name="feedback_side"),
            one_of("via", Via.values, name="feedback_via"),
            *[between(scale, 1, 5, name=f"feedback_{scale}") for scale in SCALES],
            together("read_at", "read_by", name="feedback_reading_whole"),
        ]
        indexes = [
            models.Index(fields=["-given_at"], name="feedback_by_time"),
            models.Index(fields=["given_at"], condition=Q(read_at=None), name="feedback_unread"),
        ]

    def __str__(self) -> str:
        return f"feedback {self.pk}"


class EventFeedbackQuerySet(models.QuerySet["EventFeedback"]):
    """What people thought of events, by who may see whose it is."""

    def visible_to(self, user: User) -> EventFeedbackQuerySet:
        """Exactly the answers on which ``user`` has the rule ``feedback.view_of_event``: one's own."""
        return self.filter(sign_up__person=user.pk) if user.is_active else self.none()


class EventFeedback(models.Model):
    """What somebody who was at an event thought of it; the same scales as of a task, 1 (not at all) to 5."""

    sign_up = models.OneToOneField(
        "events.SignUp", on_delete=models.CASCADE, related_name="feedback"
    )
    smooth = models.PositiveSmallIntegerField(_("the situation went smoothly"))
    useful = models.PositiveSmallIntegerField(_("it was useful"))
    heard = models.PositiveSmallIntegerField(_("I was heard"))
    again = models.PositiveSmallIntegerField(_("I would do this again"))
    words = EncryptedTextField(_("in your own words"), blank=True)
    given_at = models.DateTimeField()

    objects = EventFeedbackQuerySet.as_manager()

    whose = "sign_up__person"
    personal = {
        "words": Personal(DataClass.SPECIAL, "making events better", "a year after the event")
    }

    class Meta:
        constraints = [between(scale, 1, 5, name=f"event_feedback_{scale}") for scale in SCALES]

    def __str__(self) -> str:
        return f"feedback of sign-up {self.sign_up_id}"


class WhatChangedQuerySet(models.QuerySet["WhatChanged"]):
    """What orderers told, by who may see it."""

    def visible_to(self, user: User) -> WhatChangedQuerySet:
        """Exactly the answers on which ``user`` has the rule ``feedback.view_changed``."""
        if not user.is_active:
            return self.none()
        told = Q(order__assignments__expert__user=user.pk) & ~Q(answered_at=None)
        own = Q(order__in=Order.objects.visible_to(user))
        return self.filter(pk__in=WhatChanged.objects.filter(own | told).values("pk"))


class WhatChanged(models.Model):
    """The orderer's answer to "what changed because of this?"; the experts of the order see it."""

    order = models.OneToOneField(
        "orders.Order", on_delete=models.CASCADE, related_name="what_changed"
    )
    ask_on = models.DateField()  # set when the task is done
    asked_at = models.DateTimeField(null=True)
    words = models.TextField(_("what changed because of this"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    via = models.CharField(max_length=10, choices=Via, blank=True)
    may_be_practice = models.BooleanField(
        _("may be turned into a good practice"), default=False
    )  # the orderer's own yes; nothing is published from it before the counter has written it anew

    objects = WhatChangedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ask_on"], condition=Q(asked_at=None), name="what_changed_to_ask")
        ]

    def __str__(self) -> str:
        return f"what changed: order {self.order_id}"


class DebriefQuerySet(models.QuerySet["Debrief"]):
    """Talks by who may see that they were asked for."""

    def visible_to(self, user: User) -> DebriefQuerySet:
        """Exactly the talks on which ``user`` has the rule ``feedback.view_debrief``."""
        if not user.is_active:
            return self.none()
        return self if user.is_counter else self.filter(asked_by=user.pk)


class Debrief(Stateful):
    """A talk after a task that somebody asked for; it waits in the counter's queue."""

    moved_on = _("Somebody has already taken care of this talk.")

    state = models.CharField(
        max_length=20, choices=DebriefState, default=DebriefState.ASKED, editable=False
    )
    assignment = models.ForeignKey(
        "assignments.Assignment", on_delete=models.PROTECT, related_name="debriefs"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DebriefQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", DebriefState.values, name="debrief_state"),
            models.UniqueConstraint(
                fields=["assignment", "asked_by"],
                condition=Q(state=DebriefState.ASKED),
                name="one_open_debrief_per_person",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="debrief_by_state")]

    def __str__(self) -> str:
        return f"debrief {self.pk}"
