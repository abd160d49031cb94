"""What people have looked for in vain: a need to answer, or an everyday word to add."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.core.text import clean
from luukku.search import actions
from luukku.search.queries import waiting_misses
from luukku.taxonomy.models import Theme
from luukku.web.counter.frame import tabs
from luukku.web.kit.access import page
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request


@page("coordinator")
def misses(request: Request) -> HttpResponse:
    """Words that found nothing, the most looked for first."""
    found = paged(request, waiting_misses())
    themes = Theme.objects.filter(is_active=True)
    return render(
        request,
        "counter/search/misses.html",
        {"misses": found, "themes": themes, "tabs": tabs(request, "words")},
    )


@page("coordinator", methods=("POST",))
def dismiss(request: Request) -> HttpResponse:
    """Take words off the list."""
    words, language = _words(request)
    if actions.dismiss(words, language=language, by=request.user, at=timezone.now()):
        messages.success(request, _("Off the list. The words come back if somebody looks again."))
    else:
        messages.info(request, _("Somebody has already seen to these words."))
    return see_other("counter:misses")


@page("coordinator", methods=("POST",))
def synonym(request: Request) -> HttpResponse:
    """Make words lead to a theme."""
    words, language = _words(request)
    theme = get_object_or_404(Theme, code=clean(request.POST.get("theme", "")), is_active=True)
    if actions.make_synonym(words, theme, language=language, by=request.user, at=timezone.now()):
        messages.success(request, _("The words lead to the theme from now on."))
    else:
        messages.info(request, _("Somebody has already seen to these words."))
    return see_other("counter:misses")


def _words(request: Request) -> tuple[str, str]:
    return clean(request.POST.get("words", "")), clean(request.POST.get("language", ""))
