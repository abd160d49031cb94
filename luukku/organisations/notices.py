"""What is said to people about their organisation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.notices.notice import Notice
from luukku.organisations.models import MemberRole, Membership, Organisation, Task


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
        lines = [
            _("The counter has checked %(organisation)s.")
            % {"organisation": self.organisation.name}
        ]
        if Task.ORDERS in self.organisation.tasks:
            lines.append(_("You can now order experts and follow your orders on your desk."))
        if Task.BACKGROUND in self.organisation.tasks:
            lines.append(_("Experts can now name you as the organisation behind them."))
        return lines

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
            _("The counter could not accept %(organisation)s.")
            % {"organisation": self.organisation.name},
            _("If you think this is a mistake, ask us and we will look at it again."),
        ]

    def action(self) -> tuple[str, str]:
        """To advice."""
        return _("Ask the counter"), reverse("public:advice")


class MembershipAdded(Notice):
    """You stand for an organisation now."""

    kind = "organisations.member_added"
    is_must_know = True

    def __init__(self, membership: Membership) -> None:
        self.membership = membership
        self.key = f"{self.kind}:{membership.pk}"

    def subject(self) -> str:
        """The fact."""
        return _("You act for an organisation now")

    def lines(self) -> list[str]:
        """Which one, and what that means."""
        names = {"organisation": self.membership.organisation.name}
        said = {
            MemberRole.ORDERER: _("You can now order experts for %(organisation)s."),
            MemberRole.BACKGROUND: _(
                "You are now a contact person of the experts behind whom %(organisation)s stands."
            ),
            MemberRole.PRODUCER: _("You now train experts for %(organisation)s."),
        }
        return [
            said[MemberRole(self.membership.role)] % names,
            _("If this is a mistake, tell the counter."),
        ]

    def action(self) -> tuple[str, str]:
        """To the desk."""
        return _("Go to your desk"), reverse("orderer:desk")
