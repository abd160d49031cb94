"""Remote readiness at the counter: the expert's page, the test, candidates and the order."""

import pytest
from django.urls import reverse

from luukku.audit.models import AccessLog
from luukku.readiness.actions import ask_help, tell_tried
from luukku.readiness.models import ConnectionTest, Item, Readiness
from tests.factories.accounts import make_admin, make_person, make_steering
from tests.factories.experts import make_expert
from tests.factories.readiness import make_remote, make_test
from tests.markup import said

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def test_expert_page_tells_whether_they_have_tried(counter, now):
    test, other = make_test(now), make_expert()

    page = counter.get(reverse("counter:expert", args=[test.expert_id]))
    without = said(counter.get(reverse("counter:expert", args=[other.pk])))

    assert "Remote connection tried" in said(page)
    assert reverse("counter:readiness", args=[test.pk]) in page.content.decode()
    assert "Remote connection not tried yet" in without
    assert not AccessLog.objects.filter(what__contains="readiness.readiness.helps").exists()


def test_test_tells_with_what_help_is_wished_for_and_that_they_practised(counter, now):
    test = make_test(now, helps=("mute",))
    address = reverse("counter:readiness", args=[test.pk])

    page = said(counter.get(address))
    after = said(counter.post(address, follow=True))
    again = said(counter.post(address, follow=True))

    wishes = page[page.index("Would like help") :]
    assert "I can turn my microphone" in wishes[: wishes.index("Works already")]
    assert "written down that you have practised together" in after
    assert "No help is wished for any more" in again
    assert "We have practised together" not in said(counter.get(address))
    noted = AccessLog.objects.filter(
        person_ids__contains=[test.expert.user_id], what__contains="readiness.readiness.helps"
    )
    assert noted.exists()


def test_help_that_named_nothing_is_read_as_such(counter, now):
    expert = make_expert()
    test = ask_help(expert, by=expert.user, at=now)

    page = said(counter.get(reverse("counter:readiness", args=[test.pk])))
    profile = said(counter.get(reverse("counter:expert", args=[expert.pk])))

    assert "nothing named: ask what it is about" in page
    assert "Does not work yet" not in page
    assert "Remote connection not tried yet" in profile


@pytest.mark.parametrize("make", [make_admin, make_steering, make_person])
def test_others_see_and_note_nothing(client, now, make):
    test = make_test(now, helps=("mute",))
    client.force_login(make(), backend=BACKEND)

    answer = client.post(reverse("counter:readiness", args=[test.pk]))

    test.refresh_from_db()
    assert answer.status_code in {302, 303, 403, 404}
    assert test.practised_at is None


def test_order_tells_whether_the_orderer_has_tried(counter, now):
    order = make_remote(now)
    address = reverse("counter:order", args=[order.pk])
    before = said(counter.get(address))

    tell_tried(order, by=order.contact, at=now)

    assert "The orderer has not told yet" in before
    assert "The orderer has tried the connection on" in said(counter.get(address))


@pytest.mark.parametrize("number", [1, 3])
def test_candidates_of_a_remote_order_say_so_in_one_question(
    counter, now, number, django_assert_num_queries
):
    order = make_remote(now)
    experts = [make_expert(at=now, is_remote_ok=True) for _n in range(number)]
    make_test(now, expert=experts[0])
    address = reverse("counter:order", args=[order.pk])
    counter.get(address)

    with django_assert_num_queries(31):
        page = said(counter.get(address))

    assert page.count("Remote connection tried") == 1
    assert page.count("Remote connection not tried yet") == number - 1


def test_counter_writes_down_what_the_expert_tells_by_phone(counter, now):
    expert = make_expert()
    address = reverse("counter:expert-readiness", args=[expert.pk])
    answers = {item.value: "works" for item in Item}

    page = said(counter.get(address))
    lacking = counter.post(address, {"link": "works"})
    counter.post(address, answers | {"mute": "help"})

    assert expert.user.name in page
    assert lacking.status_code == 422
    assert Readiness.objects.get(expert=expert).helps == ["mute"]


def test_counter_notes_what_the_orderer_tells_by_phone_and_takes_it_back(counter, now):
    order = make_remote(now)

    told = said(counter.post(reverse("counter:order-tried", args=[order.pk]), follow=True))
    back = said(counter.post(reverse("counter:order-untried", args=[order.pk]), follow=True))

    assert "The orderer has tried the connection on" in told
    assert "The orderer has not told yet" in back


@pytest.mark.parametrize("name", ["order-tried", "order-untried"])
@pytest.mark.parametrize("make", [make_admin, make_steering, make_person])
def test_others_note_nothing_on_an_order(client, now, make, name):
    order = make_remote(now)
    tell_tried(order, by=order.contact, at=now)
    client.force_login(make(), backend=BACKEND)

    answer = client.post(reverse(f"counter:{name}", args=[order.pk]))

    assert answer.status_code in {302, 303, 403, 404}
    assert ConnectionTest.objects.get(order=order).told_by == order.contact
