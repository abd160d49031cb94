"""The person, for the layers below accounts: whom ``AUTH_USER_MODEL`` names, as for a foreign key to it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as Person
else:
    from django.db.models import Model as Person

__all__ = ["Person"]
