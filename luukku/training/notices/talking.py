"""What is said to those who train about what the others say and decide."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.person import Person
from luukku.notices.models import Channel
from luukku.notices.notice import Notice
from luukku.training.models import Thread, ThreadDecision
from luukku.training.notices.producing import ProgrammeNotice


class ThreadNotice(Notice, is_family=True):
    """To everybody who stands for an organisation that trains, of one thread."""

    thread: Thread
    reader: User

    @classmethod
    def concerns(cls, reader: Person) -> bool:
        """Those who train."""
        return ProgrammeNotice.concerns(reader)

    def about(self) -> str:
        """The thread."""
        return f"thread-{self.thread.pk}"

    def action(self) -> tuple[str, str]:
        desk = "counter" if self.reader.is_counter else "orderer"
        return _("Read the thread"), reverse(f"{desk}:thread", args=[self.thread.pk])


class ThreadGoesOn(ThreadNotice):
    """Others have written in a thread since yesterday's letter; one a day for each thread."""

    kind = "training.write"
    label = gettext_lazy("Others who train have written in a shared thread")
    default = Channel.DIGEST

    def __init__(self, thread: Thread, morning: datetime, *, to: User) -> None:
        self.thread, self.reader = thread, to
        self.key = self.key_of(thread, morning)

    @classmethod
    def key_of(cls, thread: Thread, morning: datetime) -> str:
        """Return how the keys of the letters of that morning begin."""
        return f"{cls.kind}:{thread.pk}:{morning.date().isoformat()}"

    def subject(self) -> str:
        return _("Others who train have written")

    def lines(self) -> list[str]:
        """About which topic; what they wrote stands behind the sign-in."""
        return [
            _("There are new messages in the thread: %(topic)s.") % {"topic": self.thread.title},
            _("Read them and answer there. You get at most one letter a day of each thread."),
        ]


class ThreadDecided(ThreadNotice):
    """Something has been decided in a thread."""

    kind = "training.decided"
    label = gettext_lazy("Those who train have decided something together")

    def __init__(self, decision: ThreadDecision, *, to: User) -> None:
        self.decision, self.thread, self.reader = decision, decision.thread, to
        self.key = f"{self.kind}:{decision.pk}"

    def subject(self) -> str:
        return _("Those who train have decided something together")

    def lines(self) -> list[str]:
        """What, about which topic, on which day, and what to do if it is wrong."""
        day = formats.date_format(self.decision.decided_on, "SHORT_DATE_FORMAT")
        first = (
            _("Decided on %(day)s about %(topic)s:")
            if self.decision.number == 1
            else _("Decided anew on %(day)s about %(topic)s; it takes the place of the one before:")
        )
        return [
            first % {"day": day, "topic": self.thread.title},
            self.decision.words,
            _(
                "If this is not what you have agreed on, write so in the thread, or call the counter."
            ),
        ]


class DecisionGone(ThreadNotice):
    """What one has been told as decided holds no more."""

    kind = "training.decision_gone"
    label = gettext_lazy("A decision of those who train has been taken away")

    def __init__(self, decision: ThreadDecision, *, to: User) -> None:
        self.decision, self.thread, self.reader = decision, decision.thread, to
        self.key = f"{self.kind}:{decision.pk}"

    def subject(self) -> str:
        return _("A shared decision has been taken away")

    def lines(self) -> list[str]:
        """About which topic, and why where the counter has removed it."""
        told = {"topic": self.thread.title, "why": self.decision.removed_why}
        line = (
            _("The counter has removed the last decision about %(topic)s: %(why)s")
            if self.decision.removed_why
            else _("Who wrote down the last decision about %(topic)s has taken it back.")
        )
        return [
            line % told,
            _(
                "The decision before it, if there is one, is in force again. Nothing is asked of you."
            ),
        ]
