"""Our templates without the indentation that makes them readable: it was more than half of a long page.

A browser takes any run of white space for one space. What stands in a template is made lean once, when it is loaded;
what is put into a page by a value stays as it is.
"""

import re

from django.conf import settings
from django.template import Origin
from django_cotton.cotton_loader import Loader as CottonLoader  # type: ignore[import-untyped]

_INDENTED = re.compile(r"\s*\n\s*")


class Loader(CottonLoader):
    """Loads cotton's templates and all others; of our own pages every line begins at its first sign."""

    def get_contents(self, origin: Origin) -> str:
        """Return the text of a template."""
        text: str = super().get_contents(origin)
        is_ours = origin.name.startswith(str(settings.PACKAGE)) and origin.name.endswith(".html")
        return _INDENTED.sub("\n", text) if is_ours else text
