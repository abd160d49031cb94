"""Peer meetings that an expert of the steering group arranges, from a draft to calling it off."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from luukku.core.times import helsinki
from luukku.events.models import Event, Kind
from luukku.events.states import EventState
from luukku.experts.states import ExpertState
from luukku.notices.models import Letter
from luukku.organisations.models import Task
from tests.days import turning_of_clocks
from tests.factories.accounts import make_person, make_steering
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.organisations import make_organisation
from tests.markup import flat, said

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
A_DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"expert:{name}", args=args)


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


@pytest.fixture
def leader(now):
    make_organisation(tasks=[Task.COORDINATES], at=now)
    return make_expert(at=now - 100 * A_DAY, user=make_steering()).user


@pytest.fixture
def desk(client, leader):
    client.force_login(leader, backend=BACKEND)
    return client


def filled(now, **changes):
    day = helsinki(now).date() + 20 * A_DAY
    return sent(
        day=day.isoformat(), begins="17:00", ends="19:00", mode="place", address="Kahvila", seats="8"
    ) | changes  # fmt: skip


def meeting(leader, now, **fields):
    return make_event(
        now, **{"kind": Kind.PEER, "audience": "experts", "responsible": leader} | fields
    )


def test_leader_arranges_repeats_and_publishes(desk, leader, now):
    assert "Peer meetings that you lead" in said(desk.get(url("desk")))

    answer = desk.post(url("peer-new"), filled(now))
    made = Event.objects.get()
    page = said(desk.get(answer.url))
    at = url("peer-repeat", made.pk)
    shown = desk.post(at, sent(every="two_weeks", times="2"))
    days = shown.context["form"].data
    desk.post(at, sent(**{name: days[name] for name in days if name != "form_token"}))
    desk.post(url("peer-publish", made.pk), sent())

    assert (answer.status_code, made.responsible, made.kind) == (303, leader, Kind.PEER)
    assert "Kahvila" in page
    assert Event.objects.filter(series=Event.objects.get(pk=made.pk).series).count() == 3
    assert Event.objects.get(pk=made.pk).state == EventState.PUBLISHED
    listed = said(desk.get(url("peers")))
    assert all(url("peer", one.pk) in listed for one in Event.objects.all())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"day": "2020-01-01"}, "already passed"),
        ({"day": "2999-01-01"}, "more than two years away"),
        ({"day": "0001-01-01", "begins": "00:30"}, "already passed"),
        ({"ends": "16:00"}, "The end is not after the start"),
        ({"seats": "0"}, "greater than or equal to 1"),
        ({"address": ""}, "Write where one comes to."),
        (
            {"day": turning_of_clocks(3), "begins": "03:30", "ends": "05:00"},
            "the clocks are turned",
        ),
    ],
)
def test_what_does_not_fit_is_told_and_kept(desk, now, changes, says):
    answer = desk.post(url("peer-new"), filled(now) | changes)

    assert answer.status_code == 422
    assert says in said(answer)
    assert "Kahvila" in flat(answer) or "address" in changes
    assert not Event.objects.exists()


def test_another_place_and_time_are_told_and_calling_off_asks_for_a_reason(desk, leader, now):
    event = meeting(leader, now)
    comes = make_sign_up(event, make_expert(at=now).user).person
    form = desk.get(url("peer-edit", event.pk)).context["form"]
    version = {"version": form["version"].value()} if "version" in form.fields else {}
    desk.post(
        url("peer-edit", event.pk), sent(mode="place", address="Kirjasto", seats="9", **version)
    )
    asked = desk.post(url("peer-call-off", event.pk), sent(reason=""))
    desk.post(url("peer-call-off", event.pk), sent(reason="Vetäjä on sairas."))

    event.refresh_from_db()
    assert (event.address, event.state) == ("Kirjasto", EventState.CANCELLED)
    assert asked.status_code == 422
    told = [letter.body for letter in Letter.objects.filter(reader=comes).order_by("pk")]
    assert any("Kirjasto" in body for body in told)
    assert any("Vetäjä on sairas." in body for body in told)


def test_leader_reads_first_names_when_it_is_near_and_no_surname(desk, leader, now):
    event = meeting(leader, now, starts_at=now + 3 * A_DAY)
    make_sign_up(event, make_person("Kaisa Kokemus"))

    page = said(desk.get(url("peer", event.pk)))

    assert "Kaisa" in page
    assert "Kokemus," not in page
    assert "Kaisa Kokemus" not in page


def test_desk_tells_of_the_next_meeting_and_the_list_has_no_lone_button(desk, leader, now):
    event = meeting(leader, now, starts_at=now + 3 * A_DAY)
    make_sign_up(event)

    assert "1 comes" in said(desk.get(url("desk")))
    assert ">Show<" not in said(desk.get(url("peers")))


def test_publishing_says_who_sees_it_and_nothing_of_questions(desk, leader, now):
    event = meeting(leader, now, state=EventState.DRAFT)

    page = said(desk.get(url("peer-publish", event.pk)))

    assert "For whom: Experts by experience." in page
    assert "What the form asks" not in page


PAGES = (
    "peer",
    "peer-edit",
    "peer-times",
    "peer-materials",
    "peer-repeat",
    "peer-publish",
    "peer-call-off",
)


@pytest.mark.parametrize(
    "who",
    [
        lambda: make_expert().user,
        lambda: make_expert(user=make_steering(), state=ExpertState.LEFT).user,
        lambda: make_expert(user=make_steering()).user,
    ],
)
def test_others_find_nothing_of_it(client, leader, now, who):
    event, one = meeting(leader, now), who()
    client.force_login(one, backend=BACKEND)

    codes = {name: client.get(url(name, event.pk)).status_code for name in PAGES}

    assert codes == dict.fromkeys(PAGES, 404)
    assert client.post(url("peer-publish", event.pk), sent()).status_code == 404


def test_list_and_new_are_for_leaders(client, now):
    client.force_login(make_expert(at=now).user, backend=BACKEND)

    assert client.get(url("peers")).status_code == 404
    assert client.post(url("peer-new"), filled(now)).status_code == 404
    assert "Peer meetings that you lead" not in said(client.get(url("desk")))


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_as_many_queries_for_one_as_for_many(
    desk, leader, now, number, django_assert_num_queries
):
    for n in range(number):
        meeting(leader, now, starts_at=now + (n + 2) * A_DAY)
    desk.get(url("peers"))

    with django_assert_num_queries(7):
        desk.get(url("peers"))


def test_leader_gives_the_meeting_materials_and_only_who_has_a_place_finds_them(desk, leader, now):
    event = meeting(leader, now)
    comer, other = (make_expert(at=now).user for _n in range(2))
    make_sign_up(event, comer)
    at = url("peer-materials", event.pk)
    assert "for_whom_1" not in desk.get(at).context["form"].fields

    answer = desk.post(at, sent(title_1="Tehtävä", url_1="https://diat.example/1"))

    assert answer.status_code == 303
    assert event.materials.get().made_by == leader
    page = said(desk.get(url("peer", event.pk)))
    assert "Tehtävä" in page
    for person, is_told in ((comer, True), (other, False)):
        client = Client()
        client.force_login(person, backend=BACKEND)
        assert ("Tehtävä" in said(client.get(reverse("public:event", args=[event.pk])))) == is_told
        assert client.get(at).status_code == 404
        assert client.post(at, sent()).status_code == 404
