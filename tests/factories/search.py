"""Who has seen as many cards as a day lets.

ask_for_more_cards(at)               # a new orderer with a day full of cards, and the reason for more; WideReading
ask_for_more_cards(at, by=orderer)
"""

from datetime import datetime

from django.conf import settings

from luukku.accounts.models import User
from luukku.search.actions import ask_wider, show_cards
from luukku.search.models import WideReading
from tests.factories.organisations import make_member


def ask_for_more_cards(
    at: datetime, *, by: User | None = None, reason: str = "Luentosarja"
) -> WideReading:
    """A reason that waits for the counter, of somebody who has seen all the cards of a day."""
    by = by or make_member()
    show_cards(range(1, settings.LUUKKU_CARDS_A_DAY + 1), to=by, at=at)
    return ask_wider(reason, by=by, at=at)
