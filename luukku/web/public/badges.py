"""Open Badges: who has one takes it along; everybody else reads who signs and what has been revoked."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

import luukku.training
from luukku.core import badges
from luukku.training.models import Application, BadgeIssuer, Certificate
from luukku.training.queries import signed_badge, signer
from luukku.web.kit.access import EVERYONE, SIGNED_IN, page
from luukku.web.kit.fetch import fetch
from luukku.web.kit.request import Request
from luukku.workflow.queries import may

PICTURES = Path(luukku.training.__file__).parent / "pictures"
FORMS = {"svg": "image/svg+xml", "png": "image/png", "jwt": "application/vc+jwt"}


@page(EVERYONE)
def issuer(request: HttpRequest, pk: int) -> HttpResponse:
    """The public key of who signs, as did:web asks for it. It names nobody."""
    signs = signer(get_object_or_404(BadgeIssuer.objects.select_related("organisation"), pk=pk))
    return JsonResponse(badges.issuer_document(signs), content_type="application/did+json")


@page(EVERYONE)
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed list of what has been revoked, true now; places are by chance and tell of nobody."""
    held = get_object_or_404(BadgeIssuer.objects.select_related("organisation"), pk=pk)
    revoked = sorted(held.badges.revoked().values_list("index", flat=True))
    # Signed anew when something is revoked, and as often as readers may keep a copy.
    made_of = sha256(bytes(held.sealed) + repr(revoked).encode()).hexdigest()
    token = cache.get_or_set(
        f"badge-status:{pk}:{made_of}",
        lambda: badges.status_list(revoked, signer(held), at=timezone.now()),
        timeout=int(badges.TTL.total_seconds()),
    )
    return HttpResponse(token, content_type=FORMS["jwt"])


@page(EVERYONE)
def picture(request: HttpRequest) -> HttpResponse:
    """The picture of a badge, without one in it."""
    return HttpResponse((PICTURES / "badge.png").read_bytes(), content_type=FORMS["png"])


@page(SIGNED_IN)
def take(request: Request, pk: int, form: str) -> HttpResponse:
    """The badge of a completed training as a file: in a picture, or by itself."""
    application = fetch(Application, pk, for_=request.user)
    held = Certificate.objects.visible_to(request.user).filter(
        application=application, application__training__isnull=False, replaced_by=None
    )
    certificate = held.select_related("badge__issuer__organisation", "application__run").first()
    if (
        certificate is None
        or form not in FORMS
        or not may("training.take_badge", certificate, request.user)
    ):
        raise Http404
    own = certificate.badge
    token = signed_badge(own)
    file = token if form == "jwt" else badges.baked(token, PICTURES / f"badge.{form}")
    response = HttpResponse(file, content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="kokemusluukku-badge.{form}"'
    return response
