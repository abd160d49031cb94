"""The expert tries taking part remotely, and sees on a task whether the orderer has tried."""

import re

import pytest
from django.urls import reverse

from luukku.readiness.actions import note_practice, tell_tried
from luukku.readiness.models import Item, Readiness
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed
from tests.factories.readiness import make_remote, make_test
from tests.markup import said

pytestmark = pytest.mark.django_db
PAGE = "expert:readiness"


def answers(**others):
    return {item.value: "works" for item in Item} | others


def test_answers_are_kept_and_shown_again(desk, expert):
    before = said(desk.get(reverse(PAGE)))

    after = desk.post(
        reverse(PAGE), answers(mute="help", share="not_yet", kinds=["phone"]), follow=True
    )

    test = Readiness.objects.get(expert=expert)
    assert (test.helps, test.kinds, len(test.works)) == (["mute"], ["phone"], 5)
    assert "You last tried on" not in before
    assert "You last tried on" in said(after)
    assert "You have asked for help." in said(after)
    assert after.context["form"].initial["share"] == "not_yet"


def test_help_is_one_press_and_is_taken_back(desk, expert):
    before = said(desk.get(reverse(PAGE)))

    asked = said(desk.post(reverse("expert:readiness-help"), follow=True))
    is_kept = Readiness.objects.filter(expert=expert, tried_at=None).exists()
    back = said(desk.post(reverse("expert:readiness-no-help"), follow=True))

    assert "One press is enough" in before
    assert "You have asked for help." in asked
    assert "You last tried on" not in asked
    assert is_kept
    assert "One press is enough" in back
    assert not Readiness.objects.exists()


def _is_open(page):
    return re.search(r'<details\s+class="more"\s+open', page.content.decode()) is not None


def test_page_says_who_sees_the_answers_and_folds_what_was_answered(desk, expert, now):
    before = desk.get(reverse(PAGE))
    make_test(now, expert=expert)

    after = desk.get(reverse(PAGE))

    assert "nothing in what you are offered" not in said(before)
    assert "The counter also sees beside your name" in said(before)
    assert _is_open(before)
    assert not _is_open(after)
    assert "Works already" in said(after)


def test_page_tells_that_the_counter_has_practised(desk, expert, now):
    note_practice(make_test(now, expert=expert, helps=("mute",)), by=make_coordinator(), at=now)

    assert "You practised together with the counter on" in said(desk.get(reverse(PAGE)))


def test_what_is_left_open_is_asked_for_and_nothing_is_lost(desk):
    some = answers(kinds=["tablet"])
    del some["mute"]

    page = desk.post(reverse(PAGE), some)

    assert page.status_code == 422
    assert "Choose one." in said(page)
    assert page.context["form"]["kinds"].value() == ["tablet"]
    assert not Readiness.objects.exists()


@pytest.mark.parametrize("wrong", [{"mute": "maybe"}, {"kinds": ["rocket"]}])
def test_answer_that_is_not_there_is_refused_at_its_field(desk, wrong):
    assert desk.post(reverse(PAGE), answers(**wrong)).status_code == 422


def test_desk_and_profile_lead_to_the_page(desk):
    for address in (reverse("expert:desk"), reverse("expert:profile-section", args=["place"])):
        assert reverse(PAGE) in desk.get(address).content.decode()


def test_task_tells_whether_the_orderer_has_tried(desk, expert, now):
    task = make_agreed(now, order=make_remote(now), expert=expert)
    address = reverse("expert:task", args=[task.pk])
    before = said(desk.get(address))

    tell_tried(task.order, by=task.order.contact, at=now)

    assert "The orderer has not told yet" in before
    assert "The orderer has tried the connection on" in said(desk.get(address))


def test_task_on_site_says_nothing_of_it(desk, expert, now):
    task = make_agreed(now, expert=expert)

    assert "tried the connection" not in said(desk.get(reverse("expert:task", args=[task.pk])))
