"""What the steering group sees: counts without people."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from luukku.assignments.models import Via
from luukku.core.disclosure import closed_year
from luukku.feedback.actions import tell_what_changed
from luukku.feedback.models import Side
from luukku.organisations.models import MemberRole, Task
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.web.counter import figures
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.assignments import make_done
from tests.factories.experts import make_expert
from tests.factories.feedback import give
from tests.factories.orders import make_order, make_orderer
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
YEAR = closed_year(date(2026, 11, 29))
WITHIN = YEAR.ends_at - timedelta(days=3)


@pytest.fixture(autouse=True)
def show_one(monkeypatch):
    """Counts are small in tests; hiding them is tested in test_acts and tests/core/test_disclosure.py."""
    monkeypatch.setattr(figures, "told", str)


@pytest.fixture
def now():
    """The year that has ended is 2025, whatever the clock says."""
    return datetime(2026, 11, 29, 10, tzinfo=UTC)


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
    assert (head.done, head.changes_told) == ("1", "0")
    assert (head.towns_with_orders, head.towns) == ("very few", 16)


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


def test_expert_without_the_yes_to_statistics_is_in_no_figure(now):
    begun = WITHIN - timedelta(days=60)
    shy = make_expert(at=begun, themes=("homelessness",), consents=(Purpose.IN_BANK,))
    task = make_done(WITHIN - timedelta(days=20), expert=shy)
    tell_what_changed(task.order, words="Paljon.", by=task.order.contact, at=WITHIN, via=Via.DESK)

    head = figures.head(at=now)

    assert (head.experts, head.done, head.changes_told) == ("0", "0", "0")
    assert {need.experts for need in figures.plan_needs()} == {"0"}


def shares():
    return {row.label: row.shares for row in figures.thoughts(YEAR)}[str(Side.EXPERT.label)]


def test_thoughts_are_told_of_ten_answers_of_five_people_in_three_shares():
    tasks = [make_done(WITHIN - timedelta(days=20)) for _n in range(10)]
    for number, task in enumerate(tasks[:9]):
        give(task, Side.EXPERT, WITHIN, smooth=1 if number < 3 else 5)
    assert shares() == []

    give(tasks[9], Side.EXPERT, WITHIN, smooth=3)

    assert shares()[0] == ("about half", "very few", "about a quarter")
    assert shares()[2] == ("very few", "nearly all", "very few")


def test_thoughts_of_few_people_are_not_told_however_many():
    expert = make_expert(at=WITHIN - timedelta(days=60))
    for number in range(10):
        task = make_done(WITHIN - timedelta(days=40 - number), expert=expert)
        give(task, Side.EXPERT, WITHIN)

    assert shares() == []


def test_one_more_answer_or_consent_taken_back_changes_nothing_that_was_told():
    tasks = [make_done(WITHIN - timedelta(days=20)) for _n in range(12)]
    for task in tasks[:10]:
        give(task, Side.EXPERT, WITHIN)
    before = shares()
    assert before != []

    give(tasks[10], Side.EXPERT, YEAR.ends_at, smooth=1)
    give(tasks[11], Side.ORDERER, YEAR.ends_at, smooth=1)
    set_consents(tasks[0].expert.user, set(), by=tasks[0].expert.user, at=YEAR.ends_at)

    assert shares() == before


def test_one_more_answer_order_or_task_moves_no_figure_of_what_happened(now):
    for _n in range(9):
        task = make_done(WITHIN - timedelta(days=20))
        give(task, Side.EXPERT, WITHIN)
        tell_what_changed(
            task.order, words="Paljon.", by=task.order.contact, at=WITHIN, via=Via.DESK
        )
    before, thought = figures.head(at=now), figures.thoughts(YEAR)
    assert (before.done, before.changes_told) == ("9", "9")

    new = make_done(now - timedelta(days=20))
    give(new, Side.EXPERT, now)
    give(new, Side.ORDERER, now)
    tell_what_changed(new.order, words="Vähän.", by=new.order.contact, at=now, via=Via.DESK)

    after = figures.head(at=now)
    assert (after.done, after.changes_told, after.towns_with_orders) == (
        before.done,
        before.changes_told,
        before.towns_with_orders,
    )
    assert figures.thoughts(YEAR) == thought


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


@pytest.mark.parametrize("make, told", [(make_coordinator, "1"), (make_steering, "few")])
def test_states_of_orders_are_hidden_from_whoever_cannot_count_them_in_the_list(
    now, monkeypatch, make, told
):
    monkeypatch.setattr(figures, "told", lambda _number: "few")
    make_order(now)

    states = dict(figures.orders_by_state(for_=make()))

    assert states["Sent"] == told
