"""Links between pages inside texts."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler


class PageLinks(PageLinkHandler):
    """Links to pages of ours: one query however many there are, each in the language of the reader."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        """Open the links; a page that is gone or not published leaves plain words."""
        wanted = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdigit()}
        linked = Page.objects.filter(pk__in=wanted)
        rows = Page.objects.filter(
            translation_key__in=linked.values("translation_key"), live=True
        ).values_list("pk", "translation_key", "locale__language_code", "url_path")
        keys = {pk: key for pk, key, _language, _path in rows}
        paths: dict[object, dict[str, str]] = {}
        own = {}
        for pk, key, language, path in rows:
            paths.setdefault(key, {})[language] = path
            own[pk] = path
        opened = []
        for attrs in attrs_list:
            pk = int(attrs["id"]) if str(attrs.get("id", "")).isdigit() else 0
            path = paths.get(keys.get(pk), {}).get(get_language()) or own.get(pk)
            opened.append(f'<a href="{escape(path)}">' if path else "<a>")
        return opened
