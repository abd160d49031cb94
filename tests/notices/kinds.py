"""Notices of our own, so that no other app's words decide what these tests say."""

from django.urls import reverse
from django.utils.translation import get_language

from luukku.notices.models import Channel
from luukku.notices.notice import KINDS, Notice

CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n"


class News(Notice):
    """May be chosen; tells the language it is read in."""

    kind = "test.news"
    label = "News of a test"

    def __init__(self, number=1, *, calendar=""):
        self.key = f"{self.kind}:{number}"
        self.number, self.text = number, calendar

    def subject(self):
        return f"News {self.number} ({get_language()})"

    def lines(self):
        return [f"First {self.number} ({get_language()})", "Tom & <b>Jerry</b>"]

    def action(self):
        return f"Open ({get_language()})", reverse("letters")

    def calendar(self):
        return self.text


class Duty(News):
    """Must be known."""

    kind = "test.duty"
    is_must_know = True


class Quiet(News):
    """Goes into the daily mail unless chosen otherwise; leads nowhere."""

    kind = "test.quiet"
    label = "A quiet thing"
    default = Channel.DIGEST

    def action(self):
        return None


OURS = {
    notice.kind: KINDS.pop(notice.kind) for notice in (News, Duty, Quiet)
}  # nobody else sees them
