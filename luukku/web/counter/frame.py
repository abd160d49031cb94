"""What every page of the counter needs."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.notices.queries import on_paper_of
from luukku.orders.models import Order
from luukku.web.kit.acts import form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request


def tabs(request: Request, current: str) -> list[dict[str, object]]:
    """Return the tabs that the person may open, ``current`` marked.

    What trainings tell is a tab of the steering group's; the counter finds it behind the figures.
    """
    rows = []
    if request.user.is_counter:
        rows = [
            ("queue", _("Queue")),
            ("calendar", _("Calendar")),
            ("questions", _("Questions")),
            ("orders", _("Orders")),
            ("events", _("Events")),
            ("runs", _("Trainings")),
            ("experts", _("Experts")),
            ("organisations", _("Organisations")),
            ("people", _("People")),
            ("words", _("Words")),
        ]
    elif request.user.is_admin:
        rows = [("people", _("People"))]
    rows.append(("home", _("Figures")))
    told = [("reports", _("Reports of trainings")), ("decisions", _("Decisions"))]
    if request.user.is_steering and not request.user.is_counter:
        rows += told
    marked = "home" if current in dict(told) and current not in dict(rows) else current
    shown = [
        {"label": label, "url": reverse(f"counter:{name}"), "is_current": name == marked}
        for name, label in rows
    ]
    if request.user.is_counter or request.user.is_admin:
        pages = {
            "label": _("Pages"),
            "url": reverse("wagtailadmin_explore_root"),
            "is_current": False,
        }
        shown.append(pages)
    return shown


def say_done(request: Request, words: str, *, at: datetime) -> None:
    """Say what was done at ``at``, and who must still be told by the counter."""
    messages.success(request, words)
    if people := on_paper_of(at):
        names = ", ".join(person.name for person in people)
        told = _("No e-mail reaches %(names)s: call or post a letter. The queue reminds of it.")
        messages.warning(request, told % {"names": names})


# An act at the counter: what was done names whom only the counter can tell; a refusal speaks of others.
counter_act = partial(form_act, say=say_done, at_counter=True)


def act_on_order(
    request: Request,
    act: Callable[..., object],
    order: Order,
    form: BaseForm,
    *,
    title: str,
    label: str,
    done: str | Callable[..., str],
    on: object = None,
    words: Callable[[], Iterable[str]] = tuple,
) -> HttpResponse:
    """Show a page of one form about ``order``; once it is right do ``act``, to ``on`` or the order, and go there."""
    return counter_act(
        request,
        act,
        on or order,
        form=form,
        page=lambda status: form_page(
            request, order, form, title=title, label=label, words=words(), status=status
        ),
        done=done,
        to=see_other("counter:order", order.pk),
    )


def form_page(
    request: Request,
    order: Order,
    form: BaseForm | None,
    *,
    title: str,
    label: str,
    words: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Render a page of one form about ``order``, ``words`` above it.

    Without a form the words stand alone: they say what has to happen first.
    """
    context = {
        "form": form,
        "order": order,
        "title": title,
        "label": label,
        "words": [line for line in words if line],
        "tabs": tabs(request, "orders"),
    }
    return render(request, "counter/orders/form.html", context, status=status)
