"""What a background organisation does for those behind whom it stands: that it was done, never what was said."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from luukku.accounts.models import User
from luukku.core.constraints import between
from luukku.core.personal import DataClass, Personal
from luukku.experts.models import Expert
from luukku.organisations.models import MemberRole, Membership

KEPT = "three years; gone with the profile"


class YearlyTalkQuerySet(models.QuerySet["YearlyTalk"]):
    """Talks by who may know that they were held."""

    def visible_to(self, user: User) -> YearlyTalkQuerySet:
        """Exactly the talks on which ``user`` has the rule ``coping.view_talk``.

        Whoever stands behind the expert now does not see what an earlier organisation did.
        """
        if not user.is_active:
            return self.none()
        if user.is_counter:
            return self
        behind = Membership.objects.standing(MemberRole.BACKGROUND).filter(user=user)
        return self.filter(
            Q(expert__user=user)
            | Q(
                organisation__in=behind.values("organisation"),
                expert__background_organisation=F("organisation"),
            )
        )

    def of(self, user: User) -> YearlyTalkQuerySet:
        """Return those with ``user``, the newest first."""
        return self.filter(expert__user=user).order_by("-held_on", "-pk")


class YearlyTalk(models.Model):
    """That somebody at the background organisation has sat down with an expert.

    Attributes:
        next_by: the day by which the next one is held.
    """

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="yearly_talks")
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    held_on = models.DateField()
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    next_by = models.DateField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    noted_at = models.DateTimeField()

    objects = YearlyTalkQuerySet.as_manager()

    whose = "expert__user"
    personal = {
        name: Personal(DataClass.ORDINARY, "that nobody is left alone", KEPT)
        for name in ("held_on", "next_by")
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "organisation", "held_on"], name="one_yearly_talk_a_day"
            ),
            models.CheckConstraint(
                condition=Q(next_by__gt=F("held_on")), name="yearly_talk_next_is_later"
            ),
        ]

    def __str__(self) -> str:
        return f"yearly talk {self.pk}"


class Reminder(models.Model):
    """What one background organisation is reminded of: one row each, kept so that a month passes between letters.

    Attributes:
        since: from when something has been open; None: everything has been done.
        last_at: when its people were last written to.
        number: how many letters it has had since, or since the counter last called.
        called_at: when the counter last talked with it about this.
    """

    organisation = models.OneToOneField(
        "organisations.Organisation", on_delete=models.CASCADE, related_name="promise_reminder"
    )
    since = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    number = models.PositiveSmallIntegerField(default=1)
    called_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [between("number", 0, 1000, name="reminder_number")]

    def __str__(self) -> str:
        return f"reminder of organisation {self.organisation_id}"
