"""Practice lectures: their forms, and the acts that the organisation's desk and the counter do alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.times import when
from luukku.events.models import Mode
from luukku.training import actions
from luukku.training.models import (
    LectureFeedback,
    PracticeLecture,
    Run,
)
from luukku.training.queries import can_correct
from luukku.training.refusals import LectureHasBegun, LectureNotOver, NotRemote, TooLateToCorrect
from luukku.training.states import (
    CANCEL_LECTURE,
    CORRECT_STUDENTS,
    COUNT_STUDENTS,
    LET_LECTURE_GO,
    LINK_LECTURE,
    LectureState,
)
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.parts.training.lecture_forms import (
    LectureForm,
    LinkForm,
    StudentsForm,
    TakeLectureForm,
    ThoughtForm,
    WhyForm,
)
from luukku.workflow.actions import require
from luukku.workflow.queries import is_allowed

Act = Callable[..., HttpResponse]
Tabs = list[dict[str, object]]
__all__ = ["LectureForm", "ThoughtForm"]


def lines_of(lecture: PracticeLecture) -> str:
    """Return when, where and for whom a lecture is, in one line."""
    return f"{when(lecture.starts_at, lecture.ends_at)}, {lecture.school.name}, {lecture.subject}"


def take(
    request: Request,
    run: Run,
    *,
    act_by: Act,
    show: Callable[..., HttpResponse],
    home: SeeOther,
    none: str,
    done: str,
) -> HttpResponse:
    """Take a date for a training, and say who speaks; ``none`` is said where no school offers one."""
    dates = PracticeLecture.objects.visible_to(request.user).to_take(timezone.now())
    form = TakeLectureForm(data_of(request), run=run, lectures=dates)

    def taken(
        *, lecture: PracticeLecture, by: User, at: datetime, **told: object
    ) -> PracticeLecture:
        return actions.take_lecture(lecture, run=run, by=by, at=at, **told)  # type: ignore[arg-type]  # the form's

    return act_by(
        request,
        taken,
        form=form,
        page=lambda status: show(
            status=status,
            form=form,
            run=run,
            back=home.url,
            none=none,
            has_dates=dates.exists(),
            has_people=form.fields["trainees"].queryset.exists(),
        ),
        done=done,
        to=home,
    )


def link(
    request: Request, lecture: PracticeLecture, *, act_by: Act, tabs: Tabs, home: SeeOther
) -> HttpResponse:
    """Give the link of a remote lecture for the school."""

    def ready() -> None:
        require(lecture, LINK_LECTURE)
        if lecture.mode == Mode.PLACE:
            raise NotRemote
        if is_over(lecture, timezone.now()):
            raise LectureHasBegun

    form = LinkForm(data_of(request), initial={"meeting_url": lecture.meeting_url})
    return act_by(
        request,
        actions.link_lecture,
        lecture,
        form=form,
        ready=ready,
        page=lambda _status: ask_first(
            request,
            tabs,
            title=_("Link of the practice lecture"),
            lead=lines_of(lecture),
            follows=[
                _(
                    "Those who speak there are told. Besides them, only your school and the organiser of the"
                    " training see the link."
                )
            ],
            label=_("Save the link"),
            back=home.url,
            keep=_("Back to the practice lecture"),
            form=form,
            is_end=False,
        ),
        done=_("Saved."),
        to=home,
    )


def cancel(
    request: Request, lecture: PracticeLecture, *, act_by: Act, tabs: Tabs, home: SeeOther
) -> HttpResponse:
    """Cancel a date for the school, with a reason."""
    follows = [
        _("Those who would have spoken and the organiser of the training are told why.")
        if lecture.run_id
        else _("Nobody has taken the date yet, so nobody needs to be told."),
        _("There is no way back. You can offer a new date."),
    ]
    return _asked(
        request,
        lecture,
        actions.cancel_lecture,
        move=CANCEL_LECTURE,
        form=WhyForm(data_of(request)),
        title=_("Cancel the practice lecture?"),
        follows=follows,
        label=_("Cancel the practice lecture"),
        done=_("The practice lecture has been cancelled."),
        act_by=act_by,
        tabs=tabs,
        home=home,
    )


def let_go(
    request: Request, lecture: PracticeLecture, *, act_by: Act, tabs: Tabs, home: SeeOther
) -> HttpResponse:
    """Give a date back for the producer, with a reason."""
    return _asked(
        request,
        lecture,
        actions.let_lecture_go,
        move=LET_LECTURE_GO,
        form=WhyForm(data_of(request)),
        title=_("Give the date back?"),
        follows=[
            _("Those who would have spoken are told why, and the school that nobody comes."),
            _("Another training can take the date."),
        ],
        label=_("Give the date back"),
        done=_("The date can be taken again."),
        act_by=act_by,
        tabs=tabs,
        home=home,
    )


def count(
    request: Request, lecture: PracticeLecture, *, act_by: Act, tabs: Tabs, home: SeeOther
) -> HttpResponse:
    """Write down how many students were there, or correct the number."""
    is_counted = lecture.state == LectureState.HELD
    if is_counted and not can_correct(lecture, request.user, timezone.now()):
        messages.warning(request, TooLateToCorrect.words)
        return home
    return _asked(
        request,
        lecture,
        actions.correct_students if is_counted else actions.count_students,
        move=CORRECT_STUDENTS if is_counted else COUNT_STUDENTS,
        form=StudentsForm(data_of(request), lecture=lecture),
        title=_("Students at the practice lecture"),
        follows=[
            _("The number stands in the report to the steering group."),
            _("If the report has been sent, it tells that it is out of date.")
            if is_counted
            else "",
        ],
        label=_("Write it down"),
        done=_("Written down. Thank you."),
        act_by=act_by,
        tabs=tabs,
        home=home,
        is_over=True,
    )


def _asked(
    request: Request,
    lecture: PracticeLecture,
    act: Callable[..., PracticeLecture],
    *,
    move: Any,
    form: BaseForm,
    act_by: Act,
    tabs: Tabs,
    home: SeeOther,
    done: str,
    is_over: bool = False,
    **asked: Any,
) -> HttpResponse:
    def ready() -> None:
        require(lecture, move)
        if not is_allowed(move.name, lecture, by=request.user, on_behalf_of=None):
            raise PermissionDenied(move.name)
        if is_over and lecture.ends_at > timezone.now():
            raise LectureNotOver

    return act_by(
        request,
        act,
        lecture,
        form=form,
        ready=ready,
        page=lambda _status: ask_first(
            request,
            tabs,
            lead=lines_of(lecture),
            back=home.url,
            keep=_("Back to the practice lecture"),
            form=form,
            is_end=False,
            **asked,
        ),
        done=done,
        to=home,
    )


def is_over(lecture: PracticeLecture, at: datetime) -> bool:
    """Whether the lecture has ended."""
    return lecture.ends_at <= at


def own_thought(lecture: PracticeLecture, user: Any) -> LectureFeedback | None:
    """Return what ``user`` has told of ``lecture`` before."""
    rows: Iterable[LectureFeedback] = lecture.feedback.filter(given_by=user)
    return next(iter(rows), None)
