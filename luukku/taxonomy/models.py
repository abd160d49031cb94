"""The words that everybody shares: places, experience themes, task types, services, languages."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luukku.core.constraints import between, one_of
from luukku.taxonomy.words import in_words_of_region


def in_language(obj: object, field: str) -> str:
    """Return ``field`` of ``obj``, or of a row with its columns, in the active language, else in Finnish.

    Finnish ones come with the region's words.
    """
    language = (get_language() or "fi")[:2]
    text = "" if language == "fi" else getattr(obj, f"{field}_{language}", "")
    return text or in_words_of_region(getattr(obj, f"{field}_fi"))


NAMES = ("name_fi", "name_sv", "name_en")  # the columns in which a name stands


class Named(models.Model):
    """Something with a name in three languages."""

    name_fi = models.CharField(max_length=120)
    name_sv = models.CharField(max_length=120, blank=True)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_language(self, "name")


class County(Named):
    """A wellbeing services county; also Helsinki and Åland, which are none but fill their place."""

    code = models.CharField(max_length=2, primary_key=True)
    is_county = models.BooleanField(default=True)
    population = models.PositiveIntegerField(null=True)
    population_year = models.PositiveSmallIntegerField(null=True)


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    """Municipalities by when they exist."""

    def current(self, on: date) -> MunicipalityQuerySet:
        """Return those that exist on ``on``."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on)
        )


class Municipality(Named):
    """A municipality of Finland, now or earlier."""

    code = models.CharField(max_length=3, primary_key=True)
    county = models.ForeignKey(
        County, null=True, on_delete=models.PROTECT, related_name="municipalities"
    )
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    coordinates_source = models.CharField(max_length=100, blank=True)
    population = models.PositiveIntegerField(null=True)
    population_year = models.PositiveSmallIntegerField(null=True)
    valid_from = models.DateField(null=True)  # at the latest; NULL: not known
    valid_to = models.DateField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        constraints = [
            between("latitude", 59, 71, name="municipality_latitude"),
            between("longitude", 19, 32, name="municipality_longitude"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="municipality_validity",
            ),
        ]
        indexes = [models.Index(fields=["name_fi"], name="municipality_by_name")]


class Distance(models.Model):
    """Kilometres by road between two municipalities' centres; an estimate where no road is known."""

    origin = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="distances")
    destination = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    km = models.PositiveSmallIntegerField()
    is_estimate = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "destination"], include=["km"], name="one_distance_per_pair"
            )
        ]
        indexes = [models.Index(fields=["destination", "km"], name="distance_by_destination")]

    def __str__(self) -> str:
        return f"{self.origin_id}–{self.destination_id}: {self.km} km"


class ThemeGroup(models.TextChoices):
    """The three roots of the vocabulary."""

    HEALTH = "health", _("Health")
    LIFE = "life", _("Life situation")
    SERVICE = "service", _("Service experience")


class Theme(Named):
    """A theme of experience, in two levels below its group."""

    code = models.SlugField(max_length=40, unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    group = models.CharField(max_length=10, choices=ThemeGroup)
    plan_needs = models.JSONField(
        default=list
    )  # needs named in measure 2.3 that this theme answers
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            one_of("group", ThemeGroup.values, name="theme_group"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="theme_not_own_parent"),
        ]


class ThemeSynonym(models.Model):
    """An everyday word that leads to a theme."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="synonyms")
    language = models.CharField(max_length=2)
    word = models.CharField(max_length=80)
    is_added = models.BooleanField(default=False)  # by a person; the files do not know it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "language", "word"], name="one_synonym_per_word"
            ),
            one_of("language", ["fi", "sv", "en"], name="synonym_language"),
        ]
        indexes = [models.Index(fields=["language", "word"], name="synonym_by_word")]

    def __str__(self) -> str:
        return self.word


class FeeUnit(models.TextChoices):
    """What a fee is counted by."""

    PER_TASK = "per_task", _("per task")
    PER_HOUR = "per_hour", _("per hour")
    PER_MEETING = "per_meeting", _("per meeting")


class Span(models.TextChoices):
    """How long a commitment a task type is."""

    SHORT = "short", _("Short-term")
    LONG = "long", _("Long-term")


class TaskType(Named):
    """A kind of experience task and what both sides should know of it."""

    code = models.SlugField(max_length=40, unique=True)
    bit = models.PositiveSmallIntegerField(unique=True)  # place in matching's bit mask
    summary_fi = models.TextField()
    summary_sv = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    is_fi = models.TextField()  # what it is
    is_sv = models.TextField(blank=True)
    is_en = models.TextField(blank=True)
    is_not_fi = models.TextField()  # what it is not
    is_not_sv = models.TextField(blank=True)
    is_not_en = models.TextField(blank=True)
    orderer_prepares_fi = models.TextField()
    orderer_prepares_sv = models.TextField(blank=True)
    orderer_prepares_en = models.TextField(blank=True)
    expert_needs_fi = models.TextField()
    expert_needs_sv = models.TextField(blank=True)
    expert_needs_en = models.TextField(blank=True)
    shortest_minutes = models.PositiveSmallIntegerField(null=True)
    typical_minutes = models.PositiveSmallIntegerField(null=True)
    longest_minutes = models.PositiveSmallIntegerField(null=True)
    fee_unit = models.CharField(max_length=12, choices=FeeUnit)
    span = models.CharField(max_length=6, choices=Span)
    is_pair_work = models.BooleanField(default=False)
    is_three_way = models.BooleanField(default=False)
    needs_publicity_consent = models.BooleanField(default=False)
    is_heavy = models.BooleanField(default=False)  # asks for a talk afterwards: the region decides
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            one_of("fee_unit", FeeUnit.values, name="task_type_fee_unit"),
            one_of("span", Span.values, name="task_type_span"),
            between("bit", 0, 62, name="task_type_bit"),
        ]

    @property
    def summary(self) -> str:
        """What the task is, in a sentence, in the active language."""
        return in_language(self, "summary")

    @property
    def what_it_is(self) -> str:
        """What the task is, in the active language."""
        return in_language(self, "is")

    @property
    def what_it_is_not(self) -> str:
        """What the task is not, in the active language."""
        return in_language(self, "is_not")

    @property
    def orderer_prepares(self) -> str:
        """What the orderer prepares, in the active language."""
        return in_language(self, "orderer_prepares")

    @property
    def expert_needs(self) -> str:
        """What the expert needs, in the active language."""
        return in_language(self, "expert_needs")


class Service(Named):
    """A field of services that the plan names."""

    code = models.SlugField(max_length=40, primary_key=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]


class Topic(Named):
    """What a training may be about, by the words that all producers share."""

    code = models.SlugField(max_length=40, primary_key=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]


class Language(Named):
    """A language that a task may be done in."""

    code = models.CharField(max_length=3, primary_key=True)
    bit = models.PositiveSmallIntegerField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [between("bit", 0, 62, name="language_bit")]


class Region(Named):
    """An area with a counter of its own, and the words that it has chosen."""

    code = models.SlugField(max_length=40, primary_key=True)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="regions")
    expert_word = models.CharField(max_length=40)
