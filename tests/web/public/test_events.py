"""One event: what everybody reads, and signing up with an account or without, without JavaScript."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.events import actions
from luukku.events.models import HOLD, Answer, Audience, Event, How, SignUp
from luukku.events.states import EventState, SignUpState
from luukku.notices.models import Letter
from tests.factories.accounts import make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.training import make_application, make_run
from tests.markup import flat, said

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
S = SignUpState
SECRET = "https://kokous.example.test/huone"


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def signed_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def at(event, what=""):
    return f"/fi/events/{event.pk}/{what}"


def test_event_tells_everybody_its_facts_and_the_link_only_those_who_come(now):
    event = make_event(
        now, title_fi="Avoin ilta", meeting_url=SECRET, mode="both", covers=["travel"]
    )
    person = make_person()

    before = said(signed_in(person).get(at(event)))
    actions.sign_up(event, by=person, at=now)

    assert "Avoin ilta" in before
    assert "Matkat" in before
    assert "3 paikkaa on vapaana" in before
    assert SECRET not in before
    assert SECRET not in said(Client().get(at(event)))
    assert SECRET in said(signed_in(person).get(at(event)))


def test_link_of_what_is_called_off_is_shown_to_nobody(now):
    event = make_event(now, meeting_url=SECRET, mode="remote")
    own = make_sign_up(event)
    client = signed_in(own.person)
    assert SECRET in said(client.get(at(event)))
    Event.objects.filter(pk=event.pk).update(state=EventState.CANCELLED)

    assert SECRET not in said(client.get(at(event)))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"how": How.APPLICATION}, "saa hakemalla"),
        ({"state": EventState.CLOSED}, "on päättynyt"),
        ({"opens_at": timedelta(days=1)}, "Ilmoittautuminen alkaa"),
        ({}, "käyttäjätilillä"),
    ],
)
def test_visitor_reads_why_there_is_no_button(now, fields, words):
    moments = {k: now + v if isinstance(v, timedelta) else v for k, v in fields.items()}

    page = said(Client().get(at(make_event(now, **moments))))

    assert words in page
    assert "sign-up/" not in page


def test_draft_and_event_by_invitation_are_not_open_to_all(now):
    for event in (
        make_event(now, state=EventState.DRAFT),
        make_event(now, audience=Audience.INVITED),
    ):
        assert Client().get(at(event)).status_code == 404


def test_sign_up_without_questions_is_one_press_and_is_taken_back(now):
    event, person = make_event(now), make_person()
    client = signed_in(person)

    done = client.post(at(event, "sign-up/"), follow=True)
    asks = client.get(at(event, "withdraw/"))
    file = client.get(at(event, "calendar.ics"))
    gone = client.post(at(event, "withdraw/"), follow=True)

    assert "Paikkasi on vahvistettu" in said(done)
    assert "Perutaanko ilmoittautumisesi?" in said(asks)
    own = SignUp.objects.get(person=person)
    assert f"UID:sign-up-{own.pk}-" in file.content.decode()
    assert "Kiitos, että kerroit" in said(gone)
    assert client.get(at(event, "withdraw/")).status_code == 303


def test_place_is_held_while_the_form_is_filled_and_what_was_typed_is_kept_when_it_lapses(now):
    event, person = make_event(now, seats=1), make_person()
    question = event.questions.create(number=1, words_fi="Allergiat", is_required=True)
    client = signed_in(person)

    form = client.post(at(event, "hold/"), follow=True)
    empty = client.post(at(event, "sign-up/"), {})
    SignUp.objects.update(held_until=now - timedelta(minutes=1))
    quick = actions.hold(event, by=make_person(), at=now)
    sent = client.post(at(event, "sign-up/"), {f"question-{question.pk}": "Pähkinä"}, follow=True)

    assert "Paikka on varattu sinulle kello" in said(form)
    assert empty.status_code == 422
    assert quick.held_until == now + HOLD
    assert "jonossa numero 1" in said(sent)
    assert Answer.objects.get().words == "Pähkinä"


def test_full_event_says_how_many_wait_and_puts_one_on_the_list(now):
    event = make_event(now, seats=1)
    make_sign_up(event)
    make_sign_up(event, state=S.WAITING)
    client = signed_in(make_person())

    assert "Jonossa on 1" in said(client.get(at(event)))
    assert "jonossa numero 2" in said(client.post(at(event, "sign-up/"), follow=True))


def test_offered_place_is_taken_on_the_page(now):
    event = make_event(now)
    own = make_sign_up(event, state=S.OFFERED)
    client = signed_in(own.person)

    assert "Kyllä, tulen" in said(client.get(at(event)))
    assert "Paikkasi on vahvistettu" in said(client.post(at(event, "yes/"), follow=True))


def test_sign_up_that_another_has_is_not_found(now):
    event = make_sign_up(make_event(now)).event
    client = signed_in(make_person())

    for what in ("withdraw/", "calendar.ics"):
        assert client.get(at(event, what)).status_code == 404


def test_guest_signs_up_by_the_link_and_withdraws_by_it(now):
    event = make_event(now, guests_ok=True, seats=1)
    client, guest = Client(), {"name": "Veikko Vieras", "email": "veikko@example.test"}

    asked = client.post(at(event, "sign-up/"), guest, follow=True)
    link = Letter.objects.get(kind="events.guest_asked").link
    shown = client.get(link)
    unconfirmed = SignUp.objects.get().state
    done = client.post(link, follow=True)
    again = client.post(link, follow=True)
    left = client.post(f"{link}leave/", follow=True)

    assert "Katso sähköpostiasi" in said(asked)
    assert "Vahvista ilmoittautumiseni" in said(shown)
    assert unconfirmed == S.HELD  # the letter's program may open the link by itself
    assert "Paikkasi on vahvistettu" in said(done)
    assert again.status_code == 200
    assert "Olet perunut ilmoittautumisesi" in said(left)
    assert SignUp.objects.get().state == S.WITHDRAWN
    assert client.get("/fi/l/event/forged/").status_code == 404
    assert client.get("/fi/l/event/forged/leave/").status_code == 404


def test_guest_says_yes_to_an_offered_place_by_the_link(now):
    event = make_event(now, guests_ok=True)
    actions.ask_guest(event, name="V", email="v@example.test", at=now)
    link = Letter.objects.get().link
    own = SignUp.objects.get()
    SignUp.objects.filter(pk=own.pk).update(state=S.OFFERED)

    assert "Kyllä, tulen" in said(Client().get(link))
    assert "Paikkasi on vahvistettu" in said(Client().post(link, follow=True))


def test_guest_with_the_address_of_an_account_reads_the_same(now):
    event = make_event(now, guests_ok=True)
    make_person(email="on@example.test")

    asked = Client().post(
        at(event, "sign-up/"), {"name": "X", "email": "on@example.test"}, follow=True
    )

    assert "Katso sähköpostiasi" in said(asked)
    assert not SignUp.objects.exists()


def test_guests_that_come_very_often_from_one_address_wait(now):
    event = make_event(now, guests_ok=True)

    answers = [
        Client().post(at(event, "sign-up/"), {"name": "X", "email": f"g{n}@example.test"})
        for n in range(11)
    ]

    assert [one.status_code for one in answers] == [303] * 10 + [422]


def test_who_has_signed_up_or_cannot_is_led_from_the_form_to_the_event(now):
    own = make_sign_up(make_event(now))
    closed = make_event(now, state=EventState.CLOSED)

    assert signed_in(own.person).get(at(own.event, "sign-up/")).status_code == 303
    assert signed_in(own.person).get(at(closed, "sign-up/")).status_code == 303
    assert Client().get(at(closed, "sign-up/")).status_code == 303


@pytest.mark.parametrize("rows", [1, 3])
def test_event_asks_as_many_queries_whoever_waits(now, rows, django_assert_num_queries):
    event = make_event(now, seats=1)
    make_sign_up(event)
    for _n in range(rows):
        make_sign_up(event, state=S.WAITING)

    with django_assert_num_queries(EVENT_QUERIES):
        Client().get(at(event))


EVENT_QUERIES = 10


def test_page_of_a_training_says_what_it_is_and_lets_who_has_applied_see_it(client, now):
    run = make_run(now)
    page = flat(client.get(reverse("public:event", args=[run.event_id])))
    own = make_application(run, make_person(), at=now)
    client.force_login(own.person, backend=BACKEND)

    applied = flat(client.get(reverse("public:event", args=[run.event_id])))

    assert "What the training is" in page
    assert reverse("public:apply", args=[run.pk]) in page
    assert reverse("public:application", args=[own.pk]) in applied
    assert reverse("public:apply", args=[run.pk]) not in applied


def test_page_of_a_training_that_is_over_offers_no_applying(client, now):
    run = make_run(now - timedelta(days=90), starts_at=now - timedelta(days=40))

    page = flat(client.get(reverse("public:event", args=[run.event_id])))

    assert reverse("public:apply", args=[run.pk]) not in page
    assert "by phone" not in page
