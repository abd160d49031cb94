"""Who has looked at one's data, in plain words: who, when, what, why, how.

Who is told by role, and by organisation where the role is one in an organisation; never by a person's name. The
person has a right to know that and why they were looked at, not to the name of everybody who did their work; names
here would also be shown to many and each be a reading of its own. Where something looks wrong the counter finds out
who it was and tells it. ``docs/decisions/0019-who-has-looked.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.audit.models import KEEP_READINGS, ReaderAs
from luukku.audit.queries import looks_at, years_of_looks
from luukku.organisations.queries import names_of
from luukku.web.kit.access import SIGNED_IN, page
from luukku.web.kit.listing import paged
from luukku.web.kit.request import Request

_CONTACT = gettext_lazy("contact details")
_QUESTION = gettext_lazy("questions to the counter and their answers")
_KEYS = gettext_lazy("how a lost sign-in was mended")
_LETTER = gettext_lazy("letters")
_CHANGE = gettext_lazy("requests to change an order and their answers")
# What was seen: each noted field, by ``app.model.field``.
WHAT: dict[str, str | Promise] = {
    "accounts.user.name": gettext_lazy("name"),
    "accounts.user.email": _CONTACT,
    "accounts.user.phone": _CONTACT,
    "accounts.addresschange.old_email": _CONTACT,
    "accounts.addresschange.email": _CONTACT,
    "accounts.addresschange.reason": _KEYS,
    "accounts.addresschange.identity": _KEYS,
    "accounts.factorreset.reason": _KEYS,
    "accounts.factorreset.identity": _KEYS,
    "accounts.inquiry.reason": gettext_lazy("why readings were looked into"),
    "experts.experience.theme": gettext_lazy("themes of experience"),
    "experts.completedtraining.revoked_why": gettext_lazy("why a training counts no more"),
    "experts.expert.own_words": gettext_lazy("own words about oneself"),
    "experts.expert.support_needs": gettext_lazy("needs of support"),
    "coping.flag.expert": gettext_lazy("signs of load"),
    "readiness.readiness.helps": gettext_lazy("with what one wishes for help in remote tasks"),
    "readiness.loan.why": gettext_lazy("what one borrows equipment for"),
    "readiness.loan.answer": gettext_lazy("why equipment could not be lent"),
    "coping.flag.reason": gettext_lazy("why a sign of load was put aside"),
    "assignments.offer.words": gettext_lazy("what an offer said"),
    "assignments.assignment.cancel_reason": gettext_lazy("the reason of a cancellation"),
    "events.answer.words": gettext_lazy("answers given when signing up for an event"),
    "feedback.eventfeedback.words": gettext_lazy("feedback on an event"),
    "events.guest.name": gettext_lazy("name"),
    "events.guest.email": _CONTACT,
    "events.guest.phone": _CONTACT,
    "training.application.why": gettext_lazy("why one would like to come to a training"),
    "training.application.needs": gettext_lazy("what would help one to come to a training"),
    "training.application.barriers": gettext_lazy("what makes it hard to come to a training"),
    "training.trainingwish.barriers": gettext_lazy("what makes it hard to come to a training"),
    "training.lecturefeedback.words": gettext_lazy("feedback"),
    "training.threadmessage.words": gettext_lazy("messages in the threads of those who train"),
    "training.application.stop_reason": gettext_lazy("why somebody stopped a training"),
    "training.application.reason": gettext_lazy("why somebody was not chosen for a training"),
    "training.application.exemption": gettext_lazy(
        "why a training counts although hours are missing"
    ),
    "orders.order.cancel_reason": gettext_lazy("the reason of a cancellation"),
    "orders.changerequest.words": _CHANGE,
    "orders.changerequest.answer": _CHANGE,
    "orders.timequestion.words": gettext_lazy("questions about another time"),
    "orders.guestsender.name": gettext_lazy("name"),
    "orders.guestsender.email": _CONTACT,
    "orders.guestsender.phone": _CONTACT,
    "feedback.feedback.words": gettext_lazy("feedback"),
    "guidance.question.name": gettext_lazy("name"),
    "guidance.question.email": _CONTACT,
    "guidance.question.phone": _CONTACT,
    "guidance.message.words": _QUESTION,
    "guidance.note.words": gettext_lazy("notes on a question"),
    "guidance.handover.agreed": gettext_lazy("what was agreed on a question"),
    "search.widereading.reason": gettext_lazy("why many cards are needed"),
    "workbench.internalnote.words": gettext_lazy("the counter’s own notes"),
    "workbench.merged.reason": gettext_lazy("why two accounts were made one"),
    "workbench.joined.reason": gettext_lazy("why two organisations were made one"),
    "workbench.savedfilter.query": gettext_lazy("what somebody has kept a list by"),
    "notices.letter.email": _CONTACT,
    "notices.letter.body": _LETTER,
    "notices.letter.link": _LETTER,
    "notices.letter.calendar": _LETTER,
}
_TASK = gettext_lazy("agreeing on a task and preparing it")
_ORDER = gettext_lazy("arranging an order")
# Why: what the page is for. The first name that fits counts.
WHY: tuple[tuple[str, str | Promise], ...] = (
    (r"counter:(inquir|wide|person-seen)", gettext_lazy("checking who has looked at whose data")),
    (
        r"counter:(queue|calendar|duty|duties|next|open)",
        gettext_lazy("seeing what waits for the counter"),
    ),
    (
        r"(counter|orderer|public):(run|application|apply|attendance|lecture)|counter:person-apply",
        gettext_lazy("choosing who comes to a training"),
    ),
    (r"counter:(question|answer)", gettext_lazy("answering questions")),
    (r"counter:(order|offer|task|practice)", _ORDER),
    (r"(counter|orderer):(loan|device)", gettext_lazy("lending equipment")),
    (
        r"counter:(flag|peer|background|promises|talk|readiness)",
        gettext_lazy("looking after how experts are"),
    ),
    (r"counter:(expert|profile|training)", gettext_lazy("looking after the expert bank")),
    (r"counter:(people|person|address|merge)", gettext_lazy("looking after accounts")),
    (
        r"counter:(organisation|joining|member|add-|remove-|name-)",
        gettext_lazy("looking after organisations"),
    ),
    (r"counter:note", gettext_lazy("keeping the counter’s own notes")),
    (
        r"counter:(find|found|list|pick|same)",
        gettext_lazy("finding and listing what the counter serves"),
    ),
    (r"counter:letter", gettext_lazy("telling somebody by phone or post")),
    (r"counter:debrief", gettext_lazy("arranging a talk after a task")),
    (r"counter:feedback", gettext_lazy("reading feedback")),
    (r"(counter|orderer|expert|public):(our-)?event", gettext_lazy("arranging an event")),
    (
        r"(counter|orderer):(programme|core|thread|decision|message)",
        gettext_lazy("looking after programmes of training"),
    ),
    (
        r"counter:(home|figures|words|switch|miss|heavy|wishes|report)",
        gettext_lazy("figures and words of the service"),
    ),
    (r"wagtail|preview$", gettext_lazy("writing pages")),
    (
        r"orderer:(experts|promises|talk)",
        gettext_lazy("standing behind experts as their organisation"),
    ),
    (r"orderer:(organisation|found)", gettext_lazy("looking after the organisation’s own details")),
    (r"orderer:question|public:advice", gettext_lazy("answering questions")),
    (r"orderer:", gettext_lazy("ordering and agreeing on a task")),
    (r"public:search", gettext_lazy("looking for an expert for a task")),
    (r"public:(calendar|offer-calendar)|expert:task-calendar", gettext_lazy("a calendar of tasks")),
    (r"expert:", _TASK),
    (r"public:practice", gettext_lazy("telling of a good practice")),
    (r"public:(offer|feedback|changed|order|guest|call)", _TASK),
    (r"", gettext_lazy("using the service")),
)
_WHY = [(re.compile(pattern), words) for pattern, words in WHY]


@cache
def why(page_name: str) -> str | Promise:
    """Return what the page called ``page_name`` is for."""
    return next(words for pattern, words in _WHY if pattern.match(page_name))


def what(fields: Iterable[str]) -> list[str]:
    """Return in words what the ``fields`` hold: as ``AccessLog.what``, some with spaces between."""
    names = {name for some in fields for name in some.split()}
    words = (str(WHAT[name]) for name in WHAT if name in names)
    return list(dict.fromkeys(words)) or [_("other data")]


@dataclass(frozen=True)
class Look:
    """One line: one reader on one page on one day."""

    first: datetime
    last: datetime
    times: int
    who: str
    what: list[str]
    why: str | Promise
    how: str

    @property
    def is_one_moment(self) -> bool:
        """Whether it was within one minute."""
        return self.first.replace(second=0, microsecond=0) == self.last.replace(
            second=0, microsecond=0
        )


def who_words(reader_as: str, organisation: str) -> str:
    """Return who looked: the organisation by its name, everybody else by role."""
    if organisation:
        return organisation
    return str(ReaderAs(reader_as).label) if reader_as else _("Somebody whose role was not noted")


def how_words(page_name: str, people: int) -> str:
    """Return in what form it was seen, ``people`` at once."""
    if "calendar" in page_name:
        return _("in a calendar")
    return _("on a list of several people") if people > 1 else _("on a page")


@page(SIGNED_IN)
def looked(request: Request) -> HttpResponse:
    """Who has looked at one's data, the latest first; ``year`` narrows it."""
    years = years_of_looks(request.user.pk)
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), None)
    rows = looks_at(request.user.pk)
    if year:
        rows = rows.filter(day__year=year)
    shown = paged(request, rows)
    names = names_of(row["organisation_id"] for row in shown)
    looks = [
        Look(
            first=row["first"],
            last=row["last"],
            times=row["times"],
            who=who_words(row["reader_as"], names.get(row["organisation_id"] or 0, "")),
            what=what(row["whats"]),
            why=why(row["page"]),
            how=how_words(row["page"], row["people"]),
        )
        for row in shown
    ]
    context = {"page": shown, "looks": looks, "years": years, "year": year}
    return render(
        request, "parts/account/looked.html", context | {"kept_years": KEEP_READINGS.days // 365}
    )
