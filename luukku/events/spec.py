"""Events of a spec document, with who has signed up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from luukku.accounts.models import User
from luukku.core.document import (
    DAY,
    FLAG,
    KEY,
    MOMENT,
    TEXT,
    BadSpec,
    Part,
    Row,
    World,
    coded,
    day,
    many,
    moment,
    of_field,
    one_of,
    row,
    rows,
)
from luukku.events import actions
from luukku.events.actions import Time
from luukku.events.models import (
    AnswerKind,
    Cover,
    Event,
    ForWhom,
    Group,
    Material,
    Presence,
    SignUp,
)
from luukku.events.states import EventState, SignUpState
from luukku.taxonomy.models import Language
from luukku.taxonomy.queries import municipality_called

WORDS = (
    "kind", "title_fi", "title_sv", "title_en", "summary_fi", "summary_sv", "summary_en", "mode", "address",
    "meeting_url", "accessibility", "how", "audience", "guests_ok", "seats", "quota_professionals", "quota_experts",
    "min_seats",
)  # fmt: skip
MOMENTS = ("opens_at", "closes_at", "promote_until")
ENDED = (EventState.CANCELLED, EventState.HELD)

EVENTS = Part(
    "events",
    rows(
        {
            "key": KEY,
            "organiser": KEY,
            "responsible": KEY,
            **{name: of_field(Event, name) for name in WORDS},
            **dict.fromkeys(MOMENTS, MOMENT),
            "decide_on": DAY,
            "covers": many(one_of(Cover.values)),
            "language": KEY,
            "municipality": TEXT,
            "at": MOMENT | {"description": "when it was made and published"},
            "state": one_of(EventState.values),
            "repeats": many(DAY) | {"description": "the further days of a published event"},
            "cancel_reason": TEXT,
            "times": rows(
                {"starts_at": MOMENT, "ends_at": MOMENT, "place": TEXT}, "starts_at", "ends_at"
            ),
            "questions": rows(
                {
                    "words_fi": TEXT,
                    "words_sv": TEXT,
                    "words_en": TEXT,
                    "kind": one_of(AnswerKind.values),
                    "is_required": FLAG,
                    "is_sensitive": FLAG,
                },
                "words_fi",
            ),
            "materials": rows(
                {
                    "title": of_field(Material, "title"),
                    "url": of_field(Material, "url") | {"pattern": "^https://"},
                    "for_whom": one_of(ForWhom.values),
                },
                "title",
                "url",
            ),
            "sign_ups": rows(
                {
                    "person": KEY,
                    "guest": row({"name": TEXT, "email": TEXT, "phone": TEXT}, "name", "email"),
                    "at": MOMENT,
                    "group": one_of(["", *Group.values]),
                    "answers": many(TEXT) | {"description": "in the order of the questions"},
                    "by_counter": FLAG,
                    "state": one_of(
                        [
                            SignUpState.CONFIRMED,
                            SignUpState.DECLINED,
                            SignUpState.HELD,
                            SignUpState.WITHDRAWN,
                        ]
                    )
                    | {"description": "what became of it; left out: as it came to stand"},
                    "presence": many(one_of(Presence.values))
                    | {"description": "in the order of the times"},
                }
            ),
        },
        "organiser",
        "kind",
        "title_fi",
        "mode",
        "seats",
        "times",
    ),
    needs=("people", "organisations", "experts"),
)


@EVENTS.step
def event(world: World, row: Row) -> None:
    """Make an event as the counter does, and let people sign up for it as they do."""
    by, at = world.coordinator, world.when(row, "at", world.at)
    made = _made(world, row, by=by, at=at)
    if "key" in row:
        world.made["events"][row["key"]] = made
    world.told.setdefault("events", []).append(made.pk)
    state = EventState(row.get("state", EventState.PUBLISHED))
    if state == EventState.DRAFT:
        return
    made = actions.publish(made, by=by, at=at)
    if days := [day(one) for one in row.get("repeats", [])]:
        actions.repeat(made, days, by=by, at=at)
        made.refresh_from_db()
        actions.publish_series(made, by=by, at=at)
    for one in row.get("sign_ups", []):
        _sign_up(world, made, one, at=world.when(one, "at", at))
    _move(made, state, row.get("cancel_reason", ""), by=by, at=max(at, world.at))
    for one in row.get("sign_ups", []):
        _mark(world, made, one, by=by)


def _made(world: World, row: Row, *, by: User, at: datetime) -> Event:
    fields: dict[str, Any] = {name: row[name] for name in (*WORDS, "covers") if name in row}
    fields |= {name: moment(row[name]) for name in MOMENTS if name in row}
    if "decide_on" in row:
        fields["decide_on"] = day(row["decide_on"])
    if "language" in row:
        fields["language"] = coded(Language, row["language"])
    if "municipality" in row:
        fields["municipality"] = municipality_called(row["municipality"])
    if "responsible" in row:
        fields["responsible"] = world.named("people", row["responsible"])
    organiser = world.named("organisations", row["organiser"])
    made = actions.make(organiser, by=by, at=at, **fields)
    actions.ask(made, row.get("questions", []), by=by, at=at)
    if links := row.get("materials"):
        actions.keep_materials(made, links, by=by, at=at)
    times = [
        Time(moment(one["starts_at"]), moment(one["ends_at"]), one.get("place", ""))
        for one in row["times"]
    ]
    return actions.set_times(made, times, by=by, at=at)


def _sign_up(world: World, made: Event, row: Row, *, at: datetime) -> None:
    questions = made.questions.values_list("pk", flat=True)
    told = {
        "answers": dict(zip(questions, row.get("answers", []), strict=False)),
        "group": row.get("group", ""),
    }
    wanted = row.get("state")
    if "guest" in row:
        actions.ask_guest(made, at=at, **row["guest"], **told)
        own = made.sign_ups.anonymous().latest("pk")
        own = own if wanted == SignUpState.HELD else actions.confirm_guest(own, at=at)
    elif wanted == SignUpState.HELD:
        actions.hold(made, by=world.named("people", row["person"]), at=at)
        return
    else:
        person = world.named("people", row["person"])
        own = actions.sign_up(
            made, at=at, **world.acting(person, by_counter=row.get("by_counter", False)), **told
        )
    _answer(world, own, wanted, at=at)


def _answer(world: World, own: SignUp, wanted: str | None, *, at: datetime) -> None:
    if wanted == SignUpState.CONFIRMED and own.state == SignUpState.APPLIED:
        actions.approve(own, by=world.coordinator, at=at)
    elif wanted == SignUpState.DECLINED:
        actions.decline(own, by=world.coordinator, at=at)
    elif wanted == SignUpState.WITHDRAWN:
        actions.withdraw(own, by=own.person or User.objects.machine(), at=at)


def _move(made: Event, state: EventState, reason: str, *, by: User, at: datetime) -> None:
    if state == EventState.CLOSED:
        actions.close(made, by=by, at=at)
    elif state == EventState.CANCELLED:
        actions.cancel(made, reason=reason, by=by, at=at)
    elif state == EventState.HELD:
        if made.ends_at is None or made.ends_at > at:
            raise BadSpec("an event that has been held is over.")
        actions.finish(made, by=User.objects.machine(), at=at)


def _mark(world: World, made: Event, row: Row, *, by: User) -> None:
    if "presence" not in row or "person" not in row:
        return
    own = made.sign_ups.of(world.named("people", row["person"])).confirmed().first()
    if own is None:
        raise BadSpec("only who has a place is present or absent.")
    for session, presence in zip(made.sessions.all(), row["presence"], strict=False):
        actions.check_in(session, {own.pk: presence}, by=by, at=max(world.at, session.starts_at))


@EVENTS.after.append
def told(world: World) -> None:
    """Tell of none where there are none."""
    world.told.setdefault("events", [])
