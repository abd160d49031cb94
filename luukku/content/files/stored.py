"""Cleaning what lies here from before the door was watched."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from django.db import models, transaction
from wagtail.images import get_image_model
from wagtail.images.models import AbstractRendition
from wagtail.models import Page, UploadedFile

from luukku.content.actions import show_pictures
from luukku.content.files.cleaning import Unfit, cleaned
from luukku.content.models import ContentPage, ShownPicture


def clean_stored() -> dict[str, object]:
    """Clean every kept file under its own name, and make the sizes of all published pictures anew.

    Safe to repeat. What cannot be cleaned is named and stays for an editor to look at; half-done uploads go.
    """
    UploadedFile.objects.all().delete()
    done, unfit = 0, []
    for model, field in kept_files():
        for row in model._base_manager.exclude(**{field.name: ""}).order_by("pk").iterator():
            try:
                _clean(row, field)
            except FileNotFoundError:
                continue
            except Unfit as reason:
                unfit.append({"file": getattr(row, field.name).name, "reason": reason.messages[0]})
            else:
                done += 1
    renditions = get_image_model().get_rendition_model().objects
    old = list(renditions.values_list("pk", flat=True))
    pages = [
        page
        for page in Page.objects.live().order_by("pk").specific()
        if isinstance(page, ContentPage)
    ]
    for page in pages:  # one by one: the other pages keep their pictures meanwhile
        shown = ShownPicture.objects.filter(page=page)
        renditions.filter(pk__in=old, image__in=shown.values("image")).delete()
        show_pictures(page)
    renditions.filter(pk__in=old).delete()
    return {"cleaned": done, "unfit": unfit, "pages": len(pages)}


def kept_files() -> list[tuple[type[models.Model], models.FileField]]:
    """Return every field that keeps a file from people, of all apps; sizes of pictures are made by us."""
    return [
        (model, field)
        for model in apps.get_models()
        if not issubclass(model, AbstractRendition | UploadedFile)
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    ]


def replace_file(storage: Storage, name: str, data: bytes) -> None:
    """Put ``data`` in place of the file at once: whoever is stopped in between leaves the old file whole."""
    if not isinstance(
        storage, FileSystemStorage
    ):  # such a store keeps or replaces a file as a whole
        storage.delete(name)
        storage.save(name, ContentFile(data))
        return
    path = Path(storage.path(name))
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _clean(row: models.Model, field: models.FileField) -> None:
    kept = getattr(row, field.name)
    with kept.storage.open(kept.name) as file:
        data = file.read()
    clean = cleaned(BytesIO(data), kept.name, size=len(data)).read()
    if clean == data:
        return
    with transaction.atomic():
        replace_file(kept.storage, kept.name, clean)
        # Wagtail tells sizes and sums of the old bytes otherwise.
        known = {"file_size": len(clean), "file_hash": ""}
        if hasattr(row, "width") and hasattr(row, "focal_point_x"):
            fresh = type(row)._base_manager.get(pk=row.pk)
            picture = getattr(fresh, field.name)
            known |= {"width": picture.width, "height": picture.height}
        columns = {f.name for f in row._meta.concrete_fields}
        if changed := {name: value for name, value in known.items() if name in columns}:
            type(row)._base_manager.filter(pk=row.pk).update(**changed)
