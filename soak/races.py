"""Let many people grasp for few seats, and rows be wanted in opposite orders, again and again.

Afterwards: no order has more experts than seats, nobody two tasks at one time, no transaction was ended by the
database for another one's sake, and the chain of audit events is whole.

    python -m soak.races [--rounds N] [--experts N] [--seed N]
"""

import argparse
import os
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from soak.crash import CHAIN, SEATS, TWICE, people_and_orders
from soak.house import House, Tally, timed

SEATS_WANTED = 2


def at_once(acts: list[Callable[[], object]]) -> Counter[str]:
    """Do every act in a thread of its own, let go together; count by the name of what each ended with."""
    from django.db import connection, connections  # noqa: PLC0415 -- settings are read in main()

    gate, ends = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=120)
            act()
            ends.append("done")
        except Exception as error:
            ends.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act], daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=180)
    return Counter(ends) + Counter({"never ended": sum(t.is_alive() for t in threads)})


class Rounds:
    """The races, each with orders of its own and the same experts."""

    def __init__(self, house: House, orders: dict[str, int], chance: random.Random) -> None:
        from luukku.accounts.models import Role, User  # noqa: PLC0415 -- settings are read in main()
        from luukku.assignments import actions  # noqa: PLC0415 -- the house is there first, then its models
        from luukku.assignments.models import Offer, Via  # noqa: PLC0415 -- the house is there first, then its models
        from luukku.orders.models import CancelledBy, Order  # noqa: PLC0415 -- the house is there first, then its models

        self.house, self.chance = house, chance
        self.actions, self.offers, self.orders = actions, Offer.objects, Order.objects
        self.by_counter, self.via = CancelledBy.COUNTER, Via.DESK
        self.counter = User.objects.get(roles__contains=[Role.COORDINATOR])
        self.left = [orders[key] for key in sorted(orders)]
        self.ends: Counter[str] = Counter()

    def take(self, count: int) -> list[object]:
        """Return ``count`` orders that no race has touched."""
        taken, self.left = self.left[:count], self.left[count:]
        return list(self.orders.filter(pk__in=taken).order_by("pk"))

    def yes(self, offer: object) -> object:
        """Have the offer's expert say yes."""
        from django.utils import timezone  # noqa: PLC0415 -- settings are read in main()

        time = offer.order.times.order_by("pk").first()
        return self.actions.accept(
            offer, by=offer.expert.user, at=timezone.now(), via=self.via, time=time
        )

    def cancel(self, order: object) -> object:
        """Have the counter cancel a whole order."""
        from django.utils import timezone  # noqa: PLC0415 -- settings are read in main()

        return self.actions.cancel_order(
            order,
            whose=self.by_counter,
            reason="Kurssi peruttiin.",
            by=self.counter,
            at=timezone.now(),
        )

    def offered(self, orders: list[object]) -> list[object]:
        """Return the offers of ``orders`` in any order."""
        found = list(self.offers.filter(order__in=orders).select_related("order", "expert__user"))
        self.chance.shuffle(found)
        return found

    def few_seats(self) -> Counter[str]:
        """Everybody who was asked for one order says yes at once."""
        return at_once([partial(self.yes, offer) for offer in self.offered(self.take(1))])

    def one_hour(self) -> Counter[str]:
        """Everybody says yes to every order of one hour at once."""
        return at_once([partial(self.yes, offer) for offer in self.offered(self.take(2))])

    def opposite(self) -> Counter[str]:
        """Two orders with the same experts are answered one after another, then cancelled at once."""
        orders = self.take(2)
        for offer in self.offered(orders):
            at_once([partial(self.yes, offer)])
        return at_once([partial(self.cancel, order) for order in reversed(orders)])

    def all_together(self) -> Counter[str]:
        """Answers and cancelling at once."""
        orders = self.take(2)
        acts = [partial(self.yes, offer) for offer in self.offered(orders)]
        acts += [partial(self.cancel, orders[0])]
        self.chance.shuffle(acts)
        return at_once(acts)

    def run(self) -> None:
        """Do each race once."""
        for race in (self.few_seats, self.one_hour, self.opposite, self.all_together):
            self.ends += race()


HOURS = (9, 11, 11, 13, 15, 17, 17)  # of the orders of one round, which has a day of its own


def document(rounds: int, experts: int, chance: random.Random) -> dict:
    """Return people and orders, every order offered to every expert."""
    spec = people_and_orders(experts, rounds * len(HOURS), chance=chance)
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    for number, order in enumerate(spec["orders"]):
        day, place = divmod(number, len(HOURS))
        start = first.replace(hour=HOURS[place]) + timedelta(days=day)
        end = start + timedelta(minutes=90)
        order["key"] = f"o{number:04}"
        order["experts_wanted"] = SEATS_WANTED
        order["times"] = [{"starts_at": start.isoformat(), "ends_at": end.isoformat()}]
        order["offers"] = [{"expert": f"e{n}"} for n in range(experts)]
    return spec


def main(arguments: list[str]) -> int:
    """Run it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--experts", type=int, default=12)
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args(arguments)
    tally, chance = Tally(), random.Random(options.seed)
    with House() as house:
        with timed("people and orders"):
            made = house.load(document(options.rounds, options.experts, chance))
        os.environ.update(house.environment)
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            os.environ.pop(name, None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "luukku.config.settings.dev"
        import django  # noqa: PLC0415 -- reads the house's settings

        django.setup()
        rounds = Rounds(house, made["orders"], chance)
        with timed(f"{options.rounds} rounds of four races"):
            for _round in range(options.rounds):
                rounds.run()
        ends = rounds.ends
        faults = {
            name: count
            for name, count in ends.items()
            if name.endswith(("Error", "ended")) or name == "Refused"
        }
        tally.check("something was done", ends["done"] > 0, dict(ends))
        tally.check("nothing ended in a fault or a deadlock", faults == {}, faults)
        tally.check("no order has more experts than seats", house.rows(SEATS) == [])
        tally.check("nobody has two tasks at one time", house.rows(TWICE) == [])
        full = house.rows(
            "SELECT count(*) FROM orders_order WHERE state = 'staffed'",
        )[0][0]
        tally.check("orders got all their experts", full > 0, full)
        tally.check("the chain of audit events is whole", house.python(CHAIN) is None)
    return tally.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
