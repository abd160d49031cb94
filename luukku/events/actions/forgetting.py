"""What is not needed any more goes."""

from datetime import datetime, timedelta

from luukku.events.models import MATERIALS_KEPT, Answer, Material, SignUp

SENSITIVE_KEPT = timedelta(days=30)
KEPT = timedelta(days=365)


def forget_sensitive(*, at: datetime) -> int:
    """Delete sensitive answers 30 days after the event's end; return how many."""
    old = Answer.objects.filter(
        question__is_sensitive=True, sign_up__event__ends_at__lte=at - SENSITIVE_KEPT
    )
    return old.delete()[0]


def forget_guests(*, at: datetime) -> int:
    """Delete the sign-ups of guests a year after the event, and those never confirmed 30 days after it."""
    guests = SignUp.objects.filter(person=None)
    old = guests.filter(event__ends_at__lte=at - KEPT) | guests.filter(
        guest__confirmed_at=None, event__ends_at__lte=at - SENSITIVE_KEPT
    )
    return SignUp.objects.filter(pk__in=old.values("pk")).delete()[1].get("events.SignUp", 0)


def forget_materials(*, at: datetime) -> int:
    """Delete the links that an event gave to read a year after it; return how many."""
    return Material.objects.filter(event__ends_at__lte=at - MATERIALS_KEPT).delete()[0]
