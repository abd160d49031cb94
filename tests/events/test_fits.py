"""What an event says of itself fits together, whoever changes which part of it."""

from datetime import timedelta

import pytest

from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.events import actions
from luukku.events.models import Audience, Kind, Mode
from luukku.events.refusals import CannotAnswerFor, TooLateToDecide
from luukku.organisations.models import MemberRole, Task
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("has", "changed", "field"),
    [
        ({"seats": 9, "min_seats": 6}, {"seats": 3}, "seats"),
        ({"seats": 9, "quota_professionals": 3, "quota_experts": 3}, {"seats": 4}, "seats"),
        ({"opens_at": 9 * DAY}, {"closes_at": 5 * DAY}, "closes_at"),
        ({"guests_ok": True}, {"audience": Audience.EXPERTS}, "guests_ok"),
        ({}, {"min_seats": 2}, "decide_on"),
        ({}, {"quota_professionals": 2}, "quota_experts"),
    ],
)
def test_what_stands_in_the_way_is_told_at_its_field_and_nothing_changes(at, has, changed, field):
    def told(fields):
        return {
            name: at + one if isinstance(one, timedelta) else one for name, one in fields.items()
        }

    if "min_seats" in has:
        has = has | {"decide_on": helsinki(at).date() + 5 * DAY}
    event = make_event(at, **told(has))

    with pytest.raises(Refused) as refusal:
        actions.edit(event, title_fi="Toinen", by=make_coordinator(), at=at, **told(changed))

    event.refresh_from_db()
    assert (refusal.value.field, event.title_fi) == (field, "Infotilaisuus")
    assert refusal.value.told()
    assert refusal.value.told(at_counter=True)


@pytest.mark.parametrize("days", [-400, 0, 31])
@pytest.mark.parametrize("is_new", [False, True])
def test_day_to_decide_is_to_come_and_before_the_event(at, days, is_new):
    day, by = helsinki(at).date() + days * DAY, make_coordinator()
    fields = {"min_seats": 2, "decide_on": day}
    event = make_event(at)

    if is_new and days > 0:
        return  # it has no times yet
    with pytest.raises(TooLateToDecide):
        if is_new:
            usual = {"kind": Kind.INFO, "title_fi": "Info", "mode": Mode.REMOTE, "seats": 3}
            actions.make(event.organiser, by=by, at=at, **usual | fields)
        else:
            actions.edit(event, by=by, at=at, **fields)


def test_day_to_decide_that_has_passed_hinders_no_other_change(at):
    event = make_event(at, min_seats=2, decide_on=helsinki(at).date() - DAY)

    changed = actions.edit(
        event, decide_on=event.decide_on, title_fi="Toinen", by=make_coordinator(), at=at
    )

    assert changed.title_fi == "Toinen"


@pytest.mark.parametrize("who", ["somebody", "of another", "closed"])
def test_new_event_is_answered_for_by_who_may_keep_it(at, who):
    here = make_organisation(tasks=[Task.TRAINS], at=at)
    usual = {"kind": Kind.INFO, "title_fi": "Info", "mode": Mode.REMOTE, "seats": 3}
    own = make_member(here, role=MemberRole.PRODUCER)
    person = {
        "somebody": make_person,
        "of another": lambda: make_member(make_organisation(), role=MemberRole.PRODUCER),
        "closed": lambda: make_coordinator(is_active=False),
    }[who]()

    with pytest.raises(CannotAnswerFor) as refusal:
        actions.make(here, responsible=person, by=make_coordinator(), at=at, **usual)

    assert refusal.value.field == "responsible"
    made = actions.make(here, responsible=own, by=make_coordinator(), at=at, **usual)
    assert made.responsible == own
