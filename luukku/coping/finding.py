"""Finding signs of load by what was written."""

from luukku.coping.models import FlagQuerySet
from luukku.experts.finding import holding as holding_experts
from luukku.experts.models import Expert


def holding(flags: FlagQuerySet, words: str) -> FlagQuerySet:
    """Return the signs of the experts that ``words`` may mean."""
    return flags.filter(expert__in=holding_experts(Expert.objects.all(), words).values("pk"))
