"""What is said to people about their organisation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.notices.notice import Notice
from luukku.organisations.models import Organisation


class OrganisationVetted(Notice):
    """The counter knows you now."""

    kind = "organisations.vetted"
    is_must_know = True

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.key = f"{self.kind}:{organisation.pk}:{organisation.state_changed_at}"

    def subject(self) -> str:
        """The fact."""
        return _("Your organisation has been checked")

    def lines(self) -> list[str]:
        """What follows."""
        return [
            _("The counter has checked %(organisation)s.") % {"organisation": self.organisation.name},
            _("You can now order experts and follow your orders on your desk."),
        ]

    def action(self) -> tuple[str, str]:
        """To the desk."""
        return _("Go to your desk"), reverse("orderer:desk")


class OrganisationRefused(Notice):
    """The counter could not accept you."""

    kind = "organisations.refused"
    is_must_know = True

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.key = f"{self.kind}:{organisation.pk}:{organisation.state_changed_at}"

    def subject(self) -> str:
        """The fact."""
        return _("Your organisation could not be accepted")

    def lines(self) -> list[str]:
        """What to do about it."""
        return [
            _("The counter could not accept %(organisation)s as an orderer.")
            % {"organisation": self.organisation.name},
            _("If you think this is a mistake, ask us and we will look at it again."),
        ]

    def action(self) -> tuple[str, str]:
        """To advice."""
        return _("Ask the counter"), reverse("public:advice")
