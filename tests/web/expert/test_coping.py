"""Signs of load on the expert's own desk: gentle words, what helps, and putting aside."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.assignments.actions import end_organisation
from luukku.coping.actions import note_talk
from luukku.coping.models import FlagKind
from luukku.coping.states import FlagState
from luukku.core.times import helsinki
from luukku.experts.actions import save
from luukku.organisations.models import MemberRole, Task
from luukku.web.expert.coping import GENTLY
from tests.factories.accounts import make_coordinator
from tests.factories.coping import make_flag, make_passed_on
from tests.factories.organisations import make_member, make_organisation
from tests.markup import said

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def test_desk_says_a_gentle_word_and_leads_to_the_page(desk, expert, now):
    quiet = said(desk.get(reverse("expert:desk")))
    make_flag(now, expert=expert)

    page = said(desk.get(reverse("expert:desk")))

    assert "We have left a few gentle words for you." not in quiet
    assert "We have left a few gentle words for you." in page
    assert "Offers without an answer" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_page_says_what_helps_and_who_sees_it(desk, expert, now, number, django_assert_num_queries):
    flag = make_flag(now, expert=expert)
    for kind in (FlagKind.MANY, FlagKind.HEAVY)[: number - 1]:
        type(flag).objects.create(expert=expert, kind=kind, evidence=[1], raised_at=now)
    desk.get(reverse("expert:coping"))

    with django_assert_num_queries(8):
        page = desk.get(reverse("expert:coping"))

    words = said(page)
    assert str(GENTLY[FlagKind.SILENT][1]) in words
    assert "the counter sees it 7 days later" in words
    assert reverse("expert:coping-talk", args=[flag.pk]) in page.content.decode()
    assert reverse("expert:pause") in page.content.decode()
    assert "3 latest offers" in words


def test_talk_is_asked_for_and_the_page_says_so(desk, expert, now):
    flag = make_flag(now, expert=expert)

    answer = desk.post(reverse("expert:coping-talk", args=[flag.pk]), follow=True)

    flag.refresh_from_db()
    assert flag.talk_asked_at is not None
    assert "The counter gets in touch with you." in said(answer)


def test_sign_is_put_aside_and_taken_back(desk, expert, now):
    flag = make_flag(now, expert=expert)

    aside = desk.post(reverse("expert:coping-dismiss", args=[flag.pk]), follow=True)
    flag.refresh_from_db()
    state = flag.state
    desk.post(reverse("expert:coping-reopen", args=[flag.pk]))

    flag.refresh_from_db()
    assert (state, flag.state) == (FlagState.DISMISSED, FlagState.RAISED)
    assert "You have put it aside." in said(aside)


@pytest.mark.parametrize("act", ["talk", "dismiss", "reopen"])
def test_signs_of_others_are_not_there(desk, now, act):
    flag = make_passed_on(now)

    answer = desk.post(reverse(f"expert:coping-{act}", args=[flag.pk]))

    assert answer.status_code == 404


@pytest.mark.parametrize("has_agreed", [True, False])
def test_consent_is_asked_by_itself(desk, expert, has_agreed):
    words = "sees signs that I carry too much"
    address = reverse("expert:profile-section", args=["consents"])
    assert words in said(desk.get(address))

    yes = ["in_bank", "coping"] if has_agreed else ["in_bank"]
    desk.post(address, {"purposes": yes})

    agreed = "You have agreed that your responsible person"
    assert (agreed in said(desk.get(reverse("expert:coping")))) == has_agreed


def test_page_shows_own_talks_and_who_held_them(desk, expert, now):
    here = make_organisation(tasks=[Task.BACKGROUND], at=now)
    person, today = make_member(here, role=MemberRole.BACKGROUND), helsinki(now).date()
    save(expert, background_organisation=here, by=expert.user, at=now)
    before = said(desk.get(reverse("expert:coping")))
    expert.refresh_from_db()

    note_talk(expert, held_on=today, held_by=person, next_by=today + A_DAY, by=person, at=now)

    assert "No talk has been written down yet." in before
    assert person.name in said(desk.get(reverse("expert:coping")))


def test_organisation_that_ends_leaves_the_choice_to_the_expert(desk, expert, now):
    here = make_organisation(tasks=[Task.BACKGROUND], at=now)
    save(expert, background_organisation=here, by=expert.user, at=now)

    end_organisation(here, by=make_coordinator(), at=now)
    page = said(desk.get(reverse("expert:desk")))
    expert.refresh_from_db()
    kept = expert.background_organisation
    desk.post(
        reverse("expert:profile-section", args=["background"]), {"background_organisation": ""}
    )

    expert.refresh_from_db()
    assert "Your background organisation has ended." in page
    assert (kept, expert.background_organisation) == (here, None)
    assert "Your background organisation has ended." not in said(desk.get(reverse("expert:desk")))
