"""The open pages: what this is, what one can do, where to begin."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from luukku.orders.models import Order
from luukku.taxonomy.models import TaskType
from luukku.web.http import EVERYONE, SIGNED_IN, page


@page(EVERYONE)
def start(request: HttpRequest) -> HttpResponse:
    """The five doors."""
    return render(request, "public/start.html")


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
    found = get_object_or_404(TaskType, code=code, is_active=True)
    return render(request, "public/task_type.html", {"task_type": found})


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
    return render(request, "public/become.html")


@page(EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why and how long."""
    return render(request, "public/privacy.html")


@page(EVERYONE)
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "public/accessibility.html")
