"""Invented orders and what became of them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Offer, Via
from luukku.config.demo.people import People
from luukku.config.demo.words import CHANGES, GOALS, THOUGHTS
from luukku.core.times import helsinki, instant
from luukku.experts.models import Expert
from luukku.feedback import actions as feedback
from luukku.feedback.models import Side
from luukku.matching.queries import match
from luukku.orders import actions as orders
from luukku.orders.models import Failure, Mode, Order, Payment
from luukku.orders.states import OrderState
from luukku.organisations.models import Organisation
from luukku.taxonomy.models import Language, TaskType, Theme


class Orders(People):
    """Orders and what became of them.

    Attributes:
        asked: the themes that orders ask for, by chance.
    """

    asked: list[Theme]

    def _draft(
        self, code: str, *, organisation: Organisation, by: User, at: datetime, **fields: Any
    ) -> Order:
        title, goal, does = GOALS[code]
        order = orders.start(by=by, at=at, organisation=organisation)
        return orders.save_draft(
            order,
            by=by,
            at=at,
            title=title,
            goal=goal,
            expert_does=does,
            audience="Noin 20 osallistujaa",
            audience_size=20,
            task_type=TaskType.objects.get(code=code),
            municipality=organisation.municipality,
            address="Esimerkkikatu 1",
            accessibility="Esteetön sisäänkäynti, hissi, induktiosilmukka.",
            length_minutes=90,
            preparation="Ryhmä kerää kysymykset etukäteen.",
            languages=[Language.objects.get(pk="fi")],
            **fields,
        )

    def order(self, n: int) -> Order:
        """Make one order and carry it as far as its number says."""
        organisation, user = self.orderers[0] if n == 0 else self.chance.choice(self.orderers)
        code = list(GOALS)[n % len(GOALS)]
        past = n % 3 == 0 and n > 0
        waits = n % 6 == 1
        made = self.at - timedelta(days=120 if past else self.chance.randint(1, 10))
        if (
            not past
        ):  # the counter keeps its promises: an order is read in two days, staffed in seven
            made = max(made, self.at - timedelta(hours=n // 4 if waits else 4 * 24))
        day = helsinki(made).date() + timedelta(days=self.chance.randint(21, 60))
        hour = self.chance.choice([9, 10, 12, 13])
        order = self._draft(
            code,
            organisation=organisation,
            by=user,
            at=made,
            mode=self.chance.choices([Mode.PLACE, Mode.EITHER, Mode.REMOTE], [6, 2, 1])[0],
            experts_wanted=self.chance.choices([1, 2], [5, 1])[0],
            payment={1: Payment.HELP, 7: Payment.OPEN}.get(n % 12, Payment.AGREED),
            fee_eur=Decimal(self.chance.choice([50, 80, 100, 150])),
            themes=[(self.chance.choice(self.asked), "")],
            times=[
                (
                    instant(day + timedelta(days=7 * k), time(hour)),
                    instant(day + timedelta(days=7 * k), time(hour + 1, 30)),
                )
                for k in range(self.chance.randint(1, 2))
            ],
        )
        if n % 12 == 11:
            return order  # stays a draft
        order = orders.send(order, by=user, at=made)
        if waits:
            return order  # waits for the counter
        order = orders.accept(order, by=self.coordinator, at=made)
        order = assignments.open_search(order, by=self.coordinator, at=made)
        if past or n % 2 == 0:
            self.staff(order, at=made)
        if past:
            self.finish(order, user)
        elif n % 6 == 2:
            self.ask_change(order, user, is_answered=n % 12 == 8)
        return order

    def ask_change(self, order: Order, user: User, *, is_answered: bool) -> None:
        """Let the orderer ask for a change after sending; some have been answered."""
        at = self.at - timedelta(hours=5)
        words = "Ryhmässä onkin 40 opiskelijaa. Voiko tilaisuus olla auditoriossa?"
        asked = orders.ask_change(order, words, by=user, at=at)
        if is_answered:
            assignments.change_details(
                order, by=self.coordinator, at=at + timedelta(hours=2), audience_size=40
            )
            answer = "Soitin asiantuntijalle: auditorio käy hyvin. Paikka on nyt muutettu."
            orders.answer_change(asked, answer, by=self.coordinator, at=at + timedelta(hours=3))

    def staff(self, order: Order, *, at: datetime) -> None:
        """Offer the order to the best candidates; most say yes."""
        for candidate in match(order, at=at, limit=order.experts_wanted + 1).candidates:
            expert = Expert.objects.select_related("user").get(pk=candidate.expert_id)
            offer = assignments.propose(
                order,
                expert,
                by=self.coordinator,
                at=at,
                answer_by=at + timedelta(days=5),
                reasons=candidate.reasons,
            )
            if self.chance.random() < 0.75:
                has_mail = bool(expert.user.email)
                try:
                    assignments.accept(
                        offer,
                        by=expert.user if has_mail else self.coordinator,
                        at=at + timedelta(hours=2),
                        via=Via.LINK if has_mail else Via.COUNTER,
                        time=order.times.filter(is_settled=True).first() or order.times.first(),
                        on_behalf_of=None if has_mail else expert.user,
                    )
                except assignments.AlreadyBooked:
                    continue
            elif self.chance.random() < 0.5:
                assignments.decline(
                    offer,
                    by=expert.user if expert.user.email else self.coordinator,
                    at=at + timedelta(hours=3),
                    on_behalf_of=None if expert.user.email else expert.user,
                )
            order.refresh_from_db()
            if order.state != OrderState.SEARCHING:
                return

    def finish(self, order: Order, user: User) -> None:
        """Carry a past order to its end: done with feedback and what changed, or counted as unmet."""
        order.refresh_from_db()
        done_at = self.at - timedelta(days=20)
        if order.state == OrderState.SEARCHING:
            assignments.give_up(
                order, failure=self.chance.choice(list(Failure)), by=self.coordinator, at=done_at
            )
            order.refresh_from_db()
        for task in order.assignments.filter(state="agreed").order_by("pk"):
            at = task.ends_at + timedelta(hours=3)
            feedback.close_task(task, by=user, at=at)
            task.refresh_from_db()
            for side, person in ((Side.EXPERT, task.expert.user), (Side.ORDERER, user)):
                has_mail = bool(person.email)
                if self.chance.random() < 0.8:
                    scales = {
                        name: self.chance.choices([3, 4, 5], [1, 3, 5])[0]
                        for name in ("smooth", "useful", "heard", "again")
                    }
                    feedback.give(
                        task,
                        side=side,
                        words=self.chance.choice(["", "", *THOUGHTS[side]]),
                        by=person if has_mail else self.coordinator,
                        at=at + timedelta(days=1),
                        via=Via.LINK if has_mail else Via.COUNTER,
                        on_behalf_of=None if has_mail else person,
                        wants_debrief=False,
                        **scales,
                    )
        if order.assignments.filter(state="done").exists() and self.chance.random() < 0.7:
            feedback.tell_what_changed(
                order,
                words=self.chance.choice(CHANGES),
                by=user,
                at=self.at - timedelta(days=2),
                via=Via.DESK,
            )

    def _offer(
        self,
        code: str,
        expert: Expert,
        organisation: Organisation,
        user: User,
        *,
        theme: Theme,
        made: datetime,
        time: tuple[datetime, datetime],
    ) -> Offer:
        """Carry an order of ``user`` as far as an offer to ``expert``."""
        order = self._searching(code, organisation, user, theme=theme, made=made, time=time)
        return assignments.propose(
            order,
            expert,
            by=self.coordinator,
            at=made,
            answer_by=made + timedelta(days=7, hours=6),
        )

    def _searching(
        self,
        code: str,
        organisation: Organisation,
        user: User,
        *,
        theme: Theme,
        made: datetime,
        time: tuple[datetime, datetime],
    ) -> Order:
        """Carry an order of ``user`` as far as the search."""
        order = self._draft(
            code,
            organisation=organisation,
            by=user,
            at=made,
            mode=Mode.PLACE,
            experts_wanted=1,
            payment=Payment.AGREED,
            fee_eur=Decimal(120),
            themes=[(theme, "")],
            times=[time],
        )
        order = orders.send(order, by=user, at=made)
        order = orders.accept(order, by=self.coordinator, at=made)
        return assignments.open_search(order, by=self.coordinator, at=made)

    def told(self, task: Assignment, user: User) -> None:
        """Write down both sides' feedback and what changed."""
        at = task.ends_at + timedelta(days=1)
        for side, by in ((Side.EXPERT, task.expert.user), (Side.ORDERER, user)):
            self._tell(task, side, by, "", at=at)
        feedback.tell_what_changed(
            task.order, words=CHANGES[3], by=user, at=self.at - timedelta(days=1), via=Via.DESK
        )

    @staticmethod
    def _tell(task: Assignment, side: Side, by: User, words: str, *, at: datetime) -> None:
        task.refresh_from_db()
        scales: dict[str, Any] = {"smooth": 5, "useful": 4, "heard": 5, "again": 5}
        at += timedelta(hours=2)
        feedback.give(
            task, side=side, words=words, by=by, at=at, via=Via.DESK, wants_debrief=False, **scales
        )
