"""Reading of personal data is noted where it leaves a model: once, with whose it is, or it is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone

from luukku.accounts.actions import close
from luukku.accounts.models import User
from luukku.assignments.actions import erase_profile
from luukku.audit.actions import forget_readings
from luukku.audit.models import KEEP_READINGS, AccessLog
from luukku.audit.queries import shown_to
from luukku.audit.reading import NOBODY, NotNoted, install, note
from luukku.core.personal import DataClass, Personal
from luukku.core.reading import Readings, collecting, read_without_name, unseen
from luukku.experts.models import Expert
from luukku.orders.models import GuestSender
from luukku.web.kit.reading import ReadingMiddleware
from tests.factories.accounts import make_admin, make_coordinator, make_person
from tests.factories.experts import make_expert
from tests.factories.orders import make_guest_draft
from tests.readings import noted

pytestmark = pytest.mark.django_db


def reading(show, *, reader, at=None):
    """Note what ``show`` reads; return the rows."""
    with collecting() as readings:
        show()
    note(readings, reader_id=reader.pk if reader else NOBODY, why="test", at=at or timezone.now())
    return list(AccessLog.objects.order_by("pk"))


def test_reading_says_who_when_what_of_whom_and_why(at):
    person, counter = make_person(), make_coordinator()

    rows = reading(lambda: person.name, reader=counter, at=at)

    assert [(r.at, r.reader_id, r.person_ids, r.what, r.why) for r in rows] == [
        (at, counter.pk, [person.pk], "accounts.user.name", "test")
    ]
    assert str(rows[0]) == f"{counter.pk} read accounts.user.name of 1"


def test_reading_ones_own_data_is_not_noted():
    person = make_person()

    assert reading(lambda: person.email, reader=person) == []


def test_nobody_is_left_out_of_a_long_list_of_people_without_an_account(at):
    shown = {(GuestSender, number): {"email"} for number in range(1, 302)}
    readings = Readings(seen=shown)

    note(readings, reader_id=make_coordinator().pk, why="test", at=at)

    row = AccessLog.objects.get()
    assert set(row.records) == {f"orders.guestsender {number}" for number in range(1, 302)}


@pytest.mark.parametrize("people", [1, 3])
def test_reading_a_list_is_one_row_at_the_same_cost(people, django_assert_num_queries):
    experts = [make_expert() for _n in range(people)]
    with collecting() as readings:
        for expert in Expert.objects.select_related("user").prefetch_related("experiences__theme"):
            assert expert.user.name
            assert all(row.theme.name for row in expert.experiences.all())

    with django_assert_num_queries(2):  # whose the experiences are; the row
        note(readings, reader_id=make_coordinator_pk(), why="test", at=timezone.now())

    row = AccessLog.objects.get()
    assert row.person_ids == sorted(expert.user_id for expert in experts)
    assert row.what == "accounts.user.name experts.experience.theme"


def make_coordinator_pk():
    return 10**9  # somebody: no foreign key, no query


def test_reading_an_empty_field_tells_nothing():
    person = make_person(email="")

    assert reading(lambda: (person.email, person.phone), reader=make_coordinator()) == []


def test_reading_that_decides_and_is_shown_to_nobody_is_not_noted():
    person = make_person()

    def decide():
        with unseen():
            return bool(person.email)

    assert reading(decide, reader=make_coordinator()) == []


def test_reading_about_somebody_without_an_account_names_the_object(at):
    guest = GuestSender.objects.create(
        order=make_guest_draft(at), name="Vieras", email="v@example.test", asked_at=at,
        organisation_name="Y", organisation_kind="ngo",
    )  # fmt: skip

    rows = reading(lambda: guest.name, reader=make_coordinator())

    assert [(r.person_ids, r.records) for r in rows] == [
        ([NOBODY], [f"orders.guestsender {guest.pk}"])
    ]


@pytest.mark.parametrize(
    "columns",
    [
        lambda: User.objects.values_list("name", flat=True),
        lambda: User.objects.values("email"),
        lambda: Expert.objects.values("user__phone"),
        lambda: Expert.objects.annotate(called=Lower("user__name")),
        lambda: Expert.objects.values_list("experiences__theme"),
    ],
)
def test_column_of_personal_data_by_itself_is_refused_while_somebody_looks(columns):
    make_expert()
    assert list(columns())

    with collecting(), pytest.raises(NotNoted):
        list(columns())


def test_column_in_a_condition_is_allowed():
    expert = make_expert()

    with collecting():
        found = Expert.objects.filter(user__name__in=User.objects.values("name"))
        assert list(found) == [expert]


@pytest.mark.parametrize("status", [302, 303, 403, 404])
def test_answer_that_shows_nothing_is_not_noted(rf, status):
    person = make_person()
    request = asked_by(make_coordinator())

    ReadingMiddleware(lambda _r: HttpResponse(person.name, status=status))(request)

    assert noted() == {}


def test_answer_that_streams_is_read_and_noted_before_it_leaves():
    person, reader = make_person(), make_coordinator()

    answer = ReadingMiddleware(lambda _r: StreamingHttpResponse(one.name for one in [person]))(
        asked_by(reader)
    )

    assert (answer.content.decode(), set(noted(reader))) == (person.name, {person.pk})


def asked_by(user):
    request = RequestFactory().get("/")
    request.user, request.resolver_match, request.session = user, None, {}
    return request


def test_notes_are_kept_for_two_years_and_no_day_less():
    now = timezone.now()
    old, young = (
        AccessLog.objects.create(at=when, reader_id=1, person_ids=[2], what="x", why="y")
        for when in (now - KEEP_READINGS - timedelta(days=1), now - timedelta(days=729))
    )

    count = forget_readings()

    assert (count, list(AccessLog.objects.all())) == (1, [young])
    assert old.person_ids == [2]
    for change in (AccessLog.objects.all().delete, lambda: AccessLog.objects.update(why="z")):
        with pytest.raises(IntegrityError, match="is refused"), transaction.atomic():
            change()


def test_notes_outlive_the_profile_that_they_are_of_and_the_account_of_who_looked():
    """What a misused account saw can be found out for two years, whatever is deleted meanwhile."""
    expert, reader = make_expert(), make_person()
    now = timezone.now()
    reading(lambda: expert.user.name, reader=reader)
    person = expert.user

    erase_profile(expert, by=person, at=now)
    close(reader, by=make_admin(), at=now)

    row = AccessLog.objects.of(person.pk).get()
    assert (row.reader_id, row.what) == (reader.pk, "accounts.user.name")
    assert list(shown_to(reader.pk, since=row.at, until=row.at + timedelta(seconds=1))) == [row]
    assert not any(name in str(row.__dict__) for name in (person.name, reader.name))


def test_personal_data_of_nobody_in_particular_is_refused_at_the_start(monkeypatch):
    class Nameless:
        personal = {"words": Personal(DataClass.SPECIAL, "a test")}

    monkeypatch.setattr("luukku.audit.reading.apps.get_models", lambda: [Nameless])

    with pytest.raises(ImproperlyConfigured, match="is personal: say whose it is"):
        install()


def test_page_without_names_may_be_read_where_nobody_looks():
    read_without_name()
    with collecting() as readings:
        assert readings.is_nameless is False
        read_without_name()
    assert readings.is_nameless is True
