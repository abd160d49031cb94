"""How allauth meets our requests: whose tries are counted, which devices are known."""

from django.http import HttpRequest, HttpResponse

from luukku.accounts.adapter import AccountAdapter
from luukku.accounts.models import User
from luukku.web.sign_in.devices import remember_device
from luukku.web.sign_in.limits import PASSWORDS, Tries


class SignInAdapter(AccountAdapter):
    """Counts wrong passwords by our rates instead of by name alone; remembers the device."""

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
        """Answer with the page they came for, on a device that is known from now on."""
        response = super().post_login(request, user, **kwargs)
        if user.email:
            remember_device(request, response, user.email)
        return response
