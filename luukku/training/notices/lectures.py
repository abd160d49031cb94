"""What is said to schools and producers about practice lectures; who speaks is told by the event."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from luukku.core.known import known
from luukku.core.times import helsinki, when
from luukku.notices.notice import Notice
from luukku.training.models import PracticeLecture, Run


class LectureNotice(Notice, is_family=True):
    """Of one date for a practice lecture."""

    is_must_know = True

    def __init__(self, lecture: PracticeLecture, at: datetime) -> None:
        self.lecture = lecture
        self.key = f"{self.kind}:{lecture.pk}:{at.isoformat()}"

    def about(self) -> str:
        """The date."""
        return f"lecture-{self.lecture.pk}"

    def thing(self) -> object:
        """The date."""
        return self.lecture.pk

    def _when(self) -> str:
        return f"{when(self.lecture.starts_at, self.lecture.ends_at)}, {self.lecture.subject}"

    def action(self) -> tuple[str, str]:
        return _("See the practice lecture"), reverse("orderer:lecture", args=[self.lecture.pk])


class LectureTaken(LectureNotice):
    """To the school: somebody comes."""

    kind = "training.lecture_taken"
    makes_untrue = ("training.lecture_freed",)

    def subject(self) -> str:
        return _("Somebody comes to hold a practice lecture")

    def lines(self) -> list[str]:
        """When, who holds the training, and what the school does afterwards."""
        organiser = known(self.lecture.run).event.organiser.name
        return [
            self._when(),
            _("%(organisation)s brings those who are being trained.") % {"organisation": organiser},
            _(
                "Afterwards tell how many students were there, and what you thought. If the date does not suit you any"
                " more, cancel it on its page in good time."
            ),
        ]  # fmt: skip


class LectureMoved(LectureNotice):
    """To the school: the producer has moved it to another time or place."""

    kind = "training.lecture_moved"

    def __init__(self, lecture: PracticeLecture, before: PracticeLecture, at: datetime) -> None:
        super().__init__(lecture, at)
        self.before = before

    def subject(self) -> str:
        return _("A practice lecture has been moved")

    def lines(self) -> list[str]:
        """From when and where to when and where, who moved it, and what to do if it does not suit."""
        organiser = known(self.lecture.run).event.organiser.name
        begins = formats.date_format(helsinki(self.before.starts_at), "SHORT_DATETIME_FORMAT")
        told = {"organisation": organiser, "time": begins, "place": _place_of(self.lecture)}
        lines = [self._when()]
        if self.before.starts_at != self.lecture.starts_at:
            lines.append(_("%(organisation)s has moved it; it was to begin on %(time)s.") % told)
        elif self.before.ends_at != self.lecture.ends_at:
            lines.append(_("%(organisation)s has changed when it ends.") % told)
        if _place_of(self.before) != _place_of(self.lecture):
            lines.append(_("%(organisation)s has changed where it is held: %(place)s.") % told)
        elif self.before.meeting_url != self.lecture.meeting_url:
            lines.append(
                _("%(organisation)s has changed the link. You find it on the page of the lecture.")
                % told
            )
        return [
            *lines,
            _("If this does not suit you, call the organiser, or cancel the lecture on its page."),
        ]  # fmt: skip


def _place_of(lecture: PracticeLecture) -> str:
    """Return where it is held, in words; the link is told to nobody in a letter."""
    mode = lecture.get_mode_display()
    return f"{mode}, {lecture.where}" if lecture.where else str(mode)


class LectureFreed(LectureNotice):
    """To the school: nobody comes after all."""

    kind = "training.lecture_freed"
    makes_untrue = ("training.lecture_taken",)

    def subject(self) -> str:
        return _("Nobody comes to hold the practice lecture after all")

    def lines(self) -> list[str]:
        """Which, and that it can be taken again."""
        return [
            self._when(),
            _(
                "The date can be taken again, and we write to you if somebody does. Cancel it if you need it for"
                " something else."
            ),
        ]  # fmt: skip


class LectureCancelled(Notice):
    """To the producer: the school has cancelled."""

    kind = "training.lecture_cancelled"
    is_must_know = True

    def __init__(self, lecture: PracticeLecture, reason: str) -> None:
        self.lecture, self.reason = lecture, reason
        self.key = f"{self.kind}:{lecture.pk}"

    def about(self) -> str:
        """The date."""
        return f"lecture-{self.lecture.pk}"

    def subject(self) -> str:
        return _("A school has cancelled a practice lecture")

    def lines(self) -> list[str]:
        """When, why, and that another date is needed."""
        one = self.lecture
        return [
            f"{when(one.starts_at, one.ends_at)}, {one.school.name}",
            self.reason,
            _("Those who would have spoken have been told. Take another date for them."),
        ]

    def action(self) -> tuple[str, str]:
        run = known(self.lecture.run)
        return _("Take another date"), reverse("orderer:run-lecture", args=[run.pk])


class LectureLeft(Notice):
    """To the producer: the last one who would have spoken has let the place go, and the date went back."""

    kind = "training.lecture_left"
    is_must_know = True

    def __init__(self, lecture: PracticeLecture, run: Run, at: datetime) -> None:
        self.lecture, self.run = lecture, run
        self.key = f"{self.kind}:{lecture.pk}:{at.isoformat()}"

    def about(self) -> str:
        """The date."""
        return f"lecture-{self.lecture.pk}"

    def subject(self) -> str:
        return _("Nobody of yours holds the practice lecture any more")

    def lines(self) -> list[str]:
        """When, and that the date can be taken again."""
        one = self.lecture
        return [
            f"{when(one.starts_at, one.ends_at)}, {one.school.name}",
            _(
                "Whoever would have spoken has let the place go. The school has its date back and is told. Take it"
                " again if somebody else can speak."
            ),
        ]

    def action(self) -> tuple[str, str]:
        return _("Take a date"), reverse("orderer:run-lecture", args=[self.run.pk])
