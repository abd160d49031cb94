"""Letters: what is said to people, written in the transaction that gave the reason, sent after it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal


class Channel(models.TextChoices):
    """How a letter reaches its reader."""

    MAIL = "mail", _("E-mail at once")
    DIGEST = "digest", _("In one daily e-mail")
    DESK = "desk", _("Only on my desk here")
    PAPER = "paper", _("By phone or post from the counter")


class NoticeChoice(models.Model):
    """A person's own choice for one kind of notice; without a row the kind's default holds."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices"
    )
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_choice_per_kind"),
            one_of("channel", ["mail", "digest", "desk"], name="choice_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.channel}"


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters by what still has to happen to them."""

    def due(self, at: object) -> "LetterQuerySet":
        """Return unsent letters that may leave as mail of their own at ``at``."""
        return self.filter(channel=Channel.MAIL, sent_at=None, not_before_at__lte=at)

    def unread(self, reader: models.Model, at: object) -> "LetterQuerySet":
        """Return letters that ``reader`` may see at ``at`` and has not marked as read."""
        return self.filter(reader=reader, read_at=None, not_before_at__lte=at)

    def on_paper(self) -> "LetterQuerySet":
        """Return letters that a person at the counter still has to read out or post."""
        return self.filter(channel=Channel.PAPER, sent_at=None)


class Letter(models.Model):
    """One notice to one reader. ``key`` makes telling the same thing twice harmless."""

    key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=60)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="letters"
    )
    email = models.EmailField(
        blank=True
    )  # of a reader without an account: a guest confirming an order
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=10, choices=Channel)
    subject = models.CharField(max_length=150)
    body = models.TextField()
    link = models.CharField(max_length=600, blank=True)
    link_label = models.CharField(max_length=80, blank=True)
    calendar = models.TextField(blank=True)
    message_id = models.CharField(max_length=150, unique=True)
    made_at = models.DateTimeField()
    not_before_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    objects = LetterQuerySet.as_manager()

    personal = {
        "email": Personal(DataClass.CONTACT, "sending this letter", "90 days after sending"),
        "body": Personal(DataClass.CONTACT, "sending this letter", "90 days after sending"),
    }

    class Meta:
        constraints = [
            one_of("channel", Channel.values, name="letter_channel"),
            models.CheckConstraint(
                condition=Q(reader__isnull=False) | ~Q(email=""), name="letter_has_a_reader"
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "not_before_at"], condition=Q(sent_at=None), name="letter_unsent"
            ),
            models.Index(fields=["reader", "-made_at"], name="letter_of_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
