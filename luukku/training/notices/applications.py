"""What is said about applications for trainings. No subject tells which training it is."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.known import known
from luukku.core.text import in_hours
from luukku.core.times import helsinki
from luukku.events.notices.common import facts
from luukku.notices.notice import Notice
from luukku.training.models import Application


class ApplicationNotice(Notice, is_family=True):
    """To who has applied."""

    is_must_know = True

    def __init__(self, application: Application) -> None:
        self.application, self.run = application, application.run
        self.key = f"{self.kind}:{application.pk}"

    def about(self) -> str:
        """The application."""
        return f"training-{self.application.pk}"

    def thing(self) -> object:
        """The application."""
        return self.application.pk

    def action(self) -> tuple[str, str]:
        return _("See your application"), reverse("public:application", args=[self.application.pk])


class ApplicationReceived(ApplicationNotice):
    """It has arrived, and what happens next."""

    kind = "training.received"

    def subject(self) -> str:
        return _("Your application has arrived")

    def lines(self) -> list[str]:
        """Which training, and what happens next."""
        met = _("You may be invited to an interview first.") if self.run.has_interview else ""
        next_ = _("We write to you when you are answered, or call if you have no e-mail.")
        leave = _("You can withdraw the application on its page or by phone, without a reason.")
        return [facts(self.run.event), " ".join([next_, met]).strip(), leave]


class InvitedToInterview(ApplicationNotice):
    """When and where the interview is."""

    kind = "training.interview"
    makes_untrue = ("training.received", "training.interview")

    def __init__(self, application: Application, at: datetime) -> None:
        super().__init__(application)
        self.key = f"{self.kind}:{application.pk}:{at.isoformat()}"

    def subject(self) -> str:
        return _("You are invited to an interview")

    def expires_at(self) -> datetime | None:
        """When it is over, nobody is told of it any more."""
        return self.application.interview_at

    def lines(self) -> list[str]:
        """When, where and what it is."""
        when = helsinki(known(self.application.interview_at))
        told = {
            "time": formats.date_format(when, "SHORT_DATETIME_FORMAT"),
            "where": self.application.interview_where or "–",
        }
        return [
            _("The interview for your training is on %(time)s. Where: %(where)s.") % told,
            _("It is a talk: you can ask, too. If the time does not suit you, call the counter."),
        ]


class NotChosen(ApplicationNotice):
    """Not this time, and why."""

    kind = "training.not_chosen"
    makes_untrue = ("training.received", "training.interview")

    def __init__(self, application: Application, *, second: Application | None) -> None:
        super().__init__(application)
        self.second = second

    def subject(self) -> str:
        return _("You did not get a place in the training this time")

    def lines(self) -> list[str]:
        """Why, and what happens next."""
        goes_on = (
            _("Your application goes on to your second choice: %(training)s")
            % {"training": facts(self.second.run.event)}
            if self.second
            else _("You can apply for the next trainings. Thank you for applying.")
        )
        return [facts(self.run.event), self.application.reason, goes_on]


class NotHeld(NotChosen):
    """The training is not held."""

    kind = "training.not_held"

    def subject(self) -> str:
        return _("The training that you applied for is not held")

    def lines(self) -> list[str]:
        """Which, why, and what happens next."""
        first, _reason, goes_on = super().lines()
        return [line for line in (first, self.run.event.cancel_reason, goes_on) if line]


class ApplicationWithdrawn(ApplicationNotice):
    """Somebody else took it back."""

    kind = "training.withdrawn"
    makes_untrue = ("training.received", "training.interview")

    def subject(self) -> str:
        return _("Your application has been withdrawn")

    def lines(self) -> list[str]:
        """By whom, in general."""
        return [
            facts(self.run.event),
            _("The counter has withdrawn your application. Call the counter if it was a mistake."),
        ]


class Completed(ApplicationNotice):
    """It is in the own record."""

    kind = "training.completed"

    def subject(self) -> str:
        return _("You have completed a training")

    def lines(self) -> list[str]:
        """What follows from it."""
        return [
            facts(self.run.event),
            _(
                "The training is in your own record as an expert by experience. It counts where an order asks for it,"
                " as soon as your profile is in the bank."
            ),
            _("You have a certificate with a number. Whoever you give the number to can check it."),
        ]  # fmt: skip


class TrainingStopped(ApplicationNotice):
    """Somebody else wrote down that the person takes part no more, or the place was let go."""

    kind = "training.stopped"

    def subject(self) -> str:
        return _("You take part in the training no more")

    def lines(self) -> list[str]:
        """Which, what stays, and what to do if it is a mistake."""
        own = self.application
        done = {
            "together": in_hours(own.contact_minutes or 0),
            "alone": in_hours(own.own_minutes or 0),
        }
        return [
            facts(self.run.event),
            _("What you have done stays yours: %(together)s h together, %(alone)s h by yourself.") % done,
            _("Call the counter if this is a mistake. You can apply again for another training."),
        ]  # fmt: skip


class TrainingMoved(ApplicationNotice):
    """The training that somebody waits for an answer about is held at another time or in another place."""

    kind = "training.moved"
    makes_untrue = ("training.received", "training.moved")

    def __init__(self, application: Application, at: datetime) -> None:
        super().__init__(application)
        self.key = f"{self.kind}:{application.pk}:{at.isoformat()}"

    def subject(self) -> str:
        return _("The training that you applied for has a new time or place")

    def lines(self) -> list[str]:
        """When and where it is now, and what one may do."""
        return [
            facts(self.run.event),
            _("Your application stands, and you are answered as before."),
            _("If this does not suit you, withdraw the application on its page or by phone."),
        ]


class SecondNotHeld(ApplicationNotice):
    """The second choice is not held; the first one is considered as before."""

    kind = "training.second_not_held"

    def subject(self) -> str:
        return _("Your second choice is not held")

    def lines(self) -> list[str]:
        """Which, why, and that the first choice stands."""
        event = self.run.event
        stands = _("Your first choice is considered as before. You need not do anything.")
        return [line for line in (facts(event), event.cancel_reason, stands) if line]


class NewApplication(Notice):
    """To who answers for the training's producer: somebody waits for an answer."""

    kind = "training.new_application"
    label = gettext_lazy("Somebody applies for your training")

    def __init__(self, application: Application, *, to: User) -> None:
        self.application, self.reader = application, to
        self.key = f"{self.kind}:{application.pk}"

    def about(self) -> str:
        """The application."""
        return f"training-{self.application.pk}"

    def subject(self) -> str:
        return _("An application for your training")

    def lines(self) -> list[str]:
        """Which training; who it is stands behind the sign-in."""
        return [
            facts(self.application.run.event),
            _("Somebody has applied. Answer within two weeks: waiting is hard."),
        ]

    def action(self) -> tuple[str, str]:
        page = "counter:application" if self.reader.is_counter else "orderer:application"
        return _("Open the application"), reverse(page, args=[self.application.pk])
