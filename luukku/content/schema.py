"""What machines read of a page (schema.org, as JSON-LD)."""

from __future__ import annotations

import json
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from luukku.content.models import ContentPage, EventPage, FaqPage, StartPage
from luukku.content.rendering import regional
from luukku.events.schema import event_schema

NAME = "Kokemusluukku"
PAGES_OWN = {"@type", "name", "description", "url", "inLanguage"}  # its words, not the event's
# Inside <script> a text may not end the element or begin another.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def schema_of(
    page: ContentPage, context: dict[str, Any], *, base: str, language: str
) -> list[dict[str, Any]]:
    """Return the descriptions of a page that has been prepared for its template."""
    parts = [_page(page, context, base=base, language=language)]
    if context["crumbs"]:
        parts.append(_crumbs(page, context, base=base))
    return parts


def as_json(descriptions: list[dict[str, Any]]) -> SafeString:
    """Return the text for ``<script type="application/ld+json">``."""
    documents = [{"@context": "https://schema.org", **one} for one in descriptions]
    return mark_safe(json.dumps(documents, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 -- <, > and & are escaped


def _page(
    page: ContentPage, context: dict[str, Any], *, base: str, language: str
) -> dict[str, Any]:
    common: dict[str, Any] = {
        "@type": page.schema_type,
        "name": str(context["heading"]),
        "url": f"{base}{page.address}",
        "inLanguage": language,
    }
    if page.search_description:
        common["description"] = regional(page.search_description)
    if (picture := context.get("picture")) is not None and picture.shared is not None:
        common["image"] = f"{base}{picture.shared.url}"
    organisation = {"@type": "Organization", "name": NAME, "url": f"{base}/{language}/"}
    if isinstance(page, StartPage):
        return common | {"name": NAME, "publisher": organisation}
    if isinstance(page, FaqPage):
        return common | {
            "mainEntity": [
                {
                    "@type": "Question",
                    "name": entry.question,
                    "acceptedAnswer": {"@type": "Answer", "text": strip_tags(entry.answer).strip()},
                }
                for entry in context.get("entries", [])
            ]
        }
    if isinstance(page, EventPage):
        return common | _event(page)
    if page.schema_type == "Service":
        return common | {"provider": organisation}
    if page.schema_type.endswith("Article"):
        common |= {
            "headline": str(context["heading"]),
            "publisher": organisation,
            "author": organisation,
        }
        if page.first_published_at:
            common["datePublished"] = page.first_published_at.isoformat()
        if page.last_published_at:
            common["dateModified"] = page.last_published_at.isoformat()
    return common


def _event(page: EventPage) -> dict[str, Any]:
    """Return what the event says of itself; the page keeps its own name and address."""
    told = event_schema(page.event) if page.event is not None else None
    if told is None:
        return {"@type": "WebPage"}  # an event without a time is none to a search engine
    return {name: value for name, value in told.items() if name not in PAGES_OWN}


def _crumbs(page: ContentPage, context: dict[str, Any], *, base: str) -> dict[str, Any]:
    steps = [(crumb.title, crumb.url_path) for crumb in context["crumbs"]]
    steps.append((str(context["heading"]), page.address))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": regional(name), "item": f"{base}{address}"}
            for n, (name, address) in enumerate(steps, start=1)
        ],
    }
