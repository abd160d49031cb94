"""Days that tests type into forms: they are always ahead, whenever the tests run."""

from datetime import date, timedelta

from django.utils import timezone


def turning_of_clocks(month: int) -> str:
    """Return the next last Sunday of March (3) or October (10) that is not today, as a form sends a day."""
    today = timezone.localdate()
    for year in (today.year, today.year + 1):
        first_after = date(year, month + 1, 1)
        sunday = first_after - timedelta(days=first_after.isoweekday() % 7 or 7)
        if sunday > today:
            return sunday.isoformat()
    raise AssertionError(month)
