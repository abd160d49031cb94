"""The score is a promise: every point it can hold, in one place. The SQL gets them as parameters."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Points:
    """Most points of each part; the parts are added up."""

    theme: float = (
        10.0  # for each theme asked, times 2 when it is exact or narrower, times 1 when broader
    )
    perspective: float = 6.0  # for each theme whose perspective was asked for and is there
    near: float = 10.0  # at 0 km, none at near_km
    near_km: float = 150.0
    rested: float = 8.0  # no task yet or the last one rested_days ago, none right after a task
    rested_days: float = 180.0
    light: float = 6.0  # no tasks within a year, none at light_tasks
    light_tasks: float = 12.0
    praise: float = 1.0  # times 0–3: less than what a newcomer gets for being rested


POINTS = Points()


def as_parameters() -> list[float]:
    """Return the points in the order in which ``matching_candidates`` reads them."""
    return list(astuple(POINTS))
