"""Events and sign-ups as they lie in the tables, named after how they stand.

make_event(at)                              # published, one session of two hours in 30 days, 3 places
make_event(at, seats=1, kind=Kind.BASIC, how=How.APPLICATION)
make_event(at, state=EventState.DRAFT)
make_sign_up(make_event(at), person)        # has a place
make_sign_up(event, person, state=SignUpState.WAITING)
make_guest(event)                           # has a place without an account
"""

from datetime import datetime, timedelta

from luukku.accounts.models import User
from luukku.events.models import Event, Guest, Kind, Mode, Place, Session, SignUp, Via
from luukku.events.states import WITH_PLACE, EventState, SignUpState
from luukku.organisations.models import Task
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_organisation


def make_event(
    at: datetime,
    *,
    starts_at: datetime | None = None,
    hours: float = 2,
    seats: int = 3,
    sessions: int = 1,
    **fields,
) -> Event:
    """An event with ``sessions`` a week apart, the first at ``starts_at``, else 30 days after ``at``."""
    starts_at = starts_at or at + timedelta(days=30)
    times = [
        (starts_at + timedelta(days=7 * n), starts_at + timedelta(days=7 * n, hours=hours))
        for n in range(sessions)
    ]
    by = fields.pop("by", None) or make_coordinator()
    organiser = fields.pop("organiser", None) or make_organisation(tasks=[Task.TRAINS], at=at)
    usual = {
        "state": EventState.PUBLISHED,
        "state_changed_at": at,
        "kind": Kind.INFO,
        "title_fi": "Infotilaisuus",
        "mode": Mode.PLACE,
        "responsible": by,
        "made_by": by,
        "made_at": at,
        "starts_at": times[0][0],
        "ends_at": times[-1][1],
    }
    event = Event.objects.create(organiser=organiser, seats=seats, **usual | fields)
    Session.objects.bulk_create(
        Session(event=event, starts_at=start, ends_at=end) for start, end in times
    )
    Place.objects.bulk_create(Place(event=event, number=n + 1) for n in range(seats))
    return event


def make_sign_up(
    event: Event,
    person: User | None = None,
    *,
    state: SignUpState = SignUpState.CONFIRMED,
    at: datetime | None = None,
    is_guest: bool = False,
    **fields,
) -> SignUp:
    """A sign-up of ``person`` (a new one if none is given) in ``state``; with the first free place if it has one."""
    at = at or event.made_at
    person = person or (None if is_guest else make_person())
    if state in WITH_PLACE and "place" not in fields:
        taken = SignUp.objects.exclude(place=None).values("place")
        fields["place"] = event.places.exclude(pk__in=taken).order_by("number").first()
    if state in {SignUpState.HELD, SignUpState.OFFERED}:
        fields = {"held_until": at + timedelta(minutes=15)} | fields
    if state == SignUpState.WAITING:
        fields = {"queue_at": at} | fields
    usual = {"via": Via.DESK, "made_by": person, "made_at": at, "state_changed_at": at}
    return SignUp.objects.create(event=event, person=person, state=state, **usual | fields)


def make_guest(event: Event, *, language: str = "fi", **fields) -> SignUp:
    """A sign-up of somebody without an account, who has confirmed it by the link."""
    number = event.sign_ups.count()
    own = make_sign_up(event, is_guest=True, guest_mark=f"mark {number}", via=Via.LINK, **fields)
    Guest.objects.create(
        sign_up=own,
        name=f"Vieras {number}",
        email=f"vieras{number}@example.org",
        language=language,
        confirmed_at=event.made_at,
    )
    return own
