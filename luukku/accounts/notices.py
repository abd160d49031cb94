"""What is said about an account itself."""

from datetime import datetime

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.notices.notice import Notice


class AccountNotice(Notice):
    """Something happened to the account; the same thing may happen again later."""

    kind = "accounts.any"
    is_must_know = True

    def __init__(self, user: User, at: datetime) -> None:
        self.key = f"{self.kind}:{user.pk}:{at}"


class AccountClosed(AccountNotice):
    """Nobody signs in with it any more."""

    kind = "accounts.closed"

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
            _("If it was not you, tell the counter at once: we can undo it."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Tell the counter"), reverse("public:advice")
