"""What is said to people who ask, to those who answer, and to those who are handed a question.

No letter quotes the question: its e-mail address may be somebody else's. Nor the answer: the thread is encrypted
and opens to the asker alone, a letter is neither.
"""

from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.known import known
from luukku.core.links import Link, sign
from luukku.guidance.models import HandOver, Message, Question
from luukku.guidance.queries import ANSWERED
from luukku.notices.notice import Notice


def asker_path(question: Question) -> str:
    """Return the page on which the asker reads the thread: by signing in, or by a signed link."""
    if question.asked_by_id is not None:
        return reverse("public:advice-thread", args=[question.pk])
    return reverse("public:advice-link", args=[sign(Link("advice", question.pk, 0))])


class QuestionReceived(Notice):
    """Your question has arrived."""

    kind = "guidance.received"
    label = gettext_lazy("Your question has arrived")

    def __init__(self, question: Question) -> None:
        self.question = question
        self.key = f"{self.kind}:{question.pk}"

    def about(self) -> str:
        """The question."""
        return f"question-{self.question.pk}"

    def subject(self) -> str:
        """Neutral: no topic."""
        return _("Your question has arrived")

    def lines(self) -> list[str]:
        """What happens next."""
        return [
            _("We read every question. A person answers you, not a machine."),
            _("You get an answer by %(day)s at the latest.")
            % {"day": formats.date_format(known(self.question.due_on), "SHORT_DATE_FORMAT")},
        ]

    def action(self) -> tuple[str, str]:
        return _("See your question"), asker_path(self.question)


class QuestionAnswered(Notice):
    """There is an answer: it is read in the thread, not in the mail."""

    kind = ANSWERED
    is_must_know = True

    def __init__(self, question: Question, message: Message) -> None:
        self.question = question
        self.key = f"{self.kind}:{question.pk}:{message.pk}"

    def about(self) -> str:
        """The question."""
        return f"question-{self.question.pk}"

    def subject(self) -> str:
        """Neutral: no topic."""
        return _("An answer to your question")

    def lines(self) -> list[str]:
        """Where the answer is, and what one can do there."""
        opens = (
            _("Sign in to read it: only you and the counter see it.")
            if self.question.asked_by_id is not None
            else _(
                "The link opens it for four months to whoever has the link: keep it to yourself."
            )
        )
        return [
            _("You have got an answer. You read it on our page. It is not in this letter."),
            opens,
            _("On the same page you can write again or tell that it helped."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Read the answer"), asker_path(self.question)


class QuestionHandedOver(Notice):
    """Somebody else answers you."""

    kind = "guidance.handed_over"
    is_must_know = True

    def __init__(self, question: Question, hand_over: HandOver) -> None:
        self.question, self.hand_over = question, hand_over
        self.key = f"{self.kind}:{hand_over.pk}"

    def about(self) -> str:
        """The question."""
        return f"question-{self.question.pk}"

    def subject(self) -> str:
        """Neutral: no topic."""
        return _("Who answers your question")

    def lines(self) -> list[str]:
        """By whom, and what they know of the asker."""
        name = {"name": self.hand_over.to_name}
        if self.hand_over.shows_contact:
            known = _("As you agreed, we gave them your contact details.")
        else:
            known = _("We have not given them your name or contact details.")
        return [
            _("%(name)s knows the answer best, so they answer your question.") % name,
            known,
            _("We make sure that you get the answer. You can write to us all the while."),
        ]

    def action(self) -> tuple[str, str]:
        return _("See your question"), asker_path(self.question)


class ForCounter(Notice, is_family=True):
    """Leads to the question at the counter; says nothing of it."""

    question: Question

    @classmethod
    def concerns(cls, reader: User) -> bool:
        """Whoever serves at the counter."""
        return reader.is_counter

    def about(self) -> str:
        """The question."""
        return f"question-{self.question.pk}"

    def lines(self) -> list[str]:
        return [_("It waits for you in the list of questions.")]

    def action(self) -> tuple[str, str]:
        return _("Open the question"), reverse("counter:question", args=[self.question.pk])


class QuestionTaken(ForCounter):
    """To somebody at the counter: this question is yours."""

    kind = "guidance.assigned"
    label = gettext_lazy("A question has been given to you")

    def __init__(self, question: Question, at: datetime) -> None:
        self.question = question
        self.key = f"{self.kind}:{question.pk}:{at}"

    def subject(self) -> str:
        return _("A question has been given to you")


class AskedAgain(ForCounter):
    """To somebody at the counter: the asker of your question has written again."""

    kind = "guidance.asked_again"
    label = gettext_lazy("An asker has written again")

    def __init__(self, question: Question, message: Message) -> None:
        self.question = question
        self.key = f"{self.kind}:{question.pk}:{message.pk}"

    def subject(self) -> str:
        return _("An asker has written again")


class ReadFirst(ForCounter):
    """To everybody at the counter: something has been written that cannot wait for its turn."""

    kind = "guidance.read_first"
    is_must_know = True

    def __init__(self, question: Question, message: Message) -> None:
        self.question = question
        self.key = f"{self.kind}:{question.pk}:{message.pk}"

    def subject(self) -> str:
        return _("Read this question before the others")

    def lines(self) -> list[str]:
        return [
            _("What has been written there may not be able to wait for its turn."),
            _("You find it first in the list of questions."),
        ]


class PromiseDue(ForCounter):
    """To somebody at the counter: the promised day is near."""

    kind = "guidance.due"
    label = gettext_lazy("A question must be answered soon")

    def __init__(self, question: Question) -> None:
        self.question = question
        self.key = f"{self.kind}:{question.pk}:{question.due_on}"

    def can_wait(self, at: datetime) -> bool:
        return True

    def subject(self) -> str:
        return _("A question must be answered soon")

    def lines(self) -> list[str]:
        return [
            _("We have promised an answer by %(day)s.")
            % {"day": formats.date_format(known(self.question.due_on), "SHORT_DATE_FORMAT")}
        ]


class QuestionForYou(Notice):
    """To an organisation's contact person: the counter asks you to answer."""

    kind = "guidance.for_organisation"
    is_must_know = True

    def __init__(self, question: Question, hand_over: HandOver, message: Message | None) -> None:
        self.question, self.hand_over = question, hand_over
        self.key = f"{self.kind}:{hand_over.pk}:{message.pk if message else 0}"

    def about(self) -> str:
        """The question."""
        return f"question-{self.question.pk}"

    def subject(self) -> str:
        return _("A question for your organisation")

    def lines(self) -> list[str]:
        return [
            _(
                "The counter asks you to answer a question. You find it on your organisation's desk."
            ),
            _("Please answer by %(day)s. If you cannot, tell the counter.")
            % {"day": formats.date_format(self.hand_over.follow_on, "SHORT_DATE_FORMAT")},
        ]

    def action(self) -> tuple[str, str]:
        return _("Read and answer"), reverse("orderer:question", args=[self.question.pk])
