"""The counter's lists as files, and as one wants them again."""

import csv
import sys
import uuid
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.db import DatabaseError
from django.urls import reverse
from openpyxl import load_workbook

from luukku.audit.models import AccessLog, AuditEvent
from luukku.organisations.models import Task
from luukku.training import actions as training
from luukku.web.counter.list_acts import LISTS
from luukku.web.kit.listing import Listing
from luukku.workbench import actions
from luukku.workbench.models import SavedFilter
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.coping import make_passed_on
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.guidance import make_question, make_ready_answer
from tests.factories.orders import make_order
from tests.factories.organisations import make_organisation
from tests.factories.readiness import make_device, make_loan
from tests.factories.search import ask_for_more_cards
from tests.factories.training import make_application, make_programme, make_run
from tests.markup import flat
from tests.readings import noted
from tests.web.valid import faults

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def export(client, name, query="", kind="csv"):
    url = reverse("counter:list-export", args=[name])
    return client.post(f"{url}?{query}", {"kind": kind, "form_token": str(uuid.uuid4())})


def table(response):
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(body, newline=""), delimiter=";"))


def begin_thread(at):
    return training.write(
        None, words="Montako tuntia?", organisation=None, by=make_coordinator(), at=at
    ).thread


def decide_thread(at):
    return training.decide(
        begin_thread(at), words="Kymmenen.", decided_on=at.date(), seen=0, by=make_coordinator(), at=at
    )  # fmt: skip


def report(at):
    run = make_run(at - timedelta(days=90), starts_at=at - timedelta(days=40))
    return training.send_report(run, by=make_coordinator(), at=at)


def make_one(name, now):
    {
        "answers": make_ready_answer,
        "applications": lambda at: make_application(make_run(at), at=at),
        "backgrounds": lambda at: make_organisation(tasks=[Task.BACKGROUND], at=at),
        "events": make_event,
        "event-people": lambda at: make_sign_up(make_event(at), make_person()),
        "flags": make_passed_on,
        "orders": make_order,
        "organisations": make_order,
        "programmes": make_programme,
        "questions": make_question,
        "runs": make_run,
        "wide-readers": ask_for_more_cards,
        "devices": make_device,
        "loans": make_loan,
        "threads": begin_thread,
        "decisions": decide_thread,
        "reports": report,
    }.get(name, lambda at: make_expert(at=at))(now)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", LISTS)
def test_file_holds_what_the_list_shows(counter, now, name, kind):
    make_one(name, now)
    listed = counter.get(reverse(f"counter:{name}")).context["list"]

    response = export(counter, name, kind=kind)

    if kind == "csv":
        rows = table(response)
    else:
        book = load_workbook(BytesIO(b"".join(response.streaming_content)))
        rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 1 + listed.number
    assert list(rows[0]) == [str(column.label) for column in listed.listing.columns]


def test_file_holds_what_the_filters_leave_on_every_page_in_the_order_asked_for(counter, now):
    for n in range(31):
        make_order(now, title=f"Luento {n:02}")
    make_order(now, title="Paneeli")

    rows = table(export(counter, "orders", "q=luento&sort=-title&page=2"))

    assert [row[2] for row in rows[1:]] == [f"Luento {n:02}" for n in range(30, -1, -1)]


def test_everybody_in_the_file_is_noted_as_read_in_one_row_for_each_kind(client, now):
    coordinator = make_coordinator()
    client.force_login(coordinator, backend=BACKEND)
    experts = [make_expert(at=now) for _n in range(3)]

    export(client, "experts")

    assert noted(coordinator).keys() == {expert.user_id for expert in experts}
    for expert in experts:
        assert noted(coordinator)[expert.user_id] >= {
            "accounts.user.name", "accounts.user.email", "experts.experience.theme",
        }  # fmt: skip
    assert AccessLog.objects.filter(reader_id=coordinator.pk).count() == 1


def test_nothing_leaves_that_could_not_be_noted(counter, now, monkeypatch):
    make_expert(at=now)

    def broken(_rows):
        raise DatabaseError("full")

    monkeypatch.setattr(AccessLog.objects, "bulk_create", broken)

    with pytest.raises(DatabaseError):
        export(counter, "experts")


def test_export_is_remembered_without_anybody_s_words(counter, coordinator, now):
    order = make_order(now, title="Luento")

    export(
        counter,
        "orders",
        f"q=luento&organisation={order.organisation_id}&since=2026-01-01&waits=counter",
    )

    event = AuditEvent.objects.get(act="workbench.export")
    assert event.actor_id == coordinator.pk
    assert event.data == {
        "list": "orders",
        "rows": 1,
        "kind": "csv",
        "filters": {
            "state": "open", "q": "…", "organisation": str(order.organisation_id), "waits": "counter",
            "since": "2026-01-01",
        },
    }  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_export_asks_the_same_number_of_queries(counter, now, rows, django_assert_num_queries):
    for _n in range(rows):
        make_expert(at=now)
    counter.get(reverse("counter:experts"))

    with django_assert_num_queries(15):
        export(counter, "experts")


def test_too_long_a_list_is_refused_in_words(counter, now, monkeypatch):
    make_order(now)
    monkeypatch.setattr("luukku.workbench.actions.exporting.MOST_EXPORTED", 0)

    response = export(counter, "orders", "state=sent")

    assert response.status_code == 303
    assert response["Location"] == f"{reverse('counter:orders')}?state=sent"
    assert "A file holds at most" in counter.get(response["Location"]).content.decode()


@pytest.mark.parametrize("make", [make_person, make_steering, make_admin])
def test_files_are_the_counter_s(client, now, make):
    client.force_login(make(), backend=BACKEND)

    assert export(client, "orders").status_code == 403
    assert not AuditEvent.objects.filter(act="workbench.export").exists()


def test_administrator_is_shown_no_button_for_files(client):
    client.force_login(make_admin(), backend=BACKEND)

    page = client.get(reverse("counter:people"))

    assert page.status_code == 200
    assert "/export/" not in page.content.decode()


@pytest.mark.parametrize("name, kind", [("orders", "pdf"), ("orders", ""), ("nothing", "csv")])
def test_what_there_is_not_is_not_found(counter, name, kind):
    assert export(counter, name, kind=kind).status_code == 404


def printed(client, name, query=""):
    return client.get(f"{reverse('counter:list-print', args=[name])}?{query}")


def test_page_for_paper_holds_every_row_of_the_filters_in_their_order(counter, now):
    for n in range(31):
        make_order(now, title=f"Luento {n:02}")
    make_order(now, title="Paneeli")
    link = f"{reverse('counter:list-print', args=['orders'])}?q=luento&amp;sort=-title"
    assert link in counter.get(f"{reverse('counter:orders')}?q=luento&sort=-title").content.decode()

    page = printed(counter, "orders", "q=luento&sort=-title")

    titles = [row.of.title for row in page.context["list"].rows]
    assert titles == [f"Luento {n:02}" for n in range(30, -1, -1)]
    assert "A page holds" not in page.content.decode()
    assert faults(page.content.decode()) == []


def test_page_for_paper_that_is_cut_says_so(counter, now, monkeypatch):
    monkeypatch.setattr("luukku.web.counter.list_acts.MOST_PRINTED", 2)
    for _n in range(3):
        make_order(now)

    first, second = (printed(counter, "orders", f"page={n}") for n in (1, 2))

    assert [len(page.context["list"].rows) for page in (first, second)] == [2, 1]
    assert "A page holds 2 rows." in flat(first)
    assert "this page shows 1–2" in flat(first)


@pytest.mark.parametrize("name", LISTS)
def test_each_list_can_be_printed_and_who_is_on_it_is_noted(client, now, name):
    coordinator = make_coordinator()
    client.force_login(coordinator, backend=BACKEND)
    make_one(name, now)

    page = printed(client, name)

    assert len(page.context["list"].rows) == page.context["list"].number > 0
    assert bool(noted(coordinator)) == (
        name
        in {
            "applications",
            "event-people",
            "experts",
            "flags",
            "loans",
            "peers",
            "people",
            "questions",
            "wide-readers",
        }
    )


@pytest.mark.parametrize("make", [make_person, make_steering, make_admin])
def test_paper_is_the_counter_s(client, now, make):
    client.force_login(make(), backend=BACKEND)

    assert printed(client, "orders").status_code == 403


def test_paper_of_no_list_is_not_found(counter):
    assert printed(counter, "nothing").status_code == 404


def save(client, listing, query, /, **data):
    url = reverse("counter:list-save", args=[listing])
    return client.post(f"{url}?{query}", {"form_token": str(uuid.uuid4())} | data)


def test_filter_is_saved_by_a_name_and_stands_above_the_list(counter, coordinator, now):
    make_order(now)
    url = reverse("counter:orders")
    asked = "state=sent&q=luento&page=2&nonsense=1&sort=title"
    link = f"{reverse('counter:list-save', args=['orders'])}?state=sent&amp;q=luento&amp;sort=title"
    assert link in counter.get(f"{url}?{asked}").content.decode()

    response = save(counter, "orders", asked, name="Luennot")

    assert response["Location"] == f"{url}?state=sent&q=luento&sort=title"
    saved = SavedFilter.objects.get()
    assert (saved.owner, saved.query) == (coordinator, "state=sent&q=luento&sort=title")
    page = counter.get(response["Location"]).content.decode()
    assert faults(page) == []
    assert 'aria-current="true">Luennot</a>' in " ".join(page.split()).replace(" >", ">")
    assert "Luennot" in counter.get(url).content.decode()


def test_saved_filter_without_a_name_is_asked_for_one(counter):
    response = save(counter, "orders", "q=x", name=" ")

    assert response.status_code == 422
    assert SavedFilter.objects.count() == 0


def test_filter_of_a_name_in_use_takes_its_place_only_where_that_is_ticked(
    counter, coordinator, now
):
    saved = actions.save_filter("orders", name="Luennot", query="q=x", by=coordinator, at=now)
    link = reverse("counter:list-save", args=["orders"])

    first = counter.get(f"{link}?state=sent").content.decode()
    refused = save(counter, "orders", "state=sent", name="Luennot ")
    page = refused.content.decode()
    before = SavedFilter.objects.get().query
    replaced = save(counter, "orders", "state=sent", name="Luennot", replace="on")

    saved.refresh_from_db()
    assert 'name="replace"' not in first
    assert (refused.status_code, before) == (422, "q=x")
    assert list(refused.context["form"].errors) == ["name"]
    assert 'name="replace"' in page
    assert faults(page) == []
    assert (replaced.status_code, saved.query) == (303, "state=sent")


def test_any_saved_filter_is_removed_once_that_is_meant(counter, coordinator, now):
    saved = actions.save_filter("orders", name="N", query="q=x", by=coordinator, at=now)
    url = reverse("counter:list-saved-remove", args=[saved.pk])
    assert f'href="{url}"' in counter.get(reverse("counter:orders")).content.decode()

    asked = counter.get(url)
    still = SavedFilter.objects.count()
    response = counter.post(url, {"form_token": str(uuid.uuid4())})

    assert (asked.status_code, asked.context["lead"], still) == (200, "N", 1)
    assert faults(asked.content.decode()) == []
    assert response["Location"] == reverse("counter:orders")
    assert SavedFilter.objects.count() == 0


def test_saved_filter_of_somebody_else_is_not_there(counter, now):
    other = make_coordinator("Kalle")
    saved = actions.save_filter("orders", name="Kallen", query="q=x", by=other, at=now)

    url = reverse("counter:list-saved-remove", args=[saved.pk])

    assert counter.get(url).status_code == 404
    assert counter.post(url).status_code == 404
    assert SavedFilter.objects.get() == saved
    assert "Kallen" not in counter.get(reverse("counter:orders")).content.decode()


def test_every_list_of_the_counter_can_be_taken_along_and_kept():
    """A list that is forgotten in ``_LISTS`` shows buttons that lead nowhere."""
    modules = [name for name in sys.modules if name.startswith("luukku.web.counter")]
    there = {
        one.name
        for name in modules
        for one in vars(sys.modules[name]).values()
        if isinstance(one, Listing)
    }

    assert there == set(LISTS)
    assert all(reverse(f"counter:{name}") for name in LISTS)
