"""Kill a web process, the worker and the database again and again while many people say yes at once.

Afterwards: every yes that was acknowledged is there, no seat and nobody is booked twice, the chain of audit
events is whole, each letter has left under one Message-ID, and nobody has read a fault.

    python -m soak.crash [--experts N] [--orders N] [--kills N] [--seed N]
"""

import argparse
import http.client
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from soak.house import Browser, House, Tally, form_with, timed, wait_for

LINKS = """
from luukku.assignments.models import Offer
from luukku.core.links import Link, sign
from django.urls import reverse
answer = {o.pk: reverse("public:offer-link", args=[sign(Link("offer", o.pk, o.expert.user_id))])
          for o in Offer.objects.select_related("expert").order_by("pk")}
"""
CHAIN = "from luukku.audit.queries import verify_chain\nanswer = verify_chain()"
OFFERED_TO = 5  # experts an order
SLOTS = 6  # hours that the orders share: whoever has two of one hour can take one
PATIENCE_SECONDS = 600
PEOPLE_AT_ONCE = 12
KINDS = 3  # database, worker, web


def people_and_orders(experts: int, orders: int, *, chance: random.Random) -> dict:
    """Return a document of ``orders`` for one or two experts each, offered to more who share their hours."""
    day = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=30)

    def order(number: int) -> dict:
        start = day + timedelta(hours=2 * (number % 3), days=number % SLOTS // 3)
        return {
            "key": f"o{number}",
            "organisation": "school",
            "contact": "olli",
            "task_type": "lecture",
            "experts_wanted": 1 + number % 2,
            "themes": [{"theme": "homelessness"}],
            "municipality": "Pori",
            "times": [
                {
                    "starts_at": start.isoformat(),
                    "ends_at": (start + timedelta(minutes=90)).isoformat(),
                }
            ],
            "offers": [
                {"expert": f"e{n}"} for n in chance.sample(range(experts), min(OFFERED_TO, experts))
            ],
        }

    return {
        "people": [
            {
                "key": "tarja",
                "name": "Tarja",
                "email": "tarja@example.org",
                "roles": ["coordinator"],
            },
            {"key": "olli", "name": "Olli", "email": "olli@example.org"},
            *(
                {"key": f"p{n}", "name": f"Kokija {n}", "email": f"kokija{n}@example.org"}
                for n in range(experts)
            ),
        ],
        "organisations": [
            {
                "key": "school",
                "name": "Opisto",
                "kind": "school",
                "municipality": "Pori",
                "members": [{"person": "olli", "role": "orderer", "is_contact": True}],
            }
        ],
        "experts": [
            {
                "key": f"e{n}",
                "person": f"p{n}",
                "municipality": "Pori",
                "task_types": ["lecture"],
                "languages": ["fi"],
                "experiences": [{"theme": "homelessness"}],
            }
            for n in range(experts)
        ],
        "orders": [order(n) for n in range(orders)],
    }


RECEIPT = "/calendar.ics"  # who has said yes gets a calendar file


class Yes:
    """One person who opens the letter's link and presses yes until somebody answers."""

    def __init__(self, house: House, offer: int, path: str) -> None:
        self.house, self.offer, self.path = house, offer, path
        self.answers: Counter[str] = Counter()
        self.outcome = "unknown"

    def say(self) -> None:
        """Press yes and read the page that follows; ``outcome`` is then acknowledged, refused or unknown."""
        browser, end = Browser(self.house.port, seconds=30), time.monotonic() + PATIENCE_SECONDS
        fields, is_taken, is_again, has_words = None, False, False, False
        while time.monotonic() < end:
            is_press = fields is not None and not is_taken
            try:
                answer = browser.post(self.path, fields) if is_press else browser.get(self.path)
            except (OSError, http.client.HTTPException):
                self.answers["no answer"] += 1
                is_again = is_again or is_press
                time.sleep(0.2)
                continue
            self.answers[str(answer.status)] += 1
            if answer.status in {302, 303} and is_press:
                is_taken, has_words = True, bool(browser.cookies.get("messages"))
            elif answer.status == 200:
                form = form_with(answer.text, "accept")
                if form is None:  # refused in words: somebody was faster
                    self.outcome = "acknowledged" if RECEIPT in answer.text else "refused"
                    return
                if is_taken and has_words:
                    self.outcome = "refused"  # the hour is taken
                    return
                if is_taken and not is_again:
                    self.outcome = "acknowledged"  # and asked once more: it has been lost
                    return
                fields, is_taken = form if is_taken or not fields else fields, False
            elif answer.status >= 500:
                time.sleep(0.2)
            else:
                self.outcome = f"answered {answer.status}"
                return


class Killer(threading.Thread):
    """Kills one of the house's processes after another, waiting in between until the house answers again."""

    def __init__(self, house: House, kills: int, *, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.house, self.kills, self.chance = house, kills, chance
        self.killed: Counter[str] = Counter()
        self.slowest_seconds = 0.0
        self.is_over = threading.Event()

    def run(self) -> None:
        kinds = ["database", "worker", "web"] * self.kills
        for kind in kinds[: self.kills]:
            # A quick machine is done before each kind has been killed: letters are still on their way.
            if self.is_over.wait(self.chance.uniform(0.3, 1.5)) and len(self.killed) == KINDS:
                return
            victim = self._victim(kind)
            if victim is None:
                continue
            os.kill(victim, signal.SIGKILL)
            self.killed[kind] += 1
            self.slowest_seconds = max(self.slowest_seconds, self.house.wait_until_ready())

    def _victim(self, kind: str) -> int | None:
        if kind == "database":
            found = [self.house.postgres()]
        else:
            found = self.house.webs() if kind == "web" else self.house.workers()
        return self.chance.choice(found).pid if found and found[0] else None


def judge(house: House, tally: Tally, people: list[Yes], killer: Killer) -> None:
    """Count what must be so whatever was killed."""
    said = Counter(person.outcome for person in people)
    answers = sum((person.answers for person in people), Counter())
    print(f"     killed: {dict(killer.killed)}; answers: {dict(answers)}; outcomes: {dict(said)}")
    yes = {person.offer for person in people if person.outcome == "acknowledged"}
    booked = {
        row[0]
        for row in house.rows("SELECT offer_id FROM assignments_assignment WHERE state = 'agreed'")
    }
    tally.check("something was killed of each kind", len(killer.killed) == KINDS)
    tally.check("everybody got an answer", set(said) <= {"acknowledged", "refused"}, dict(said))
    tally.check("some said yes and were heard", len(yes) > 0, len(yes))
    tally.check("no acknowledged yes is lost", yes <= booked, sorted(yes - booked))
    tally.check("every booking was acknowledged", booked <= yes, sorted(booked - yes))
    tally.check("nobody read a fault (500)", answers["500"] == 0, answers["500"])
    tally.check("no order has more experts than seats", house.rows(SEATS) == [])
    tally.check("nobody has two tasks at one time", house.rows(TWICE) == [])
    tally.check("the chain of audit events is whole", house.python(CHAIN) is None)


SEATS = """
SELECT o.id FROM orders_order o JOIN assignments_assignment a ON a.order_id = o.id AND a.state = 'agreed'
GROUP BY o.id HAVING count(*) > o.experts_wanted
"""
TWICE = """
SELECT a.id FROM assignments_assignment a JOIN assignments_assignment b
  ON a.expert_id = b.expert_id AND a.id < b.id AND a.state = 'agreed' AND b.state = 'agreed'
 AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
"""
# What the product itself says is due: at night some letters wait for the morning.
WAITING = (
    "from django.utils import timezone\nfrom luukku.notices.models import Letter\n"
    "answer = Letter.objects.due(timezone.now()).count()"
)


def judge_letters(house: House, tally: Tally, killer: Killer) -> None:
    """Count the letters that have left: each, and under one name; a copy only where its sender was killed."""
    try:
        wait_for(lambda: house.python(WAITING) == 0, "every letter has left")
        left = True
    except TimeoutError:
        left = False
    waiting = house.python(WAITING)
    house.stop()  # what is in hand is finished
    sent = {
        row[0]
        for row in house.rows(
            "SELECT message_id FROM notices_letter WHERE channel = 'mail' AND sent_at IS NOT NULL"
        )
    }
    ids = [str(mail["Message-ID"]) for mail in house.mails()]
    copies = len(ids) - len(set(ids))
    unmarked = len(
        set(ids) - sent
    )  # its sender fell before it could mark it, and then it was overtaken
    tally.check("every letter that was due has left", left, waiting)
    tally.check("every letter marked as sent is in the post", sent <= set(ids), len(sent))
    most = killer.killed["worker"] + killer.killed["database"]
    tally.check(
        "copies, and letters not marked, only where a sender was killed",
        copies + unmarked <= most,
        f"{copies} and {unmarked} of {most}",
    )
    stuck = house.rows(
        "SELECT task_path FROM django_tasks_database_dbtaskresult WHERE status = 'RUNNING'"
    )
    tally.check("no work lies where a worker fell", stuck == [], stuck)
    tally.check("no traceback in the log", "Traceback" not in house.log.read_text())


def main(arguments: list[str]) -> int:
    """Run it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--experts", type=int, default=40)
    parser.add_argument("--orders", type=int, default=48)
    parser.add_argument("--kills", type=int, default=18)
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args(arguments)
    tally, chance = Tally(), random.Random(options.seed)
    with House() as house:
        with timed("people and orders"):
            house.load(people_and_orders(options.experts, options.orders, chance=chance))
        links = house.python(LINKS)
        house.serve("--workers", "3")
        people = [Yes(house, int(offer), path) for offer, path in links.items()]
        chance.shuffle(people)
        killer = Killer(house, options.kills, chance=chance)
        killer.start()
        with timed(f"{len(people)} offers answered, {PEOPLE_AT_ONCE} at a time"):
            with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
                for person in people:
                    pool.submit(person.say)
            killer.is_over.set()
            killer.join()
        print(f"     longest until ready again: {killer.slowest_seconds:.1f} s")
        house.wait_until_ready()
        judge(house, tally, people, killer)
        judge_letters(house, tally, killer)
    return tally.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
