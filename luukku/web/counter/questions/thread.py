"""One question: read, answered, sorted, assigned, ended."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.text import clean, key_in
from luukku.core.times import helsinki
from luukku.guidance import actions
from luukku.guidance.actions.answering import LONGEST_TAG, MOST_TAGS
from luukku.guidance.models import (
    CannedAnswer,
    ClosedAs,
    HandOver,
    Kind,
    Question,
)
from luukku.guidance.queries import (
    canned_answers,
    coordinators,
    open_hand_over,
    thread_of,
    with_first_message,
)
from luukku.guidance.states import QuestionState
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import DateInput, EditForm, Form
from luukku.workflow.actions import WrongState


class QuestionAnswerForm(Form):
    """The counter's answer, perhaps begun from a ready one."""

    words = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=8000, widget=forms.Textarea
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    used = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def clean_used(self) -> list[int]:
        """Return the numbers of the ready answers that were inserted."""
        parts = self.cleaned_data["used"].split(",")
        return [key for part in parts if (key := key_in(part)) is not None]


class NoteForm(Form):
    """A note to the others."""

    note = forms.CharField(label=gettext_lazy("Note"), max_length=2000, widget=forms.Textarea)

    def arguments(self) -> dict[str, object]:
        """Return the note."""
        return {"words": self.cleaned_data["note"]}


class SaidForm(Form):
    """What the asker said by phone."""

    said = forms.CharField(
        label=gettext_lazy("What the asker said"), max_length=4000, widget=forms.Textarea
    )

    def arguments(self) -> dict[str, object]:
        """Return what was said."""
        return {"words": self.cleaned_data["said"]}


class AssignForm(EditForm):
    """Assign a question to somebody at the counter."""

    assignee: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=gettext_lazy("Who answers"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )

    def __init__(self, question: Question, data: object = None) -> None:
        super().__init__(data, about=question)
        self.fields["assignee"].queryset = coordinators()
        self.fields["assignee"].initial = question.assignee_id


class SortForm(EditForm):
    """Sort a question by topic and tags."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is about"), choices=Kind.choices)
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Plain words with commas between. No names, nothing about health."),
    )

    def clean_tags(self) -> list[str]:
        """Return the words; none is cut or left out without a word."""
        words = [" ".join(clean(tag).split()) for tag in self.cleaned_data["tags"].split(",")]
        words = [word for word in words if word]
        if long := [word for word in words if len(word) > LONGEST_TAG]:
            told = _("A tag has at most %(n)s signs. Too long: %(tags)s.")
            raise ValidationError(told % {"n": LONGEST_TAG, "tags": ", ".join(long)})
        if len(words) > MOST_TAGS:
            raise ValidationError(_("Give at most %(n)s tags.") % {"n": MOST_TAGS})
        return words

    def __init__(self, question: Question, data: object = None) -> None:
        super().__init__(data, about=question)
        self.fields["kind"].initial, self.fields["tags"].initial = (
            question.kind,
            ", ".join(question.tags),
        )


class FollowForm(Form):
    """Another day to look again."""

    follow_on = forms.DateField(label=gettext_lazy("Look again on"), widget=DateInput)

    def clean_follow_on(self) -> object:
        """Refuse days that have been."""
        return not_past(self.cleaned_data["follow_on"])


def not_past(day: date) -> date:
    """Refuse a day that has been."""
    today = helsinki(timezone.now()).date()
    if not today <= day <= today + timedelta(days=365):
        raise ValidationError(_("Choose a day from today on, within a year."))
    return day


def find_question(request: Request, pk: int) -> Question:
    """Return a question with who asks and who answers."""
    questions = Question.objects.select_related("asked_by", "assignee")
    questions = questions.prefetch_related(with_first_message())
    return fetch(questions, pk, for_=request.user)


@page("coordinator", methods=("GET", "POST"))
def question(request: Request, pk: int) -> HttpResponse:
    """Read a thread and answer it; a ready answer is inserted without losing what has been typed."""
    question, status = find_question(request, pk), 200
    last = question.messages.order_by("-pk").values_list("pk", flat=True).first()
    form = QuestionAnswerForm(data_of(request), initial={"seen": last})
    surprise = ""
    if request.method == "POST" and "insert" in request.POST:
        form = _with_canned(request, form)
    elif request.method == "POST" and form.is_valid():
        act = actions.add if request.POST.get("act") == "add" else actions.answer
        try:
            act(
                question,
                form.cleaned_data["words"],
                by=request.user,
                at=timezone.now(),
                seen=form.cleaned_data["seen"],
                canned=form.cleaned_data["used"],
            )
            told = _("Written down as told.") if is_by_phone(question) else _("Answered.")
            messages.success(request, told)
            return see_other("counter:question", pk)
        except (WrongState, actions.NewWords):
            question, status = find_question(request, pk), 409
            surprise = "words" if question.state == QuestionState.ASKED else "answered"
            form.data = form.data.copy()
            form.data["seen"] = (
                question.messages.order_by("-pk").values_list("pk", flat=True).first() or ""
            )
    elif request.method == "POST":
        status = 422
    context = _thread_context(request, question)
    context |= {"form": _named(form, question), "surprise": surprise}
    return render(request, "counter/questions/detail.html", context, status=status)


def _named(form: QuestionAnswerForm, question: Question) -> QuestionAnswerForm:
    """Ask by phone for what was said: nothing is sent."""
    if is_by_phone(question):
        form.fields["words"].label = _("What you said")
    return form


def _with_canned(request: Request, form: QuestionAnswerForm) -> QuestionAnswerForm:
    """Return the form with the chosen ready answer after what has been typed."""
    key = key_in(str(request.POST.get("canned", "")))
    chosen = CannedAnswer.objects.filter(pk=key).first() if key is not None else None
    typed = clean(str(request.POST.get("words", ""))).rstrip()
    used = str(request.POST.get("used", ""))
    if chosen is not None:
        typed = f"{typed}\n\n{chosen.words}".lstrip()
        used = f"{used},{chosen.pk}".lstrip(",")
    return QuestionAnswerForm(
        initial={"words": typed, "used": used[:200], "seen": request.POST.get("seen", "")}
    )


def _thread_context(request: Request, question: Question) -> dict[str, object]:
    now = timezone.now()
    given = open_hand_over(question)
    mine = question.assignee_id == request.user.pk
    return {
        "question": question,
        "rows": [(row, not isinstance(row, HandOver)) for row in thread_of(question)],
        "notes": question.notes.select_related("by"),
        "given": given,
        "is_late": question.due_on is not None and question.due_on < helsinki(now).date(),
        "is_mine": mine,
        "can_write_mail": can_write_mail(question),
        "is_by_phone": is_by_phone(question),
        "is_to_call": Question.objects.visible_to(request.user)
        .to_call()
        .filter(pk=question.pk)
        .exists(),
        "canned": canned_answers(question.language),
        "assign_form": AssignForm(question),
        "sort_form": SortForm(question),
        "note_form": NoteForm(),
        "said_form": SaidForm(),
        "follow_form": FollowForm(initial={"follow_on": given.follow_on if given else None}),
        "tabs": tabs(request, "questions"),
    }


def can_write_mail(question: Question) -> bool:
    """Whether the asker reads the answer in an e-mail."""
    return bool(question.email or (question.asked_by and question.asked_by.email))


def is_by_phone(question: Question) -> bool:
    """Whether somebody at the counter tells the answer by phone: no e-mail brings it, and no code opens it."""
    return not can_write_mail(question) and not question.is_anonymous


def back_to(pk: int) -> HttpResponse:
    """Go to the question."""
    return see_other("counter:question", pk)


def form_errors(request: Request, question: Question, name: str, form: BaseForm) -> HttpResponse:
    """Show the thread with what was typed into its small form ``name``, and what was wrong there."""
    last = question.messages.order_by("-pk").values_list("pk", flat=True).first()
    answer = _named(QuestionAnswerForm(initial={"seen": last}), question)
    own = {"form": answer, "surprise": "", name: form}
    context = _thread_context(request, question) | own
    return render(request, "counter/questions/detail.html", context, status=422)


@page("coordinator", methods=("POST",))
def assign(request: Request, pk: int) -> HttpResponse:
    """Take a question, give it to somebody, or let go of it."""
    question = find_question(request, pk)
    if "me" in request.POST:
        actions.assign(question, request.user, by=request.user, at=timezone.now())
        messages.success(request, _("The question is yours."))
        return back_to(pk)
    form = AssignForm(question, request.POST)
    if form.is_valid():
        actions.assign(question, form.cleaned_data["assignee"], by=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
    else:
        return form_errors(request, question, "assign_form", form)
    return back_to(pk)


@page("coordinator", methods=("POST",))
def sort(request: Request, pk: int) -> HttpResponse:
    """Set kind and tags."""
    question = find_question(request, pk)
    form = SortForm(question, request.POST)
    if form.is_valid():
        actions.sort(
            question,
            kind=Kind(form.cleaned_data["kind"]),
            tags=form.cleaned_data["tags"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
    else:
        return form_errors(request, question, "sort_form", form)
    return back_to(pk)


@page("coordinator", methods=("POST",))
def note(request: Request, pk: int) -> HttpResponse:
    """Leave a note that only the counter sees."""
    question, form = find_question(request, pk), NoteForm(data_of(request))
    return counter_act(
        request,
        actions.note,
        question,
        form=form,
        page=lambda _status: form_errors(request, question, "note_form", form),
        done=_("Saved."),
        to=back_to(pk),
    )


@page("coordinator", methods=("POST",))
def said(request: Request, pk: int) -> HttpResponse:
    """Write down what the asker said by phone."""
    question, form = find_question(request, pk), SaidForm(data_of(request))
    return counter_act(
        request,
        actions.write,
        question,
        form=form,
        page=lambda _status: form_errors(request, question, "said_form", form),
        done=_("Saved."),
        to=back_to(pk),
    )


@page("coordinator", methods=("POST",))
def close(request: Request, pk: int) -> HttpResponse:
    """End a thread."""
    question = find_question(request, pk)
    given = request.POST.get("as", "")
    closed_as = given if given in ClosedAs.values else ClosedAs.HELPED
    return counter_act(
        request, actions.close, question, ClosedAs(closed_as), done=_("Closed."), to=back_to(pk)
    )
