"""Programmes of training of a spec document, brought to their state, with their runs and who applies."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from luukku.accounts.models import User
from luukku.core.document import (
    COUNT,
    DAY,
    FLAG,
    KEY,
    MOMENT,
    TEXT,
    Part,
    Row,
    World,
    all_coded,
    coded,
    many,
    moment,
    of_field,
    one_of,
    rows,
)
from luukku.events import actions as events
from luukku.events.actions import Time
from luukku.events.models import Event, Mode, Presence
from luukku.experts.models import FurtherKind
from luukku.taxonomy.models import Language, TaskType, Topic
from luukku.taxonomy.queries import municipality_called
from luukku.training import actions
from luukku.training.models import Application, Barrier, Programme, Run, StopReason
from luukku.training.queries import hours_suggested
from luukku.training.states import ApplicationState, ProgrammeState

PLAIN = sorted(actions.EDITABLE)

PROGRAMMES = Part(
    "programmes",
    rows(
        {
            **{name: of_field(Programme, name) for name in PLAIN},
            "key": KEY,
            "state": one_of(ProgrammeState.values),
            "decision": TEXT | {"description": "of the meeting that agreed on it"},
            "is_proposed": FLAG | {"description": "to be agreed on; of a shared one"},
            "producers": many(KEY),
            "languages": many(KEY),
            "task_types": many(KEY),
            "topics": rows({"topic": KEY, "contact_minutes": COUNT, "own_minutes": COUNT}, "topic"),
        },
        "key",
        "kind",
        "title_fi",
    ),
    needs=("people", "organisations"),
)


@PROGRAMMES.step
def programme(world: World, row: Row) -> None:
    """Write a programme and bring it to its state."""
    by, at = world.coordinator, world.at
    minutes = _minutes(row.get("topics", []))
    made = actions.start(
        by=by,
        at=at,
        minutes=minutes,
        producers=[world.named("organisations", key) for key in row.get("producers", [])],
        languages=all_coded(Language, row.get("languages", ["fi"])),
        task_types=all_coded(TaskType, row.get("task_types", [])),
        **{name: row[name] for name in PLAIN if name in row},
    )
    state = ProgrammeState(row.get("state", ProgrammeState.AGREED))
    for move, reached in (
        (actions.share, set(ProgrammeState) - {ProgrammeState.DRAFT}),
        (
            partial(actions.agree, decision=row.get("decision", "Kouluttajien kokous")),
            {ProgrammeState.AGREED, ProgrammeState.RETIRED},
        ),
        (actions.retire, {ProgrammeState.RETIRED}),
    ):
        if state in reached:
            made = move(made, by=by, at=at)
    if row.get("is_proposed"):
        made = actions.propose(made, by=by, at=at)
    world.made["programmes"][row["key"]] = made


@PROGRAMMES.after.append
def told(world: World) -> None:
    """Tell the keys of all."""
    world.told["programmes"] = {key: one.pk for key, one in world.made["programmes"].items()}


CORES = Part(
    "common_cores",
    rows(
        {
            "decided_on": DAY,
            "decision": TEXT,
            "topics": rows({"topic": KEY, "contact_minutes": COUNT, "own_minutes": COUNT}, "topic"),
        },
        "decided_on",
        "decision",
        "topics",
    ),
    needs=("people",),
)


@CORES.step
def core(world: World, row: Row) -> None:
    """Write down what those who train have agreed on."""
    actions.agree_core(
        decided_on=date.fromisoformat(row["decided_on"]),
        decision=row["decision"],
        minutes=_minutes(row["topics"]),
        by=world.coordinator,
        at=world.at,
    )


def _minutes(told: list[Row]) -> dict[Topic, tuple[int, int]]:
    return {
        coded(Topic, one["topic"]): (one.get("contact_minutes", 0), one.get("own_minutes", 0))
        for one in told
    }


THREADS = Part(
    "threads",
    rows(
        {
            "topic": KEY | {"description": "without it: the common core as a whole"},
            "messages": rows(
                {
                    "words": TEXT,
                    "by": KEY | {"description": "without it: the counter"},
                    "organisation": KEY,
                    "at": MOMENT,
                },
                "words",
            )
            | {"minItems": 1},
            "decision": TEXT,
            "decided_on": DAY | {"description": "needed with a decision"},
        },
        "messages",
    ),
    needs=("people", "organisations"),
)


@THREADS.step
def threads(world: World, row: Row) -> None:
    """Let those who train talk about a topic, and the counter write down what they decide."""
    topic = coded(Topic, row["topic"]) if "topic" in row else None
    for one in row["messages"]:
        key = one.get("organisation")
        said = actions.write(
            topic,
            words=one["words"],
            organisation=world.named("organisations", key) if key else None,
            by=world.author(one),
            at=world.when(one, "at", world.at),
        )
    if "decision" in row:
        actions.decide(
            said.thread,
            words=row["decision"],
            decided_on=date.fromisoformat(row["decided_on"]),
            seen=0,
            by=world.coordinator,
            at=world.at,
        )


WISHES = Part(
    "training_wishes",
    rows(
        {
            "person": KEY,
            "kinds": many(one_of(FurtherKind.values)),
            "mode": one_of(Mode.values),
            "municipality": TEXT,
            "barriers": many(one_of(Barrier.values)),
            "by_counter": FLAG,
        },
        "person",
        "kinds",
    ),
    needs=("people", "experts"),
)


@WISHES.step
def wishes(world: World, row: Row) -> None:
    """Let somebody tell what they would like to be trained in."""
    person = world.named("people", row["person"])
    town = municipality_called(row["municipality"]) if "municipality" in row else None
    by = world.coordinator if row.get("by_counter") else person
    mode = row.get("mode", Mode.BOTH)
    barriers = row.get("barriers", [])
    actions.wish(
        person,
        kinds=row["kinds"],
        mode=mode,
        municipality=town,
        barriers=barriers,
        by=by,
        at=world.at,
    )


WHERE = ("mode", "address", "seats", "accessibility")
RUNS = Part(
    "runs",
    rows(
        {
            "key": KEY,
            "programme": KEY,
            "organiser": KEY,
            **{name: of_field(Event, name) for name in WHERE},
            "municipality": TEXT,
            "closes_at": MOMENT,
            "at": MOMENT | {"description": "when it was begun and opened"},
            "responsible": KEY,
            "has_interview": FLAG,
            "is_draft": FLAG,
            "lectures": rows(
                {
                    "school": KEY,
                    "starts_at": MOMENT,
                    "ends_at": MOMENT,
                    "subject": TEXT,
                    "group_size": COUNT,
                    "speakers": many(KEY) | {"description": "who has a place; nobody: not taken"},
                    "students": COUNT | {"description": "how many were there; it was held"},
                },
                "school",
                "starts_at",
                "ends_at",
                "subject",
            ),
            "report": TEXT | {"description": "words of a report to the steering group, sent last"},
            "times": rows({"starts_at": MOMENT, "ends_at": MOMENT}, "starts_at", "ends_at"),
            "applications": rows(
                {
                    "person": KEY,
                    "at": MOMENT,
                    "by_counter": FLAG,
                    "why": TEXT,
                    "needs": TEXT,
                    "barriers": many(one_of(Barrier.values)),
                    "second": KEY | {"description": "a run above, as the second choice"},
                    "state": one_of(
                        set(ApplicationState.values)
                        - {ApplicationState.KEPT, ApplicationState.CALLED_OFF}
                    ),
                    "interview_at": MOMENT,
                    "words": TEXT | {"description": "why not chosen"},
                    "stop_reason": one_of(StopReason.values),
                    "came": COUNT | {"description": "to how many of the first sessions; marked"},
                    "contact_minutes": COUNT,
                    "own_minutes": COUNT,
                    "exemption": TEXT,
                },
                "person",
            ),
        },
        "programme",
        "organiser",
        "mode",
        "seats",
        "times",
    ),
    needs=("people", "organisations", "experts", "programmes"),
)


@RUNS.step
def run(world: World, row: Row) -> None:
    """Begin a run as the counter does, and let people apply for it as they do."""
    by, at = world.coordinator, world.when(row, "at", world.at)
    fields = {name: row[name] for name in WHERE if name in row}
    if "closes_at" in row:
        fields["closes_at"] = moment(row["closes_at"])
    if "municipality" in row:
        fields["municipality"] = municipality_called(row["municipality"])
    if "responsible" in row:
        fields["responsible"] = world.named("people", row["responsible"])
    made = actions.begin_run(
        world.named("programmes", row["programme"]),
        world.named("organisations", row["organiser"]),
        [Time(moment(one["starts_at"]), moment(one["ends_at"]), "") for one in row["times"]],
        has_interview=row.get("has_interview", True),
        by=by,
        at=at,
        **fields,
    )
    if "key" in row:
        world.made["runs"][row["key"]] = made
    world.told.setdefault("runs", []).append(made.pk)
    if row.get("is_draft"):
        return
    events.publish(made.event, by=by, at=at)
    for one in row.get("applications", []):
        _application(world, made, one, at=world.when(one, "at", at))
    for one in row.get("lectures", []):
        _lecture(world, made, one, at=at)
    if "report" in row:
        actions.send_report(made, words=row["report"], by=by, at=world.at)


def _lecture(world: World, made: Run, row: Row, *, at: datetime) -> None:
    """Offer a date as the counter does, and let the run take it."""
    by = world.coordinator
    lecture = actions.offer_lecture(
        world.named("organisations", row["school"]),
        starts_at=moment(row["starts_at"]),
        ends_at=moment(row["ends_at"]),
        subject=row["subject"],
        group_size=row.get("group_size", 20),
        mode=Mode.REMOTE,
        by=by,
        at=at,
    )
    people = [world.named("people", key) for key in row.get("speakers", [])]
    if people:
        speakers = list(made.applications.filter(person__in=people))
        lecture = actions.take_lecture(lecture, run=made, trainees=speakers, by=by, at=at)
    if "students" in row:
        actions.count_students(lecture, students=row["students"], by=by, at=world.at)


def _application(world: World, made: Run, row: Row, *, at: datetime) -> None:
    person = world.named("people", row["person"])
    told: Row = {name: row[name] for name in ("why", "needs", "barriers") if name in row}
    if "second" in row:
        told["second"] = world.named("runs", row["second"])
    acting = world.acting(person, by_counter=row.get("by_counter", False))
    own = actions.apply(made, at=at, **acting, **told)
    _answer(world, own, row, at=max(at, world.at))


def _answer(world: World, own: Application, row: Row, *, at: datetime) -> None:
    by, state = world.coordinator, ApplicationState(row.get("state", ApplicationState.SENT))
    if "interview_at" in row:
        where = row.get("address", "Puhelin")
        own = actions.invite(
            own, interview_at=moment(row["interview_at"]), where=where, by=by, at=at
        )
    if state == ApplicationState.NOT_CHOSEN:
        actions.turn_down(own, words=row.get("words", ""), by=by, at=at)
    elif state == ApplicationState.WITHDRAWN:
        actions.withdraw(own, by=own.person, at=at)
    elif state in {ApplicationState.CHOSEN, ApplicationState.STOPPED, ApplicationState.COMPLETED}:
        is_ahead = (own.run.event.ends_at or at) > at
        own = actions.choose(own, by=by, at=at if is_ahead else own.made_at)
    if "came" in row:
        _mark(own, row["came"], by=by, at=at)
    if state == ApplicationState.STOPPED:
        actions.stop(own, reason=row.get("stop_reason", StopReason.UNTOLD), by=by, at=at)
    elif state == ApplicationState.COMPLETED:
        together, alone = hours_suggested(own)
        actions.complete(
            own,
            contact_minutes=row.get("contact_minutes", together),
            own_minutes=row.get("own_minutes", alone),
            exemption=row.get("exemption", ""),
            by=by,
            at=at,
        )


def _mark(own: Application, number: int, *, by: User, at: datetime) -> None:
    """Mark at the first ``number`` sessions of the training that the person was there, at the others away."""
    event = own.run.event
    place = event.sign_ups.of(own.person).get()
    for n, session in enumerate(event.sessions.filter(starts_at__lte=at)):
        mark = Presence.HERE if n < number else Presence.AWAY
        events.check_in(session, {place.pk: mark}, by=by, at=at)


@RUNS.after.append
def told_runs(world: World) -> None:
    """Tell of none where there are none."""
    world.told.setdefault("runs", [])
