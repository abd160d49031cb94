"""Open Badges 3.0 as signed VC-JWT (EdDSA), by openbadgeslib. What a badge says comes from whoever issues it.

Source: Open Badges Specification 3.0 (1EdTech), Bitstring Status List 1.0 and did:web (W3C).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

ALGORITHM = "EdDSA"
LIST_SIZE = 131_072  # the least number of badges that one list may tell of, so that none stands out
PURPOSE = "revocation"
KEY = "key-1"  # the name of the key in an issuer's document
TTL = timedelta(minutes=5)  # how long a reader may keep a list
LIST_HOLDS = timedelta(
    days=1
)  # an older copy is refused, so that nobody brings a revoked badge back with one


@dataclass(frozen=True)
class Signer:
    """Who signs: a name, the address under which its document and list lie, and the private key."""

    name: str
    address: str
    key: str

    @property
    def did(self) -> str:
        """The issuer as did:web, which trusts TLS; on a site without it the name is the same."""
        from openbadgeslib.ob3 import did_web_from_url  # noqa: PLC0415 -- a tenth of a second

        parts = urlsplit(self.address)
        return str(did_web_from_url(f"https://{parts.netloc}{parts.path}"))

    @property
    def list_address(self) -> str:
        """Where the list of revoked badges lies."""
        return f"{self.address}/status.jwt"


@dataclass(frozen=True)
class Said:
    """What one badge says. ``subject`` and ``achievement`` are URNs; ``index`` is its place in the issuer's list."""

    subject: str
    achievement: str
    title: str
    description: str
    criteria: str
    evidence: str
    picture: str
    index: int
    made_at: datetime
    valid_until: datetime | None


def new_key() -> str:
    """Return a new private key, as PEM."""
    made = Ed25519PrivateKey.generate()
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def signed(said: Said, by: Signer) -> str:
    """Return the badge as a compact JWT; the same each time."""
    from openbadgeslib.ob3 import (  # noqa: PLC0415 -- half a second to import, and only badges need it
        Achievement,
        Evidence,
        Issuer,
        OB3Signer,
        OpenBadgeCredential,
        status_entry,
    )

    made = OpenBadgeCredential(
        id=f"{said.subject}#badge",
        issuer=Issuer(id=by.did, name=by.name, url=by.address),
        recipient_id=said.subject,
        achievement=Achievement(
            id=said.achievement,
            name=said.title,
            description=said.description,
            criteria_narrative=said.criteria,
            image_url=said.picture,
            achievement_type="Certificate",
        ),
        issuance_date=said.made_at,
        expiration_date=said.valid_until,
        evidence=[Evidence(id=said.evidence)],
        credential_status=[status_entry(by.list_address, PURPOSE, said.index)],
    )
    return str(OB3Signer(by.key, ALGORITHM).sign(made))


def baked(token: str, picture: Path) -> bytes:
    """Return ``picture``, an SVG or a PNG, with the badge ``token`` in it."""
    from openbadgeslib import baking  # noqa: PLC0415 -- half a second to import, and only badges need it

    plain = picture.read_bytes()
    if picture.suffix == ".png":
        return bytes(baking.bake_png(plain, token, keyword=baking.ITXT_KEYWORD_OB3))
    return bytes(
        baking.bake_svg(plain, token, element=baking.SVG_ELEMENT_OB3, namespace=baking.SVG_NS_OB3)
    )


def issuer_document(of: Signer) -> dict[str, Any]:
    """Return the did:web document of an issuer: its public key, and nothing else."""
    from openbadgeslib.keys import public_jwk_from_pem  # noqa: PLC0415 -- half a second to import, and only badges need it
    from openbadgeslib.ob3 import build_did_document  # noqa: PLC0415 -- half a second to import, and only badges need it

    private = load_pem_private_key(of.key.encode(), password=None)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return dict(build_did_document(of.did, [(KEY, public_jwk_from_pem(public))]))


def status_list(revoked: Iterable[int], of: Signer, *, at: datetime) -> str:
    """Return the issuer's signed list of ``revoked`` badges, as a compact JWT."""
    from openbadgeslib.ob3 import (  # noqa: PLC0415 -- half a second to import, and only badges need it
        build_status_list_credential,
        sign_status_list_credential,
    )

    made = build_status_list_credential(
        of.did,
        of.list_address,
        PURPOSE,
        revoked,
        LIST_SIZE,
        issued=at,
        valid_until=at + LIST_HOLDS,
        ttl=int(TTL.total_seconds() * 1000),
    )
    return str(sign_status_list_credential(made, of.key, ALGORITHM))
