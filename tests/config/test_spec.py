"""``load_spec``: the documented example works; bad documents change nothing."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from luukku.accounts.models import AddressChange, User
from luukku.accounts.states import AddressState
from luukku.assignments.models import Assignment, Offer, Origin
from luukku.assignments.states import OfferState
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.guidance.models import Question
from luukku.matching.queries import match
from luukku.notices.models import Letter
from luukku.orders.models import Order, Series, TimeQuestion, UnmetDemand
from luukku.orders.states import OrderState
from luukku.organisations.models import ChangeAsked, Organisation
from luukku.organisations.states import OrganisationState
from luukku.privacy.queries import consents_of
from tests.config.documents import documented, load
from tests.factories.accounts import make_coordinator

pytestmark = pytest.mark.slow


@pytest.fixture
def example():
    return documented()[0]


@pytest.fixture
def wide():
    return documented()[1]


def test_spec_documented_example_gives_a_match_and_a_working_sign_in(example, tmp_path, db):
    made = load(example, tmp_path)

    order = Order.objects.get(pk=made["orders"]["visit"])
    assert [c.expert_id for c in match(order, at=timezone.now()).candidates] == [
        made["experts"]["k"]
    ]
    sign_in = made["people"]["kaisa"]["sign_in"]
    response = Client().post(
        "/fi/account/login/", {"login": sign_in["email"], "password": sign_in["password"]}
    )
    assert (response.status_code, response["Location"]) == (302, "/fi/desk/")


def test_spec_schema_is_printed(db):
    out = io.StringIO()

    call_command("load_spec", "--schema", stdout=out)

    assert json.loads(out.getvalue())["type"] == "object"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["people"][0].pop("name"), "people/0"),
        (lambda d: d["people"][0].update(colour="red"), "colour"),
        (lambda d: d["experts"][0].update(person="nobody"), "nobody"),
        (lambda d: d["experts"][0].update(municipality="Atlantis"), "Atlantis"),
        (lambda d: d["experts"][0].update(experiences=[{"theme": "no-such"}]), "no-such"),
        (lambda d: d["experts"][0].update(languages=["fi", "xx"]), "'xx'"),
        (lambda d: d["experts"][0].update(experiences=[]), "missing"),
        (lambda d: d["orders"][0]["times"][0].update(starts_at="tomorrow"), "tomorrow"),
        (lambda d: d["orders"][0]["times"][0].update(starts_at="2027-01-14T10:00:00"), "time zone"),
        (lambda d: d["orders"][0].update(experts_wanted=0), "order_experts_wanted"),
        (lambda d: d["people"].append(d["people"][0]), "people/3: the key 'tarja' is used already"),
        (lambda d: d["people"].append(d["people"][0] | {"key": "x"}), "Somebody already has"),
        (lambda d: d["people"][0].update(email="no address"), "people/0: ValidationError"),
        (lambda d: d["people"][0].update(name="nul \x00"), "people/0: DataError"),
        (lambda d: d["people"][0].update(notices=[{"kind": "no", "channel": "mail"}]), "people/0"),
        (lambda d: d["organisations"][0].update(state="waiting"), "orders/0: NotVetted"),
        (lambda d: d["organisations"][0]["members"][0].update(unit="none"), "no unit called"),
        (lambda d: d["experts"][0].update(slots=[slot("25:00")]), "Not a time of day: '25:00'"),
        (lambda d: d["experts"][0].update(paused_until="2027-02-30", is_paused=True), "Not a day"),
        (lambda d: d["orders"][0].update(fee_eur="much"), "orders/0"),
        (lambda d: d["orders"][0].update(state="staffed"), "the order is searching, not staffed"),
        (lambda d: d["orders"][0].update(offers=[yes(time=1)]), "orders/0: offers/0: .* no time"),
        (lambda d: d["orders"][0].update(offers=[yes(), yes()]), "orders/0: offers/1: WrongState"),
        (lambda d: d["orders"][0].update(offers=[yes()], state="done"), "is not done yet"),
        (lambda d: d["orders"][0].update(offers=[{"expert": "k", "cancelled": OFF}]), "accepted"),
        (lambda d: d["orders"][0].update(offers=[{"expert": "k", "feedback": GIVEN}]), "accepted"),
        (lambda d: d["orders"][0].update(offers=[yes(feedback=GIVEN)]), "NotDone"),
        (lambda d: d.update(questions=[{"words": "?"}]), "question_can_be_answered"),
    ],
)
def test_spec_bad_document_is_refused_whole(example, tmp_path, db, change, words):
    change(example)

    with pytest.raises(CommandError, match=words):
        load(example, tmp_path)

    assert (User.objects.filter(is_machine=False).count(), Expert.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["people"][0].update(name="nul \x00"),
        lambda d: d["people"][0].update(name="half \ud800"),
        lambda d: d["people"][0].update(name="x" * 100_000),
        lambda d: d["people"][0].update(phone=["not", "a", "phone"] * 500),
        lambda d: d["experts"][0].update(reach_km=10**30),
        lambda d: d["orders"][0].update(length_minutes=-(10**12)),
        lambda d: d.update(questions=[{"words": "Salaisuus " * 90}]),
        lambda d: d.update(people={"a": 1}),
    ],
)
def test_spec_odd_input_is_refused_in_one_sentence_without_what_stands_in_a_row(
    example, tmp_path, db, change
):
    change(example)

    with pytest.raises(CommandError) as refused:
        load(example, tmp_path)

    said = str(refused.value)
    assert "\n" not in said
    assert "Failing row" not in said
    assert "DETAIL" not in said
    assert len(said) < 500


def test_spec_that_is_no_json_is_refused_in_one_sentence(tmp_path, db):
    for odd in (b"\xff\xfe", b"[" * 200_000, b"{", b"", b"nul\x00"):
        file = tmp_path / "odd.json"
        file.write_bytes(odd)
        with pytest.raises(CommandError, match="Cannot read"):
            call_command("load_spec", str(file))


OFF = {"whose": "expert"}
GIVEN = [{"side": "expert"}]


def slot(ends):
    return {"weekday": 1, "starts": "08:00", "ends": ends}


def yes(**more):
    return {"expert": "k", "answer": "accepted", **more}


def test_spec_wide_example_leads_to_every_documented_state(wide, tmp_path, db):
    made = load(wide, tmp_path)

    states = {key: Order.objects.get(pk=pk).state for key, pk in made["orders"].items()}
    assert states == {
        "past": "closed", "call": "searching", "off": "cancelled", "none": "not_found",
    }  # fmt: skip
    offers = {
        f"{order}/{expert}": Offer.objects.get(pk=pk).state
        for order, made_offers in made["offers"].items()
        for expert, pk in made_offers.items()
    }
    assert offers == {
        "past/r": "declined", "past/k": "accepted", "call/k": "proposed", "call/r": "expired",
        "off/k": "accepted",
    }  # fmt: skip
    task = Assignment.objects.get(pk=made["assignments"]["past"]["k"])
    assert (task.state, task.starts_at.isoformat()) == ("done", "2026-09-03T07:00:00+00:00")
    assert task.order.unit.name == "Ulvilan toimipiste"
    assert task.order.made_at.isoformat() == "2026-08-03T07:00:00+00:00"  # 30 days before
    assert sorted(task.feedback.values_list("side", "useful")) == [("expert", 4), ("orderer", 5)]
    assert task.debriefs.get().asked_by.name == "Kaisa"
    assert task.order.what_changed.words == "Kurssi jatkuu."
    asked = task.order.change_requests.get()
    assert (asked.words, asked.asked_by.name, asked.answer) == (
        "Ryhmässä onkin 40 ihmistä.", task.order.contact.name, "Muutettu.",
    )  # fmt: skip
    kept = task.order.revisions.get()
    assert (kept.values["audience_size"], kept.values["address"]) == ([None, 40], ["", "Auditorio"])
    assert kept.at.isoformat() == "2026-08-10T06:00:00+00:00"
    assert UnmetDemand.objects.get(order=made["orders"]["none"]).failure == "time"
    assert Organisation.objects.get(pk=made["organisations"]["gone"]).state == "ended"
    raimo = User.objects.get(pk=made["people"]["raimo"]["id"])
    assert (made["people"]["raimo"]["sign_in"], raimo.has_usable_password()) == (None, False)
    expert = Expert.objects.get(pk=made["experts"]["k"])
    trainings = expert.trainings.exclude(verified_at=None).order_by("pk")
    assert [one.further_kind for one in trainings] == ["", "digital"]
    assert (expert.exceptions.count(), expert.weekly_slots.count()) == (1, 1)
    assert Question.objects.get(pk=made["questions"][0]).state == "asked"


@pytest.mark.parametrize("state", OrderState.values)
def test_spec_brings_an_order_to_every_state(example, tmp_path, db, state):
    """``done`` and ``closed`` need a task in the past."""
    order = example["orders"][0] | {"state": state}
    if state in {"staffed", "done", "closed"}:
        order["offers"] = [yes()]
    example["orders"], example["at"] = [order], "2026-11-20T12:00:00+02:00"
    if state in {"done", "closed"}:
        order["times"] = [
            {"starts_at": "2026-11-10T10:00:00+02:00", "ends_at": "2026-11-10T11:00:00+02:00"}
        ]

    made = load(example, tmp_path)

    assert Order.objects.get(pk=made["orders"]["visit"]).state == state


@pytest.mark.parametrize("answer", OfferState.values)
@pytest.mark.parametrize("origin", Origin.values)
def test_spec_answers_every_kind_of_offer(example, tmp_path, db, origin, answer):
    example["at"] = "2026-11-20T12:00:00+02:00"
    wished = {"wished_expert": "k"} if origin == "named" else {}
    offer = {"expert": "k", "origin": origin, "answer": answer}
    example["orders"][0].update(offers=[offer], **wished)

    made = load(example, tmp_path)

    offer = Offer.objects.get()
    assert (offer.pk, offer.origin, offer.state) == (made["offers"]["visit"]["k"], origin, answer)


@pytest.mark.parametrize("state", ExpertState.values)
def test_spec_brings_an_expert_to_every_state(example, tmp_path, db, state):
    example["orders"] = []
    example["experts"][0].update(state=state, is_paused=True, paused_until="2027-03-01")

    made = load(example, tmp_path)

    expert = Expert.objects.get(pk=made["experts"]["k"])
    assert (expert.state, expert.is_paused) == (state, True)


@pytest.mark.parametrize("state", OrganisationState.values)
def test_spec_brings_an_organisation_to_every_state(example, tmp_path, db, state):
    example["orders"] = []
    example["organisations"][0]["state"] = state

    made = load(example, tmp_path)

    assert Organisation.objects.get(pk=made["organisations"]["school"]).state == state


def test_spec_makes_a_change_that_waits(example, tmp_path, db):
    example["orders"] = []
    school = example["organisations"][0]
    wish = {"by": school["members"][0]["person"], "name": "Toinen koulu", "kind": "company"}
    school["change_asked"] = wish

    made = load(example, tmp_path)

    asked = ChangeAsked.objects.get(organisation=made["organisations"]["school"])
    assert (asked.name, asked.kind) == ("Toinen koulu", "company")
    assert asked.organisation.name == school["name"]


def test_spec_refuses_a_change_that_does_not_wait(example, tmp_path, db):
    example["orders"] = []
    school = example["organisations"][0]
    school["change_asked"] = {"by": school["members"][0]["person"]}

    with pytest.raises(CommandError, match="does not wait"):
        load(example, tmp_path)


def test_spec_cancelled_task_opens_the_search_again(example, tmp_path, db):
    example["orders"][0]["offers"] = [yes(cancelled=OFF | {"reason": "Flunssa."})]

    made = load(example, tmp_path)

    task = Assignment.objects.get(pk=made["assignments"]["visit"]["k"])
    assert (task.state, task.cancelled_by, task.order.state) == ("cancelled", "expert", "searching")


def test_spec_adds_consents_and_answers_questions(example, tmp_path, db):
    example["orders"], example["experts"][0]["consents"] = [], ["in_bank"]
    example["consents"] = [{"person": "kaisa", "purpose": "phone"}]
    example["questions"] = [{"words": "?", "person": "olli", "answer": "!"}]

    made = load(example, tmp_path)

    assert consents_of(Expert.objects.get().user) == {"in_bank", "phone"}
    thread = Question.objects.get(pk=made["questions"][0]).messages.all()
    assert [message.words for message in thread] == ["?", "!"]


def test_spec_may_come_by_standard_input(example, monkeypatch, db):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(example)))
    out = io.StringIO()

    call_command("load_spec", "-", stdout=out)

    assert set(json.loads(out.getvalue())["orders"]) == {"visit"}


def test_spec_missing_file_is_refused(tmp_path, db):
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("load_spec", str(tmp_path / "none.json"))


@pytest.mark.parametrize("state", AddressState.values)
def test_spec_brings_the_change_of_an_address_to_every_state(tmp_path, db, state):
    people = [
        {"key": "aino", "name": "Aino", "email": "old@example.test"},
        {"key": "antti", "name": "Antti", "roles": ["admin"]},
    ]
    change = {"person": "aino", "by": "antti", "email": "new@example.test", "state": state}

    load({"people": people, "address_changes": [change]}, tmp_path)

    assert AddressChange.objects.get().state == state
    expected = "new@example.test" if state == AddressState.DONE else "old@example.test"
    assert User.objects.get(name="Aino").email == expected


def test_spec_lets_who_serves_at_the_counter_act_where_the_document_has_nobody(
    example, tmp_path, db
):
    coordinator = make_coordinator()
    example["people"][0]["roles"] = []

    made = load(example, tmp_path)

    order = Order.objects.get(pk=made["orders"]["visit"])
    coordinator.refresh_from_db()
    assert (order.made_by, coordinator.is_active) == (coordinator, True)


def test_spec_makes_things_at_the_instants_that_it_names(tmp_path, example, db):
    people = [*example["people"], {"key": "antti", "name": "Antti", "roles": ["admin"]}]
    change = {"person": "kaisa", "by": "antti", "email": "new@example.test"}
    asked_at, made_at = "2026-11-18T10:00:00+00:00", "2026-11-19T10:00:00+00:00"
    order = example["orders"][0] | {"at": made_at, "change_requests": [{"words": "Eri sali."}]}
    example |= {"at": "2026-11-20T10:00:00+00:00", "people": people, "orders": [order]}

    made = load(example | {"address_changes": [change | {"asked_at": asked_at}]}, tmp_path)

    made_order = Order.objects.get(pk=made["orders"]["visit"])
    assert AddressChange.objects.get().asked_at.isoformat() == asked_at
    assert made_order.made_at.isoformat() == made_at
    assert (made_order.change_requests.get().answered_at) is None


def test_spec_keeps_a_training_that_nobody_has_seen(example, tmp_path, db):
    example["orders"] = []
    training = {"kind": "basic", "name": "Peruskoulutus", "completed_on": "2026-01-10"}
    example["experts"][0]["trainings"] = [training]

    load(example, tmp_path)

    assert Expert.objects.get().trainings.get().verified_at is None


def test_spec_refuses_a_sign_up_for_a_time_that_the_order_has_not(example, tmp_path, db):
    signed_up = {"expert": "k", "origin": "signed_up", "suits": [0, 1]}
    example["orders"][0]["offers"] = [signed_up]

    with pytest.raises(CommandError, match="no time number 1"):
        load(example, tmp_path)


def test_spec_ends_a_search_as_the_document_says(example, tmp_path, db):
    example["orders"][0].update(state="not_found", failure="time")

    load(example, tmp_path)

    assert UnmetDemand.objects.get().failure == "time"


def test_spec_changes_every_field_of_a_sent_order(example, tmp_path, db):
    edit = {
        "title": "Toinen", "task_type": "talk", "municipality": "Rauma", "sign_up_by": "2026-11-30", "fee_eur": 90,
        "themes": [{"theme": "depression", "perspective": "own"}], "languages": ["sv"], "experts_wanted": 2,
    }  # fmt: skip
    example["orders"][0] |= {"edits": [edit]}

    made = load(example, tmp_path)

    kept = Order.objects.get(pk=made["orders"]["visit"]).revisions.get()
    assert set(kept.values) == set(edit)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        [{"starts_at": "2027-03-04T10:00:00+02:00", "ends_at": "2027-03-04T11:00:00+02:00"}],
    ],
)
def test_spec_asks_whether_another_time_would_suit(example, tmp_path, db, answer):
    times = [{"starts_at": "2027-03-03T10:00:00+02:00", "ends_at": "2027-03-03T11:00:00+02:00"}]
    question = {"times": times, "words": "Kävisikö?"} | (
        {} if answer is None else {"answer": answer}
    )
    example["orders"][0] |= {"time_question": question}

    load(example, tmp_path)

    asked = TimeQuestion.objects.get()
    assert (len(asked.proposed), asked.words) == (1, "Kävisikö?")
    assert (asked.answered_at is not None, len(asked.answer)) == (
        answer is not None,
        len(answer or []),
    )


def test_spec_changes_one_date_of_an_order_that_repeats(example, tmp_path, db):
    example["orders"][0] |= {
        "repeats": DAYS, "times": [AT], "edits": [{"address": "Lukio", "date": 2}],
    }  # fmt: skip
    example["orders"][0].pop("offers", None)

    made = load(example, tmp_path)["orders"]

    told = {key: Order.objects.get(pk=pk).address for key, pk in made.items()}
    assert [key for key, address in told.items() if address == "Lukio"] == ["visit/3"]


def test_spec_refuses_to_change_a_date_that_there_is_not(example, tmp_path, db):
    example["orders"][0] |= {"edits": [{"address": "Lukio", "date": 1}]}

    with pytest.raises(CommandError, match="no date number 1"):
        load(example, tmp_path)


DAYS = {"days": ["2026-12-11", "2026-12-18"], "every": "week"}
AT = {"starts_at": "2026-12-04T10:00:00+02:00", "ends_at": "2026-12-04T11:00:00+02:00"}


@pytest.mark.parametrize("state", ["sent", "declined", "searching", "cancelled", "not_found"])
def test_spec_brings_an_order_that_repeats_to_a_state_with_all_its_dates(
    example, tmp_path, db, state
):
    order = example["orders"][0] | {"state": state, "repeats": DAYS, "times": [AT]}
    example["orders"], example["at"] = [order], "2026-11-20T12:00:00+02:00"

    made = load(example, tmp_path)

    series = Series.objects.get()
    assert list(series.orders.values_list("state", flat=True)) == [state] * 3
    assert made["orders"]["visit/3"] == series.orders.order_by("pk").last().pk


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "draft"}, "only an order that is sent repeats"),
        ({"offers": [{"expert": "k", "answer": "withdrawn"}]}, "answered with yes or no"),
        ({"offers": [{"expert": "k", "answer": "accepted", "dates": [1, 3]}]}, "no date number 3"),
    ],
)
def test_spec_refuses_what_an_order_that_repeats_cannot_be(example, tmp_path, db, change, words):
    order = example["orders"][0] | {"repeats": DAYS, "times": [AT]} | change
    example["orders"], example["at"] = [order], "2026-11-20T12:00:00+02:00"

    with pytest.raises(CommandError, match=words):
        load(example, tmp_path)

    assert not Series.objects.exists()


@pytest.mark.parametrize("answer", ["proposed", "declined"])
def test_spec_offers_an_order_that_repeats_without_a_yes(example, tmp_path, db, answer):
    offer = {"expert": "k", "answer": answer}
    order = example["orders"][0] | {"repeats": DAYS, "times": [AT], "offers": [offer]}
    example["orders"], example["at"] = [order], "2026-11-20T12:00:00+02:00"

    load(example, tmp_path)

    assert list(Offer.objects.values_list("state", flat=True)) == [answer] * 3


def test_spec_ends_the_search_of_an_order_that_repeats_in_one_letter(example, tmp_path, db):
    order = example["orders"][0] | {"state": "not_found", "repeats": DAYS, "times": [AT]}
    example["orders"], example["at"] = [order], "2026-11-20T12:00:00+02:00"

    load(example, tmp_path)

    kinds = Letter.objects.filter(kind__startswith="orders.not_found")
    assert list(kinds.values_list("kind", flat=True)) == ["orders.not_found_together"]


def test_spec_offers_an_order_that_repeats_and_answers_some_of_its_dates(example, tmp_path, db):
    offer = {"expert": "k", "answer": "accepted", "dates": [0, 2]}
    order = example["orders"][0] | {"repeats": DAYS, "times": [AT], "offers": [offer]}
    example["orders"], example["at"] = [order], "2026-11-20T12:00:00+02:00"

    load(example, tmp_path)

    states = Series.objects.get().orders.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["staffed", "searching", "staffed"]


def test_spec_gives_one_date_a_time_a_link_and_a_contact_of_its_own(example, tmp_path, db):
    moved = {"starts_at": "2026-12-13T10:00:00+02:00", "ends_at": "2026-12-13T11:00:00+02:00"}
    colleague = {"key": "pia", "name": "Pia Pari", "email": "pia@example.test"}
    example["people"].append(colleague)
    example["organisations"][0]["members"].append({"person": "pia", "role": "orderer"})
    example["orders"][0] |= {
        "repeats": DAYS, "times": [AT], "mode": "either", "edits": [
            {"date": 1, "times": [moved], "meeting_url": "https://kokous.example/2"},
            {"date": 2, "contact": "pia"},
        ],
    }  # fmt: skip
    example["orders"][0].pop("offers", None)
    example["at"] = "2026-11-20T12:00:00+02:00"

    load(example, tmp_path)

    dates = list(Series.objects.get().orders.order_by("pk"))
    assert [one.meeting_url for one in dates] == ["", "https://kokous.example/2", ""]
    assert [one.contact.name == "Pia Pari" for one in dates] == [False, False, True]
    assert [one.times.get().starts_at.day for one in dates] == [4, 13, 18]


def test_spec_moves_what_has_been_agreed(example, tmp_path, db):
    moved = {"starts_at": "2026-12-05T10:00:00+02:00", "ends_at": "2026-12-05T11:00:00+02:00"}
    offer = {"expert": "k", "answer": "accepted"}
    example["orders"][0] |= {"times": [AT], "offers": [offer], "edits": [{"times": [moved]}]}
    example["at"] = "2026-11-20T12:00:00+02:00"

    load(example, tmp_path)

    task = Assignment.objects.get(order__title=example["orders"][0].get("title", "visit"))
    assert (task.starts_at.day, task.order.times.get().is_settled) == (5, True)


@pytest.mark.parametrize(("dates", "states"), [([0, 2], [0, 2]), (None, [0, 1, 2])])
def test_spec_signs_an_expert_up_to_dates_of_an_order_that_repeats(
    example, tmp_path, db, dates, states
):
    offer = {"expert": "k", "origin": "signed_up"} | ({"dates": dates} if dates else {})
    order = example["orders"][0] | {"repeats": DAYS, "times": [AT], "offers": [offer]}
    example["orders"], example["at"] = [order | {"is_open_call": True}], "2026-11-20T12:00:00+02:00"

    load(example, tmp_path)

    orders = list(Series.objects.get().orders.order_by("pk"))
    signed_up = Offer.objects.filter(origin="signed_up", state="proposed").values("order")
    assert [
        n for n, one in enumerate(orders) if one.pk in {r["order"] for r in signed_up}
    ] == states


@pytest.mark.parametrize(
    ("more", "words"),
    [({"dates": [3]}, "no date number 3"), ({"answer": "accepted"}, "wait for the counter")],
)
def test_spec_refuses_a_sign_up_to_dates_that_cannot_be(example, tmp_path, db, more, words):
    offer = {"expert": "k", "origin": "signed_up"} | more
    order = example["orders"][0] | {"repeats": DAYS, "times": [AT], "offers": [offer]}
    example["orders"], example["at"] = [order | {"is_open_call": True}], "2026-11-20T12:00:00+02:00"

    with pytest.raises(CommandError, match=words):
        load(example, tmp_path)
