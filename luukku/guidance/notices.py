"""What is said to people who ask."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.guidance.models import Question
from luukku.notices.notice import Notice


class QuestionReceived(Notice):
    """Your question has arrived."""

    kind = "guidance.received"
    label = gettext_lazy("Your question has arrived")

    def __init__(self, question: Question) -> None:
        self.question = question
        self.key = f"{self.kind}:{question.pk}"

    def subject(self) -> str:
        """Neutral: no topic."""
        return _("Your question has arrived")

    def lines(self) -> list[str]:
        """What happens next."""
        return [_("We read every question. A person answers you, not a machine.")]


class QuestionAnswered(Notice):
    """The counter's answer, in full: the asker wrote to get it."""

    kind = "guidance.answered"
    is_must_know = True

    def __init__(self, question: Question) -> None:
        self.question = question
        self.key = f"{self.kind}:{question.pk}"

    def subject(self) -> str:
        """Neutral: no topic."""
        return _("An answer to your question")

    def lines(self) -> list[str]:
        """The answer itself, without repeating the question."""
        return [*self.question.answer.splitlines()]
