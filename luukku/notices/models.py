"""Letters: what is said to people, written in the transaction that gave the reason, sent after it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from luukku.core.compiled import Instant
from luukku.core.constraints import one_of
from luukku.core.encrypted import EncryptedTextField
from luukku.core.person import Person
from luukku.core.personal import DataClass, Personal
from luukku.core.times import end_of_quiet

HELD = timedelta(seconds=10)  # how long letters wait whose reason can still be taken back


class Channel(models.TextChoices):
    """How a letter reaches its reader."""

    MAIL = "mail", _("E-mail at once")
    DIGEST = "digest", _("In one daily e-mail")
    DESK = "desk", _("Only on my desk here")
    PAPER = "paper", _("By phone or post from the counter")


ON_PAPER = Q(channel=Channel.PAPER, sent_at=None)  # waits for a person at the counter


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

    def visible_to(self, user: Person) -> "LetterQuerySet":
        """Exactly the letters on which ``user`` has the rule ``notices.view``."""
        if not user.is_active:
            return self.none()
        own = Q(reader=user.pk)
        return self.filter(own | Q(is_secret=False)) if user.is_counter else self.filter(own)

    def said_to(self, reader: Person) -> "LetterQuerySet":
        """Return what has been said to ``reader``; sign-in codes are said to an address, to no account."""
        return self.filter(reader=reader)

    def to_mail(self, at: "Instant", *, ahead: timedelta = timedelta()) -> "LetterQuerySet":
        """Return unsent letters for the mail whose time comes until ``ahead`` after ``at`` and is not over."""
        time_left = Q(expires_at=None) | Q(expires_at__gt=at)
        return self.filter(
            time_left, channel=Channel.MAIL, sent_at=None, not_before_at__lte=at + ahead
        )

    def awake(self, morning: "Instant | None") -> "LetterQuerySet":
        """Leave out, while people sleep until ``morning``, what can wait; never what would be late by then."""
        if morning is None:
            return self
        return self.filter(Q(can_wait=False) | Q(expires_at__lte=morning))

    def first_of_lane(self, at: "Instant", morning: "Instant | None") -> "LetterQuerySet":
        """Return of each reader's letters about a matter, which are for the mail at ``at``, the first.

        Until ``morning`` people sleep; by day it is None.

        The others wait for it, so that nobody reads an old truth last, also while it is held back. What is
        about no matter waits for nothing.
        """
        first = (
            Letter.objects.to_mail(at, ahead=HELD)
            .awake(morning)
            .filter(lane=OuterRef("lane"))
            .order_by("pk")  # as written: clocks of two processes differ, the rows' numbers do not
            .values("pk")[:1]
        )
        return self.to_mail(at).awake(morning).filter(pk=Subquery(first))

    def due(self, at: datetime) -> "LetterQuerySet":
        """Return the letters that may leave at ``at``: the first of their lanes, but for those that have a pause."""
        has_paused = Q(retry_at=None) | Q(retry_at__lte=at)
        return self.first_of_lane(at, end_of_quiet(at)).filter(has_paused)

    def unread(self, reader: Person, at: datetime) -> "LetterQuerySet":
        """Return letters that ``reader`` may see at ``at`` and has not marked as read."""
        return self.said_to(reader).filter(read_at=None, not_before_at__lte=at)

    def on_paper(self, at: "Instant | Subquery[Any] | None" = None) -> "LetterQuerySet":
        """Return letters that a person at the counter still has to read out or post.

        What is planned for a later day, as a reminder, is among them once its day has come ``at`` an instant.
        """
        is_time = Q(not_before_at__lte=F("made_at") + HELD)  # what is held back may be told at once
        return self.filter(ON_PAPER, is_time if at is None else is_time | Q(not_before_at__lte=at))


class Letter(models.Model):
    """One notice to one reader. ``key`` makes telling the same thing twice harmless.

    Attributes:
        about: the matter, e.g. ``order-45``; empty when the letter stands alone.
        lane: reader and matter: what is in one lane leaves in the order it was written, one at a time.
        can_wait: leaves between 8 and 20 only.
        is_secret: holds a code or the like, and is deleted once it has left.
        expires_at: from then on it is not sent any more.
        retry_at: not tried again before; for a fault of this letter alone.
        tried_at: when it was last handed to a server that answered with a fault.
        daily_id: the Message-ID of the daily mail that it was put into.
    """

    key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=60, blank=True)
    lane = models.CharField(max_length=150)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="letters"
    )
    email = models.EmailField(
        blank=True
    )  # of a reader without an account: a guest confirming an order
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=10, choices=Channel)
    subject = models.CharField(max_length=150)
    body = EncryptedTextField()
    link = EncryptedTextField(blank=True)
    link_label = models.CharField(max_length=80, blank=True)
    calendar = EncryptedTextField(blank=True)
    message_id = models.CharField(max_length=150, unique=True)
    daily_id = models.CharField(max_length=150, blank=True)
    can_wait = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    not_before_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    objects = LetterQuerySet.as_manager()

    whose = "reader"
    personal = {
        "email": Personal(DataClass.CONTACT, "sending this letter", "90 days after sending"),
        # A reason or the counter's own words may say something of a life.
        **dict.fromkeys(
            ("body", "link", "calendar"),
            Personal(DataClass.SPECIAL, "sending this letter", "90 days after sending"),
        ),
    }

    class Meta:
        constraints = [
            one_of("channel", Channel.values, name="letter_channel"),
            models.CheckConstraint(
                condition=Q(reader__isnull=False) | ~Q(email=""), name="letter_has_a_reader"
            ),
            models.CheckConstraint(
                condition=Q(is_secret=False) | Q(reader=None, expires_at__isnull=False),
                name="secret_letter_ends_and_is_on_nobodys_page",
            ),
        ]
        indexes = [
            models.Index(fields=["lane", "id"], condition=Q(sent_at=None), name="letter_lane"),
            models.Index(fields=["-sent_at"], condition=Q(channel="mail"), name="letter_taken"),
            models.Index(
                fields=["channel", "not_before_at"], condition=Q(sent_at=None), name="letter_unsent"
            ),
            models.Index(fields=["reader", "-made_at"], name="letter_of_reader"),
            models.Index(fields=["about"], name="letter_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
