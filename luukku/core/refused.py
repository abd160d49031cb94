"""The one base of every "no": an act that is refused says why, in kind words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Refused(Exception):
    """The act is refused and nothing has changed. Each kind says why, and what works instead.

    Attributes:
        words: to whoever the act concerns; empty where the page that follows says it.
        words_at_counter: to the counter, of others; where empty, ``words``.
        is_news: nothing is left to do; else it is a warning.
        field: the argument of the act that is wrong; its form is shown again with the words beside it.
    """

    words: Words = _("Something has changed meanwhile. Here is how it stands now.")
    words_at_counter: Words = ""
    is_news = False
    field = ""

    def __init__(self, words: Words | None = None) -> None:
        super().__init__(*([] if words is None else [words]))
        if words is not None:
            self.words, self.words_at_counter = words, ""

    def told(self, *, at_counter: bool = False) -> str:
        """Return the words in the reader's language."""
        return str((at_counter and self.words_at_counter) or self.words)


class PartsMissing(Refused):
    """Something is not whole yet; ``missing`` names its parts."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__()
        self.missing = missing

    def __str__(self) -> str:
        return ", ".join(self.missing)
