"""Questions at the counter: the list, the thread with all that belongs to it, and ready answers."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.content import actions as content
from luukku.core.ordering import in_finnish
from luukku.core.text import clean
from luukku.core.times import helsinki, working_day
from luukku.guidance import actions
from luukku.guidance.codes import new_code
from luukku.guidance.models import (
    HURRIED_FIRST,
    CannedAnswer,
    ClosedAs,
    HandOver,
    Kind,
    Question,
    Topic,
)
from luukku.guidance.queries import (
    canned_answers,
    coordinators,
    faq_answers,
    open_hand_over,
    receivers,
    tags_in_use,
    thread_of,
)
from luukku.guidance.states import ADD, ANSWER, CLOSE, QuestionState
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.codes import keep_code, take_code
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.ui.forms import DateInput, EditForm, Form, ModelForm
from luukku.workflow.actions import WrongState

A_PAGE = 30
OPEN = "open"  # everything that is not closed; what the list shows unless asked otherwise


class FilterForm(Form):
    """What the list shows."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Who answers"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    tag = forms.ChoiceField(label=gettext_lazy("Tag"), required=False)
    late = forms.BooleanField(label=gettext_lazy("Only late ones"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        self.fields["state"].choices = [
            (OPEN, _("Not closed")), *QuestionState.choices, ("all", _("All"))
        ]  # fmt: skip
        self.fields["assignee"].choices = [
            everything,
            ("me", _("Me")),
            ("nobody", _("Nobody yet")),
            *((str(person.pk), person.name) for person in coordinators()),
        ]
        self.fields["kind"].choices = [everything, *Kind.choices]
        self.fields["tag"].choices = [everything, *((tag, tag) for tag in tags_in_use())]


@page("coordinator")
def questions(request: HttpRequest) -> HttpResponse:
    """Every question by state, assignee, kind, tag; the most urgent first."""
    now = timezone.now()
    form = FilterForm({"state": OPEN} | {key: clean(value) for key, value in request.GET.items()})
    form.is_valid()  # what is no choice filters nothing
    rows = _filtered(form.cleaned_data, user=request.user, now=now)
    found = Paginator(
        rows.select_related("assignee", "asked_by").order_by(
            HURRIED_FIRST, "due_on", "-state_changed_at", "pk"
        ),
        A_PAGE,
    ).get_page(request.GET.get("page"))
    today = helsinki(now).date()
    context = {
        "form": form,
        "page": found,
        "rows": [(q, q.due_on is not None and q.due_on < today) for q in found],
        "tabs": tabs(request, "questions"),
    }
    return render(request, "counter/questions.html", context)


def _filtered(wish: dict[str, object], *, user: User, now: object) -> object:
    rows = Question.objects.late(now) if wish.get("late") else Question.objects.all()
    state, assignee = wish.get("state") or OPEN, wish.get("assignee")
    if state == OPEN:
        rows = rows.exclude(state=QuestionState.CLOSED)
    elif state != "all":
        rows = rows.filter(state=state)
    if assignee == "nobody":
        rows = rows.filter(assignee=None)
    elif assignee:
        rows = rows.filter(assignee=user.pk if assignee == "me" else int(assignee))
    if wish.get("kind"):
        rows = rows.filter(kind=wish["kind"])
    if wish.get("tag"):
        rows = rows.filter(tags__contains=[wish["tag"]])
    return rows


class NewForm(Form):
    """A question that came by phone or in person."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=Topic.choices,
        initial=Topic.OTHER,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("The question, as it was said"), max_length=4000, widget=forms.Textarea
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the answer"),
        choices=User._meta.get_field("language").choices,
    )
    is_anonymous = forms.BooleanField(
        label=gettext_lazy("The asker wants no name written down"),
        required=False,
        help_text=gettext_lazy(
            "You get a code to read out. With it the asker reads the answer here."
        ),
    )

    def __init__(self, *args: object, person: User | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person is not None:
            for name in ("name", "phone", "email", "language", "is_anonymous"):
                del self.fields[name]

    def clean(self) -> dict[str, object]:
        """Ask for a way to answer."""
        cleaned = super().clean()
        if self.person is not None:
            return cleaned
        if cleaned.get("is_anonymous"):
            return cleaned | {"name": "", "phone": "", "email": ""}
        if not cleaned.get("phone") and not cleaned.get("email") and "email" not in self.errors:
            raise ValidationError(_("Write down a phone number or an e-mail, or give a code."))
        return cleaned


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def new(request: HttpRequest) -> HttpResponse:
    """Write down a question for somebody, with or without an account."""
    number = request.GET.get("person", "")
    person = None
    if number:
        if not (number.isascii() and number.isdigit() and len(number) < 18):
            raise Http404
        person = get_object_or_404(User, pk=int(number), is_machine=False)
    form = NewForm(data_of(request), person=person)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        code = new_code() if data.pop("is_anonymous", False) else ""
        made = actions.ask_for(**data, person=person, code=code, by=request.user, at=timezone.now())
        messages.success(request, _("The question has been written down."))
        if code:
            ticket = keep_code(code)
            return SeeOther(f"{reverse('counter:question-code')}?{ticket}={made.pk}")
        return see_other("counter:question", made.pk)
    context = {"form": form, "person": person, "tabs": tabs(request, "questions")}
    return render(
        request,
        "counter/question_new.html",
        context,
        status=422 if request.method == "POST" else 200,
    )


@page("coordinator")
def new_code_shown(request: HttpRequest) -> HttpResponse:
    """The code to read out, once."""
    ticket, number = next(iter(request.GET.items()), ("", ""))
    context = {
        "code": take_code(ticket),
        "number": int(number) if number.isascii() and number.isdigit() else None,
        "tabs": tabs(request, "questions"),
    }
    return render(request, "counter/question_code.html", context)


class AnswerForm(Form):
    """The counter's answer, perhaps begun from a ready one."""

    words = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=8000, widget=forms.Textarea
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    used = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def clean_used(self) -> list[int]:
        """Return the numbers of the ready answers that were inserted."""
        parts = self.cleaned_data["used"].split(",")
        return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 18]


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
    """Who answers."""

    assignee = forms.ModelChoiceField(
        label=gettext_lazy("Who answers"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )

    def __init__(self, found: Question, data: object = None) -> None:
        super().__init__(data, about=found)
        self.fields["assignee"].queryset = coordinators()
        self.fields["assignee"].initial = found.assignee_id


class SortForm(EditForm):
    """Kind and tags."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Plain words with commas between. No names, nothing about health."),
    )

    def __init__(self, found: Question, data: object = None) -> None:
        super().__init__(data, about=found)
        self.fields["kind"].initial, self.fields["tags"].initial = found.kind, ", ".join(found.tags)


class FollowForm(Form):
    """Another day to look again."""

    follow_on = forms.DateField(label=gettext_lazy("Look again on"), widget=DateInput)

    def clean_follow_on(self) -> object:
        """Refuse days that have been."""
        return _not_past(self.cleaned_data["follow_on"])


def _not_past(day: object) -> object:
    today = helsinki(timezone.now()).date()
    if not today <= day <= today + timedelta(days=365):
        raise ValidationError(_("Choose a day from today on, within a year."))
    return day


def _question(pk: int) -> Question:
    return get_object_or_404(Question.objects.select_related("asked_by", "assignee"), pk=pk)


@page("coordinator", methods=("GET", "POST"))
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a thread and answer it; a ready answer is inserted without losing what has been typed."""
    found, status = _question(pk), 200
    last = found.messages.order_by("-pk").values_list("pk", flat=True).first()
    form = AnswerForm(data_of(request), initial={"seen": last})
    surprise = ""
    if request.method == "POST" and "insert" in request.POST:
        form = _with_canned(request, form)
    elif request.method == "POST" and form.is_valid():
        act = actions.add if request.POST.get("act") == "add" else actions.answer
        try:
            act(
                found,
                form.cleaned_data["words"],
                by=request.user,
                at=timezone.now(),
                seen=form.cleaned_data["seen"],
                canned=form.cleaned_data["used"],
            )
            messages.success(request, _("Answered."))
            return see_other("counter:question", pk)
        except (WrongState, actions.NewWords):
            found, status = _question(pk), 409
            surprise = "words" if found.state == QuestionState.ASKED else "answered"
            form.data = form.data.copy()
            form.data["seen"] = (
                found.messages.order_by("-pk").values_list("pk", flat=True).first() or ""
            )
    elif request.method == "POST":
        status = 422
    context = _thread_context(request, found) | {"form": form, "surprise": surprise}
    return render(request, "counter/question.html", context, status=status)


def _with_canned(request: HttpRequest, form: AnswerForm) -> AnswerForm:
    """Return the form with the chosen ready answer after what has been typed."""
    number = request.POST.get("canned", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 18
    chosen = CannedAnswer.objects.filter(pk=int(number)).first() if is_number else None
    typed, used = clean(request.POST.get("words", "")).rstrip(), request.POST.get("used", "")
    if chosen is not None:
        typed = f"{typed}\n\n{chosen.words}".lstrip()
        used = f"{used},{chosen.pk}".lstrip(",")
    return AnswerForm(
        initial={"words": typed, "used": used[:200], "seen": request.POST.get("seen", "")}
    )


def _thread_context(request: HttpRequest, found: Question) -> dict[str, object]:
    now = timezone.now()
    given = open_hand_over(found)
    mine = found.assignee_id == request.user.pk
    return {
        "question": found,
        "rows": [(row, not isinstance(row, HandOver)) for row in thread_of(found)],
        "notes": found.notes.select_related("by"),
        "given": given,
        "is_late": found.due_on is not None and found.due_on < helsinki(now).date(),
        "may_answer": found.state in ANSWER.sources,
        "may_add": found.state in ADD.sources,
        "may_close": found.state in CLOSE.sources,
        "is_mine": mine,
        "can_write_mail": bool(found.email or (found.asked_by and found.asked_by.email)),
        "canned": canned_answers(found.language),
        "assign_form": AssignForm(found),
        "sort_form": SortForm(found),
        "note_form": NoteForm(),
        "said_form": SaidForm(),
        "follow_form": FollowForm(initial={"follow_on": given.follow_on if given else None}),
        "tabs": tabs(request, "questions"),
    }


def _moved_on(request: HttpRequest) -> None:
    messages.info(request, _("Somebody was faster: the question has already moved on."))


def _back(pk: int) -> HttpResponse:
    return see_other("counter:question", pk)


def _bad(request: HttpRequest, found: Question, name: str, form: Form) -> HttpResponse:
    """Show the thread with what was typed into its small form ``name``, and what was wrong there."""
    last = found.messages.order_by("-pk").values_list("pk", flat=True).first()
    own = {"form": AnswerForm(initial={"seen": last}), "surprise": "", name: form}
    context = _thread_context(request, found) | own
    return render(request, "counter/question.html", context, status=422)


@page("coordinator", methods=("POST",))
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a question, give it to somebody, or let go of it."""
    found = _question(pk)
    if "me" in request.POST:
        actions.assign(found, request.user, by=request.user, at=timezone.now())
        messages.success(request, _("The question is yours."))
        return _back(pk)
    form = AssignForm(found, request.POST)
    if form.is_valid():
        actions.assign(found, form.cleaned_data["assignee"], by=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
    else:
        return _bad(request, found, "assign_form", form)
    return _back(pk)


@page("coordinator", methods=("POST",))
def sort(request: HttpRequest, pk: int) -> HttpResponse:
    """Set kind and tags."""
    found = _question(pk)
    form = SortForm(found, request.POST)
    if form.is_valid():
        actions.sort(
            found,
            kind=Kind(form.cleaned_data["kind"]),
            tags=form.cleaned_data["tags"].split(","),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
    else:
        return _bad(request, found, "sort_form", form)
    return _back(pk)


@page("coordinator", methods=("POST",))
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a note that only the counter sees."""
    found, form = _question(pk), NoteForm(data_of(request))
    return counter_act(
        request,
        actions.note,
        found,
        form=form,
        page=lambda _status: _bad(request, found, "note_form", form),
        done=_("Saved."),
        to=_back(pk),
    )


@page("coordinator", methods=("POST",))
def said(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the asker said by phone."""
    found, form = _question(pk), SaidForm(data_of(request))
    return counter_act(
        request,
        actions.write,
        found,
        form=form,
        page=lambda _status: _bad(request, found, "said_form", form),
        done=_("Saved."),
        to=_back(pk),
    )


class HandOverForm(Form):
    """To whom, what was agreed, and when to look again."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation in the register"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("An outside one, named below"),
        help_text=gettext_lazy(
            "Its contact person sees the thread on their desk and answers there."
        ),
    )
    outside_name = forms.CharField(
        label=gettext_lazy("Outside organisation"), max_length=150, required=False
    )
    agreed = forms.CharField(
        label=gettext_lazy("What was agreed"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("With whom, and by when. Only the counter sees this."),
    )
    shows_contact = forms.BooleanField(
        label=gettext_lazy("The asker has said yes: their name and contact details may be given"),
        required=False,
        help_text=gettext_lazy(
            "Without this, the organisation sees the messages but not who asks."
        ),
    )
    follow_on = forms.DateField(label=gettext_lazy("Look again on"), widget=DateInput)

    def __init__(self, *args: object, is_anonymous: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = receivers()
        if is_anonymous:
            del self.fields["shows_contact"]

    def clean_follow_on(self) -> object:
        """Refuse days that have been."""
        return _not_past(self.cleaned_data["follow_on"])

    def arguments(self) -> dict[str, object]:
        """Return to whom it is handed, on what terms."""
        data = self.cleaned_data
        return {
            "to": data["organisation"] or data["outside_name"],
            "agreed": data["agreed"],
            "shows_contact": data.get("shows_contact", False),
            "follow_on": data["follow_on"],
        }

    def clean(self) -> dict[str, object]:
        """Ask for exactly one organisation."""
        cleaned = super().clean()
        if bool(cleaned.get("organisation")) == bool(cleaned.get("outside_name")):
            self.add_error(
                "organisation", _("Choose one from the register or name an outside one, not both.")
            )
        return cleaned


@page("coordinator", methods=("GET", "POST"))
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another organisation answer."""
    found = _question(pk)
    day = working_day(helsinki(timezone.now()).date(), settings.LUUKKU_REPLY_DAYS)
    form = HandOverForm(
        data_of(request),
        is_anonymous=found.is_anonymous,
        initial={"follow_on": day},
    )
    context = {"form": form, "question": found, "tabs": tabs(request, "questions")}
    return counter_act(
        request,
        actions.hand_over,
        found,
        form=form,
        page=lambda status: render(
            request, "counter/question_hand_over.html", context, status=status
        ),
        done=_("Handed over. The asker is told who answers."),
        to=_back(pk),
    )


@page("coordinator", methods=("POST",))
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the answer came, take the question back, or look again later."""
    found, now = _question(pk), timezone.now()
    try:
        if "answered" in request.POST:
            actions.follow(found, by=request.user, at=now)
            messages.success(request, _("Noted: the asker has got an answer."))
        elif "back" in request.POST:
            actions.take_back(found, by=request.user, at=now)
            messages.success(request, _("The question is the counter’s again."))
        else:
            form = FollowForm(request.POST)
            if form.is_valid():
                day = form.cleaned_data["follow_on"]
                actions.postpone(found, follow_on=day, by=request.user, at=now)
                messages.success(request, _("Saved."))
            else:
                return _bad(request, found, "follow_form", form)
    except (WrongState, HandOver.DoesNotExist):
        _moved_on(request)
    return _back(pk)


@page("coordinator", methods=("POST",))
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a thread."""
    found = _question(pk)
    given = request.POST.get("as", "")
    closed_as = given if given in ClosedAs.values else ClosedAs.HELPED
    return counter_act(
        request, actions.close, found, ClosedAs(closed_as), done=_("Closed."), to=_back(pk)
    )


class CannedForm(ModelForm):
    """A ready answer."""

    class Meta:
        model = CannedAnswer
        fields = ("title", "words", "language", "may_be_faq", "is_active")
        help_texts = {
            "may_be_faq": gettext_lazy(
                "Tick only when the text holds nothing of anybody who has asked."
            )
        }


@page("coordinator")
def answers(request: HttpRequest) -> HttpResponse:
    """The ready answers."""
    rows = CannedAnswer.objects.order_by(
        "-is_active", "language", "-used_count", in_finnish("title"), "pk"
    )
    found = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "counter/answers.html", {"page": found, "tabs": tabs(request, "questions")}
    )


@page("coordinator", methods=("GET", "POST"))
def answer_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a ready answer among the common questions of the site, once it has been read through."""
    found = get_object_or_404(faq_answers(), pk=pk)
    if request.method != "POST":
        return ask_first(
            request,
            tabs(request, "questions"),
            title=_("Publish this answer?"),
            lead=found.title,
            follows=[
                found.words,
                _("Everybody can read it at once on the page of common questions."),
                _("It can be changed or taken away among the pages."),
            ],
            label=_("Publish among the common questions"),
            back=reverse("counter:answers"),
            keep=_("Do not publish"),
            is_end=False,
        )
    try:
        shown = content.publish_answer(
            found.title, found.words, language=found.language, by=request.user, at=timezone.now()
        )
        messages.success(request, _("Published on the page “%(title)s”.") % {"title": shown.title})
    except content.NoSection:
        messages.error(request, _("There is no page of questions in this language. Make it first."))
    return see_other("counter:answers")


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def answer_new(request: HttpRequest) -> HttpResponse:
    """Write a ready answer."""
    return _answer(request, None)


@page("coordinator", methods=("GET", "POST"))
def answer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a ready answer."""
    return _answer(request, get_object_or_404(CannedAnswer, pk=pk))


def _answer(request: HttpRequest, found: CannedAnswer | None) -> HttpResponse:
    form = CannedForm(data_of(request), instance=found)
    if request.method == "POST" and form.is_valid():
        actions.keep_answer(found, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
        return see_other("counter:answers")
    context = {"form": form, "canned": found, "tabs": tabs(request, "questions")}
    return render(
        request, "counter/answer.html", context, status=422 if request.method == "POST" else 200
    )
