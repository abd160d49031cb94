"""Everything for somebody without e-mail, from the counter's pages; the record says on whose behalf."""

import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from luukku.accounts.models import User
from luukku.assignments.actions import sign_up
from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.notices import when
from luukku.audit.models import AuditEvent
from luukku.core.duty import call, queue
from luukku.core.times import helsinki
from luukku.experts.models import CompletedTraining, Expert
from luukku.experts.states import ExpertState
from luukku.feedback.actions import tell_what_changed
from luukku.feedback.models import Debrief, Feedback, Side, WhatChanged
from luukku.notices.models import Letter
from luukku.orders.models import CancelledBy, Order
from luukku.orders.states import OrderState
from luukku.organisations.models import Membership, Organisation
from luukku.privacy.models import Consent, Purpose
from luukku.taxonomy.models import TaskType, Theme
from tests.factories.accounts import make_person, make_steering
from tests.factories.assignments import make_agreed, make_done, make_search
from tests.factories.experts import make_expert
from tests.factories.orders import make_order, make_orderer, make_vetted_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BACKEND = "django.contrib.auth.backends.ModelBackend"
ANSWERS = {"smooth": 5, "useful": 4, "heard": 5, "again": 4, "words": "Hyvä."}


def get(client, page, *args):
    return client.get(reverse(f"counter:{page}", args=args))


def post(client, page, *args, **data):
    response = client.post(reverse(f"counter:{page}", args=args), data)
    assert response.status_code == 303, response.context["form"].errors
    return response


def behalf(act):
    """Return on whose behalf the latest ``act`` was done."""
    return AuditEvent.objects.filter(act=act).order_by("-pk").first().on_behalf_of_id


def test_whole_way_without_any_e_mail(counter, now):
    """Two people who only call: an expert and an orderer, from nothing to what changed."""
    expert, caller = join_expert(counter), join_orderer(counter)

    order = send_order(counter, caller, now)
    post(counter, "order-move", order.pk, "accept")
    post(counter, "order-move", order.pk, "search")
    day = (helsinki(now).date() + timedelta(days=3)).isoformat()
    post(counter, "order-propose", order.pk, experts=[expert.pk], answer_by=day)
    post(counter, "offer-answer", Offer.objects.get().pk, accept="1")
    task = Assignment.objects.get()
    assert (task.expert_agreed_via, behalf("assignments.accept")) == (Via.COUNTER, expert.user_id)

    Assignment.objects.update(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    post(counter, "task-done", task.pk)
    for side, person in ((Side.EXPERT, expert.user), (Side.ORDERER, caller)):
        assert get(counter, "task-feedback", task.pk, side).status_code == 200
        post(counter, "task-feedback", task.pk, side, wants_debrief="on", **ANSWERS)
        given = Feedback.objects.get(side=side)
        assert (given.via, given.given_by, given.words) == (Via.COUNTER, person, "Hyvä.")
        assert behalf(f"feedback.give_as_{side}") == person.pk
    assert {d.asked_by for d in Debrief.objects.all()} == {expert.user, caller}
    post(counter, "order-changed", order.pk, words="Odotustila muuttui.")
    answer = WhatChanged.objects.get()
    assert (answer.words, answer.answered_by) == ("Odotustila muuttui.", caller)
    assert answer.via == Via.COUNTER
    assert behalf("feedback.tell_what_changed") == caller.pk
    letters = Letter.objects.filter(reader__in=[expert.user, caller])
    assert letters.exists()
    to_call = [
        called.title.partition(" · ")[0] for _duty, called in call(queue(at=now, kind="letter"))
    ]
    assert sorted(to_call) == ["Aino Aho", "Eero Ek"]
    assert "Odotustila muuttui." in get(counter, "order", order.pk).content.decode()


def join_expert(counter):
    """Aino Aho calls and comes into the bank."""
    post(counter, "person-new", name="Aino Aho", email="", phone="040 123 4561", language="fi")
    aino = User.objects.get(name="Aino Aho")
    post(counter, "person-profile", aino.pk)
    expert = Expert.objects.get()
    depression = Theme.objects.get(code="depression").pk
    parts = {
        "words": {"own_words": "Kuuntelen ensin.", "shows_own_words": "on"},
        "experiences": {"own": [depression]},
        "tasks": {"task_types": [TaskType.objects.get(code="talk").pk], "languages": ["fi"]},
        "place": {"municipality": "609", "reach_km": "50"},
        "support": {"support_needs": "Soita ensin."},
        "consents": {"purposes": [Purpose.IN_BANK, Purpose.IDENTITY]},
    }
    for name, data in parts.items():
        post(counter, "profile-section", expert.pk, name, **data)
        act = "privacy.give_consent" if name == "consents" else "experts.edit"
        assert behalf(act) == aino.pk
    assert set(Consent.objects.valid().values_list("purpose", flat=True)) == {"in_bank", "identity"}
    post(counter, "expert-move", expert.pk, "submit")
    assert behalf("experts.submit") == aino.pk
    post(counter, "expert-move", expert.pk, "welcome")
    assert behalf("accounts.make") == aino.pk
    return Expert.objects.get()


def join_orderer(counter):
    """Eero Ek calls for an organisation that nobody has registered."""
    post(counter, "person-new", name="Eero Ek", email="", phone="040 123 4562", language="fi")
    caller = User.objects.get(name="Eero Ek")
    post(
        counter, "organisation-new", name="Kylän koulu", kind="school", tasks=["orders"],
        services=["education"], municipality="609",
    )  # fmt: skip
    school = Organisation.objects.get()
    post(counter, "add-unit", school.pk, **{"unit-name": "Lähihoitajat"})
    unit = school.units.get()
    post(counter, "add-member", school.pk, user=caller.pk, role="orderer", unit=unit.pk)
    post(counter, "organisation-move", school.pk, "vet")
    member = Membership.objects.get()
    assert (member.unit, member.is_contact) == (unit, True)
    return caller


def send_order(counter, caller, now):
    """Eero's order, filled in step by step."""
    begun = {"begun": uuid.uuid4(), "member": Membership.objects.get(user=caller).pk}
    first = f"{reverse('counter:order-begin')}?{urlencode(begun)}"
    counter.post(first, {"title": "Puheenvuoro", "go": "later"})
    order = Order.objects.get()
    assert behalf("orders.start") == caller.pk
    day = (helsinki(now) + timedelta(days=20)).date().isoformat()
    steps = {
        "what": {
            "task_type": TaskType.objects.get(code="talk").pk, "title": "Puheenvuoro",
            "goal": "Ymmärrämme paremmin.", "expert_does": "Kertoo.",
        },
        "who": {
            "themes": [Theme.objects.get(code="depression").pk], "languages": ["fi"],
            "experts_wanted": "1", "audience": "Opiskelijoita",
        },
        "when": {
            "mode": "place", "municipality": "609", "day1": day, "from1": "13:00", "to1": "14:00",
        },
        "terms": {"payment": "agreed", "recording": "none"},
    }  # fmt: skip
    for name, data in steps.items():
        post(counter, "order-step", order.pk, name, **data)
        assert behalf("orders.edit") == caller.pk
    post(counter, "order-check", order.pk)
    order.refresh_from_db()
    assert (order.state, order.contact, behalf("orders.send")) == (
        OrderState.SENT,
        caller,
        caller.pk,
    )
    return order


def test_feedback_is_written_down_once_and_errors_are_shown(counter, now):
    task = make_done(now - timedelta(days=20))
    address = reverse("counter:task-feedback", args=[task.pk, "expert"])
    assert counter.post(address, {}).status_code == 422

    for _n in range(2):
        counter.post(address, ANSWERS)

    assert Feedback.objects.get().side == Side.EXPERT
    assert not Debrief.objects.exists()
    assert (
        "Write down the orderer’s feedback" in get(counter, "order", task.order_id).content.decode()
    )


def test_feedback_before_the_task_is_kindly_refused(counter, now):
    task = make_agreed(now)

    post(counter, "task-feedback", task.pk, "orderer", **ANSWERS)

    assert not Feedback.objects.exists()


def test_feedback_of_no_such_side_is_not_found(counter, now):
    assert get(counter, "task-feedback", make_done(now).pk, "nobody").status_code == 404


@pytest.mark.parametrize("side", Side)
def test_wish_to_talk_is_queued_for_who_called(counter, now, side):
    task = make_done(now - timedelta(days=20))
    person = task.expert.user if side == Side.EXPERT else task.order.contact

    post(counter, "task-debrief", task.pk, side)

    assert Debrief.objects.get().asked_by == person
    assert behalf("feedback.ask_debrief") == person.pk
    assert [called.title for _duty, called in call(queue(at=now, kind="debrief"))] == [person.name]


def test_what_changed_is_asked_only_after_a_task(counter, now):
    order = make_order(now)
    task = make_done(now - timedelta(days=20))
    tell_what_changed(task.order, words="Ensin tämä.", by=task.order.contact, at=now, via=Via.DESK)

    assert get(counter, "order-changed", order.pk).status_code == 404
    assert "Ensin tämä." in get(counter, "order-changed", task.order_id).content.decode()
    assert counter.post(reverse("counter:order-changed", args=[task.order_id])).status_code == 422


@pytest.mark.parametrize("whose", [CancelledBy.ORDERER, CancelledBy.COUNTER])
def test_order_is_cancelled_for_who_cancels(counter, now, whose):
    task = make_agreed(now)
    caller = task.order.contact.pk if whose == CancelledBy.ORDERER else None

    post(counter, "order-cancel", task.order_id, whose=whose, reason="Siirtyy.")

    order = Order.objects.get()
    assert (order.state, order.cancelled_by) == (OrderState.CANCELLED, whose)
    assert (behalf("orders.cancel"), behalf("assignments.cancel")) == (caller, caller)


def test_order_is_copied_for_the_same_orderer(counter, now):
    order = make_order(now)

    response = post(counter, "order-copy", order.pk)

    twin = Order.objects.get(copied_from=order)
    assert response["Location"] == reverse("counter:order-check", args=[twin.pk])
    assert (twin.contact, behalf("orders.copy")) == (order.contact, order.contact.pk)


@pytest.mark.parametrize("name", ["expert-pause", "expert-send-back", "training-unverify"])
def test_form_about_an_expert_says_whom_it_concerns(counter, now, name):
    expert = make_expert(at=now, user=make_person("Veera Virta"))
    training = CompletedTraining.objects.create(
        expert=expert, kind="basic", name="Peruskurssi", producer="Opisto", completed_on=now.date()
    )
    args = [expert.pk, training.pk] if name == "training-unverify" else [expert.pk]

    page = get(counter, name, *args).content.decode()

    assert "Veera Virta" in page
    assert ("Veera Virta · Peruskurssi · Opisto" in page) == (name == "training-unverify")


def test_break_is_written_down_and_ended(counter, now):
    expert = make_expert(at=now)
    assert get(counter, "expert-pause", expert.pk).status_code == 200
    past = {"until": (helsinki(now) - timedelta(days=1)).date().isoformat()}
    address = reverse("counter:expert-pause", args=[expert.pk])
    assert counter.post(address, past).status_code == 422

    post(counter, "expert-pause", expert.pk, until="")

    expert.refresh_from_db()
    assert (expert.is_paused, behalf("experts.pause")) == (True, expert.user_id)
    assert "End the break" in get(counter, "expert", expert.pk).content.decode()
    post(counter, "expert-pause", expert.pk, resume="1")
    expert.refresh_from_db()
    assert (expert.is_paused, behalf("experts.resume")) == (False, expert.user_id)


def test_profile_is_deleted_for_who_asked(counter, now):
    expert = make_expert(at=now)
    assert get(counter, "expert-erase", expert.pk).status_code == 200

    post(counter, "expert-erase", expert.pk)

    assert not Expert.objects.exists()
    assert behalf("experts.erase") == expert.user_id


def test_profile_with_agreed_tasks_is_not_offered_to_be_deleted(counter, now):
    task = make_agreed(now)

    page = get(counter, "expert-erase", task.expert_id).content.decode()

    assert reverse("counter:task-cancel", args=[task.pk]) in page
    assert "Delete for good" not in page
    answer = post(counter, "expert-erase", task.expert_id)
    assert answer["Location"] == reverse("counter:expert-erase", args=[task.expert_id])


def test_address_is_given_to_somebody_who_has_got_one(counter):
    person, other = make_person(email=""), make_person()
    address = reverse("counter:person-email", args=[person.pk])
    assert "Give an e-mail address" in get(counter, "person", person.pk).content.decode()
    for wrong in ("", "no address", other.email):
        assert counter.post(address, {"email": wrong}).status_code == 422

    post(counter, "person-email", person.pk, email="aino@example.test")

    person.refresh_from_db()
    assert (person.email, behalf("accounts.give_email")) == ("aino@example.test", person.pk)


def test_address_of_an_account_in_use_is_not_changed_here(counter):
    person = make_person(password="salasana-jota-kukaan-ei-arvaa")

    assert "Give an e-mail address" not in get(counter, "person", person.pk).content.decode()
    address = reverse("counter:person-email", args=[person.pk])
    assert counter.post(address, {"email": "mine@example.test"}).status_code == 403


def test_organisation_s_details_and_units_are_changed_for_it(counter):
    school = make_vetted_organisation("Koulu")
    address = reverse("counter:organisation-edit", args=[school.pk])
    assert counter.get(address).status_code == 200
    assert counter.post(address, {"name": ""}).status_code == 422
    assert counter.post(reverse("counter:add-unit", args=[school.pk])).status_code == 422

    post(counter, "organisation-edit", school.pk, name="Uusi koulu", kind="school", sector="public",
         services=["education"], business_id="1234567-1")  # fmt: skip
    post(counter, "add-unit", school.pk, **{"unit-name": "Lukio", "unit-municipality": "684"})

    page = get(counter, "organisation", school.pk).content.decode()
    for words in ("Uusi koulu", "Public sector", "Education", "1234567-1", "Lukio", "Rauma"):
        assert words in page


def test_unit_of_another_organisation_is_no_choice(counter):
    school, other = make_vetted_organisation(), make_vetted_organisation()
    counter.post(reverse("counter:add-unit", args=[other.pk]), {"unit-name": "Lukio"})
    data = {"user": make_person().pk, "role": "orderer", "unit": other.units.get().pk}

    response = counter.post(reverse("counter:add-member", args=[school.pk]), data)

    assert (response.status_code, set(response.context["form"].errors)) == (422, {"unit"})


@pytest.mark.parametrize("make", [make_steering, make_person, make_orderer])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("task-feedback", (1, "expert")), ("task-debrief", (1, "expert")), ("order-changed", (1,)),
        ("order-copy", (1,)), ("order-cancel", (1,)), ("expert-pause", (1,)), ("expert-erase", (1,)),
        ("person-email", (1,)), ("organisation-edit", (1,)), ("add-unit", (1,)),
    ],
)  # fmt: skip
def test_act_on_behalf_is_the_coordinator_s_own(client, make, name, args):
    client.force_login(make(), backend=BACKEND)

    assert client.post(reverse(f"counter:{name}", args=args)).status_code == 403


def test_expert_who_is_waiting_is_not_offered_a_break(counter, now):
    expert = make_expert(at=now, state=ExpertState.WAITING)

    assert "Take a break on behalf" not in get(counter, "expert", expert.pk).content.decode()


def test_counter_answers_a_sign_up_only_for_a_time_that_suits(counter, now):
    spans = [(now + timedelta(days=n), now + timedelta(days=n, hours=2)) for n in (20, 27)]
    order, expert = make_search(now, times=spans), make_expert(at=now)
    _first, second = order.times.order_by("starts_at")
    asked = counter.post(reverse("counter:order-sign-up", args=[order.pk]), {"expert": expert.pk})
    assert asked.context["form"].errors["times"] == ["Choose at least one time that suits."]

    post(counter, "order-sign-up", order.pk, expert=expert.pk, times=[second.pk])
    own = Offer.objects.get()
    page = get(counter, "offer-answer", own.pk)
    assert "time" not in page.context["form"].fields
    assert when(second.starts_at, second.ends_at) in page.content.decode()
    post(counter, "offer-answer", own.pk, accept="1")

    assert Assignment.objects.get().starts_at == second.starts_at


def test_counter_is_not_offered_a_yes_when_no_time_suits_any_more(counter, now):
    spans = [(now + timedelta(days=n), now + timedelta(days=n, hours=2)) for n in (20, 27)]
    order, expert = make_search(now, times=spans), make_expert(at=now)
    own = sign_up(order, expert, times=order.times.all()[:1], by=expert.user, at=now)
    order.times.filter(starts_at=own.suits[0][0]).delete()

    page = get(counter, "offer-answer", own.pk).content.decode()

    assert ('name="accept"' in page, "Call the expert; if a time suits" in page) == (False, True)
