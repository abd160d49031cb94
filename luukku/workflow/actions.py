"""The only way a state changes."""

import uuid
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from luukku.audit.actions import record, record_all
from luukku.core.person import Person
from luukku.core.refused import Refused
from luukku.workflow.models import Stateful, Submission, Tally, Turn, Typed
from luukku.workflow.queries import is_allowed
from luukku.workflow.states import Act, Move

S = TypeVar("S", bound=Stateful)
MOST_STARTS = 5  # a task that fails or takes its worker along each time is given up


class WrongState(Refused):
    """The object has moved on: somebody was faster, or the act came too late."""

    is_news = True

    def __init__(self, obj: Stateful, act: Act | None = None) -> None:
        super().__init__((act and act.late) or obj.moved_on)
        self.words_at_counter = obj.moved_on_at_counter
        self.obj, self.act = obj, act

    def __str__(self) -> str:
        name = self.act.name if self.act else "an act"
        return f"{name}: {self.obj._meta.label} {self.obj.pk} is {self.obj.state}"


def require(obj: Stateful, what: Act | Container[str]) -> None:
    """Refuse to go on where ``obj`` is in no state in which the act, or in none of the states, ``what``.

    Raises:
        WrongState: as its name says.
    """
    if isinstance(what, Act):
        if obj.state not in what.sources:
            raise WrongState(obj, what)
    elif obj.state not in what:
        raise WrongState(obj)


def lock_for(obj: S, act: Act, *, by: Person, on_behalf_of: Person | None = None) -> S:
    """Return ``obj`` as it is now, on which ``by`` may do ``act``; nobody changes it until the transaction ends.

    Args:
        on_behalf_of: the person whose right is used when the counter acts for somebody by phone or paper.

    Raises:
        PermissionDenied: neither ``by`` nor, for the counter, ``on_behalf_of`` has the rule ``act.name``.
        WrongState: the locked row is in none of ``act.sources``.
    """
    # FOR NO KEY UPDATE: foreign-key checks at commit must not wait for us (audit chain).
    locked = type(obj)._base_manager.select_for_update(no_key=True).get(pk=obj.pk)
    if not is_allowed(act.name, locked, by=by, on_behalf_of=on_behalf_of):
        raise PermissionDenied(act.name)
    require(locked, act)
    return locked


@contextmanager
def acting(
    obj: S,
    act: Act,
    *,
    by: Person,
    at: datetime,
    on_behalf_of: Person | None = None,
    data: Mapping[str, object] | None = None,
) -> Iterator[S]:
    """Lock ``obj``, check rule and state, let the caller do what leaves its state as it is, then audit that.

    Args:
        data: ids, states and numbers for the audit event, never free text; the caller may add to it until the end.

    Raises:
        PermissionDenied, WrongState: as in ``lock_for``; nothing has changed.
    """
    with transaction.atomic():
        locked = lock_for(obj, act, by=by, on_behalf_of=on_behalf_of)
        yield locked
        record(act.name, by=by, about=locked, at=at, on_behalf_of=on_behalf_of, data=data)


@contextmanager
def moving(
    obj: S,
    move: Move,
    *,
    by: Person,
    at: datetime,
    on_behalf_of: Person | None = None,
    data: Mapping[str, object] | None = None,
) -> Iterator[S]:
    """Lock ``obj``, check rule and state, let the caller change the locked row, then save and audit it.

    Args:
        data: ids, states and numbers for the audit event; never free text.

    Raises:
        PermissionDenied, WrongState: as in ``lock_for``; nothing has changed.
    """
    with transaction.atomic():
        locked = lock_for(obj, move, by=by, on_behalf_of=on_behalf_of)
        source = locked.state
        locked.state_changed_at = at
        yield locked
        locked.state = move.target
        locked.save()
        record(
            move.name,
            by=by,
            about=locked,
            at=at,
            on_behalf_of=on_behalf_of,
            data={**(data or {}), "from": str(source), "to": str(move.target)},
        )


def move_all(
    rows: models.QuerySet[S], move: Move, *, by: Person, at: datetime, **values: object
) -> list[S]:
    """Do ``move`` to each of ``rows`` that is in one of its sources, and audit it; return those.

    The number of queries is the same for one and for many, so that nobody waits long for a lock.

    Args:
        values: what else each of them is from then on, by the names of its fields.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``move.name`` on one of them; none has moved.
    """
    with transaction.atomic():
        movable = rows.filter(state__in=move.sources).order_by("pk")
        locked = list(movable.select_for_update(no_key=True, of=("self",)))
        if not all(by.has_perm(move.name, row) for row in locked):
            raise PermissionDenied(move.name)
        said = [(row, {"from": str(row.state), "to": str(move.target)}) for row in locked]
        keys = [row.pk for row in locked]
        values |= {"state": move.target, "state_changed_at": at}
        rows.model._base_manager.filter(pk__in=keys).update(**values)
        record_all(move.name, by=by, about=said, at=at)
        for row in locked:
            for name, value in values.items():
                setattr(row, name, value)
    return locked


def forget_submissions(*, before: datetime) -> int:
    """Delete the tokens of forms that arrived before ``before``; return how many."""
    return Submission.objects.filter(at__lt=before).delete()[0]


def count_try(what: str, *, window: timedelta, at: datetime) -> int:
    """Count one more ``what``; return how often it has been tried in the window that is open at ``at``.

    One statement: processes that count at the same moment miss nobody. The table keeps a keyed mark of
    ``what``, so that it tells neither an address nor a name.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_tally AS kept (mark, count, ends_at) VALUES (%(mark)s, 1, %(ends)s)"
            " ON CONFLICT (mark) DO UPDATE SET"
            " count = CASE WHEN kept.ends_at <= %(at)s THEN 1 ELSE kept.count + 1 END,"
            " ends_at = CASE WHEN kept.ends_at <= %(at)s THEN %(ends)s ELSE kept.ends_at END"
            " RETURNING count",
            {"mark": _mark(what), "at": at, "ends": at + window},
        )
        return cursor.fetchone()[0]


def uncount_try(what: str) -> None:
    """Take back one ``what`` that was counted."""
    Tally.objects.filter(mark=_mark(what), count__gt=0).update(count=F("count") - 1)


def _mark(what: str) -> str:
    return salted_hmac("luukku.tally", what, algorithm="sha256").hexdigest()


def forget_tallies(*, at: datetime) -> int:
    """Delete the tallies whose window has ended; return how many."""
    return Tally.objects.filter(ends_at__lte=at).delete()[0]


def keep_typed(
    body: str, *, key_mark: str, token: uuid.UUID, page: str, action: str, at: datetime
) -> Typed:
    """Keep what was typed into a form for the browser that holds the key; the newest of each form stays."""
    kept, _made = Typed.objects.update_or_create(
        key_mark=key_mark,
        page=page,
        action=action,
        defaults={"token": token, "body": body, "at": at},
    )
    return kept


def forget_typed(*, before: datetime) -> int:
    """Delete what was typed before ``before`` and has not been sent since; return how many forms."""
    return Typed.objects.filter(at__lt=before).delete()[0]


def forget_results(*, done_before: datetime, any_before: datetime) -> int:
    """Delete the records of work: successful before ``done_before``, failed or cut off before ``any_before``."""
    over = DBTaskResult.objects.exclude(status=TaskResultStatus.READY)
    is_over = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=done_before) | Q(
        enqueued_at__lt=any_before
    )
    return over.filter(is_over).delete()[0]


def take_turn(name: str, *, every: timedelta, at: datetime) -> bool:
    """Return whether it is this process's turn to do the scheduled work ``name``; true once a period."""
    if Turn.objects.filter(name=name, taken_at__gt=at - every).exists():
        return False  # asked every second: no lock for the usual answer
    with transaction.atomic():
        turn, made = Turn.objects.select_for_update().get_or_create(
            name=name, defaults={"taken_at": at}
        )
        if made:
            return True
        if turn.taken_at + every > at:
            return False
        turn.taken_at = at
        turn.save(update_fields=["taken_at"])
        return True


def bring_forward(name: str, *, every: timedelta, to: datetime) -> None:
    """Have the next turn of ``name`` come at ``to``."""
    Turn.objects.filter(name=name).update(taken_at=to - every)


def put_off(failed: DBTaskResult, *, until: datetime) -> None:
    """Queue work that failed again, to be done after ``until``; given up after ``MOST_STARTS``."""
    if len(failed.worker_ids) < MOST_STARTS:
        failed.status, failed.run_after, failed.finished_at = TaskResultStatus.READY, until, None
        failed.save(update_fields=["status", "run_after", "finished_at"])


_LOCK = "hashtextextended('work ' || %s, 0)"


def work_lock(pk: UUID, *, is_held: bool = True) -> None:
    """Hold the task ``pk`` for this connection, or let it go; a worker that is killed lets go at once."""
    act = "pg_advisory_lock" if is_held else "pg_advisory_unlock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {act}({_LOCK})", [str(pk)])


def take_back() -> int:
    """Queue again the work that nobody holds though it was begun: its worker is gone. Return how many tasks."""
    count = 0
    for pk in DBTaskResult.objects.running().order_by("started_at").values_list("pk", flat=True):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_try_advisory_xact_lock({_LOCK})", [str(pk)])
            if not cursor.fetchone()[0]:
                continue
            cut_off = DBTaskResult.objects.running().select_for_update().filter(pk=pk).first()
            if cut_off is None:
                continue  # its worker was only about to write that it is done
            if len(cut_off.worker_ids) >= MOST_STARTS:
                cut_off.set_failed(ChildProcessError("the worker was killed every time"))
                continue
            cut_off.status = TaskResultStatus.READY
            cut_off.started_at = None
            cut_off.save(update_fields=["status", "started_at"])
            count += 1
    return count
