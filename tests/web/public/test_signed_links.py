"""Pages behind the links of letters: GET shows, POST acts; without signing in; kind when it is too late."""

import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from icalendar import Calendar

from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.states import OfferState
from luukku.core.links import Link, sign
from luukku.experts import actions as experts
from luukku.feedback import actions as feedback
from luukku.feedback.models import Debrief, Feedback, Side, WhatChanged
from luukku.feedback.tasks import send_links_again
from luukku.notices.models import Letter
from luukku.orders.models import CancelledBy
from luukku.taxonomy.models import Theme
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_done, make_offer, make_search
from tests.factories.experts import make_expert
from tests.factories.feedback import give
from tests.factories.orders import make_orderer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = timedelta(days=1)
ANSWERS = {"smooth": "5", "useful": "4", "heard": "5", "again": "3", "words": "Hyvä päivä 👍"}
YES, NO = {"accept": "1"}, {"decline": "1"}


def offer_url(offer, person=None):
    link = Link("offer", offer.pk, (person or offer.expert.user).pk)
    return reverse("public:offer-link", args=[sign(link)])


def feedback_url(task, side, person=None):
    default = task.expert.user if side == Side.EXPERT else task.order.contact
    link = Link(f"feedback-{side}", task.pk, (person or default).pk)
    return reverse("public:feedback-link", args=[side.value, sign(link)])


def changed_url(order, person=None):
    link = Link("changed", order.pk, (person or order.contact).pk)
    return reverse("public:changed-link", args=[sign(link)])


def send(client, url, data):
    return client.post(url, {"form_token": str(uuid.uuid4())} | data)


def text(response):
    return response.content.decode()


def title(response):
    return text(response).partition("<title>")[2].partition("</title>")[0]


# Answering an offer


def test_offer_link_shows_the_task_and_changes_nothing(client, now):
    offer = make_offer(now)

    for _ in range(2):  # a mail scanner, then the person
        page = client.get(offer_url(offer))

    offer.refresh_from_db()
    assert page.status_code == 200
    assert offer.order.title in text(page)
    assert 'name="accept"' in text(page)
    assert offer.state == OfferState.PROPOSED


def test_offer_link_keeps_the_theme_out_of_title_and_address(client, now):
    offer = make_offer(now, title="Masennuksesta puhuen")
    theme = Theme.objects.get(code="depression")

    page = client.get(offer_url(offer))

    seen = (title(page) + offer_url(offer)).casefold()
    for word in ("masennu", theme.name_fi.casefold(), theme.name_en.casefold()):
        assert word not in seen
    assert page["Referrer-Policy"] in {"same-origin", "no-referrer", "strict-origin"}


def test_offer_link_says_yes(client, now):
    offer = make_offer(now)

    url = offer_url(offer)

    answer = send(client, url, YES)

    assert (answer.status_code, answer["Location"]) == (303, url)
    assert Assignment.objects.get().expert_agreed_via == Via.LINK


def test_offer_link_says_no(client, now):
    offer = make_offer(now)

    answer = send(client, offer_url(offer), NO)

    offer.refresh_from_db()
    assert (answer.status_code, offer.state) == (303, OfferState.DECLINED)


@pytest.mark.parametrize("first", [YES, NO])
@pytest.mark.parametrize("second", [YES, NO, None])
def test_offer_link_used_again_shows_what_was_answered(client, now, first, second):
    offer = make_offer(now)
    send(client, offer_url(offer), first)
    offer.refresh_from_db()
    before = offer.state

    page = (
        client.get(offer_url(offer)) if second is None else send(client, offer_url(offer), second)
    )

    offer.refresh_from_db()
    assert (page.status_code, offer.state) == (200, before)
    assert ("You said yes" if first is YES else "You said no") in text(page)


def test_offer_link_lets_choose_among_the_times(client, now):
    offer = make_offer(now, days=(8, 9))
    second = offer.order.times.order_by("starts_at")[1]

    page = client.get(offer_url(offer))
    missing = send(client, offer_url(offer), YES)
    wrong = send(client, offer_url(offer), YES | {"time": "999999"})
    rows = Assignment.objects.count()
    chosen = send(client, offer_url(offer), YES | {"time": second.pk})

    assert text(page).count('name="time"') == 2
    assert (missing.status_code, wrong.status_code, rows) == (422, 422, 0)
    assert chosen.status_code == 303
    assert Assignment.objects.get().starts_at == second.starts_at


def test_offer_link_tells_when_the_time_was_settled_while_reading(client, now, monkeypatch):
    order = make_search(now, days=(8, 9), experts_wanted=2)
    offer, other = make_offer(now, order=order), make_offer(now, order=order)
    one, two = order.times.order_by("starts_at")
    real = assignments.accept

    def somebody_is_faster(found, **kwargs):
        real(other, by=other.expert.user, at=now, via=Via.DESK, time=one)
        return real(found, **kwargs)

    monkeypatch.setattr(assignments, "accept", somebody_is_faster)
    url = offer_url(offer)
    answer = send(client, url, YES | {"time": two.pk})
    page = client.get(answer["Location"])

    assert (answer.status_code, answer["Location"]) == (303, url)
    assert "The times have changed meanwhile" in text(page)
    assert 'name="time"' not in text(page)


def test_offer_link_of_a_filled_task_reads_kindly(client, now):
    order = make_search(now)
    late = make_offer(now, order=order)
    make_agreed(now, order=order)

    for page in (client.get(offer_url(late)), send(client, offer_url(late), YES)):
        assert page.status_code == 200
        assert "Thank you for being ready" in text(page)


@pytest.mark.parametrize("answer", [YES, NO])
def test_offer_link_answered_elsewhere_while_reading_shows_that(client, now, monkeypatch, answer):
    offer = make_offer(now)
    act = "decline" if answer is NO else "accept"
    real = getattr(assignments, act)

    def answered_by_phone(found, **kwargs):
        counter = make_coordinator()
        assignments.withdraw(found, by=counter, at=now)
        return real(found, **kwargs)

    monkeypatch.setattr(assignments, act, answered_by_phone)
    here = offer_url(offer)
    sent = send(client, here, answer)

    assert sent["Location"] == here
    assert "The offer has been taken back" in text(client.get(here))


def test_offer_link_after_the_time_to_answer_reads_kindly(client, now):
    offer = make_offer(now - 6 * DAY)
    expired = make_offer(now - 6 * DAY)
    Offer.objects.filter(pk=expired.pk).update(state=OfferState.EXPIRED)

    for one in (offer, expired):
        for page in (client.get(offer_url(one)), send(client, offer_url(one), YES)):
            assert page.status_code == 200
            assert "The time to answer has ended" in text(page)
    assert not Assignment.objects.exists()


def test_offer_link_when_booked_elsewhere_reads_kindly(client, now):
    expert = make_expert(at=now)
    make_agreed(now, expert=expert)
    offer = make_offer(now, expert=expert)

    here = offer_url(offer)

    page = send(client, here, YES)

    offer.refresh_from_db()
    assert page["Location"] == here
    assert "You have agreed on another task at the same time." in text(client.get(page["Location"]))
    assert offer.state == OfferState.PROPOSED


def test_offer_link_of_an_expert_who_has_left_reads_kindly(client, now):
    offer = make_offer(now)
    experts.leave(offer.expert, by=offer.expert.user, at=now)

    here = offer_url(offer)

    sent = send(client, here, YES)

    assert sent["Location"] == here
    assert "Somebody else was faster, or the task is off." in text(client.get(sent["Location"]))
    assert not Assignment.objects.exists()


# Bad links, the same for every page


@pytest.fixture(params=["offer-link", "feedback-link", "changed-link"])
def bad_link(request, now):
    """A page and a function that makes its address of a token, with a good token."""
    task = make_done(now - 30 * DAY)
    name = request.param
    extra = ["expert"] if name == "feedback-link" else []
    purpose = {"offer-link": "offer", "feedback-link": "feedback-expert", "changed-link": "changed"}
    pk = {"offer-link": task.offer_id, "feedback-link": task.pk, "changed-link": task.order_id}
    link = Link(purpose[name], pk[name], task.expert.user_id)

    def url(token):
        return reverse(f"public:{name}", args=[*extra, token])

    return url, link


def test_forged_link_gets_a_page_with_what_to_do(client, bad_link):
    url, link = bad_link
    good = sign(link)
    other = sign(Link("guest", link.object_id, link.person_id))
    salt = f"luukku.link.{link.purpose}"
    forged = [
        good[:-3] + "xyz",
        "abc",
        other,
        signing.dumps(7, salt=salt),
        signing.dumps([1], salt=salt),
    ]

    for token in forged:
        for page in (client.get(url(token)), send(client, url(token), YES | ANSWERS)):
            assert page.status_code == 404
            assert "The link does not work" in text(page)
            assert "Ask the counter" in text(page)


def test_expired_link_says_so(client, bad_link, monkeypatch):
    url, link = bad_link
    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() - 121 * 24 * 3600)
    token = sign(link)
    monkeypatch.undo()

    page = client.get(url(token))

    assert page.status_code == 410
    assert "The link is too old" in text(page)


def test_link_to_what_is_gone_or_to_a_closed_account_does_not_work(client, bad_link):
    url, link = bad_link
    gone = sign(Link(link.purpose, 10**9, link.person_id))
    stranger = make_person()
    stranger.is_active = False
    stranger.save()
    closed = sign(Link(link.purpose, link.object_id, stranger.pk))

    assert client.get(url(gone)).status_code == 404
    assert client.get(url(closed)).status_code == 404


def test_offer_link_of_another_person_does_not_work(client, now):
    offer = make_offer(now)

    page = send(client, offer_url(offer, make_person()), YES)

    assert page.status_code == 404
    assert not Assignment.objects.exists()


# Feedback


@pytest.mark.parametrize("side", Side)
def test_feedback_link_takes_the_answers_of_its_side(client, now, side):
    task = make_done(now - 20 * DAY)
    url = feedback_url(task, side)

    page = client.get(url)
    answer = send(client, url, ANSWERS)

    assert page.status_code == 200
    assert text(page).count('type="radio"') == 20
    assert (answer.status_code, answer["Location"]) == (303, url)
    given = Feedback.objects.get()
    assert (given.side, given.smooth, given.again, given.via) == (side, 5, 3, Via.LINK)
    assert given.words == ANSWERS["words"]
    assert not Debrief.objects.exists()


def test_feedback_link_takes_a_wish_to_talk(client, now):
    task = make_done(now - 20 * DAY)

    send(client, feedback_url(task, Side.EXPERT), ANSWERS | {"wants_debrief": "on"})

    assert Debrief.objects.get().asked_by == task.expert.user


def test_feedback_link_used_again_thanks(client, now):
    task = make_done(now - 20 * DAY)
    give(task, Side.EXPERT, now)
    url = feedback_url(task, Side.EXPERT)

    for page in (client.get(url), send(client, url, ANSWERS)):
        assert page.status_code == 200
        assert "has been written down" in text(page)
    assert Feedback.objects.count() == 1


def test_feedback_link_sent_from_two_windows_thanks(client, now, monkeypatch):
    task = make_done(now - 20 * DAY)
    real = feedback.give

    def other_window(found, **kwargs):
        real(found, **kwargs)
        return real(found, **kwargs)

    monkeypatch.setattr(feedback, "give", other_window)
    page = client.get(send(client, feedback_url(task, Side.EXPERT), ANSWERS)["Location"])

    assert page.status_code == 200
    assert "has been written down" in text(page)
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"smooth": ""},
        {"useful": "6"},
        {"heard": "0"},
        {"again": "paljon"},
        {"words": "a" * 4001},
        {"words": "a" * 2**20},
    ],
)
def test_feedback_link_keeps_what_was_typed_when_something_is_wrong(client, now, wrong):
    task = make_done(now - 20 * DAY)

    page = send(client, feedback_url(task, Side.EXPERT), ANSWERS | wrong)

    assert page.status_code == 422
    assert not Feedback.objects.exists()
    if "words" not in wrong:
        assert ANSWERS["words"] in text(page)


def test_feedback_link_before_the_task_was_done_does_not_work(client, now):
    task = make_agreed(now)

    assert client.get(feedback_url(task, Side.EXPERT)).status_code == 404


def test_feedback_link_of_a_third_side_is_no_page(client, now):
    assert client.get(reverse("public:feedback-link", args=["counter", "x"])).status_code == 404


def test_feedback_link_of_somebody_who_stands_on_no_side_is_refused(client, now):
    task = make_done(now - 20 * DAY)

    page = send(client, feedback_url(task, Side.EXPERT, make_person()), ANSWERS)

    assert page.status_code == 404
    assert not Feedback.objects.exists()


# What changed


def test_changed_link_takes_the_answer_and_tells_the_expert(client, now):
    task = make_done(now - 120 * DAY)

    page = client.get(changed_url(task.order))
    answer = send(client, changed_url(task.order), {"words": "Uusi opaste ovelle."})

    assert page.status_code == 200
    assert answer.status_code == 303
    told = WhatChanged.objects.get()
    assert (told.words, told.via) == ("Uusi opaste ovelle.", Via.LINK)
    assert Letter.objects.get(kind="feedback.what_changed_told").reader == task.expert.user


def test_changed_link_used_again_thanks(client, now):
    task = make_done(now - 120 * DAY)
    send(client, changed_url(task.order), {"words": "Paljon."})

    for page in (
        client.get(changed_url(task.order)),
        send(client, changed_url(task.order), {"words": "Ei mitään."}),
    ):
        assert page.status_code == 200
        assert "has been written down" in text(page)
    assert WhatChanged.objects.get().words == "Paljon."


@pytest.mark.parametrize("words", ["", "   ", "a" * 4001])
def test_changed_link_without_words_asks_again(client, now, words):
    task = make_done(now - 120 * DAY)

    assert send(client, changed_url(task.order), {"words": words}).status_code == 422
    assert WhatChanged.objects.get().answered_at is None


def test_changed_link_of_somebody_else_is_refused(client, now):
    task = make_done(now - 120 * DAY)

    page = send(client, changed_url(task.order, make_orderer()), {"words": "Paljon."})

    assert page.status_code == 404
    assert WhatChanged.objects.get().answered_at is None


# The door


def test_feedback_door_answers_the_same_whether_the_address_is_known_or_not(client, now):
    task = make_done(now - 20 * DAY)
    known = task.expert.user.email.upper()

    answers = [
        send(client, reverse("public:feedback-door"), {"email": email})
        for email in (known, "nobody@example.test")
    ]
    pages = [text(client.get(answer["Location"])) for answer in answers]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert [page.count("If a task of yours waits for feedback") for page in pages] == [1, 1]
    work = DBTaskResult.objects.filter(task_path="luukku.feedback.tasks.send_links_again")
    assert not any(task.expert.user.email in str(one.args_kwargs) for one in work)
    assert sorted(send_links_again.call(*one.args_kwargs["args"]) for one in work) == [0, 1]
    again = Letter.objects.filter(kind="feedback.wanted", key__contains=":again:")
    assert [letter.reader for letter in again] == [task.expert.user]
    link = again.get().link.removeprefix("http://testserver")
    assert client.get(link).status_code == 200


def test_feedback_door_with_no_address_asks_again(client, now):
    door = reverse("public:feedback-door")

    assert client.get(door).status_code == 200
    for email in ("", "not an address", "x" * 2**20):
        assert send(client, door, {"email": email}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_feedback_door_lists_the_tasks_of_those_who_have_signed_in(
    client, now, count, django_assert_num_queries
):
    expert = make_expert(at=now - 60 * DAY)
    tasks = [make_done(now - 60 * DAY, expert=expert, days=(10 + n,)) for n in range(count)]
    client.force_login(expert.user, backend="django.contrib.auth.backends.ModelBackend")

    with django_assert_num_queries(5):
        page = client.get(reverse("public:feedback-door"))

    for task in tasks:
        assert reverse("expert:feedback", args=[task.pk]) in text(page)


def test_feedback_door_says_when_nothing_waits(client, now):
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")

    assert "No task waits for your feedback" in text(client.get(reverse("public:feedback-door")))


# The calendar


def test_calendar_feed_opens_by_its_key_without_signing_in(client, now):
    task = make_agreed(now)
    assignments.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=now)
    key = assignments.new_calendar_key(task.expert.user, by=task.expert.user, at=now).key

    page = client.get(reverse("public:calendar-feed", args=[key]))

    assert page["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in page["Cache-Control"]
    (entry,) = Calendar.from_ical(page.content).walk("VEVENT")
    assert str(entry["STATUS"]) == "CANCELLED"


def test_calendar_feed_with_a_wrong_or_old_key_is_not_found(client, now):
    user = make_person()
    old = assignments.new_calendar_key(user, by=user, at=now).key
    assignments.new_calendar_key(user, by=user, at=now)

    for key in (old, "x"):
        assert client.get(reverse("public:calendar-feed", args=[key])).status_code == 404
