"""The questions at the counter, those that hurry first; whose words it shows is noted as read."""

from __future__ import annotations

from django.db.models import Case, F, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import by_label, by_labels
from luukku.core.times import helsinki
from luukku.guidance.finding import holding
from luukku.guidance.models import Kind, Question, QuestionQuerySet, Topic
from luukku.guidance.queries import coordinators, opening, tags_in_use, with_first_message
from luukku.guidance.states import QuestionState
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.request import Request
from luukku.web.ui import tags
from luukku.web.ui.filters import ChoiceFilter, Filters, StateFilter, TextFilter, TickFilter

OPEN = "open"  # everything that is not closed; what the list shows unless asked otherwise
ME, NOBODY = "me", "nobody"


def _who_answers() -> list[tuple[str, str | Promise]]:
    people = [(str(person.pk), person.name) for person in coordinators()]
    return [(ME, _("Me")), (NOBODY, _("Nobody yet")), *people]


class QuestionFilters(Filters):
    """By what the counter looks for a question."""

    folded = ("kind", "tag", "late")

    state = StateFilter(
        QuestionState,
        groups={OPEN: (gettext_lazy("Not closed"), set(QuestionState) - {QuestionState.CLOSED})},
        initial=OPEN,
    )
    q = TextFilter(holding)
    assignee = ChoiceFilter(
        label=gettext_lazy("Who answers"), choices=_who_answers, method="answered_by"
    )
    kind = ChoiceFilter(label=gettext_lazy("What it is about"), choices=Kind.choices)
    tag = ChoiceFilter(
        label=gettext_lazy("Tag"),
        choices=lambda: [(tag, tag) for tag in tags_in_use()],
        method=lambda rows, _name, tag: rows.filter(tags__contains=[tag]),
    )
    late = TickFilter(lambda rows: rows.late(timezone.now()), label=gettext_lazy("Only late ones"))

    def answered_by(self, rows: QuestionQuerySet, _name: str, who: str) -> QuestionQuerySet:
        """Return the questions that somebody, or nobody, has taken."""
        if who == NOBODY:
            return rows.filter(assignee=None)
        return rows.filter(assignee=self.request.user.pk if who == ME else int(who))


def _rows(request: Request) -> QuerySet[Question]:
    rows = Question.objects.visible_to(request.user).select_related("assignee", "asked_by")
    return rows.prefetch_related(with_first_message())


def _marks(question: Question) -> list[str]:
    """Return what makes a question stand out: it is read first, or late."""
    today = helsinki(timezone.now()).date()
    marks = [_("Read first")] if question.hurry_on else []
    return marks + ([_("Late")] if question.due_on and question.due_on < today else [])


def _assignee(question: Question) -> str:
    if question.assignee:
        return question.assignee.name
    return _("nobody yet") if question.state == QuestionState.ASKED else ""


def _by_title() -> Case:
    topics = [(label, Q(kind=Kind.ADVICE, topic=value)) for value, label in Topic.choices]
    kinds = [(label, Q(kind=value)) for value, label in Kind.choices if value != Kind.ADVICE]
    return by_labels([*topics, *kinds])


QUESTIONS = Listing(
    name="questions",
    title=gettext_lazy("Questions"),
    rows=_rows,
    filters=QuestionFilters,
    columns=(
        Column("number", gettext_lazy("No."), lambda row: row.pk, order="pk"),
        Column("opening", gettext_lazy("Question"), opening, names_row=True),
        Column("about", gettext_lazy("Question about"), lambda row: row.title, order=_by_title),
        Column(
            "marks",
            gettext_lazy("Mark"),
            _marks,
            shows=tags.marks,
            is_plain=True,
        ),
        Column(
            "due_on",
            gettext_lazy("Answer by"),
            lambda row: row.due_on,
            order=("hurry_on", "due_on", F("state_changed_at").desc()),
        ),
        Column(
            "asked_at",
            gettext_lazy("Question asked on"),
            lambda row: helsinki(row.asked_at).date(),
            order="asked_at",
        ),
        Column("assignee", gettext_lazy("Who answers"), _assignee),
        Column("tags", gettext_lazy("Tags"), lambda row: row.tags, is_plain=True),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: row.state_label,
            order=lambda: by_label("state", QuestionState),
            shows=tags.state,
            is_plain=True,
        ),
    ),
    order="due_on",
    url=lambda row: reverse("counter:question", args=[row.pk]),
)


@page("coordinator")
def questions(request: Request) -> HttpResponse:
    """Every question by its number and first words; the most urgent first."""
    return show_list(
        request,
        QUESTIONS,
        lead=_("What was promised first stands first."),
        empty=_("No questions here."),
        acts=[
            (reverse("counter:question-new"), _("Write down a question")),
            (reverse("counter:answers"), _("Ready answers")),
        ],
    )
