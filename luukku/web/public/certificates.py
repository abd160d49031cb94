"""A certificate by its number: the whole of what it says, and whether it holds. Nobody signs in, nobody guesses one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luukku.core.times import helsinki
from luukku.experts.models import FurtherKind, TrainingKind
from luukku.training import actions
from luukku.training.models import Application, Certificate, Standing
from luukku.web.kit.access import EVERYONE, SIGNED_IN, home_at, page
from luukku.web.kit.acts import form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.limits import is_too_often, who
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import Form

MOST_AN_HOUR = 60  # looked up from one address: more than anybody checks by hand, too few to guess


class NumberForm(Form):
    """The number of a certificate."""

    number = forms.CharField(
        label=gettext_lazy("Number of the certificate"),
        help_text=gettext_lazy("16 letters and digits, with or without the lines between them."),
        max_length=40,
    )


@page(EVERYONE)
def look_up(request: HttpRequest) -> HttpResponse:
    """Type the number of a certificate."""
    form = NumberForm(request.GET if "number" in request.GET else None)
    if form.is_bound and form.is_valid():
        plain = form.cleaned_data["number"].replace("/", "")
        return see_other("public:certificate", plain or "-")
    return _unlisted(render(request, "public/training/look_up.html", {"form": form}))


@page(EVERYONE)
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The whole certificate, or that there is none with the number; too many tries are put off, right or wrong."""
    if is_too_often(f"certificate:{who(request)}", most=MOST_AN_HOUR):
        context = {"title": _("Try again later"), "is_put_off": True}
        return _unlisted(
            render(request, "public/training/no_certificate.html", context, status=429)
        )
    rows = Certificate.objects.numbered(number).select_related(
        "application__training", "replaced_by"
    )
    shown = rows.first()
    if shown is None:
        context = {"title": _("No certificate has this number"), "is_put_off": False}
        return _unlisted(
            render(request, "public/training/no_certificate.html", context, status=404)
        )
    return _unlisted(render(request, "public/training/certificate.html", _content(shown)))


def _content(shown: Certificate) -> dict[str, Any]:
    words, language = shown.words, (get_language() or "fi")[:2]

    def named(names: dict[str, str]) -> str:
        return names.get(language) or names["fi"]

    kind = words["further_kind"] and FurtherKind(words["further_kind"]).label
    return {
        "certificate": shown,
        "standing": shown.standing(helsinki(timezone.now()).date()),
        "Standing": Standing,
        "words": words,
        "title": named(words["titles"]),
        "kind": TrainingKind(words["kind"]).label,
        "further_kind": kind,
        "topics": [
            (named(row["names"]), row["contact_minutes"], row["own_minutes"])
            for row in words["topics"]
        ],
        "completed_on": date.fromisoformat(words["completed_on"]),
        "valid_until": words["valid_until"] and date.fromisoformat(words["valid_until"]),
    }


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response


@page(SIGNED_IN, methods=("POST",), home=home_at("public:application", "pk"))
def reissue(request: Request, pk: int) -> HttpResponse:
    """Make one's own certificate anew with one's present name; the old number tells that it has been replaced."""
    own = fetch(Application.objects.of(request.user), pk, for_=request.user)
    held = fetch(
        Certificate.objects.of(request.user),
        own.certificates.filter(replaced_by=None).values_list("pk", flat=True).first(),
        for_=request.user,
    )
    return form_act(
        request,
        actions.reissue,
        held,
        to=see_other("public:application", pk),
        done=_(
            "Here is a new certificate with your present name. The old number tells that it was replaced."
        ),
    )
