"""The open pages: what this is, what one can do, where to begin."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from luukku.content.models import ModelPage, TaskTypePage
from luukku.content.queries import languages_of, page_at, progress_of
from luukku.core.changes import Topic
from luukku.orders.calls import as_listed, calls_to_come, next_call_to_begin
from luukku.taxonomy.models import TaskType
from luukku.web.kit.access import EVERYONE, SIGNED_IN, page
from luukku.web.kit.cached_pages import cached_for_visitors
from luukku.web.kit.listing import paged
from luukku.web.kit.request import Request
from luukku.web.public.written import show


@page(EVERYONE)
@cached_for_visitors(Topic.CONTENT, Topic.EVENTS, Topic.TAXONOMY, params=("page",))
def content(request: HttpRequest, path: str = "") -> HttpResponse:
    """A page that the counter wrote, or honest words about the languages in which there is one."""
    place = page_at(path, language=request.LANGUAGE_CODE)
    if place is None:
        return _missing(request, path)
    now = timezone.now()
    response = show(request, place.page, easy=place.is_easy)
    response.fresh_until = partial(place.page.fresh_until, at=now)
    if isinstance(place.page, ModelPage) and request.user.is_authenticated:
        names = {step["done"] for step in response.context_data["steps"] if step["done"]}
        response.context_data["done"] = progress_of(request.user, names)
    return response


def _missing(request: HttpRequest, path: str) -> HttpResponse:
    elsewhere = languages_of(path)
    if not elsewhere:
        raise Http404
    return render(request, "content/missing.html", {"elsewhere": elsewhere}, status=404)


@page(EVERYONE)
def start(request: HttpRequest) -> HttpResponse:
    """The five doors, and ways in for somebody who is new."""
    return content(request, "")


@page(SIGNED_IN)
def welcome(request: Request) -> HttpResponse:
    """For somebody with an account and no role yet."""
    return render(request, "public/welcome.html")


@page(EVERYONE)
def task_types(request: HttpRequest) -> HttpResponse:
    """Every kind of task."""
    return render(
        request,
        "public/taxonomy/task_types.html",
        {"task_types": TaskType.objects.filter(is_active=True)},
    )


@page(EVERYONE)
@cached_for_visitors(Topic.CONTENT, Topic.TAXONOMY)
def task_type(request: HttpRequest, code: str) -> HttpResponse:
    """One kind of task: what it is and is not, what both sides need."""
    kind = get_object_or_404(TaskType, code=code, is_active=True)
    path, language = f"tasks/{code}/", request.LANGUAGE_CODE
    place = page_at(path, language=language)
    if place is not None and isinstance(place.page, TaskTypePage):
        place.page.task_type = kind
        return show(request, place.page)
    bare = TaskTypePage(title=kind.name, slug=code, task_type=kind, url_path=f"/{language}/{path}")
    return show(request, bare)


@page(EVERYONE)
@cached_for_visitors(Topic.CALLS, Topic.TAXONOMY, params=("page",))
def calls(request: HttpRequest) -> HttpResponse:
    """Open calls as anybody may see them: kind, place and time, nothing of the themes or the orderer."""
    now = timezone.now()
    listed = paged(request, as_listed(calls_to_come(at=now), at=now), 20)
    response = render(request, "public/assignments/calls.html", {"calls": listed})
    response.fresh_until = partial(next_call_to_begin, at=now)
    return response


@page(EVERYONE)
def become(request: HttpRequest) -> HttpResponse:
    """How one becomes an expert."""
    return content(request, "become/")


@page(EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why and how long."""
    return content(request, "privacy/")


@page(EVERYONE)
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return content(request, "accessibility/")
