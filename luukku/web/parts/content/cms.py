"""The editor's rooms under ``/cms/``: who may come in, in which language, under which rules for scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.constants import SELF
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.auth import require_admin_access
from wagtail.admin.localization import get_localized_response
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NameEmailSettingsPanel

from luukku.content.models import StartPage

PREFIX = "/cms/"
INLINE = "'unsafe-inline'"
# Wagtail's editor writes styles and scripts into its pages, and shows previews in a frame of its own.
# This holds only here, for people whom the counter has given the right to write pages.
EDITOR = {
    "default-src": [SELF],
    "script-src": [SELF, INLINE],
    "style-src": [SELF, INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "worker-src": [SELF, "blob:"],
    "frame-ancestors": [SELF],
    "object-src": ["'none'"],
    "base-uri": [SELF],
    "form-action": [SELF],
}


class CmsMiddleware:
    """Lets only the counter's editors in, and gives the editor the looser policy that it needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; previews are pages that the editor shows in a frame."""
        is_editor = request.path.startswith(PREFIX)
        if is_editor and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        response = self.get_response(request)
        if is_editor or getattr(request, "is_dummy", False):
            response._csp_replace = EDITOR
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    def process_view(self, request: HttpRequest, *_args: Any) -> None:
        """Refuse users without the editor role; Wagtail sends anonymous users to sign in."""
        user = request.user
        if (
            request.path.startswith(PREFIX)
            and user.is_authenticated
            and not user.has_perm("content.write")
        ):
            raise PermissionDenied


@require_admin_access
def pages_of_language(request: HttpRequest) -> HttpResponse:
    """Open the pages at the first page of the editor's language: above that there is nothing to write."""
    home = StartPage.objects.filter(locale__language_code=request.LANGUAGE_CODE).first()
    if home is None:
        raise Http404
    return redirect("wagtailadmin_explore", home.pk)


class EditorWords(JavaScriptCatalog):
    """The words of the editor's scripts, ours over Wagtail's."""

    def get_paths(self, packages: list[str]) -> list[str]:
        """Return where the catalogues lie, the one that wins last."""
        return [*super().get_paths(packages), str(settings.EDITOR_WORDS)]


@require_admin_access
def words(request: HttpRequest) -> HttpResponse:
    """Answer with the words of the editor's scripts in the editor's language."""
    return get_localized_response(EditorWords.as_view(packages=["wagtail.admin"]), request)


class OwnView(AccountView):
    """An editor's own picture and colours; the name is on their own page, Wagtail's two names would be forgotten."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        """Return what may be set here."""
        panels = super().get_panels()
        return [panel for panel in panels if not isinstance(panel, NameEmailSettingsPanel)]


own = require_admin_access(OwnView.as_view())
