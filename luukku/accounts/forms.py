"""The form that allauth asks for when somebody makes an account."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.text import clean


class SignupForm(forms.Form):
    """Adds the name; allauth asks for e-mail and password itself."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def clean_name(self) -> str:
        """Return the name without control characters; one that nobody can see is none."""
        name = clean(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(
                self.fields["name"].error_messages["required"], code="required"
            )
        return name

    def signup(self, request: object, user: User) -> None:
        """Give ``user`` the name and the language of the page."""
        user.name = self.cleaned_data["name"]
        user.language = get_language() or "fi"
        user.save(update_fields=["name", "language"])
