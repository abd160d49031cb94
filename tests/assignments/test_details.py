"""The counter changes what an order under way asks for; beside the act its permission twin."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from icalendar import Calendar

from luukku.assignments import actions
from luukku.assignments.models import Assignment, Seat
from luukku.assignments.notices import place_of
from luukku.audit.models import AuditEvent
from luukku.core.times import when
from luukku.matching.queries import for_matching, match
from luukku.notices.models import Letter
from luukku.orders.history import picture
from luukku.orders.models import Mode, Order, Recording, Revision
from luukku.orders.states import OrderState
from luukku.organisations.models import Unit
from luukku.taxonomy.models import Language, Municipality, TaskType, Theme
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up
from tests.factories.orders import make_draft, make_order

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TOLD = "assignments.details_changed"
ASKED = "assignments.offer_changed"


def letters(kind):
    return Letter.objects.filter(kind=kind)


def change(order, at, **changes):
    """The counter changes what everybody who has said yes agrees to on the phone."""
    called = set(order.assignments.values_list("pk", flat=True))
    given = {"called": called} | changes
    return actions.change_details(order, by=make_coordinator(), at=at, **given)


def elsewhere(order):
    return Municipality.objects.exclude(pk=order.municipality_id).order_by("pk").first()


def test_change_details_tells_who_said_yes_and_the_orderer_the_old_and_the_new_place(at):
    task = make_agreed(at, address="Tiilimäki 1")

    change(task.order, at, address="Lukio, sali 2")

    told = letters(TOLD)
    assert {letter.reader for letter in told} == {task.expert.user, task.order.contact}
    for letter in told:
        assert "Tiilimäki 1" in letter.body
        assert "Lukio, sali 2" in letter.body


def test_change_of_place_moves_the_task_and_both_calendars(at):
    task = make_agreed(at, address="Tiilimäki 1")

    change(task.order, at, address="Lukio, sali 2")

    task.refresh_from_db()
    assert task.place.startswith("Lukio, sali 2")
    assert (task.calendar_version, task.calendar_changed_at) == (1, at)
    for letter in letters(TOLD):
        (entry,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
        assert (entry["LOCATION"], entry["SEQUENCE"]) == (task.place, 1)


def test_change_of_place_is_in_the_reminder_that_waits(at):
    task = make_agreed(at, address="Tiilimäki 1")

    change(task.order, at, address="Lukio, sali 2")

    reminders = letters("assignments.reminder")
    assert reminders.count() == 2
    assert all("Lukio, sali 2" in letter.body for letter in reminders)


def test_task_made_remote_has_no_place_any_more(at):
    task = make_agreed(at)

    change(task.order, at, mode=Mode.REMOTE)

    task.refresh_from_db()
    assert (task.mode, task.place) == (Mode.REMOTE, "")


def test_more_people_are_told_of_once_and_leave_the_calendar_as_it_is(at):
    task = make_agreed(at)

    change(task.order, at, audience_size=40, accessibility="Portaat")

    letter = letters(TOLD).get(reader=task.expert.user)
    task.refresh_from_db()
    assert (task.order.audience_size, task.calendar_version, letter.calendar) == (40, 0, "")
    assert "40" not in letter.subject


def test_change_to_the_same_tells_nobody_and_writes_nothing_down(at):
    task = make_agreed(at)

    change(task.order, at, address=task.order.address, fee_eur=task.order.fee_eur)

    assert letters(TOLD).count() == 0
    assert AuditEvent.objects.filter(act="orders.change_details").count() == 0


def test_raised_fee_is_kept_with_the_task_and_told(at):
    task = make_agreed(at, fee_eur=Decimal(100))

    change(task.order, at, fee_eur=Decimal(150))

    task.refresh_from_db()
    body = letters(TOLD).get(reader=task.expert.user).body
    assert task.fee_eur == 150
    assert "100" in body
    assert "150" in body


@pytest.mark.parametrize(
    ("less", "field"),
    [
        ({"fee_eur": Decimal(99)}, "fee_eur"),
        ({"fee_eur": None}, "fee_eur"),
        ({"fee_eur": Decimal(120), "pays_travel": False}, "pays_travel"),
    ],
    ids=str,
)
def test_lowered_fee_is_refused_once_somebody_has_said_yes(at, less, field):
    task = make_agreed(at, fee_eur=Decimal(100), pays_travel=True)

    with pytest.raises(actions.FeeLowered) as refused:
        change(task.order, at, address="Lukio", **less)

    assert refused.value.field == field

    order = Order.objects.get()
    assert (order.fee_eur, order.pays_travel, order.address) == (
        100,
        True,
        task.order.address,
    )
    assert letters(TOLD).count() == 0


def others(order, what):
    """Return something else than the order has of ``what``."""
    return {
        "themes": [(Theme.objects.filter(is_active=True).last(), "")],
        "languages": list(Language.objects.filter(pk="sv")),
        "task_type": TaskType.objects.exclude(pk=order.task_type_id).first(),
        "address": "Lukio, sali 2",
    }[what]


@pytest.mark.parametrize("what", ["themes", "languages", "task_type", "address"])
def test_what_a_yes_was_given_to_stays_until_its_expert_has_been_called(at, what):
    task = make_agreed(at)
    was = picture(task.order)
    other = make_agreed(at)  # of another order: a call to its expert is no call to this one

    with pytest.raises(actions.NotCalled):
        change(task.order, at, called={other.pk}, **{what: others(task.order, what)})

    assert picture(Order.objects.get(pk=task.order_id)) == was
    assert letters(TOLD).count() == 0


@pytest.mark.parametrize("what", ["themes", "languages", "task_type", "address"])
def test_what_a_yes_was_given_to_changes_once_its_expert_agrees_and_both_are_told(at, what):
    task = make_agreed(at)

    change(task.order, at, **{what: others(task.order, what)})

    assert set(Revision.objects.get().values) == {what}
    assert {one.reader for one in letters(TOLD)} == {task.expert.user, task.order.contact}


def test_recording_needs_a_yes_of_its_own(at):
    task = make_agreed(at)

    with pytest.raises(actions.RecordingNeedsYes):
        change(task.order, at, recording=Recording.STREAMED)

    assert Order.objects.get().recording == Recording.NONE


def test_recording_may_be_left_out(at):
    task = make_agreed(at, recording=Recording.RECORDED)

    change(task.order, at, recording=Recording.NONE)

    assert Order.objects.get().recording == Recording.NONE


def test_orderer_of_an_order_without_a_yes_is_told_what_it_was_and_is(at):
    order = make_order(at, state=OrderState.SENT, address="Tiilimäki 1")

    change(order, at, address="Lukio, sali 2", title="Toinen otsikko")

    letter = letters("assignments.order_changed").get()
    assert letter.reader == order.contact
    assert letter.subject == f"Tilaus {order.pk}: tiedot ovat muuttuneet"
    assert "Tiilimäki 1" in letter.body
    assert "Lukio, sali 2" in letter.body
    assert "Toinen otsikko" not in letter.body


def test_orderer_is_told_of_other_wished_times(at):
    order = make_search(at)
    time = (at + timedelta(days=40), at + timedelta(days=40, hours=1))

    actions.set_times(order, [time], by=make_coordinator(), at=at)

    letter = letters("assignments.order_changed").get()
    with translation.override(order.contact.language):
        assert when(*time) in letter.body


def test_same_times_once_more_tell_nobody(at):
    order = make_search(at)
    spans = [(time.starts_at, time.ends_at) for time in order.times.all()]

    actions.set_times(order, spans, by=make_coordinator(), at=at)

    assert letters("assignments.order_changed").count() == 0


def test_more_experts_mean_more_seats_and_the_search_goes_on(at):
    task = make_agreed(at)
    assert task.order.state == OrderState.STAFFED

    change(task.order, at, experts_wanted=3)

    order = Order.objects.get()
    assert [seat.number for seat in order.seats.order_by("number")] == [1, 2, 3]
    assert order.state == OrderState.SEARCHING
    assert letters("orders.reopened").count() == 0  # nobody has cancelled


def test_more_experts_in_an_open_search_get_their_seats(at):
    order = make_search(at)

    change(order, at, experts_wanted=2)

    assert (order.seats.count(), Order.objects.get().state) == (2, OrderState.SEARCHING)


def test_fewer_experts_end_the_search_with_those_who_have_said_yes(at):
    task = make_agreed(at, experts_wanted=2)
    asked = make_offer(at, order=task.order)
    assert Order.objects.get(pk=task.order_id).state == OrderState.SEARCHING

    change(task.order, at, experts_wanted=1)

    order = Order.objects.get(pk=task.order_id)
    asked.refresh_from_db()
    assert (order.state, order.seats.count(), asked.state) == ("staffed", 1, "withdrawn")


def test_fewer_experts_than_have_said_yes_are_refused(at):
    task = make_agreed(at, experts_wanted=2)
    second = make_offer(at, order=task.order)
    actions.accept(second, by=second.expert.user, at=at, via="desk")

    with pytest.raises(actions.SeatsTaken):
        change(task.order, at, experts_wanted=1)

    assert (Order.objects.get().experts_wanted, Seat.objects.count()) == (2, 2)


def test_number_of_experts_before_the_search_makes_no_seats(at):
    order = make_order(at, state=OrderState.SENT)

    change(order, at, experts_wanted=4)

    assert (Order.objects.get().experts_wanted, order.seats.count()) == (4, 0)


def test_unit_of_another_organisation_is_refused(at):
    order = make_order(at, state=OrderState.SENT)
    unit = Unit.objects.create(organisation=make_order(at).organisation, name="Muualla")

    with pytest.raises(ValueError, match="Muualla"):
        change(order, at, unit=unit)


def test_themes_of_an_order_without_a_yes_change_and_who_fits_follows(at):
    offer = make_offer(at)
    order = make_search(at)
    assert offer.expert_id in {c.expert_id for c in match(order, at=at).candidates}
    known = set(offer.expert.experiences.values_list("theme_id", flat=True))
    other = Theme.objects.filter(is_active=True, parent=None).exclude(pk__in=known).last()

    change(order, at, themes=[(other, "")])

    assert [row.theme for row in Order.objects.get(pk=order.pk).order_themes.all()] == [other]
    assert match(for_matching().get(pk=order.pk), at=at).candidates == []


@pytest.mark.parametrize("make", [make_offer, make_sign_up])
def test_who_thinks_is_told_of_another_place_with_the_old_one(at, make):
    changes = {"is_open_call": True, "address": "Tiilimäki 1"}
    offer = make(at, **changes)

    change(offer.order, at, address="Lukio, sali 2")

    letter = letters(ASKED).get()
    assert letter.reader == offer.expert.user
    assert "Tiilimäki 1" in letter.body
    assert "Lukio, sali 2" in letter.body
    assert Order.objects.get().terms_changed_at == at


def test_who_thinks_gets_no_letter_of_what_one_does_not_decide_by(at):
    offer = make_offer(at)

    change(offer.order, at, equipment="Valkokangas")

    assert letters(ASKED).count() == 0
    assert Order.objects.get().terms_changed_at is None


def test_lowered_fee_before_a_yes_is_told_to_who_thinks(at):
    offer = make_offer(at, fee_eur=Decimal(100))

    change(offer.order, at, fee_eur=Decimal(50))
    task = actions.accept(offer, by=offer.expert.user, at=at, via="desk")

    assert letters(ASKED).count() == 1
    assert task.fee_eur == 50


@pytest.mark.parametrize("who", ["orderer", "expert", "stranger"])
def test_change_details_is_refused_to_others(at, who):
    task = make_agreed(at)
    by = {"orderer": task.order.contact, "expert": task.expert.user}.get(who) or make_person()

    with pytest.raises(PermissionDenied):
        actions.change_details(task.order, by=by, at=at, address="Lukio")

    assert Assignment.objects.get().place == task.place
    assert letters(TOLD).count() == 0


@pytest.mark.parametrize(
    "make",
    [make_draft, lambda at: make_order(at, state=OrderState.CLOSED)],
    ids=["draft", "ended"],
)
def test_change_details_of_what_is_not_under_way_is_refused(make, at):
    with pytest.raises(WrongState):
        change(make(at), at, address="Lukio")


def test_change_details_is_written_down_by_the_names_of_what_changed(at):
    order = make_order(at, state=OrderState.SENT)

    change(order, at, audience_size=40, municipality=elsewhere(order))

    event = AuditEvent.objects.get(act="orders.change_details")
    kept = Revision.objects.get()
    assert event.data == {"fields": ["audience_size", "municipality"], "revision": kept.pk}
    assert kept.values["audience_size"] == [order.audience_size, 40]


def test_change_of_what_is_no_detail_is_refused(at):
    with pytest.raises(ValueError, match=r"Not changeable: .'payment'."):
        change(make_search(at), at, payment="open")


def test_change_to_the_same_themes_and_languages_changes_nothing(at):
    order = make_search(at)
    themes = [(row.theme, row.perspective) for row in order.order_themes.all()]

    change(order, at, themes=themes, languages=list(order.languages.all()))

    assert not AuditEvent.objects.filter(act="orders.change_details").exists()


def test_agreed_place_is_said_as_it_was_kept_when_no_town_is_known(at):
    task = make_agreed(at, mode=Mode.REMOTE)
    assert place_of(task) == "remotely"
    task.place, task.order.municipality = "Kokoushuone", None
    assert place_of(task) == "Kokoushuone"


def test_more_experts_once_the_agreed_time_has_begun_are_refused(at):
    task = make_agreed(at)

    with pytest.raises(actions.TooLate):
        change(task.order, task.starts_at, experts_wanted=2)

    order = Order.objects.get()
    assert (order.state, order.experts_wanted, order.seats.count()) == ("staffed", 1, 1)


@pytest.mark.parametrize(("wanted", "seats", "state"), [(2, 1, "staffed"), (4, 2, "searching")])
def test_number_after_a_search_that_ended_with_some_counts_from_what_was_wanted(
    at, wanted, seats, state
):
    order = make_search(at, experts_wanted=3)
    make_agreed(at, order=order)
    actions.give_up(order, failure="no_yes", by=make_coordinator(), at=at)

    change(order, at, experts_wanted=wanted)

    order.refresh_from_db()
    assert (order.seats.count(), order.state) == (seats, state)
    assert order.unmet.get().missing == 2
