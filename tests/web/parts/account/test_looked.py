"""A person sees who has looked at their data: when, in what role, what, what for; nobody else's, never their own."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from luukku.audit.models import AccessLog, ReaderAs
from luukku.audit.queries import looks_at
from luukku.audit.reading import NOTED
from luukku.config.management.commands.list_urls import rows
from luukku.organisations.models import MemberRole, Membership, Task
from luukku.web.parts.account.looked import WHAT, WHY, why
from tests.factories.accounts import make_admin, make_coordinator, make_person
from tests.factories.assignments import make_agreed
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation
from tests.markup import said

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
HELSINKI = ZoneInfo("Europe/Helsinki")


def signed_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def look(person, *, by=10**9, at=None, **fields):
    fields = {
        "what": "accounts.user.name",
        "why": "counter:person 1",
        "reader_as": ReaderAs.COORDINATOR,
    } | fields
    return AccessLog.objects.create(
        at=at or timezone.now(), reader_id=by, person_ids=[person.pk], **fields
    )  # fmt: skip


def seen_by(person, **query):
    return signed_in(person).get(reverse("looked"), query)


def lines(answer):
    return [(row.who, row.times) for row in answer.context["looks"]]


def test_looked_tells_who_when_what_and_why_in_finnish(now):
    expert = make_expert(at=now)
    signed_in(make_coordinator("Kaisa Katsoja")).get(reverse("counter:expert", args=[expert.pk]))
    with translation.override("fi"):
        page = said(signed_in(expert.user).get(reverse("looked")))

    assert "Luukun koordinaattori" in page
    assert "kokemuksen teemat" in page
    assert "kokemuspankin hoitaminen" in page
    assert "Kaisa" not in page


def test_looked_names_the_organisation_of_an_orderer_and_never_the_person(now):
    task = make_agreed(now)
    orderer, organisation = task.order.contact, task.order.organisation
    signed_in(orderer).get(reverse("orderer:order", args=[task.order_id]))

    answer = seen_by(task.expert.user)

    assert (organisation.name, 1) in lines(answer)
    assert orderer.name not in answer.content.decode()


def test_looked_names_the_organisation_in_whose_name_one_looked(now):
    """Who stands for several is told by the desk on which they were; later changes change nothing."""
    behind = make_organisation("Tausta ry", tasks=[Task.BACKGROUND])
    expert = make_expert(at=now, background_organisation=behind)
    reader = make_member(behind, role=MemberRole.BACKGROUND)
    make_member(make_organisation("Aivan muu ry"), user=reader)
    client = signed_in(reader)
    session = client.session
    session["organisation"] = behind.pk
    session.save()
    client.get(reverse("orderer:experts"))
    Membership.objects.filter(user=reader).delete()

    row = AccessLog.objects.of(expert.user_id).get()

    assert (row.reader_as, row.organisation_id) == (ReaderAs.BACKGROUND, behind.pk)
    assert lines(seen_by(expert.user)) == [("Tausta ry", 1)]


@pytest.mark.parametrize(
    ("make", "reader_as"), [(make_coordinator, "coordinator"), (make_admin, "admin")]
)
def test_looked_tells_the_role_at_the_counter(make, reader_as):
    person = make_person()

    signed_in(make()).get(reverse("counter:person", args=[person.pk]))

    assert set(AccessLog.objects.of(person.pk).values_list("reader_as", flat=True)) == {reader_as}


def test_looked_tells_an_orderer_that_an_expert_looked_by_role_alone(now):
    task = make_agreed(now)
    signed_in(task.expert.user).get(reverse("expert:task", args=[task.pk]))

    answer = seen_by(task.order.contact)

    assert lines(answer) == [(str(ReaderAs.EXPERT.label), 1)]
    assert task.expert.code_name not in answer.content.decode()


def test_looked_leaves_out_ones_own_readings_and_other_people():
    person, other = make_person(), make_person()
    look(person, by=person.pk)
    look(other)

    answer = seen_by(person)

    assert (lines(answer), answer.status_code) == ([], 200)
    assert "Nobody else has looked at your data yet." in answer.content.decode()


def test_looked_notes_nothing_by_itself(now):
    expert = make_expert(at=now)
    look(expert.user)
    count = AccessLog.objects.count()

    seen_by(expert.user)

    assert AccessLog.objects.count() == count


def test_looked_puts_the_readings_of_one_day_in_one_line():
    person = make_person()
    noon = datetime(2026, 3, 4, 12, 0, tzinfo=HELSINKI)
    for minutes in (0, 7, 90):
        look(person, at=noon + timedelta(minutes=minutes))
    look(person, at=noon, what="accounts.user.phone accounts.user.email")
    look(
        person, at=datetime(2026, 3, 5, 0, 1, tzinfo=HELSINKI)
    )  # the next day there, the same in UTC
    look(person, at=noon, by=7)

    found = list(looks_at(person.pk))

    assert [(row["day"].day, row["reader_id"], row["times"]) for row in found] == [
        (5, 10**9, 1),
        (4, 10**9, 4),
        (4, 7, 1),
    ]
    assert (found[1]["first"], found[1]["last"]) == (noon, noon + timedelta(minutes=90))
    assert seen_by(person).context["looks"][1].what == ["name", "contact details"]


def test_looked_is_narrowed_to_a_year_and_odd_years_narrow_nothing():
    person = make_person()
    for year in (2025, 2026):
        look(person, at=datetime(year, 6, 1, tzinfo=HELSINKI))

    assert seen_by(person).context["years"] == [2026, 2025]
    assert len(seen_by(person, year="2025").context["looks"]) == 1
    for odd in ("1999", "x", "", "٢٠٢٥"):
        assert len(seen_by(person, year=odd).context["looks"]) == 2


@pytest.mark.parametrize("days", [1, 3])
def test_looked_asks_the_same_number_of_queries(days, django_assert_num_queries):
    person, organisation = make_person(), make_organisation()
    for n in range(days):
        look(
            person, at=timezone.now() - timedelta(days=n), reader_as=ReaderAs.ORDERER,
            organisation_id=organisation.pk,
        )  # fmt: skip
    client = signed_in(person)

    with django_assert_num_queries(8):
        answer = client.get(reverse("looked"))

    assert len(answer.context["looks"]) == days


def test_looked_is_paged():
    person = make_person()
    for n in range(31):
        look(person, at=timezone.now() - timedelta(days=n))

    assert [len(seen_by(person, page=n).context["looks"]) for n in (1, 2)] == [30, 1]


def test_looked_asks_strangers_to_sign_in(client):
    assert client.get(reverse("looked")).status_code == 302


@pytest.mark.parametrize("address", ["account", "expert:settings"])
def test_looked_is_linked_from_where_people_look_for_it(now, address):
    expert = make_expert(at=now)

    assert reverse("looked") in signed_in(expert.user).get(reverse(address)).content.decode()


def test_looked_has_words_for_every_noted_field():
    noted = {
        f"{model._meta.label_lower}.{name}"
        for model in apps.get_models()
        for name, declared in getattr(model, "personal", {}).items()
        if declared.data_class in NOTED and model.whose is not None
    }

    assert noted == WHAT.keys()


def test_looked_has_words_for_every_page_that_may_show_others():
    pages = {
        row["name"] for row in rows() if row["name"].startswith(("counter:", "orderer:", "expert:"))
    }

    assert {name for name in pages if why(name) == WHY[-1][1]} == set()


@pytest.mark.parametrize("fields", [{"reader_as": "king"}, {"organisation_id": 3}])
def test_database_refuses_readers_that_cannot_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        look(make_person(), **fields)
