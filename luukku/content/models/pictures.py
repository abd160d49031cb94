"""Pictures that a published page shows."""

from __future__ import annotations

from django.db import models
from wagtail.images import get_image_model_string
from wagtail.models import Page


class ShownPicture(models.Model):
    """A picture that a page shows as it was last published; of other pictures nothing is given to the public."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey(get_image_model_string(), on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "page"], name="one_row_per_shown_picture")
        ]

    def __str__(self) -> str:
        return f"picture {self.image_id} on page {self.page_id}"
