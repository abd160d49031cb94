"""The tokens of forms, and the choices of a ``select``: in every template, also where it is included with ``only``.

Django's own ``csrf_token`` reads the context, which ``only`` empties: the form is then refused. These read
the request that every rendering carries along.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from luukku.web.kit.cached_pages import TOKEN_HERE, mark_personal
from luukku.web.kit.tokens import new_token, owner_of

register = template.Library()


def request_of(context: template.Context) -> HttpRequest | None:
    """Return the request that a template is rendered for; ``only`` does not hide it."""
    return getattr(context, "request", None) or context.get("request")


@register.simple_tag(takes_context=True)
def csrf_token(context: template.Context) -> SafeString:
    """Render the hidden field that proves that a form comes from us; it replaces Django's tag."""
    request = request_of(context)
    if request is None:
        return CsrfTokenNode().render(context)
    is_for_all = getattr(request, "is_made_for_all", False)
    token = TOKEN_HERE if is_for_all else get_token(request)
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


@register.simple_tag(takes_context=True)
def form_token(context: template.Context) -> SafeString:
    """Render the hidden token that makes sending the same form twice harmless; no two readers share it."""
    request = request_of(context)
    mark_personal(request)
    token = new_token(owner_of(request) if request is not None else "")
    return format_html('<input type="hidden" name="form_token" value="{}">', token)


@register.simple_tag
def options(those: Iterable[dict[str, Any]]) -> SafeString:
    """Return the choices of a ``select``, as Django's widget tells them; there may be three hundred towns."""
    shown = (
        f'<option value="{escape(str(one["value"]))}"{flatatt(one["attrs"]) if one["attrs"] else ""}>'
        f"{conditional_escape(one['label'])}</option>"
        for one in those
    )
    return mark_safe("".join(shown))  # noqa: S308 -- each part is escaped
