"""The counter's lists: one literal number of queries at 1 and at 3 rows; what waits is there, most urgent first."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone, translation

from luukku.audit.models import AccessLog
from luukku.core.duty import KINDS, queue
from luukku.experts.actions import add_training, pause
from luukku.experts.states import ExpertState
from luukku.feedback.actions import ask_debrief, ask_what_changed
from luukku.feedback.models import Side, WhatChanged
from luukku.guidance.actions import ask
from luukku.guidance.models import Topic
from luukku.notices.models import Letter
from luukku.orders.actions import start
from luukku.orders.states import OrderState
from luukku.organisations.models import MemberRole, Organisation
from luukku.privacy.actions import set_consents
from luukku.web.parts.experts.profile_forms import SECTIONS
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import (
    make_agreed,
    make_done,
    make_offer,
    make_search,
    make_sign_up,
)
from tests.factories.experts import make_expert
from tests.factories.feedback import give
from tests.factories.guidance import make_ready_answer
from tests.factories.orders import make_order
from tests.factories.organisations import make_member, make_organisation
from tests.readings import noted

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


LISTS = {
    "answers": (make_ready_answer, 7),
    "queue": (lambda now: make_order(now), 11),
    "orders": (lambda now: make_order(now), 10),
    "experts": (lambda now: make_expert(at=now), 11),
    "organisations": (lambda now: make_order(now), 7),
    "people": (lambda now: make_person(), 9),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_list_asks_the_same_number_of_queries(counter, now, name, rows, django_assert_num_queries):
    make, number = LISTS[name]
    for _n in range(rows):
        make(now)
    url = reverse(f"counter:{name}")

    with django_assert_num_queries(number):
        response = counter.get(url)

    assert response.status_code == 200


def test_experts_are_said_to_be_in_the_bank_only_while_they_are_offered_tasks(counter, now):
    withdrawn, rested = (make_expert(user=make_person(name)) for name in "AB")
    set_consents(withdrawn.user, set(), by=withdrawn.user, at=timezone.now())
    pause(rested, until=now.date() - timedelta(days=2), by=rested.user, at=now)

    page = counter.get(reverse("counter:experts")).content.decode()

    tags = re.findall(r'<span class="ds-tag"[^>]*>([^<]+)<', page)
    assert tags == ["Not in the expert bank", "In the expert bank"]


def test_queue_holds_each_kind_of_duty_most_urgent_first(now):
    make_order(now - timedelta(days=5))
    make_order(now, state=OrderState.ACCEPTED)
    make_sign_up(now)
    make_search(now, days=(2,))
    make_expert(at=now, state=ExpertState.WAITING)
    ask("?", topic=Topic.OTHER, by=make_person(), at=now)
    Organisation.objects.create(name="O", kind="ngo", sector="third", made_at=now)

    duties = queue(at=now)

    kinds = [duty.kind for duty in duties]
    assert {"order", "search", "sign_up", "staffing", "expert", "question", "organisation"} <= set(
        kinds
    )
    assert [duty.due for duty in duties] == sorted(duty.due for duty in duties)
    assert all(str(duty.label) == str(KINDS[duty.kind].label) for duty in duties)
    assert {duty.kind for duty in queue(at=now, kind="question")} == {"question"}


def test_queue_names_no_theme(counter, now):
    make_order(now, themes=("homelessness",))

    with translation.override("fi"):
        page = counter.get(reverse("counter:queue")).content.decode()

    assert "Asunnottomuus" not in page


@pytest.mark.parametrize("name", ["queue", *LISTS])
def test_lists_are_the_counter_s_own(client, name):
    client.force_login(make_expert().user, backend=BACKEND)

    assert client.get(reverse(f"counter:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["orders", "experts", "organisations", "people"])
def test_lists_search_and_show_an_empty_answer(counter, now, name):
    make_order(now)

    response = counter.get(reverse(f"counter:{name}"), {"q": "no such words", "state": "sent"})

    assert response.status_code == 200
    assert b'class="empty"' in response.content


def test_reading_a_profile_is_written_down(counter, now):
    expert = make_expert(at=timezone.now())

    counter.get(reverse("counter:expert", args=[expert.pk]))

    assert set(noted()) == {expert.user_id}
    assert noted()[expert.user_id] >= {
        "accounts.user.name", "accounts.user.email", "experts.experience.theme",
    }  # fmt: skip


def test_queue_holds_what_waits_for_a_call_or_a_look(now):
    begun = start(
        by=make_coordinator(), at=now, organisation=(orderer := make_order(now)).organisation,
        contact=orderer.contact,
    )  # fmt: skip
    silent = make_offer(now - timedelta(days=4))
    make_offer(now)
    past = make_agreed(now - timedelta(days=15))
    done = make_done(now - timedelta(days=40))
    said = give(done, Side.EXPERT, now)
    WhatChanged.objects.update(ask_on=now.date() - timedelta(days=20))
    ask_what_changed(at=now - timedelta(days=15))
    training = add_training(
        past.expert, kind="basic", name="Peruskurssi",
        producer="Yhdistys", completed_on=now.date(), by=past.expert.user, at=now - timedelta(days=1),
    )  # fmt: skip
    without = make_organisation("Yksin", at=now)
    half = make_organisation("Puolittain", at=now)
    make_member(half, role=MemberRole.ORDERER, is_contact=True)
    make_member(half, role=MemberRole.BACKGROUND)
    whole = make_organisation("Kokonaan", at=now)
    make_member(whole, role=MemberRole.ORDERER, is_contact=True)

    found = {
        kind: [(duty.url, duty.since) for duty in queue(at=now, kind=kind)]
        for kind in ("draft", "silent", "done", "feedback", "changed", "training", "contact")
    }

    def page(name, pk):
        return reverse(f"counter:{name}", args=[pk])

    asked_at = now - timedelta(days=15)
    assert found["draft"] == [(page("order", begun.pk), now)]
    assert found["silent"] == [(page("order", silent.order_id), silent.made_at)]
    assert found["done"] == [(page("order", past.order_id), past.ends_at)]
    assert found["feedback"] == [(page("feedback", said.pk), now)]
    assert found["changed"] == [(page("order", done.order_id), asked_at)]
    assert found["training"] == [(page("expert", training.expert_id), now - timedelta(days=1))]
    left_alone = {url for url, _since in found["contact"]}
    pages = [page("organisation", one.pk) for one in (without, half, whole)]
    assert [url in left_alone for url in pages] == [True, True, False]


def test_queue_asks_patiently_what_changed(now):
    make_done(now - timedelta(days=40))
    WhatChanged.objects.update(ask_on=now.date() - timedelta(days=200))
    asked_at = now - timedelta(days=20)
    ask_what_changed(at=asked_at)

    waits = [
        len(queue(at=asked_at + timedelta(days=days), kind="changed")) for days in (13, 15, 121)
    ]

    assert waits == [0, 1, 0]


# -- every place where the counter reads about somebody ------------------------------------------


def expert_page(now):
    expert = make_expert(at=now)
    return expert.user, "profile", reverse("counter:expert", args=[expert.pk])


def section_page(name):
    def make(now):
        expert = make_expert(at=now)
        address = reverse("counter:profile-section", args=[expert.pk, name])
        return expert.user, f"profile.{name}", address

    return make


def trainings_page(now):
    expert = make_expert(at=now)
    address = reverse("counter:profile-trainings", args=[expert.pk])
    return expert.user, "profile.trainings", address


def question_page(now):
    person = make_person()
    asked = ask("Mistä apua?", topic=Topic.OTHER, by=person, at=now)
    return person, "question", reverse("counter:question", args=[asked.pk])


def letter_page(now):
    person = make_person(email="")
    make_expert(at=now, user=person)
    letter = Letter.objects.on_paper().filter(reader=person).order_by("pk").first()
    return person, "letter", reverse("counter:letter", args=[letter.pk])


def debrief_page(now):
    task = make_done(now - timedelta(days=20))
    wish = ask_debrief(task, by=task.expert.user, at=now)
    return task.expert.user, "debrief", reverse("counter:debrief", args=[wish.pk])


def feedback_page(now):
    task = make_done(now - timedelta(days=20))
    said = give(task, Side.EXPERT, now)
    return task.expert.user, "feedback", reverse("counter:feedback", args=[said.pk])


READINGS = [expert_page, trainings_page, question_page, letter_page, debrief_page, feedback_page]
READINGS += [section_page(name) for name in SECTIONS if name != "trainings"]


@pytest.mark.slow
@pytest.mark.parametrize("make", READINGS)
def test_reading_about_somebody_is_noted_or_nothing_is_shown(client, now, make, monkeypatch):
    person, _what, address = make(now)
    coordinator = make_coordinator()
    client.force_login(coordinator, backend=BACKEND)

    assert client.get(address).status_code == 200

    assert person.pk in noted(coordinator)

    def broken(_rows):
        raise DatabaseError("full")

    monkeypatch.setattr(AccessLog.objects, "bulk_create", broken)
    with pytest.raises(DatabaseError):
        client.get(address)
