"""An expert's profile as pages. A surface says who is filling in and under which addresses."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.audit.actions import note_reading
from luukku.experts import actions
from luukku.experts.models import CompletedTraining, Expert
from luukku.experts.queries import card, missing_parts
from luukku.web.http import SeeOther
from luukku.web.profile_forms import MISSING, SECTIONS, TrainingForm


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

    def url(self, name: str, *args: object) -> str:
        """Return the address of a page of the profile."""
        return reverse(f"{self.surface}:{name}", args=[*self.args, *args])

    def note(self, what: str) -> None:
        """Write down that somebody else reads the profile."""
        note_reading(reader=self.by, person=self.expert.user, what=what, why=self.surface, at=timezone.now())

    def sections(self) -> list[dict[str, object]]:
        """Return every section with whether something is missing there."""
        missing = missing_parts(self.expert)
        rows = [
            {"label": label, "url": self.url("profile-section", name), "missing": MISSING[name] if name in missing else ""}
            for name, (label, _form) in SECTIONS.items()
        ]
        trainings = {"label": _("Trainings"), "url": self.url("profile-trainings"), "missing": ""}
        return [*rows[:6], trainings, *rows[6:]]

    def section(self, name: str) -> HttpResponse:
        """Show or save one section."""
        if name not in SECTIONS:
            raise Http404
        label, form_class = SECTIONS[name]
        self.note(f"profile.{name}")
        posted = self.request.POST if self.request.method == "POST" else None
        form = form_class(posted, instance=self.expert)
        if posted is not None and form.is_valid():
            form.store(Expert.objects.get(pk=self.expert.pk), by=self.by, at=timezone.now())
            messages.success(self.request, _("Saved."))
            return SeeOther(self.home)
        context = {"form": form, "title": label, "section": name, "home": self.home, "tabs": self.tabs}
        return render(self.request, "ui/profile/section.html", context, status=200 if posted is None else 422)

    def trainings(self) -> HttpResponse:
        """Show the trainings and add one."""
        self.note("profile.trainings")
        posted = self.request.POST if self.request.method == "POST" else None
        form = TrainingForm(posted)
        if posted is not None and form.is_valid():
            actions.add_training(self.expert, by=self.by, at=timezone.now(), **form.cleaned_data)
            messages.success(self.request, _("Saved."))
            return SeeOther(self.url("profile-trainings"))
        rows = [
            (training, self.url("training-remove", training.pk))
            for training in self.expert.trainings.select_related("verified_by").order_by("-completed_on", "pk")
        ]
        context = {"form": form, "rows": rows, "home": self.home, "tabs": self.tabs}
        return render(self.request, "ui/profile/trainings.html", context, status=200 if posted is None else 422)

    def remove_training(self, pk: int) -> HttpResponse:
        """Take a training off the record."""
        training = get_object_or_404(CompletedTraining, pk=pk, expert=self.expert)
        actions.remove_training(training, by=self.by, at=timezone.now())
        return SeeOther(self.url("profile-trainings"))

    def preview(self) -> HttpResponse:
        """Show exactly what an orderer sees."""
        self.note("profile.preview")
        context = {"card": card(self.expert), "home": self.home, "tabs": self.tabs}
        return render(self.request, "ui/profile/preview.html", context)
