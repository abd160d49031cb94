import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from luukku.assignments import actions
from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.notices import when
from luukku.assignments.states import AssignmentState, OfferState
from luukku.core.times import helsinki
from luukku.experts import actions as experts
from luukku.experts.states import ExpertState
from luukku.feedback.actions import tell_what_changed
from luukku.feedback.models import Debrief, Feedback, Side
from luukku.notices.models import Letter
from luukku.orders.models import Mode
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.taxonomy.models import Municipality
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import (
    make_agreed,
    make_done,
    make_offer,
    make_search,
    make_sign_up,
)
from tests.factories.experts import make_expert
from tests.factories.feedback import ANSWERS
from tests.factories.orders import coordinator_of_orders
from tests.markup import said

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"expert:{name}", args=args)


def text(response):
    return said(response)


# -- the desk -----------------------------------------------------------------------------------
def test_desk_of_a_beginner_leads_to_the_profile(blank_desk):
    page = blank_desk.get(url("desk"))

    assert url("profile") in text(page)
    assert "Your profile is not finished yet" in text(page)
    assert "No offers wait for you." in text(page)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ExpertState.WAITING, "Your profile is with the counter."),
        (ExpertState.LEFT, "You are welcome back"),
    ],
)
def test_desk_says_where_the_profile_stands(sign_in, state, words):
    assert words in text(sign_in(make_expert(state=state).user).get(url("desk")))


def test_desk_warns_when_nothing_can_be_offered(desk, expert, now):
    set_consents(expert.user, set(), by=expert.user, at=now)

    assert "you are not offered tasks right now" in text(desk.get(url("desk")))


def test_desk_shows_what_waits_and_what_comes(desk, expert, now):
    offer = make_offer(expert=expert)
    task = make_agreed(now - timedelta(days=2), expert=expert)
    done = make_done(now - timedelta(days=40), expert=expert)
    tell_what_changed(
        done.order, words="Hiljainen huone.", by=done.order.contact, at=now, via=Via.DESK
    )

    page = desk.get(url("desk"))

    assert list(page.context["offers"]) == [offer]
    assert page.context["next_tasks"] == [task]
    assert page.context["to_tell"] == [done]
    assert "Hiljainen huone." in text(page)
    assert url("offer", offer.pk) in text(page)
    assert url("feedback", done.pk) in text(page)


def test_desk_leaves_out_what_the_same_person_has_ordered(sign_in, now):
    task = make_agreed(now)
    orderer = task.order.contact
    make_expert(user=orderer)

    page = sign_in(orderer).get(url("desk"))

    assert page.context["next_tasks"] == []


def test_desk_tells_of_a_break(desk, expert, now):
    experts.pause(expert, by=expert.user, at=now)

    assert "You are on a break until you come back." in text(desk.get(url("desk")))


def test_desk_tells_that_a_break_has_ended_by_itself(desk, expert, now):
    experts.pause(expert, until=(now - timedelta(days=2)).date(), by=expert.user, at=now)

    assert "Yes: you are offered tasks." in text(desk.get(url("desk")))


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_takes_as_many_queries_however_much_waits(
    desk, expert, rows, django_assert_num_queries, now
):
    for n in range(rows):
        make_offer(expert=expert)
        make_agreed(now - timedelta(days=n, hours=2 * n), expert=expert)
        make_done(now - timedelta(days=40 + n), expert=expert)
        make_sign_up(expert=expert)

    with django_assert_num_queries(17):
        desk.get(url("desk"))


# -- offers -------------------------------------------------------------------------------------
def test_offers_show_what_waits_and_what_was(desk, expert, now):
    waiting, declined = make_offer(expert=expert), make_offer(expert=expert)
    actions.decline(declined, by=expert.user, at=now)
    make_sign_up(expert=expert)
    make_offer()  # to another

    page = desk.get(url("offers"))

    assert list(page.context["waiting"]) == [waiting]
    assert list(page.context["earlier"]) == [declined]


@pytest.mark.parametrize("rows", [1, 3])
def test_offers_take_as_many_queries_for_one_as_for_three(
    desk, expert, rows, django_assert_num_queries, now
):
    for _row in range(rows):
        make_offer(expert=expert)
        actions.decline(make_offer(expert=expert), by=expert.user, at=now)

    with django_assert_num_queries(10):
        desk.get(url("offers"))


def test_offer_says_everything_before_the_answer(desk, expert, now):
    rauma = Municipality.objects.get(code="684")
    order = make_search(
        fee_eur=80, municipality=rauma, others_present="opettaja", has_children=True
    )
    offer = make_offer(order=order, expert=expert)

    page = text(desk.get(url("offer", offer.pk)))

    for words in (
        order.title,
        order.goal,
        order.expert_does,
        order.audience,
        "opettaja",
        "Children or young people",
        "80\N{NO-BREAK SPACE}€",
        "travel is paid separately",
        "Kela",
        "km from your home municipality",
        order.organisation.name,
        "You have no tasks in",
        "the orderer sees your name, phone number and e-mail",
    ):
        assert words in page


def test_offer_says_what_opens_when_the_expert_keeps_the_name_closed(desk, expert, now):
    offer = make_offer(expert=expert)
    set_consents(expert.user, {Purpose.IN_BANK}, by=expert.user, at=now)

    assert "the orderer sees only your code name" in text(desk.get(url("offer", offer.pk)))


def test_offer_warns_of_another_task_and_of_a_full_month(desk, expert, now):
    make_agreed(now, expert=expert)
    offer = make_offer(now, expert=expert)
    experts.save(expert, by=expert.user, at=now, monthly_limit=1)

    page = text(desk.get(url("offer", offer.pk)))

    assert "you have another task then" in page
    assert "Your own limit is full." in page


def test_offer_says_when_it_falls_outside_the_usual_times(desk, expert, now):
    offer = make_offer(expert=expert)
    day = helsinki(offer.order.times.get().starts_at).date()
    experts.set_availability(
        expert, slots=[], exceptions=[(day, day, False)], by=expert.user, at=now
    )

    assert "outside your usual times" in text(desk.get(url("offer", offer.pk)))


def test_offer_of_a_remote_task_tells_no_distance(desk, expert):
    offer = make_offer(expert=expert, mode=Mode.REMOTE)

    assert " km from" not in text(desk.get(url("offer", offer.pk)))


@pytest.mark.parametrize("name", ["offer", "offer-accept", "offer-decline"])
def test_offer_to_another_is_not_found(desk, name):
    offer = make_offer()

    response = desk.post(url(name, offer.pk)) if name != "offer" else desk.get(url(name, offer.pk))

    assert response.status_code == 404
    assert Offer.objects.get().state == OfferState.PROPOSED


def test_accept_agrees_on_the_task(desk, expert):
    offer = make_offer(expert=expert)

    response = desk.post(url("offer-accept", offer.pk))

    task = Assignment.objects.get()
    assert (response.status_code, response["Location"]) == (303, url("task", task.pk))
    assert (task.expert, task.expert_agreed_via) == (expert, Via.DESK)


def test_accept_asks_which_of_several_times(desk, expert):
    offer = make_offer(expert=expert, days=(14, 21))
    second = offer.order.times.order_by("starts_at").last()

    page = desk.post(url("offer-accept", offer.pk))
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"time"}

    desk.post(url("offer-accept", offer.pk), {"time": second.pk})
    assert Assignment.objects.get().starts_at == second.starts_at


def test_accept_opened_by_itself_leads_to_the_offer(desk, expert):
    offer = make_offer(expert=expert)

    assert desk.get(url("offer-accept", offer.pk))["Location"] == url("offer", offer.pk)
    assert Offer.objects.get().state == OfferState.PROPOSED


def test_accept_of_a_second_task_at_the_same_time_is_refused_kindly(desk, expert, now):
    make_agreed(now, expert=expert)
    offer = make_offer(now, expert=expert)

    response = desk.post(url("offer-accept", offer.pk), follow=True)

    assert response.status_code == 200
    assert "another task at the same time" in text(response)
    assert Assignment.objects.count() == 1


def test_accept_after_the_seat_has_gone_is_thanked(desk, expert):
    order = make_search()
    offer = make_offer(order=order, expert=expert)
    make_agreed(order=order)

    response = desk.post(url("offer-accept", offer.pk), follow=True)

    assert response.redirect_chain == [(url("offer", offer.pk), 303)]
    assert "Somebody else answered first." in text(response)


def test_accept_too_late_is_told(desk, expert, now):
    offer = make_offer(expert=expert)
    Offer.objects.filter(pk=offer.pk).update(
        made_at=now - timedelta(days=9), expires_at=now - timedelta(days=1)
    )

    assert "The time to answer has ended" in text(
        desk.post(url("offer-accept", offer.pk), follow=True)
    )


def test_accept_when_the_time_was_settled_meanwhile_asks_again(desk, expert, monkeypatch):
    offer = make_offer(expert=expert)
    monkeypatch.setattr(
        actions, "accept", lambda *args, **kwargs: (_ for _ in ()).throw(actions.TimeNeeded)
    )

    response = desk.post(url("offer-accept", offer.pk), follow=True)

    assert response.redirect_chain == [(url("offer", offer.pk), 303)]
    assert "The times have changed meanwhile" in text(response)


def test_decline_asks_for_no_reason(desk, expert):
    offer = make_offer(expert=expert)

    response = desk.post(url("offer-decline", offer.pk), follow=True)

    assert "Thank you for answering" in text(response)
    assert Offer.objects.get().state == OfferState.DECLINED


def test_decline_twice_is_told_kindly(desk, expert):
    offer = make_offer(expert=expert)
    desk.post(url("offer-decline", offer.pk))

    assert "You said no" in text(desk.post(url("offer-decline", offer.pk), follow=True))


def test_answered_offer_leads_to_the_task(desk, expert, now):
    task = make_agreed(now, expert=expert)

    assert url("task", task.pk) in text(desk.get(url("offer", task.offer_id)))


# -- open calls ---------------------------------------------------------------------------------
def test_calls_show_what_fits(desk, expert):
    order = make_search()
    make_search(themes=("cancer",))

    page = desk.get(url("calls"))

    assert [row[0] for row in page.context["rows"]] == [[order]]
    assert url("call", order.pk) in text(page)


@pytest.mark.parametrize("rows", [1, 3])
def test_calls_take_as_many_queries_for_one_as_for_three(
    desk, expert, rows, django_assert_num_queries
):
    for _row in range(rows):
        make_search()
        make_sign_up(expert=expert)

    with django_assert_num_queries(12):
        page = desk.get(url("calls"))

    assert len(page.context["rows"]) == rows
    assert len(page.context["sign_ups"]) == rows


@pytest.mark.parametrize("how", ["call", "offer", "sign-up"])
def test_rows_tell_only_the_time_that_one_can_still_choose(desk, expert, now, how):
    start = now + timedelta(days=20)
    wishes = [(start + timedelta(days=n), start + timedelta(days=n, hours=1)) for n in (0, 3)]
    order = make_search(now, times=wishes, experts_wanted=2, is_open_call=True)
    first = make_offer(now, order=order)
    agreed, dead = order.times.order_by("starts_at")
    actions.accept(first, by=first.expert.user, at=now, via=Via.DESK, time=agreed)
    if how == "offer":
        make_offer(now, order=order, expert=expert)
        body = Letter.objects.get(kind="assignments.offered", reader=expert.user).body
        assert when(dead.starts_at, dead.ends_at) not in body
    if how == "sign-up":
        make_sign_up(now, order=order, expert=expert)

    page = text(desk.get(url("desk" if how == "offer" else "calls")))

    assert when(agreed.starts_at, agreed.ends_at) in page
    assert when(dead.starts_at, dead.ends_at) not in page


def test_calls_without_any_say_what_to_do(desk, expert, now):
    assert "No open call fits you right now" in text(desk.get(url("calls")))

    set_consents(expert.user, set(), by=expert.user, at=now)
    make_search()
    assert "You have not agreed to be suggested" in text(desk.get(url("calls")))


def test_calls_of_a_beginner_lead_to_the_profile(blank_desk):
    assert "when the counter has welcomed you" in text(blank_desk.get(url("calls")))


def test_call_tells_of_the_task_and_of_the_organisation_but_of_no_person(desk, expert):
    order = make_search()

    page = text(desk.get(url("call", order.pk)))

    assert order.goal in page
    assert order.organisation.name in page  # a sign-up may bind: one knows whom to
    assert order.contact.name not in page


@pytest.mark.parametrize("name", ["call", "sign-up"])
def test_call_is_for_those_in_the_bank(blank_desk, name):
    order = make_search()

    response = (
        blank_desk.get(url(name, order.pk))
        if name == "call"
        else blank_desk.post(url(name, order.pk))
    )

    assert response.status_code == 404
    assert not Offer.objects.exists()


def test_call_that_is_not_open_is_not_found(desk):
    assert desk.get(url("call", make_search(is_open_call=False).pk)).status_code == 404


def test_sign_up_and_take_it_back(desk, expert):
    order = make_search()

    assert "You have signed up." in text(desk.post(url("sign-up", order.pk), follow=True))
    own = Offer.objects.get()
    assert "Take back my sign-up" in text(desk.get(url("call", order.pk)))

    desk.post(url("take-back", own.pk))
    assert Offer.objects.get().state == OfferState.WITHDRAWN


def test_sign_up_again_after_a_change_of_mind(desk, expert):
    own = make_sign_up(expert=expert)
    desk.post(url("take-back", own.pk))
    assert "You took your sign-up back" in text(desk.get(url("calls")))
    assert url("call", own.order_id) in text(desk.get(url("calls")))

    desk.post(url("sign-up", own.order_id))

    assert Offer.objects.proposed().get().expert == expert
    assert "You took your sign-up back" not in text(desk.get(url("calls")))


def test_sign_up_twice_is_told_kindly(desk, expert):
    order = make_search()
    desk.post(url("sign-up", order.pk))

    page = text(desk.post(url("sign-up", order.pk), follow=True))

    assert "You have signed up for this already. The counter answers soon" in page
    assert Offer.objects.count() == 1


@pytest.mark.parametrize(
    ("make", "where", "words"),
    [(make_offer, "offer", "This task has been offered to you. Answer the offer here."),
     (make_agreed, "task", "You have agreed on this task already.")],
)  # fmt: skip
def test_sign_up_to_what_one_has_leads_there(desk, expert, make, where, words):
    order = make_search(experts_wanted=2)
    made = make(order=order, expert=expert)

    answer = desk.post(url("sign-up", order.pk), follow=True)

    assert answer.redirect_chain[-1][0] == url(where, made.pk)
    assert words in text(answer)


def two_times(now):
    """Return an open call with two times, and those."""
    spans = [(now + timedelta(days=n), now + timedelta(days=n, hours=2)) for n in (20, 27)]
    order = make_search(now, times=spans)
    return order, list(order.times.order_by("starts_at"))


def test_sign_up_asks_which_times_suit_where_there_are_several(desk, expert, now):
    order, (_first, second) = two_times(now)

    refused = desk.post(url("sign-up", order.pk))
    assert (refused.status_code, Offer.objects.count()) == (422, 0)
    assert "Choose at least one time that suits." in text(refused)

    desk.post(url("sign-up", order.pk), {"times": [second.pk]})
    own = Offer.objects.get()
    assert [(span.lower, span.upper) for span in own.suits] == [(second.starts_at, second.ends_at)]
    page = text(desk.get(url("call", order.pk)))
    assert when(second.starts_at, second.ends_at) in page.partition("this suits you:")[2]


def test_sign_up_for_a_time_of_another_call_is_refused(desk, expert, now):
    order, _times = two_times(now)
    _other, (foreign, _second) = two_times(now)

    assert desk.post(url("sign-up", order.pk), {"times": [foreign.pk]}).status_code == 422
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("language", "place"),
    [("fi", "Esimerkkikatu 1, Kokemäki tai etänä"), ("sv", "Esimerkkikatu 1, Kumo eller på distans")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["desk", "tasks", "task"])
def test_place_of_a_task_is_said_in_the_language_of_its_reader(
    desk, expert, now, name, language, place
):
    order = make_search(
        now,
        mode=Mode.EITHER,
        address="Esimerkkikatu 1",
        municipality=Municipality.objects.get(name_fi="Kokemäki"),
    )
    task = make_agreed(now, order=order, expert=expert)

    with translation.override(language):
        page = text(desk.get(url(name, *([task.pk] if name == "task" else []))))

    assert place in page


def test_place_that_the_order_has_left_stays_as_it_was_agreed(desk, expert, now):
    task = make_agreed(now, expert=expert)
    Assignment.objects.filter(pk=task.pk).update(place="Vanha talo 3, Pori")

    assert "Vanha talo 3, Pori" in text(desk.get(url("task", task.pk)))


# -- one truth of whether one is offered tasks --------------------------------------------------
@pytest.fixture
def lacking(expert, now):
    """Take from the expert what keeps them from being offered tasks, by its name."""

    def take(why):
        if why == "consent":
            set_consents(expert.user, set(), by=expert.user, at=now)
        elif why == "profile":
            expert.task_types.clear()
        elif why == "break":
            experts.pause(expert, until=None, by=expert.user, at=now)

    return take


PAGES = ("desk", "profile", "calls")


@pytest.mark.parametrize(
    ("why", "badge", "answer", "calls"),
    [("", ["In the expert bank"], "Yes: you are offered tasks.", "No open call fits you right now."),
     ("consent", ["Not in the expert bank"], "No: you have not agreed to be suggested for tasks.",
      "You have not agreed to be suggested for tasks, so no calls"),
     ("profile", ["In the expert bank"], "No: something is missing from your profile.",
      "Something is missing from your profile, so no calls"),
     ("break", ["In the expert bank", "On a break"], "You are on a break until you come back.",
      "You are on a break, so calls for its time are not shown.")],
)  # fmt: skip
def test_pages_tell_one_truth_of_whether_one_is_offered_tasks(
    desk, lacking, why, badge, answer, calls
):
    lacking(why)

    told = {name: text(desk.get(url(name))) for name in PAGES}

    assert tags(told["desk"]) == badge
    assert tags(told["profile"]) == badge
    assert answer in told["desk"]
    assert ("Yes: you are offered tasks." in told["desk"]) is (why == "")
    assert calls in told["calls"]
    assert ("A wider reach" in told["calls"]) is (why == "")


def tags(page):
    """Return the words of the badges under the heading of a page."""
    head = re.search(r'<p class="row">.*?</p>', page, re.DOTALL)
    return re.findall(r'<span class="ds-tag"[^>]*>([^<]*)</span>', head.group())


def test_desk_shows_what_one_has_signed_up_to(desk, expert):
    own, others = make_sign_up(expert=expert), make_sign_up(themes=("cancer",))

    page = text(desk.get(url("desk")))

    assert url("take-back", own.pk) in page
    assert url("take-back", others.pk) not in page
    assert "No other open call fits you right now." in page


def test_sign_up_to_what_was_offered_leads_to_the_offer(desk, expert):
    offer = make_offer(expert=expert)

    assert url("offer", offer.pk) in text(desk.get(url("call", offer.order_id)))


def test_sign_up_after_the_call_has_closed_is_thanked(desk, expert):
    own = make_sign_up(expert=expert)
    actions.withdraw(own, by=expert.user, at=own.made_at)
    make_agreed(order=own.order)

    page = desk.get(url("call", own.order_id))
    response = desk.post(url("sign-up", own.order_id), follow=True)

    assert "You cannot sign up for this any more." in text(page)
    assert "has just closed" in text(response)


def test_sign_up_after_leaving_the_bank_leads_to_the_profile(desk, expert, now):
    own = make_sign_up(expert=expert)
    actions.leave_bank(expert, by=expert.user, at=now)

    response = desk.post(url("sign-up", own.order_id), follow=True)

    assert response.redirect_chain == [(url("profile"), 303)]
    assert "You are not in the expert bank right now." in text(response)


def test_sign_up_without_the_consent_to_be_suggested_says_what_is_missing(desk, expert, now):
    order = make_search()
    set_consents(expert.user, {Purpose.EMAIL}, by=expert.user, at=now)

    response = desk.post(url("sign-up", order.pk), follow=True)

    assert "Your consent to be suggested for tasks is missing." in text(response)
    assert not Offer.objects.exists()


def test_take_back_too_late_is_told_kindly(desk, expert, now):
    own = make_sign_up(expert=expert)
    actions.decline(own, by=coordinator_of_orders(), at=now)

    assert "already answered your sign-up" in text(desk.post(url("take-back", own.pk), follow=True))


def test_take_back_of_another_is_not_found(desk):
    assert desk.post(url("take-back", make_sign_up().pk)).status_code == 404


def test_leaving_the_bank_ends_offers_and_sign_ups_but_not_agreed_tasks(desk, expert, now):
    offer, own, task = (
        make_offer(expert=expert),
        make_sign_up(expert=expert),
        make_agreed(now, expert=expert),
    )

    assert "1 agreed task stays agreed" in text(desk.get(url("profile-leave")))
    desk.post(url("profile-leave"))

    assert Offer.objects.get(pk=offer.pk).state == OfferState.DECLINED
    assert Offer.objects.get(pk=own.pk).state == OfferState.WITHDRAWN
    assert Assignment.objects.get(pk=task.pk).state == AssignmentState.AGREED


# -- agreed tasks -------------------------------------------------------------------------------
def test_tasks_show_what_is_agreed_and_what_was(desk, expert, now):
    task, done = make_agreed(now, expert=expert), make_done(now - timedelta(days=40), expert=expert)
    make_agreed(now)  # another's

    page = desk.get(url("tasks"))

    assert list(page.context["agreed"]) == [task]
    assert list(page.context["past"]) == [done]


@pytest.mark.parametrize("rows", [1, 3])
def test_tasks_take_as_many_queries_for_one_as_for_three(
    desk, expert, rows, django_assert_num_queries, now
):
    for n in range(rows):
        make_agreed(now - timedelta(days=n), expert=expert)
        make_done(now - timedelta(days=40 + n), expert=expert)

    with django_assert_num_queries(8):
        desk.get(url("tasks"))


def test_tasks_without_any_say_what_to_do(desk):
    assert url("calls") in text(desk.get(url("tasks")))


def test_task_tells_what_was_agreed_and_whom_to_call(desk, expert, now):
    task = make_agreed(now, expert=expert)

    page = text(desk.get(url("task", task.pk)))

    assert task.order.contact.name in page
    assert task.order.contact.email in page
    assert "The orderer sees your name" in page
    assert url("task-cancel", task.pk) in page


def test_task_says_when_where_and_for_how_much_once(desk, expert, now):
    task = make_agreed(now, expert=expert)

    page = text(desk.get(url("task", task.pk)))

    assert [page.count(f"<dt>{word}</dt>") for word in ("When", "Where", "Fee")] == [1, 1, 1]
    assert page.count(when(task.starts_at, task.ends_at)) == 1


def test_task_says_that_the_name_stays_closed(desk, expert, now):
    task = make_agreed(now, expert=expert)
    set_consents(expert.user, {Purpose.IN_BANK}, by=expert.user, at=now + timedelta(seconds=1))

    assert "The orderer does not see your name" in text(desk.get(url("task", task.pk)))


@pytest.mark.parametrize("name", ["task", "task-cancel", "feedback", "task-done", "debrief"])
def test_task_of_another_is_not_found(desk, name, now):
    task = make_done(now - timedelta(days=20))
    send = desk.post if name in {"task-done", "debrief"} else desk.get

    assert send(url(name, task.pk)).status_code == 404


def test_task_that_one_has_ordered_is_not_on_the_expert_s_desk(sign_in, now):
    task = make_agreed(now)
    make_expert(user=task.order.contact)

    assert sign_in(task.order.contact).get(url("task", task.pk)).status_code == 404


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_offer_calls_a_task_agreed_only_while_it_is(desk, expert, now, is_cancelled):
    task = make_agreed(now, expert=expert)
    if is_cancelled:
        actions.cancel(task, whose="orderer", reason="Siirtyi.", by=task.order.contact, at=now)

    page = text(desk.get(url("offer", task.offer_id)))

    assert ("Open the agreed task" in page, "See what was agreed" in page) == (
        not is_cancelled,
        is_cancelled,
    )


def test_cancel_tells_why_and_opens_the_search_again(desk, expert, now):
    task = make_agreed(now, expert=expert)

    assert desk.get(url("task-cancel", task.pk)).status_code == 200
    response = desk.post(url("task-cancel", task.pk), {"reason": "Sairastuin."}, follow=True)

    task.refresh_from_db()
    assert (task.state, task.cancelled_by, task.cancel_reason) == (
        AssignmentState.CANCELLED,
        "expert",
        "Sairastuin.",
    )
    assert response.redirect_chain == [(url("task", task.pk), 303)]
    assert "You cancelled this task" in text(response)
    assert "Cancelled" in text(desk.get(url("task", task.pk)))


def test_cancel_with_too_many_words_keeps_them(desk, expert, now):
    task = make_agreed(now, expert=expert)

    page = desk.post(url("task-cancel", task.pk), {"reason": "a" * 2001})

    assert page.status_code == 422
    assert "a" * 2001 in text(page)


@pytest.mark.parametrize("send", ["get", "post"])
def test_cancel_of_a_done_task_is_told_kindly(desk, expert, now, send):
    task = make_done(now - timedelta(days=20), expert=expert)

    response = getattr(desk, send)(url("task-cancel", task.pk), follow=True)

    assert "already ended or been cancelled" in text(response)


def test_done_closes_the_task_and_leads_to_the_feedback(desk, expert, now):
    task = make_agreed(now - timedelta(days=15), expert=expert)
    assert url("task-done", task.pk) in text(desk.get(url("task", task.pk)))

    response = desk.post(url("task-done", task.pk))

    assert response["Location"] == url("feedback", task.pk)
    assert Assignment.objects.get().state == AssignmentState.DONE


def test_done_before_the_task_has_begun_is_told_kindly(desk, expert, now):
    task = make_agreed(now, expert=expert)

    assert "has not begun yet" in text(desk.post(url("task-done", task.pk), follow=True))


# -- after the task -----------------------------------------------------------------------------
@pytest.fixture
def done(expert, now):
    return make_done(now - timedelta(days=20), expert=expert)


def test_feedback_is_given_once(desk, done):
    assert desk.get(url("feedback", done.pk)).status_code == 200

    desk.post(url("feedback", done.pk), ANSWERS)
    again = desk.post(url("feedback", done.pk), ANSWERS | {"smooth": 1}, follow=True)

    feedback = Feedback.objects.get()
    assert (feedback.side, feedback.smooth, feedback.words) == (Side.EXPERT, 5, ANSWERS["words"])
    assert "written down already" in text(again)
    assert "You have given your feedback." in text(desk.get(url("task", done.pk)))
    assert not Debrief.objects.exists()


def test_feedback_with_a_wish_to_talk_asks_for_a_debrief(desk, done):
    desk.post(url("feedback", done.pk), ANSWERS | {"wants_debrief": "on"})

    assert Debrief.objects.get().assignment == done


def test_feedback_keeps_what_was_typed(desk, done):
    page = desk.post(url("feedback", done.pk), {"smooth": "9", "words": "Hyvä hetki."})

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"smooth", "useful", "heard", "again"}
    assert "Hyvä hetki." in text(page)


def test_feedback_before_the_task_is_done_is_told_kindly(desk, expert, now):
    task = make_agreed(now, expert=expert)

    assert "when the task has been done" in text(desk.get(url("feedback", task.pk), follow=True))


def test_debrief_is_asked_from_the_task(desk, done):
    assert url("debrief", done.pk) in text(desk.get(url("task", done.pk)))

    desk.post(url("debrief", done.pk))

    assert Debrief.objects.get().asked_by == done.expert.user
    assert url("debrief", done.pk) not in text(desk.get(url("task", done.pk)))


def test_what_changed_is_shown_to_the_expert(desk, done, now):
    tell_what_changed(
        done.order, words="Hiljainen huone.", by=done.order.contact, at=now, via=Via.DESK
    )

    assert "Hiljainen huone." in text(desk.get(url("task", done.pk)))


def test_a_coordinator_who_is_an_expert_has_only_their_own_on_the_expert_s_desk(sign_in, now):
    browser = sign_in(make_expert(user=make_coordinator()).user)
    offer, own, task = make_offer(), make_sign_up(), make_done(now - timedelta(days=20))

    answers = [
        browser.get(url("offer", offer.pk)),
        browser.post(url("offer-decline", offer.pk)),
        browser.post(url("take-back", own.pk)),
        browser.get(url("task", task.pk)),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert list(browser.get(url("offers")).context["waiting"]) == []
