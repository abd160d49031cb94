"""The page behind List-Unsubscribe: it works without signing in, and a mail program may post to it (RFC 8058)."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from luukku.accounts.queries import signed_for
from luukku.core.links import BadLink, read
from luukku.notices.actions import choose, stop_daily
from luukku.notices.mail import DAILY
from luukku.notices.models import Channel
from luukku.notices.notice import KINDS
from luukku.web.kit.access import EVERYONE, page

MAX_AGE = timedelta(days=400)


@csrf_exempt  # the mail program knows no token of ours; the signed link is the right
@page(EVERYONE, methods=("GET", "POST"))
def stop_letters(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Stop one kind of letter, or with ``?again`` let it come again; GET only asks."""
    is_daily = kind == DAILY
    if not is_daily and (kind not in KINDS or KINDS[kind].is_must_know):
        raise Http404
    try:
        link = read(token, purpose=f"stop.{kind}", max_age=MAX_AGE)
    except BadLink as error:
        raise Http404 from error
    person = signed_for(link.person_id)
    if person is None:
        raise Http404
    is_again = "again" in request.GET and not is_daily
    if request.method == "POST":
        at = timezone.now()
        if is_daily:
            stop_daily(person, at=at)
        else:
            channel = Channel.MAIL if is_again else Channel.DESK
            choose(person, kind, channel, by=person, at=at)
    context = {
        "label": _("The daily mail") if is_daily else KINDS[kind].label,
        "is_done": request.method == "POST",
        "is_again": is_again,
        "is_daily": is_daily,
        "action": request.path,
    }
    return render(request, "public/signed_links/stop_letters.html", context)
