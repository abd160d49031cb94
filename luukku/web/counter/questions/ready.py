"""Ready answers: written, changed, published among the common questions."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Case, F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.content import actions as content
from luukku.core.ordering import by_labels, in_finnish
from luukku.core.times import helsinki
from luukku.guidance import actions
from luukku.guidance.finding import answers_holding
from luukku.guidance.models import (
    CannedAnswer,
)
from luukku.guidance.queries import (
    faq_answers,
)
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.filters import ChoiceFilter, Filters, TextFilter, TickFilter
from luukku.web.ui.forms import ModelForm


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


LANGUAGES = list(CannedAnswer._meta.get_field("language").choices or ())  # each in itself
USED, UNUSED = "used", "unused"


class AnswerFilters(Filters):
    """By what the counter looks for a ready answer."""

    q = TextFilter(
        answers_holding, help_text=gettext_lazy("A word of the question or of the answer.")
    )
    language = ChoiceFilter(label=gettext_lazy("Language"), choices=LANGUAGES)
    use = ChoiceFilter(
        label=gettext_lazy("In use"),
        choices=[(USED, gettext_lazy("In use")), (UNUSED, gettext_lazy("Not in use"))],
        method=lambda rows, _name, use: rows.filter(is_active=use == USED),
    )
    faq = TickFilter(
        lambda rows: rows.filter(pk__in=faq_answers().values("pk")),
        label=gettext_lazy("Only those that may be published"),
    )


def _rows(_request: Request) -> QuerySet[CannedAnswer]:
    """Return them all: they hold nothing of anybody, and whoever serves at the counter writes them."""
    return CannedAnswer.objects.all()


def _in_its_language(row: CannedAnswer, title: str) -> str:
    return format_html('<span lang="{}">{}</span>', row.language, title)


def _publish(row: CannedAnswer, may_be_published: bool) -> str:
    if not may_be_published:
        return _("No")
    return format_html(
        '<a href="{}">{}<span class="sr-only">: {}</span></a>',
        reverse("counter:answer-publish", args=[row.pk]),
        _("Publish"),
        row.title,
    )


def _by_language() -> Case:
    return by_labels((label, Q(language=code)) for code, label in LANGUAGES)


ANSWERS = Listing(
    name="answers",
    tab="questions",
    title=gettext_lazy("Ready answers"),
    rows=_rows,
    filters=AnswerFilters,
    columns=(
        Column(
            "title",
            gettext_lazy("Question"),
            lambda row: row.title,
            order=in_finnish("title"),
            shows=_in_its_language,
            names_row=True,
        ),
        Column(
            "language",
            gettext_lazy("Language"),
            lambda row: row.get_language_display(),
            order=_by_language,
            is_plain=True,
        ),
        Column(
            "used_count", gettext_lazy("Times used"), lambda row: row.used_count, order="used_count"
        ),
        Column(
            "changed_at",
            gettext_lazy("Changed on"),
            lambda row: helsinki(row.changed_at).date(),
            order="changed_at",
        ),
        Column(
            "faq",
            gettext_lazy("May be published"),
            lambda row: row.may_be_faq and row.is_active,
            order=F("may_be_faq").desc(),
            shows=_publish,
        ),
        Column(
            "use",
            gettext_lazy("In use"),
            lambda row: row.is_active,
            order=(
                F("is_active").desc(),
                "language",
                F("used_count").desc(),
                in_finnish("title"),
            ),
        ),
    ),
    order="use",
    url=lambda row: reverse("counter:answer-edit", args=[row.pk]),
)


@page("coordinator")
def answers(request: Request) -> HttpResponse:
    """The ready answers; those in use first, by language, the most used first."""
    return show_list(
        request,
        ANSWERS,
        back=(reverse("counter:questions"), _("Questions")),
        lead=_(
            "What is asked again and again is answered with one press, and improved in one place."
        ),
        empty=_("No ready answers here. Write one after you have given the same answer twice."),
        acts=[(reverse("counter:answer-new"), _("Write a ready answer"))],
    )


@page("coordinator", methods=("GET", "POST"))
def answer_publish(request: Request, pk: int) -> HttpResponse:
    """Put a ready answer among the common questions of the site, once it has been read through."""
    answer = get_object_or_404(faq_answers(), pk=pk)
    if request.method != "POST":
        return ask_first(
            request,
            tabs(request, "questions"),
            title=_("Publish this answer?"),
            lead=answer.title,
            follows=[
                answer.words,
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
            answer.title, answer.words, language=answer.language, by=request.user, at=timezone.now()
        )
        messages.success(request, _("Published on the page “%(title)s”.") % {"title": shown.title})
    except content.NoSection:
        messages.error(request, _("There is no page of questions in this language. Make it first."))
    return see_other("counter:answers")


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def answer_new(request: Request) -> HttpResponse:
    """Write a ready answer."""
    return _answer(request, None)


@page("coordinator", methods=("GET", "POST"))
def answer_edit(request: Request, pk: int) -> HttpResponse:
    """Change a ready answer."""
    return _answer(request, get_object_or_404(CannedAnswer, pk=pk))


def _answer(request: Request, canned: CannedAnswer | None) -> HttpResponse:
    form = CannedForm(data_of(request), instance=canned)
    context = {"form": form, "canned": canned, "tabs": tabs(request, "questions")}
    return counter_act(
        request,
        actions.keep_answer,
        canned,
        form=form,
        page=lambda status: render(
            request, "counter/questions/answer.html", context, status=status
        ),
        done=_("Saved."),
        to=see_other("counter:answers"),
    )
