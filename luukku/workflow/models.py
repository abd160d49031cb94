"""Objects with a state, and forms that arrived before."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from luukku.core.personal import DataClass, Personal
from luukku.core.refused import Refused, Words
from luukku.privacy.fields import EncryptedTextField

TYPED_AGE = timedelta(hours=1)


class Stateful(models.Model):
    """Something whose ``state`` changes only inside ``workflow.actions.moving``.

    Attributes:
        moved_on: what is said to whoever comes too late for an act on it.
        moved_on_at_counter: the same to the counter, where that differs.
    """

    moved_on: Words = Refused.words
    moved_on_at_counter: Words = ""

    state = models.CharField(max_length=20, editable=False)
    state_changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def state_label(self) -> str:
        """The state in words; Django's own way puts every state into words to find the one, each time."""
        labels = dict(getattr(self._meta.get_field("state"), "flatchoices", ()))
        return str(labels.get(self.state, self.state))


class Submission(models.Model):
    """A form that was answered with a redirect; the same form sent again gets the same answer."""

    token = models.UUIDField()
    content = models.CharField(
        max_length=64
    )  # mark of who sent it, where to, and all that was in it
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)
    path = models.CharField(max_length=500)
    location = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["token", "content"], name="one_submission_per_form_and_content"
            )
        ]

    def __str__(self) -> str:
        return self.path


class Typed(models.Model):
    """A form that could not be taken (its session had ended, something was wrong): kept until it is sent.

    It belongs to one browser, which holds the key, and to the one whom the form had been shown to.
    """

    key_mark = models.CharField(max_length=64)  # of the key in the browser's cookie
    token = (
        models.UUIDField()
    )  # of the form: tells whom it had been shown to, when one asks about them
    page = models.CharField(max_length=1000)  # where the form stands, without the language
    action = models.CharField(max_length=1000)  # where it was sent, without the language
    body = EncryptedTextField()
    at = models.DateTimeField(db_index=True)

    whose = None  # opened by the key in its writer's browser alone
    personal = {
        "body": Personal(DataClass.SPECIAL, "giving back what was typed", "an hour"),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key_mark", "page", "action"], name="one_typed_per_browser_and_form"
            )
        ]

    def __str__(self) -> str:
        return self.action


class Turn(models.Model):
    """When a piece of scheduled work was last queued; what was begun and cut off is queued again."""

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
