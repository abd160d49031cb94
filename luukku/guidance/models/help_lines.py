"""Lines to call at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Expression, Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import one_of
from luukku.core.distress import Sign
from luukku.core.text import tel
from luukku.taxonomy.models import in_language

PHONE = r"^\+?[0-9][0-9 ]+$"
CHECK_EVERY = timedelta(days=365)
SIGNS = [
    (Sign.SUICIDE, _("Thoughts of suicide, harming oneself")),
    (Sign.CRISIS, _("Crisis, great anxiety")),
    (Sign.VIOLENCE, _("Violence and threats")),
    (Sign.SUBSTANCES, _("Overdose, poisoning, withdrawal")),
    (Sign.NEED, _("No food, no place to sleep")),
    (Sign.HEALTH, _("A sudden illness")),
]


class HelpLineQuerySet(models.QuerySet["HelpLine"]):
    """Lines by what they help with, and by whether anybody still knows that they are right."""

    def for_signs(self, signs: Iterable[Sign], *, language: str) -> HelpLineQuerySet:
        """Return the lines that help with one of ``signs``, and those that always do; in order of calling."""
        always_or_these = Q(signs=[]) | Q(signs__overlap=[str(sign) for sign in signs])
        return self.filter(always_or_these, is_active=True, language__in=["", language])

    def unchecked(self, on: date | Expression) -> HelpLineQuerySet:
        """Return the lines in use that nobody has checked within a year before ``on``."""
        return self.filter(Q(checked_on=None) | Q(checked_on__lte=on - CHECK_EVERY), is_active=True)


class HelpLine(models.Model):
    """A number to call at once; the counter keeps it right."""

    code = models.CharField(  # noqa: DJ001 -- of shipped ones; others have none, and no two the same
        max_length=30, unique=True, null=True, editable=False
    )
    name_fi = models.CharField(_("name in Finnish"), max_length=80)
    name_sv = models.CharField(_("name in Swedish"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    number = models.CharField(
        _("phone"),
        max_length=30,
        validators=[RegexValidator(PHONE, _("Write the number with digits and spaces only."))],
    )
    says_fi = models.CharField(_("when to call and when it is open, in Finnish"), max_length=200)
    says_sv = models.CharField(
        _("when to call and when it is open, in Swedish"), max_length=200, blank=True
    )
    says_en = models.CharField(
        _("when to call and when it is open, in English"), max_length=200, blank=True
    )
    signs = ArrayField(
        models.CharField(max_length=20, choices=SIGNS),
        verbose_name=_("what it helps with"),
        default=list,
        blank=True,
        help_text=_("With nothing chosen the line is always shown."),
    )
    language = models.CharField(
        _("only on pages in"),
        max_length=2,
        blank=True,
        choices=User._meta.get_field("language").choices,
    )
    source = models.CharField(_("where the number was found"), max_length=120)
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_("The day when you saw the number on its owner’s own page, or called it."),
    )
    added_on = models.DateField(auto_now_add=True)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    objects = HelpLineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("line for help at once")
        verbose_name_plural = _("lines for help at once")
        constraints = [
            one_of("language", ["", "fi", "sv", "en"], name="help_line_language"),
            models.CheckConstraint(
                condition=Q(signs__contained_by=[str(sign) for sign in Sign]),
                name="help_line_signs",
            ),
            models.CheckConstraint(condition=Q(number__regex=PHONE), name="help_line_number"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_language(self, "name")

    @property
    def says(self) -> str:
        """When to call, in the active language."""
        return in_language(self, "says")

    @property
    def call(self) -> str:
        """The number as a link: "tel:0925250111"."""
        return tel(self.number)
