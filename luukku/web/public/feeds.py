"""News and events to follow: RSS and Atom."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from luukku.content.models import SectionPage
from luukku.content.queries import page_at
from luukku.content.rendering import regional
from luukku.core.times import whens
from luukku.events.models import Event
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
    if section == "events":  # a page about an event says no more of when it is than the event
        _add_events(feed, base=base)
        return _written(feed)
    for one in top.below(at=timezone.now())[:MOST]:
        feed.add_item(
            title=regional(one.title),
            link=f"{base}{one.url_path}",
            description=regional(one.search_description),
            pubdate=one.first_published_at,
            updateddate=one.last_published_at,
            unique_id=f"{base}{one.url_path}",
        )
    return _written(feed)


def _written(feed: SyndicationFeed) -> HttpResponse:
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def _add_events(feed: SyndicationFeed, *, base: str) -> None:
    """Add what people can sign up for, the soonest first."""
    rows = Event.objects.open_to_all().coming(timezone.now()).prefetch_related("sessions")
    for event in rows[:MOST]:
        address = f"{base}{reverse('public:event', args=[event.pk])}"
        told = whens((one.starts_at, one.ends_at) for one in event.sessions.all())
        feed.add_item(
            title=event.title,
            link=address,
            description=f"{told}. {event.summary}".strip(),
            pubdate=event.state_changed_at,
            unique_id=address,
        )
