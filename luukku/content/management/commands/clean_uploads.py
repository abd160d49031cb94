"""Take place, camera and author from files that came in before every upload was cleaned; print one JSON document."""

import json

from django.core.management.base import BaseCommand

from luukku.content.files.stored import clean_stored


class Command(BaseCommand):
    """``manage.py clean_uploads``."""

    help = "Clean kept pictures, documents and videos of metadata; safe to repeat."

    def handle(self, *_args: object, **_options: object) -> None:
        """Clean, and tell what could not be cleaned."""
        self.stdout.write(json.dumps(clean_stored(), ensure_ascii=False))
