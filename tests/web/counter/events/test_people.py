"""Who comes to an event, at the counter: by phone, approved, queued, declined; and who was there."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from luukku.accounts.models import User
from luukku.events.models import Answer, Attendance, Event, How, Presence, Question, SignUp
from luukku.events.states import EventState, SignUpState
from luukku.notices.models import Letter
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_sign_up
from tests.markup import flat

pytestmark = pytest.mark.django_db
S = SignUpState
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"counter:{name}", args=args)


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


def test_list_tells_places_queue_and_who_waits_for_approval(counter):
    event = make_event(timezone.now(), seats=2, address="Kirjasto")
    make_sign_up(event)
    make_sign_up(event, state=S.WAITING)
    make_sign_up(event, state=S.APPLIED)
    make_event(timezone.now(), state=EventState.CANCELLED, title_fi="Peruttu ilta")

    page = flat(counter.get(url("events")))

    assert "1/2" in page
    assert "Waiting for approval" in page
    assert "On the waiting list" in page
    assert "Peruttu ilta" not in page
    assert "Peruttu ilta" in flat(counter.get(url("events") + "?state=all&q=peruttu"))
    assert "Infotilaisuus" not in flat(counter.get(url("events") + "?kind=peer"))
    row = make_sign_up(event, make_person("Veera Virta"))
    assert row.person.name in flat(counter.get(url("event-people") + "?q=veera"))


@pytest.mark.parametrize(("name", "most"), [("events", 40), ("event-people", 40)])
def test_lists_ask_as_much_for_three_as_for_one(counter, name, most):
    make_sign_up(make_event(timezone.now()))
    counter.get(url(name))
    with CaptureQueriesContext(
        connection,
    ) as one:
        counter.get(url(name))
    for _n in range(2):
        make_sign_up(make_event(timezone.now()))

    with CaptureQueriesContext(connection) as three:
        counter.get(url(name))

    assert len(three) == len(one) <= most


def test_event_page_asks_as_much_for_three_people_as_for_one(counter):
    event = make_event(timezone.now(), seats=9)
    question = Question.objects.create(event=event, number=1, words_fi="Ruoka?")

    def come():
        Answer.objects.create(sign_up=make_sign_up(event), question=question, words="Kaikki käy")
        make_sign_up(event, state=S.WAITING)

    come()
    counter.get(url("event", event.pk))
    with CaptureQueriesContext(connection) as one:
        assert "Kaikki käy" in flat(counter.get(url("event", event.pk)))
    come()
    come()

    with CaptureQueriesContext(connection) as three:
        counter.get(url("event", event.pk))

    assert len(three) == len(one)


def test_somebody_is_signed_up_by_phone_with_answers_also_after_the_end(counter):
    event = make_event(timezone.now(), seats=1, closes_at=timezone.now() - DAY)
    question = Question.objects.create(event=event, number=1, words_fi="Ruoka?", is_required=True)
    first, second = make_person("Eka"), make_person("Toka")

    answer = counter.post(
        url("event-put-on", event.pk), sent(person=first.pk, **{f"question-{question.pk}": "Kaikki käy"})
    )  # fmt: skip

    assert (answer.status_code, answer.url) == (303, url("event", event.pk))
    own = event.sign_ups.get(person=first)
    assert (own.state, own.via, own.answers.get().words) == (S.CONFIRMED, "counter", "Kaikki käy")
    counter.post(url("event-put-on", event.pk), sent(person=second.pk))
    assert event.sign_ups.get(person=second).state == S.WAITING
    page = flat(counter.get(url("event", event.pk)))
    assert "Toka is on the waiting list: every place was taken." in page
    assert re.search(r"1\.\s*(<[^>]*>)?\s*Toka", page)
    counter.post(url("event-put-on", event.pk), sent(person=second.pk))
    assert event.sign_ups.count() == 2


def test_who_is_elsewhere_then_is_not_signed_up_and_the_page_says_why(counter):
    event = make_event(timezone.now())
    person = make_person()
    counter.post(
        url("event-put-on", make_event(timezone.now(), starts_at=event.starts_at).pk),
        sent(person=person.pk),
    )

    answer = counter.post(url("event-put-on", event.pk), sent(person=person.pk))

    assert "The person has a place in something else at the same time." in flat(
        counter.get(answer.url)
    )
    assert not event.sign_ups.exists()


def test_words_alone_sign_nobody_up_and_are_kept(counter):
    event = make_event(timezone.now())

    answer = counter.post(url("event-put-on", event.pk), sent(person_words="Ei Tällaista"))

    assert answer.status_code == 422
    assert "Ei Tällaista" in answer.content.decode()


def test_who_waits_for_approval_is_given_a_place_the_queue_or_a_no(counter):
    event = make_event(timezone.now(), seats=1, how=How.APPROVAL)
    rows = [make_sign_up(event, state=S.APPLIED) for _n in range(3)]

    counter.post(url("event-answer", rows[0].pk, "approve"), sent())
    page = flat(counter.get(url("event", event.pk)))
    assert "Every place is taken. Add places, or put people on the waiting list." in page
    assert (
        url("event-answer", rows[1].pk, "approve")
        not in counter.get(url("event", event.pk)).content.decode()
    )
    counter.post(url("event-answer", rows[1].pk, "queue"), sent())
    assert "Tell that there is no place?" in flat(
        counter.get(url("event-answer", rows[2].pk, "decline"))
    )
    counter.post(url("event-answer", rows[2].pk, "decline"), sent())

    states = [SignUp.objects.get(pk=row.pk).state for row in rows]
    assert states == [S.CONFIRMED, S.WAITING, S.DECLINED]
    kinds = [Letter.objects.get(reader=row.person).kind for row in rows]
    assert kinds == ["events.confirmed", "events.waiting", "events.declined"]
    counter.post(url("event-answer", rows[0].pk, "withdraw"), sent())
    assert SignUp.objects.get(pk=rows[1].pk).state == S.CONFIRMED
    again = counter.post(url("event-answer", rows[0].pk, "withdraw"), sent())
    assert "has been withdrawn already" in flat(counter.get(again.url))


def test_yes_by_phone_takes_the_place_that_was_kept(counter):
    event = make_event(timezone.now())
    own = make_sign_up(event, state=S.OFFERED, at=timezone.now())

    counter.post(url("event-answer", own.pk, "yes"), sent())

    assert SignUp.objects.get(pk=own.pk).state == S.CONFIRMED


def test_sensitive_answers_are_read_by_who_answers_for_the_event_only(counter, coordinator):
    event = make_event(timezone.now(), by=coordinator)
    question = Question.objects.create(event=event, number=1, words_fi="Apu?", is_sensitive=True)
    Answer.objects.create(sign_up=make_sign_up(event), question=question, words="Pyörätuoli")

    assert "Pyörätuoli" in flat(counter.get(url("event", event.pk)))
    Event.objects.filter(pk=event.pk).update(responsible=make_coordinator())
    page = flat(counter.get(url("event", event.pk)))
    assert "Pyörätuoli" not in page
    assert "Some answers are read by the organiser" in page


def test_event_is_handed_over_and_the_form_of_its_words_does_not_do_it(counter, coordinator):
    event, other = make_event(timezone.now(), by=coordinator), make_coordinator()

    page = flat(counter.get(url("event", event.pk)))
    assert url("event-hand-over", event.pk) in page
    assert 'name="responsible"' not in flat(counter.get(url("event-edit", event.pk)))
    refused = counter.post(url("event-hand-over", event.pk), sent(person=make_person().pk))
    counter.post(url("event-hand-over", event.pk), sent(person=other.pk))

    event.refresh_from_db()
    assert (refused.status_code, event.responsible) == (422, other)
    assert "person" in refused.context["form"].errors


def test_attendance_is_marked_once_it_has_begun_and_marked_again(counter):
    now = timezone.now()
    event = make_event(now - 3 * DAY, starts_at=now - timedelta(hours=1))
    own, other = make_sign_up(event), make_sign_up(event)
    page = url("event-check-in", event.sessions.get().pk)

    counter.post(page, sent(**{f"mark_{own.pk}": "here", f"mark_{other.pk}": "excused"}))

    marks = dict(Attendance.objects.values_list("sign_up", "presence"))
    assert marks == {own.pk: Presence.HERE, other.pk: Presence.EXCUSED}
    assert "2 marks have been saved." in flat(counter.get(page))
    counter.post(page, sent(**{f"mark_{own.pk}": "none"}))
    assert dict(Attendance.objects.values_list("sign_up", "presence")) == {
        other.pk: Presence.EXCUSED
    }
    assert "1 present" not in flat(counter.get(url("event", event.pk)))


def test_before_it_begins_the_page_says_when_one_can_mark(counter):
    own = make_sign_up(make_event(timezone.now()))
    page = url("event-check-in", own.event.sessions.get().pk)

    assert "You can mark who came when it begins" in flat(counter.get(page))
    assert page not in counter.get(url("event", own.event_id)).content.decode()
    answer = counter.post(page, sent(**{f"mark_{own.pk}": "here"}))
    assert answer.status_code == 303
    assert not Attendance.objects.exists()


def test_paper_has_names_and_boxes(counter):
    event = make_event(timezone.now(), sessions=2)
    make_sign_up(event, make_person("Veera Virta"))
    make_sign_up(event, make_person("Ei Tule"), state=S.WAITING)

    page = flat(counter.get(url("event-paper", event.pk)))

    assert "Veera Virta" in page
    assert "Ei Tule" not in page
    assert page.count("☐") == 8


def test_cancelling_needs_a_reason_and_tells_it_to_everybody(counter):
    event = make_event(timezone.now())
    own, waiting = make_sign_up(event), make_sign_up(event, state=S.WAITING)
    assert "2 people who have signed up are told" in flat(
        counter.get(url("event-cancel", event.pk))
    )
    assert counter.post(url("event-cancel", event.pk), sent(reason=" ")).status_code == 422

    counter.post(url("event-cancel", event.pk), sent(reason="Ohjaaja sairastui."))

    assert Event.objects.get(pk=event.pk).state == EventState.CANCELLED
    for one in (own, waiting):
        letter = Letter.objects.get(reader=one.person, kind="events.cancelled")
        assert "Ohjaaja sairastui." in letter.body
    assert "Called off: Ohjaaja sairastui." in flat(counter.get(url("event", event.pk)))
    again = counter.post(url("event-cancel", event.pk), sent(reason="Uudestaan."))
    assert again.status_code == 303
    assert Event.objects.get(pk=event.pk).cancel_reason == "Ohjaaja sairastui."


def test_page_counts_those_that_it_leaves_out(counter, now, monkeypatch):
    monkeypatch.setattr("luukku.web.parts.events.coming.MOST", 1)
    event = make_event(now, seats=5, min_seats=3, decide_on=now.date())
    for _n in range(2):
        make_sign_up(event)

    page = flat(counter.get(reverse("counter:event", args=[event.pk])))

    assert "2 come, and at least 3 are needed." in page
    assert "(2)" in page
    assert "The list of all sign-ups has everybody." in page


def test_new_caller_comes_back_to_the_event_chosen(counter):
    event = make_event(timezone.now())
    at = reverse("counter:event-put-on", args=[event.pk])
    new = f"{reverse('counter:person-new')}?event={event.pk}"
    assert new in flat(counter.get(at))

    answer = counter.post(
        new, sent(name="Soittaja Saara", email="", phone="040 555 1234", language="fi")
    )

    made = User.objects.get(name="Soittaja Saara")
    assert answer.url == f"{at}?person={made.pk}"
    assert "Soittaja Saara" in flat(counter.get(answer.url))
    for odd in ("x", "9" * 30, "999999"):
        assert counter.get(f"{reverse('counter:person-new')}?event={odd}").status_code == 200
        assert counter.get(f"{at}?person={odd}").status_code == 200
