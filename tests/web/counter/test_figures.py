"""What the steering group sees: counts without people."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from luukku.assignments.models import Via
from luukku.audit.models import AuditEvent
from luukku.core.disclosure import Count
from luukku.core.periods import Period
from luukku.feedback.actions import tell_what_changed
from luukku.feedback.models import Side
from luukku.organisations.models import MemberRole, Task
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.web.counter import figure_pages, figures
from luukku.web.counter.figures import Figures, periods
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.assignments import make_done
from tests.factories.experts import make_expert
from tests.factories.feedback import give
from tests.factories.orders import make_order, make_orderer
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
YEAR = Period(2025)
WITHIN = YEAR.ends_at - timedelta(days=3)


@pytest.fixture
def now():
    """The year that has ended is 2025, whatever the clock says."""
    return datetime(2026, 11, 29, 10, tzinfo=UTC)


@pytest.fixture
def clock(now, monkeypatch):
    """The pages are opened on that day."""
    monkeypatch.setattr(figure_pages, "timezone", SimpleNamespace(now=lambda: now))


def told(now, *, to=None, period=YEAR):
    return Figures(period, viewer=to or make_coordinator(), at=now)


def numbers(table):
    """Return the words of a table's figures by its labels."""
    return {row.label: tuple(map(str, row.counts)) for row in table.rows}


def test_key_figures_count_experts_answered_for_tasks_and_places(now):
    behind = make_organisation(tasks=(Task.BACKGROUND,), at=now)
    member = make_member(behind, role=MemberRole.BACKGROUND)
    make_expert(at=now, background_organisation=behind, responsible_person=member)
    make_expert(at=now, background_organisation=behind)
    make_expert(at=now, state="waiting")
    make_done(now - timedelta(days=400))
    make_order(now, municipality=None, mode="remote")

    found = told(now)

    assert [str(n) for n in (found.experts, found.answered_for)] == ["3", "1"]
    assert [str(n) for n in (found.done, found.changes_told)] == ["1", "0"]


def test_counter_reads_which_municipalities_ordered_and_others_only_a_share(now):
    make_order(now)
    period = Period(2026)

    found = told(now, period=period).towns
    hidden = told(now, period=period, to=make_steering()).towns

    assert (found.share, [(name, str(n)) for name, n in found.ordered]) == ("1/16", [("Pori", "1")])
    assert ("Rauma" in found.others, len(found.others)) == (True, 15)
    assert (hidden.share, hidden.ordered, hidden.others) == ("none or very few", [], [])


def test_needs_of_the_plan_are_all_there_with_who_could_answer(now):
    make_expert(at=now, themes=("homelessness",))
    make_expert(at=now, themes=("adhd", "depression"))  # narrower than what the plan names
    make_expert(at=now, state="left", themes=("homelessness",))
    make_order(now, themes=("homelessness",))

    needs = numbers(told(now, period=Period(2026)).needs())

    assert len(needs) == 18
    assert needs["asunnottomuus"] == ("1", "1")
    assert needs["neuropsykiatriset haasteet"][0] == "1"
    assert needs["mielenterveys- ja päihdeongelmat"][0] == "1"
    assert needs["unettomuus"][0] == "0"


def test_expert_without_the_yes_to_statistics_is_in_no_figure(now):
    begun = WITHIN - timedelta(days=60)
    shy = make_expert(at=begun, themes=("homelessness",), consents=(Purpose.IN_BANK,))
    task = make_done(WITHIN - timedelta(days=20), expert=shy)
    tell_what_changed(task.order, words="Paljon.", by=task.order.contact, at=WITHIN, via=Via.DESK)

    found = told(now)

    assert [str(n) for n in (found.experts, found.done, found.changes_told)] == ["0", "0", "0"]
    assert {experts for experts, _orders in numbers(found.needs()).values()} == {"0"}


@pytest.mark.parametrize(
    ("period", "sent"),
    [(Period(2026), "2"), (Period(2026, 4), "1"), (Period(2026, 3), "1"), (Period(2025), "0")],
)
def test_counter_reads_a_year_or_a_quarter(now, period, sent):
    make_order(now)
    make_order(now - timedelta(days=70))

    assert numbers(told(now, period=period).states())["Sent"] == (sent,)


def test_years_are_told_one_by_one(now):
    make_done(WITHIN - timedelta(days=20))
    make_order(now)

    table = told(now).trend()

    assert numbers(table) == {"2026": ("1", "0", "0"), "2025": ("1", "1", "0")}
    assert table.bars[0] == ("2026", [(Count("1", 1), 100), (Count("0", 0), 0), (Count("0", 0), 0)])


def test_others_are_told_tens_and_their_bars_tell_no_more(now):
    for _n in range(12):
        make_order(WITHIN)

    tables = [told(now, to=who()).trend() for who in (make_steering, make_admin)]

    for table in tables:
        assert numbers(table) == {"2025": ("10–19", "under 10", "under 10")}
        assert [count.size for count in table.rows[0].counts] == [10, 0, 0]


def test_rows_in_which_every_number_is_small_are_told_in_one_line_to_others(now):
    others, counter = (
        told(now, to=make_steering()).needs(),
        told(now, to=make_coordinator()).needs(),
    )

    assert (others.told, others.too_small) == ([], [row.label for row in others.rows])
    assert (counter.told, counter.too_small) == (counter.rows, [])


def test_counter_chooses_any_period_begun_and_others_years_that_have_ended(now):
    make_order(WITHIN)

    exact = [one.key for one in periods(exact=True, at=now)]
    others = [one.key for one in periods(exact=False, at=now)]

    assert exact == [
        "2026", "2026-4", "2026-3", "2026-2", "2026-1", "2025", "2025-4", "2025-3", "2025-2", "2025-1",
    ]  # fmt: skip
    assert others == ["2025"]


def test_there_is_a_period_before_the_first_order(now):
    assert [one.key for one in periods(exact=False, at=now)] == ["2025"]
    assert periods(exact=True, at=now)[0] == Period(2026)


def shares():
    return {row.label: row.shares for row in figures.thoughts(YEAR)}[str(Side.EXPERT.label)]


def test_thoughts_are_told_of_ten_answers_of_five_people_in_three_shares():
    tasks = [make_done(WITHIN - timedelta(days=20)) for _n in range(10)]
    for number, task in enumerate(tasks[:9]):
        give(task, Side.EXPERT, WITHIN, smooth=1 if number < 3 else 5)
    assert shares() == []

    give(tasks[9], Side.EXPERT, WITHIN, smooth=3)

    assert shares()[0] == ("about half", "none or very few", "about a quarter")
    assert shares()[2] == ("none or very few", "all or nearly all", "none or very few")


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

    def happened():
        found = told(now)
        return found.done, found.changes_told, found.towns, found.states(), found.unmet()

    before, thought = happened(), figures.thoughts(YEAR)
    assert [str(n) for n in before[:2]] == ["9", "9"]

    new = make_done(now - timedelta(days=20))
    give(new, Side.EXPERT, now)
    give(new, Side.ORDERER, now)
    tell_what_changed(new.order, words="Vähän.", by=new.order.contact, at=now, via=Via.DESK)

    assert (happened(), figures.thoughts(YEAR)) == (before, thought)


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


# -- The page and its file ---------------------------------------------------------------------------------

BACKEND = "django.contrib.auth.backends.ModelBackend"
HOME, FILE = "counter:home", "counter:figures-export"


@pytest.mark.parametrize(
    ("make", "asked", "shown"),
    [
        (make_coordinator, "2025-2", Period(2025, 2)), (make_coordinator, "2025", Period(2025)),
        (make_steering, "2025", Period(2025)), (make_steering, "2025-2", Period(2025)),
        (make_steering, "2026", Period(2025)), (make_admin, "x", Period(2025)),
        (make_steering, "1998", Period(2025)), (make_steering, "", Period(2025)),
    ],
)  # fmt: skip
def test_page_tells_the_period_that_is_asked_for_if_it_may(client, clock, make, asked, shown):
    make_order(WITHIN)
    client.force_login(make(), backend=BACKEND)

    page = client.get(reverse(HOME), {"period": asked})

    assert (page.status_code, page.context["figures"].period) == (200, shown)


def test_file_holds_every_figure_and_is_written_down(client, clock):
    make_order(WITHIN)
    coordinator = make_coordinator()
    client.force_login(coordinator, backend=BACKEND)

    answer = client.post(f"{reverse(FILE)}?period=2025", {"kind": "csv"})

    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert lines[0] == "Table;What;Counted;Number"
    assert {"State of the orders;Sent;Orders;1", "Municipalities;Pori;Orders;1"} <= set(lines)
    assert answer["Content-Disposition"].startswith('attachment; filename="figures-2025-')
    event = AuditEvent.objects.get(act="workbench.export")
    told = {"list": "figures", "rows": len(lines) - 1, "kind": "csv", "filters": {"period": "2025"}}
    assert (event.actor_id, event.data) == (coordinator.pk, told)


@pytest.mark.parametrize(
    ("make", "kind", "status"),
    [
        (make_coordinator, "xlsx", 200), (make_coordinator, "exe", 404), (make_steering, "csv", 403),
        (make_admin, "csv", 403), (make_orderer, "csv", 403),
    ],
)  # fmt: skip
def test_file_is_the_counter_s(client, make, kind, status):
    client.force_login(make(), backend=BACKEND)

    assert client.post(reverse(FILE), {"kind": kind}).status_code == status
    shown = client.get(reverse(HOME))
    assert shown.status_code == 403 or (reverse(FILE) in shown.content.decode()) == (
        make is make_coordinator
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_database_the_same_for_one_and_three(
    client, rows, django_assert_num_queries, clock
):
    for _n in range(rows):
        make_done(WITHIN - timedelta(days=20))
    client.force_login(make_coordinator(), backend=BACKEND)
    client.get(reverse(HOME))

    with django_assert_num_queries(65):
        client.get(reverse(HOME))


@pytest.mark.parametrize("name", ["counter:home", "counter:orders"])
def test_form_that_brings_a_file_says_that_the_page_stays(counter, now, name):
    make_order(now)

    page = counter.get(reverse(name)).content.decode()

    assert re.search(r'<form[^>]*action="[^"]+export/[^"]*"[^>]* data-download', page)
