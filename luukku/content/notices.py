"""What is said to the people who send good practices."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import WorkflowState

from luukku.accounts.models import User
from luukku.content.models import PracticePage
from luukku.notices.notice import Notice

PRACTICE = ("content.practice_received", "content.practice_published", "content.practice_sent_back")


class AboutPractice(Notice, is_family=True):
    """A good practice, to who has sent it: the reader needs where it stands now."""

    makes_untrue = PRACTICE

    def __init__(self, practice: PracticePage) -> None:
        self.practice = practice
        self.key = f"{self.kind}:{practice.pk}"

    def about(self) -> str:
        return f"practice-{self.practice.pk}"

    def thing(self) -> int:
        return self.practice.pk


class PracticeReceived(AboutPractice):
    """Your good practice has arrived."""

    kind = "content.practice_received"
    label = gettext_lazy("Your good practice has arrived")

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


class PracticePublished(AboutPractice):
    """Your good practice is out."""

    kind = "content.practice_published"
    label = gettext_lazy("Your good practice has been published")

    def subject(self) -> str:
        return _("Your good practice has been published")

    def lines(self) -> list[str]:
        return [_("Others can now read it and use it. Thank you for sharing.")]

    def action(self) -> tuple[str, str]:
        return _("Read the good practice"), self.practice.address


class PracticeSentBack(AboutPractice):
    """Your good practice needs something more."""

    kind = "content.practice_sent_back"
    is_must_know = True

    def __init__(self, practice: PracticePage, round_number: int) -> None:
        super().__init__(practice)
        self.key = f"{self.kind}:{practice.pk}:{round_number}"

    def subject(self) -> str:
        return _("Your good practice needs something more")

    def lines(self) -> list[str]:
        return [
            _("The counter has read what you sent and asks you to add or change something."),
            _("Nothing is lost: open it, change it and send it again."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Read what is asked"), reverse("public:practice-revise", args=[self.practice.pk])


class AboutPage(Notice, is_family=True):
    """A page of the site and one round of its reading. Its title stays out of the subject."""

    def __init__(self, round_: WorkflowState) -> None:
        self.round = round_
        self.key = f"{self.kind}:{round_.pk}:{round_.current_task_state_id or 0}"

    @classmethod
    def concerns(cls, reader: User) -> bool:
        """Whoever has a role at the counter: the others write no pages."""
        return bool(reader.roles)

    def about(self) -> str:
        return f"page-{self.round.object_id}"

    def can_wait(self, at: datetime) -> bool:
        return True

    def title(self) -> str:
        """The line that names the page."""
        return _("The page: %(title)s") % {"title": self.round.content_object.title}

    def action(self) -> tuple[str, str]:
        return _("Open the page"), reverse("wagtailadmin_pages:edit", args=[self.round.object_id])


class PageSubmitted(AboutPage):
    """To those who may decide: a page waits for you."""

    kind = "content.page_submitted"
    label = gettext_lazy("A page waits to be read")

    def subject(self) -> str:
        return _("A page waits to be read")

    def lines(self) -> list[str]:
        return [
            self.title(),
            _(
                "Somebody has asked for it to be published. Read it, then publish it or send it back."
            ),
        ]


class PageApproved(AboutPage):
    """To who asked: your page is approved."""

    kind = "content.page_approved"
    label = gettext_lazy("Your page has been approved")

    def subject(self) -> str:
        return _("Your page has been approved")

    def lines(self) -> list[str]:
        return [self.title(), _("It has been read and approved. Thank you for writing it.")]


class PageReturned(AboutPage):
    """To who asked: something is to be changed."""

    kind = "content.page_returned"
    is_must_know = True

    def __init__(self, round_: WorkflowState, comment: str) -> None:
        super().__init__(round_)
        self.comment = comment

    def subject(self) -> str:
        return _("Your page needs a change")

    def lines(self) -> list[str]:
        said = [_("The reader writes:"), self.comment] if self.comment else []
        return [self.title(), *said, _("Nothing is lost: open it, change it and send it again.")]
