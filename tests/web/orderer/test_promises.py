"""What an organisation has promised its experts, on its own desk: how it stands, and the yearly talks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.coping.actions import note_talk
from luukku.coping.models import YearlyTalk
from luukku.core.times import helsinki
from luukku.events.models import How, Kind
from luukku.experts.states import ExpertState
from luukku.organisations.models import MemberRole, Task
from tests.factories.events import make_event
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation
from tests.markup import said

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
PAGE = "orderer:promises"


@pytest.fixture
def here(now):
    return make_organisation(tasks=[Task.BACKGROUND], at=now)


@pytest.fixture
def person(here):
    return make_member(here, role=MemberRole.BACKGROUND)


@pytest.fixture
def behind(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def own(here, now, *, ago=400, **fields):
    return make_expert(at=now - ago * A_DAY, background_organisation=here, **fields)


def sent(now, person, *, ago=3, **changes):
    day = helsinki(now).date() - ago * A_DAY
    return {"held_on": day.isoformat(), "held_by": person.pk, "next_by": ""} | changes


@pytest.mark.parametrize("number", [1, 3])
def test_page_says_what_is_open_and_with_whom_to_talk(
    behind, here, now, number, django_assert_num_queries
):
    experts = [own(here, now) for _n in range(number)]
    behind.get(reverse(PAGE))

    with django_assert_num_queries(11):
        page = said(behind.get(reverse(PAGE)))

    assert all(expert.user.name in page for expert in experts)
    assert "A contact person is to be named." in page
    assert page.count("It should have been held by") == page.count("Late") == number


@pytest.mark.parametrize(
    ("fields", "may_keep"), [({"how": How.OPEN}, True), ({"how": How.APPLICATION}, False)]
)
def test_page_offers_to_keep_a_place_only_where_there_is_one(behind, here, now, fields, may_keep):
    own(here, now)
    make_event(now, kind=Kind.FURTHER, **fields)

    page = said(behind.get(reverse(PAGE)))

    assert ("Keep a place in an event" in page, "Hold one, or ask" in page) == (
        may_keep,
        not may_keep,
    )


def test_rules_are_said_as_rules_and_in_years(behind, here, now):
    own(here, now)

    page = said(behind.get(reverse(PAGE)))

    assert page.count("In order when") == 4
    assert "in the last two years" in page
    assert "730" not in page


def test_own_training_that_is_coming_is_told_to_count(behind, here, now):
    own(here, now)
    before = said(behind.get(reverse(PAGE)))
    make_event(now, kind=Kind.JOINT, organiser=here)
    make_event(now, kind=Kind.JOINT, starts_at=now + A_DAY)

    after = said(behind.get(reverse(PAGE)))

    assert "will count once it has begun" not in before
    assert after.count("will count once it has begun") == 1
    assert "Hold one, or ask" not in after


def test_page_says_who_is_not_counted(behind, here, now):
    own(here, now)
    own(here, now, state=ExpertState.DRAFT)
    own(here, now, state=ExpertState.LEFT)

    assert "1 expert behind whom you stand is not in the expert bank now" in said(
        behind.get(reverse(PAGE))
    )


def test_page_of_an_organisation_without_experts_is_empty_and_kind(behind):
    assert "No expert of yours is in the expert bank yet." in said(behind.get(reverse(PAGE)))


def test_desk_says_that_something_is_open(behind, here, now):
    own(here, now)

    assert "Something that you have promised your experts is open." in said(
        behind.get(reverse("orderer:desk"))
    )


def test_talk_is_written_down_and_the_next_one_is_within_a_year(behind, here, person, now):
    expert = own(here, now)

    answer = behind.post(reverse("orderer:talk", args=[expert.pk]), sent(now, person), follow=True)

    talk = YearlyTalk.objects.get()
    assert talk.next_by == talk.held_on + 365 * A_DAY
    assert (talk.expert, talk.held_by, talk.noted_by) == (expert, person, person)
    assert "It should have been held" not in said(answer)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"held_on": "2999-01-01"}, "year"),
        ({"held_on": ""}, "When did you talk?"),
        ({"held_by": "999999"}, "Who talked with the expert?"),
        ({"next_by": "2020-01-01"}, "The next talk is within a year of this one"),
        ({"next_by": "kesällä"}, "By when is the next talk?"),
    ],
)
def test_bad_input_is_answered_at_its_field(behind, here, person, now, changes, words):
    expert = own(here, now)

    answer = behind.post(reverse("orderer:talk", args=[expert.pk]), sent(now, person, **changes))

    assert answer.status_code == 422
    assert words in said(answer)
    assert not YearlyTalk.objects.exists()


def test_day_ahead_is_refused_at_its_field_and_what_was_typed_stays(behind, here, person, now):
    expert = own(here, now)

    answer = behind.post(reverse("orderer:talk", args=[expert.pk]), sent(now, person, ago=-2))

    assert "the day cannot be ahead" in said(answer)
    assert sent(now, person, ago=-2)["held_on"] in answer.content.decode()


def test_talk_written_by_mistake_is_taken_back(behind, here, person, now):
    expert = own(here, now)
    behind.post(reverse("orderer:talk", args=[expert.pk]), sent(now, person))
    talk = YearlyTalk.objects.get()
    page = behind.get(reverse("orderer:talk", args=[expert.pk]))

    asked = said(behind.get(reverse("orderer:talk-remove", args=[talk.pk])))
    is_kept = YearlyTalk.objects.exists()
    answer = behind.post(reverse("orderer:talk-remove", args=[talk.pk]), follow=True)

    assert "The talk is gone for good" in asked
    assert expert.user.name in asked
    assert is_kept
    assert not YearlyTalk.objects.exists()
    assert reverse("orderer:talk-remove", args=[talk.pk]) in page.content.decode()
    assert "Taken back." in said(answer)


def test_experts_of_others_are_not_there(behind, now, person):
    other = make_organisation(tasks=[Task.BACKGROUND], at=now)
    expert, today = own(other, now), helsinki(now).date()
    their = make_member(other, role=MemberRole.BACKGROUND)
    talk = note_talk(
        expert, held_on=today, held_by=their, next_by=today + 9 * A_DAY, by=their, at=now
    )

    assert expert.user.name not in said(behind.get(reverse(PAGE)))
    assert behind.get(reverse("orderer:talk", args=[expert.pk])).status_code == 404
    assert behind.post(reverse("orderer:talk-remove", args=[talk.pk])).status_code == 404
    assert YearlyTalk.objects.filter(pk=talk.pk).exists()
