"""Materials of events on the pages of those who keep them and of those who come."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from luukku.core.links import Link, sign
from luukku.core.times import helsinki
from luukku.events.actions import ask_guest, confirm_guest, keep_materials
from luukku.events.calendar import single
from luukku.events.models import MATERIALS_KEPT, Kind, Material, SignUp
from luukku.events.notices import guest_token
from luukku.events.schema import event_schema
from luukku.events.states import SignUpState
from luukku.organisations.models import MemberRole, Task
from luukku.web.public.signed_links.common import MAX_AGE
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_guest, make_sign_up
from tests.factories.organisations import make_member, make_organisation
from tests.markup import as_shown, flat

pytestmark = pytest.mark.django_db
REFUSED = "The event was over a year ago"
SLIDES = {"title": "Illan diat", "url": "https://diat.example/1", "for_whom": "place"}
LEAFLET = {"title": "Esite", "url": "https://diat.example/2", "for_whom": "everybody"}


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def ours():
    return make_organisation(tasks=[Task.TRAINS])


@pytest.fixture
def clerk(ours):
    return make_member(ours, role=MemberRole.PRODUCER)


@pytest.fixture
def event(ours, clerk):
    return make_event(timezone.now(), organiser=ours, by=clerk, guests_ok=True)


def typed(client, url, **fields):
    shown = as_shown(client.get(url).context["form"])
    return shown | {"form_token": str(uuid.uuid4())} | fields


def test_the_organiser_adds_them_at_its_desk_and_may_send_again(event, clerk):
    desk, url = client_of(clerk), reverse("orderer:our-event-materials", args=[event.pk])
    form = typed(desk, url, title_1="Diat", url_1="diat.example/1", for_whom_1="everybody")

    for _n in range(2):
        assert desk.post(url, form).status_code == 303

    one = event.materials.get()
    assert (one.title, one.url, one.for_whom) == ("Diat", "https://diat.example/1", "everybody")
    assert url in flat(desk.get(reverse("orderer:our-event", args=[event.pk])))
    assert not mail.outbox

    desk.post(url, typed(desk, url, title_1="", url_1=""))
    assert not event.materials.exists()


def test_the_counter_keeps_them_and_not_those_of_an_event_called_off(event):
    counter = client_of(make_coordinator())
    url = reverse("counter:event-materials", args=[event.pk])
    counter.post(url, typed(counter, url, title_1="Diat", url_1="https://diat.example/1"))
    assert event.materials.get().for_whom == "place"
    assert url in flat(counter.get(reverse("counter:event", args=[event.pk])))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title_1": "Diat", "url_1": "http://diat.example/1"}, "url_1"),
        ({"title_1": "Diat", "url_1": "javascript:alert(1)"}, "url_1"),
        ({"title_1": "Diat", "url_1": ""}, "url_1"),
        ({"title_1": "", "url_1": "https://diat.example/1"}, "title_1"),
        ({"title_1": "D" * 121, "url_1": "https://diat.example/1"}, "title_1"),
        ({"title_1": "A", "url_1": "https://d.example/", "title_2": "B", "url_2": "https://d.example/"}, "url_2"),
        ({"title_1": "Diat", "url_1": "https://diat.example/1", "for_whom_1": "x"}, "for_whom_1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field_and_kept(event, clerk, fields, field):
    desk, url = client_of(clerk), reverse("orderer:our-event-materials", args=[event.pk])

    page = desk.post(url, typed(desk, url, **fields))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert not event.materials.exists()


def test_another_organisation_and_a_clerk_who_has_left_find_no_page(event, clerk):
    url = reverse("orderer:our-event-materials", args=[event.pk])
    other = make_organisation(tasks=[Task.TRAINS])
    stranger = client_of(make_member(other, role=MemberRole.PRODUCER))
    assert (stranger.get(url).status_code, stranger.post(url, {}).status_code) == (404, 404)

    desk = client_of(clerk)
    clerk.memberships.all().delete()
    assert (desk.get(url).status_code, desk.post(url, {}).status_code) == (403, 403)
    make_member(other, role=MemberRole.PRODUCER, user=clerk)
    assert (desk.get(url).status_code, desk.post(url, {}).status_code) == (404, 404)


def test_comers_see_all_and_others_those_for_everybody(event, clerk):
    keep_materials(event, [SLIDES, LEAFLET], by=clerk, at=timezone.now())
    comer, page = make_person(), reverse("public:event", args=[event.pk])
    make_sign_up(event, comer)
    own = client_of(comer)

    assert "Illan diat" in flat(own.get(page))
    assert "Illan diat" in flat(own.get(reverse("public:events-own")))
    for other in (Client(), client_of(make_person())):
        assert "Esite" in flat(other.get(page))
        assert "Illan diat" not in flat(other.get(page))


def test_a_guest_sees_them_by_the_link_once_there_is_a_place(event, clerk):
    now = timezone.now()
    keep_materials(event, [SLIDES, LEAFLET], by=clerk, at=now)
    ask_guest(event, name="Vilja", email="vilja@example.org", at=now)
    own = SignUp.objects.anonymous().get()
    url = reverse("public:event-guest", args=[sign(Link("event-guest", own.pk, 0))])
    assert "Esite" in flat(Client().get(url))
    assert "Illan diat" not in flat(Client().get(url))

    confirm_guest(own, at=now)
    assert "Illan diat" in flat(Client().get(url))


def test_a_peer_meetings_form_does_not_ask_for_whom(ours, clerk):
    event = make_event(timezone.now(), organiser=ours, by=clerk, kind=Kind.PEER)
    desk, url = client_of(clerk), reverse("orderer:our-event-materials", args=[event.pk])
    assert "for_whom_1" not in desk.get(url).context["form"].fields
    desk.post(url, typed(desk, url, title_1="Diat", url_1="https://diat.example/1"))
    assert event.materials.get().for_whom == "place"


@pytest.mark.parametrize("is_past", [False, True])
def test_own_sign_ups_ask_as_often_for_one_as_for_three(ours, clerk, is_past):
    now, person = timezone.now(), make_person()
    client, asked = client_of(person), []
    for number in (1, 2):
        for n in range(number):
            days = (n + number * 3) * (-1 if is_past else 1)
            event = make_event(now, organiser=ours, by=clerk, starts_at=now + timedelta(days=days))
            make_sign_up(event, person)
            keep_materials(event, [SLIDES], by=clerk, at=now)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("public:events-own"))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_page_of_an_event_asks_as_often_for_one_as_for_three(event, clerk):
    now, asked = timezone.now(), []
    client = client_of(clerk)
    for number in (1, 3):
        rows = [SLIDES | {"url": f"https://diat.example/{n}"} for n in range(number)]
        keep_materials(event, rows, by=clerk, at=now)
        counted = 0
        for name in ("public:event", "orderer:our-event", "orderer:our-event-materials"):
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name, args=[event.pk]))
            counted += len(queries)
        asked.append(counted)
    assert asked[0] == asked[1]


def test_the_page_tells_until_when_and_a_guest_until_when_their_link_opens_it(event, clerk):
    now = timezone.now()
    keep_materials(event, [SLIDES], by=clerk, at=now)
    comer, guest = make_sign_up(event).person, make_guest(event)
    kept = date_format(helsinki(event.ends_at + MATERIALS_KEPT), "SHORT_DATE_FORMAT")
    opens = date_format(helsinki(now + MAX_AGE), "SHORT_DATE_FORMAT")
    by_link = reverse("public:event-guest", args=[guest_token(guest)])

    assert kept in flat(client_of(comer).get(reverse("public:event", args=[event.pk])))
    assert opens in flat(Client().get(by_link))
    assert kept not in flat(Client().get(by_link))


def test_after_a_year_nobody_finds_them_and_the_form_says_why(ours, clerk):
    now = timezone.now()
    event = make_event(now, organiser=ours, by=clerk, starts_at=now - timedelta(days=370))
    Material.objects.create(event=event, number=1, **SLIDES, made_by=clerk, made_at=now)
    comer, guest, desk = make_sign_up(event).person, make_guest(event), client_of(clerk)
    form = reverse("orderer:our-event-materials", args=[event.pk])

    for who, page in (
        (client_of(comer), reverse("public:event", args=[event.pk])),
        (client_of(comer), reverse("public:events-own")),
        (Client(), reverse("public:event-guest", args=[guest_token(guest)])),
        (desk, reverse("orderer:our-event", args=[event.pk])),
    ):
        shown = flat(who.get(page))
        assert "Illan diat" not in shown
        assert form not in shown
    for answer in (desk.get(form, follow=True), desk.post(form, {}, follow=True)):
        assert REFUSED in flat(answer)


def test_nothing_else_tells_the_materials_of_a_peer_meeting(ours, clerk):
    now = timezone.now()
    event = make_event(now, organiser=ours, by=clerk, kind=Kind.PEER)
    keep_materials(event, [SLIDES, LEAFLET], by=clerk, at=now)
    comer = make_person()
    own = make_sign_up(event, comer)
    waits = make_sign_up(event, state=SignUpState.WAITING).person
    here = reverse("public:event", args=[event.pk])
    pages = [
        here, reverse("public:events"), f"{reverse('public:search')}?q=Illan+diat", reverse("public:events-own"),
    ]  # fmt: skip

    for who in (Client(), client_of(make_person()), client_of(waits)):
        for page in pages:
            shown = who.get(page).content.decode()
            assert "diat.example" not in shown
            assert "Esite" not in shown
    assert "diat.example" in client_of(comer).get(here).content.decode()
    assert "diat" not in single(own)
    assert "diat" not in str(event_schema(event))
