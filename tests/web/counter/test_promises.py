"""Background organisations at the counter and before the steering group."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.coping.actions import remind
from luukku.coping.models import Reminder, YearlyTalk
from luukku.core.times import helsinki
from luukku.organisations.models import MemberRole, Membership, Task
from tests.factories.accounts import make_steering
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation
from tests.markup import said

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def background(now, *, experts=1, name="Tukiyhdistys"):
    here = make_organisation(tasks=[Task.BACKGROUND], at=now, name=name)
    person = make_member(here, role=MemberRole.BACKGROUND)
    for _n in range(experts):
        make_expert(at=now - 400 * A_DAY, background_organisation=here, responsible_person=person)
    return here, person


@pytest.mark.parametrize("number", [1, 3])
def test_list_counts_for_the_counter(counter, now, number, django_assert_num_queries):
    for n in range(number):
        background(now, name=f"Tukiyhdistys {n}")
    counter.get(reverse("counter:backgrounds"))

    with django_assert_num_queries(7):
        page = said(counter.get(reverse("counter:backgrounds")))

    assert all(f"Tukiyhdistys {n}" in page for n in range(number))


@pytest.mark.parametrize(("open_", "is_there"), [("yes", True), ("no", False)])
def test_list_is_narrowed_to_where_something_is_open(counter, now, open_, is_there):
    background(now)

    page = said(counter.get(reverse("counter:backgrounds") + f"?open={open_}"))

    assert ("Tukiyhdistys" in page) == is_there


def test_page_names_whom_it_is_about_and_that_they_talked(counter, now):
    here, _person = background(now)
    for month in range(3):
        remind(at=now - (80 - 31 * month) * A_DAY)
    address = reverse("counter:background", args=[here.pk])

    page = said(counter.get(address))
    counter.post(address)

    assert here.experts.get().user.name in page
    assert "3 letters since the last call" in page
    assert Reminder.objects.get().number == 0


def test_page_says_that_letters_reach_nobody_where_nobody_stands_for_it(counter, now):
    here, person = background(now)
    Membership.objects.filter(user=person).delete()
    remind(at=now)

    page = said(counter.get(reverse("counter:background", args=[here.pk])))

    assert "letters reach nobody" in page
    assert "since the last call" not in page
    assert "We have talked" in page


def test_steering_group_sees_organisations_without_names_and_few(client, now):
    here, person = background(now, experts=5)
    few, _other = background(now, name="Pieni yhdistys", experts=4)
    client.force_login(make_steering(), backend=BACKEND)

    page = said(client.get(reverse("counter:promises")))

    assert here.name in page
    assert few.name in page
    assert page.count("Experts in the bank: under 10") == 2
    assert (
        page.count("There is a talk with each expert every year") == 2
    )  # the sum and one organisation
    assert "There is a talk with each expert every year: in order in 0 of 1 organisation." in page
    assert "A contact person is named: in order in 0 of 2 organisations." in page
    assert page.count("only where there are at least 5 of them") == 1
    assert re.search(r"There is a talk with each expert every year:\s+<strong\s*>open", page)
    for one in (person, *(expert.user for expert in here.experts.all())):
        assert one.name not in page
    for name in ("background", "talk"):
        pk = here.pk if name == "background" else here.experts.first().pk
        assert client.get(reverse(f"counter:{name}", args=[pk])).status_code == 403
    assert client.get(reverse("counter:backgrounds")).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_steering_list_takes_as_many_queries_for_one_as_for_many(
    client, now, number, django_assert_num_queries
):
    for n in range(number):
        background(now, name=f"Tukiyhdistys {n}")
    client.force_login(make_steering(), backend=BACKEND)
    client.get(reverse("counter:promises"))

    with django_assert_num_queries(5):
        client.get(reverse("counter:promises"))


def test_counter_writes_down_a_talk_told_by_phone(counter, coordinator, now):
    here, person = background(now)
    expert = here.experts.get()
    address, day = reverse("counter:talk", args=[expert.pk]), helsinki(now).date() - 4 * A_DAY

    counter.post(address, {"held_on": day.isoformat(), "held_by": person.pk, "next_by": ""})
    page = said(counter.get(reverse("counter:expert", args=[expert.pk])))
    talk = YearlyTalk.objects.get()
    held = counter.get(address).content.decode()
    counter.post(reverse("counter:talk-remove", args=[talk.pk]))

    assert (talk.held_by, talk.noted_by) == (person, coordinator)
    assert "Yearly talk" in page
    assert reverse("counter:talk-remove", args=[talk.pk]) in held
    assert not YearlyTalk.objects.exists()


def test_talk_with_nobody_of_the_organisation_says_what_to_do(counter, now):
    here, person = background(now)
    person.memberships.all().delete()

    page = said(counter.get(reverse("counter:talk", args=[here.experts.get().pk])))

    assert "Nobody stands for the organisation here" in page
