"""Objects with a state, and forms that arrived before."""

from django.conf import settings
from django.db import models


class Stateful(models.Model):
    """Something whose ``state`` changes only inside ``workflow.actions.moving``."""

    state = models.CharField(max_length=20, editable=False)
    state_changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class Submission(models.Model):
    """A form that was answered with a redirect; the same form sent again gets the same answer."""

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)
    path = models.CharField(max_length=500)
    location = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.path


class Turn(models.Model):
    """When a piece of scheduled work was last begun, by whichever worker."""

    name = models.CharField(max_length=60, primary_key=True)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """How often something has been tried since its window began; what was tried is kept as a mark only."""

    mark = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count}"


class Change(models.Model):
    """The last commit that touched a topic: written by triggers, told apart by its token only.

    Each transaction adds a row of its own and takes away the older ones that nobody holds, so writers
    never wait for each other; mostly there is one row a topic.
    """

    token = models.UUIDField(primary_key=True)
    topic = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.topic
