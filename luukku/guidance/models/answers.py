"""Answers that are ready to be changed and sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.constraints import one_of


class CannedAnswer(models.Model):
    """An answer that the counter gives again and again; some of them may become part of the FAQ."""

    title = models.CharField(_("question in a few words"), max_length=150)
    words = models.TextField(_("answer"))
    language = models.CharField(
        _("language"), max_length=2, choices=User._meta.get_field("language").choices, default="fi"
    )
    may_be_faq = models.BooleanField(
        _("may be published among the common questions"), default=False
    )
    is_active = models.BooleanField(_("in use"), default=True)
    used_count = models.PositiveIntegerField(default=0, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [one_of("language", ["fi", "sv", "en"], name="canned_language")]
        indexes = [models.Index(fields=["language", "-used_count"], name="canned_by_use")]

    def __str__(self) -> str:
        return self.title
