"""One of each state and duty among the invented things."""

from __future__ import annotations

from contextlib import suppress
from datetime import time, timedelta
from decimal import Decimal
from functools import partial

from luukku.accounts import actions as accounts
from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Via
from luukku.config.demo.orders import Orders
from luukku.config.demo.words import DOMAIN, GOALS, THOUGHTS
from luukku.content import actions as content
from luukku.core.known import known
from luukku.core.times import helsinki, instant
from luukku.experts.models import Expert
from luukku.feedback import actions as feedback
from luukku.feedback.models import Side, WhatChanged
from luukku.matching.queries import match
from luukku.notices.models import Letter
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, Every, Mode, Order, Payment
from luukku.orders.queries import series_days
from luukku.orders.states import OrderState
from luukku.organisations import actions as organisations
from luukku.organisations.models import Kind, MemberRole, Sector, Task
from luukku.taxonomy.models import Service, TaskType, Theme


class States(Orders):
    """One of each state and duty, so that every page has something to show."""

    def variety(self) -> None:
        """Make what chance leaves out, so that each desk, state and duty can be seen."""
        by, at = self.coordinator, self.at
        behind, responsible = self.behind[0]
        # One person with several roles: an expert who also orders, and trains elsewhere.
        many = Expert.objects.get(user__email=f"kokemus2@{DOMAIN}").user
        organisations.add_member(self.orderers[2][0], many, role=MemberRole.ORDERER, by=by, at=at)
        organisations.add_member(self.behind[1][0], many, role=MemberRole.PRODUCER, by=by, at=at)
        trainer = self.person(f"kouluttaja1@{DOMAIN}", self.name())
        trains = self._found(
            "Oppiva Ranta ry", Kind.NGO, [Task.TRAINS], "609", trainer, ["education"]
        )
        organisations.vet(trains, by=by, at=at)
        # An orderer without e-mail, whom the counter serves by phone.
        caller = self.person("", self.name(), phone="040 000 0190")
        organisations.add_member(self.orderers[5][0], caller, role=MemberRole.ORDERER, by=by, at=at)
        # Organisations that were refused, that have ended, and that have named no contact person.
        for name, act in (
            ("Saariston kyläyhdistys ry", organisations.vet),
            (
                "Nopea Voitto Oy",
                partial(
                    organisations.refuse,
                    reason="Yrityksen Y-tunnusta ei löytynyt eikä yhteyshenkilöä tavoitettu.",
                ),
            ),
            ("Entinen Hanke", organisations.end),
        ):
            act(
                organisations.found(name=name, kind=Kind.OTHER, tasks=[Task.ORDERS], by=by, at=at),
                by=by,
                at=at,
            )
        self._profiles(behind, responsible)
        self._orders()
        self._practice(self.orderers[0][1])
        self._to_call(caller)
        self._changes(theme=known(many.expert.experiences.first()).theme)

    def _practice(self, sender: User) -> None:
        """Have an orderer suggest a good practice that waits for its reader."""
        content.submit_practice(
            content.PracticeWords(
                title="Kysymykset etukäteen kortille",
                intro="Opiskelijat kirjoittavat kysymyksensä korteille ennen oppituntia.",
                done="Ryhmä kokosi kysymykset edellisellä tunnilla, ja kokemusasiantuntija sai ne luettavakseen.",
                changed="Hiljaisetkin saivat kysymyksensä kuuluviin, ja oppitunti pysyi aiheessa.",
                contact="Luukun kautta",
                themes=[],
                services=[Service.objects.get(code="education")],
                task_types=[TaskType.objects.get(code="lecture")],
            ),
            language="fi",
            by=sender,
            at=self.at,
        )

    def _orders(self) -> None:
        by, at = self.coordinator, self.at
        waiting = list(Order.objects.in_state(OrderState.SENT).order_by("pk"))
        if len(waiting) > 3:
            orders.accept(waiting[0], by=by, at=at)
            orders.decline(
                waiting[1],
                reason="Tähän sopii paremmin vertaistukiryhmä. Soittakaa, niin autamme löytämään sen.",
                by=by,
                at=at,
            )
            assignments.cancel_order(
                waiting[2],
                whose=CancelledBy.ORDERER,
                reason="Koulutuspäivä siirtyi keväälle.",
                by=known(waiting[2].contact),
                at=at,
            )
        self._series()
        self._sign_up()
        done = Assignment.objects.filter(state="done").order_by("pk").first()
        if done is not None:
            feedback.ask_debrief(
                done,
                by=by,
                at=at - timedelta(days=1),
                on_behalf_of=done.expert.user,
            )

    def _series(self) -> None:
        """Make two orders that repeat: one that waits to be read, one whose expert has been asked for all its dates."""
        school, teacher = self.orderers[0]
        made = self.at - timedelta(hours=2)
        for code, every, is_one_expert in (
            ("talk", Every.MONTH, False),
            ("pair_work", Every.TWO_WEEKS, True),
        ):
            first = helsinki(self.at).date() + timedelta(days=30)
            first += timedelta(days=-first.weekday() % 7 + 1)  # a Tuesday
            starts = instant(first, time(12, 30))
            draft = self._draft(
                code,
                organisation=school,
                by=teacher,
                at=made,
                mode=Mode.PLACE,
                experts_wanted=1,
                payment=Payment.AGREED,
                fee_eur=Decimal(80),
                themes=[(self.asked[0], "")],
                times=[(starts, starts + timedelta(minutes=90))],
            )
            sent = orders.send_series(
                draft,
                days=series_days(first, every, 5),
                every=every,
                is_one_expert=is_one_expert,
                by=teacher,
                at=made,
            )
        series = known(sent[0].series)
        orders.accept_series(series, by=self.coordinator, at=made)
        searched = assignments.open_search_series(series, by=self.coordinator, at=made)
        for candidate in match(searched[0], at=made, limit=2).candidates:
            expert = Expert.objects.get(pk=candidate.expert_id)
            with suppress(assignments.AlreadyBooked):
                assignments.propose_series(
                    series,
                    expert,
                    by=self.coordinator,
                    at=made,
                    answer_by=made + timedelta(days=5),
                    reasons=candidate.reasons,
                )

    def _changes(self, *, theme: Theme) -> None:
        """Make what has changed: an organisation's details, a contact person, an address, an expert who cannot come."""
        by, at = self.coordinator, self.at
        school, teacher = self.orderers[0]
        organisations.edit(
            school, name=f"{school.name}, avoin linja", kind=Kind(school.kind), sector=Sector(school.sector),
            municipality=school.municipality, services=list(school.services.all()),
            business_id=school.business_id, by=teacher, at=at,
        )  # fmt: skip
        leaver = self.person(f"lahtija1@{DOMAIN}", self.name())
        left = self._found("Meren koulu", Kind.SCHOOL, [Task.ORDERS], "609", leaver, ["education"])
        organisations.vet(left, by=by, at=at)
        starts = instant(helsinki(at).date() + timedelta(days=40), time(10))
        times = (starts, starts + timedelta(minutes=90))
        self._searching("talk", left, leaver, theme=theme, made=at, time=times)
        for membership in left.memberships.filter(user=leaver).order_by("pk"):
            assignments.remove_member(membership, by=by, at=at)
        task = (
            Assignment.objects.filter(state="agreed", starts_at__gt=at + timedelta(days=5))
            .select_related("expert__user")
            .order_by("-starts_at", "-pk")
            .first()
        )
        if task is not None:
            assignments.cancel(
                task,
                whose=CancelledBy.EXPERT,
                reason="Sairastuin, en pääse.",
                by=by,
                at=at,
                on_behalf_of=task.expert.user,
            )
        asked_at = at - timedelta(days=3, hours=1)
        accounts.ask_address(
            leaver,
            f"uusi.osoite@{DOMAIN}",
            reason="Vanha työsähköposti on suljettu.",
            identity="Tunnistin puhelimessa, soitin tuttuun numeroon.",
            by=User.objects.get(email=f"yllapito@{DOMAIN}"),
            at=asked_at,
        )
        # The letter to the old address has left then, too: the time to object is counted from it.
        Letter.objects.filter(kind="accounts.address_asked", reader=leaver).update(sent_at=asked_at)

    def _sign_up(self) -> None:
        """Have somebody sign up to an open call by themselves."""
        expert = known(Expert.objects.active().exclude(user__email=None).order_by("pk").last())
        (organisation, user), day = self.orderers[3], helsinki(self.at).date() + timedelta(days=30)
        order = self._searching(
            "pair_work",
            organisation,
            user,
            theme=known(expert.experiences.first()).theme,
            made=self.at - timedelta(days=2),
            time=(instant(day, time(13)), instant(day, time(14, 30))),
        )
        assignments.sign_up(order, expert, by=expert.user, at=self.at)

    def _to_call(self, caller: User) -> None:
        """Make what waits for a call: a draft, a silent expert, a task nobody marked, a silent orderer."""
        by, at, day = self.coordinator, self.at, timedelta(days=1)
        organisation = self.orderers[5][0]
        begun = orders.start(by=by, at=at, organisation=organisation, contact=caller)
        orders.save_draft(begun, by=by, at=at, title=GOALS["lecture"][0])
        expert = known(Expert.objects.active().select_related("user").order_by("pk").last())
        (organisation, user), theme = self.orderers[1], known(expert.experiences.first()).theme
        past = (at - timedelta(minutes=90), at)
        offer = self._offer(
            "talk", expert, organisation, user, theme=theme, made=at - 10 * day, time=past
        )
        assignments.accept(
            offer,
            by=by,
            at=at - 9 * day,
            via=Via.COUNTER,
            time=offer.order.times.get(),
            on_behalf_of=expert.user,
        )
        soon = (at + 12 * day, at + 12 * day + timedelta(minutes=90))
        self._offer(
            "panel", expert, organisation, user, theme=theme, made=at - 5.5 * day, time=soon
        )
        silent = known(WhatChanged.objects.filter(answered_at=None).order_by("pk").first())
        silent.ask_on = (at - 20 * day).date()
        silent.save(update_fields=["ask_on"])
        feedback.ask_what_changed(at=at - 15 * day)

    def first_days(self, expert: Expert) -> None:
        """Give the first expert one of each: a task told about, one to tell about, one agreed, one to answer."""
        expert.refresh_from_db()
        (organisation, user), theme = self.orderers[0], known(expert.experiences.first()).theme
        for code, days in (("talk", -24), ("panel", -3), ("lecture", 9), ("pair_work", 16)):
            made = self.at + timedelta(days=min(days - 15, -2))
            day = helsinki(self.at).date() + timedelta(days=days)
            slot = (instant(day, time(13)), instant(day, time(14, 30)))
            offer = self._offer(code, expert, organisation, user, theme=theme, made=made, time=slot)
            if code == "pair_work":
                continue
            task = assignments.accept(
                offer,
                by=expert.user,
                at=made + timedelta(hours=5),
                via=Via.DESK,
                time=offer.order.times.get(),
            )
            if days < 0:
                feedback.close_task(task, by=user, at=task.ends_at + timedelta(hours=1))
            if code == "talk":
                self.told(task, user)
            if code == "panel":  # the expert's own is still to come
                self._tell(task, Side.ORDERER, user, THOUGHTS[Side.ORDERER][0], at=task.ends_at)
