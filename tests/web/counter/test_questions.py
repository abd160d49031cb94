"""Questions at the counter: the list, the thread, small acts, two people at once, ready answers."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.audit.models import AccessLog
from luukku.audit.reading import NOBODY
from luukku.content.models import FaqPage
from luukku.core.duty import call, queue
from luukku.guidance import actions
from luukku.guidance.models import CannedAnswer, ClosedAs, Kind, Question, Side
from luukku.guidance.queries import behind_code
from luukku.guidance.states import QuestionState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.guidance import make_handed_over, make_question
from tests.factories.organisations import make_member, make_organisation
from tests.markup import flat
from tests.readings import noted

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def coordinator():
    return make_coordinator(language="en")


@pytest.fixture
def counter(coordinator):
    client = Client(headers={"accept-language": "en"})
    client.force_login(coordinator, backend=BACKEND)
    return client


def get(client, name, *args, **query):
    return client.get(reverse(f"counter:{name}", args=args), query)


def post(client, name, /, *args, **data):
    url = reverse(f"counter:{name}", args=args)
    return client.post(url, {"form_token": str(uuid.uuid4())} | data)


def listed(client, **query):
    page = get(client, "questions", **query).content.decode()
    return {int(pk) for pk in re.findall(r'/counter/questions/(\d+)/"', page)}


def test_list_filters_by_state_assignee_kind_tag_and_lateness(counter, coordinator, now):
    mine = make_question(now)
    actions.assign(mine, coordinator, by=coordinator, at=now)
    actions.sort(mine, kind=Kind.ADVICE, tags=["koulutus"], by=coordinator, at=now)
    late = make_question(now - timedelta(days=20), kind=Kind.ACCESSIBILITY)
    answered = actions.answer(make_question(now), "Näin", by=coordinator, at=now)
    closed = actions.close(make_question(now), ClosedAs.SPAM, by=coordinator, at=now)
    handed, _contact = make_handed_over(now)

    assert listed(counter) == {mine.pk, late.pk, answered.pk, handed.pk}
    assert listed(counter, state="all") == {mine.pk, late.pk, answered.pk, handed.pk, closed.pk}
    assert listed(counter, state="handed_over") == {handed.pk}
    assert listed(counter, assignee="me") == {mine.pk}
    assert listed(counter, assignee=str(coordinator.pk)) == {mine.pk}
    assert listed(counter, assignee="nobody") == {late.pk, answered.pk, handed.pk}
    assert listed(counter, kind="accessibility") == {late.pk}
    assert listed(counter, tag="koulutus") == {mine.pk}
    assert listed(counter, late="on") == {late.pk}


def test_list_shows_the_most_urgent_first_by_its_first_words_and_notes_the_reading(counter, now):
    second, first = make_question(now), make_question(now - timedelta(days=9))

    page = get(counter, "questions").content.decode()

    assert page.index(f"questions/{first.pk}/") < page.index(f"questions/{second.pk}/")
    assert len(re.findall(r">\s*Miten alkuun\?\s*<", page)) == 2
    assert noted()[first.asked_by_id] >= {"guidance.message.words"}


def test_page_of_a_question_is_headed_by_its_number_and_first_words(counter, now):
    question = make_question(now, words="Mistä löydän ryhmän?")

    page = get(counter, "question", question.pk).content.decode()

    (head,) = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert " ".join(head.split()) == f"Question {question.pk}: Mistä löydän ryhmän?"
    (title,) = re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
    assert "ryhmän" not in title


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_number_of_queries(counter, now, rows, django_assert_num_queries):
    for _n in range(rows):
        make_question(now)
    get(counter, "questions")

    with django_assert_num_queries(12):
        get(counter, "questions")


@pytest.mark.parametrize(
    "query",
    [
        {"assignee": "²"},
        {"assignee": "9" * 30},
        {"tag": "\x00"},
        {"kind": "no-such"},
        {"late": "x"},
    ],
)
def test_list_takes_whatever_is_typed(counter, query):
    assert get(counter, "questions", **query).status_code == 200


def test_queue_has_questions_by_their_promise_and_hand_overs_to_follow(now):
    question = make_question(now - timedelta(days=30))
    handed, _contact = make_handed_over(now - timedelta(days=9))
    make_handed_over(now)

    duties = {
        duty.kind: (duty, called)
        for duty, called in call(queue(at=timezone.now()))
        if duty.kind in {"question", "follow_up"}
    }

    assert len(queue(at=timezone.now(), kind="follow_up")) == 1
    assert f"/{question.pk}/" in duties["question"][0].url
    assert duties["question"][0].is_late(now)
    assert f"/{handed.pk}/" in duties["follow_up"][0].url
    assert handed.hand_overs.get().to_name in duties["follow_up"][1].title


def test_question_is_answered_and_its_reading_noted(counter, coordinator, now):
    question = make_question(now)
    assert "Miten alkuun?" in get(counter, "question", question.pk).content.decode()
    assert post(counter, "question", question.pk, words=" ").status_code == 422

    assert post(counter, "question", question.pk, words="Näin.", act="answer").status_code == 303

    question.refresh_from_db()
    last = question.messages.last()
    assert (question.state, last.words, last.by) == (QuestionState.ANSWERED, "Näin.", coordinator)
    assert "guidance.message.words" in noted(coordinator)[question.asked_by_id]
    assert "Näin." in get(counter, "question", question.pk).content.decode()


def test_question_without_an_account_is_read_into_the_log_as_well(counter, coordinator, now):
    question = make_question(now, code="KOODI")

    get(counter, "question", question.pk)

    row = AccessLog.objects.get(person_ids=[NOBODY])
    words = question.messages.get()
    assert (row.reader_id, row.what) == (coordinator.pk, "guidance.message.words")
    assert row.records == [f"guidance.message {words.pk}"]


def test_question_answered_meanwhile_shows_a_kind_page_that_keeps_the_text(counter, now):
    question = make_question(now)
    seen = question.messages.get().pk
    actions.answer(question, "Toisen vastaus", by=make_coordinator("Toinen"), at=now)

    late = post(counter, "question", question.pk, words="Minun tekstini", act="answer", seen=seen)

    page = flat(late)
    assert late.status_code == 409
    assert "Somebody answered while you were writing" in page
    assert "Toisen vastaus" in page
    assert "Minun tekstini" in page
    assert question.messages.count() == 2
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    assert 'name="act" value="add"' in page
    again = post(counter, "question", question.pk, words="Minun tekstini", act="add", seen=seen)
    assert again.status_code == 303
    assert question.messages.count() == 3


def test_question_with_new_words_meanwhile_is_shown_before_the_answer_leaves(counter, now):
    question = make_question(now)
    seen = question.messages.get().pk
    actions.write(question, "Enpä kysykään tuota", by=question.asked_by, at=now)

    late = post(counter, "question", question.pk, words="Minun tekstini", act="answer", seen=seen)

    assert late.status_code == 409
    assert "Something was written while you were writing" in late.content.decode()
    assert "Enpä kysykään" in late.content.decode()
    assert "Minun tekstini" in late.content.decode()


def test_question_by_phone_says_call(counter, now):
    question = make_question(now, phone="040 123", name="Aino")

    page = get(counter, "question", question.pk).content.decode()

    assert "There is no e-mail address: call" in page
    assert 'href="tel:040123"' in page


def test_answer_by_phone_is_written_down_and_then_nothing_waits(counter, coordinator, now):
    question = make_question(now, email="", phone="040 1234567")

    asked = flat(get(counter, "question", question.pk))
    posted = post(counter, "question", question.pk, words="Kerroin.", act="answer")
    told = flat(get(counter, "question", question.pk))

    assert posted.status_code == 303
    for words in ("Answer by phone", "What you said", "Write it down as told", "call, and write"):
        assert words in asked
    assert "Send the answer" not in asked
    assert "Written down as told." in told
    assert "The asker has been told the answer" in told
    assert "call, and write" not in told
    assert "Send the addition" not in told


def test_answer_of_an_organisation_is_told_by_phone(counter, coordinator, now):
    question, contact = make_handed_over(now, email="", phone="040 1234567")
    actions.answer_for(question, "Tervetuloa.", by=contact, at=now)

    page = flat(get(counter, "question", question.pk))

    assert "Tell the answer by phone" in page
    assert "Write it down as told" in page


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ("x" * 31, "A tag has at most 30 signs."),
        (",".join(f"t{n}" for n in range(9)), "Give at most 8 tags."),
    ],
)
def test_tags_that_would_be_cut_are_an_error_at_the_field(counter, now, tags, said):
    question = make_question(now)

    response = post(counter, "question-sort", question.pk, kind=question.kind, tags=tags)

    assert response.status_code == 422
    page = flat(response)
    assert said in page
    assert tags in page
    question.refresh_from_db()
    assert question.tags == []


def test_ready_answer_is_inserted_after_what_was_typed_and_counted_when_sent(counter, now):
    data = {
        "title": "Milloin?",
        "words": "Keväällä.",
        "language": "fi",
        "may_be_faq": "on",
        "is_active": "on",
    }
    assert post(counter, "answer-new", **data).status_code == 303
    canned, question = CannedAnswer.objects.get(), make_question(now)
    assert canned.may_be_faq

    page = post(counter, "question", question.pk, insert="1", canned=canned.pk, words="Hei!")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Hei!\n\nKeväällä." in text
    assert question.messages.count() == 1
    used = re.search(r'name="used" value="([^"]*)"', flat(page))[1]
    post(counter, "question", question.pk, words="Hei!\n\nKeväällä.", used=used, act="answer")

    canned.refresh_from_db()
    assert canned.used_count == 1
    assert "Milloin?" in get(counter, "answers").content.decode()
    assert post(counter, "answer-edit", canned.pk, **data | {"words": ""}).status_code == 422
    post(counter, "answer-edit", canned.pk, **data | {"words": "Syksyllä."})
    canned.refresh_from_db()
    assert (canned.words, canned.used_count) == ("Syksyllä.", 1)


def test_ready_answer_becomes_a_common_question_once(counter, coordinator, now):
    ready = {"language": "fi", "is_active": True, "by": coordinator, "at": now}
    common = actions.keep_answer(None, title="Kuka?", words="Me.", may_be_faq=True, **ready)
    other = actions.keep_answer(None, title="Miksi?", words="Siksi.", may_be_faq=False, **ready)

    for _twice in range(2):
        assert post(counter, "answer-publish", common.pk).status_code == 303
    assert post(counter, "answer-publish", other.pk).status_code == 404

    page = FaqPage.objects.get(locale__language_code="fi")
    asked = [entry.value["question"] for entry in page.entries]
    assert (asked[-1], asked.count("Kuka?"), "Miksi?" in asked) == ("Kuka?", 1, False)


def test_ready_answer_says_when_the_language_has_no_page_for_it(counter, coordinator, now):
    FaqPage.objects.get(locale__language_code="sv").unpublish()
    common = actions.keep_answer(
        None, title="Vem?", words="Vi.", may_be_faq=True, language="sv", is_active=True,
        by=coordinator, at=now,
    )  # fmt: skip

    post(counter, "answer-publish", common.pk)

    page = get(counter, "answers").content.decode()
    assert "There is no page of questions in this language. Make it first." in page


def test_ready_answer_is_published_by_the_counter_alone(now, coordinator):
    common = actions.keep_answer(
        None, title="Kuka?", words="Me.", may_be_faq=True, language="fi", is_active=True,
        by=coordinator, at=now,
    )  # fmt: skip
    client = Client()
    client.force_login(make_person(), backend=BACKEND)

    assert post(client, "answer-publish", common.pk).status_code == 403


@pytest.mark.parametrize("canned", ["", "x", "²", "9" * 30, "99999"])
def test_ready_answer_that_is_none_changes_nothing_typed(counter, now, canned):
    question = make_question(now)

    page = post(
        counter, "question", question.pk, insert="1", canned=canned, words="Hei!", used="²,x"
    )

    assert page.status_code == 200
    assert "Hei!" in page.content.decode()


def test_small_acts_take_note_sort_and_write_down(counter, coordinator, now):
    question, other = make_question(now), make_coordinator("Toinen")

    post(counter, "question-assign", question.pk, me="1")
    question.refresh_from_db()
    assert question.assignee == coordinator
    post(counter, "question-assign", question.pk, assignee=other.pk)
    post(counter, "question-assign", question.pk, assignee="999999")
    post(counter, "question-note", question.pk, note="Soitettu kerran")
    post(counter, "question-note", question.pk, note="")
    post(counter, "question-sort", question.pk, kind="feedback", tags="Koulutus, Pori")
    post(counter, "question-sort", question.pk, kind="no-such")
    post(counter, "question-said", question.pk, said="Lisäsi puhelimessa")
    post(counter, "question-said", question.pk, said="")

    question.refresh_from_db()
    page = get(counter, "question", question.pk).content.decode()
    assert question.assignee == other
    assert (question.kind, question.tags) == (Kind.FEEDBACK, ["koulutus", "pori"])
    assert [m.side for m in question.messages.all()] == [Side.ASKER, Side.ASKER]
    assert question.notes.count() == 1
    assert "Soitettu kerran" in page
    assert "Lisäsi puhelimessa" in page


def test_close_and_close_again(counter, now):
    question = make_question(now)

    for _n in range(2):
        assert post(counter, "question-close", question.pk, **{"as": "spam"}).status_code == 303

    question.refresh_from_db()
    assert question.closed_as == ClosedAs.SPAM


def hand_over_form(**changes):
    return {
        "organisation": "", "outside_name": "", "agreed": "Maija vastaa", "follow_on": "2099-01-01",
    } | changes  # fmt: skip


def test_hand_over_to_the_register_and_following_it(counter, now):
    organisation, question = make_organisation("Aivot ry", at=now), make_question(now)
    contact = make_member(organisation, is_contact=True, at=now)
    day = str((now + timedelta(days=9)).date())

    form = hand_over_form(organisation=organisation.pk, follow_on=day)
    assert post(counter, "question-hand-over", question.pk, **form).status_code == 303

    page = get(counter, "question", question.pk).content.decode()
    assert "Aivot ry answers" in page
    assert "Maija vastaa" in page
    later = str((now + timedelta(days=12)).date())
    post(counter, "question-follow", question.pk, follow_on=later)
    assert str(question.hand_overs.get().follow_on) == later
    post(counter, "question-follow", question.pk, follow_on="2001-01-01")
    assert str(question.hand_overs.get().follow_on) == later
    post(counter, "question-follow", question.pk, answered="1")
    post(counter, "question-follow", question.pk, back="1")
    question.refresh_from_db()
    assert question.state == QuestionState.FOLLOWED
    assert contact.letters.count() == 1


def test_hand_over_to_an_outside_one_and_back(counter, now):
    question = make_question(now)
    day = str((now + timedelta(days=9)).date())

    post(
        counter,
        "question-hand-over",
        question.pk,
        **hand_over_form(outside_name="Kela", follow_on=day),
    )
    post(counter, "question-follow", question.pk, back="1")

    question.refresh_from_db()
    assert question.state == QuestionState.ASKED
    assert question.hand_overs.get().ended_at is not None


@pytest.mark.parametrize(
    "changes", [{}, {"outside_name": "Kela"}, {"outside_name": "Kela", "follow_on": "2001-01-01"}]
)
def test_hand_over_bad_input_gets_words(counter, now, changes):
    question = make_question(now)

    assert (
        post(counter, "question-hand-over", question.pk, **hand_over_form(**changes)).status_code
        == 422
    )
    question.refresh_from_db()
    assert question.state == QuestionState.ASKED


def test_hand_over_of_an_anonymous_question_offers_no_contact_details(counter, now):
    page = get(counter, "question-hand-over", make_question(now, code="KOODI").pk).content.decode()

    assert "shows_contact" not in page
    assert "anonymous" in page


def test_new_question_by_phone_with_and_without_a_name(counter, coordinator, now):
    form = {"kind": "advice", "topic": "other", "words": "Soitti", "language": "sv"}
    assert post(counter, "question-new", **form).status_code == 422

    post(counter, "question-new", **form, phone="0401234567", name="Aino")
    named = Question.objects.get()
    assert (named.phone, named.taken_by, named.language) == ("0401234567", coordinator, "sv")

    answer = post(counter, "question-new", **form, is_anonymous="on")
    page = counter.get(answer["Location"]).content.decode()
    code = re.search(r'id="code"[^>]*>([^<]+)<', page)[1]
    assert behind_code(code).taken_by == coordinator
    assert code not in counter.get(answer["Location"]).content.decode()


def test_new_question_for_a_person_with_an_account(counter, now):
    person = make_person()
    url = reverse("counter:question-new") + f"?person={person.pk}"
    assert person.name in counter.get(url).content.decode()

    counter.post(url, {"kind": "advice", "topic": "order", "words": "Soitti"})

    assert Question.objects.get().asked_by == person
    assert url in get(counter, "person", person.pk).content.decode()
    for bad in ("x", "²", "9" * 30, "999999"):
        assert counter.get(reverse("counter:question-new"), {"person": bad}).status_code == 404


@pytest.mark.parametrize("number", ["", "45", "x", "9" * 5000])
def test_page_of_a_code_opens_whatever_number_its_address_tells(counter, number):
    assert get(counter, "question-code", some=number).status_code == 200
