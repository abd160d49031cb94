"""Let two hundred people sign up for few places at the same moment, again and again.

Afterwards: exactly as many have a place as there are places, everybody else stands in the queue in the order in which
they were served, each has one letter that tells how they stand, and no transaction ended for another one's sake.

    python -m soak.events [--rounds N] [--people N]
"""

import argparse
import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

from soak.crash import CHAIN
from soak.house import House, Tally, timed
from soak.races import at_once

SEATS = (1, 3, 10)
# Of each event: places, who has one, who waits, whether the queue is in the order of being served, letters, readers.
ENDS = """
SELECT e.seats,
       count(*) FILTER (WHERE s.state = 'confirmed'),
       count(*) FILTER (WHERE s.state = 'waiting'),
       coalesce(bool_and(s.in_turn) FILTER (WHERE s.state = 'waiting'), true),
       (SELECT count(*) FROM notices_letter l WHERE l.about = 'event-' || e.id),
       (SELECT count(DISTINCT l.reader_id) FROM notices_letter l WHERE l.about = 'event-' || e.id),
       (SELECT count(*) FROM notices_letter l WHERE l.about = 'event-' || e.id AND l.kind = 'events.confirmed')
FROM events_event e
JOIN (
    SELECT *, row_number() OVER (PARTITION BY event_id, state ORDER BY queue_at, id)
            = row_number() OVER (PARTITION BY event_id, state ORDER BY id) AS in_turn
    FROM events_signup
) s ON s.event_id = e.id
GROUP BY e.id
"""


def document(rounds: int, people: int) -> dict:
    """Return people, an organiser, and an event for each race, on a day of its own."""
    first = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    first += timedelta(days=20)
    events = []
    for number in range(rounds * len(SEATS)):
        start = first + timedelta(days=number)
        ends = start + timedelta(hours=2)
        events.append(
            {
                "key": f"v{number:04}", "organiser": "home", "kind": "info", "title_fi": f"Ilta {number}",
                "mode": "remote", "meeting_url": "https://kokous.example/ilta", "seats": SEATS[number % len(SEATS)],
                "times": [{"starts_at": start.isoformat(), "ends_at": ends.isoformat()}],
            }
        )  # fmt: skip
    clerk = {"key": "tarja", "name": "Tarja", "email": "tarja@example.org"}
    return {
        "people": [
            clerk | {"roles": ["coordinator"]},
            *(
                {"key": f"p{n:04}", "name": f"Tulija {n}", "email": f"tulija{n}@example.org"}
                for n in range(people)
            ),
        ],
        "organisations": [
            {"key": "home", "name": "Yhdistys", "kind": "ngo", "municipality": "Pori", "tasks": ["trains"]}
        ],
        "events": events,
    }  # fmt: skip


def let_many_in(house: House, people: int) -> None:
    """Let the database serve as many at once as there are people."""
    house.manage("stop_database")
    for settings in house.folder.rglob("postgresql.conf"):
        with settings.open("a") as file:
            file.write(f"\nmax_connections = {people + 60}\n")
    house.manage("migrate", "--check")  # starts it


def run(events: list, people: list) -> tuple[Counter[str], list[float]]:
    """Let everybody sign up for each event at once; return what each ended with, and how long each race took."""
    from django.utils import timezone  # noqa: PLC0415 -- settings are read in main()

    from luukku.events import actions  # noqa: PLC0415 -- the house is there first, then its models

    def come(event: object, person: object) -> object:
        return actions.sign_up(event, by=person, at=timezone.now())

    ends: Counter[str] = Counter()
    seconds = []
    for event in events:
        start = time.monotonic()
        ends += at_once([partial(come, event, person) for person in people])
        seconds.append(time.monotonic() - start)
    return ends, seconds


def main(arguments: list[str]) -> int:
    """Run it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--people", type=int, default=200)
    options = parser.parse_args(arguments)
    tally = Tally()
    with House() as house:
        with timed("people and events"):
            house.load(document(options.rounds, options.people))
            let_many_in(house, options.people)
        os.environ.update(house.environment)
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            os.environ.pop(name, None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "luukku.config.settings.dev"
        import django  # noqa: PLC0415 -- reads the house's settings

        django.setup()
        from luukku.accounts.models import User  # noqa: PLC0415 -- the house is there first, then its models
        from luukku.events.models import Event  # noqa: PLC0415 -- the house is there first, then its models

        people = list(User.objects.filter(email__startswith="tulija").order_by("pk"))
        events = list(Event.objects.order_by("pk"))
        with timed(f"{options.rounds} rounds of {len(SEATS)} races"):
            ends, seconds = run(events, people)
        _check(tally, house, ends, people=options.people, events=len(events))
        middle = sorted(seconds)[len(seconds) // 2]
        print(f"a race takes {middle:.1f} s in the middle, {max(seconds):.1f} s at most")
    return tally.end()


def _check(tally: Tally, house: House, ends: Counter[str], *, people: int, events: int) -> None:
    rows = house.rows(ENDS)
    tally.check("everybody was answered", ends == {"done": people * events}, dict(ends))
    tally.check("every event was raced for", len(rows) == events, len(rows))
    tally.check("as many have a place as there are places", all(row[0] == row[1] for row in rows))
    tally.check("everybody else waits", all(row[1] + row[2] == people for row in rows))
    tally.check("the queue is in the order of being served", all(row[3] for row in rows))
    one_each = all(row[4] == row[5] == people and row[6] == row[0] for row in rows)
    tally.check("each has one letter, and it says the truth", one_each)
    tally.check("the chain of audit events is whole", house.python(CHAIN) is None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
