"""How allauth meets our requests: whose tries are counted, which devices are known."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luukku.accounts.actions import tell_changed
from luukku.accounts.adapter import AccountAdapter
from luukku.accounts.models import User
from luukku.accounts.notices import (
    AccountThere,
    AddressCode,
    Changed,
    NewPassword,
    NoAccount,
    OwnAct,
    SignInCode,
)
from luukku.core.counter import counter
from luukku.notices.actions import tell_address
from luukku.notices.queries import mail_late_since
from luukku.web.parts.account.sign_in.devices import remember_device
from luukku.web.parts.account.sign_in.fresh import CODE_SECONDS, is_fresh, may_confirm_by_code
from luukku.web.parts.account.sign_in.limits import PASSWORDS, Tries
from luukku.web.parts.account.sign_in.sessions import SHARED_KEY
from luukku.web.parts.account.sign_in.words import ERRORS, MESSAGES

CODE_AGE = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)

# What allauth would tell by letters of its own.
CHANGES = {
    "account/email/email_changed": Changed.EMAIL,
    "account/email/password_changed": Changed.PASSWORD,
    "account/email/password_reset": Changed.PASSWORD,
    "account/email/password_set": Changed.PASSWORD,
    "mfa/email/totp_activated": Changed.FACTOR_ADDED,
    "mfa/email/totp_deactivated": Changed.FACTOR_REMOVED,
    "mfa/email/webauthn_added": Changed.FACTOR_ADDED,
    "mfa/email/webauthn_removed": Changed.FACTOR_REMOVED,
    "mfa/email/recovery_codes_generated": Changed.RECOVERY_CODES,
}


# What allauth sends at the door: our letter, what it is about, for how long. Whom we do not know gets one too.
LETTERS_OF = {
    "account/email/login_code": (SignInCode, "code", CODE_AGE),
    "account/email/confirm_code": (OwnAct, "code", timedelta(seconds=CODE_SECONDS)),
    "account/email/email_confirmation": (AddressCode, "code", CODE_AGE),
    "account/email/email_confirmation_signup": (AddressCode, "code", CODE_AGE),
    "account/email/password_reset_key": (
        NewPassword,
        "password_reset_url",
        timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    ),
    "account/email/account_already_exists": (AccountThere, "", CODE_AGE),
    "account/email/unknown_account": (NoAccount, "", CODE_AGE),
}


def _late() -> str:
    late = _("Our e-mail is disturbed just now: the letter may come late or not at all.")
    then = _("Try again in a while.")
    if phone := counter().phone:
        then = _("Try again in a while, or call us: %(phone)s.") % {"phone": phone}
    return f"{late} {then}"


class SignInAdapter(AccountAdapter):
    """Counts wrong passwords by our rates instead of by name alone; remembers the device."""

    error_messages = AccountAdapter.error_messages | ERRORS

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Say what has happened in our words: a whole sentence, and nobody's address on a shared screen."""
        if message_template in MESSAGES:
            messages.add_message(request, level, MESSAGES[message_template])
        else:
            super().add_message(request, level, message_template, *args, **kwargs)

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Count a try before the password is looked at.

        Raises:
            ValidationError: too many have been wrong.
        """
        self.tries = Tries(request, "password", credentials.get("email", ""), PASSWORDS)
        if self.tries.are_too_many():
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: str) -> User | None:
        """Return whose password it is; a right one is not counted."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            self.tries.forgive()
        return user

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Answer with the page they came for, on a device that is known from now on if it is theirs."""
        response = super().post_login(request, user, **kwargs)
        if request.session.get(SHARED_KEY):
            request.session.set_expiry(0)
        elif user.email:
            remember_device(request, response, user.email)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return that it is not, or have somebody confirm first, also who has no password.

        Raises:
            ReauthenticationRequired: the session has not shown lately who is there.
        """
        if not is_fresh(context.request):
            raise ReauthenticationRequired
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        """Offer allauth's ways, and a code by mail to people without a second factor."""
        methods = super().get_reauthentication_methods(user)
        if may_confirm_by_code(user):
            methods.append(
                {
                    "id": "code",
                    "description": _("Use a code from your e-mail"),
                    "url": reverse("confirm-by-code"),
                }
            )
        return methods

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Put a letter to ``email`` into the outbox, where it is the first in line: nobody waits for a mail server."""
        letter, name, age = LETTERS_OF[template_prefix]
        secret = str(context.get(name, ""))
        if name == "password_reset_url":  # letters know our address themselves
            secret = urlsplit(secret).path
        at = timezone.now()
        tell_address(letter(secret, at + age), email, language=get_language() or "fi", at=at)
        if mail_late_since(at=at) is not None:  # the same is said whoever asks
            messages.warning(self.request, _late())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, object] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell of a change in our own words; the address that was changed hears of it, too."""
        what = CHANGES.get(template_prefix)
        if what is not None:
            tell_changed(user, what, old_email=email or "", at=timezone.now())
