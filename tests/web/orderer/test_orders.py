"""Orders on the organisation's desk: the list, one order, copying, cancelling, telling afterwards."""

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import DatabaseError
from django.urls import reverse

from luukku.accounts.models import Role
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState, OfferState
from luukku.audit.models import AccessLog
from luukku.content.actions import start_practice
from luukku.feedback.models import Debrief, Feedback, WhatChanged
from luukku.notices.models import Letter
from luukku.orders.models import CancelledBy, Failure, Order, Series
from luukku.orders.states import OrderState
from luukku.organisations.states import OrganisationState
from luukku.privacy.actions import set_consents
from luukku.taxonomy.models import TaskType
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed
from tests.factories.experts import make_expert
from tests.factories.orders import (
    coordinator_of_orders,
    make_draft,
    make_order,
    make_orderer,
    make_series,
    make_vetted_organisation,
)
from tests.markup import flat
from tests.readings import noted
from tests.web.orderer.conftest import make_task

FEEDBACK = {"smooth": "5", "useful": "4", "heard": "5", "again": "5", "words": "Hieno käynti"}


def at(name, pk):
    return reverse(f"orderer:{name}", args=[pk])


def text(response):
    return response.content.decode()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def sign_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def test_order_begins_with_the_kind_whose_page_led_here(desk):
    moved = desk.get("/en/order/", {"task": "pair_work"})
    assert moved["Location"] == f"{reverse('orderer:order-new')}?task=pair_work"

    page = flat(desk.get(moved["Location"]))
    first = desk.post(reverse("orderer:order-new"), {"task": "pair_work"})["Location"]

    assert 'name="task" value="pair_work"' in page
    kind = TaskType.objects.get(code="pair_work")
    assert desk.get(first).context["form"]["task_type"].value() == kind.pk


# -- The list ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_orders_ask_the_database_the_same_for_one_and_three(
    desk, orderer, count, django_assert_num_queries
):
    for _n in range(count):
        make_order(orderer=orderer, days=(14, 21))
    desk.get(reverse("orderer:orders"))

    with django_assert_num_queries(7):
        response = desk.get(reverse("orderer:orders"))

    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("page", ["orders", "desk"])
def test_orders_stand_by_the_day_of_their_event(desk, orderer, now, page):
    made = {days: make_order(now, orderer=orderer, days=(days,)).pk for days in (30, 10, 20)}
    past = make_order(now - timedelta(days=40), orderer=orderer, days=(10,)).pk

    text = desk.get(reverse(f"orderer:{page}")).content.decode()

    shown = [int(pk) for pk in re.findall(r'/orderer/orders/(\d+)/"', text)]
    assert list(dict.fromkeys(shown)) == [made[10], made[20], made[30], past]


def test_orders_of_other_organisations_are_not_listed(desk):
    make_order(title="Toisten")

    response = desk.get(reverse("orderer:orders"))

    assert response.context["rows"] == []
    assert "No orders here." in text(response)


def test_orders_can_be_narrowed_to_a_state(desk, orderer):
    make_order(orderer=orderer)
    wanted = make_order(orderer=orderer, state=OrderState.CLOSED)

    shown = desk.get(reverse("orderer:orders"), {"state": "closed"}).context["rows"]
    everything = desk.get(reverse("orderer:orders"), {"state": "nonsense"}).context["rows"]

    assert ([order for order, _hint in shown], len(everything)) == ([wanted], 2)


def test_orders_leave_out_deleted_drafts(desk, orderer):
    draft = make_draft(orderer=orderer)
    desk.post(at("order-cancel", draft.pk), {})

    assert desk.get(reverse("orderer:orders")).context["rows"] == []
    assert desk.get(at("order", draft.pk)).status_code == 404


def test_orders_of_many_come_in_pages(desk, orderer):
    for _n in range(21):
        make_draft(orderer=orderer)

    second = desk.get(reverse("orderer:orders"), {"page": 2})

    assert len(second.context["rows"]) == 1


def test_coordinator_who_also_orders_sees_here_only_the_own_organisations_orders(client, db):
    both = make_orderer(roles=[Role.COORDINATOR])
    own, others = make_order(orderer=both), make_order()
    sign_in(client, both)

    assert client.get(at("order", own.pk)).status_code == 200
    assert client.get(at("order", others.pk)).status_code == 404


# -- Beginning and copying ------------------------------------------------------------------------------------


def test_new_order_can_begin_from_an_earlier_one(desk, orderer):
    earlier = make_order(orderer=orderer, title="Viime kevään käynti")
    page = text(desk.get(reverse("orderer:order-new")))

    response = desk.post(at("order-copy", earlier.pk))

    assert "Viime kevään käynti" in page
    twin = Order.objects.get(copied_from=earlier)
    assert response["Location"] == at("order-check", twin.pk)
    assert twin.title == "Viime kevään käynti"


def test_copy_of_a_strangers_order_is_not_there(desk):
    assert desk.post(at("order-copy", make_order().pk)).status_code == 404


# -- One order ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", OrderState)
def test_order_page_says_what_happens_next_in_every_state(desk, orderer, state):
    order = make_order(orderer=orderer, state=state)

    response = desk.get(at("order", order.pk))

    if state == OrderState.DRAFT:
        assert response["Location"] == at("order-check", order.pk)
    else:
        assert str(response.context["next_step"]) in text(response).replace("&#x27;", "'")


def test_order_page_of_a_stranger_is_not_there(desk):
    assert desk.get(at("order", make_order().pk)).status_code == 404


def test_order_page_gives_the_counters_words(desk, orderer):
    order = make_order(orderer=orderer, state=OrderState.DECLINED)

    assert order.decline_reason in text(desk.get(at("order", order.pk)))


def test_order_page_opens_the_identity_after_the_yes_and_notes_it(desk, agreed_task, orderer):
    person = agreed_task.expert.user

    page = text(desk.get(at("order", agreed_task.order_id)))

    assert person.name in page
    assert person.email in page
    assert noted(orderer)[person.pk] >= {"accounts.user.name", "accounts.user.email"}


def test_order_page_before_the_yes_shows_the_card_and_no_name(desk, orderer, now):
    order = assignments.open_search(
        make_order(orderer=orderer, state=OrderState.ACCEPTED), by=coordinator_of_orders(), at=now
    )
    expert = make_expert()
    assignments.propose(
        order, expert, by=coordinator_of_orders(), at=now, answer_by=now + timedelta(days=3)
    )

    page = text(desk.get(at("order", order.pk)))

    assert expert.code_name in page
    assert expert.user.name not in page
    assert expert.user.email not in page
    assert "accounts.user.name" not in noted(orderer)[expert.user_id]


def test_order_page_says_when_nobody_is_asked_right_now(desk, orderer):
    order = make_order(orderer=orderer, state=OrderState.SEARCHING)

    assert "Nobody’s answer is awaited right now." in text(desk.get(at("order", order.pk)))


def test_order_page_forgets_who_said_no(desk, orderer, now):
    order = assignments.open_search(
        make_order(orderer=orderer, state=OrderState.ACCEPTED), by=coordinator_of_orders(), at=now
    )
    expert = make_expert()
    offer = assignments.propose(
        order, expert, by=coordinator_of_orders(), at=now, answer_by=now + timedelta(days=3)
    )
    offer = assignments.decline(offer, by=expert.user, at=now)

    assert offer.state == OfferState.DECLINED
    assert expert.code_name not in text(desk.get(at("order", order.pk)))


def test_order_page_of_an_unchecked_organisation_shows_no_card_and_says_why(client, now, db):
    orderer = make_orderer()
    order = assignments.open_search(
        make_order(orderer=orderer, state=OrderState.ACCEPTED), by=coordinator_of_orders(), at=now
    )
    expert = make_expert()
    assignments.propose(
        order, expert, by=coordinator_of_orders(), at=now, answer_by=now + timedelta(days=3)
    )
    orderer.organisations.update(state=OrganisationState.WAITING)
    sign_in(client, orderer)

    response = client.get(at("order", order.pk))

    page = text(response)
    assert response.context["asked"] == []
    assert expert.code_name not in page
    assert "as soon as the counter has checked your organisation" in page


def test_order_page_keeps_the_name_of_an_expert_who_wishes_it_so(desk, agreed_task, now):
    person = agreed_task.expert.user
    set_consents(person, set(), by=person, at=now)

    page = text(desk.get(at("order", agreed_task.order_id)))

    assert person.name not in page
    assert agreed_task.expert.code_name in page
    assert "The counter passes messages on." in page


def test_order_page_shows_what_changed(desk, done_task, orderer, now):
    desk.post(at("changed", done_task.order_id), {"words": "Otimme käyttöön uuden tavan."})

    assert "Otimme käyttöön uuden tavan." in text(desk.get(at("order", done_task.order_id)))


def test_order_page_leads_to_the_practice_written_from_the_answer_once_it_is_public(
    desk, done_task, now
):
    order, counter = done_task.order_id, make_coordinator()
    said_yes = {"words": "Jono lyheni.", "may_be_practice": "on"}
    desk.post(at("changed", order), said_yes)
    practice = start_practice(WhatChanged.objects.get(order=order), by=counter, at=now)
    assert practice.address not in text(desk.get(at("order", order)))

    practice.title, practice.intro = "Jono lyheni", "Näin."
    practice.save_revision(user=counter).publish()

    link = f'<a href="{practice.address}" lang="fi">Jono lyheni</a>'
    assert link in flat(desk.get(at("order", order)))
    assert (
        "lang" not in text(desk.get(f"/fi/orderer/orders/{order}/")).split(practice.address)[1][:9]
    )


def test_order_page_asks_what_changed_when_its_day_has_come(desk, done_task, now):
    assert "Tell what changed" not in text(desk.get(at("order", done_task.order_id)))

    WhatChanged.objects.update(asked_at=now)

    assert "Tell what changed" in text(desk.get(at("order", done_task.order_id)))


# -- Cancelling -------------------------------------------------------------------------------------------------


def test_cancel_asks_first_and_tells_the_expert(desk, agreed_task):
    page = text(desk.get(at("order-cancel", agreed_task.order_id)))

    response = desk.post(at("order-cancel", agreed_task.order_id), {"reason": "Koulutus siirtyi."})

    assert "An expert has agreed to come." in page
    assert said(response) == ["The order has been cancelled. Everybody who had said yes is told."]
    order = Order.objects.get(pk=agreed_task.order_id)
    assert (order.state, order.cancelled_by, order.cancel_reason) == (
        OrderState.CANCELLED,
        CancelledBy.ORDERER,
        "Koulutus siirtyi.",
    )
    assert order.cancelled_hours_before in range(13 * 24, 14 * 24 + 1)
    agreed_task.refresh_from_db()
    assert agreed_task.state == AssignmentState.CANCELLED
    assert agreed_task.expert.user.letters.filter(kind="assignments.cancelled").count() == 1
    assert "Koulutus siirtyi." in text(desk.get(at("order", order.pk)))


def test_cancel_without_anybody_agreed_says_so(desk, orderer):
    page = text(desk.get(at("order-cancel", make_order(orderer=orderer).pk)))

    assert "Nobody has been agreed on yet." in page


def test_cancel_of_one_of_a_series_says_which_stay_in_force(desk, orderer):
    order = make_order(orderer=orderer)
    others = [make_order(orderer=orderer) for _n in range(2)]
    ended = make_order(orderer=orderer, state=OrderState.DECLINED)
    Order.objects.update(series=Series.objects.create(made_at=order.made_at))

    page = flat(desk.get(at("order-cancel", order.pk)))
    response = desk.post(at("order-cancel", order.pk), {"reason": "Syy", "which": "one"})

    for one in others:
        assert f"Order {one.pk}: " in page
    assert f"Order {ended.pk}: " not in page
    assert said(response)[1] == (
        f"Of the orders made together these stay in force: {others[0].pk}, {others[1].pk}."
    )
    letter = Letter.objects.get(kind="orders.cancelled")
    assert letter.body == "Tilaus on peruttu."


def test_cancel_with_too_long_a_reason_is_told_at_the_field(desk, orderer):
    order = make_order(orderer=orderer)

    response = desk.post(at("order-cancel", order.pk), {"reason": "x" * 1_000_000})

    assert (response.status_code, "reason" in response.context["form"].errors) == (422, True)
    order.refresh_from_db()
    assert order.state == OrderState.SENT


def test_cancel_of_a_draft_deletes_it(desk, orderer):
    draft = make_draft(orderer=orderer)
    page = text(desk.get(at("order-cancel", draft.pk)))

    response = desk.post(at("order-cancel", draft.pk), {})

    assert "Delete the draft?" in page
    assert (response["Location"], said(response)) == (
        reverse("orderer:orders"),
        ["The draft has been deleted."],
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_cancel_of_an_ended_order_is_told_kindly(desk, orderer, method):
    order = make_order(orderer=orderer, state=OrderState.CLOSED)

    response = getattr(desk, method)(at("order-cancel", order.pk))

    assert response["Location"] == at("order", order.pk)
    assert said(response) == ["The order has moved on meanwhile. Here is how it stands now."]


def test_cancel_against_somebody_faster_is_told_kindly(desk, orderer, monkeypatch):
    order = make_order(orderer=orderer)
    stale = Order.objects.get(pk=order.pk)
    Order.objects.filter(pk=order.pk).update(state=OrderState.DECLINED)
    monkeypatch.setattr(
        "luukku.web.orderer.orders.get_object_or_404", lambda *args, **kwargs: stale
    )

    response = desk.post(at("order-cancel", order.pk), {"reason": ""})

    assert said(response) == ["The order has moved on meanwhile. Here is how it stands now."]


def test_cancel_of_a_strangers_order_is_not_there(desk):
    assert desk.post(at("order-cancel", make_order().pk), {}).status_code == 404


@pytest.fixture
def pair(orderer, now):
    """Two agreed tasks of one order."""
    first = make_task(orderer, now, experts_wanted=2)
    return [first, make_agreed(now, order=first.order)]


def test_task_cancel_by_itself_leaves_the_rest_of_the_order(desk, pair):
    gone, stays = pair
    order_page = text(desk.get(at("order", gone.order_id)))
    page = text(desk.get(at("task-cancel", gone.pk)))

    response = desk.post(at("task-cancel", gone.pk), {"reason": "Ryhmä pieneni."})

    assert at("task-cancel", gone.pk) in order_page
    assert at("task-cancel", stays.pk) in order_page
    assert gone.expert.code_name in page
    assert "The other experts of the order come as agreed." in page
    assert said(response) == [
        "The task has been cancelled. The expert is told, and the rest goes on as agreed."
    ]
    tasks = Assignment.objects.filter(order=gone.order_id).order_by("pk")
    assert [task.state for task in tasks] == [AssignmentState.CANCELLED, AssignmentState.AGREED]
    order = Order.objects.get(pk=gone.order_id)
    assert (order.state, order.experts_wanted) == (OrderState.STAFFED, 1)
    assert at("task-cancel", stays.pk) not in text(desk.get(at("order", order.pk)))


def test_task_cancel_can_ask_for_another_expert(desk, pair):
    desk.post(at("task-cancel", pair[0].pk), {"reason": "", "is_replaced": "on"})

    order = Order.objects.get(pk=pair[0].order_id)
    assert (order.state, order.experts_wanted) == (OrderState.SEARCHING, 2)


def test_task_cancel_of_the_only_task_leads_to_cancelling_the_order(desk, agreed_task):
    response = desk.get(at("task-cancel", agreed_task.pk))

    assert response["Location"] == at("order-cancel", agreed_task.order_id)


def test_task_cancel_with_too_long_a_reason_is_told_at_the_field(desk, pair):
    response = desk.post(at("task-cancel", pair[0].pk), {"reason": "x" * 1_000_000})

    assert (response.status_code, "reason" in response.context["form"].errors) == (422, True)


def test_task_cancel_twice_is_told_kindly(desk, pair):
    desk.post(at("task-cancel", pair[0].pk), {"reason": ""})

    response = desk.post(at("task-cancel", pair[0].pk), {"reason": ""})

    assert response["Location"] == at("order", pair[0].order_id)


def test_task_cancel_against_somebody_faster_is_told_kindly(desk, pair, monkeypatch):
    stale = Assignment.objects.select_related("order", "expert").get(pk=pair[0].pk)
    Assignment.objects.filter(pk=pair[0].pk).update(state=AssignmentState.DONE)
    monkeypatch.setattr("luukku.web.orderer.orders._task", lambda *_args: stale)

    response = desk.post(at("task-cancel", pair[0].pk), {"reason": ""})

    assert "The task has already ended or been cancelled." in said(response)


def test_task_cancel_of_a_stranger_s_order_is_not_there(desk, now):
    assert desk.post(at("task-cancel", make_agreed(now).pk), {}).status_code == 404


def test_order_page_notes_that_a_colleague_reads_why_it_was_cancelled(client, desk, agreed_task):
    desk.post(at("order-cancel", agreed_task.order_id), {"reason": "Sairastuin."})
    colleague = make_orderer(agreed_task.order.organisation)
    sign_in(client, colleague)

    page = text(client.get(at("order", agreed_task.order_id)))

    assert "Sairastuin." in page
    found = noted(colleague)[agreed_task.order.contact_id]
    assert "orders.order.cancel_reason" in found


# -- The link of a video meeting ---------------------------------------------------------------------


LINK = "https://video.example.test/abc"


def test_link_is_given_on_the_order_s_page(desk, orderer, now):
    task = make_task(orderer, now, mode="remote")
    assert at("order-link", task.order_id) in text(desk.get(at("order", task.order_id)))
    assert desk.get(at("order-link", task.order_id)).status_code == 200

    response = desk.post(at("order-link", task.order_id), {"meeting_url": LINK})

    assert said(response) == ["Saved. Experts who have said yes are told."]
    assert f'href="{LINK}"' in text(desk.get(at("order", task.order_id)))
    sign_in(desk, task.expert.user)
    assert f'href="{LINK}"' in text(desk.get(reverse("expert:task", args=[task.pk])))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://video.example.test/", "It begins with https://."),
        ("javascript:alert(1)", "It begins with https://."),
        ("kokous", "The address does not lead anywhere."),
        ("https://a.test/" + "a" * 600, "615"),
    ],
)
def test_link_that_leads_nowhere_is_told_at_the_field(desk, orderer, now, url, words):
    task = make_task(orderer, now, mode="remote")

    response = desk.post(at("order-link", task.order_id), {"meeting_url": url})

    assert response.status_code == 422
    assert words in text(response)
    assert "maxlength" not in re.search(r'<input[^>]*name="meeting_url"[^>]*>', text(response))[0]


def test_link_of_a_task_at_a_place_has_no_page(desk, agreed_task):
    response = desk.get(at("order-link", agreed_task.order_id))

    assert response["Location"] == at("order", agreed_task.order_id)
    assert at("order-link", agreed_task.order_id) not in text(
        desk.get(at("order", agreed_task.order_id))
    )


def test_link_against_somebody_faster_is_told_kindly(desk, orderer, monkeypatch):
    order = make_order(orderer=orderer, mode="remote")
    stale = Order.objects.get(pk=order.pk)
    Order.objects.filter(pk=order.pk).update(state=OrderState.DECLINED)
    monkeypatch.setattr(
        "luukku.web.orderer.orders.get_object_or_404", lambda *args, **kwargs: stale
    )

    response = desk.post(at("order-link", order.pk), {"meeting_url": LINK})

    assert said(response) == ["The order has moved on meanwhile. Here is how it stands now."]


def test_link_of_a_stranger_s_order_is_not_there(desk, now):
    order = make_order(now, mode="remote")

    assert desk.post(at("order-link", order.pk), {"meeting_url": LINK}).status_code == 404


# -- Afterwards -----------------------------------------------------------------------------------------------------


def test_task_is_noted_done_and_leads_to_the_feedback(desk, orderer, now):
    task = make_task(orderer, now - timedelta(days=20))
    page = text(desk.get(at("order", task.order_id)))

    response = desk.post(at("task-done", task.pk))

    assert at("task-done", task.pk) in page
    assert response["Location"] == at("feedback", task.pk)
    task.refresh_from_db()
    assert task.state == AssignmentState.DONE


def test_task_that_has_not_begun_cannot_be_done(desk, agreed_task):
    page = text(desk.get(at("order", agreed_task.order_id)))

    response = desk.post(at("task-done", agreed_task.pk))

    assert at("task-done", agreed_task.pk) not in page
    assert said(response) == ["The task has not begun yet, or it has been marked as done already."]


def test_feedback_is_kept_once(desk, done_task):
    assert desk.get(at("feedback", done_task.pk)).status_code == 200

    first = desk.post(at("feedback", done_task.pk), FEEDBACK)
    second = desk.post(at("feedback", done_task.pk), FEEDBACK)

    assert first["Location"] == second["Location"] == at("order", done_task.order_id)
    assert said(second)[-1] == "Thank you, your feedback has been written down already."
    feedback = Feedback.objects.get()
    assert (feedback.smooth, feedback.useful, feedback.words) == (5, 4, "Hieno käynti")
    assert Debrief.objects.count() == 0


def test_feedback_given_by_a_colleague_at_the_same_moment_is_told_kindly(
    desk, done_task, monkeypatch
):
    desk.post(at("feedback", done_task.pk), FEEDBACK)
    monkeypatch.setattr("luukku.web.orderer.orders.is_given", lambda task: False)

    response = desk.post(at("feedback", done_task.pk), FEEDBACK)

    assert said(response)[-1] == "Thank you, your feedback has been written down already."


def test_feedback_may_ask_for_a_talk(desk, done_task, orderer):
    desk.post(at("feedback", done_task.pk), FEEDBACK | {"wants_debrief": "on"})

    assert Debrief.objects.get().asked_by == orderer


def test_feedback_without_an_answer_names_each_question(desk, done_task):
    response = desk.post(at("feedback", done_task.pk), {"words": "x"})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"smooth", "useful", "heard", "again"}


def test_feedback_before_the_task_is_told_kindly(desk, agreed_task):
    assert said(desk.get(at("feedback", agreed_task.pk))) == [
        "Feedback can be given when the task has been done."
    ]


@pytest.mark.parametrize("name", ["feedback", "task-done"])
def test_task_of_a_stranger_is_not_there(desk, now, name):
    task = make_task(make_orderer(), now)

    assert desk.post(at(name, task.pk), FEEDBACK).status_code == 404


def test_expert_who_orders_elsewhere_gives_no_feedback_as_orderer_of_their_own_task(
    client, now, db
):
    task = make_task(make_orderer(), now)
    person = make_orderer()
    type(task.expert).objects.filter(pk=task.expert_id).update(user=person)
    sign_in(client, person)

    assert Assignment.objects.visible_to(person).get() == task
    assert client.get(at("feedback", task.pk)).status_code == 404


def test_changed_is_kept_and_can_be_added_to(desk, done_task):
    assert desk.get(at("changed", done_task.order_id)).status_code == 200

    desk.post(at("changed", done_task.order_id), {"words": "Ensin."})
    response = desk.post(at("changed", done_task.order_id), {"words": "Ensin ja sitten."})

    assert response["Location"] == at("order", done_task.order_id)
    assert WhatChanged.objects.get().words == "Ensin ja sitten."
    assert "Ensin ja sitten." in text(desk.get(at("changed", done_task.order_id)))


def test_changed_without_words_is_told_at_the_field(desk, done_task):
    response = desk.post(at("changed", done_task.order_id), {"words": ""})

    assert (response.status_code, set(response.context["form"].errors)) == (422, {"words"})


def test_changed_before_the_task_is_told_kindly(desk, orderer):
    response = desk.get(at("changed", make_order(orderer=orderer).pk))

    assert said(response) == ["We ask this after the task has been done."]


def test_changed_of_a_strangers_order_is_not_there(desk):
    assert desk.get(at("changed", make_order().pk)).status_code == 404


def test_unmet_order_offers_a_copy(desk, orderer, now):
    order = make_order(orderer=orderer, state=OrderState.NOT_FOUND)

    assert order.unmet.get().failure == Failure.THEME
    assert "Copy into a new order" in text(desk.get(at("order", order.pk)))


def test_every_page_shows_the_organisation_it_belongs_to(desk, orderer):
    make_vetted_organisation("Toinen")
    order = make_order(orderer=orderer)

    assert order.organisation.name in text(desk.get(at("order", order.pk)))


def test_order_page_shows_exactly_the_card_of_the_expert_s_own_preview(client, orderer, now):
    expert = make_expert(
        themes=("depression", "debt"), own_words="Kuuntelen ensin.", shows_municipality=False,
        is_remote_ok=True, support_needs="Soita ensin.",
    )  # fmt: skip
    order = make_order(orderer=orderer, state=OrderState.ACCEPTED, themes=("depression", "debt"))
    order = assignments.open_search(order, by=coordinator_of_orders(), at=now)
    assignments.propose(
        order, expert, by=coordinator_of_orders(), at=now, answer_by=now + timedelta(days=3)
    )
    sign_in(client, expert.user)
    preview = client.get(reverse("expert:preview"))
    sign_in(client, orderer)

    page = client.get(at("order", order.pk))

    assert page.context["asked"] == [preview.context["card"]]
    card = re.search(r'<article class="card person">.*?</article>', text(preview), re.S)
    assert card[0] in text(page)
    assert "Soita ensin." not in text(page) + text(preview)


def test_order_page_shows_no_identity_when_the_reading_cannot_be_noted(
    desk, agreed_task, monkeypatch
):
    def broken(_rows):
        raise DatabaseError("full")

    monkeypatch.setattr(AccessLog.objects, "bulk_create", broken)

    with pytest.raises(DatabaseError):
        desk.get(at("order", agreed_task.order_id))


@pytest.mark.parametrize(
    "which, expected", [("all", {"cancelled"}), ("one", {"cancelled", "sent"}), ("", {"sent"})]
)
def test_orderer_cancels_one_time_of_a_series_or_all_that_are_ahead(desk, orderer, which, expected):
    orders = make_series(orderer=orderer)

    response = desk.post(
        reverse("orderer:order-cancel", args=[orders[0].pk]),
        {"form_token": str(uuid.uuid4()), "reason": "", "which": which},
    )

    assert response.status_code == (303 if which else 422)
    assert set(Order.objects.values_list("state", flat=True)) == expected


def test_orderer_reads_that_the_same_expert_is_wished_for(desk, orderer):
    orders = make_series(orderer=orderer, is_one_expert=True)

    page = desk.get(reverse("orderer:order", args=[orders[0].pk])).content.decode()

    assert "The same expert is wished for every time." in page


def test_list_tells_which_one_of_a_series_an_order_is(desk, orderer):
    make_series(orderer=orderer, title="Luento")

    page = desk.get(reverse("orderer:orders")).content.decode()

    assert [f"Luento ({n}/3)" in page for n in (1, 2, 3)] == [True] * 3


def test_who_ordered_is_asked_whether_the_two_were_equals_not_whether_they_were_heard(
    desk, done_task
):
    page = text(desk.get(at("feedback", done_task.pk)))

    assert "We worked together as equals" in page
    assert "I was heard" not in page
