"""The asker comes back: by signing in, with a code, or by the link in the answer. GET shows, POST acts."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.links import BadLink, read
from luukku.core.reading import read_without_name
from luukku.guidance import actions
from luukku.guidance.models import ClosedAs, Question
from luukku.guidance.queries import behind_code, thread_of
from luukku.guidance.states import QuestionState
from luukku.web.kit.access import EVERYONE, SIGNED_IN, page
from luukku.web.kit.acts import data_of, form_act, status_of
from luukku.web.kit.limits import is_too_often, who
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request
from luukku.web.kit.typed import keep
from luukku.web.parts.guidance.distress import meet_distress
from luukku.web.ui.forms import Form
from luukku.workflow.actions import WrongState

MAX_AGE = timedelta(days=120)
OPEN_SECONDS = 3600  # how long a code keeps the thread open in a browser
SESSION_KEY = "open_question"
MOST_TRIES, MOST_TRIES_FROM_ALL = 10, 1000
MOST_MESSAGES = 20


class CodeForm(Form):
    """The code that was shown when the question was asked."""

    code = forms.CharField(
        label=gettext_lazy("Your code"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=gettext_lazy(
            "For example K7WD-2QXN-HT9C. Lines and small letters do not matter."
        ),
    )


class WriteForm(Form):
    """More words from the asker."""

    words = forms.CharField(
        label=gettext_lazy("Your message"), max_length=4000, widget=forms.Textarea
    )


@page(EVERYONE, methods=("GET", "POST"))
def code(request: HttpRequest) -> HttpResponse:
    """Open the thread of an anonymous question. Every wrong code gets the same answer."""
    form = CodeForm(data_of(request))
    if request.method == "POST" and form.is_valid():
        # Who has had their share is not counted among all: one alone could put off everybody.
        is_put_off = is_too_often(f"code:{who(request)}", most=MOST_TRIES) or is_too_often(
            "code:all", most=MOST_TRIES_FROM_ALL
        )
        question = behind_code(form.cleaned_data["code"])
        if is_put_off:
            form.add_error(None, _("Many codes have been tried from here. Try again in an hour."))
        elif question is None:
            form.add_error("code", _("No question opens with this code. Check each sign."))
        else:
            request.session[SESSION_KEY] = [question.pk, int(timezone.now().timestamp())]
            return see_other("public:advice-opened")
    status = status_of(request)
    return render(request, "public/advice/code.html", {"form": form}, status=status)


def _opened(request: HttpRequest) -> Question | None:
    number, since = request.session.get(SESSION_KEY, (0, 0))
    if timezone.now().timestamp() - since > OPEN_SECONDS:
        return None
    return Question.objects.anonymous().filter(pk=number).exclude(code_mark=None).first()


@page(EVERYONE, methods=("GET", "POST"))
def opened(request: HttpRequest) -> HttpResponse:
    """The thread that a code has opened in this browser."""
    read_without_name()
    question = _opened(request)
    if question is None:
        response = see_other("public:advice-code")
        if request.method == "POST":
            response.is_refusal = True
            keep(request, response, page=request.path)
        return response
    request.form_owner = f"question {question.pk}"
    return _thread(request, question, by=None, here=reverse("public:advice-opened"), may_leave=True)


@page(EVERYONE, methods=("POST",))
def leave(request: HttpRequest) -> HttpResponse:
    """Forget in this browser which thread was open: the computer may be everybody's."""
    request.session.pop(SESSION_KEY, None)
    messages.success(request, _("The thread is closed on this computer. Your code opens it again."))
    return see_other("public:advice-code")


@page(EVERYONE, methods=("GET", "POST"))
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The thread behind the link of an answer."""
    try:
        opened = read(token, purpose="advice", max_age=MAX_AGE)
    except BadLink as error:
        context = {"is_expired": error.is_expired}
        return render(
            request, "public/advice/link_bad.html", context, status=410 if error.is_expired else 404
        )
    question = Question.objects.anonymous().filter(pk=opened.object_id).first()
    if question is None:
        raise Http404
    return _thread(request, question, by=None, here=reverse("public:advice-link", args=[token]))


@page(SIGNED_IN, methods=("GET", "POST"))
def thread(request: Request, pk: int) -> HttpResponse:
    """One's own question."""
    question = get_object_or_404(Question.objects.asked_by(request.user), pk=pk)
    here = reverse("public:advice-thread", args=[pk])
    return _thread(request, question, by=request.user, here=here)


@page(SIGNED_IN)
def mine(request: Request) -> HttpResponse:
    """One's own questions."""
    rows = Question.objects.asked_by(request.user).order_by("-asked_at", "-pk")
    shown = paged(request, rows, 20)
    return render(request, "public/advice/mine.html", {"questions": shown})


def _thread(
    request: HttpRequest,
    question: Question,
    *,
    by: User | None,
    here: str,
    may_leave: bool = False,
) -> HttpResponse:
    """Show the thread; take a message or “this helped” from the asker, ``by`` None when without account."""
    form = WriteForm(None if "close" in request.POST else data_of(request))
    if request.method == "POST":
        if "close" in request.POST:
            return _close(request, question, by=by, here=here)
        meet_distress(request, request.POST.get("words", ""))
        if form.is_valid() and is_too_often(f"write:{question.pk}", most=MOST_MESSAGES):
            form.add_error(None, _("You have written very often within an hour. Try again later."))
        elif form.is_valid():
            try:
                actions.write(
                    question,
                    form.cleaned_data["words"],
                    by=by or User.objects.machine(),
                    at=timezone.now(),
                )
                messages.success(request, _("Your message has arrived. A person reads it."))
                return SeeOther(here)
            except WrongState:
                question.refresh_from_db()
                form.add_error(None, _("The thread moved at the same moment. Send once more."))
    rows = thread_of(question)
    context = {
        "question": question,
        "rows": [(row, hasattr(row, "words")) for row in rows],
        "form": form,
        "here": here,
        "may_leave": may_leave,
        "asker": by or User.objects.machine(),
        "is_answered": question.state in {QuestionState.ANSWERED, QuestionState.FOLLOWED},
    }
    status = status_of(request)
    return render(request, "public/advice/thread.html", context, status=status)


def _close(request: HttpRequest, question: Question, *, by: User | None, here: str) -> HttpResponse:
    helped = question.state in {QuestionState.ANSWERED, QuestionState.FOLLOWED}
    closed_as = ClosedAs.HELPED if helped else ClosedAs.NOT_NEEDED
    try:
        return form_act(
            request,
            actions.close,
            question,
            closed_as,
            by=by or User.objects.machine(),
            done=_("Thank you for telling. You may still write here again."),
            to=SeeOther(here),
        )
    except PermissionDenied as error:
        raise Http404 from error
