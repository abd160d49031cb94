"""Letters with which one signs in: to an address, for a while, gone once they have left.

Somebody whom we do not know gets one as well, so that neither page nor time tells who has an account.
"""

from datetime import datetime
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.notices.notice import Notice


class SignInLetter(Notice):
    """The answer to somebody who gave an address at the door; holds until ``ends_at``."""

    kind = "accounts.sign_in"
    is_must_know = True
    is_secret = True

    def __init__(self, secret: str, ends_at: datetime) -> None:
        self.secret, self.ends_at = secret, ends_at
        self.key = f"{self.kind}:{uuid4().hex}"  # each is asked for anew

    def expires_at(self) -> datetime:
        return self.ends_at


class SignInCode(SignInLetter):
    """The code that signs in."""

    kind = "accounts.sign_in_code"

    def subject(self) -> str:
        return _("Sign in to Kokemusluukku")

    def lines(self) -> list[str]:
        return [
            _("Type this code on the page where you asked for it:"),
            self.secret,
            _("Or open the link below in the same browser."),
            _("If you did not ask for it, you need not do anything."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Sign in"), f"{reverse('account_confirm_login_code')}#code={self.secret}"


class OwnAct(SignInLetter):
    """The code that confirms who changes something in the account."""

    kind = "accounts.own_act_code"

    def subject(self) -> str:
        return _("Confirm that it is you")

    def lines(self) -> list[str]:
        return [
            _("With this code you confirm that it is you who changes something in your account:"),
            self.secret,
            _(
                "If you did not ask for it, somebody may be using your open browser. Choose a new "
                "password and tell the counter."
            ),
        ]


class AddressCode(SignInLetter):
    """The code that confirms an address."""

    kind = "accounts.address_code"

    def subject(self) -> str:
        return _("Confirm your e-mail address")

    def lines(self) -> list[str]:
        return [
            _(
                "Thank you. Confirm your address: type this code on the page that is waiting for it."
            ),
            self.secret,
            _("If it was not you who gave this address to us, you need not do anything."),
        ]


class NewPassword(SignInLetter):
    """The link with which one chooses a new password; ``secret`` is its path."""

    kind = "accounts.new_password"

    def subject(self) -> str:
        return _("Choose a new password")

    def lines(self) -> list[str]:
        return [
            _("Somebody, probably you, has asked for a new password for this address."),
            _("Choose it with the link below."),
            _("If it was not you, you need not do anything: the old password holds."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Choose a new password"), self.secret


class AccountThere(SignInLetter):
    """Somebody tried to make a second account with this address."""

    kind = "accounts.there_already"

    def subject(self) -> str:
        return _("You have an account already")

    def lines(self) -> list[str]:
        return [
            _("Somebody, probably you, has tried to make an account with this address."),
            _("You have one already. Sign in with a code that we send to this address."),
            _("If it was not you, you need not do anything."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Sign in with a code"), reverse("account_request_login_code")


class NoAccount(SignInLetter):
    """Nobody has an account with this address."""

    kind = "accounts.not_there"

    def subject(self) -> str:
        return _("There is no account with this address")

    def lines(self) -> list[str]:
        return [
            _("Somebody, probably you, has tried to sign in to Kokemusluukku with this address."),
            _(
                "There is no account with it. You may have used another address, or make an account."
            ),
            _("If it was not you, you need not do anything."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Make an account"), reverse("account_signup")
