"""Answers that send on: a form that has been taken is followed by a page to look at."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


def is_answer(response: HttpResponse) -> bool:
    """Return whether a form has been taken and answered; being sent to open the door first is no answer."""
    return (
        response.status_code in {302, 303}
        and not getattr(response, "is_refusal", False)
        and not _ACCOUNT.match(urlsplit(response["Location"]).path)
    )


_ACCOUNT = re.compile(r"/\w\w/account/")


class SeeOther(HttpResponseRedirect):
    """303: the form has been taken, look there with GET."""

    status_code = 303


def see_other(name: str, *args: Any) -> SeeOther:
    """Answer a form with the page called ``name``."""
    return SeeOther(reverse(name, args=args))
