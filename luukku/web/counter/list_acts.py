"""What is done with a list as a whole: it is taken along in a file, or kept as one wants it again."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.web.counter.coping import FLAGS
from luukku.web.counter.events.event_list import EVENTS, SIGN_UPS
from luukku.web.counter.expert_list import EXPERTS
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lending import DEVICES, LOANS
from luukku.web.counter.orders.order_list import ORDERS
from luukku.web.counter.organisations.organisation_list import ORGANISATIONS
from luukku.web.counter.peers import PEERS
from luukku.web.counter.people_list import PEOPLE
from luukku.web.counter.programmes import PROGRAMMES
from luukku.web.counter.promises import BACKGROUNDS
from luukku.web.counter.questions.question_list import QUESTIONS
from luukku.web.counter.questions.ready import ANSWERS
from luukku.web.counter.training.applications import APPLICATIONS
from luukku.web.counter.training.reports import REPORTS
from luukku.web.counter.training.runs import RUNS
from luukku.web.counter.training.threads import DECISIONS, THREADS
from luukku.web.counter.wide import READERS
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import A_PAGE, Listed, Listing
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.kit.spreadsheets import KINDS, spreadsheet
from luukku.web.ui.forms import Form
from luukku.workbench.actions import export, remove_filter, save_filter
from luukku.workbench.models import SavedFilter

_LISTS = (
    ANSWERS, APPLICATIONS, BACKGROUNDS, DECISIONS, DEVICES, EVENTS, EXPERTS, FLAGS, LOANS, ORDERS, ORGANISATIONS, PEERS,
    PEOPLE, PROGRAMMES, QUESTIONS, READERS, REPORTS, RUNS, SIGN_UPS, THREADS,
)  # fmt: skip
LISTS: dict[str, Listing] = {one.name: one for one in _LISTS}


def _home(_request: HttpRequest, *, name: str) -> str:
    return reverse(f"counter:{name}") if name in LISTS else reverse("counter:queue")


def _listed(request: Request, name: str, *, a_page: int = A_PAGE, is_whole: bool = False) -> Listed:
    """Return the list called ``name`` as the address, which is the list's but for its path, asks for it."""
    if name not in LISTS:
        raise Http404
    return LISTS[name].read(request, a_page=a_page, is_whole=is_whole)


def _address(name: str, asked: str) -> str:
    return reverse(f"counter:{name}") + (f"?{asked}" if asked else "")


@page("coordinator", methods=("POST",), home=_home)
def export_list(request: Request, name: str) -> HttpResponse:
    """Take along every row that the filters leave; who did it, and whose data it was, is written down."""
    listed, kind = _listed(request, name), request.POST.get("kind", "")
    if kind not in KINDS:
        raise Http404
    told = {"rows": listed.all.count(), "kind": kind, "filters": listed.filters.told}
    columns = listed.listing.columns

    def file(_none: object) -> Any:  # a file, which is an answer of its own kind
        heads = [str(column.label) for column in columns]
        title = slugify(str(listed.listing.title))
        return spreadsheet(title, heads, listed.values(), kind=kind)

    back = SeeOther(_address(name, listed.asked))
    return counter_act(request, partial(export, **told), name, to=file, back=back)


MOST_PRINTED = 500  # rows on one page: some twenty sheets


@page("coordinator")
def print_list(request: Request, name: str) -> HttpResponse:
    """Every row that the filters leave on one page, for paper; where there are more than fit, it says so."""
    listed = _listed(request, name, a_page=MOST_PRINTED, is_whole=True)
    context = {
        "list": listed,
        "title": listed.listing.title,
        "back": _address(name, listed.asked),
        "most": MOST_PRINTED,
        "tabs": tabs(request, LISTS[name].under),
    }
    return render(request, "counter/lists/print.html", context)


class SaveForm(Form):
    """What a saved filter is called."""

    name = forms.CharField(
        label=gettext_lazy("Name of the filter"),
        help_text=gettext_lazy("For example: open ones in Pori. Only you see it."),
        max_length=60,
    )
    replace = forms.BooleanField(
        label=gettext_lazy("This filter takes the place of the one of the same name"),
        required=False,
    )

    def __init__(self, *args: Any, taken: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (
            self.data.get("name", "").strip() not in taken
        ):  # asked only of who has chosen such a name
            del self.fields["replace"]


@page("coordinator", methods=("GET", "POST"))
def save(request: Request, name: str) -> HttpResponse:
    """Keep the list as it is narrowed and ordered now, by a name of one's own."""
    listed = _listed(request, name)
    own = SavedFilter.objects.visible_to(request.user).filter(listing=name)
    form = SaveForm(data_of(request), taken=set(own.values_list("name", flat=True)))
    address = _address(name, listed.asked)
    context = {
        "form": form,
        "title": _("Save the filter"),
        "back": address,
        "back_label": listed.listing.title,
        "tabs": tabs(request, LISTS[name].under),
    }
    return counter_act(
        request,
        partial(save_filter, name, query=listed.asked),
        form=form,
        page=lambda status: render(request, "counter/new.html", context, status=status),
        done=_("Saved. You find it above the list."),
        to=SeeOther(address),
    )


@page("coordinator", methods=("GET", "POST"))
def remove(request: Request, pk: int) -> HttpResponse:
    """Forget a saved filter, once that is meant."""
    saved = fetch(SavedFilter, pk, for_=request.user)
    there = _address(saved.listing, "")

    def ask(_status: int) -> HttpResponse:
        return ask_first(
            request,
            tabs(request, LISTS[saved.listing].under),
            title=_("Remove the saved filter?"),
            lead=saved.name,
            follows=[_("It is gone for good. The rows of the list stay as they are.")],
            label=_("Remove the filter"),
            back=there,
            keep=_("Keep the filter"),
        )

    return counter_act(
        request,
        remove_filter,
        saved,
        page=ask,
        done=_("The filter has been removed."),
        to=SeeOther(there),
    )
