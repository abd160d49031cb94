"""An administrator finds out what an account was shown between two days: with a reason, and noted itself."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.accounts.actions import inquire
from luukku.accounts.models import Inquiry
from luukku.audit.models import AccessLog, AuditEvent, ReaderAs
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.organisations import make_member, make_organisation
from tests.web.valid import faults

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
HELSINKI = ZoneInfo("Europe/Helsinki")
DAYS = {
    "direction": "by", "since": "2026-03-01", "until": "2026-03-02", "reason": "Asiantuntija kysyi",
}  # fmt: skip


@pytest.fixture
def admin():
    return make_admin()


@pytest.fixture
def reader():
    return make_member(make_organisation("Porin koulu"), name="Katri Katsoja")


def signed_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def look(reader, *people, at, **fields):
    fields = {
        "what": "accounts.user.name",
        "why": "orderer:order 3",
        "reader_as": "orderer",
    } | fields
    return AccessLog.objects.create(
        at=at, reader_id=reader.pk, person_ids=[person.pk for person in people], **fields
    )  # fmt: skip


def ask(client, reader, **changes):
    return client.post(reverse("counter:person-seen", args=[reader.pk]), DAYS | changes)


def test_inquiry_lists_what_the_account_was_shown_on_these_days_and_of_whom(admin, reader):
    first, second, early, late, others = (
        make_person(f"{name} Ihminen") for name in ("Eka", "Toka", "Varhainen", "Myohainen", "Muun")
    )
    look(reader, first, at=datetime(2026, 3, 1, 0, 0, tzinfo=HELSINKI))
    look(
        reader, first, second, at=datetime(2026, 3, 2, 23, 59, 59, tzinfo=HELSINKI),
        organisation_id=reader.memberships.get().organisation_id,
    )  # fmt: skip
    look(reader, early, at=datetime(2026, 2, 28, 23, 59, 59, tzinfo=HELSINKI))
    look(reader, late, at=datetime(2026, 3, 3, 0, 0, tzinfo=HELSINKI))
    look(make_person(), others, at=datetime(2026, 3, 2, 12, 0, tzinfo=HELSINKI))

    client = signed_in(admin)
    answer = client.get(ask(client, reader)["Location"])

    rows = answer.context["rows"]
    assert [[person.pk for person in row.people] for row in rows] == [
        [first.pk, second.pk],
        [first.pk],
    ]
    assert (rows[0].who, rows[0].why, rows[0].what) == (
        "Porin koulu",
        "ordering and agreeing on a task",
        ["name"],
    )
    assert answer.context["number"] == 2
    page = answer.content.decode()
    assert "Eka Ihminen" in page
    assert "Asiantuntija kysyi" in page
    assert "orderer:order" not in page  # a name of ours, not of a page that anybody knows
    assert not any(name in page for name in ("Varhainen", "Myohainen", "Muun"))


def test_inquiry_tells_who_was_shown_a_persons_data_by_name(admin, reader):
    """What the person's own page leaves to the counter."""
    person = make_person("Kohde Ihminen")
    look(
        reader,
        person,
        make_person("Toinen Listalla"),
        at=datetime(2026, 3, 2, 9, 0, tzinfo=HELSINKI),
    )
    look(person, make_person(), at=datetime(2026, 3, 2, 9, 0, tzinfo=HELSINKI))

    client = signed_in(admin)
    answer = client.get(ask(client, person, direction="of")["Location"])

    assert [[one.pk for one in row.people] for row in answer.context["rows"]] == [[reader.pk]]
    assert answer.context["number"] == 1
    assert "Katri Katsoja" in answer.content.decode()
    assert "Toinen Listalla" not in answer.content.decode()


@pytest.mark.parametrize("direction", ["by", "of"])
def test_inquiry_is_narrowed_to_a_person_and_turned_round(admin, reader, direction):
    first, second = make_person("Eka Ihminen"), make_person("Toka Toinen")
    nine, ten = (datetime(2026, 3, 2, hour, tzinfo=HELSINKI) for hour in (9, 10))
    for person, at in ((first, nine), (second, ten)):
        look(*((reader, person) if direction == "by" else (person, reader)), at=at)
    client = signed_in(admin)
    address = ask(client, reader, direction=direction)["Location"]

    def shown(**query):
        answer = client.get(address, query)
        assert faults(answer.content.decode()) == []
        return [[person.pk for person in row.people] for row in answer.context["rows"]]

    assert shown() == [[second.pk], [first.pk]]
    assert shown(sort="at") == [[first.pk], [second.pk]]
    assert shown(q="eka ihm") == [[first.pk]]
    assert shown(q="ihminen eka") == [[first.pk]]
    assert shown(q="katri") == []
    assert shown(page="x", sort="nothing") == [[second.pk], [first.pk]]
    page = client.get(address, {"q": "katri"}).content.decode()
    assert "Nobody found." in page
    assert "/export/" not in page


def test_inquiry_is_not_narrowed_to_two_people_of_whom_one_has_each_name(admin, reader):
    look(
        reader, make_person("Eka Ihminen"), make_person("Toka Toinen"),
        at=datetime(2026, 3, 2, 9, tzinfo=HELSINKI),
    )  # fmt: skip
    client = signed_in(admin)

    answer = client.get(ask(client, reader)["Location"], {"q": "Eka Toinen"})

    assert answer.context["rows"] == []


def test_inquiry_is_noted_with_its_reason_for_all_whose_names_it_shows(admin, reader):
    seen = make_person()
    look(reader, seen, at=datetime(2026, 3, 1, 12, 0, tzinfo=HELSINKI))
    client = signed_in(admin)

    client.get(ask(client, reader)["Location"])

    inquiry = Inquiry.objects.get()
    assert (inquiry.reason, inquiry.asked_by, inquiry.user) == (DAYS["reason"], admin, reader)
    event = AuditEvent.objects.get(act="accounts.inquire")
    assert (event.actor_id, event.data) == (admin.pk, {"account": reader.pk})
    note = AccessLog.objects.of(seen.pk).get(reader_id=admin.pk)
    assert (note.why, note.reader_as) == (f"counter:inquiry {inquiry.pk}", ReaderAs.ADMIN)
    assert AccessLog.objects.of(reader.pk).filter(reader_id=admin.pk).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "  "}, "This field is required."),
        ({"until": "2026-02-28"}, "The last day is before the first."),
        ({"until": "2999-01-01"}, "This day has not come yet."),
        ({"since": "2001-01-01"}, "The notes are kept for two years."),
        ({"since": "x"}, "Enter a valid date."),
        ({"direction": "round"}, "Select a valid choice."),
    ],
)
def test_inquiry_refuses_at_the_field_and_keeps_what_was_typed(admin, reader, changes, words):
    answer = ask(signed_in(admin), reader, **changes)

    page = answer.content.decode()
    assert (answer.status_code, words in page) == (422, True)
    assert changes.get("reason") or DAYS["reason"] in page
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("make", [make_coordinator, make_steering, make_person, make_member])
def test_inquiry_is_for_administrators_alone(make, admin, reader, at):
    who = make()
    client = signed_in(who)
    asked = inquire(reader, since=at - timedelta(days=1), until=at, reason="Syy", by=admin, at=at)

    for answer in (
        client.get(reverse("counter:person-seen", args=[reader.pk])),
        ask(client, reader),
        client.get(reverse("counter:inquiry", args=[asked.pk])),
    ):
        assert answer.status_code == 403
    with pytest.raises(PermissionDenied):
        inquire(reader, since=at - timedelta(days=1), until=at, reason="x", by=who, at=at)
    assert Inquiry.objects.count() == 1
    assert not Inquiry.objects.visible_to(who).exists()


def test_inquiry_of_nobody_is_not_there(admin):
    client = signed_in(admin)

    assert client.get(reverse("counter:person-seen", args=[10**6])).status_code == 404
    assert client.get(reverse("counter:inquiry", args=[10**6])).status_code == 404


def test_inquiry_is_reached_from_the_person_by_administrators_alone(admin, reader):
    address = reverse("counter:person-seen", args=[reader.pk])
    page = reverse("counter:person", args=[reader.pk])

    assert address in signed_in(admin).get(page).content.decode()
    assert address not in signed_in(make_coordinator()).get(page).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_inquiry_asks_the_same_number_of_queries(admin, reader, rows, django_assert_num_queries):
    now = timezone.now()
    for n in range(rows):
        look(reader, make_person(), make_person(), at=now - timedelta(minutes=n + 1))
    asked = inquire(
        reader, since=now - timedelta(days=1), until=now, reason="Syy", by=admin, at=now
    )
    client = signed_in(admin)

    with django_assert_num_queries(11):
        answer = client.get(reverse("counter:inquiry", args=[asked.pk]))

    assert len(answer.context["rows"]) == rows


def test_database_refuses_an_inquiry_that_ends_before_it_begins(reader, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.create(user=reader, since=at, until=at, reason="x", asked_at=at)


def test_days_of_an_inquiry_are_helsinkis(admin, reader):
    ask(signed_in(admin), reader)

    inquiry = Inquiry.objects.get()
    assert inquiry.since.astimezone(HELSINKI).date() == date(2026, 3, 1)
    assert inquiry.until.astimezone(HELSINKI) == datetime(2026, 3, 3, tzinfo=HELSINKI)
