"""A second matcher, slow and plain: Python over the ORM, written from the promises and not from the SQL.

``make_world`` invents people, bookings and orders by chance; ``ranked`` says who fits an order.
"""

import random
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import connection

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, Offer, Seat
from luukku.core.times import helsinki, instant
from luukku.experts.models import (
    AvailabilityException,
    CompletedTraining,
    Experience,
    Expert,
    WeeklySlot,
)
from luukku.feedback.models import Feedback
from luukku.matching.points import POINTS
from luukku.orders.models import Order, OrderTheme, OrderTime
from luukku.organisations.models import Membership
from luukku.privacy.models import Consent
from luukku.taxonomy.models import Distance, Language, Municipality, TaskType, Theme
from tests.factories.accounts import make_person
from tests.factories.orders import make_vetted_organisation

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Found:
    """One who fits, with what can be compared."""

    expert_id: int
    score: float
    km: int | None
    time_id: int | None
    themes: frozenset[str]
    nearly: frozenset[str]


def is_full(expert, moment):
    """Whether the expert's own limit has been reached in the month of ``moment``."""
    month = helsinki(moment).strftime("%Y%m")
    live = expert.assignments.filter(state__in=["agreed", "done"])
    count = sum(helsinki(task.starts_at).strftime("%Y%m") == month for task in live)
    return expert.monthly_limit is not None and count >= expert.monthly_limit


def is_free(expert, starts_at, ends_at):
    """Look at every quarter of an hour by itself."""
    live = list(expert.assignments.filter(state__in=["agreed", "done"]))
    if any(task.starts_at < ends_at and starts_at < task.ends_at for task in live):
        return False
    first = helsinki(starts_at)
    if expert.is_paused and (expert.paused_until is None or first.date() <= expert.paused_until):
        return False
    if is_full(expert, starts_at):
        return False
    quarters = []
    while starts_at < ends_at:
        quarters.append(helsinki(starts_at))
        starts_at += QUARTER
    days = {quarter.date() for quarter in quarters}
    exceptions = list(expert.exceptions.order_by("pk"))

    def covered(day, *, by_available):
        return any(
            e.is_available == by_available and e.starts_on <= day <= e.ends_on for e in exceptions
        )

    if any(covered(day, by_available=False) for day in days):
        return False
    if any(
        e.is_available and all(e.starts_on <= day <= e.ends_on for day in days) for e in exceptions
    ):
        return True
    slots = list(expert.weekly_slots.order_by("pk"))
    return not slots or all(
        any(
            s.weekday == q.weekday()
            and s.starts <= q.time()
            and (q.time() < s.ends or s.ends == time(0))
            for s in slots
        )
        for q in quarters
    )


def has_further_training(expert, further_kind, at):
    """Whether somebody has seen a certificate that still holds, of the kind where one is asked for."""
    today = helsinki(at).date()
    return any(
        t.kind == "further"
        and further_kind in ("", t.further_kind)
        and t.verified_at
        and not t.revoked_at
        and (not t.valid_until or today <= t.valid_until)
        for t in expert.trainings.all()
    )


def ranked(order, at, *, remote=None, extra_km=0, any_time=False, any_training=False, any_kind=False,
           any_language=False, any_task_type=False, any_theme=False):  # fmt: skip
    """Everybody who fits ``order``, best first; each keyword relaxes one condition."""
    asked = [] if any_theme else list(order.order_themes.select_related("theme").order_by("pk"))
    wished = list(order.times.order_by("starts_at"))
    times = [t for t in wished if t.is_settled] or wished
    times = [t for t in times if t.starts_at > at]
    found = []
    for expert in Expert.objects.order_by("pk"):
        if expert.state != "active" or (expert.is_paused and expert.paused_until is None):
            continue
        if not expert.user.consents.filter(purpose="in_bank", withdrawn_at=None).exists():
            continue
        own = order.offers.filter(expert=expert)
        if own.filter(state="proposed").exists():
            continue
        if order.assignments.filter(expert=expert, state__in=["agreed", "done"]).exists():
            continue
        ended = [o for o in own.order_by("pk") if o.state not in ("proposed", "withdrawn")]
        answered = {(span.lower, span.upper) for o in ended for span in o.answered_for}
        if ended and not wished:
            continue
        if order.contact_id == expert.user_id:
            continue
        if Membership.objects.filter(user=expert.user, organisation=order.organisation).exists():
            continue
        if not any_task_type and order.task_type not in expert.task_types.order_by("pk"):
            continue
        spoken = set(expert.languages.order_by("pk"))
        if not any_language and not set(order.languages.order_by("pk")) <= spoken:
            continue
        is_trained = any_training or not order.needs_further_training
        if not is_trained and not has_further_training(
            expert, "" if any_kind else order.further_kind, at
        ):
            continue
        km = None
        if order.mode != "remote":
            way = Distance.objects.get(
                origin=expert.municipality_id, destination=order.municipality_id
            )
            km = way.km if way.km <= expert.reach_km + extra_km else None
        is_remote = order.mode != "place" if remote is None else remote
        if km is None and not (is_remote and expert.is_remote_ok):
            continue
        exactly, nearly, seen = theme_fit(expert, asked)
        if asked and not exactly | nearly:
            continue
        time_id = None
        if wished and not any_time:
            free = [t for t in times if is_free(expert, t.starts_at, t.ends_at)]
            free = [t for t in free if (t.starts_at, t.ends_at) not in answered]
            if not free:
                continue
            time_id = free[0].pk
        if any_time and times and all(is_full(expert, t.starts_at) for t in times):
            continue
        score, last = score_of(expert, at, exactly, nearly, seen, km)
        name = {row.theme_id: row.theme.name for row in asked}
        found.append(
            (
                (-round(score * 1e6), last is not None, last or at, tie(expert.pk, order.pk)),
                Found(
                    expert.pk, score, km, time_id,
                    frozenset(name[t] for t in exactly), frozenset(name[t] for t in nearly),
                ),
            )
        )  # fmt: skip
    return [row for _key, row in sorted(found, key=lambda pair: (pair[0], pair[1].expert_id))]


def theme_fit(expert, asked):
    """Return the asked themes that are known exactly or more narrowly, more broadly, and as was asked."""
    exactly, nearly, seen = set(), set(), set()
    rows = expert.experiences.filter(is_shown=True, theme__is_active=True).select_related("theme")
    for wish in asked:
        for row in rows.order_by("pk"):
            is_exact = wish.theme_id in (row.theme_id, row.theme.parent_id)
            if is_exact:
                exactly.add(wish.theme_id)
            elif row.theme_id == wish.theme.parent_id:
                nearly.add(wish.theme_id)
            else:
                continue
            if wish.perspective and row.perspective == wish.perspective:
                seen.add(wish.theme_id)
    return exactly, nearly - exactly, seen


def score_of(expert, at, exactly, nearly, seen, km):
    live = list(expert.assignments.filter(state__in=["agreed", "done"]))
    last = max((task.starts_at for task in live), default=None)
    year = sum(task.starts_at > at - timedelta(days=365) for task in live)
    score = POINTS.theme * (2 * len(exactly) + len(nearly)) + POINTS.perspective * len(seen)
    if km is not None:
        score += POINTS.near * max(0, 1 - km / POINTS.near_km)
    days = POINTS.rested_days if last is None else (at - last).total_seconds() / 86400
    score += POINTS.rested * min(1, max(0, days / POINTS.rested_days))
    score += POINTS.light * max(0, 1 - year / POINTS.light_tasks)
    answers = Feedback.objects.filter(assignment__expert=expert, side="orderer")
    marks = [(answer.useful + answer.again) / 2 for answer in answers.order_by("pk")]
    if marks:  # 1–5 becomes 0–3, halves up
        score += POINTS.praise * int(3 * (sum(marks) / len(marks) - 1) / 4 + 0.5)
    return score, last


def tie(expert_id, order_id):
    """Equal ones come in an order that differs from order to order; how, is for the database to say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hashint8extended(%s, %s)", [expert_id, order_id])
        return cursor.fetchone()[0]


# -- a world by chance -------------------------------------------------------------------------
HOURS = (0, 2, 8, 10, 12, 14, 16, 20, 24)
CLOCK_NIGHTS = (date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26))


class World:
    """People, bookings and orders by chance; the same for the same seed."""

    def __init__(self, seed, at, *, experts=24, orders=8):
        self.chance, self.at = random.Random(seed), at
        # Few words, so that many meet: two families of themes, some places near and far.
        parents = list(Theme.objects.filter(parent=None, is_active=True).order_by("pk")[:2])
        self.themes = parents + [c for p in parents for c in p.children.order_by("pk")[:2]]
        self.types = list(TaskType.objects.order_by("pk")[:3])
        self.languages = list(Language.objects.filter(code__in=["fi", "sv", "en"]).order_by("pk"))
        self.towns = list(
            Municipality.objects.filter(code__in=["609", "684", "091", "886"]).order_by("pk")
        )
        self.days = [at.date() + timedelta(days=n) for n in range(3, 12)] + list(CLOCK_NIGHTS)
        self.organisations = [make_vetted_organisation(at=at) for _n in range(2)]
        self.contact = make_person()
        self.experts = [self.make_expert() for _n in range(experts)]
        self.orders = [self.make_order() for _n in range(orders)]
        for expert in self.chance.choices(self.experts, k=experts):
            self.make_task(expert)

    def some(self, things, least=0):
        return self.chance.sample(things, self.chance.randint(least, len(things)))

    def make_expert(self):
        chance = self.chance
        person = make_person()
        paused = chance.random() < 0.15
        expert = Expert.objects.create(
            state=chance.choices(["active", "left"], [9, 1])[0], user=person, made_at=self.at,
            code_name=f"E {person.pk}", municipality=chance.choice(self.towns),
            reach_km=chance.choice([20, 80, 150, 400, 400]), is_remote_ok=chance.random() < 0.5,
            monthly_limit=chance.choice([None, None, 1, 2]), is_paused=paused,
            paused_until=chance.choice([None, self.days[4]]) if paused else None,
        )  # fmt: skip
        expert.task_types.set(self.some(self.types, 2))
        expert.languages.set({self.languages[0], *self.some(self.languages)})
        for theme in self.some(self.themes):
            for perspective in self.some(["own", "close_person"], 1):
                Experience.objects.create(
                    expert=expert, theme=theme, perspective=perspective,
                    is_shown=chance.random() < 0.9,
                )  # fmt: skip
        if chance.random() < 0.95:
            Consent.objects.create(
                person=person, purpose="in_bank", text_version="1", given_at=self.at,
                given_by=person, withdrawn_at=chance.choice([None] * 9 + [self.at]),
            )  # fmt: skip
        if chance.random() < 0.5:
            n = CompletedTraining.objects.count()
            kind = chance.choice(["basic", "further"])
            CompletedTraining.objects.create(
                expert=expert, kind=kind, name="K", producer="P",
                further_kind=chance.choice(["", "digital", "other"]) if kind == "further" else "",
                revoked_at=self.at if n % 7 == 3 and n % 5 != 4 else None,
                completed_on=self.at.date() - timedelta(days=9),
                verified_at=None if n % 5 == 4 else self.at,
                valid_until=[None, self.at.date(), self.at.date() - timedelta(days=1)][n % 3],
            )  # fmt: skip
        if chance.random() < 0.5:
            for weekday in self.some(list(range(7)), 5):
                for hour in self.some(list(range(len(HOURS) - 1)), 6):
                    WeeklySlot.objects.create(
                        expert=expert, weekday=weekday,
                        starts=time(HOURS[hour]), ends=time(HOURS[hour + 1] % 24),
                    )  # fmt: skip
        for day in self.some(self.days) if chance.random() < 0.3 else []:
            AvailabilityException.objects.create(
                expert=expert, starts_on=day, ends_on=day + timedelta(days=chance.choice([0, 1])),
                is_available=chance.random() < 0.4,
            )  # fmt: skip
        if chance.random() < 0.1:
            Membership.objects.create(
                user=person, organisation=self.organisations[0], role="orderer",
                added_by=person, added_at=self.at,
            )  # fmt: skip
        return expert

    def make_order(self):
        chance = self.chance
        trained = chance.choice([*[""] * 8, "any", "digital", "other"])
        contact = self.experts[0].user if chance.random() < 0.1 else self.contact
        order = Order.objects.create(
            state="searching", title="T", made_at=self.at, sent_at=self.at, contact=contact, payment="agreed",
            organisation=chance.choice(self.organisations), task_type=chance.choice(self.types),
            mode=chance.choice(["place", "place", "remote", "either"]), length_minutes=60,
            municipality=chance.choice(self.towns), is_open_call=True,
            experts_wanted=chance.randint(1, 20), needs_further_training=bool(trained),
            further_kind="" if trained == "any" else trained,
        )  # fmt: skip
        order.languages.set(chance.choice([[], self.languages[:1], self.languages[:2]]))
        for theme in chance.sample(self.themes, chance.randint(0, 3)):
            OrderTheme.objects.create(
                order=order, theme=theme, perspective=chance.choice(["", "own", "close_person"])
            )
        for day in chance.sample(self.days, chance.randint(1, 3)):
            starts = instant(day, time(chance.choice([1, 9, 11, 13, 22])))
            OrderTime.objects.create(
                order=order, starts_at=starts,
                ends_at=starts + timedelta(minutes=chance.choice([60, 90, 120, 240])),
            )  # fmt: skip
        if chance.random() < 0.2:
            settled = order.times.order_by("pk").first()
            settled.is_settled = True
            settled.save()
        if chance.random() < 0.2:
            past = self.at - timedelta(days=1)
            OrderTime.objects.create(order=order, starts_at=past, ends_at=past + QUARTER)
        for expert in self.some(self.experts[:8]):
            self.make_offer(
                order, expert,
                chance.choice(["proposed", "declined", "withdrawn", "expired", "accepted"]),
            )  # fmt: skip
        return order

    def make_offer(self, order, expert, state):
        """About some of the order's times, or others that it had before."""
        asked = [(t.starts_at, t.ends_at) for t in self.some(list(order.times.order_by("pk")))]
        return Offer.objects.create(
            order=order, expert=expert, origin="suggested", state=state, made_by=self.contact,
            made_at=self.at, expires_at=self.at + timedelta(days=1), answered_for=asked,
        )  # fmt: skip

    def make_task(self, expert):
        chance, at = self.chance, self.at
        other = Order.objects.create(made_at=at)
        if chance.random() < 0.5:
            day = chance.choice(self.days)
            starts = instant(day, time(chance.choice([9, 13])))
        else:
            starts = at - timedelta(days=chance.randint(2, 500))
        length = timedelta(minutes=90)
        clash = expert.assignments.filter(
            starts_at__lt=starts + length, ends_at__gt=starts, state__in=["agreed", "done"]
        )
        if clash.exists():
            return
        task = Assignment.objects.create(
            state=chance.choices(["done", "agreed", "cancelled"], [4, 4, 2])[0], order=other,
            offer=self.make_offer(other, expert, "accepted"), expert=expert,
            seat=Seat.objects.create(order=other, number=1), starts_at=starts,
            ends_at=starts + length, mode="place", place="P", pays_travel=True,
            expert_agreed_at=at, expert_agreed_via="desk", counter_agreed_by=self.contact,
            counter_agreed_at=at,
        )  # fmt: skip
        if chance.random() < 0.5:
            Feedback.objects.create(
                assignment=task, side="orderer", smooth=3, heard=3, words="", given_at=at,
                useful=chance.randint(1, 5), again=chance.randint(1, 5),
                given_by=User.objects.get(pk=self.contact.pk), via="desk",
            )  # fmt: skip
