"""What is said to people about their organisation."""

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.notices.notice import Notice
from luukku.organisations.models import ChangeAsked, MemberRole, Membership, Organisation, Task


def matter(organisation_id: int) -> str:
    """Return the matter of all letters about one organisation."""
    return f"organisation-{organisation_id}"


class AboutOrganisation(Notice, is_family=True):
    """Something about the reader's organisation, once for each state that it comes to: what was said before is past."""

    is_must_know = True
    makes_untrue = (
        "organisations.vetted",
        "organisations.refused",
        "organisations.ended",
        "organisations.reopened",
    )

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.key = f"{self.kind}:{organisation.pk}:{organisation.state_changed_at}"

    def about(self) -> str:
        """The organisation."""
        return matter(self.organisation.pk)

    def thing(self) -> int:
        """The organisation, in keys."""
        return self.organisation.pk


class OrganisationVetted(AboutOrganisation):
    """The counter knows you now."""

    kind = "organisations.vetted"

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


class OrganisationRefused(AboutOrganisation):
    """The counter could not accept you."""

    kind = "organisations.refused"

    def subject(self) -> str:
        """The fact."""
        return _("Your organisation could not be accepted")

    def lines(self) -> list[str]:
        """What to do about it."""
        return [
            _("The counter could not accept %(organisation)s.")
            % {"organisation": self.organisation.name},
            _("The reason: %(reason)s") % {"reason": self.organisation.refused_because},
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


class MembershipRemoved(Notice):
    """You stand for the organisation no more: one letter for the role and for all orders that the reader led."""

    kind = "organisations.member_removed"
    is_must_know = True
    makes_untrue = ("organisations.member_added",)
    ends = ("organisations.member_added",)

    def __init__(
        self,
        membership: Membership,
        orders: Sequence[int],
        *,
        successor: User | None,
        entries: Callable[[], str],
    ) -> None:
        self.membership, self.orders = membership, orders
        self.successor, self.entries = successor, entries
        self.key = f"{self.kind}:{membership.pk}"

    def thing(self) -> int:
        """The role, in keys."""
        return self.membership.pk

    def overtakes(self) -> list[str]:
        """Of orders that the reader was to lead, too."""
        return [
            *super().overtakes(),
            *(f"orders.contact_changed:{number}" for number in self.orders),
        ]

    def takes_back(self) -> list[str]:
        """Not where the reader has led orders: who leads them now is news of its own."""
        return [] if self.orders else super().takes_back()

    def calendar(self) -> str:
        """Out of it with what a colleague leads now."""
        return self.entries()

    def subject(self) -> str:
        """The fact."""
        return _("You no longer act for an organisation")

    def lines(self) -> list[str]:
        """For which one in what role, who leads the orders now, and what if it is a mistake."""
        names = {"organisation": self.membership.organisation.name}
        said = {
            MemberRole.ORDERER: _(
                "You no longer order experts for %(organisation)s, and you no longer see its orders."
            ),
            MemberRole.BACKGROUND: _(
                "You are no longer a contact person of the experts behind whom %(organisation)s stands."
            ),
            MemberRole.PRODUCER: _("You no longer train experts for %(organisation)s."),
        }
        numbers = ", ".join(str(number) for number in self.orders)
        led = _("We look for a new contact person for these orders: %(numbers)s.")
        if self.successor is not None:
            led = _("%(name)s now leads the orders that were yours: %(numbers)s.")
        of_orders = {"name": self.successor and self.successor.name, "numbers": numbers}
        return [
            said[MemberRole(self.membership.role)] % names,
            *([led % of_orders] if numbers else []),
            _("Your account stays. If this is a mistake, tell the counter."),
        ]

    def action(self) -> tuple[str, str]:
        """To advice."""
        return _("Ask the counter"), reverse("public:advice")


class OrganisationEnded(AboutOrganisation):
    """It works here no more."""

    kind = "organisations.ended"

    def subject(self) -> str:
        """The fact."""
        return _("Your organisation has been marked as ended")

    def lines(self) -> list[str]:
        """What follows, and for whom nothing changes."""
        return [
            _("The counter has noted that %(organisation)s has ended.")
            % {"organisation": self.organisation.name},
            _("Nobody orders, trains or stands behind experts in its name any more."),
            _("Your account stays. If this is a mistake, tell us and we will open it again."),
        ]

    def action(self) -> tuple[str, str]:
        """To advice."""
        return _("Ask the counter"), reverse("public:advice")


class OrganisationReopened(AboutOrganisation):
    """It works here again."""

    kind = "organisations.reopened"

    def subject(self) -> str:
        """The fact."""
        return _("Your organisation is open again")

    def lines(self) -> list[str]:
        """What follows."""
        return [
            _("The counter has opened %(organisation)s again. We check its details and tell you.")
            % {"organisation": self.organisation.name}
        ]

    def action(self) -> tuple[str, str]:
        """To the desk."""
        return _("Go to your desk"), reverse("orderer:desk")


class _AboutChange(Notice, is_family=True):
    """What became of a change that the reader asked for."""

    is_must_know = True

    def __init__(self, asked: ChangeAsked) -> None:
        self.asked = asked
        self.key = f"{self.kind}:{asked.pk}"

    def action(self) -> tuple[str, str]:
        """To the organisation's page."""
        return _("See your organisation"), reverse("orderer:organisation")


class ChangeAccepted(_AboutChange):
    """The new details hold."""

    kind = "organisations.change_accepted"

    def subject(self) -> str:
        """The fact."""
        return _("The new details of your organisation hold now")

    def lines(self) -> list[str]:
        """Which."""
        return [
            _("The counter has checked the change. The organisation is now called %(name)s.")
            % {"name": self.asked.name}
        ]


class ChangeRefused(_AboutChange):
    """The old details stay."""

    kind = "organisations.change_refused"

    def __init__(self, asked: ChangeAsked, reason: str) -> None:
        super().__init__(asked)
        self.reason = reason

    def subject(self) -> str:
        """The fact."""
        return _("The details of your organisation stay as they were")

    def lines(self) -> list[str]:
        """Which, and what to do."""
        return [
            _("The counter could not accept the change. The organisation is still called %(name)s.")
            % {"name": self.asked.organisation.name},
            _("The reason: %(reason)s") % {"reason": self.reason},
            _("If you think this is a mistake, ask us and we will look at it again."),
        ]
