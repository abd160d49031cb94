"""Programmes at the own desk of who holds them, and of nobody else."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.organisations.models import MemberRole, Task
from luukku.training import actions as training
from luukku.training.models import Programme
from tests.factories.accounts import make_coordinator
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_programme
from tests.markup import flat, said

pytestmark = pytest.mark.django_db
QUERIES = 14  # of the desk of who trains
BACKEND = "django.contrib.auth.backends.ModelBackend"


def url(name, *args):
    return reverse(f"orderer:{name}", args=args)


def desk_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


@pytest.fixture
def producer():
    return make_organisation(tasks=[Task.TRAINS])


@pytest.fixture
def desk(producer):
    client = Client()
    client.force_login(make_member(producer, role=MemberRole.PRODUCER), backend=BACKEND)
    return client


def test_programme_goes_its_way_at_the_own_desk(desk, producer):
    made = make_programme(producer=producer)
    form = sent(kind="basic", title_fi="Uusi nimi", producers=[producer.pk], contact_story=60)

    assert url("programme", made.pk) in desk.get(url("programmes")).content.decode()
    assert desk.get(url("programme-edit", made.pk)).status_code == 200
    desk.post(url("programme-edit", made.pk), form)
    for move, state in (("share", "shared"), ("take_back", "draft")):
        assert (
            url("programme-move", made.pk, move)
            in desk.get(url("programme", made.pk)).content.decode()
        )
        desk.post(url("programme-move", made.pk, move), sent())
        assert Programme.objects.get().state == state
    assert "Uusi nimi" in flat(desk.get(url("programme", made.pk)))


def test_agreed_programme_is_renewed_or_ended_and_ending_asks_first(desk, producer):
    made = make_programme(producer=producer, state="agreed")

    answer = desk.post(url("programme-move", made.pk, "renew"), sent())
    assert answer.url == url("programme", made.renewed_by.pk)
    assert desk.get(url("programme-move", made.pk, "retire")).status_code == 200
    made.refresh_from_db()
    assert made.state == "agreed"
    desk.post(url("programme-move", made.pk, "retire"), sent())
    made.refresh_from_db()
    assert made.state == "retired"
    assert desk.post(url("programme-move", made.pk, "agree"), sent()).status_code == 404


def test_anothers_draft_is_not_there_and_what_is_shared_can_be_read_alone(desk):
    draft, shared = make_programme(), make_programme(state="shared")

    assert desk.get(url("programme", draft.pk)).status_code == 404
    page = desk.get(url("programme", shared.pk)).content.decode()
    assert url("programme-edit", shared.pk) not in page
    assert url("programme-move", shared.pk, "take_back") not in page
    assert desk.post(url("programme-move", shared.pk, "take_back"), sent()).status_code == 403
    shared.refresh_from_db()
    assert shared.state == "shared"


def test_what_cannot_be_is_told_at_its_field_and_kept(desk, producer):
    made = make_programme(producer=producer)

    form = sent(kind="basic", title_fi=" ", producers=[producer.pk], contact_story=60)
    answer = desk.post(url("programme-edit", made.pk), form)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["title_fi"])
    assert answer.context["form"]["contact_story"].value() == "60"


def test_list_costs_the_same_with_one_and_three(desk, producer):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    numbers = []
    for _n in range(3):
        make_programme(producer=producer)
        desk.get(url("programmes"))
        with CaptureQueriesContext(connection) as queries:
            desk.get(url("programmes"))
        numbers.append(len(queries))

    assert numbers[0] == numbers[2]


def test_each_producer_says_yes_on_the_page_and_sees_who_has_not():
    first = make_organisation("Eka", tasks=[Task.TRAINS])
    second = make_organisation("Toka", tasks=[Task.TRAINS])
    one, other = (make_member(org, role=MemberRole.PRODUCER) for org in (first, second))
    made = make_programme(state="shared", producer=first)
    training.propose(made, by=one, at=timezone.now())
    desk, counter = desk_of(other), desk_of(make_coordinator())
    agree = reverse("counter:programme-move", args=[made.pk, "agree"])
    here = url("programme", made.pk)

    assert url("programme-move", made.pk, "say_yes") in desk.get(here).content.decode()
    early = counter.post(agree, {"decision": ""})
    made.refresh_from_db()
    for seen in ("", "eilen", (made.proposed_at - timedelta(hours=1)).isoformat()):
        desk.post(url("programme-move", made.pk, "say_yes"), sent(seen=seen))  # of another proposal
    assert not made.yeses.filter(organisation=second).exists()
    asked = desk.get(url("programme-move", made.pk, "say_yes"))
    assert not made.yeses.filter(organisation=second).exists()
    assert made.proposed_at.isoformat() in asked.content.decode()
    assert "You say yes for your organisation: Toka." in said(asked)
    desk.post(url("programme-move", made.pk, "say_yes"), sent(seen=made.proposed_at.isoformat()))
    after = desk.get(here).content.decode()
    counter.post(agree, {"decision": ""})

    made.refresh_from_db()
    assert (early.status_code, "decision" in early.context["form"].errors) == (422, True)
    assert url("programme-move", made.pk, "say_yes") not in after
    assert url("programme-move", made.pk, "withdraw_yes") in after
    assert made.state == "agreed"


@pytest.mark.parametrize("number", [1, 3])
def test_who_is_asked_sees_it_on_the_desk_and_in_the_list(number, django_assert_num_queries):
    first, second = (make_organisation(name, tasks=[Task.TRAINS]) for name in ("Eka", "Toka"))
    one, other = (make_member(org, role=MemberRole.PRODUCER) for org in (first, second))
    for n in range(number):
        made = make_programme(state="shared", producer=first, title_fi=f"Ohjelma {n}", by=one)
        made = training.propose(made, by=one, at=timezone.now())
    desk, proposer = desk_of(other), desk_of(one)
    desk.get(reverse("orderer:desk"))

    with django_assert_num_queries(QUERIES):
        page = said(desk.get(reverse("orderer:desk")))

    assert page.count("do you agree on it?") == number
    assert said(desk.get(url("programmes"))).count("Waits for your yes") == number
    assert "Waits for your yes" not in said(proposer.get(url("programmes")))
    desk.post(url("programme-move", made.pk, "say_yes"), sent(seen=made.proposed_at.isoformat()))
    assert said(desk.get(reverse("orderer:desk"))).count("do you agree on it?") == number - 1
    desk.post(url("programme-move", made.pk, "withdraw_yes"), sent())
    assert said(desk.get(reverse("orderer:desk"))).count("do you agree on it?") == number


def test_form_of_a_proposed_programme_says_what_a_change_does():
    first = make_organisation("Eka", tasks=[Task.TRAINS])
    one = make_member(first, role=MemberRole.PRODUCER)
    made = make_programme(state="shared", producer=first, by=one)
    desk = desk_of(one)
    before = said(desk.get(url("programme-edit", made.pk)))
    training.propose(made, by=one, at=timezone.now())

    after = said(desk.get(url("programme-edit", made.pk)))

    assert "every yes to it end" not in before
    assert "every yes to it end" in after


def test_saving_the_form_unchanged_keeps_the_proposal():
    first = make_organisation("Eka", tasks=[Task.TRAINS])
    one = make_member(first, role=MemberRole.PRODUCER)
    made = make_programme(state="shared", producer=first, by=one)
    training.propose(made, by=one, at=timezone.now())
    desk = desk_of(one)
    form = desk.get(url("programme-edit", made.pk)).context["form"]
    same = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    same = {name: [getattr(v, "pk", v) for v in value] if isinstance(value, list) else value for name, value in same.items()}  # fmt: skip

    answer = desk.post(url("programme-edit", made.pk), sent(**same))

    made.refresh_from_db()
    assert answer.status_code == 303
    assert made.proposed_at is not None
    assert made.yeses.count() == 1


def test_who_does_not_agree_says_why_and_can_take_it_back():
    first, second = (make_organisation(name, tasks=[Task.TRAINS]) for name in ("Eka", "Toka"))
    one, other = (make_member(org, role=MemberRole.PRODUCER) for org in (first, second))
    made = make_programme(state="shared", producer=first)
    made = training.propose(made, by=one, at=timezone.now())
    desk, counter = desk_of(other), desk_of(make_coordinator())
    say_no, seen = url("programme-move", made.pk, "say_no"), made.proposed_at.isoformat()

    assert say_no in desk.get(url("programme", made.pk)).content.decode()
    asked = desk.get(say_no)
    empty = desk.post(say_no, sent(seen=seen, reason=""))
    done = desk.post(say_no, sent(seen=seen, reason="Tunteja on vähän."))

    assert "You say no for your organisation: Toka." in said(asked)
    assert seen in asked.content.decode()
    assert (empty.status_code, done.status_code) == (422, 303)
    page = desk.get(url("programme", made.pk))
    assert "Tunteja on vähän." in said(page)
    assert (say_no in page.content.decode(), "Take our no back" in said(page)) == (False, True)
    at_counter = counter.get(reverse("counter:programme", args=[made.pk]))
    assert "Tunteja on vähän." in said(at_counter)
    desk.post(url("programme-move", made.pk, "withdraw_yes"), sent())
    assert not made.noes.exists()
