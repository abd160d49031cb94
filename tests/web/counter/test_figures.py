"""What the steering group sees: counts without people."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.feedback.models import Side
from luukku.organisations.models import MemberRole, Task
from luukku.web.counter import figures
from tests.factories.accounts import make_person, make_steering
from tests.factories.assignments import make_done
from tests.factories.experts import make_expert
from tests.factories.feedback import give
from tests.factories.orders import make_order, make_orderer
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def show_one(monkeypatch):
    """Cells are small in tests; hiding them is tested in test_acts."""
    monkeypatch.setattr(figures, "SMALLEST_CELL", 1)


def test_head_counts_experts_answered_for_tasks_and_places(now):
    behind = make_organisation(tasks=(Task.BACKGROUND,), at=now)
    member = make_member(behind, role=MemberRole.BACKGROUND)
    make_expert(at=now, background_organisation=behind, responsible_person=member)
    make_expert(at=now, background_organisation=behind)
    make_expert(at=now, state="waiting")
    make_done(now - timedelta(days=400))
    make_order(now, municipality=None, mode="remote")

    head = figures.head(at=now)

    assert (head.experts, head.answered_for) == ("3", "1")
    assert (head.done_this_year, head.changes_told) == ("0", "0")
    assert (head.towns_with_orders, head.towns) == (1, 16)


def test_needs_of_the_plan_are_all_there_with_who_could_answer(now):
    make_expert(at=now, themes=("homelessness",))
    make_expert(at=now, themes=("adhd", "depression"))  # narrower than what the plan names
    make_expert(at=now, state="left", themes=("homelessness",))
    make_order(now, themes=("homelessness",))

    needs = {need.name: need for need in figures.plan_needs()}

    assert len(needs) == 18
    assert (needs["asunnottomuus"].experts, needs["asunnottomuus"].orders) == ("1", "1")
    assert needs["neuropsykiatriset haasteet"].experts == "1"
    assert needs["mielenterveys- ja päihdeongelmat"].experts == "1"
    assert needs["unettomuus"].experts == "0"


def test_thoughts_are_means_that_hide_the_few(now, monkeypatch):
    task = make_done(now - timedelta(days=20))
    give(task, Side.EXPERT, now, smooth=4)
    since = (now - timedelta(days=1)).date()

    expert, orderer = figures.thoughts(since=since)
    monkeypatch.setattr(figures, "SMALLEST_CELL", 2)
    hidden = figures.thoughts(since=since)[0]

    assert (expert.answers, expert.means) == ("1", [4.0, 4.0, 3.0, 2.0])
    assert (orderer.answers, orderer.means) == ("0", [None] * 4)
    assert (hidden.answers, hidden.means) == ("< 2", [None] * 4)


def test_page_shows_all_and_names_nobody(client, now):
    task = make_done(now - timedelta(days=20))
    client.force_login(make_steering(), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(reverse("counter:home")).content.decode()

    assert "asunnottomuus" in page
    for private in (task.expert.user.name, task.expert.code_name, task.order.title):
        assert private not in page


@pytest.mark.parametrize("make", [make_person, make_orderer])
def test_page_is_not_for_others(client, make):
    client.force_login(make(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("counter:home")).status_code == 403
