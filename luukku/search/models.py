"""What can be found: documents with their keys, the names of things, the words of the index, and misses.

Beside them stands how many expert cards the search has shown to whom: it finds an expert, it is no register.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import one_of
from luukku.core.personal import DataClass, Personal
from luukku.privacy.fields import EncryptedTextField

LANGUAGES = ["fi", "sv", "en"]


class Document(models.Model):
    """One page, task type or theme in one language. Written by ``search.actions`` only; can be rebuilt.

    Beside ``keys`` (see ``search.keys``) the row is narrow on purpose: counting facets reads the rows of all
    hits, and long columns lie apart (migration 0001).
    """

    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    weight = models.PositiveSmallIntegerField(default=5)  # among equals the lighter comes first
    groups = ArrayField(models.CharField(max_length=10), default=list)  # of themes
    services = ArrayField(models.CharField(max_length=40), default=list)
    places = ArrayField(models.CharField(max_length=3), default=list)  # codes of municipalities
    title = models.CharField(max_length=255)
    everyday = models.TextField(blank=True)  # everyday words that lead here
    body = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)  # empty: a theme, which has no address
    keys = ArrayField(models.TextField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "language"], name="one_document_per_language"
            ),
            one_of("language", LANGUAGES, name="document_language"),
        ]
        indexes = [GinIndex(fields=["keys"], name="document_by_key", fastupdate=False)]

    def __str__(self) -> str:
        return self.title


class DocumentWord(models.Model):
    """A word of the index: what unfinished and misspelt words are compared with."""

    language = models.CharField(max_length=2)
    word = models.CharField(max_length=80)
    is_known = models.BooleanField()  # by the language's analyser

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="one_row_per_word"),
            one_of("language", LANGUAGES, name="document_word_language"),
        ]
        indexes = [
            models.Index(
                OpClass("word", name="varchar_pattern_ops"), "language", name="word_by_beginning"
            ),
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="word_by_trigram"),
        ]

    def __str__(self) -> str:
        return self.word


class NameOf(models.TextChoices):
    """What a name in a question may stand for."""

    THEME = "theme", _("Theme")
    SYNONYM = "synonym", _("Everyday word of a theme")
    TASK_TYPE = "task_type", _("Kind of task")
    MUNICIPALITY = "place", _("Municipality")
    LANGUAGE = "language", _("Language")
    REMOTE = "remote", _("Remotely")


class DocumentName(models.Model):
    """A name or everyday word, and what it stands for: how a question reaches calls and experts."""

    of = models.CharField(max_length=10, choices=NameOf)
    code = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    label = models.CharField(max_length=120)
    keys = ArrayField(models.TextField())  # of all its words
    words = models.JSONField()  # the keys word by word: a question must answer each
    leads_to = models.CharField(max_length=120, blank=True)  # an everyday word's theme
    leads_to_keys = ArrayField(models.TextField(), default=list)  # where that is one word

    class Meta:
        constraints = [
            one_of("of", NameOf.values, name="document_name_of"),
            one_of("language", LANGUAGES, name="document_name_language"),
        ]
        indexes = [
            GinIndex(fields=["keys"], name="name_by_key", fastupdate=False),
            models.Index(fields=["of", "code"], name="name_by_thing"),
        ]

    def __str__(self) -> str:
        return self.label


class MissQuerySet(models.QuerySet["Miss"]):
    """Misses by whether somebody has seen to them."""

    def waiting(self) -> "MissQuerySet":
        """Return those that nobody has seen to."""
        return self.filter(handled_at=None)


class Miss(models.Model):
    """Words that found nothing, counted by day: a need that nobody has written about yet.

    Only plain words are kept, nothing of who asked, and not for long.
    """

    words = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    day = models.DateField()
    count = models.PositiveIntegerField(default=1)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = MissQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["words", "language", "day"],
                condition=models.Q(handled_at=None),
                name="one_miss_per_day",
            ),
            one_of("language", LANGUAGES, name="miss_language"),
        ]
        indexes = [models.Index(fields=["day"], name="miss_by_day")]

    def __str__(self) -> str:
        return self.words


class CardDay(models.Model):
    """Whose cards the search has shown to one account on one day (Helsinki); locked while cards are added."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="card_days")
    on = models.DateField()
    expert_ids = ArrayField(models.BigIntegerField(), default=list)

    personal = {
        "expert_ids": Personal(
            DataClass.ORDINARY, "keeping the search from being a register", "3 months"
        )
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "on"], name="one_card_day_of_a_user")
        ]
        indexes = [models.Index(fields=["on"], name="card_day_by_day")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.on}: {len(self.expert_ids)}"


class WideReadingQuerySet(models.QuerySet["WideReading"]):
    """Reasons for wide reading by who may see them and whether anybody has."""

    def visible_to(self, user: User) -> "WideReadingQuerySet":
        """Exactly the reasons on which ``user`` has the rule ``search.view_wide_readings``."""
        return self if user.is_active and user.is_counter else self.none()

    def waiting(self) -> "WideReadingQuerySet":
        """Return those that the counter has not seen, the oldest first."""
        return self.filter(seen_at=None).order_by("asked_at", "pk")


class WideReading(models.Model):
    """Why somebody wants to see more cards on one day than the limit lets; it opens as many once more."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="wide_readings")
    on = models.DateField()
    asked_at = models.DateTimeField()
    reason = EncryptedTextField(_("reason"), max_length=1000)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = WideReadingQuerySet.as_manager()

    whose = "user"
    personal = {
        "reason": Personal(DataClass.SPECIAL, "letting somebody see many cards", "2 years"),
    }

    class Meta:
        indexes = [
            models.Index(fields=["user", "on"], name="wide_reading_by_user"),
            models.Index(
                fields=["asked_at"], condition=models.Q(seen_at=None), name="wide_reading_waits"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seen_by=None) | models.Q(seen_at__isnull=False),
                name="wide_reading_seen_at",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
