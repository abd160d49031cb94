"""The picture of a page, and what pictures a published page shows."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.images import get_image_model_string
from wagtail.models import Page


class Pictured(models.Model):
    """A page with a picture of its own: at its top, on the cards that lead to it, where it is shared.

    Its words are asked for with the picture, in a draft too.
    """

    main_picture = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("Shown at the top of the page, on lists and where the page is shared."),
    )
    main_picture_words = models.CharField(
        _("the picture in words"),
        max_length=250,
        blank=True,
        help_text=_(
            "For those who do not see it: what the picture tells, in a sentence. If you leave this empty, the"
            " description of the picture is used."
        ),
    )
    is_main_picture_decoration = models.BooleanField(
        _("the picture is decoration: nothing is lost without it"), default=False
    )

    class Meta:
        abstract = True

    @classmethod
    def panels_between(cls) -> list[Panel]:
        """Return the picture's fields and those that only this kind of page has."""
        names = ("main_picture", "main_picture_words", "is_main_picture_decoration")
        picture = MultiFieldPanel([FieldPanel(name) for name in names], heading=_("Picture"))
        return [picture, *super().panels_between()]  # type: ignore[misc]  # of the page

    def clean(self) -> None:
        """A picture is told in words, those that were given with its file unless others are, or is decoration."""
        super().clean()
        if self.main_picture is not None and not self.is_main_picture_decoration:
            self.main_picture_words = (
                self.main_picture_words.strip() or self.main_picture.description[:250]
            )
        is_told = self.main_picture_words.strip() or self.is_main_picture_decoration
        if self.main_picture_id is not None and not is_told:
            raise ValidationError(
                {"main_picture_words": _("Say in words what the picture tells, or tick below.")}
            )


class ShownPicture(models.Model):
    """A picture that a page shows as it was last published; of other pictures nothing is given to the public."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey(get_image_model_string(), on_delete=models.CASCADE, related_name="+")
    is_main = models.BooleanField(default=False)  # the page's own, for the cards that lead to it
    words = models.CharField(max_length=250, blank=True)  # of the page's own; empty: decoration

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "page"], name="one_row_per_shown_picture"),
            models.UniqueConstraint(
                fields=["page"], condition=Q(is_main=True), name="one_main_picture_per_page"
            ),
            models.CheckConstraint(
                condition=Q(is_main=True) | Q(words=""), name="only_main_picture_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"picture {self.image_id} on page {self.page_id}"
