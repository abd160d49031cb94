"""What those who train talk about among themselves: one thread for each topic, what was decided, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.personal import DataClass, Personal
from luukku.organisations.models import MemberRole, Membership
from luukku.privacy.fields import EncryptedTextField

LONGEST_MESSAGE = 2000
LONGEST_DECISION = 500
KEEP_MESSAGES = timedelta(days=730)
KEPT = "2 years after it was written"


def _trains(user: User) -> bool:
    return Membership.objects.standing(MemberRole.PRODUCER).filter(user_id=user.pk).exists()


class ThreadQuerySet(models.QuerySet["Thread"]):
    """Threads by who may read them."""

    def visible_to(self, user: User) -> ThreadQuerySet:
        """Exactly those on which ``user`` has the rule ``training.view_thread``."""
        may = user.is_active and (user.is_counter or _trains(user))
        return self.all() if may else self.none()

    def waiting(self, since: datetime | models.Expression) -> ThreadQuerySet:
        """Return those that have waited for a decision since ``since`` or longer."""
        return self.filter(waits_since__lte=since)

    def with_newest(self) -> ThreadQuerySet:
        """Return these with the decision in force (``decision``, ``decided_on``) and when somebody wrote last."""
        standing = ThreadDecision.objects.standing()
        newest = standing.filter(thread=models.OuterRef("pk")).order_by("-number")
        said = ThreadMessage.objects.standing().filter(thread=models.OuterRef("pk")).order_by("-pk")
        return self.select_related("topic").annotate(
            decision=models.Subquery(newest.values("words")[:1]),
            decided_on=models.Subquery(newest.values("decided_on")[:1]),
            last_at=models.Subquery(said.values("at")[:1]),
        )


class Thread(models.Model):
    """One thread of those who train: about a topic of the shared words, or about the common core as a whole.

    Attributes:
        topic: None: the common core as a whole.
        waits_since: when the first message came that no decision has followed; None where nothing waits.
    """

    topic = models.OneToOneField(
        "taxonomy.Topic", null=True, on_delete=models.PROTECT, related_name="thread"
    )
    begun_at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic"], name="one_thread_per_topic", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["waits_since"], name="thread_waits")]

    def __str__(self) -> str:
        return f"thread about {self.topic_id or 'the common core'}"

    @property
    def title(self) -> str:
        """What it is about, in the active language."""
        return self.topic.name if self.topic else _("The common core as a whole")


class Removable(models.Model):
    """What somebody says in a thread. Never changed; its words go when it is taken away.

    Attributes:
        gone_at: when it was withdrawn by its writer, or removed; None: it stands.
        removed_by, removed_why: who at the counter removed it, and why.
    """

    gone_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_why = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_by=None, removed_why="")
                | Q(gone_at__isnull=False, removed_by__isnull=False) & ~Q(removed_why=""),
                name="%(class)s_removed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(gone_at=None) & ~Q(words="") | Q(gone_at__isnull=False, words=""),
                name="%(class)s_has_words_or_is_gone",
            ),
        ]


class ThreadMessageQuerySet(models.QuerySet["ThreadMessage"]):
    """Messages by who may read them."""

    def visible_to(self, user: User) -> ThreadMessageQuerySet:
        """Exactly those on which ``user`` has the rule ``training.view_message``."""
        may = user.is_active and (user.is_counter or _trains(user))
        return self.all() if may else self.none()

    def standing(self) -> ThreadMessageQuerySet:
        """Return those that nobody has taken away."""
        return self.filter(gone_at=None)


class ThreadMessage(Removable):
    """A message in an organisation's name.

    Attributes:
        by: who wrote it; None once the person has been deleted.
        organisation: in whose name; None: the counter's own.
        is_by_phone: the counter wrote it down for the organisation.
        asks: whether it is to be decided on; else the thread waits for nothing because of it.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    words = EncryptedTextField(max_length=LONGEST_MESSAGE, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_by_phone = models.BooleanField(default=False)
    asks = models.BooleanField(default=True)
    at = models.DateTimeField()

    whose = "by"
    personal = {
        "words": Personal(DataClass.SPECIAL, "agreeing on what trainings hold", KEPT),
    }
    objects = ThreadMessageQuerySet.as_manager()

    class Meta(Removable.Meta):
        ordering = ["pk"]
        constraints = [
            *Removable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(is_by_phone=False) | Q(organisation__isnull=False),
                name="thread_message_by_phone_of_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of thread {self.thread_id}"


class ThreadDecisionQuerySet(models.QuerySet["ThreadDecision"]):
    """Decisions by who may read them."""

    def visible_to(self, user: User) -> ThreadDecisionQuerySet:
        """Exactly those on which ``user`` has the rule ``training.view_decision``."""
        may = user.is_active and (user.is_counter or user.is_steering or _trains(user))
        return self.all() if may else self.none()

    def standing(self) -> ThreadDecisionQuerySet:
        """Return those that nobody has taken away."""
        return self.filter(gone_at=None)

    def in_force(self) -> ThreadDecisionQuerySet:
        """Return the newest of each thread that stands."""
        newer = ThreadDecision.objects.standing().filter(
            thread=models.OuterRef("thread"), number__gt=models.OuterRef("number")
        )
        return self.standing().filter(~models.Exists(newer))


class ThreadDecision(Removable):
    """What those who train have decided in a thread; a later one takes its place, and both stay.

    Attributes:
        number: 1 for the first of its thread.
        made_by, organisation: who wrote it down, and in whose name; None: the counter.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=LONGEST_DECISION, blank=True)
    decided_on = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    objects = ThreadDecisionQuerySet.as_manager()

    class Meta(Removable.Meta):
        ordering = ["-number"]
        constraints = [
            *Removable.Meta.constraints,
            models.UniqueConstraint(
                fields=["thread", "number"], name="one_thread_decision_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.number} of thread {self.thread_id}"
