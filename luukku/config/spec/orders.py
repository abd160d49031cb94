"""Making an order, its offers and what became of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Offer, Origin, Via
from luukku.assignments.states import AssignmentState, OfferState
from luukku.config.spec.values import BadSpec, coded, day, moment, municipality, named, place, unit
from luukku.experts.models import Expert
from luukku.feedback import actions as feedback
from luukku.feedback.models import SCALES, Side
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, Failure, Order, Payment
from luukku.orders.states import OrderState
from luukku.organisations.models import Organisation
from luukku.taxonomy.models import Language, TaskType, Theme

ANSWER_TIME = timedelta(days=7)
BEFORE_A_PAST_TASK = timedelta(days=30)
AFTER_THE_TASK = timedelta(hours=1)
PLAIN = (
    "audience_size", "others_present", "has_interpreter", "mode", "address", "accessibility", "equipment",
    "meeting_url",
    "experts_wanted", "needs_further_training", "has_children", "fee_eur", "pays_travel", "invoice_reference",
    "preparation", "offers_pretalk", "offers_debrief", "recording", "is_open_call",
)  # fmt: skip
# A state further on follows from offers and their answers; the others are reached by the counter's acts.
BY_ACTS = (OrderState.DRAFT, OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING)


class Orders:
    """The orders of one document, its people, organisations and experts being made already."""

    def __init__(
        self,
        *,
        people: dict[str, User],
        organisations: dict[str, Organisation],
        experts: dict[str, Expert],
        coordinator: User,
        at: datetime,
    ) -> None:
        self.people, self.organisations, self.experts = people, organisations, experts
        self.coordinator, self.at = coordinator, at
        self.orders: dict[str, Order] = {}
        self.offers: dict[str, dict[str, int]] = {}
        self.assignments: dict[str, dict[str, int]] = {}

    def order(self, row: dict[str, object]) -> None:
        """Make an order, its offers and what became of them, and bring it to its state."""
        times = [(moment(t["starts_at"]), moment(t["ends_at"])) for t in row.get("times", [])]
        at = self._made_at(row, times)
        order = self._draft(row, times, at=at)
        wanted = OrderState(row.get("state", "searching"))
        step = BY_ACTS.index(wanted) if wanted in BY_ACTS else len(BY_ACTS)
        if step >= 1:
            order = orders.send(order, by=self.coordinator, at=at, on_behalf_of=order.contact)
            self._changes(order, row, at=at)
        if wanted == OrderState.DECLINED:
            reason = row.get("decline_reason", "")
            order = orders.decline(order, reason=reason, by=self.coordinator, at=at)
        elif step >= 2:
            order = orders.accept(order, by=self.coordinator, at=at)
        if step >= 3 and wanted != OrderState.DECLINED:
            order = assignments.open_search(order, by=self.coordinator, at=at)
        self.offers[row["key"]], self.assignments[row["key"]] = {}, {}
        agreed = []
        for n, offer in enumerate(row.get("offers", [])):
            with place(f"offers/{n}"):
                agreed.append((offer, self.offer(order, offer, row["key"], times, at=at)))
        order.refresh_from_db()
        self._end(order, row, wanted, agreed, at=at)
        order.refresh_from_db()
        if wanted not in BY_ACTS and order.state != wanted:
            raise BadSpec(
                f"the order is {order.state}, not {wanted}: its offers do not lead there."
            )
        self.orders[row["key"]] = order

    def _changes(self, order: Order, row: dict[str, object], *, at: datetime) -> None:
        """Ask for the changes that the document tells of, and answer where it says what."""
        for n, one in enumerate(row.get("change_requests", [])):
            with place(f"change_requests/{n}"):
                by = named(self.people, one["by"], "person") if "by" in one else order.contact
                asked_at = moment(one["at"]) if "at" in one else at
                asked = orders.ask_change(order, one["words"], by=by, at=asked_at)
                if "answer" in one:
                    answered_at = moment(one["answered_at"]) if "answered_at" in one else asked_at
                    orders.answer_change(asked, one["answer"], by=self.coordinator, at=answered_at)

    def _made_at(self, row: dict[str, object], times: list[tuple[datetime, datetime]]) -> datetime:
        if "at" in row:
            return moment(row["at"])
        first = min((starts for starts, _ends in times), default=self.at)
        is_sent = row.get("state", "searching") != OrderState.DRAFT
        return first - BEFORE_A_PAST_TASK if is_sent and first < self.at else self.at

    def _draft(
        self, row: dict[str, object], times: list[tuple[datetime, datetime]], *, at: datetime
    ) -> Order:
        contact = named(self.people, row["contact"], "person")
        organisation = named(self.organisations, row["organisation"], "organisation")
        order = orders.start(by=self.coordinator, at=at, organisation=organisation, contact=contact)
        minutes = int((times[0][1] - times[0][0]).total_seconds() // 60) if times else None
        return orders.save_draft(
            order, by=self.coordinator, at=at, **{name: row[name] for name in PLAIN if name in row},
            unit=unit(organisation, row.get("unit")),
            title=row.get("title", row["key"]), goal=row.get("goal", "–"), expert_does=row.get("expert_does", "–"),
            audience=row.get("audience", "–"), task_type=coded(TaskType, row["task_type"]),
            municipality=municipality(row.get("municipality")),
            payment=row.get("payment", Payment.AGREED if row.get("is_payment_agreed", True) else Payment.OPEN),
            length_minutes=row.get("length_minutes", minutes),
            sign_up_by=day(row["sign_up_by"]) if "sign_up_by" in row else None,
            wished_expert=named(self.experts, row["wished_expert"], "expert") if "wished_expert" in row else None,
            languages=[coded(Language, code) for code in row.get("languages", ["fi"])], times=times,
            themes=[(coded(Theme, t["theme"]), t.get("perspective", "")) for t in row.get("themes", [])],
        )  # fmt: skip

    def offer(
        self,
        order: Order,
        row: dict[str, object],
        key: str,
        times: list[tuple[datetime, datetime]],
        *,
        at: datetime,
    ) -> Assignment | None:
        """Offer the order to an expert, or sign them up, and answer as the document says."""
        expert = named(self.experts, row["expert"], "expert")
        at = moment(row["at"]) if "at" in row else at
        answer_by = moment(row["answer_by"]) if "answer_by" in row else at + ANSWER_TIME
        offer = self._made_offer(order, expert, row, times, at=at, answer_by=answer_by)
        self.offers[key][row["expert"]] = offer.pk
        answered_at = moment(row["answered_at"]) if "answered_at" in row else at
        state = OfferState(row.get("answer", "proposed"))
        if state == OfferState.ACCEPTED:
            made = self._yes(offer, row, times, at=answered_at)
            self.assignments[key][row["expert"]] = made.pk
            return made
        is_sign_up = offer.origin == Origin.SIGNED_UP
        if state == OfferState.DECLINED:
            by = self.coordinator if is_sign_up else expert.user
            assignments.decline(offer, by=by, at=answered_at)
        elif state == OfferState.WITHDRAWN:
            by = expert.user if is_sign_up else self.coordinator
            assignments.withdraw(offer, by=by, at=answered_at)
        elif state == OfferState.EXPIRED:
            assignments.expire(offer, at=offer.expires_at)
        return None

    def _made_offer(
        self,
        order: Order,
        expert: Expert,
        row: dict[str, object],
        times: list[tuple[datetime, datetime]],
        *,
        at: datetime,
        answer_by: datetime,
    ) -> Offer:
        origin = Origin(row.get("origin", Origin.SUGGESTED))
        if origin == Origin.SIGNED_UP:
            by = expert.user if expert.user.email else self.coordinator
            numbers = row.get("suits", [])
            if any(number >= len(times) for number in numbers):
                raise BadSpec(f"the order has no time number {max(numbers)}.")
            told = order.times.filter(starts_at__in=[times[number][0] for number in numbers])
            return assignments.sign_up(order, expert, times=told, by=by, at=at)
        wished = Offer.objects.proposed().filter(order=order, expert=expert, origin=Origin.NAMED)
        if origin == Origin.NAMED and (offer := wished.first()):
            return offer  # made when the search was opened
        return assignments.propose(
            order,
            expert,
            by=self.coordinator,
            at=at,
            answer_by=answer_by,
            origin=origin,
            words=row.get("words", ""),
        )

    def _yes(
        self,
        offer: Offer,
        row: dict[str, object],
        times: list[tuple[datetime, datetime]],
        *,
        at: datetime,
    ) -> Assignment:
        if row.get("time", 0) >= len(times):
            raise BadSpec(f"the order has no time number {row.get('time', 0)}.")
        wished = offer.order.times.filter(starts_at=times[row.get("time", 0)][0]).first()
        settled = offer.order.times.filter(is_settled=True).first()
        time = wished if "time" in row else settled or wished
        is_sign_up = offer.origin == Origin.SIGNED_UP
        by = self.coordinator if is_sign_up else offer.expert.user
        return assignments.accept(offer, by=by, at=at, via=Via(row.get("via", Via.DESK)), time=time)

    def _end(
        self,
        order: Order,
        row: dict[str, object],
        wanted: OrderState,
        agreed: list[tuple[dict[str, object], Assignment | None]],
        *,
        at: datetime,
    ) -> None:
        """Bring the order from its answers to the end that the document says."""
        by = self.coordinator
        for offer, task in agreed:
            if "cancelled" in offer:
                if task is None:
                    raise BadSpec("only an accepted offer can be cancelled.")
                assignments.cancel(task, by=by, **self._cancelled(offer["cancelled"], at=at))
        if wanted in {OrderState.DONE, OrderState.CLOSED}:
            self._do(order)
        for offer, task in agreed:
            for given in offer.get("feedback", []):
                self._feedback(given, task)
            for side in offer.get("debriefs", []):
                task_by = _of(task, side)
                feedback.ask_debrief(task, by=task_by, at=task.ends_at + AFTER_THE_TASK)
        if "what_changed" in row:
            told = row["what_changed"]
            told_at = moment(told["at"]) if "at" in told else self.at
            feedback.tell_what_changed(
                order, words=told["words"], by=order.contact, at=told_at, via=Via.DESK
            )
        order.refresh_from_db()
        if wanted == OrderState.CLOSED and order.state == OrderState.DONE:
            orders.close(order, by=by, at=self.at)
        elif wanted == OrderState.CANCELLED:
            how = self._cancelled(row.get("cancelled", {"whose": "orderer"}), at=at)
            assignments.cancel_order(order, by=by, **how)
        elif wanted == OrderState.NOT_FOUND:
            failure = Failure(row.get("failure", Failure.NO_YES))
            assignments.give_up(order, failure=failure, by=by, at=at)

    def _cancelled(self, row: dict[str, object], *, at: datetime) -> dict[str, object]:
        return {
            "whose": CancelledBy(row["whose"]),
            "reason": row.get("reason", ""),
            "at": moment(row["at"]) if "at" in row else at,
        }

    def _do(self, order: Order) -> None:
        """Note each agreed task as done an hour after its end."""
        tasks = order.assignments.filter(state=AssignmentState.AGREED)
        for task in tasks.select_related("order__contact", "expert__user").order_by("pk"):
            if task.ends_at > self.at:
                raise BadSpec(f"a task that ends at {task.ends_at.isoformat()} is not done yet.")
            feedback.close_task(task, by=self.coordinator, at=task.ends_at + AFTER_THE_TASK)

    def _feedback(self, row: dict[str, object], task: Assignment | None) -> None:
        if task is None:
            raise BadSpec("feedback needs an accepted offer.")
        task.refresh_from_db()
        given_at = moment(row["at"]) if "at" in row else task.ends_at + AFTER_THE_TASK
        feedback.give(
            task, side=Side(row["side"]), **{scale: row.get(scale, 4) for scale in SCALES},
            words=row.get("words", ""), by=_of(task, row["side"]), at=given_at, via=Via.DESK,
            wants_debrief=False,
        )  # fmt: skip


def _of(task: Assignment | None, side: str) -> User:
    if task is None:
        raise BadSpec("only an accepted offer can have a debrief.")
    return task.expert.user if side == Side.EXPERT else task.order.contact
