"""What is said to the people who send good practices."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.content.models import PracticePage
from luukku.notices.notice import Notice


def earlier(practice: PracticePage) -> list[str]:
    """What was said of the practice before: the reader needs where it stands now."""
    kinds = (PracticeReceived, PracticePublished, PracticeSentBack)
    return [f"{notice.kind}:{practice.pk}" for notice in kinds]


class PracticeReceived(Notice):
    """Your good practice has arrived."""

    kind = "content.practice_received"
    label = gettext_lazy("Your good practice has arrived")

    def __init__(self, practice: PracticePage) -> None:
        self.practice = practice
        self.key = f"{self.kind}:{practice.pk}"

    def about(self) -> str:
        return f"practice-{self.practice.pk}"

    def overtakes(self) -> list[str]:
        return earlier(self.practice)

    def subject(self) -> str:
        return _("Your good practice has arrived")

    def lines(self) -> list[str]:
        return [
            _(
                "Thank you. Somebody at the counter reads it before it is published, usually in a week."
            ),
            _("You get a message when it is out, or when something needs to be added."),
        ]

    def action(self) -> tuple[str, str]:
        return _("What you have sent"), reverse("public:practices-sent")


class PracticePublished(Notice):
    """Your good practice is out."""

    kind = "content.practice_published"
    label = gettext_lazy("Your good practice has been published")

    def __init__(self, practice: PracticePage) -> None:
        self.practice = practice
        self.key = f"{self.kind}:{practice.pk}"

    def about(self) -> str:
        return f"practice-{self.practice.pk}"

    def overtakes(self) -> list[str]:
        return earlier(self.practice)

    def subject(self) -> str:
        return _("Your good practice has been published")

    def lines(self) -> list[str]:
        return [_("Others can now read it and use it. Thank you for sharing.")]

    def action(self) -> tuple[str, str]:
        return _("Read it"), self.practice.address


class PracticeSentBack(Notice):
    """Your good practice needs something more."""

    kind = "content.practice_sent_back"
    is_must_know = True

    def __init__(self, practice: PracticePage, round_number: int) -> None:
        self.practice = practice
        self.key = f"{self.kind}:{practice.pk}:{round_number}"

    def about(self) -> str:
        return f"practice-{self.practice.pk}"

    def overtakes(self) -> list[str]:
        return earlier(self.practice)

    def subject(self) -> str:
        return _("Your good practice needs something more")

    def lines(self) -> list[str]:
        return [
            _("The counter has read what you sent and asks you to add or change something."),
            _("Nothing is lost: open it, change it and send it again."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Read what is asked"), reverse("public:practice-revise", args=[self.practice.pk])
