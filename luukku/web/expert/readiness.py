"""The expert's own test of taking part remotely: what works, what help would be good, what equipment there is."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from luukku.experts.models import Expert
from luukku.readiness.actions import ask_help, need_no_help, try_out
from luukku.readiness.models import Readiness
from luukku.web.expert.frame import own_expert, show
from luukku.web.expert.lending import loans_of
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.readiness.forms import SelfTestForm, answers_of
from luukku.web.parts.readiness.groups import groups_of
from luukku.web.ui.forms import Form


@page("expert", methods=("GET", "POST"))
def readiness(request: Request) -> HttpResponse:
    """Try, and see what was tried last."""
    expert = own_expert(request)
    test = Readiness.objects.of(request.user).first()
    form = SelfTestForm(data_of(request), initial=answers_of(test))
    return form_act(
        request,
        try_out,
        expert,
        form=form,
        page=lambda status: _page(request, expert, test, form, status=status),
        done=_said,
        to=see_other("expert:readiness"),
    )


@page("expert", methods=("POST",))
def readiness_help(request: Request) -> HttpResponse:
    """Ask for help at one press, without answering anything."""
    return form_act(
        request,
        ask_help,
        own_expert(request),
        done=_(
            "Saved. The counter gets in touch with you within a week, and you practise together."
        ),
        to=see_other("expert:readiness"),
    )


@page("expert", methods=("POST",))
def readiness_no_help(request: Request) -> HttpResponse:
    """Take that back."""
    return form_act(
        request,
        need_no_help,
        own_expert(request),
        done=_("Taken back: you need no help now."),
        to=see_other("expert:readiness"),
    )


def _said(test: Readiness) -> str:
    if test.wished_at is None:
        return _("Saved. Thank you for trying.")
    return _("Saved. The counter gets in touch with you within a week, and you practise together.")


def _page(
    request: Request, expert: Expert, test: Readiness | None, form: Form, *, status: int
) -> HttpResponse:
    return show(
        request,
        "expert/readiness/readiness.html",
        "desk",
        expert=expert,
        test=test,
        groups=groups_of(test) if test and test.tried_at else [],
        is_open=test is None or test.tried_at is None or status != 200,
        form=form,
        status=status,
        **loans_of(request, expert),
    )
