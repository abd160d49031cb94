"""Signed links in letters: they open one page for one person for a while; using one twice does no harm."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

from luukku.core.reading import read_by


@dataclass(frozen=True)
class Link:
    """What a link stands for: one purpose, one object, one person."""

    purpose: str
    object_id: int
    person_id: int


class BadLink(Exception):
    """The link is forged or cut; ``is_expired`` tells when it merely is too old."""

    def __init__(self, *, is_expired: bool) -> None:
        super().__init__("expired" if is_expired else "forged")
        self.is_expired = is_expired


def sign(link: Link) -> str:
    """Return the token of ``link``, safe in a URL; it names no theme and no name."""
    return signing.dumps([link.object_id, link.person_id], salt=f"luukku.link.{link.purpose}")


def read(token: str, *, purpose: str, max_age: timedelta) -> Link:
    """Return the link that ``token`` stands for.

    Raises:
        BadLink: forged, cut, for another purpose, or older than ``max_age``.
    """
    try:
        object_id, person_id = signing.loads(token, salt=f"luukku.link.{purpose}", max_age=max_age)
    except signing.SignatureExpired as error:
        raise BadLink(is_expired=True) from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink(is_expired=False) from error
    read_by(person_id)
    return Link(purpose, object_id, person_id)


def ends_at(token: str, *, max_age: timedelta) -> datetime:
    """Return until when ``token``, which ``read`` has taken, opens its page."""
    signed = signing.b62_decode(token.split(":")[-2])
    return datetime.fromtimestamp(signed, UTC) + max_age
