"""Feedback on an event: from its page, the own sign-ups and a guest's link, and what the counter and the organiser see of it."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.core.links import Link, sign
from luukku.events.models import Attendance, Presence
from luukku.events.notices import guest_token
from luukku.feedback import actions
from luukku.feedback.models import SCALES, EventFeedback
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_guest, make_sign_up
from tests.factories.organisations import make_member
from tests.markup import flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
FOUR = dict.fromkeys(SCALES, 4)


def signed_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def ended(days):
    now = timezone.now()
    return make_event(now, starts_at=now - timedelta(days=days, hours=2), hours=2, seats=9)


def test_who_was_there_tells_and_finds_the_answer_again():
    own = make_sign_up(ended(2))
    desk, here = signed_in(own.person), reverse("public:event-feedback", args=[own.event_id])
    for page in (reverse("public:event", args=[own.event_id]), reverse("public:events-own")):
        assert here in desk.get(page).content.decode()

    assert desk.post(here, {"smooth": 4, "words": "Kirjoitin"}).status_code == 422
    desk.post(here, {**FOUR, "words": "Kirjoitin tämän"})

    assert EventFeedback.objects.get().words == "Kirjoitin tämän"
    assert "Kirjoitin tämän" in desk.get(here).content.decode()
    for page in (reverse("public:event", args=[own.event_id]), reverse("public:events-own")):
        read = desk.get(page).content.decode()
        assert "Change your answer" in read
        assert "Give feedback" not in read


@pytest.mark.parametrize(
    ("days", "says"), [(70, "can no longer be given"), (-2, "when the event has ended")]
)
def test_who_comes_too_early_or_too_late_reads_why(days, says):
    own = make_sign_up(ended(days))
    here = reverse("public:event-feedback", args=[own.event_id])

    assert says in signed_in(own.person).get(here, follow=True).content.decode()


def test_who_was_not_there_and_who_is_late_find_no_form():
    late = make_sign_up(ended(70))
    here = reverse("public:event-feedback", args=[late.event_id])

    assert signed_in(make_person()).get(here).status_code == 404
    assert signed_in(late.person).get(here).status_code == 303
    signed_in(late.person).post(here, FOUR)
    assert not EventFeedback.objects.exists()


@pytest.mark.parametrize("number", [4, 5])
def test_counter_and_organiser_read_words_without_names_from_five_answers_on(number):
    event, at = ended(70), timezone.now() - timedelta(days=30)
    for _n in range(number):
        own = make_sign_up(event, make_person("Nimekäs Niilo"))
        actions.tell_of_event(own, by=own.person, at=at, **FOUR, words="Hyvä ilta")
    organiser = make_member(event.organiser, role=MemberRole.PRODUCER)

    for reader, name in ((make_coordinator(), "counter:event"), (organiser, "orderer:our-event")):
        page = signed_in(reader).get(reverse(name, args=[event.pk]))
        assert ("Hyvä ilta" in page.content.decode()) == (number == 5)
        assert ("Nimekäs Niilo" in page.content.decode()) == (number == 4)


def by_link(own, name="event-guest-feedback"):
    return reverse(f"public:{name}", args=[guest_token(own)])


def test_a_guest_tells_by_the_link_in_the_letter_and_does_not_find_the_answer_again():
    own = make_guest(ended(1))
    actions.ask_of_events(at=timezone.now())
    path = urlsplit(Letter.objects.get(kind="feedback.event").link).path
    here = path.replace("/fi/", "/en/")
    guest, mine = Client(), by_link(own, "event-guest")
    assert "Give feedback" in flat(guest.get(mine))

    faulty = guest.post(here, {"smooth": 4, "words": "Kirjoitin"})
    assert faulty.status_code == 422
    assert "Kirjoitin" in flat(faulty)
    told = guest.post(here, {**FOUR, "words": "Kirjoitin tämän"}, follow=True)

    assert EventFeedback.objects.get().words == "Kirjoitin tämän"
    assert "Your name is not shown with it" in flat(told)
    assert "Give feedback" not in flat(told)
    for again in (
        guest.get(here, follow=True),
        guest.post(here, {**FOUR, "words": "Toinen"}, follow=True),
    ):
        assert "You have told us what it was like." in flat(again)
        assert "Kirjoitin" not in flat(again)
    assert EventFeedback.objects.get().words == "Kirjoitin tämän"


def mark(own, presence):
    Attendance.objects.create(
        sign_up=own, session=own.event.sessions.get(), presence=presence,
        marked_by=own.event.responsible, marked_at=timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "presence", "words"),
    [
        (-2, "", "Feedback can be given when the event has ended."),
        (70, "", "can no longer be given"),
        (2, Presence.AWAY, "Feedback comes from those who were there."),
    ],
)
def test_a_guest_who_cannot_tell_is_told_why_and_offered_no_link(days, presence, words):
    own = make_guest(ended(days))
    if presence:
        mark(own, presence)
    assert by_link(own) not in Client().get(by_link(own, "event-guest")).content.decode()

    for act in ("get", "post"):
        shown = getattr(Client(), act)(by_link(own), FOUR, follow=True)
        assert words in flat(shown)
    assert not EventFeedback.objects.exists()


def test_a_wrong_link_opens_no_form():
    own, other = make_guest(ended(2)), make_sign_up(ended(2))
    right = guest_token(own)
    tokens = (
        "cut",
        right[:-1] + ("A" if right[-1] != "A" else "B"),
        sign(Link("offer", own.pk, 0)),  # of another purpose
        sign(Link("event-guest", other.pk, 0)),  # of somebody with an account
        sign(Link("event-guest", 0, 0)),
    )

    for who in (Client(), signed_in(other.person), signed_in(make_coordinator())):
        for token in tokens:
            here = reverse("public:event-guest-feedback", args=[token])
            assert (who.get(here).status_code, who.post(here, FOUR).status_code) == (404, 404)
    assert not EventFeedback.objects.exists()


def test_an_old_link_says_that_it_is_old(monkeypatch):
    own = make_guest(ended(2))
    monkeypatch.setattr("luukku.web.public.events.MAX_AGE", timedelta(seconds=-1))

    assert Client().get(by_link(own)).status_code == 410
