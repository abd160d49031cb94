"""How people reach the counter: one answer for pages and letters, from the operator's settings."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

from luukku.core.text import tel


@dataclass(frozen=True)
class Counter:
    """The counter's own contact; a part that the operator has not given is empty."""

    name: str
    phone: str
    hours: str
    email: str

    @property
    def call(self) -> str:
        """The phone number as a link, "tel:+358401234567"; empty without a number."""
        return tel(self.phone)


def counter() -> Counter:
    """Return the counter's contact, with its opening hours in the active language."""
    hours = settings.LUUKKU_COUNTER_HOURS
    return Counter(
        name=settings.LUUKKU_COUNTER_NAME,
        phone=settings.LUUKKU_COUNTER_PHONE,
        hours=hours.get(get_language()) or hours["fi"],
        email=settings.LUUKKU_COUNTER_EMAIL,
    )
