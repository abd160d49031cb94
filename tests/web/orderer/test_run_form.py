"""The form of a training, where the counter or another tab has changed the same event."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.core.times import helsinki
from luukku.events import actions as events
from luukku.events.models import Presence
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Task
from luukku.training import actions
from tests.factories.accounts import make_coordinator
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_application, make_programme, make_run
from tests.markup import as_shown, flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"orderer:{name}", args=args)


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


def day(n):
    return str(helsinki(timezone.now() + n * DAY).date())


@pytest.fixture
def producer():
    return make_organisation(tasks=[Task.TRAINS])


@pytest.fixture
def desk(producer):
    client = Client()
    client.force_login(make_member(producer, role=MemberRole.PRODUCER), backend=BACKEND)
    return client


@pytest.fixture
def run(producer):
    programme = make_programme(producer=producer, state="agreed")
    by = make_member(producer, role=MemberRole.PRODUCER)
    morning = (timezone.now() + 30 * DAY).replace(hour=8, minute=0, second=0, microsecond=0)
    return make_run(
        programme=programme, starts_at=morning, sessions=3, address="Talo", responsible=by
    )


def shown(desk, run):
    return as_shown(desk.get(url("run-change", run.pk)).context["form"])


def change(desk, run, form, **changes):
    return desk.post(url("run-change", run.pk), form | sent(**changes))


def starts(run):
    return list(run.event.sessions.values_list("pk", "starts_at"))


def edited(run, **fields):
    return events.edit(run.event, by=make_coordinator(), at=timezone.now(), **fields)


@pytest.mark.parametrize(
    ("set_by_counter", "typed", "field"),
    [
        ({"seats": 8, "min_seats": 6, "decide_on": timezone.now().date() + 5 * DAY}, {"seats": 3}, "seats"),
        ({"seats": 8, "quota_professionals": 3, "quota_experts": 3}, {"seats": 4}, "seats"),
        ({"opens_at": timezone.now() + 20 * DAY}, {"closes_on": day(10)}, "closes_on"),
    ],
)  # fmt: skip
def test_what_the_counter_has_set_is_told_at_the_field_and_nothing_typed_is_lost(
    desk, run, set_by_counter, typed, field
):
    edited(run, **set_by_counter)

    answer = change(desk, run, shown(desk, run) | {"address": "Kirjoitettu"}, **typed)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert answer.context["form"]["address"].value() == "Kirjoitettu"


def test_session_moved_in_one_tab_is_the_same_one_when_another_was_added_in_the_other(desk, run):
    old, was = shown(desk, run), starts(run)
    last = max(was, key=lambda row: row[1])[0]
    new = {"day1": day(31), "from1": "08:00", "to1": "09:00"}
    assert change(desk, run, shown(desk, run), **new).status_code == 303

    first = change(desk, run, old, **{f"day_{last}": day(90)})

    assert first.status_code == 303
    now = dict(starts(run))
    assert len(now) == 4
    assert str(helsinki(now.pop(last)).date()) == day(90)
    assert now.items() >= {row for row in was if row[0] != last}


def test_session_added_meanwhile_stays_when_the_form_comes_back_with_a_fault(desk, run):
    old = shown(desk, run)
    change(desk, run, shown(desk, run), day1=day(31), from1="08:00", to1="09:00")

    back = change(desk, run, old, seats=0)
    assert back.status_code == 422
    assert change(desk, run, as_shown(back.context["form"]), seats=9).status_code == 303

    assert run.event.sessions.count() == 4


def test_session_taken_away_meanwhile_is_told_if_it_was_changed_here(desk, run):
    old, pk = shown(desk, run), starts(run)[1][0]
    emptied = {f"{part}_{pk}": "" for part in ("day", "from", "to")}
    assert change(desk, run, shown(desk, run), **emptied).status_code == 303

    answer = change(desk, run, old, **{f"day_{pk}": day(95)})
    assert (answer.status_code, day(95) in flat(answer)) == (422, True)
    assert change(desk, run, old, address="Muualla").status_code == 303
    assert run.event.sessions.count() == 2


def test_form_saved_untouched_changes_no_time(desk, run):
    noon = (timezone.now() + 9 * DAY).replace(hour=10, minute=0, second=0, microsecond=0)
    edited(run, closes_at=noon)
    was = starts(run)

    assert change(desk, run, shown(desk, run)).status_code == 303
    run.event.refresh_from_db()
    assert (run.event.closes_at, starts(run)) == (noon, was)

    change(desk, run, shown(desk, run), closes_on=day(12))
    run.event.refresh_from_db()
    assert f"{helsinki(run.event.closes_at):%Y-%m-%d %H:%M}" == f"{day(12)} 23:59"


def test_training_is_handed_to_a_colleague_on_the_same_form(desk, run):
    other = make_member(run.event.organiser, role=MemberRole.PRODUCER)

    assert change(desk, run, shown(desk, run), responsible=other.pk).status_code == 303

    run.event.refresh_from_db()
    assert run.event.responsible == other
    assert Letter.objects.filter(kind="events.handed_over", reader=other).count() == 1


@pytest.mark.parametrize("name", ["day1", "session"])
def test_day_that_is_years_away_is_told_at_its_row(desk, run, name):
    name = f"day_{starts(run)[2][0]}" if name == "session" else name
    key = name.removeprefix("day")
    times = {f"from{key}": "10:00", f"to{key}": "12:00"}

    answer = change(desk, run, shown(desk, run), **{name: "2200-12-31"} | times)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])


def test_training_keeps_a_time(desk, run):
    every = {f"{part}_{pk}": "" for pk, _at in starts(run) for part in ("day", "from", "to")}

    answer = change(desk, run, shown(desk, run), **every)

    assert answer.status_code == 422
    assert run.event.sessions.count() == 3


def test_producer_is_not_told_of_those_who_would_come_as_their_second_choice(desk, run):
    make_application(run)
    numbers = []
    for _n in range(2):
        call_off = flat(desk.get(url("run-call-off", run.pk)))
        numbers.append((call_off, desk.get(url("run-change", run.pk)).context["told"]))
        make_application(make_run(), second=run)

    assert "1 person who has applied or has a place is told" in numbers[1][0]
    assert [one[1] for one in numbers] == [1, 1]


def test_few_hours_are_told_on_the_page_of_the_training(desk, run):
    short = flat(desk.get(url("run", run.pk)))
    long = make_run(
        programme=make_programme(
            producer=run.event.organiser, state="agreed", topics={"story": (120, 0)}
        )
    )

    assert "The sessions are 6 hours together, and the programme has 12." in short
    assert "On site, Talo" in short  # no space before the comma
    assert "The sessions are" not in flat(desk.get(url("run", long.pk)))


def test_training_that_was_held_says_how_many_took_part(desk, producer):
    now, by = timezone.now(), make_coordinator()
    programme = make_programme(now - 40 * DAY, producer=producer, state="agreed")
    run = make_run(now - 40 * DAY, programme=programme, starts_at=now - DAY)
    both = [
        actions.choose(make_application(run, at=now - 40 * DAY), by=by, at=now - 39 * DAY)
        for _n in range(2)
    ]
    make_application(run, at=now - 38 * DAY)
    actions.complete(both[0], contact_minutes=720, own_minutes=300, by=by, at=now)

    assert "2 of 3 places given" in flat(desk.get(url("runs")))


def act_page(own, act):
    return url("application-act", own.pk, act)


@pytest.fixture
def own_over(producer):
    """Somebody with a place in a training that is over."""
    now = timezone.now()
    programme = make_programme(now - 40 * DAY, producer=producer, state="agreed")
    run = make_run(now - 40 * DAY, programme=programme, starts_at=now - DAY)
    made = make_application(run, at=now - 40 * DAY)
    return actions.choose(made, by=make_coordinator(), at=now - 39 * DAY)


def test_hours_that_nobody_has_marked_are_not_filled_in(desk, own_over):
    unmarked = desk.get(act_page(own_over, "complete"))
    session, sign_up = own_over.run.event.sessions.get(), own_over.run.event.sign_ups.get()
    assert "Nobody has marked if the person came." in flat(unmarked)
    assert unmarked.context["form"]["together"].value() is None

    events.check_in(session, {sign_up.pk: Presence.HERE}, by=make_coordinator(), at=timezone.now())

    marked = desk.get(act_page(own_over, "complete"))
    assert "Nobody has marked" not in flat(marked)
    assert marked.context["form"]["together"].value() == 2


def test_hours_are_typed_with_a_comma(desk, own_over):
    desk.post(act_page(own_over, "complete"), sent(together="11,5", alone="5"))

    own_over.refresh_from_db()
    assert own_over.contact_minutes == 690


@pytest.mark.parametrize("act", ["complete", "stop"])
def test_what_cannot_be_yet_is_told_before_it_is_written(desk, run, act):
    own = actions.choose(make_application(run), by=make_coordinator(), at=timezone.now())

    assert desk.get(act_page(own, act)).url == url("application", own.pk)


def test_question_is_not_shown_to_whom_the_act_would_refuse(producer):
    member = make_member(producer, role=MemberRole.PRODUCER)
    desk = Client()
    desk.force_login(member, backend=BACKEND)
    own = make_application(
        make_run(programme=make_programme(producer=producer, state="agreed")), member
    )
    others, over = (
        make_programme(state="agreed"),
        make_programme(producer=producer, state="retired"),
    )

    for act in ("choose", "interview", "turn-down"):
        assert desk.get(act_page(own, act)).url == url("application", own.pk)
    for one in (others, over):
        page = url("programme-move", one.pk, "retire")
        assert desk.get(page).url == url("programme", one.pk)


NUMBERS = [
    ("price_eur", "-1"), ("price_eur", "20000.5"), ("min_group", "0"), ("max_group", "501"), ("validity_months", "0"),
    ("validity_months", "241"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), NUMBERS)
def test_number_out_of_bounds_is_told_at_its_field(desk, producer, field, value):
    form = sent(kind="basic", title_fi="Ohjelma", producers=[producer.pk], contact_story=60)

    answer = desk.post(url("programme-new"), form | {field: value})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


@pytest.mark.parametrize("price", ["25,50", "25.50", " 25,5 "])
def test_price_is_typed_with_a_comma_or_a_full_stop(desk, producer, price):
    form = sent(kind="basic", title_fi="Ohjelma", producers=[producer.pk], contact_story=60)

    made = desk.post(url("programme-new"), form | {"price_eur": price})

    assert made.status_code == 303
    assert str(producer.programmes.get().price_eur) == "25.50"
