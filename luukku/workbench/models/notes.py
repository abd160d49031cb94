"""What those at the counter write down for each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import together
from luukku.core.encrypted import EncryptedTextField
from luukku.core.personal import DataClass, Personal
from luukku.experts.models import Expert
from luukku.orders.models import Order
from luukku.organisations.models import Organisation

CORRECTED_WITHIN = timedelta(minutes=30)
SUBJECTS = ("order", "expert", "organisation", "person")

Subject = Order | Expert | Organisation | User


def field_for(about: Subject) -> str:
    """Return the field of a note in which ``about`` stands."""
    return "person" if isinstance(about, User) else str(about._meta.model_name)


def _about_one() -> Q:
    one = Q()
    for name in SUBJECTS:
        one |= Q(**{f"{other}__isnull": other != name for other in SUBJECTS})
    return one


class InternalNoteQuerySet(models.QuerySet["InternalNote"]):
    """Internal notes by who may read them and what they are about."""

    def visible_to(self, user: User) -> InternalNoteQuerySet:
        """Exactly the notes on which ``user`` has the rule ``workbench.view_note``."""
        return self if user.is_active and user.is_counter else self.none()

    def about(self, subject: Subject) -> InternalNoteQuerySet:
        """Return the notes about ``subject``, the newest first, with their writers."""
        rows = self.filter(**{field_for(subject): subject})
        return rows.select_related("by", "struck_by").order_by("-pk")

    def telling_of(self, person: User) -> InternalNoteQuerySet:
        """Return the notes that tell of ``person``: of the account, the profile, and the orders whose contact it is."""
        about = Q(person=person) | Q(expert__user=person) | Q(order__contact=person)
        return self.filter(about).select_related("order").order_by("at", "pk")


class InternalNote(models.Model):
    """A word from one at the counter to the others there, about one order, expert, organisation or person.

    Nobody else sees it, save whom it tells of, who may ask for what is held about them.
    """

    order = models.ForeignKey(
        Order, null=True, on_delete=models.CASCADE, related_name="internal_notes"
    )
    expert = models.ForeignKey(
        Expert, null=True, on_delete=models.CASCADE, related_name="internal_notes"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="internal_notes"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="internal_notes"
    )
    words = EncryptedTextField(_("note"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    corrected_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    struck_at = models.DateTimeField(null=True)

    # An organisation is nobody: the reading of its notes is noted without a person.
    whose = Coalesce("person", "expert__user", "order__contact")
    personal = {
        "words": Personal(DataClass.SPECIAL, "serving well whoever calls", "2 years after writing")
    }

    objects = InternalNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_about_one(), name="internal_note_about_one"),
            together("struck_at", "struck_by", name="internal_note_struck_whole"),
        ]

    def __str__(self) -> str:
        return f"internal note {self.pk}"

    def about(self) -> Subject:
        """Return what the note is about."""
        subject: Subject | None = self.order or self.expert or self.organisation or self.person
        assert subject is not None  # noqa: S101  # the database refuses others
        return subject

    def may_be_corrected(self, at: datetime) -> bool:
        """Return whether its writer may still put other words in its place at ``at``."""
        return self.struck_at is None and at < self.at + CORRECTED_WITHIN
