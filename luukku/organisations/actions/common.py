"""What every act on an organisation needs."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from luukku.accounts.models import User
from luukku.notices.actions import tell
from luukku.organisations.models import Membership, Organisation
from luukku.organisations.notices import AboutOrganisation


def require(perm: str, about: Organisation | Membership, by: User) -> None:
    """Raise PermissionDenied unless ``by`` has the rule."""
    if not by.has_perm(perm, about):
        raise PermissionDenied(perm)


def tell_members(notice: AboutOrganisation, organisation: Organisation, *, at: datetime) -> None:
    """Tell everybody who stands for the organisation, each once."""
    for user in organisation.members.distinct().order_by("pk"):
        tell(notice, to=user, at=at)
