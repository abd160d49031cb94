"""What is said about an account itself."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

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
