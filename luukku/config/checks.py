"""What is told at start-up about the settings."""

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from luukku.config.proxies import networks


def counter_contact(**_kwargs: object) -> list[CheckMessage]:
    """Warn while people are not told how to reach the counter."""
    given = {
        "LUUKKU_COUNTER_PHONE": settings.LUUKKU_COUNTER_PHONE,
        "LUUKKU_COUNTER_HOURS": settings.LUUKKU_COUNTER_HOURS["fi"],
        "LUUKKU_COUNTER_EMAIL": settings.LUUKKU_COUNTER_EMAIL,
    }
    empty = [name for name, value in given.items() if not value]
    if not empty:
        return []
    return [
        Warning(
            f"Pages and letters cannot tell how to reach the counter: {', '.join(empty)} not set.",
            hint="See docs/reference/settings.md.",
            id="luukku.W001",
        )
    ]


def trusted_proxies(**_kwargs: object) -> list[CheckMessage]:
    """Warn where a proxy must stand in front and none is named: limits take everybody for one."""
    networks(tuple(settings.LUUKKU_TRUSTED_PROXIES))
    if settings.LUUKKU_TRUSTED_PROXIES or not settings.SECURE_SSL_REDIRECT:
        return []
    return [
        Warning(
            "LUUKKU_TRUSTED_PROXIES not set: behind a proxy all people share one address and its limits.",
            hint="See docs/operations/production.md.",
            id="luukku.W002",
        )
    ]


def second_factor(**_kwargs: object) -> list[CheckMessage]:
    """Warn where real people's data opens by a password alone."""
    if settings.LUUKKU_SECOND_FACTOR or not settings.SECURE_SSL_REDIRECT:
        return []
    return [
        Warning(
            "LUUKKU_SECOND_FACTOR is off: the counter and administrators sign in in one step.",
            hint="See docs/reference/settings.md.",
            id="luukku.W003",
        )
    ]


def mail_leaves(**_kwargs: object) -> list[CheckMessage]:
    """Warn where letters of real people would stay in files."""
    if "smtp" in settings.EMAIL_BACKEND or not settings.SECURE_SSL_REDIRECT:
        return []
    return [
        Warning(
            "EMAIL_URL not set to a mail server: letters, sign-in codes too, stay on this machine.",
            hint="See docs/reference/settings.md.",
            id="luukku.W004",
        )
    ]


ALL = (counter_contact, trusted_proxies, second_factor, mail_leaves)
