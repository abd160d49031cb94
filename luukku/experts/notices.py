"""What is said to experts about their profile."""

from datetime import datetime
from typing import ClassVar

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.known import known
from luukku.experts.models import CompletedTraining, Expert
from luukku.notices.models import Channel
from luukku.notices.notice import Notice
from luukku.privacy.queries import channel_of_extras


class AboutProfile(Notice, is_family=True):
    """Something about the expert's own profile; leads to it. The reader needs where the profile stands now."""

    is_must_know = True
    makes_untrue: ClassVar[tuple[str, ...]] = (
        "experts.received",
        "experts.welcomed",
        "experts.returned",
    )

    def __init__(self, expert: Expert) -> None:
        self.expert = expert
        self.key = f"{self.kind}:{expert.pk}:{expert.state_changed_at}"

    def about(self) -> str:
        """The profile."""
        return f"profile-{self.expert.pk}"

    def thing(self) -> object:
        """The profile, in keys."""
        return self.expert.pk

    def action(self) -> tuple[str, str]:
        """To the profile."""
        return _("Open your profile"), reverse("expert:profile")


class ProfileReceived(AboutProfile):
    """The profile is with the counter."""

    kind = "experts.received"

    def subject(self) -> str:
        """The fact."""
        return _("Your profile has arrived")

    def lines(self) -> list[str]:
        """What follows."""
        return [
            _("Thank you. The counter reads your profile and gets in touch with you."),
            _("Nobody else sees it before that."),
        ]


class ProfileWelcomed(AboutProfile):
    """The expert is in the bank."""

    kind = "experts.welcomed"

    def subject(self) -> str:
        """The fact."""
        return _("Welcome to the counter")

    def lines(self) -> list[str]:
        """What follows."""
        return [
            _(
                "You are in the expert bank. You can now be asked to tasks and sign up for open calls."
            ),
            _("You may take a break, change your profile or leave at any time."),
        ]


class ProfileReturned(AboutProfile):
    """The counter wishes for something more."""

    kind = "experts.returned"

    def __init__(self, expert: Expert, words: str) -> None:
        super().__init__(expert)
        self.words = words

    def subject(self) -> str:
        """The fact."""
        return _("Your profile needs a small addition")

    def lines(self) -> list[str]:
        """The counter's own words."""
        return [
            _("The counter read your profile and writes:"),
            self.words,
            _("Then send it again. Nothing you wrote is lost."),
        ]


class BackgroundEnded(AboutProfile):
    """Nobody stands behind the expert any more; whether somebody else does is theirs to say."""

    kind = "experts.background_ended"
    makes_untrue: ClassVar[tuple[str, ...]] = ()  # it says nothing of the profile as a whole

    def __init__(self, expert: Expert, *, at: datetime) -> None:
        super().__init__(expert)
        self.key = f"{self.kind}:{expert.pk}:{at.isoformat()}"

    def subject(self) -> str:
        """The fact, without a name: an organisation may tell of an illness."""
        return _("Your background organisation has ended")

    def lines(self) -> list[str]:
        """What stays, and what the expert may choose."""
        return [
            _(
                "The counter has noted that the organisation behind you has ended here. Your tasks and profile stay."
            ),
            _(
                "You may choose another organisation, or none. Nobody is given your profile unless you choose them"
                " yourself."
            ),
            _("Until then the counter helps you: you can call us about anything."),
        ]

    def action(self) -> tuple[str, str]:
        """To the choice."""
        return _("Choose who stands behind you"), reverse(
            "expert:profile-section", args=["background"]
        )


class AboutTraining(AboutProfile, is_family=True):
    """Something about one training of the expert's; leads to the trainings. Its name may hint at health."""

    makes_untrue: ClassVar[tuple[str, ...]] = ()  # it says nothing of the profile as a whole

    def __init__(self, training: CompletedTraining) -> None:
        super().__init__(training.expert)
        self.training = training

    def thing(self) -> object:
        """The training, in keys."""
        return self.training.pk

    def action(self) -> tuple[str, str]:
        """To the trainings."""
        return _("See your trainings"), reverse("expert:profile-trainings")


class TrainingVerified(AboutTraining):
    """Somebody has seen the certificate."""

    kind = "experts.training_verified"
    label = gettext_lazy("A training of yours has been checked")
    is_must_know = False

    def __init__(self, training: CompletedTraining) -> None:
        super().__init__(training)
        self.key = f"{self.kind}:{training.pk}:{training.verified_at}"

    @classmethod
    def default_for(cls, reader: User) -> Channel:
        """By mail with the expert's yes to it: no task needs this letter."""
        return channel_of_extras(reader)

    def subject(self) -> str:
        """The fact; the name of a training may hint at health."""
        return _("A training of yours has been checked")

    def lines(self) -> list[str]:
        """What follows."""
        return [
            _(
                "We have seen the certificate of a training that you recorded. Thank you for showing it."
            )
        ]


class TrainingUnverified(AboutTraining):
    """What was said of a certificate does not hold; why, in the counter's own words."""

    kind = "experts.training_unverified"
    makes_untrue = ("experts.training_verified",)
    ends = ("experts.training_verified",)

    def __init__(self, training: CompletedTraining, words: str, *, at: datetime) -> None:
        super().__init__(training)
        self.words = words
        self.key = f"{self.kind}:{training.pk}:{at}"

    def subject(self) -> str:
        """The fact; the name of a training may hint at health."""
        return _("A training of yours is no longer marked as checked")

    def lines(self) -> list[str]:
        """The counter's own words, and what follows."""
        return [
            _("The counter has taken back that it has seen the certificate, and writes:"),
            self.words,
            _("The training stays on your profile, but nobody is told of it until it is checked."),
        ]


class TrainingRevoked(AboutTraining):
    """A training has been withdrawn; why, in the counter's own words."""

    kind = "experts.training_revoked"
    makes_untrue = ("experts.training_verified", "experts.training_restored")
    ends = ("experts.training_verified", "experts.training_restored")

    def __init__(self, training: CompletedTraining, words: str, *, at: datetime) -> None:
        super().__init__(training)
        self.words = words
        self.key = f"{self.kind}:{training.pk}:{at}"

    def subject(self) -> str:
        """The fact; the name of a training may hint at health."""
        return _("A training of yours counts no more")

    def lines(self) -> list[str]:
        """The counter's own words, and what follows."""
        return [
            _("The counter has withdrawn a training on your profile, and writes:"),
            self.words,
            _("Your hours stay on the record. Tasks that ask for this training are not offered."),
            _(
                "If you have agreed on such a task, it stands for now: the counter calls you about it."
            ),
        ]


class TrainingRestored(AboutTraining):
    """A withdrawn training counts again."""

    kind = "experts.training_restored"
    makes_untrue = ("experts.training_revoked",)
    ends = ("experts.training_revoked",)

    def __init__(self, training: CompletedTraining, *, at: datetime) -> None:
        super().__init__(training)
        self.key = f"{self.kind}:{training.pk}:{at}"

    def subject(self) -> str:
        """The fact; the name of a training may hint at health."""
        return _("A training of yours counts again")

    def lines(self) -> list[str]:
        """What follows."""
        return [
            _(
                "The counter has restored a training on your profile. Tasks that ask for it are offered again."
            )
        ]


class TrainingEnds(AboutTraining):
    """A training soon counts no more."""

    kind = "experts.training_ends"

    def __init__(self, training: CompletedTraining, *, days: int) -> None:
        super().__init__(training)
        self.key = f"{self.kind}:{training.pk}:{training.valid_until}:{days}"

    def subject(self) -> str:
        """The fact; the name of a training may hint at health."""
        return _("A training of yours soon ends")

    def can_wait(self, at: datetime) -> bool:
        """It is no matter of hours."""
        return True

    def lines(self) -> list[str]:
        """Until when, and what to do."""
        day = date_format(known(self.training.valid_until), "SHORT_DATE_FORMAT")
        return [
            _("A training on your profile counts until %(day)s.") % {"day": day},
            _("After that, tasks that ask for it are not offered to you."),
            _(
                "If you renew it, show the new certificate to the counter. The counter also knows"
                " what trainings are coming."
            ),
        ]
