"""Answering with a page that the counter wrote: its template by what it reads as, what it needs by its kind."""

from __future__ import annotations

from functools import singledispatch

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from wagtail.models import Page

from luukku.content.models import (
    ContentPage,
    EventPage,
    FaqPage,
    ModelPage,
    PracticePage,
    SectionPage,
    StartPage,
    TaskTypePage,
    TrainingPage,
)
from luukku.content.queries import (
    near_start,
    neighbours_of,
    picture_of,
    pictures_of,
    practices_of_task_type,
)
from luukku.content.rendering import questions, regional, shown
from luukku.events.queries import is_open_to_all
from luukku.web.kit.listing import paged
from luukku.web.parts.events.facts import open_view

LONG_ENOUGH_FOR_CONTENTS = 3  # headings
MOST_ON_A_PAGE = 20


def show(request: HttpRequest, page: ContentPage, *, easy: bool = False) -> TemplateResponse:
    """Answer with ``page``, or with its easy version; the queries are counted in ``tests/web/public``."""
    body = shown(
        page.easy_body if easy else page.body, show_video=_number(request.GET.get("video"))
    )
    context = {
        "page": page,
        "heading": regional(page.easy_title if easy and page.easy_title else page.title),
        "intro": regional(page.easy_intro if easy else page.intro),
        "body": body,
        "contents": body.headings if len(body.headings) >= LONG_ENOUGH_FOR_CONTENTS else [],
        "is_easy": easy,
        "has_feed": False,
        "is_preview": getattr(request, "is_preview", False),
        "picture": picture_of(page),
    }
    template = "easy" if easy else page.reads_as
    response = TemplateResponse(
        request, f"content/{template}.html", context | facts_of(page, request)
    )
    if body.player:  # the reader has said yes to this one: only now, only on this answer
        response._csp_update = {"frame-src": [body.player]}
    return response


def preview(page: ContentPage, request: HttpRequest, mode: str) -> HttpResponse:
    """Answer with the page as it would be, in its own language."""
    with translation.override(page.locale.language_code):
        request.LANGUAGE_CODE = page.locale.language_code
        return show(request, page, easy=mode == "easy").render()


@singledispatch
def facts_of(page: ContentPage, request: HttpRequest) -> dict[str, object]:
    """Return what stands around the page, and what only this kind of page has."""
    return _around(page)


def _around(page: ContentPage) -> dict[str, object]:
    around = neighbours_of(page)
    return {"crumbs": around.above, "languages": around.languages}


@facts_of.register
def _(page: StartPage, request: HttpRequest) -> dict[str, object]:
    near = near_start(page)
    return {
        "crumbs": [],
        "languages": near.languages,
        "ways": near.ways,
        "more": near.more,
        "news": near.news,
        "pictures": pictures_of(near.news) if near.news else {},
    }


@facts_of.register
def _(page: SectionPage, request: HttpRequest) -> dict[str, object]:
    pages = page.below(at=timezone.now()) if page.pk else Page.objects.none()
    below = paged(request, pages, MOST_ON_A_PAGE)
    return _around(page) | {
        "below": below,
        "pictures": pictures_of(below),
        "is_dated": page.slug == "news",
        "is_events": page.slug == "events",
        "is_practices": page.slug == "practices",
        "has_feed": page.slug in {"news", "events"},
    }


@facts_of.register
def _(page: ModelPage, request: HttpRequest) -> dict[str, object]:
    # The view adds what the reader has done.
    return _around(page) | {
        "steps": [block.value for block in page.steps],
        "done": frozenset(),
    }


@facts_of.register
def _(page: TaskTypePage, request: HttpRequest) -> dict[str, object]:
    return _around(page) | {
        "task_type": page.task_type,
        "practices": practices_of_task_type(page),
    }


@facts_of.register
def _(page: EventPage | TrainingPage, request: HttpRequest) -> dict[str, object]:
    event = page.event
    if event is None or not is_open_to_all(event):
        return _around(page)
    return _around(page) | {"event_view": open_view(event, at=timezone.now())}


@facts_of.register
def _(page: PracticePage, request: HttpRequest) -> dict[str, object]:
    return _around(page) | {
        "done": regional(page.done),
        "changed": regional(page.changed),
        "task_types": list(page.task_types.all()),
        "about": [item.name for item in [*page.services.all(), *page.themes.all()]],
    }


@facts_of.register
def _(page: FaqPage, request: HttpRequest) -> dict[str, object]:
    return _around(page) | {"entries": questions(page.entries)}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
