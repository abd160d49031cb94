"""News and events to follow: RSS and Atom."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from luukku.content.models import SectionPage
from luukku.content.queries import page_at
from luukku.content.rendering import regional
from luukku.web.kit.access import EVERYONE, page

FOLLOWED = ("news", "events")
MOST = 30


@page(EVERYONE)
def rss(request: HttpRequest, section: str) -> HttpResponse:
    """The section as RSS."""
    return _feed(request, section, Rss201rev2Feed)


@page(EVERYONE)
def atom(request: HttpRequest, section: str) -> HttpResponse:
    """The section as Atom."""
    return _feed(request, section, Atom1Feed)


def _feed(request: HttpRequest, section: str, kind: type[SyndicationFeed]) -> HttpResponse:
    language, base = request.LANGUAGE_CODE, settings.LUUKKU_BASE_URL
    place = page_at(f"{section}/", language=language) if section in FOLLOWED else None
    if place is None or not isinstance(place.page, SectionPage):
        raise Http404
    top = place.page
    feed = kind(
        title=f"{regional(top.title)} – Kokemusluukku",
        link=f"{base}{top.address}",
        description=regional(top.search_description or top.intro),
        language=language,
        feed_url=f"{base}{request.path}",
    )
    for one in top.below(at=timezone.now())[:MOST]:
        feed.add_item(
            title=regional(one.title),
            link=f"{base}{one.url_path}",
            description=regional(one.search_description),
            pubdate=one.first_published_at,
            updateddate=one.last_published_at,
            unique_id=f"{base}{one.url_path}",
        )
    response = HttpResponse(content_type=kind.content_type)
    feed.write(response, "utf-8")
    return response
