"""What is told at start-up."""

from django.core.checks import CheckMessage, Warning

from luukku.search.finnish import has_voikko


def voikko(**_kwargs: object) -> list[CheckMessage]:
    """Warn where Finnish is searched without Voikko."""
    if has_voikko():
        return []
    return [
        Warning(
            "Voikko cannot be loaded: Finnish is searched without compounds.",
            hint="On Debian, as root: apt install libvoikko1 voikko-fi; then manage.py rebuild_search.",
            id="search.W001",
        )
    ]
