"""``load_spec``: who did what and when, where a document tells more than the state a thing is in."""

from datetime import datetime

import pytest
from django.core.management import CommandError

from luukku.accounts.models import AddressChange
from luukku.assignments.models import Assignment, Offer, Via
from luukku.audit.models import AccessLog, AuditEvent, ReaderAs
from luukku.content.models import PracticePage
from luukku.content.queries import last_round
from luukku.experts.models import Expert
from luukku.feedback.models import Debrief, Feedback, WhatChanged
from luukku.feedback.notices import WhatChangedAsked
from luukku.guidance.models import CannedAnswer, Question
from luukku.matching.queries import match
from luukku.notices.models import Letter
from luukku.notices.queries import paper_queue
from luukku.orders.models import Order, Series
from luukku.organisations.models import Membership, Organisation
from luukku.search.models import WideReading
from luukku.workbench.models import InternalNote
from tests.config.documents import documented, load
from tests.factories.assignments import make_done

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NOW = "2026-11-20T12:00:00+00:00"
DAY = "2026-11-1{}T10:00:00+00:00"
PAST = {"starts_at": "2026-10-01T10:00:00+03:00", "ends_at": "2026-10-01T11:00:00+03:00"}


@pytest.fixture
def example():
    """The small document, at an instant, with somebody without e-mail among the experts."""
    document = documented()[0] | {"at": NOW}
    document["people"].append({"key": "raimo", "name": "Raimo", "phone": "040 123"})
    raimo = document["experts"][0] | {"key": "r", "person": "raimo"}
    document["experts"].append(raimo)
    return document


def acts(name):
    """Return by whom and for whom an act was done, the first one first."""
    found = AuditEvent.objects.filter(act=name).order_by("pk")
    return list(found.values_list("actor_id", "on_behalf_of_id"))


def at(n):
    return datetime.fromisoformat(DAY.format(n))


def test_spec_lets_the_orderer_write_and_send(example, tmp_path):
    example["orders"][0] |= {"by": "olli", "state": "cancelled", "at": DAY.format(1)}

    made = load(example, tmp_path)

    olli, order = made["people"]["olli"]["id"], Order.objects.get()
    assert order.made_by_id == olli
    assert acts("orders.send") == [(olli, None)]
    assert acts("orders.cancel") == [(olli, None)]


@pytest.mark.parametrize("repeats", [{}, {"repeats": {"days": ["2027-01-21"]}}])
def test_spec_says_when_the_counter_decided_and_gave_up(example, tmp_path, repeats):
    days = {"at": DAY.format(1), "decided_at": DAY.format(2), "given_up_at": DAY.format(3)}
    example["orders"][0] |= {"by": "olli", "state": "not_found", **days, **repeats}

    load(example, tmp_path)

    for order in Order.objects.all():
        assert (order.sent_at, order.decided_at, order.state_changed_at) == (at(1), at(2), at(3))


@pytest.mark.parametrize("repeats", [{}, {"repeats": {"days": ["2027-01-21"]}}])
def test_spec_says_when_the_counter_declined(example, tmp_path, repeats):
    days = {"at": DAY.format(1), "decided_at": DAY.format(2)}
    example["orders"][0] |= {"state": "declined", "decline_reason": "Ei.", **days, **repeats}

    load(example, tmp_path)

    assert set(Order.objects.values_list("decided_at", flat=True)) == {at(2)}


def test_spec_gives_an_offer_the_reasons_of_the_match(example, tmp_path):
    twin = example["orders"][0] | {"key": "twin"}  # of which nobody has been asked
    example["orders"] = [example["orders"][0] | {"offers": [{"expert": "k"}]}, twin]

    made = load(example, tmp_path)

    found = match(Order.objects.get(pk=made["orders"]["twin"]), at=datetime.fromisoformat(NOW))
    reasons = {one.expert_id: one.reasons for one in found.candidates}
    assert Offer.objects.get().reasons == reasons[made["experts"]["k"]] != []


def test_spec_offers_without_reasons_to_whom_the_match_would_not_find(example, tmp_path):
    example["experts"][0] |= {"experiences": [{"theme": "depression"}]}
    example["orders"][0]["offers"] = [{"expert": "k"}]

    load(example, tmp_path)

    assert Offer.objects.get().reasons == []


def test_spec_serves_who_has_no_e_mail_through_the_counter(example, tmp_path):
    given = [{"side": "expert", "read_at": DAY.format(5)}]
    offers = [{"expert": "r", "answer": "accepted", "feedback": given, "debriefs": ["expert"]}]
    example["orders"][0] |= {"times": [PAST], "state": "done", "offers": offers}

    made = load(example, tmp_path)

    pair = (made["people"]["tarja"]["id"], made["people"]["raimo"]["id"])
    assert acts("assignments.accept") == [pair]
    assert acts("feedback.give_as_expert") == [pair]
    assert acts("feedback.ask_debrief") == [pair]
    assert Assignment.objects.get().expert_agreed_via == Via.COUNTER
    feedback = Feedback.objects.get()
    assert (feedback.via, feedback.read_at, feedback.read_by_id) == (Via.COUNTER, at(5), pair[0])


def test_spec_lets_the_counter_write_down_what_somebody_says_on_the_phone(example, tmp_path):
    wish = {"side": "expert", "at": DAY.format(6)}
    offer = {"expert": "k", "answer": "accepted", "via": "counter", "debriefs": [wish]}
    example["orders"][0] |= {"times": [PAST], "state": "done", "offers": [offer]}

    made = load(example, tmp_path)

    pair = (made["people"]["tarja"]["id"], made["people"]["kaisa"]["id"])
    assert acts("assignments.accept") == [pair]
    assert Debrief.objects.get().asked_at == at(6)


@pytest.mark.parametrize(
    ("origin", "answer", "act"),
    [
        ("suggested", "declined", "assignments.decline"),
        ("signed_up", "withdrawn", "assignments.withdraw"),
    ],
)
def test_spec_takes_a_no_from_who_has_no_e_mail_through_the_counter(
    example, tmp_path, origin, answer, act
):
    example["orders"][0]["offers"] = [{"expert": "r", "origin": origin, "answer": answer}]

    made = load(example, tmp_path)

    assert acts(act) == [(made["people"]["tarja"]["id"], made["people"]["raimo"]["id"])]


def test_spec_answers_dates_of_who_has_no_e_mail_through_the_counter(example, tmp_path):
    offer = {"expert": "r", "answer": "accepted"}
    example["orders"][0] |= {"repeats": {"days": ["2027-01-21"]}, "offers": [offer]}

    load(example, tmp_path)

    assert set(Assignment.objects.values_list("expert_agreed_via", flat=True)) == {Via.COUNTER}
    assert Series.objects.get().orders.filter(state="staffed").count() == 2


def test_spec_asks_what_changed_of_somebody_who_has_not_answered(example, tmp_path):
    offers = [{"expert": "k", "answer": "accepted"}]
    silent = {"times": [PAST], "state": "done", "offers": offers}
    example["orders"][0] |= silent | {"what_changed": {"asked_at": DAY.format(4)}}

    load(example, tmp_path)

    asked = Order.objects.get().what_changed
    assert (asked.asked_at, asked.answered_at) == (at(4), None)


def test_spec_asks_nobody_else_what_changed(example, tmp_path):
    """The database may be in use: others' days have come, too."""
    other = make_done(at(1))
    WhatChanged.objects.filter(order=other.order).update(ask_on=at(2).date())
    offers = [{"expert": "k", "answer": "accepted"}]
    silent = {"times": [PAST], "state": "done", "offers": offers}
    example["orders"][0] |= silent | {"what_changed": {"asked_at": DAY.format(4)}}

    load(example, tmp_path)

    assert not Letter.objects.filter(
        kind=WhatChangedAsked.kind, reader=other.order.contact
    ).exists()
    assert WhatChanged.objects.get(order=other.order).asked_at is None
    assert Letter.objects.filter(kind=WhatChangedAsked.kind).exists()


def test_spec_ends_the_roles_of_who_has_left(example, tmp_path):
    example["organisations"][0]["members"][0]["left_at"] = DAY.format(5)

    load(example, tmp_path)

    assert not Membership.objects.exists()
    assert Order.objects.get().contact.name == "Olli"


def test_spec_founds_an_organisation_as_the_person_who_asks_for_it(example, tmp_path):
    example["orders"] = []
    example["organisations"][0] = example["organisations"][0] | {"by": "olli", "members": []}

    made = load(example, tmp_path)

    olli = made["people"]["olli"]["id"]
    assert acts("organisations.register") == [(olli, None)]
    assert Organisation.objects.get().memberships.get().user_id == olli


def test_spec_calls_an_expert_by_the_code_name_given(example, tmp_path):
    example["experts"] = [example["experts"][0] | {"code_name": "Kuusi 7"}]

    load(example, tmp_path)

    assert Expert.objects.get().code_name == "Kuusi 7"


def test_spec_tells_letters_on_paper_until_an_instant(example, tmp_path):
    example["people"][-1]["told_until"] = NOW
    example["orders"] = []
    example["people"].append({"key": "untold", "name": "Untold", "phone": "040 124"})
    example["experts"].append(example["experts"][0] | {"key": "u", "person": "untold"})

    load(example, tmp_path)

    assert {letter.reader.name for letter in paper_queue()} == {"Untold"}


def test_spec_changes_what_an_order_asks_for_with_the_answer(example, tmp_path):
    asked = {"words": "40 ihmistä", "at": DAY.format(2), "answer": "Muutettu."}
    asked |= {"answered_at": DAY.format(3), "changes": {"audience_size": 40}}
    example["orders"][0] |= {"audience_size": 20, "change_requests": [asked]}

    load(example, tmp_path)

    order = Order.objects.get()
    assert (order.audience_size, order.change_requests.get().answered_at) == (40, at(3))


def test_spec_says_when_the_letter_to_the_earlier_address_left(example, tmp_path):
    people = [*example["people"], {"key": "antti", "name": "Antti", "roles": ["admin"]}]
    change = {"person": "kaisa", "by": "antti", "email": "uusi@example.org"}
    moments = {"asked_at": DAY.format(1), "told_at": DAY.format(2)}

    load({"at": NOW, "people": people, "address_changes": [change | moments]}, tmp_path)

    assert AddressChange.objects.get().state == "waiting"
    assert Letter.objects.get(kind="accounts.address_asked").sent_at == at(2)


def test_spec_hashes_a_password_that_several_have_once(example, tmp_path, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "luukku.accounts.spec.make_password", lambda word: hashed.append(word) or f"!{word}"
    )
    people = [one | {"password": "sama"} for one in example["people"] if "email" in one]

    load({"people": people}, tmp_path)

    assert hashed == ["sama"]


def test_spec_tells_what_became_of_a_question(example, tmp_path):
    ngo = {"key": "ngo", "name": "Ry", "kind": "ngo", "tasks": ["background"], "by": "kaisa"}
    handed = {
        "organisation": "ngo", "agreed": "Soittavat.", "shows_contact": True, "follow_on": "2026-12-01",
        "at": DAY.format(3),
    }  # fmt: skip
    answered = {"answer": "Tervetuloa.", "answered_at": DAY.format(4)}
    questions = [
        {"words": "?", "phone": "040 1", "at": DAY.format(1), "notes": [{"words": "Iltaisin."}], "handed_over": handed},
        {"words": "?", "email": "a@example.org", "kind": "accessibility", "came_from": "/fi/", "closed_as": "spam"},
        {"words": "?", "person": "olli", "at": DAY.format(1), "answer": "!", "answered_at": DAY.format(2)},
        {"words": "?", "phone": "040 2", "at": DAY.format(1), "handed_over": handed | answered},
    ]  # fmt: skip
    example |= {"orders": [], "organisations": [ngo], "experts": [], "questions": questions}

    made = load(example, tmp_path)

    first, second, third, fourth = (Question.objects.get(pk=pk) for pk in made["questions"])
    assert (first.state, first.notes.get().words) == ("handed_over", "Iltaisin.")
    assert first.state_changed_at == at(3)
    assert (second.state, second.closed_as, second.kind) == ("closed", "spam", "accessibility")
    assert second.came_from == "/fi/"
    assert (third.state, third.state_changed_at) == ("answered", at(2))
    assert (fourth.state, fourth.state_changed_at) == ("followed", at(4))
    assert fourth.messages.get(side="organisation").words == "Tervetuloa."


def test_spec_keeps_ready_answers(example, tmp_path):
    ready = [{"title": "Kuka maksaa?", "words": "Tilaaja.", "may_be_faq": True}]

    load(example | {"ready_answers": ready}, tmp_path)

    kept = CannedAnswer.objects.get()
    assert (kept.title, kept.words, kept.may_be_faq, kept.language) == (
        "Kuka maksaa?", "Tilaaja.", True, "fi",
    )  # fmt: skip


def test_spec_writes_internal_notes_about_each_sort_of_thing(example, tmp_path):
    about = {
        "order": example["orders"][0]["key"], "expert": "r", "organisation": example["organisations"][0]["key"],
        "person": "raimo",
    }  # fmt: skip
    notes = [{name: key, "words": name, "at": DAY.format(1)} for name, key in about.items()]
    notes[3] |= {"struck_at": DAY.format(2)}

    load(example | {"notes": notes}, tmp_path)

    kept = {note.words: note for note in InternalNote.objects.all()}
    assert kept.keys() == about.keys()
    assert all(getattr(kept[name], name) == kept[name].about() for name in about)
    assert kept["order"].by.is_counter
    assert {name: note.struck_at for name, note in kept.items() if note.struck_at} == {
        "person": at(2)
    }
    assert all(note.at == at(1) for note in kept.values())


@pytest.mark.parametrize("about", [{}, {"expert": "r", "person": "raimo"}])
def test_spec_refuses_a_note_that_is_not_about_one_thing(example, tmp_path, about):
    with pytest.raises(CommandError, match="a note is about one of these"):
        load(example | {"notes": [about | {"words": "?"}]}, tmp_path)

    assert not InternalNote.objects.exists()


def test_spec_sends_a_good_practice_that_waits_for_its_reader(example, tmp_path):
    practice = {
        "person": "olli", "title": "Kortit", "intro": "Kortteja.", "done": "Kysyttiin.", "changed": "Paljon.", "contact": "Luukku",
         "task_types": ["lecture"],
        "services": ["education"], "themes": ["homelessness"],
    }  # fmt: skip

    load(example | {"practices": [practice]}, tmp_path)

    page = PracticePage.objects.get(title="Kortit")
    assert (page.live, page.submitted_by.name, last_round(page).status) == (
        False, "Olli", "in_progress",
    )  # fmt: skip


def test_spec_notes_who_was_shown_what_of_experts(example, tmp_path):
    looks = [
        {"by": "tarja", "experts": ["k"], "at": DAY.format(1)},
        {"by": "olli", "organisation": "school", "experts": ["k"], "at": DAY.format(2)},
    ]

    made = load(example | {"looks": looks}, tmp_path)

    kaisa = made["people"]["kaisa"]["id"]
    noted = AccessLog.objects.order_by("at").values_list("reader_as", "person_ids", "why")
    assert list(noted) == [
        (ReaderAs.COORDINATOR, [kaisa], f"counter:expert {made['experts']['k']}"),
        (ReaderAs.ORDERER, [kaisa], "public:search"),
    ]


def test_spec_lets_an_orderer_ask_to_see_more_cards(example, tmp_path, settings):
    settings.LUUKKU_CARDS_A_DAY = 1
    look = {
        "by": "olli",
        "organisation": "school",
        "experts": ["k"],
        "wider_because": "Luentosarja.",
    }

    load(example | {"looks": [look]}, tmp_path)

    assert WideReading.objects.get().reason == "Luentosarja."


@pytest.mark.parametrize(
    ("a_day", "experts", "words"),
    [(1, ["k", "r"], "more cards than a day"), (5, ["k"], "cards left to see")],
)
def test_spec_refuses_looks_that_the_search_would_not_allow(
    example, tmp_path, settings, a_day, experts, words
):
    settings.LUUKKU_CARDS_A_DAY = a_day
    look = {"by": "olli", "organisation": "school", "experts": experts, "wider_because": "Siksi."}

    with pytest.raises(CommandError, match=words):
        load(example | {"looks": [look]}, tmp_path)


def test_spec_has_the_counter_cancel_for_an_expert_who_cannot_come(example, tmp_path):
    off = {"whose": "expert", "reason": "Flunssa."}
    example["orders"][0]["offers"] = [{"expert": "k", "answer": "accepted", "cancelled": off}]

    made = load(example, tmp_path)

    assert Offer.objects.get().state == "accepted"
    assert acts("assignments.cancel") == [
        (made["people"]["tarja"]["id"], made["people"]["kaisa"]["id"])
    ]
