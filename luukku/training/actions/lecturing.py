"""Practice lectures: a school offers dates, a producer takes one for a training, students are counted."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext, override

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.known import known
from luukku.events import actions as events
from luukku.events.actions import Time
from luukku.events.actions.common import lock_event
from luukku.events.hooks import AFTER_CANCELLING, AFTER_LEAVING, AFTER_MOVING
from luukku.events.models import Audience, Event, Kind, Mode, SignUp
from luukku.events.states import OPEN_EVENTS, EventState
from luukku.notices.actions import tell, tell_all
from luukku.organisations.models import MemberRole, Organisation
from luukku.organisations.queries import contact_of, stands_for
from luukku.training.models import Application, LectureFeedback, PracticeLecture, Run
from luukku.training.notices import (
    LectureCancelled,
    LectureFreed,
    LectureLeft,
    LectureMoved,
    LectureTaken,
)
from luukku.training.queries import can_correct, producers
from luukku.training.refusals import (
    LectureHasBegun,
    LectureNotOver,
    LecturePassed,
    NobodyToSpeak,
    NotRemote,
    TooLateToCorrect,
)
from luukku.training.states import (
    CANCEL_LECTURE,
    CORRECT_STUDENTS,
    COUNT_STUDENTS,
    LET_LECTURE_GO,
    LINK_LECTURE,
    TAKE_LECTURE,
    THINK_OF_LECTURE,
    ApplicationState,
    LectureState,
)
from luukku.workflow.actions import acting, moving

FIELDS = {"subject", "group_size", "mode", "where", "meeting_url"}
FOLLOWS = (
    "starts_at",
    "ends_at",
    "mode",
    "where",
    "meeting_url",
)  # as the event of the lecture says


def offer_lecture(
    school: Organisation,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
    **fields: Any,
) -> PracticeLecture:
    """Let producers see a date on which ``school`` would hear somebody who is being trained.

    The same date offered twice is one.

    Raises:
        PermissionDenied: ``by`` neither orders for the school nor is at the counter.
        LecturePassed: the date has passed.
    """
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"no field of a practice lecture: {sorted(unknown)}")
    made = PracticeLecture(
        school=school, contact=_contact(school, by), starts_at=starts_at, ends_at=ends_at,
        made_at=at, state_changed_at=at, **fields,
    )  # fmt: skip
    if not by.has_perm("training.offer_lecture", made):
        raise PermissionDenied("training.offer_lecture")
    if starts_at <= at:
        raise LecturePassed
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=school.pk)
        same = PracticeLecture.objects.filter(
            school=school,
            state__in=[LectureState.OPEN, LectureState.TAKEN],
            starts_at=starts_at,
            ends_at=ends_at,
            subject=made.subject,
        ).first()
        if same is not None:
            return same
        made.save()
        record("training.offer_lecture", by=by, about=made, at=at)
    return made


def _contact(school: Organisation, by: User) -> User:
    """Return who at the school is told what becomes of the date: whoever offered it, or its contact by phone."""
    if stands_for(by, school, MemberRole.ORDERER):
        return by
    return contact_of(school, MemberRole.ORDERER) or by


def take_lecture(
    lecture: PracticeLecture,
    *,
    run: Run,
    trainees: Sequence[Application],
    by: User,
    at: datetime,
) -> PracticeLecture:
    """Take a date for ``run``: an event of those who speak is made, and they and the school are told.

    Raises:
        PermissionDenied: ``by`` neither holds the run nor is at the counter.
        WrongState: somebody has taken the date, or the school has cancelled it.
        LecturePassed: it has passed.
        NobodyToSpeak: nobody who has been chosen to the run is named, or one of them has left it meanwhile.
        DoubleBooked: somebody has given the time to something else.
    """
    if not by.has_perm("training.take_lecture_for", run):
        raise PermissionDenied("training.take_lecture_for")
    with transaction.atomic():
        lock_event(
            run.event_id
        )  # as whoever leaves the training does: then the applications, then the date
        speakers = _speakers(run, trainees)
        with moving(lecture, TAKE_LECTURE, by=by, at=at) as moved:
            if moved.starts_at <= at:
                raise LecturePassed
            moved.run, moved.event = run, _event_of(moved, run, len(speakers), by=by, at=at)
            for one in speakers:
                events.take_place(moved.event, one.person, by=by, at=at)
            tell(LectureTaken(moved, at), to=moved.contact, at=at)
    return moved


def _speakers(run: Run, trainees: Sequence[Application]) -> list[Application]:
    """Return whom of ``trainees`` the training has now, locked.

    Raises:
        NobodyToSpeak: nobody, or one of them has left meanwhile.
    """
    keys = {one.pk for one in trainees}
    rows = Application.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=keys,
        run=run,
        state__in=[ApplicationState.CHOSEN, ApplicationState.COMPLETED],
    )
    speakers = list(rows.select_related("person").order_by("pk"))
    if not speakers or len(speakers) < len(keys):
        raise NobodyToSpeak
    return speakers


def _event_of(lecture: PracticeLecture, run: Run, seats: int, *, by: User, at: datetime) -> Event:
    titles = {}
    for language in ("fi", "sv", "en"):
        with override(language):
            titles[f"title_{language}"] = gettext("Practice lecture")
    event = events.make(
        run.event.organiser,
        by=by,
        at=at,
        kind=Kind.PRACTICE_LECTURE,
        audience=Audience.INVITED,
        seats=seats,
        mode=lecture.mode,
        meeting_url=lecture.meeting_url,
        address=lecture.where,
        responsible=_who_answers(run, by),
        **titles,
    )
    event = events.set_times(event, [Time(lecture.starts_at, lecture.ends_at, "")], by=by, at=at)
    return events.publish(event, by=by, at=at)


def _who_answers(run: Run, by: User) -> User:
    """Return who answers for the training; ``by``, where that person may no longer."""
    answers = run.event.responsible
    return answers if answers.is_active and answers.has_perm("events.edit", run.event) else by


def link_lecture(
    lecture: PracticeLecture, *, meeting_url: str, by: User, at: datetime
) -> PracticeLecture:
    """Give the link of a remote lecture: those who speak there are told when somebody does already.

    Raises:
        PermissionDenied: ``by`` neither orders for the school nor is at the counter.
        WrongState: it has been held or cancelled.
        NotRemote: it is held on site.
        LectureHasBegun: it is over.
    """
    with transaction.atomic():
        _lock_event_of(lecture)
        with acting(lecture, LINK_LECTURE, by=by, at=at) as held:
            if held.mode == Mode.PLACE:
                raise NotRemote
            if held.ends_at <= at:
                raise LectureHasBegun
            if held.meeting_url == meeting_url:
                return held
            held.meeting_url = meeting_url
            held.save(update_fields=["meeting_url"])
            if held.event is not None:
                events.set_link(held.event, url=meeting_url, by=by, at=at)
    return held


def _lock_event_of(lecture: PracticeLecture) -> None:
    """Lock the event before the date, as when it is moved or called off: else the two wait for each other."""
    rows = PracticeLecture.objects.filter(pk=lecture.pk).exclude(event=None)
    for key in rows.values_list("event_id", flat=True):
        lock_event(key)


def let_lecture_go(
    lecture: PracticeLecture, *, reason: str = "", by: User, at: datetime
) -> PracticeLecture:
    """Give a date back: those who would have spoken are told, and the school and the others can plan anew.

    Raises:
        PermissionDenied: ``by`` neither holds the run nor is at the counter.
        WrongState: it is not taken.
        LectureHasBegun: as its name says.
    """
    with transaction.atomic():
        _lock_event_of(lecture)
        with moving(lecture, LET_LECTURE_GO, by=by, at=at) as moved:
            if moved.starts_at <= at:
                raise LectureHasBegun
            event, moved.run, moved.event = moved.event, None, None
            tell(LectureFreed(moved, at), to=moved.contact, at=at)
        _call_off(event, reason=reason, at=at)
    return moved


def cancel_lecture(
    lecture: PracticeLecture, *, reason: str, by: User, at: datetime
) -> PracticeLecture:
    """Cancel a date for the school: those who would have spoken and the producer are told, and need another date.

    Raises:
        PermissionDenied: ``by`` neither orders for the school nor is at the counter.
        WrongState: it has been held or cancelled.
        LectureHasBegun: somebody speaks there already, or has spoken.
    """
    with transaction.atomic():
        _lock_event_of(lecture)
        with moving(lecture, CANCEL_LECTURE, by=by, at=at) as moved:
            if moved.run is not None and moved.starts_at <= at:
                raise LectureHasBegun
            run, event = moved.run, moved.event
        if run is not None:
            _call_off(event, reason=reason, at=at)
            tell_all([(LectureCancelled(moved, reason), one) for one in _holders(run)], at=at)
    return moved


def _holders(run: Run) -> list[User]:
    """Return who is told what becomes of the dates of ``run``."""
    people = producers(Organisation.objects.filter(pk=run.event.organiser_id))
    return list(people.order_by("pk")) or [run.event.responsible]


def follow_last_speaker(sign_up: SignUp, at: datetime) -> None:
    """Give a date back once nobody is left to speak; its school and the producer are told."""
    taken = PracticeLecture.objects.filter(event=sign_up.event_id, state=LectureState.TAKEN)
    lecture = taken.select_related("run__event", "school").first()
    if lecture is None or lecture.starts_at <= at:
        return
    if sign_up.event.sign_ups.confirmed().exists():
        return
    run = known(lecture.run)
    freed = let_lecture_go(lecture, by=User.objects.machine(), at=at)
    tell_all([(LectureLeft(freed, run, at), one) for one in _holders(run)], at=at)


def _call_off(event: Event | None, *, reason: str, at: datetime) -> None:
    if event is not None and event.state in {EventState.DRAFT, *OPEN_EVENTS}:
        events.cancel(event, by=User.objects.machine(), at=at, reason=reason)


def count_students(
    lecture: PracticeLecture, *, students: int, by: User, at: datetime
) -> PracticeLecture:
    """Write down how many students were there: the lecture has been held.

    Raises:
        PermissionDenied: ``by`` is neither of the school nor of the producer nor at the counter.
        WrongState: nobody had taken it, or it has been counted.
        LectureNotOver: it has not ended.
    """
    with moving(lecture, COUNT_STUDENTS, by=by, at=at, data={"students": students}) as moved:
        if moved.ends_at > at:
            raise LectureNotOver
        moved.students_present = students
    return moved


def correct_students(
    lecture: PracticeLecture, *, students: int, by: User, at: datetime
) -> PracticeLecture:
    """Write down another number of students in place of a wrong one; a report that was sent tells that it is old.

    Raises:
        PermissionDenied: ``by`` is neither of the school nor of the producer nor at the counter.
        WrongState: nobody has counted them.
        TooLateToCorrect: it ended long ago; the counter still can.
    """
    with acting(lecture, CORRECT_STUDENTS, by=by, at=at, data={"students": students}) as held:
        if not can_correct(held, by, at):
            raise TooLateToCorrect
        held.students_present = students
        held.save(update_fields=["students_present"])
    return held


def think_of_lecture(
    lecture: PracticeLecture, *, well: int, words: str = "", by: User, at: datetime
) -> LectureFeedback:
    """Keep what the school or somebody who spoke thought; a later answer takes the place of the first.

    Raises:
        PermissionDenied: ``by`` is neither of the school nor spoke there.
        LectureNotOver: it has not ended.
    """
    with acting(lecture, THINK_OF_LECTURE, by=by, at=at) as held:
        if held.ends_at > at:
            raise LectureNotOver
        is_school = by.has_perm("training.cancel_lecture", held)
        side = LectureFeedback.Side.SCHOOL if is_school else LectureFeedback.Side.TRAINEE
        given, _is_new = LectureFeedback.objects.update_or_create(
            lecture=held,
            given_by=by,
            defaults={"side": side, "well": well, "words": words, "given_at": at},
        )
    return given


def follow_call_off(event: Event, at: datetime) -> None:
    """Give dates back where the lecture's own event, or the training that took them, is called off."""
    taken = PracticeLecture.objects.filter(state=LectureState.TAKEN, starts_at__gt=at)
    for lecture in [*taken.filter(event=event), *taken.filter(run__event=event)]:
        let_lecture_go(lecture, reason=event.cancel_reason, by=User.objects.machine(), at=at)


def follow_move(event: Event, at: datetime) -> None:
    """Let a date follow its event to another time or place, and tell the school, which may not have been asked."""
    taken = PracticeLecture.objects.select_for_update(no_key=True).filter(
        event=event, state=LectureState.TAKEN
    )
    for lecture in taken:
        before = copy(lecture)
        lecture.starts_at, lecture.ends_at = known(event.starts_at), known(event.ends_at)
        lecture.mode, lecture.where = event.mode, event.address
        lecture.meeting_url = "" if event.mode == Mode.PLACE else event.meeting_url
        if all(getattr(lecture, name) == getattr(before, name) for name in FOLLOWS):
            continue
        lecture.save(update_fields=FOLLOWS)
        tell(LectureMoved(lecture, before, at), to=lecture.contact, at=at)


AFTER_CANCELLING.append(follow_call_off)
AFTER_LEAVING.append(follow_last_speaker)
AFTER_MOVING.append(follow_move)
