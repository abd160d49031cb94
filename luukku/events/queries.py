"""What we know of events: free places, the queue, what stands in somebody's way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, Expression, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from luukku.accounts.models import User
from luukku.core.refused import Refused
from luukku.events.models import (
    MATERIALS_KEPT,
    ORGANISERS,
    Attendance,
    Audience,
    Booking,
    Event,
    EventQuerySet,
    How,
    Kind,
    Material,
    Mode,
    Place,
    Presence,
    Question,
    SignUp,
    SignUpQuerySet,
    for_everybody,
    held,
)
from luukku.events.refusals import (
    ByApplication,
    ByInvitation,
    NoGuests,
    NotForYou,
    NotOpenYet,
    SignUpClosed,
    SignUpEnded,
)
from luukku.events.states import (
    LIVE_SIGN_UPS,
    OPEN_EVENTS,
    SHOWN_EVENTS,
    SIGN_UP,
    WITH_PLACE,
    EventState,
    SignUpState,
)
from luukku.experts.models import Expert
from luukku.organisations.models import Membership, Organisation
from luukku.organisations.queries import people_of

Span = tuple[datetime, datetime]
NAMES_BEFORE = timedelta(
    days=7
)  # so long before a peer meeting its participants see each other's first names
NAMES_WAIT = timedelta(
    days=1
)  # so long who got a place later waits for them: nobody looks and goes
# Whether a person has given one of the times to something else: higher rooms add what they know of.
BOOKED_ELSEWHERE: list[Callable[[User, Collection[Span]], bool]] = []


def taken(event: Event) -> int:
    """Return how many places somebody has, holds or has been offered."""
    return event.sign_ups.filter(state__in=WITH_PLACE).count()


def free_places(event: Event) -> models.QuerySet[Place]:
    """Return the places that nobody has, those kept for a group first."""
    held = SignUp.objects.filter(place=OuterRef("pk"), state__in=WITH_PLACE)
    return event.places.filter(~Exists(held)).order_by("-group", "number")


def has_free_place() -> Q:
    """Return whether an event has a place that nobody has, holds or has been offered."""
    held = SignUp.objects.filter(place=OuterRef("pk"), state__in=WITH_PLACE)
    return Q(Exists(Place.objects.filter(~Exists(held), event=OuterRef("pk"))))


def place_for(group: str, places: Collection[Place]) -> Place | None:
    """Return which of the free ``places`` somebody of ``group`` gets: one kept for it, else one for anybody."""
    own = (place for place in places if place.group == group)
    return next(own, None) or next((place for place in places if not place.group), None)


def is_open_to_all(event: Event) -> bool:
    """Whether anybody may read about the event, as ``EventQuerySet.open_to_all`` tells it."""
    return event.state in SHOWN_EVENTS and event.audience != Audience.INVITED


def is_audience(user: User, event: Event) -> bool:
    """Whether the event is for people such as ``user``."""
    if event.audience == Audience.EXPERTS:
        return Expert.objects.of(user).active().exists()
    return event.audience != Audience.INVITED


def why_not(event: Event, user: User | None, *, at: datetime) -> Refused | None:
    """Return why ``user`` (None: somebody without an account) cannot sign up at ``at``, or None.

    The page says it instead of a button, and the act refuses with the same words.
    """
    if refusal := not_open(event, at=at):
        return refusal
    if user is None:
        return None if event.guests_ok else NoGuests()
    return None if is_audience(user, event) else NotForYou()


def not_open(event: Event, *, at: datetime) -> Refused | None:
    """Return why nobody can sign up at ``at``, whoever they are, or None."""
    if event.state not in SIGN_UP.sources:
        return SignUpClosed()
    if event.how == How.APPLICATION:
        return ByApplication()
    if event.audience == Audience.INVITED:
        return ByInvitation()
    if event.opens_at is not None and at < event.opens_at:
        return NotOpenYet(event.opens_at)
    until = event.takes_until
    return SignUpEnded(until) if until is not None and until <= at else None


def was_away() -> Q:
    """Return whether a sign-up was marked, and present nowhere."""
    marks = Attendance.objects.filter(sign_up=OuterRef("pk"))
    return Q(Exists(marks)) & ~Q(Exists(marks.filter(presence=Presence.HERE)))


def came_to(kind: Kind, *, at: datetime) -> SignUpQuerySet:
    """Return the sign-ups by which people have come to an event of ``kind`` that was held before ``at``.

    Where nobody marked who was there, whoever had a place came; who was marked away did not.
    """
    held = SignUp.objects.confirmed().filter(event__kind=kind, event__state=EventState.HELD)
    return held.filter(~was_away(), event__ends_at__lte=at)


def spans(event: Event) -> list[Span]:
    """Return when the event is held."""
    return list(event.sessions.order_by("starts_at").values_list("starts_at", "ends_at"))


def is_booked(person: User, times: Collection[Span], *, but: Event | None = None) -> bool:
    """Whether ``person`` has given one of ``times`` to another event or to something a higher room knows of."""
    overlaps = Q(pk__in=[])
    for start, end in times:
        overlaps |= Q(starts_at__lt=end, ends_at__gt=start)
    own = Booking.objects.filter(overlaps, person=person)
    if but is not None:
        own = own.exclude(session__event=but)
    return own.exists() or any(ask(person, times) for ask in BOOKED_ELSEWHERE)


def to_decide(event: Event, *, on: date) -> bool:
    """Whether somebody has to decide by the day ``on`` whether the event is held: fewer come than it needs."""
    return undecided(Event.objects.filter(pk=event.pk), on=on).exists()


def undecided(events: EventQuerySet, *, on: date | Expression) -> EventQuerySet:
    """Return those of ``events`` whose day to decide is ``on`` or earlier and to which fewer come than they need."""
    come = SignUp.objects.confirmed().filter(event=OuterRef("pk")).order_by().values("event")
    number = Coalesce(Subquery(come.annotate(number=Count("pk")).values("number")), 0)
    return events.filter(
        state__in=OPEN_EVENTS, decided_at=None, decide_on__lte=on, min_seats__gt=number
    )


def number_in_queue(sign_up: SignUp) -> int:
    """Return how many are served before ``sign_up`` on the waiting list, itself counted."""
    earlier = Q(queue_at__lt=sign_up.queue_at) | Q(queue_at=sign_up.queue_at, pk__lte=sign_up.pk)
    return sign_up.event.sign_ups.queue().filter(earlier).count()


def with_number(sign_ups: SignUpQuerySet) -> SignUpQuerySet:
    """Return them with their ``number`` in the queue, as ``number_in_queue`` tells it."""
    earlier = Q(queue_at__lt=OuterRef("queue_at")) | Q(
        queue_at=OuterRef("queue_at"), pk__lte=OuterRef("pk")
    )
    rows = SignUp.objects.queue().filter(earlier, event=OuterRef("event")).order_by()
    counted = rows.values("event").annotate(number=Count("pk")).values("number")
    return sign_ups.annotate(number=Subquery(counted))


def later_than(event: Event, *, at: datetime) -> EventQuerySet:
    """Return those of its series that come after ``event`` and have not begun."""
    return Event.objects.of_series(event).still_open(at).filter(starts_at__gt=event.starts_at)


def in_one_form(event: Event, *, at: datetime) -> list[Event]:
    """Return those of its series that take sign-ups now and ask nothing: what one asks is answered in its own form."""
    rows = Event.objects.of_series(event).filter(quota_experts=None).exclude(how=How.APPLICATION)
    asks = Question.objects.filter(event=OuterRef("pk"))
    return [one for one in rows.coming(at).filter(~Exists(asks)) if not_open(one, at=at) is None]


def contacts_until(event: Event) -> datetime | None:
    """Return until when who keeps ``event`` sees how to reach those who signed up; None while it has no time.

    Phones and addresses are for what changes; once it is over or off they are only kept for a while, names for
    longer: who was there is marked by them.
    """
    is_off = event.state == EventState.CANCELLED
    since = event.state_changed_at if is_off else event.ends_at
    return since and since + timedelta(days=settings.LUUKKU_EVENT_CONTACT_DAYS)


def lacks_link(event: Event) -> bool:
    """Whether who comes remotely would find no link.

    A training is applied for long before, and the school gives a practice lecture's: theirs may come later.
    """
    is_later = event.how == How.APPLICATION or event.kind == Kind.PRACTICE_LECTURE
    return event.mode != Mode.PLACE and not event.meeting_url and not is_later


def materials_for(
    event: Event, user: User | None, own: SignUp | None, *, at: datetime
) -> list[Material]:
    """Return the materials that ``user``, or the guest whose ``own`` sign-up it is, is shown at ``at``.

    Somebody without an account (None) has what everybody has, and all of it once they have a place as a guest.
    """
    rows = event.materials.all().kept(at)
    if user is not None:
        return list(rows.visible_to(user))
    if own is not None and own.is_guest and own.state == SignUpState.CONFIRMED:
        return list(rows.filter(held()))
    return list(rows.filter(for_everybody())) if is_open_to_all(event) else []


def materials_until(event: Event) -> datetime | None:
    """Return until when the event's materials are kept; None while it has no time."""
    return event.ends_at and event.ends_at + MATERIALS_KEPT


def own_sign_up(event: Event, user: User) -> SignUp | None:
    """Return the live sign-up of ``user``, else the last one."""
    own = event.sign_ups.of(user)
    return own.live().first() or own.order_by("-pk").first()


def live_of(user: User) -> models.QuerySet[SignUp]:
    """Return what ``user`` comes to or waits for, the soonest first."""
    found = SignUp.objects.of(user).filter(state__in=LIVE_SIGN_UPS - {SignUpState.HELD})
    return found.select_related("event").order_by("event__starts_at", "pk")


def may_lead_peers(user: User) -> bool:
    """Whether ``user`` is an expert in the bank who sits in the steering group: they arrange peer meetings."""
    return user.is_active and user.is_steering and Expert.objects.of(user).active().exists()


def shows_first_names(event: Event) -> bool:
    """Whether those who come see each other's first names: at a peer meeting for which not just anybody signs up."""
    is_chosen = event.audience != Audience.EVERYBODY or event.how == How.APPROVAL
    return event.kind == Kind.PEER and is_chosen


def knows_first_names(event: Event, reader: User, *, at: datetime) -> bool:
    """Whether ``reader`` has had a place for long enough to read who comes, or leads the meeting.

    Who had it before the names opened reads them at once, who came later after a day: else anybody could sign up,
    look who comes, and withdraw.
    """
    if event.responsible_id == reader.pk or event.starts_at is None:
        return event.responsible_id == reader.pk
    since = max(event.starts_at - NAMES_BEFORE, at - NAMES_WAIT)
    own = event.sign_ups.confirmed().of(reader)
    return own.filter(state_changed_at__lte=since).exists()


def first_names(event: Event, reader: User, *, at: datetime) -> list[str]:
    """Return by which names those who come to a peer meeting know each other: first names, and no guests'.

    Nobody's before it is near or after it has ended, nor to who has just got a place: who comes is for those who
    meet, not to be looked up. The rule ``events.see_first_names`` is the caller's to ask.
    """
    starts, ends = event.starts_at, event.ends_at
    if starts is None or ends is None or not starts - NAMES_BEFORE <= at <= ends:
        return []
    if not knows_first_names(event, reader, at=at):
        return []
    people = event.sign_ups.confirmed().exclude(person=None).select_related("person")
    return sorted(str(own.person.name).split()[0] for own in people if own.person)


def keepers_of(organisation: Organisation | None) -> models.QuerySet[User]:
    """Return who stands for ``organisation`` in keeping its events, by name."""
    standing = Membership.objects.standing(*ORGANISERS).filter(organisation=organisation)
    return people_of(standing)
