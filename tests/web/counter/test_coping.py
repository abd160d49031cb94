"""Signs of load at the counter: list, page, what is done, and heavy task types."""

import pytest
from django.urls import reverse

from luukku.audit.models import AccessLog
from luukku.coping.states import FlagState
from luukku.organisations.models import MemberRole, Task
from luukku.privacy.models import Purpose
from luukku.taxonomy.models import TaskType
from tests.factories.accounts import make_admin, make_person, make_steering, show_who_is_there
from tests.factories.coping import make_flag, make_passed_on
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation
from tests.markup import said

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.mark.parametrize("number", [1, 3])
def test_list_shows_what_was_passed_on_and_notes_the_reading(
    counter, now, number, django_assert_num_queries
):
    flags = [make_passed_on(now) for _n in range(number)]
    unseen = make_flag(now)
    counter.get(reverse("counter:flags"))

    with django_assert_num_queries(9):
        page = counter.get(reverse("counter:flags"))

    words = said(page)
    assert all(flag.expert.user.name in words for flag in flags)
    assert unseen.expert.code_name not in words
    noted = AccessLog.objects.filter(
        person_ids__contains=[flags[0].expert.user_id], what__contains="coping.flag.expert"
    )
    assert noted.exists()


def test_page_tells_why_and_whom_to_call_and_that_they_talked(counter, coordinator, now):
    flag = make_passed_on(now, expert=make_expert(user=make_person(phone="040 765 4321")))
    address = reverse("counter:flag", args=[flag.pk])

    page = said(counter.get(address))
    after = said(counter.post(address, follow=True))

    flag.refresh_from_db()
    assert f"{flag.expert.user.name}: written down that you have talked." in after
    assert "040 765 4321" in page
    assert "3 latest offers have all ended without an answer" in page
    assert (flag.state, flag.settled_by) == (FlagState.ACTED, coordinator)
    assert "We have talked" not in said(counter.get(address))


def test_sign_is_put_aside_with_a_reason_and_taken_back(counter, now):
    flag = make_passed_on(now)
    address = reverse("counter:flag-dismiss", args=[flag.pk])

    empty = counter.post(address, {"reason": ""})
    counter.post(address, {"reason": "Juteltiin torstaina."})
    flag.refresh_from_db()
    aside = (flag.state, flag.reason)
    page = said(counter.get(reverse("counter:flag", args=[flag.pk])))
    counter.post(reverse("counter:flag-reopen", args=[flag.pk]))

    flag.refresh_from_db()
    assert empty.status_code == 422
    assert aside == (FlagState.DISMISSED, "Juteltiin torstaina.")
    assert "Juteltiin torstaina." in page
    assert (flag.state, flag.reason) == (FlagState.RAISED, "")


def test_expert_page_shows_what_stands(counter, now):
    flag, hidden = make_passed_on(now), make_flag(now)

    page = counter.get(reverse("counter:expert", args=[flag.expert_id]))
    other = counter.get(reverse("counter:expert", args=[hidden.expert_id]))

    assert reverse("counter:flag", args=[flag.pk]) in page.content.decode()
    assert "Signs of load" not in said(other)


@pytest.mark.parametrize("name", ["flag", "flag-dismiss", "flag-reopen"])
def test_sign_that_only_the_expert_sees_is_not_there(counter, now, name):
    address = reverse(f"counter:{name}", args=[make_flag(now).pk])

    assert counter.post(address).status_code == 404


@pytest.mark.parametrize("make", [make_admin, make_steering, make_person])
@pytest.mark.parametrize("name", ["flag", "flag-dismiss", "flag-reopen"])
def test_others_do_nothing_with_a_sign(client, now, make, name):
    flag = make_passed_on(now)
    client.force_login(make(), backend=BACKEND)

    answer = client.post(reverse(f"counter:{name}", args=[flag.pk]), {"reason": "–"})

    flag.refresh_from_db()
    assert answer.status_code in {302, 303, 403, 404}
    assert flag.state == FlagState.RAISED


@pytest.mark.parametrize("has_agreed", [True, False])
def test_organisation_s_page_shows_signs_by_the_expert_s_yes_alone(client, now, has_agreed):
    behind = make_organisation(tasks=[Task.BACKGROUND])
    responsible = make_member(behind, role=MemberRole.BACKGROUND)
    consents = set(Purpose) if has_agreed else set(Purpose) - {Purpose.COPING}
    expert = make_expert(
        background_organisation=behind, responsible_person=responsible, consents=tuple(consents)
    )
    make_passed_on(now, expert=expert)
    client.force_login(responsible, backend=BACKEND)
    show_who_is_there(client)

    page = said(client.get(reverse("orderer:experts")))

    assert expert.user.name in page
    assert (
        "May be carrying too much: Offers without an answer" in " ".join(page.split())
    ) == has_agreed


def test_heavy_kinds_of_tasks_are_ticked_and_what_others_ticked_stays(counter):
    TaskType.objects.filter(code="panel").update(is_heavy=True)  # somebody else, meanwhile

    counter.post(reverse("counter:heavy"), {"was": "lecture", "heavy": ["talk"]})
    counter.post(reverse("counter:heavy"), {"was": "", "heavy": ["talk"]})

    heavy = set(TaskType.objects.filter(is_heavy=True).values_list("code", flat=True))
    assert heavy == {"panel", "talk"}
    assert "Which kinds are heavy is decided by the region" in said(
        counter.get(reverse("counter:words"))
    )


def test_list_shows_first_what_still_waits_for_a_talk(counter, now):
    waits, talked = make_passed_on(now), make_passed_on(now)
    counter.post(reverse("counter:flag", args=[talked.pk]), follow=True)  # it is said whose

    page = said(counter.get(reverse("counter:flags")))
    live = said(counter.get(reverse("counter:flags"), {"state": "live"}))

    names = [flag.expert.user.name for flag in (waits, talked)]
    assert [name in page for name in names] == [True, False]
    assert [name in live for name in names] == [True, True]
