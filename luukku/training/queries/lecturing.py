"""What we know of practice lectures: who has spoken at one, how many students heard them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Sum

from luukku.accounts.models import User
from luukku.core.disclosure import may_tell, three_shares
from luukku.events.models import SignUp
from luukku.events.queries import was_away
from luukku.training.models import Application, LectureFeedback, PracticeLecture, Run
from luukku.training.states import LectureState

CORRECT_WITHIN = timedelta(days=60)  # after the end, by the school and the producer


def can_correct(lecture: PracticeLecture, user: User, at: datetime) -> bool:
    """Whether ``user`` comes in time to write down another number of students; the counter always does."""
    return user.is_counter or at < lecture.ends_at + CORRECT_WITHIN


def has_lectured(application: Application) -> bool:
    """Whether the person has spoken at a practice lecture of the run, which was held; who was marked away has not."""
    held = PracticeLecture.objects.filter(run=application.run_id, state=LectureState.HELD)
    spoke = SignUp.objects.confirmed().filter(
        ~was_away(), person=application.person_id, event__in=held.values("event")
    )
    return spoke.exists()


def lectures_of(run: Run) -> tuple[int, int]:
    """Return how many practice lectures were held for ``run``, and how many students were there."""
    held = PracticeLecture.objects.filter(run=run, state=LectureState.HELD)
    return held.count(), held.aggregate(n=Sum("students_present"))["n"] or 0


def thoughts_of(run: Run) -> list[tuple[str, tuple[str, str, str]]]:
    """Return by side which shares thought well, in between and poorly of the lectures; only what may be told."""
    rows = LectureFeedback.objects.filter(lecture__run=run).values_list("side", "given_by", "well")
    by_side: dict[str, list[tuple[int, int]]] = {}
    for side, who, well in rows:
        by_side.setdefault(side, []).append((who, well))
    return [
        (side, three_shares(well for _who, well in answers))
        for side, answers in sorted(by_side.items())
        if may_tell(answers=len(answers), people=[_number(who for who, _well in answers)])
    ]


def words_of(run: Run) -> list[LectureFeedback]:
    """Return what both sides told of the lectures of ``run``, for the counter to read."""
    return list(LectureFeedback.objects.filter(lecture__run=run).order_by("given_at", "pk"))


def _number(people: Iterable[int]) -> int:
    return len(set(people))
