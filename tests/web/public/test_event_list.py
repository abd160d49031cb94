"""What is coming, for everybody; and one's own sign-ups."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from luukku.assignments.models import CalendarKey
from luukku.core.by_day import midnights
from luukku.core.times import helsinki
from luukku.events.models import Audience, Kind, Series
from luukku.events.states import EventState, SignUpState
from luukku.organisations.models import Task
from luukku.taxonomy.models import Municipality, Theme
from tests.factories.accounts import make_person
from tests.factories.content import make_section
from tests.factories.events import make_event, make_sign_up
from tests.factories.organisations import make_organisation
from tests.markup import flat

pytestmark = pytest.mark.django_db
S = SignUpState
DAY = timedelta(days=1)


def at_list():
    return reverse("public:events")


def at_own():
    return reverse("public:events-own")


def test_everybody_sees_what_is_coming_and_whether_one_can_sign_up(client):
    now = timezone.now()
    make_event(now, title_fi="Avoin ilta", address="Kirjasto")
    full = make_event(now, title_fi="Täysi ilta", seats=1)
    make_sign_up(full)
    make_event(now, title_fi="Myöhempi ilta", opens_at=now + 3 * DAY)
    make_event(now, title_fi="Luonnos", state=EventState.DRAFT)
    make_event(now, title_fi="Kutsutut", audience=Audience.INVITED)
    make_event(now - 60 * DAY, title_fi="Mennyt", state=EventState.HELD)

    page = flat(client.get(at_list()))

    assert "3 places are free." in page
    assert "Every place is taken. You can put yourself on the waiting list." in page
    assert "Signing up begins on" in page
    assert "Kirjasto" in page
    for hidden in ("Luonnos", "Kutsutut", "Mennyt"):
        assert hidden not in page


def test_month_holds_what_is_and_was_in_it_and_odd_months_show_the_list(client):
    now = timezone.now()
    event = make_event(now, title_fi="Sinä kuuna")
    make_event(now, starts_at=now + 70 * DAY, title_fi="Toisena kuuna")
    month = helsinki(event.starts_at)

    page = flat(client.get(f"{at_list()}?month={month:%Y-%m}"))

    assert "Sinä kuuna" in page
    assert "Toisena kuuna" not in page
    for odd in ("2026-13", "x", "9999-12", "0001-01"):
        assert "Toisena kuuna" in flat(client.get(f"{at_list()}?month={odd}"))


def test_month_is_a_table_of_whole_weeks_with_the_first_of_each_day(client):
    now = midnights(helsinki(timezone.now()).date(), 1)[0] + timedelta(hours=12)
    first = make_event(now, title_fi="Ilta 0")
    for n in range(1, 6):
        make_event(now, title_fi=f"Ilta {n}")
    off = make_event(now, title_fi="Peruuntunut", starts_at=first.starts_at - timedelta(hours=1))
    off.state = EventState.CANCELLED
    off.save(update_fields=["state"])
    make_event(now, title_fi="Luonnos", state=EventState.DRAFT)
    day = helsinki(first.starts_at).date()

    page = flat(client.get(f"{at_list()}?month={day:%Y-%m}"))
    whole_day = flat(client.get(f"{at_list()}?day={day.isoformat()}"))

    assert re.search(rf"Week ?</span> ?{day:%-V}</th>", page)
    assert f"<h1>{day:%B %Y}</h1>" in page
    assert page.count("<td") % 7 == 0
    assert "Cancelled: Peruuntunut" in page
    assert page.count(">Ilta") + page.count("</b> Ilta") == 2
    assert "4 more" in page
    assert "Luonnos" not in page
    for n in range(6):
        assert f"Ilta {n}" in whole_day


def test_months_lead_to_each_other_and_keep_what_the_list_is_narrowed_by(client):
    page = flat(client.get(f"{at_list()}?month=2026-12&kind=peer&q=ilta"))

    assert "kind=peer&amp;q=ilta&amp;month=2026-11" in page
    assert "kind=peer&amp;q=ilta&amp;month=2027-01" in page
    assert '<input type="hidden" name="month" value="2026-12">' in page
    assert "Nothing this month fits what you look for." in page
    assert (
        "?month=2026-12" in page.partition("Show everything of this month")[0].rpartition("<a")[2]
    )
    assert "No events this month." in flat(client.get(f"{at_list()}?month=2031-12"))


def test_month_tells_what_is_off_what_is_past_and_where_one_has_a_place(client):
    now = timezone.now()
    own = make_sign_up(make_event(now, title_fi="Minun")).person
    make_event(now, title_fi="Muiden")
    make_event(now, title_fi="Poissa", state=EventState.CANCELLED)
    month = f"{at_list()}?month={helsinki(now + 30 * DAY):%Y-%m}"
    read = flat(client.get(month))
    client.force_login(own, backend="django.contrib.auth.backends.ModelBackend")
    mine = flat(client.get(month))

    assert "Your place" not in read
    assert mine.count("Your place: Minun") == mine.count('class="event own"') == 1
    assert '<li class="event off">' in read
    assert "Cancelled: Poissa" in read
    assert "that you can sign up for" in read
    assert (
        "that you can sign up for"
        not in flat(client.get(f"{at_list()}?month=2020-01")).partition("<main")[2]
    )


def test_month_asks_as_much_for_three_as_for_one(client):
    event = make_event(timezone.now())
    url = f"{at_list()}?month={helsinki(event.starts_at):%Y-%m}"
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    make_event(timezone.now())
    make_event(timezone.now())

    with CaptureQueriesContext(connection) as three:
        client.get(url)

    assert len(three) == len(one)


def test_list_is_narrowed_by_town_and_by_words_and_each_day_is_told_by_its_weekday(client):
    now = timezone.now()
    pori, rauma = (Municipality.objects.get(name_fi=name) for name in ("Pori", "Rauma"))
    event = make_event(now, title_fi="Ilta Porissa", municipality=pori)
    make_event(now, title_fi="Ilta Raumalla", municipality=rauma)

    in_pori = flat(client.get(f"{at_list()}?town={pori.pk}"))
    by_word = flat(client.get(f"{at_list()}?q=raumalla"))

    assert "Ilta Porissa" in in_pori
    assert "Ilta Raumalla" not in in_pori
    assert "Ilta Raumalla" in by_word
    assert "Ilta Porissa" not in by_word
    assert f"<p>{helsinki(event.starts_at):%a} " in in_pori
    assert client.get(f"{at_list()}?town=nowhere&day=2026-13-40").status_code == 200


def test_list_is_narrowed_by_kind(client):
    make_event(timezone.now(), title_fi="Vertaiset", kind=Kind.PEER)
    make_event(timezone.now(), title_fi="Info")

    page = flat(client.get(f"{at_list()}?kind=peer"))

    assert "Vertaiset" in page
    assert ">Info<" not in page
    assert client.get(f"{at_list()}?kind=nothing").status_code == 200


@pytest.mark.parametrize("at", [at_list, at_own])
def test_lists_ask_as_much_for_three_as_for_one(client, at):
    person = make_person()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    def one_more():
        make_sign_up(make_event(timezone.now()), person, state=S.WAITING)

    one_more()
    client.get(at())
    with CaptureQueriesContext(connection) as one:
        client.get(at())
    one_more()
    one_more()

    with CaptureQueriesContext(connection) as three:
        client.get(at())

    assert len(three) == len(one)


def test_own_list_tells_state_and_number_in_the_queue_and_nothing_of_others(client):
    now, person = timezone.now(), make_person()
    queue = make_event(now, title_fi="Jonoilta", seats=1)
    make_sign_up(queue, state=S.WAITING, at=now - DAY)
    make_sign_up(queue, person, state=S.WAITING, at=now)
    make_sign_up(make_event(now, title_fi="Hyväksyttävä"), person, state=S.APPLIED)
    make_sign_up(make_event(now, title_fi="Tulossa"), person)
    make_sign_up(make_event(now - 60 * DAY, title_fi="Ollut", state=EventState.HELD), person)
    make_sign_up(make_event(now, title_fi="Muiden"))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    page = flat(client.get(at_own()))

    assert "number 2" in page
    for shown in ("Waiting for approval", "On the waiting list", "Has a place", "Ollut"):
        assert shown in page
    assert "Muiden" not in page


def test_own_list_needs_an_account(client):
    assert client.get(at_own()).status_code == 302


def test_machines_read_the_event_but_never_the_link_or_the_theme_of_its_series(client):
    now = timezone.now()
    theme = Theme.objects.get(code="homelessness")
    organiser = make_organisation(tasks=[Task.TRAINS])
    series = Series.objects.create(
        title_fi="Vertaiset", organiser=organiser, theme=theme, made_at=now
    )
    event = make_event(
        now,
        kind=Kind.PEER,
        organiser=organiser,
        series=series,
        mode="both",
        meeting_url="https://video.example.test/x",
    )

    page = client.get(reverse("public:event", args=[event.pk])).content.decode()
    lists = [client.get(at_list()).content.decode()]
    off = make_event(now, state=EventState.CANCELLED)

    parts = json.loads(re.search(r"ld\+json[^>]*>(.*?)</script>", page, re.S)[1])[0]
    assert (parts["@type"], parts["name"]) == ("Event", "Infotilaisuus")
    assert parts["eventStatus"].endswith("EventScheduled")
    for text in [page, *lists]:
        assert "video.example.test" not in text
        assert theme.name_fi.lower() not in text.lower()
    assert "EventCancelled" in client.get(reverse("public:event", args=[off.pk])).content.decode()
    hidden = make_event(now, audience=Audience.INVITED)
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")
    assert "ld+json" not in client.get(reverse("public:event", args=[hidden.pk])).content.decode()


def test_feed_holds_events_that_everybody_may_read(client):
    make_section("events")
    make_event(timezone.now(), title_fi="Avoin ilta")
    make_event(timezone.now(), title_fi="Kutsutut", audience=Audience.INVITED)

    feed = client.get("/fi/events/rss/").content.decode()

    assert "Avoin ilta" in feed
    assert "Kutsutut" not in feed


def test_who_has_an_account_alone_gets_a_calendar_address_with_what_they_come_to(client):
    now, person = timezone.now(), make_person()
    make_sign_up(make_event(now, title_fi="Avoin ilta", title_en="Open evening"), person)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert "Get a calendar address" in flat(client.get(at_own()))

    assert client.post(reverse("public:calendar-address")).url == at_own()

    address = reverse("public:calendar-feed", args=[CalendarKey.objects.get(user=person).key])
    assert address in flat(client.get(at_own()))
    feed = client.get(address).content.decode()
    assert feed.count("BEGIN:VEVENT") == 1


def test_calendar_address_needs_somebody_signed_in(client):
    assert client.post(reverse("public:calendar-address")).status_code == 302
    assert not CalendarKey.objects.exists()
