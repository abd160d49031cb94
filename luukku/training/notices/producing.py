"""What is said to those who train, and to the steering group about trainings."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.known import known
from luukku.core.person import Person
from luukku.notices.notice import Notice
from luukku.organisations.models import MemberRole, Membership
from luukku.training.models import CommonCore, Programme, RunReport


class ProgrammeNotice(Notice, is_family=True):
    """To everybody who stands for an organisation that trains."""

    def __init__(self, programme: Programme, *, to: User) -> None:
        self.programme, self.reader = programme, to
        self.key = f"{self.kind}:{programme.pk}"

    @classmethod
    def concerns(cls, reader: Person) -> bool:
        """Those who train."""
        return Membership.objects.standing(MemberRole.PRODUCER).filter(user_id=reader.pk).exists()

    def about(self) -> str:
        """The programme."""
        return f"programme-{self.programme.pk}"

    def action(self) -> tuple[str, str]:
        desk = "counter" if self.reader.is_counter else "orderer"
        return _("Read the programme"), reverse(f"{desk}:programme", args=[self.programme.pk])


class ProgrammeProposed(ProgrammeNotice):
    """Its producers ask the others to agree on it."""

    kind = "training.proposed"
    label = gettext_lazy("A programme of training is proposed to be agreed on")

    def __init__(self, programme: Programme, *, to: User) -> None:
        super().__init__(programme, to=to)
        self.key = f"{self.kind}:{programme.pk}:{known(programme.proposed_at).isoformat()}"

    def subject(self) -> str:
        return _("A programme of training to agree on")

    def lines(self) -> list[str]:
        """Which, and what is asked."""
        told = {"title": self.programme.title}
        return [
            _("%(title)s has been proposed to be agreed on by those who train.") % told,
            _(
                "Read it, and say on its page that you agree, or tell the others what should change. It is agreed"
                " on when each has said yes, or a meeting has decided."
            ),
        ]


class ProgrammeLapsed(ProgrammeNotice):
    """It was changed, or taken back, after one's organisation had agreed on it."""

    kind = "training.lapsed"
    label = gettext_lazy(
        "A programme on which we have agreed is changed before it is agreed on together"
    )

    def __init__(self, programme: Programme, *, to: User, at: datetime) -> None:
        super().__init__(programme, to=to)
        self.key = f"{self.kind}:{programme.pk}:{at.isoformat()}"

    def subject(self) -> str:
        return _("A programme of training has been changed")

    def lines(self) -> list[str]:
        """Which, and what has become of the yes."""
        told = {"title": self.programme.title}
        return [
            _(
                "%(title)s has been changed or taken back after your organisation agreed on it, so your yes does not"
                " hold any more."
            )
            % told,
            _("You need not do anything now. You are asked anew when it is proposed again."),
        ]


class ProgrammeOpposed(ProgrammeNotice):
    """Another organisation does not agree on a programme that one holds and has proposed."""

    kind = "training.opposed"
    label = gettext_lazy("Somebody does not agree on a programme that we have proposed")

    def __init__(
        self, programme: Programme, *, to: User, names: str, reason: str, at: datetime
    ) -> None:
        super().__init__(programme, to=to)
        self.names, self.reason = names, reason
        self.key = f"{self.kind}:{programme.pk}:{at.isoformat()}"

    def subject(self) -> str:
        return _("A programme of training is not agreed on as it is")

    def lines(self) -> list[str]:
        """Who, which, why, and what one can do."""
        told = {"organisation": self.names, "title": self.programme.title}
        return [
            _("%(organisation)s does not agree on %(title)s as it is proposed. The reason:") % told,
            self.reason,
            _(
                "You can change the programme and propose it again: everybody is then asked anew. Or talk it over first"
                " in a shared thread."
            ),
        ]


class HolderNoted(ProgrammeNotice):
    """The counter has noted that one's organisation is among those who hold it."""

    kind = "training.holder_noted"
    label = gettext_lazy("The counter has noted that we hold a programme together with others")

    def __init__(self, programme: Programme, *, to: User, at: datetime) -> None:
        super().__init__(programme, to=to)
        self.key = f"{self.kind}:{programme.pk}:{at.isoformat()}"

    def subject(self) -> str:
        return _("Your organisation holds a programme of training together with others")

    def lines(self) -> list[str]:
        """Which, and what to do where that is not so."""
        return [
            _(
                "Another organisation has named yours among those who hold %(title)s, and the counter has noted that"
                " you have said yes to it."
            )
            % {"title": self.programme.title},
            _("If that is not so, call the counter: it can be taken back until the programme is agreed on."),
        ]  # fmt: skip


class ProgrammeAgreed(ProgrammeNotice):
    """It has been agreed on."""

    kind = "training.agreed"
    label = gettext_lazy("A programme of training has been agreed on")

    def subject(self) -> str:
        return _("A programme of training has been agreed on")

    def lines(self) -> list[str]:
        """Which, and what follows."""
        told = {"title": self.programme.title}
        return [
            _("%(title)s has been agreed on, and everybody can read it.") % told,
            _("Those who hold it can begin trainings of it now."),
        ]


class ProgrammeRetired(ProgrammeNotice):
    """It is not held any more."""

    kind = "training.retired"
    label = gettext_lazy("A programme of training that we hold is not held any more")

    def __init__(self, programme: Programme, *, to: User, at: datetime) -> None:
        super().__init__(programme, to=to)
        self.key = f"{self.kind}:{programme.pk}:{at.isoformat()}"

    def subject(self) -> str:
        return _("A programme of training is not held any more")

    def lines(self) -> list[str]:
        """Which, and whom to call."""
        told = {"title": self.programme.title}
        return [
            _("%(title)s is not held any more, and nobody begins trainings of it.") % told,
            _("Call the counter if this is a mistake."),
        ]


class CoreAgreed(Notice):
    """To everybody who stands for an organisation that trains: there is a common core, or a new version of it."""

    kind = "training.core_agreed"
    label = gettext_lazy("The common core of the basic training has been agreed on")

    def __init__(self, core: CommonCore, *, to: User) -> None:
        self.core, self.reader = core, to
        self.key = f"{self.kind}:{core.pk}"

    @classmethod
    def concerns(cls, reader: Person) -> bool:
        """Those who train."""
        return ProgrammeNotice.concerns(reader)

    def about(self) -> str:
        """The common core."""
        return "common-core"

    def subject(self) -> str:
        return _("The common core of the basic training")

    def lines(self) -> list[str]:
        """What was decided, when, and what it means."""
        day = formats.date_format(self.core.decided_on, "SHORT_DATE_FORMAT")
        told = {"version": self.core.version, "day": day}
        return [
            _("Version %(version)s of the common core was decided on %(day)s.") % told,
            self.core.decision,
            _(
                "It is a minimum. You see on the page of the comparison where a programme holds less."
            ),
        ]

    def action(self) -> tuple[str, str]:
        desk = "counter" if self.reader.is_counter else "orderer"
        return _("Compare programmes"), reverse(f"{desk}:programmes-compare")


class RunReported(Notice):
    """To the steering group: how a training went, in figures."""

    kind = "training.reported"
    label = gettext_lazy("A producer has told how a training went")

    def __init__(self, report: RunReport) -> None:
        self.report = report
        self.key = f"{self.kind}:{report.pk}"

    @classmethod
    def concerns(cls, reader: Person) -> bool:
        """The steering group."""
        return bool(getattr(reader, "is_steering", False))

    def about(self) -> str:
        """The training."""
        return f"run-{self.report.run_id}"

    def subject(self) -> str:
        return _("How a training went")

    def lines(self) -> list[str]:
        """Who tells, and what of; figures stand behind the sign-in."""
        run = self.report.run
        told = {"organisation": run.event.organiser.name, "title": run.title}
        first = (
            _("%(organisation)s has sent the steering group a report of a training: %(title)s.")
            if self.report.version == 1
            else _(
                "%(organisation)s has sent a new report of a training in place of the one before: %(title)s."
            )
        )
        return [
            first % told,
            _("It tells in numbers how many applied and completed it. It names nobody."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Read the report"), reverse("counter:report", args=[self.report.pk])
