"""An event is repeated at the counter: the days are seen first, changed singly, and led together."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from luukku.core.times import helsinki, instant
from luukku.events import actions
from luukku.events.models import Event
from luukku.events.states import EventState
from tests.factories.accounts import make_person
from tests.factories.events import make_event, make_sign_up
from tests.markup import flat
from tests.web.counter.events.test_making import sent, typed, url

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


@pytest.fixture
def event(coordinator):
    return make_event(timezone.now(), by=coordinator, title_fi="Iltatee", address="Kirjasto")


@pytest.fixture
def series(event, coordinator):
    """The event and one a week later."""
    now, day = timezone.now(), helsinki(event.starts_at).date() + WEEK
    actions.repeat(event, [day], by=coordinator, at=now)
    event.refresh_from_db()
    return event


def test_days_are_seen_before_anything_is_made_and_changed_singly(counter, event):
    page, first = url("event-repeat", event.pk), helsinki(event.starts_at).date()
    assert page in flat(counter.get(url("event", event.pk)))

    shown = counter.post(page, sent(every="week", times="3"))

    assert (shown.status_code, Event.objects.count()) == (200, 1)
    fields = typed(shown.context["form"])
    assert fields["day0"] == (first + WEEK).isoformat()
    fields |= {"day0": (first + WEEK + timedelta(days=1)).isoformat(), "day1": ""}
    answer = counter.post(page, fields)
    assert answer["Location"] == url("event-series", event.pk)
    days = {helsinki(one.starts_at).date() - first for one in Event.objects.exclude(pk=event.pk)}
    assert days == {timedelta(days=8), timedelta(days=21)}
    counter.post(page, fields)
    assert Event.objects.count() == 3


def test_other_number_shows_the_days_anew(counter, event):
    page = url("event-repeat", event.pk)
    fields = typed(counter.post(page, sent(every="week", times="2")).context["form"])

    shown = counter.post(page, fields | {"times": "4"})

    assert (shown.status_code, len(shown.context["form"].rows())) == (200, 4)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"every": "", "times": "2"}, "every"),
        ({"every": "week", "times": ""}, "times"),
        ({"every": "week", "times": "27"}, "times"),
        ({"every": "daily", "times": "2"}, "every"),
    ],
)
def test_rule_that_makes_no_sense_is_told_at_its_field(counter, event, fields, field):
    answer = counter.post(url("event-repeat", event.pk), sent(**fields))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


@pytest.mark.parametrize("day", ["first", "twice", "far", "x", "0001-01-01"])
def test_day_that_makes_no_sense_is_told_at_its_field_and_nothing_is_lost(counter, event, day):
    page, first = url("event-repeat", event.pk), helsinki(event.starts_at).date()
    fields = typed(counter.post(page, sent(every="week", times="2")).context["form"])
    wrong = {"first": first.isoformat(), "twice": fields["day0"], "far": "2199-01-01"}.get(day, day)

    answer = counter.post(page, fields | {"day1": wrong})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["day1"])
    assert f'value="{wrong}"' in answer.content.decode()
    assert Event.objects.count() == 1


def test_holiday_among_the_days_is_named(counter, coordinator):
    year = timezone.now().year + 1
    start = instant(date(year, 4, 24), time(17))
    event = make_event(timezone.now(), by=coordinator, starts_at=start)

    shown = counter.post(url("event-repeat", event.pk), sent(every="week", times="1"))

    assert f"1.5.{year}: a holiday" in flat(shown)


def test_series_is_published_and_its_rest_called_off_with_a_reason(counter, series):
    page = url("event-series", series.pk)
    assert url("event-series-publish", series.pk) in flat(counter.get(page))

    counter.post(url("event-series-publish", series.pk), sent())
    assert set(Event.objects.values_list("state", flat=True)) == {EventState.PUBLISHED}
    asked = counter.get(url("event-series-cancel", series.pk))
    assert "2 events are called off" in flat(asked)
    counter.post(url("event-series-cancel", series.pk), sent(reason="Sairaus"))

    assert set(Event.objects.values_list("state", flat=True)) == {EventState.CANCELLED}
    assert counter.get(url("event-series-cancel", series.pk)).status_code == 303


def test_change_reaches_the_later_ones_only_where_it_is_asked_for(counter, series):
    edit = url("event-edit", series.pk)
    fields = typed(counter.get(edit).context["form"])

    counter.post(edit, fields | {"title_fi": "Aamutee"} | sent())
    alone = set(Event.objects.values_list("title_fi", flat=True))
    fields = typed(counter.get(edit).context["form"])
    counter.post(edit, fields | {"title_fi": "Päivätee", "also_later": "on"} | sent())

    assert alone == {"Iltatee", "Aamutee"}
    assert set(Event.objects.values_list("title_fi", flat=True)) == {"Päivätee"}


def test_event_without_a_series_has_no_page_of_one(counter, event):
    assert counter.get(url("event-series", event.pk)).status_code == 404


def test_series_page_is_not_for_others(client, series):
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(url("event-series", series.pk)).status_code in {302, 403, 404}


@pytest.mark.parametrize("times", [1, 3])
def test_series_asks_as_many_queries_however_long_it_is(
    counter, event, coordinator, times, django_assert_num_queries
):
    first = helsinki(event.starts_at).date()
    days = [first + WEEK * n for n in range(1, times + 1)]
    for made in actions.repeat(event, days, by=coordinator, at=timezone.now()):
        make_sign_up(made)

    with django_assert_num_queries(SERIES_QUERIES):
        counter.get(url("event-series", event.pk))


SERIES_QUERIES = 7
