"""Fields of a model, asked for by name, and what may stand in one."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import URLValidator
from django.db.models import Field, Model
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _


@deconstructible
class HttpsValidator(URLValidator):
    """A whole address that begins with https:// and holds neither a space nor anybody's password."""

    message = _("Give the whole address. It begins with https://.")
    schemes = ("https",)

    def __init__(self) -> None:
        super().__init__(schemes=self.schemes)

    def __call__(self, value: object) -> None:
        """Refuse what is no such address, each fault in its own words.

        Raises:
            ValidationError: as the class says.
        """
        text = str(value)
        if any(sign.isspace() for sign in text):
            raise ValidationError(_("There is a space in the address. Copy it whole."), "space")
        if text.lower().startswith("https://") and len(text) > len("https://"):
            try:
                super().__call__(value)
            except ValidationError:
                raise ValidationError(
                    _(
                        "The address does not lead anywhere. Copy it from the browser’s address bar."
                    ),
                    "unreal",
                ) from None
        super().__call__(value)
        if "@" in urlsplit(text).netloc:
            raise ValidationError(
                _("Leave the user name and password out of the address: everybody who sees it would read them."),
                "password",
            )  # fmt: skip


HTTPS_ONLY = HttpsValidator()


def field_of(model: Model | type[Model], name: str) -> Field[Any, Any]:
    """Return the field ``name`` of ``model``.

    Raises:
        FieldDoesNotExist: it has none of that name, or another model points to it by that name.
    """
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(f"{model._meta.label} has no field of its own called {name}.")
    return field


def editable(model: type[Model]) -> frozenset[str]:
    """Return the names of the fields in the model's own row that people may change: those not ``editable=False``."""
    return frozenset(
        field.name for field in model._meta.fields if field.editable and not field.primary_key
    )
