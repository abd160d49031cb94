"""What was done and who looked: rows that nobody can change afterwards.

No foreign keys: the record outlives what it speaks of. Events hold ids and states, never free text.
"""

from django.db import models


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


class AccessLog(models.Model):
    """One reading of sensitive data about a person by somebody else."""

    at = models.DateTimeField()
    reader_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    what = models.CharField(max_length=60)
    why = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["person_id", "-id"], name="access_by_person")]

    def __str__(self) -> str:
        return f"{self.reader_id} read {self.what} of {self.person_id}"
