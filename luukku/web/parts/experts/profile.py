"""An expert's profile as pages. A surface says who is filling in and under which addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luukku.accounts.models import User
from luukku.assignments.actions import TasksAhead, remove_training
from luukku.assignments.models import Assignment
from luukku.assignments.queries import agreed_of
from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.experts import actions
from luukku.experts.models import Expert
from luukku.experts.queries import card, missing_parts
from luukku.privacy.queries import consents_of
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first, day_of
from luukku.web.kit.fetch import fresh
from luukku.web.kit.redirects import SeeOther
from luukku.web.parts.experts.profile_forms import MISSING, SECTIONS, TRAININGS
from luukku.web.parts.experts.profile_forms.trainings import TrainingForm
from luukku.workbench.actions import erase_profile


@dataclass(frozen=True)
class SectionRow:
    """One part of the profile: what it is about, what stands there now, what is missing."""

    name: str
    label: object
    about: object
    url: str
    says: str
    missing: object

    @property
    def is_done(self) -> bool:
        """Whether there is anything, and nothing is missing."""
        return bool(self.says) and not self.missing


@dataclass(frozen=True)
class Profile:
    """One profile being read or filled in.

    Attributes:
        surface: namespace of the addresses ``profile-section`` and ``profile-trainings``.
        args: arguments of those addresses before the section (none on the expert's own desk).
        home: address to come back to.
    """

    request: HttpRequest
    expert: Expert
    surface: str
    by: User
    args: tuple[int, ...]
    home: str
    tabs: list[dict[str, object]]

    @property
    def behalf_of(self) -> str:
        """Whose profile somebody else fills in; empty when it is one's own."""
        return "" if self.by.pk == self.expert.user_id else self.expert.user.name

    def url(self, name: str, *args: Any) -> str:
        """Return the address of a page of the profile."""
        return reverse(f"{self.surface}:{name}", args=[*self.args, *args])

    def section_url(self, name: str) -> str:
        """Return the address of the section ``name``."""
        return (
            self.url("profile-trainings")
            if name == TRAININGS
            else self.url("profile-section", name)
        )

    def sections(self) -> list[SectionRow]:
        """Return every section with what stands there and what is missing."""
        missing, says = missing_parts(self.expert), _SectionSummary(self.expert)
        return [
            SectionRow(
                name,
                label,
                about,
                self.section_url(name),
                getattr(says, name)(),
                MISSING[name] if name in missing else "",
            )
            for name, (label, about, _form) in SECTIONS.items()
        ]

    def section(self, name: str) -> HttpResponse:
        """Show or save one section."""
        if name not in SECTIONS or name == TRAININGS:
            raise Http404
        label, about, form_class = SECTIONS[name]
        posted = data_of(self.request)
        form = form_class(posted, instance=self.expert)
        if posted is not None and form.is_valid():
            form.store(fresh(self.expert), by=self.by, at=timezone.now())
            messages.success(self.request, str(form.goes_on or _("Saved.")))
            return SeeOther(
                self.section_url(name) if form.goes_on else self._after(name, posted.get("go"))
            )
        context = {
            "form": form,
            "title": label,
            "about": about,
            "section": name,
        }
        return self._render(
            "parts/experts/section.html", context, status=200 if posted is None else 422
        )

    def _after(self, name: str, go: str | None) -> str:
        names = list(SECTIONS)
        if go == "next" and name != names[-1]:
            return self.section_url(names[names.index(name) + 1])
        return self.home

    def _render(
        self, template: str, context: dict[str, object], *, status: int = 200
    ) -> HttpResponse:
        frame = {"home": self.home, "tabs": self.tabs, "behalf_of": self.behalf_of}
        return render(self.request, template, context | frame, status=status)

    def trainings(self) -> HttpResponse:
        """Show the trainings and add one."""
        posted = data_of(self.request)
        form = TrainingForm(posted)
        if posted is not None and form.is_valid():
            actions.add_training(self.expert, by=self.by, at=timezone.now(), **form.cleaned_data)
            messages.success(self.request, _("The training has been added."))
            return SeeOther(self.url("profile-trainings"))
        rows = [
            (training, self.url("training-remove", training.pk))
            for training in self.expert.trainings.order_by("-completed_on", "pk")
        ]
        context = {
            "form": form,
            "rows": rows,
            "about": SECTIONS[TRAININGS][1],
            "today": helsinki(timezone.now()).date(),
        }
        return self._render(
            "parts/experts/trainings.html", context, status=200 if posted is None else 422
        )

    def remove_training(self, pk: int) -> HttpResponse:
        """Take a training off the record, once it has been said which."""
        training = get_object_or_404(self.expert.trainings, pk=pk)
        if self.request.method != "POST":
            return ask_first(
                self.request,
                self.tabs,
                title=_("Remove the training?"),
                lead=f"{training.name} · {training.producer} · {day_of(training.completed_on)}",
                follows=[
                    _("It is deleted for good and no longer helps to tasks."),
                    _("If the certificate has been seen, it has to be shown again to come back.")
                    if training.verified_at
                    else "",
                ],
                label=_("Remove the training"),
                back=self.url("profile-trainings"),
                keep=_("Keep the training"),
            )
        remove_training(training, by=self.by, at=timezone.now())
        messages.success(self.request, _("The training has been removed."))
        return SeeOther(self.url("profile-trainings"))

    def preview(self) -> HttpResponse:
        """Show exactly what an orderer sees."""
        return self._render(
            "parts/experts/preview.html",
            {"card": card(self.expert, on=helsinki(timezone.now()).date())},
        )

    def erase(self) -> HttpResponse:
        """Delete the profile for good, after a look at what that means; agreed tasks are ended first."""
        if self.request.method != "POST":
            ahead = agreed_rows(self.expert, self.surface)
            return self._render("parts/experts/erase.html", {"ahead": ahead})
        away = reverse("desk") if not self.behalf_of else reverse("counter:people")
        try:
            stays = erase_profile(self.expert, by=self.by, at=timezone.now())
        except TasksAhead:
            messages.warning(
                self.request, _("There are agreed tasks ahead. They must be cancelled first.")
            )
            return SeeOther(self.url("profile-erase" if not self.behalf_of else "expert-erase"))
        messages.success(self.request, _("The profile has been deleted."))
        return SeeOther(self.home if stays else away)


def submit(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Send the profile to the counter.

    Raises:
        Refused: what is missing, in words; or it is there already.
    """
    try:
        return actions.submit(expert, by=by, at=at)
    except actions.Incomplete as error:
        raise Refused(" ".join(str(MISSING[part]) for part in error.missing)) from error


@dataclass(frozen=True)
class AgreedRow:
    """An agreed task that stands in the way, and where to end it: cancelled ahead, marked as done after its time."""

    task: Assignment
    url: str
    is_past: bool


def agreed_rows(expert: Expert, surface: str) -> list[AgreedRow]:
    """Return the expert's agreed tasks by date, each with the page of ``surface`` that ends it."""
    now = timezone.now()
    # The expert says on the task's own page that it has been done; the counter is asked on a page of its own.
    done = "expert:task" if surface == "expert" else "counter:task-done"
    rows = []
    for task in agreed_of(expert):
        is_past = task.ends_at <= now
        name = done if is_past else f"{surface}:task-cancel"
        rows.append(AgreedRow(task, reverse(name, args=[task.pk]), is_past))
    return rows


class _SectionSummary:
    """What stands in each section, in a few words; empty where there is nothing."""

    def __init__(self, expert: Expert) -> None:
        self.expert = expert

    def words(self) -> str:
        return Truncator(self.expert.own_words.replace("\n", " ")).chars(90)

    def experiences(self) -> str:
        rows = list(self.expert.experiences.all())
        if not rows:
            return ""
        text = ngettext("%(n)s experience", "%(n)s experiences", len(rows)) % {"n": len(rows)}
        hidden = sum(not row.is_shown for row in rows)
        own = _("%(n)s only for yourself") % {"n": hidden}
        return f"{text} · {own}" if hidden else text

    def tasks(self) -> str:
        languages = [
            language.name for language in self.expert.languages.order_by("position", "code")
        ]
        n = self.expert.task_types.count()
        parts = [ngettext("%(n)s kind of task", "%(n)s kinds of tasks", n) % {"n": n}] if n else []
        return " · ".join([*parts, ", ".join(languages)] if languages else parts)

    def place(self) -> str:
        if self.expert.municipality is None:
            return ""
        parts = [self.expert.municipality.name, _("up to %(km)s km") % {"km": self.expert.reach_km}]
        return " · ".join([*parts, _("also remotely")] if self.expert.is_remote_ok else parts)

    def times(self) -> str:
        n, limit = self.expert.weekly_slots.count(), self.expert.monthly_limit
        parts = (
            [ngettext("%(n)s time a week", "%(n)s times a week", n) % {"n": n}]
            if n
            else [_("any time")]
        )
        if limit:
            parts.append(
                ngettext("at most %(n)s task a month", "at most %(n)s tasks a month", limit)
                % {"n": limit}
            )
        return " · ".join(parts)

    def support(self) -> str:
        return _("Written for the counter") if self.expert.support_needs else ""

    def trainings(self) -> str:
        n = self.expert.trainings.count()
        return ngettext("%(n)s training", "%(n)s trainings", n) % {"n": n} if n else ""

    def background(self) -> str:
        people = (self.expert.background_organisation, self.expert.responsible_person)
        return " · ".join(who.name for who in people if who is not None)

    def consents(self) -> str:
        n = len(consents_of(self.expert.user))
        return ngettext("%(n)s yes", "%(n)s times yes", n) % {"n": n} if n else ""
