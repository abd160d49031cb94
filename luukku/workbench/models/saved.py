"""What somebody at the counter narrows a list by again and again."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from luukku.accounts.models import User
from luukku.core.personal import DataClass, Personal
from luukku.privacy.fields import EncryptedTextField

USED = "until its owner leaves the counter or takes it away"


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Saved filters by whose they are."""

    def visible_to(self, user: User) -> SavedFilterQuerySet:
        """Exactly the filters on which ``user`` has the rule ``workbench.view_filter``: their own."""
        return self.filter(owner=user.pk) if user.is_active and user.is_counter else self.none()


class SavedFilter(models.Model):
    """A list as one person wants it again: its filters and order, by a name of their own.

    What it is narrowed by may hold somebody's name: it is kept encrypted.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters"
    )
    listing = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = EncryptedTextField(max_length=2000, blank=True)
    saved_at = models.DateTimeField()

    objects = SavedFilterQuerySet.as_manager()

    whose = "owner"
    personal = {
        "name": Personal(DataClass.ORDINARY, "finding a list again", USED),
        "query": Personal(DataClass.SPECIAL, "finding a list again", USED),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "listing", "name"], name="one_saved_filter_per_name"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_filter_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"saved filter {self.pk}"
