"""Where an order goes; beside each act its permission twin."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.notices.models import Channel, Letter
from luukku.orders import actions, states
from luukku.orders.actions import Incomplete, NotVetted
from luukku.orders.models import CancelledBy, Failure, Order, UnmetDemand
from luukku.orders.states import OrderState
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import TaskType, Theme
from luukku.workflow.actions import WrongState
from tests.factories.orders import (
    coordinator_of_orders,
    make_draft,
    make_order,
    make_orderer,
    make_vetted_organisation,
)

pytestmark = pytest.mark.django_db
S = OrderState

ACTS = {
    # act: (Move, a state to come from, what else it takes)
    "send": (states.SEND, S.DRAFT, {}),
    "accept": (states.ACCEPT, S.SENT, {}),
    "decline": (states.DECLINE, S.SENT, {"reason": "Ei ole kokemustehtävä."}),
    "search": (states.SEARCH, S.ACCEPTED, {}),
    "staff": (states.STAFF, S.SEARCHING, {}),
    "reopen": (states.REOPEN, S.STAFFED, {}),
    "finish": (states.FINISH, S.STAFFED, {}),
    "close": (states.CLOSE, S.DONE, {}),
    "cancel": (
        states.CANCEL,
        S.SENT,
        {"whose": CancelledBy.ORDERER, "reason": "Tilaisuus siirtyi."},
    ),
    "give_up": (states.GIVE_UP, S.SEARCHING, {"failure": Failure.THEME, "missing": 1}),
}
OWN_ACTS = {"send", "finish", "cancel"}


def act_on(order, act, by, at):
    return getattr(actions, act)(order, by=by, at=at, **ACTS[act][2])


@pytest.mark.parametrize("act", ACTS)
def test_act_moves_the_order_and_is_audited(at, act):
    move, state, _more = ACTS[act]
    order = make_order(at, state=state)

    moved = act_on(order, act, coordinator_of_orders(), at)

    assert moved.state == move.target
    event = AuditEvent.objects.get(act=move.name)
    assert (event.object_id, event.data["from"], event.data["to"]) == (
        str(order.pk),
        state,
        move.target,
    )


@pytest.mark.parametrize("act", ACTS)
def test_act_by_a_stranger_is_refused(at, act):
    order = make_order(at, state=ACTS[act][1])

    with pytest.raises(PermissionDenied):
        act_on(order, act, make_orderer(), at)

    order.refresh_from_db()
    assert order.state == ACTS[act][1]


@pytest.mark.parametrize("act", ACTS)
def test_act_by_the_orderer_is_for_their_own_side_only(at, act):
    order = make_order(at, state=ACTS[act][1])

    if act in OWN_ACTS:
        assert act_on(order, act, order.contact, at).state == ACTS[act][0].target
    else:
        with pytest.raises(PermissionDenied):
            act_on(order, act, order.contact, at)


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", OrderState)
def test_act_in_any_other_state_is_refused(at, act, state):
    if state in ACTS[act][0].sources:
        return
    order = make_order(at, state=state)

    with pytest.raises(WrongState):
        act_on(order, act, coordinator_of_orders(), at)


def letters(order):
    return list(
        Letter.objects.filter(reader=order.contact).order_by("pk").values_list("kind", flat=True)
    )


@pytest.mark.parametrize(
    "state, told",
    [
        (S.SENT, ["orders.received"]),
        (S.ACCEPTED, ["orders.received", "orders.accepted"]),
        (S.SEARCHING, ["orders.received", "orders.accepted", "orders.searching"]),
        (S.STAFFED, ["orders.received", "orders.accepted", "orders.searching", "orders.staffed"]),
        (S.DECLINED, ["orders.received", "orders.declined"]),
        (S.CANCELLED, ["orders.received", "orders.cancelled"]),
        (
            S.NOT_FOUND,
            ["orders.received", "orders.accepted", "orders.searching", "orders.not_found"],
        ),
    ],
)
def test_the_orderer_is_told_what_they_must_know(at, state, told):
    assert letters(make_order(at, state=state)) == told


def test_send_on_behalf_of_somebody_without_email_is_told_on_paper(at):
    orderer = make_orderer(email="")
    draft = make_draft(at, orderer=orderer)

    order = actions.send(draft, by=coordinator_of_orders(), at=at, on_behalf_of=orderer)

    assert AuditEvent.objects.get(act="orders.send").on_behalf_of_id == orderer.pk
    assert Letter.objects.get(reader=order.contact).channel == Channel.PAPER


@pytest.mark.parametrize(
    "changes, missing",
    [
        ({"task_type": None}, ["task_type"]),
        ({"title": ""}, ["title"]),
        ({"goal": ""}, ["goal"]),
        ({"expert_does": ""}, ["expert_does"]),
        ({"audience": ""}, ["audience"]),
        ({"length_minutes": None}, ["length_minutes"]),
        ({"themes": ()}, ["themes"]),
        ({"languages": ()}, ["languages"]),
        ({"municipality": None}, ["municipality"]),
        ({"days": ()}, ["times"]),
        ({"days": (-1,)}, ["times_past"]),
        ({"days": (-1, 14)}, ["times_past"]),
        ({"payment": ""}, ["payment"]),
        ({"title": "", "days": ()}, ["title", "times"]),
    ],
)
def test_send_names_what_is_missing_and_loses_nothing(at, changes, missing):
    draft = make_draft(at, **changes)

    with pytest.raises(Incomplete) as error:
        actions.send(draft, by=draft.contact, at=at)

    assert (error.value.missing, str(error.value)) == (missing, ", ".join(missing))
    draft.refresh_from_db()
    assert (draft.state, draft.sent_at, Letter.objects.count()) == (S.DRAFT, None, 0)


def test_send_of_a_remote_task_needs_no_municipality(at):
    draft = make_draft(at, mode="remote", municipality=None)

    assert actions.send(draft, by=draft.contact, at=at).state == S.SENT


def test_send_without_an_organisation_is_refused(at):
    draft = make_draft(at)
    Order.objects.update(organisation=None)

    with pytest.raises(Incomplete) as error:
        actions.send(draft, by=coordinator_of_orders(), at=at)

    assert error.value.missing == ["organisation"]


def test_send_with_a_theme_switched_off_meanwhile_keeps_the_draft(at):
    draft = make_draft(at, themes=("cancer", "sleep"))
    Theme.objects.filter(code="sleep").update(is_active=False)

    with pytest.raises(Incomplete) as error:
        actions.send(draft, by=draft.contact, at=at)

    assert error.value.missing == ["themes_off"]
    assert draft.order_themes.count() == 2


def test_send_with_a_task_type_switched_off_meanwhile_keeps_the_draft(at):
    draft = make_draft(at)
    TaskType.objects.filter(code="talk").update(is_active=False)

    with pytest.raises(Incomplete) as error:
        actions.send(draft, by=draft.contact, at=at)

    assert error.value.missing == ["task_type_off"]


def test_send_when_the_wished_time_begins_now_is_too_late(at):
    draft = make_draft(at, times=[(at, at + timedelta(hours=1))])

    with pytest.raises(Incomplete):
        actions.send(draft, by=draft.contact, at=at)


@pytest.mark.parametrize("state", [OrganisationState.WAITING, OrganisationState.REFUSED])
def test_accept_waits_until_the_organisation_has_been_checked(at, state):
    orderer = make_orderer(make_vetted_organisation(state=state))
    order = make_order(at, orderer=orderer)

    with pytest.raises(NotVetted):
        actions.accept(order, by=coordinator_of_orders(), at=at)

    order.refresh_from_db()
    assert order.state == S.SENT


def test_accept_notes_who_decided_and_when(at):
    order = make_order(at, state=S.ACCEPTED)

    assert (order.decided_by, order.decided_at) == (coordinator_of_orders(), at)


def test_decline_gives_the_reason_in_the_letter(at):
    order = make_order(at, state=S.DECLINED)

    letter = Letter.objects.get(kind="orders.declined")
    assert order.decline_reason in letter.body
    assert order.decline_reason not in letter.subject


def test_cancel_by_the_orderer_in_the_experts_name_is_refused(at):
    order = make_order(at)

    with pytest.raises(PermissionDenied):
        actions.cancel(order, whose=CancelledBy.EXPERT, reason="x", by=order.contact, at=at)


@pytest.mark.parametrize(
    "starts_in, hours",
    [(None, None), (timedelta(hours=30, minutes=59), 30), (timedelta(minutes=-1), -1)],
)
def test_cancel_notes_who_why_and_how_late(at, starts_in, hours):
    order = make_order(at)

    order = actions.cancel(
        order,
        whose=CancelledBy.ORDERER,
        reason="Ryhmä jäi pieneksi.",
        by=order.contact,
        at=at,
        starts_at=None if starts_in is None else at + starts_in,
    )

    assert (order.cancelled_by, order.cancel_reason, order.cancelled_hours_before) == (
        CancelledBy.ORDERER,
        "Ryhmä jäi pieneksi.",
        hours,
    )


def test_cancel_of_a_draft_tells_nobody(at):
    draft = make_draft(at)

    actions.cancel(draft, whose=CancelledBy.ORDERER, reason="", by=draft.contact, at=at)

    assert Letter.objects.count() == 0


def test_give_up_counts_the_unmet_need_as_it_was(at):
    order = make_order(at, state=S.SEARCHING, themes=("sleep", "cancer"), experts_wanted=2)

    order = actions.give_up(
        order, failure=Failure.DISTANCE, missing=2, by=coordinator_of_orders(), at=at
    )

    unmet = UnmetDemand.objects.get()
    assert (unmet.theme_codes, unmet.task_type_code, unmet.municipality_id) == (
        ["cancer", "sleep"],
        "talk",
        "609",
    )
    assert (unmet.wanted_on, unmet.failure, unmet.missing) == (
        date(2026, 12, 15),
        Failure.DISTANCE,
        2,
    )


def test_unmet_need_whose_search_is_opened_again_counts_by_what_came_of_that(at):
    order = make_order(at, state=OrderState.NOT_FOUND)
    first = order.unmet.get()
    counter = coordinator_of_orders()

    actions.reopen(order, by=counter, at=at + timedelta(days=1))
    reopened = list(UnmetDemand.objects.standing())
    actions.give_up(order, failure=Failure.NO_YES, missing=1, by=counter, at=at + timedelta(days=2))

    first.refresh_from_db()
    assert (reopened, first.reopened_at) == ([], at + timedelta(days=1))
    assert [row.failure for row in UnmetDemand.objects.standing()] == [Failure.NO_YES]
    assert order.unmet.count() == 2


def test_reopening_after_a_cancellation_leaves_what_was_missed_before_as_it_was(at):
    order = make_order(at, state=OrderState.STAFFED)
    counter = coordinator_of_orders()
    actions.count_unmet(order, failure=Failure.TIME, missing=1, by=counter, at=at)

    actions.reopen(order, by=counter, at=at + timedelta(days=1))

    assert UnmetDemand.objects.standing().count() == 1


def test_unmet_need_outlives_its_order_as_it_was(at):
    order = make_order(at, state=S.NOT_FOUND, themes=("sleep",))
    facts = ("missing", "failure", "theme_codes", "task_type_code", "municipality_id", "at")
    facts += ("wanted_on",)
    before = UnmetDemand.objects.values(*facts).get()

    Order.objects.filter(pk=order.pk).delete()  # as retention does

    assert UnmetDemand.objects.values(*facts).get() == before
    assert str(UnmetDemand.objects.get()) == "order (gone): theme"


def test_count_unmet_by_the_orderer_is_refused(at):
    order = make_order(at, state=S.SEARCHING)

    with pytest.raises(PermissionDenied):
        actions.count_unmet(order, failure=Failure.THEME, missing=1, by=order.contact, at=at)


def test_reopen_after_not_found_looks_again(at):
    order = make_order(at, state=S.NOT_FOUND)

    assert actions.reopen(order, by=coordinator_of_orders(), at=at).state == S.SEARCHING
