"""Good practices from anybody with an account: sending, what was sent, changing what came back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.content import actions
from luukku.content.actions import NoSection, PracticeWords
from luukku.content.models import PracticePage
from luukku.content.queries import practices_of, rounds_of, what_is_asked
from luukku.taxonomy.models import Service, TaskType, Theme
from luukku.web.kit.access import SIGNED_IN, page
from luukku.web.kit.acts import data_of, status_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.taxonomy.choices import theme_choices
from luukku.web.ui.forms import Columns, Form
from luukku.workflow.queries import may

MOST = 50  # on one page; nobody has sent more


class PracticeForm(Form):
    """What was done and what changed."""

    title = forms.CharField(
        label=gettext_lazy("Name of the practice"),
        max_length=120,
        help_text=gettext_lazy("Say in a few words what it is."),
    )
    intro = forms.CharField(
        label=gettext_lazy("In one or two sentences"),
        max_length=400,
        widget=forms.Textarea,
    )
    done = forms.CharField(
        label=gettext_lazy("What was done?"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "Who did what, with whom and how often. No names, and nothing that points at a person."
        ),
    )
    changed = forms.CharField(
        label=gettext_lazy("What changed?"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=gettext_lazy("Also a small thing counts. Say how you know it."),
    )
    task_types = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Kinds of tasks"),
        queryset=TaskType.objects.filter(is_active=True),
        required=False,
        widget=Columns,
    )
    services = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Services"),
        queryset=Service.objects.all(),
        required=False,
        widget=Columns,
    )
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Themes of experience"), required=False, widget=Columns
    )
    contact = forms.CharField(
        label=gettext_lazy("Who tells more?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("This becomes public. Leave it empty, and people ask the counter."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task_types"].label_from_instance = lambda item: item.name
        self.fields["services"].label_from_instance = lambda item: item.name
        self.fields["themes"].choices = [
            (str(pk), name) for _group, rows in theme_choices() for pk, name in rows
        ]

    def words(self) -> PracticeWords:
        """Return what was written."""
        data = dict(self.cleaned_data)
        themes = list(Theme.objects.filter(pk__in=data.pop("themes")))
        return PracticeWords(
            **data | {"services": list(data["services"]), "task_types": list(data["task_types"])},
            themes=themes,
        )


@page(SIGNED_IN, methods=("GET", "POST"), makes_one=True)
def new(request: Request) -> HttpResponse:
    """Send a good practice."""
    form = PracticeForm(data_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit_practice(
                form.words(), language=request.LANGUAGE_CODE, by=request.user, at=timezone.now()
            )
        except NoSection:
            actions.submit_practice(form.words(), language="fi", by=request.user, at=timezone.now())
        messages.success(
            request,
            _("Thank you. The counter reads it before it is published and writes to you."),
        )
        return see_other("public:practices-sent")
    return _form(request, form, asked="")


@page(SIGNED_IN)
def sent(request: Request) -> HttpResponse:
    """What the person has sent, and how it stands."""
    practices = list(practices_of(request.user)[:MOST])
    rounds = rounds_of(practices)
    rows = [(practice, getattr(rounds.get(practice.pk), "status", "")) for practice in practices]
    return render(request, "public/practices/sent.html", {"rows": rows})


@page(SIGNED_IN, methods=("GET", "POST"))
def revise(request: Request, pk: int) -> HttpResponse:
    """Change a practice that the counter has sent back."""
    practice = get_object_or_404(practices_of(request.user), pk=pk)
    if not may("content.revise_practice", practice, request.user):
        messages.info(request, _("The counter has it. You can change it if it comes back to you."))
        return see_other("public:practices-sent")
    form = PracticeForm(data_of(request), initial=_initial(practice))
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_practice(practice, form.words(), by=request.user, at=timezone.now())
        except PermissionDenied:
            messages.info(request, _("You have sent it already."))
        else:
            messages.success(request, _("Sent again. The counter reads it once more."))
        return see_other("public:practices-sent")
    return _form(request, form, asked=what_is_asked(practice))


def _initial(practice: PracticePage) -> dict[str, object]:
    latest = practice.get_latest_revision_as_object()
    return {
        "title": latest.title,
        "intro": latest.intro,
        "done": latest.done,
        "changed": latest.changed,
        "contact": latest.contact,
        "task_types": [kind.pk for kind in latest.task_types.all()],
        "services": [service.pk for service in latest.services.all()],
        "themes": [str(theme.pk) for theme in latest.themes.all()],
    }


def _form(request: HttpRequest, form: PracticeForm, *, asked: str) -> HttpResponse:
    status = status_of(request)
    return render(
        request, "public/practices/form.html", {"form": form, "asked": asked}, status=status
    )
