"""How allauth meets our requests: whose tries are counted, which devices are known."""

from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.accounts.actions import tell_changed
from luukku.accounts.adapter import AccountAdapter
from luukku.accounts.models import User
from luukku.accounts.notices import Changed
from luukku.web.sign_in.devices import remember_device
from luukku.web.sign_in.fresh import is_fresh
from luukku.web.sign_in.limits import PASSWORDS, Tries
from luukku.web.sign_in.sessions import SHARED_KEY
from luukku.web.sign_in.words import ERRORS, MESSAGES

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


class SignInAdapter(AccountAdapter):
    """Counts wrong passwords by our rates instead of by name alone; remembers the device."""

    error_messages = AccountAdapter.error_messages | ERRORS

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: object,
        **kwargs: object,
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

    def post_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse:
        """Answer with the page they came for, on a device that is known from now on if it is theirs."""
        response = super().post_login(request, user, **kwargs)
        if request.session.get(SHARED_KEY):
            request.session.set_expiry(0)
        elif user.email:
            remember_device(request, response, user.email)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
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
        if user.is_authenticated and user.email and not is_mfa_enabled(user):
            methods.append(
                {
                    "id": "code",
                    "description": _("Use a code from your e-mail"),
                    "url": reverse("confirm-by-code"),
                }
            )
        return methods

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
