"""A badge as others see it: another process, which knows nothing of us, verifies it."""

import json
import subprocess
import sys

from django.test import Client
from django.urls import reverse

from luukku.training.models import Badge
from luukku.training.queries import signed_badge

CHECK = """
import json, sys
from openbadgeslib.ob3 import OB3Verifier
token, files = json.load(sys.stdin)
fetched = lambda address: files[address].encode()
did = next(address for address in files if address.endswith("did.json"))
issuer = "did:web:testserver:" + did.split("//testserver/")[1].removesuffix("/did.json").replace("/", ":")
try:
    made = OB3Verifier.for_issuer_did(issuer, download=fetched).verify(token, check_status=True, download=fetched)
    print(made.name, made.issuer.name)
except Exception as error:
    print("REFUSED", error)
"""


def token_of(certificate):
    badge = Badge.objects.select_related("issuer__organisation").get(certificate=certificate)
    return signed_badge(badge), badge


def verified(token, badge):
    """Return what another process, which knows nothing of us, says of a badge."""
    client = Client()
    document = reverse("badge-issuer", args=[badge.issuer_id])
    status = reverse("badge-status", args=[badge.issuer_id])
    files = {
        f"https://testserver{document}": client.get(document).content.decode(),
        f"http://testserver{status}": client.get(status).content.decode(),
    }
    done = subprocess.run(
        [sys.executable, "-I", "-c", CHECK],
        input=json.dumps([token, files]),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
