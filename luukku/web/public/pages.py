"""The open pages: what this is, what one can do, where to begin."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from luukku.content.models import ModelPage, TaskTypePage
from luukku.content.queries import languages_of, page_at, progress_of
from luukku.orders.models import Order
from luukku.taxonomy.models import TaskType
from luukku.web.http import EVERYONE, SIGNED_IN, page


@page(EVERYONE)
def content(request: HttpRequest, path: str = "") -> HttpResponse:
    """A page that the counter wrote, or honest words about the languages in which there is one."""
    found = page_at(path, language=request.LANGUAGE_CODE)
    if found is None:
        return _missing(request, path)
    response = found.page.serve(request, easy=found.is_easy)
    if isinstance(found.page, ModelPage) and request.user.is_authenticated:
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
def welcome(request: HttpRequest) -> HttpResponse:
    """For somebody with an account and no role yet."""
    return render(request, "public/welcome.html")


@page(EVERYONE)
def task_types(request: HttpRequest) -> HttpResponse:
    """Every kind of task."""
    return render(
        request, "public/task_types.html", {"task_types": TaskType.objects.filter(is_active=True)}
    )


@page(EVERYONE)
def task_type(request: HttpRequest, code: str) -> HttpResponse:
    """One kind of task: what it is and is not, what both sides need."""
    kind = get_object_or_404(TaskType, code=code, is_active=True)
    path, language = f"tasks/{code}/", request.LANGUAGE_CODE
    found = page_at(path, language=language)
    if found is not None and isinstance(found.page, TaskTypePage):
        found.page.task_type = kind
        return found.page.serve(request)
    bare = TaskTypePage(title=kind.name, slug=code, task_type=kind, url_path=f"/{language}/{path}")
    return bare.serve(request)


@page(EVERYONE)
def calls(request: HttpRequest) -> HttpResponse:
    """Open calls as anybody may see them: kind, place and time, nothing of the themes or the orderer."""
    now = timezone.now()
    orders = (
        Order.objects.open_calls(now)
        .filter(times__starts_at__gt=now)
        .distinct()
        .select_related("task_type", "municipality")
        .prefetch_related("times")
        .order_by("-id")
    )
    found = Paginator(orders, 20).get_page(request.GET.get("page"))
    return render(request, "public/calls.html", {"calls": found})


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
