"""What was done and who looked: rows that nobody can change afterwards.

No foreign keys: the record outlives what it speaks of. Events hold ids and states, never free text.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal


class AuditEvent(models.Model):
    """One act. At commit the database gives it its place and hash in the chain (migration 0002)."""

    at = models.DateTimeField()
    act = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    place = models.BigIntegerField(null=True, unique=True, editable=False)
    hash = models.BinaryField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_by_object"),
            models.Index(fields=["actor_id", "id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.object_type} {self.object_id}"


class ChainHead(models.Model):
    """The one row that says where the chain of audit events ends; locked while an event is added."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    place = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_chain")]

    def __str__(self) -> str:
        return str(self.place)


KEEP_READINGS = timedelta(days=2 * 365)  # as the function of the migration counts


class ReaderAs(models.TextChoices):
    """As who somebody looked: the role that opened the page to them then, whatever they are later."""

    COORDINATOR = "coordinator", _("A coordinator of the counter")
    ADMIN = "admin", _("An administrator of the service")
    STEERING = "steering", _("A member of the steering group")
    ORDERER = "orderer", _("An orderer")
    BACKGROUND = "background", _("A background organisation")
    PRODUCER = "producer", _("An organisation that trains")
    EXPERT = "expert", _("An expert by experience")
    ACCOUNT = "account", _("Somebody with an account")
    GUEST = "guest", _("Somebody who was sent a link")


OF_ORGANISATIONS = {ReaderAs.ORDERER, ReaderAs.BACKGROUND, ReaderAs.PRODUCER}


class AccessLogQuerySet(models.QuerySet["AccessLog"]):
    """Readings by whose data it was and by who looked."""

    def of(self, person_id: int) -> AccessLogQuerySet:
        """Return the readings of this person's data by others."""
        return self.filter(person_ids__contains=[person_id]).exclude(reader_id=person_id)

    def by(self, reader_id: int) -> AccessLogQuerySet:
        """Return what this account was shown of others."""
        return self.filter(reader_id=reader_id)

    def between(self, since: datetime, until: datetime) -> AccessLogQuerySet:
        """Return the readings from ``since`` up to ``until``, the latter not among them."""
        return self.filter(at__gte=since, at__lt=until)


class AccessLog(models.Model):
    """One reading of personal data by somebody else: of one person, or of everybody on a list.

    Attributes:
        reader_id: the account that was shown it; 0 for somebody without an account.
        reader_as: the role in which it was shown; empty in rows from before it was noted.
        organisation_id: in whose name, where the role is one in an organisation.
        person_ids: whose data it was; 0 among them stands for people without an account.
        what: the fields, as ``app.model.field``, with spaces between.
        why: the act or page, with the numbers of its address.
        records: which objects tell of the people without an account, as ``app.model 12``.
    """

    at = models.DateTimeField()
    reader_id = models.BigIntegerField()
    person_ids = ArrayField(models.BigIntegerField())
    what = models.CharField(max_length=1000)
    why = models.CharField(max_length=200)
    records = ArrayField(models.CharField(max_length=60), default=list)
    reader_as = models.CharField(max_length=20, choices=ReaderAs, blank=True)
    organisation_id = models.BigIntegerField(null=True)

    objects = AccessLogQuerySet.as_manager()

    personal = {
        "reader_id": Personal(DataClass.ORDINARY, "telling people who looked", "2 years"),
        "person_ids": Personal(DataClass.ORDINARY, "telling people who looked", "2 years"),
        "records": Personal(DataClass.ORDINARY, "telling people who looked", "2 years"),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person_ids__len__gt=0), name="access_of_somebody"
            ),
            one_of("reader_as", ["", *ReaderAs.values], name="access_reader_as"),
            models.CheckConstraint(
                condition=models.Q(organisation_id=None)
                | models.Q(reader_as__in=sorted(OF_ORGANISATIONS)),
                name="access_for_organisation",
            ),
        ]
        indexes = [
            GinIndex(fields=["person_ids"], name="access_by_people"),
            models.Index(fields=["reader_id", "at"], name="access_by_reader"),
            models.Index(fields=["at"], name="access_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} read {self.what} of {len(self.person_ids)}"
