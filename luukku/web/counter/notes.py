"""Internal notes: what those at the counter write down for each other on the page that it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.experts.models import Expert
from luukku.orders.models import Order
from luukku.organisations.models import Organisation
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.ui.forms import EditForm, Form
from luukku.workbench import actions
from luukku.workbench.actions import export
from luukku.workbench.models import InternalNote
from luukku.workbench.models.notes import Subject, field_for
from luukku.workflow.queries import may

MODELS: dict[str, Any] = {
    "order": Order,
    "expert": Expert,
    "organisation": Organisation,
    "person": User,
}
TAB = {"order": "orders", "expert": "experts", "organisation": "organisations", "person": "people"}
LABEL = gettext_lazy("Internal note")
HELP = gettext_lazy(
    "Only the counter sees it, and whoever it tells of, if they ask for their own data. Write what helps"
    " to serve: facts, no guesses."
)


class NoteForm(Form):
    """A note for those at the counter."""

    words = forms.CharField(
        label=LABEL, help_text=HELP, max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class CorrectForm(EditForm):
    """One's own note, while it can be corrected."""

    shows = ("words",)

    words = forms.CharField(label=LABEL, help_text=HELP, max_length=2000, widget=forms.Textarea)


def home_of(about: Subject) -> str:
    """Return the address of the notes about ``about``."""
    return f"{reverse(f'counter:{field_for(about)}', args=[about.pk])}#notes"


def notes_about(request: Request, about: Subject) -> dict[str, object]:
    """Return what ``counter/notes/_list.html`` shows of ``about``; nothing to whoever does not serve at the counter."""
    if not request.user.is_counter:
        return {}
    now = timezone.now()
    notes = InternalNote.objects.visible_to(request.user).about(about)
    return {
        "notes": [(note, _may_correct(note, request.user, at=now)) for note in notes],
        "note_form": NoteForm(),
        "note_to": reverse(f"counter:{field_for(about)}-note", args=[about.pk]),
    }


@page("coordinator", methods=("POST",))
def notes_file(request: Request, pk: int) -> HttpResponse:
    """Every note that tells of a person, in a file for that person, who may ask for what is held about them."""
    person = fetch(User, pk, for_=request.user)
    notes = list(InternalNote.objects.visible_to(request.user).telling_of(person))
    act = partial(export, rows=len(notes), kind="txt", filters={"person": str(person.pk)})

    def file(_none: object) -> Any:  # a file, which is an answer of its own kind
        context = {"person": person, "notes": notes, "now": timezone.now()}
        text = render_to_string("counter/notes/file.txt", context)
        name = slugify(_("Internal notes"))
        return HttpResponse(
            text,
            content_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}-{person.pk}.txt"'},
        )

    return counter_act(request, act, "notes", to=file, back=SeeOther(home_of(person)))


def _may_correct(note: InternalNote, user: User, *, at: datetime) -> bool:
    return may("workbench.correct_note", note, user) and note.may_be_corrected(at)


def _form_page(
    request: Request, form: forms.BaseForm, about: Subject, *, title: str, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "back": home_of(about),
        "tabs": tabs(request, TAB[field_for(about)]),
    }
    return render(request, "counter/notes/form.html", context, status=status)


def _subject(request: Request, kind: str, pk: int) -> Subject:
    about: Subject = fetch(MODELS[kind], pk, for_=request.user)
    return about


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def new(request: Request, pk: int, kind: str) -> HttpResponse:
    """Write a note about an order, an expert, an organisation or a person."""
    about = _subject(request, kind, pk)
    form = NoteForm(data_of(request))
    return counter_act(
        request,
        actions.write_note,
        about,
        form=form,
        page=lambda status: _form_page(request, form, about, title=str(LABEL), status=status),
        done=_("The note has been saved."),
        to=SeeOther(home_of(about)),
    )


@page("coordinator", methods=("GET", "POST"))
def correct(request: Request, pk: int) -> HttpResponse:
    """Correct one's own note of a moment ago."""
    note = fetch(InternalNote, pk, for_=request.user)
    if not may("workbench.correct_note", note, request.user):
        raise Http404
    form = CorrectForm(data_of(request), about=note)
    about = note.about()
    return counter_act(
        request,
        actions.correct_note,
        note,
        form=form,
        page=lambda status: _form_page(
            request, form, about, title=_("Correct the note"), status=status
        ),
        ready=lambda: _require_open(note),
        done=_("Saved."),
        to=SeeOther(home_of(about)),
    )


def _require_open(note: InternalNote) -> None:
    if not note.may_be_corrected(timezone.now()):
        raise actions.NoteStands


@page("coordinator", methods=("POST",))
def strike(request: Request, pk: int) -> HttpResponse:
    """Strike a note that does not hold."""
    return _act(request, pk, actions.strike_note, done=_("The note has been struck."))


@page("coordinator", methods=("POST",))
def restore(request: Request, pk: int) -> HttpResponse:
    """Let a note hold again that was struck by mistake."""
    return _act(request, pk, actions.restore_note, done=_("The note holds again."))


def _act(request: Request, pk: int, act: Callable[..., object], *, done: str) -> HttpResponse:
    note = fetch(InternalNote, pk, for_=request.user)
    return counter_act(request, act, note, done=done, to=SeeOther(home_of(note.about())))
