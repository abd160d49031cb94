"""Wishes for further trainings: on the own page, by phone, and as counts for those who plan."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.organisations.models import MemberRole, Task
from luukku.training import actions
from luukku.training.models import TrainingWish
from tests.factories.accounts import make_person
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation
from tests.markup import flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def desk_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


def test_person_tells_changes_and_takes_back_a_wish():
    person = make_person()
    client, page = desk_of(person), reverse("public:wishes")
    assert page in client.get(reverse("public:programmes")).content.decode()

    for _n in range(2):
        client.post(page, sent(kinds=["digital", "pair"], mode="remote"))
    own = TrainingWish.objects.get()

    assert (own.person, own.kinds, own.mode) == (person, ["digital", "pair"], "remote")
    form = client.get(page).context["form"]
    assert form["kinds"].value() == ["digital", "pair"]
    remove = reverse("public:wishes-remove")
    assert remove in client.get(page).content.decode()
    assert client.get(remove).status_code == 200
    client.post(remove, sent())
    assert not TrainingWish.objects.exists()
    assert client.get(remove).url == page


def test_what_makes_it_hard_is_not_thrown_away_without_a_kind():
    person = make_person()
    client, page = desk_of(person), reverse("public:wishes")

    answer = client.post(page, sent(mode="remote", barriers=["travel", "care"]))

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, ["kinds"])
    assert (form["mode"].value(), form["barriers"].value()) == ("remote", ["travel", "care"])
    client.post(page, sent(mode="remote", barriers=["travel"], kinds=["digital"]))
    version = client.get(page).context["form"]["version"].value()
    assert client.post(page, sent(mode="remote", version=version)).status_code == 422
    assert TrainingWish.objects.get().barriers == ["travel"]


def test_counter_removes_the_wish_of_who_calls_and_nobody_else_does(counter):
    person = make_person()
    actions.wish(person, kinds=["online"], by=person, at=timezone.now())
    remove = reverse("counter:person-wish-remove", args=[person.pk])

    assert desk_of(make_person()).post(remove, sent()).status_code == 403
    page = counter.get(reverse("counter:person-wish", args=[person.pk]))
    assert remove in page.content.decode()
    counter.post(remove, sent())

    assert not TrainingWish.objects.exists()


def test_expert_finds_the_wish_on_the_desk():
    expert = make_expert()

    page = desk_of(expert.user).get(reverse("expert:desk")).content.decode()

    assert reverse("public:wishes") in page


def test_wish_that_cannot_be_is_told_at_its_field_and_kept():
    client = desk_of(make_person())

    answer = client.post(reverse("public:wishes"), sent(kinds=["digital"], mode="lentäen"))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["mode"])
    assert answer.context["form"]["kinds"].value() == ["digital"]
    assert not TrainingWish.objects.exists()


def test_counter_writes_down_the_wish_of_who_calls(counter):
    caller = make_person("Soittava Saara", email="")
    page = reverse("counter:person-wish", args=[caller.pk])
    assert page in counter.get(reverse("counter:person", args=[caller.pk])).content.decode()

    answer = counter.post(page, sent(kinds=["online"], mode="both"))

    assert answer.url == reverse("counter:person", args=[caller.pk])
    assert TrainingWish.objects.get().person == caller
    assert desk_of(make_person()).get(page).status_code == 403


def test_those_who_plan_see_counts_and_no_names_and_nobody_else_sees_them(counter):
    person = make_person("Toivova Tuula")
    actions.wish(person, kinds=["online"], by=person, at=timezone.now())
    producer = make_member(make_organisation(tasks=[Task.TRAINS]), role=MemberRole.PRODUCER)
    steering = desk_of(make_person(roles=["steering"]))

    theirs = flat(steering.get(reverse("counter:wishes")))
    shown = flat(desk_of(producer).get(reverse("orderer:wishes")))

    for page in (theirs, shown):
        assert "People who have told a wish: under 10" in page
        assert "Toivova" not in page
    assert "People who have told a wish: 1" in flat(counter.get(reverse("counter:wishes")))
    assert desk_of(person).get(reverse("counter:wishes")).status_code == 403
    assert desk_of(person).get(reverse("orderer:wishes")).status_code in {403, 404}
