"""A certificate by its number: the whole of what it says, and whether it holds. Nobody signs in, nobody guesses one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luukku.core.known import known
from luukku.core.ordering import in_finnish
from luukku.core.times import helsinki
from luukku.organisations.models import Organisation
from luukku.training import actions
from luukku.training.models import Application, Certificate, Paper, Standing
from luukku.training.queries import content_of, named_issuer
from luukku.web.kit.access import EVERYONE, SIGNED_IN, home_at, page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.limits import is_too_often, who
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import Form

COUNTER = "counter"
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
        return _none(request, _("Try again later"), status=429)
    shown = _numbered(number)
    if shown is None:
        return _none(request, _("No certificate has this number"), status=404)
    return _unlisted(render(request, "public/training/certificate.html", _content(shown)))


def _numbered(number: str) -> Certificate | None:
    rows = Certificate.objects.numbered(number)
    return rows.select_related("application__training", "replaced_by").first()


def _none(request: HttpRequest, title: str, *, status: int) -> HttpResponse:
    context = {"title": title, "is_put_off": status != 404}
    return _unlisted(render(request, "public/training/no_certificate.html", context, status=status))


def _content(shown: Certificate) -> dict[str, Any]:
    return {
        "certificate": shown,
        "standing": shown.standing(helsinki(timezone.now()).date()),
        "content": content_of(shown),
        **with_paper(shown),
    }


def with_paper(shown: Certificate | None) -> dict[str, Any]:
    """Return what a page needs for the link to the PDF in its own language, where the worker has written it."""
    language = (get_language() or "fi")[:2]
    papers = _papers(shown, language) if shown else None
    return {"has_paper": papers is not None and papers.exists(), "language": language}


def _papers(shown: Certificate, language: str) -> QuerySet[Paper]:
    """What may be given out of a certificate: nothing of one that has been replaced or annulled."""
    holds = shown.standing(helsinki(timezone.now()).date()) in {Standing.VALID, Standing.EXPIRED}
    rows = shown.papers.filter(language=language).exclude(pdf=None)
    return rows if holds else rows.none()


@page(EVERYONE)
def paper(request: HttpRequest, number: str, language: str) -> HttpResponse:
    """The certificate as a PDF, for whoever has its number; looked up as often as the page may be."""
    if is_too_often(f"certificate:{who(request)}", most=MOST_AN_HOUR):
        return _none(request, _("Try again later"), status=429)
    shown = _numbered(number)
    if shown is None:
        return _none(request, _("No certificate has this number"), status=404)
    written = _papers(shown, language).first()
    if written is None:
        return see_other("public:certificate", number)
    response = HttpResponse(bytes(known(written.pdf)), content_type="application/pdf")
    name = f"kokemusluukku-{shown.shown_number}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _unlisted(response)


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response


class IssuerForm(Form):
    """Who is named as the issuer."""

    issuer = forms.ChoiceField(
        label=gettext_lazy("Who is named as the issuer?"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, producers: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.producers = {str(one.pk): one for one in producers}
        self.fields["issuer"].choices = [
            (COUNTER, settings.LUUKKU_COUNTER_NAME),
            *((key, one.name) for key, one in self.producers.items()),
        ]

    def arguments(self) -> dict[str, Any]:
        """Return what the act takes: None is the counter."""
        return {"issuer": self.producers.get(self.cleaned_data["issuer"])}


@page(SIGNED_IN, methods=("GET", "POST"))
def issuer(request: Request, pk: int) -> HttpResponse:
    """Choose who is named on one's own certificate and badge; what the name can tell is said first."""
    own, held = _own(request, pk)
    producers = list(own.run.programme.producers.order_by(in_finnish("name")))
    named = named_issuer(held)
    form = IssuerForm(
        data_of(request),
        producers=producers,
        initial={"issuer": str(named.pk) if named else COUNTER},
    )
    context = {"form": form, "application": own, "certificate": held}
    return form_act(
        request,
        actions.name_issuer,
        held,
        form=form,
        page=lambda status: render(request, "public/training/issuer.html", context, status=status),
        to=see_other("public:application", pk),
        done=_(
            "Here is your certificate with the issuer that you chose. An older number tells that it was replaced."
        ),
    )


def _own(request: Request, pk: int) -> tuple[Application, Certificate]:
    own = fetch(Application.objects.of(request.user), pk, for_=request.user)
    held = own.certificates.filter(replaced_by=None).values_list("pk", flat=True).first()
    rows = Certificate.objects.of(request.user).filter(application__training__isnull=False)
    return own, fetch(rows, held, for_=request.user)


@page(SIGNED_IN, methods=("POST",), home=home_at("public:application", "pk"))
def reissue(request: Request, pk: int) -> HttpResponse:
    """Make one's own certificate anew with one's present name; the old number tells that it has been replaced."""
    _application, held = _own(request, pk)
    return form_act(
        request,
        actions.reissue,
        held,
        to=see_other("public:application", pk),
        done=_(
            "Here is a new certificate with your present name. The old number tells that it was replaced."
        ),
    )
