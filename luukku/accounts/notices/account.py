"""What is said about an account itself."""

from datetime import datetime

from django.db.models import TextChoices
from django.template.defaultfilters import date
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import AddressChange, User
from luukku.accounts.queries import ADDRESS_ASKED
from luukku.core.links import Link, sign
from luukku.notices.notice import Notice

OPEN_OR_NOT = ("accounts.closed", "accounts.reopened")


class AccountNotice(Notice):
    """Something happened to the account; the same thing may happen again later."""

    kind = "accounts.any"
    is_must_know = True

    def __init__(self, user: User, at: datetime) -> None:
        self.user = user
        self.key = f"{self.kind}:{user.pk}:{at}"

    def about(self) -> str:
        return f"account-{self.user.pk}"

    def thing(self) -> int:
        return self.user.pk


class AccountClosed(AccountNotice):
    """Nobody signs in with it any more."""

    kind = "accounts.closed"
    makes_untrue = OPEN_OR_NOT

    def subject(self) -> str:
        return _("Your account has been closed")

    def lines(self) -> list[str]:
        return [
            _("Your account has been closed. You can no longer sign in."),
            _("If this is a mistake, get in touch with the counter and we open it again."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Ask the counter"), reverse("public:advice")


class AccountReopened(AccountNotice):
    """It works again."""

    kind = "accounts.reopened"
    makes_untrue = OPEN_OR_NOT

    def subject(self) -> str:
        return _("Your account is open again")

    def lines(self) -> list[str]:
        return [
            _("You can sign in again with a code that we send to your e-mail."),
            _("Your earlier password no longer works. You may choose a new one."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Sign in"), reverse("account_login")


class Changed(TextChoices):
    """What can be changed that opens an account."""

    EMAIL = "email", gettext_lazy("The e-mail address of your account has been changed.")
    PASSWORD = "password", gettext_lazy("The password of your account has been changed.")
    FACTOR_ADDED = "factor_added", gettext_lazy("Two-step sign-in has been taken into use.")
    FACTOR_REMOVED = "factor_removed", gettext_lazy("A way of two-step sign-in has been removed.")
    RECOVERY_CODES = "recovery_codes", gettext_lazy("New recovery codes have been made.")
    SESSIONS = "sessions", gettext_lazy("You have been signed out on every device.")


class AccountChanged(AccountNotice):
    """Something that opens the account was changed: who did not do it must hear of it."""

    kind = "accounts.changed"

    def __init__(self, user: User, at: datetime, what: Changed) -> None:
        super().__init__(user, at)
        self.key = f"{self.key}:{what}"
        self.what = what

    def subject(self) -> str:
        return _("Your account has been changed")

    def lines(self) -> list[str]:
        return [
            str(Changed(self.what).label),
            _("If it was you, you need not do anything."),
            _("If it was not you, tell the counter at once. We help you to protect your account."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Tell the counter"), reverse("public:advice")


class AddressAsked(Notice):
    """Somebody asks for this account at a new address: the old one may object until then."""

    kind = ADDRESS_ASKED
    is_must_know = True

    def __init__(self, change: AddressChange) -> None:
        self.change = change
        self.key = f"{self.kind}:{change.pk}"

    def subject(self) -> str:
        return _("Your account is about to move to another e-mail address")

    def lines(self) -> list[str]:
        when = date(localtime(self.change.due_at), "SHORT_DATETIME_FORMAT")
        return [
            _(
                "Somebody has told the counter that you no longer get at this e-mail address, and asked us to"
                " move your account to another one. We do so on %(when)s at the earliest."
            )
            % {"when": when},
            _("If you asked for it, you need not do anything."),
            _("If you did not, stop the change with the link below. Nothing then changes."),
        ]

    def action(self) -> tuple[str, str]:
        link = Link("address", self.change.pk, self.change.user_id)
        return _("Stop the change"), reverse("public:address-link", args=[sign(link)])


class AddressMoved(Notice):
    """The account is at its new address."""

    kind = "accounts.address_moved"
    is_must_know = True

    def __init__(self, change: AddressChange) -> None:
        self.key = f"{self.kind}:{change.pk}"

    def subject(self) -> str:
        return _("Your account has moved to another e-mail address")

    def lines(self) -> list[str]:
        return [
            _("The administrator has changed the e-mail address with which you sign in."),
            _("You have been signed out everywhere. At the new address you sign in with a code."),
            _("If this is wrong, tell the counter at once: we can undo it."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Tell the counter"), reverse("public:advice")


class AddressStopped(Notice):
    """The account stays where it is."""

    kind = "accounts.address_stopped"
    is_must_know = True

    def __init__(self, change: AddressChange) -> None:
        self.key = f"{self.kind}:{change.pk}"

    def subject(self) -> str:
        return _("The e-mail address of your account stays")

    def lines(self) -> list[str]:
        return [_("The change of your e-mail address has been stopped. You sign in as before.")]

    def action(self) -> tuple[str, str]:
        return _("Sign in"), reverse("account_login")


class FactorsReset(AccountNotice):
    """Lost second factors were taken away."""

    kind = "accounts.factors_reset"

    def subject(self) -> str:
        return _("Your two-step sign-in has been reset")

    def lines(self) -> list[str]:
        return [
            _(
                "An administrator has taken away the second steps of your sign-in, because they were lost."
            ),
            _("You have been signed out everywhere. Sign in and take a new second step into use."),
            _(
                "If you did not ask for it, tell the counter at once. We help you to protect your account."
            ),
        ]

    def action(self) -> tuple[str, str]:
        return _("Sign in"), reverse("account_login")
