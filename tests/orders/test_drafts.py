"""Drafts: begun, filled in, copied, repeated."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.core.recurring import series_days
from luukku.core.times import helsinki, instant
from luukku.experts.models import Perspective
from luukku.orders import actions
from luukku.orders.models import Every, Order
from luukku.orders.queries import first_day, times_on
from luukku.orders.states import OrderState
from luukku.organisations.actions import add_unit
from luukku.taxonomy.models import Theme
from luukku.workflow.actions import WrongState
from tests.factories.orders import (
    coordinator_of_orders,
    make_draft,
    make_guest_draft,
    make_order,
    make_orderer,
    make_vetted_organisation,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_start_makes_a_finnish_draft_with_its_maker_as_contact(at):
    orderer = make_orderer()
    organisation = orderer.organisations.get()

    order = actions.start(by=orderer, at=at, organisation=organisation)

    assert (order.state, order.contact, order.made_by) == (OrderState.DRAFT, orderer, orderer)
    assert [language.code for language in order.languages.all()] == ["fi"]
    assert AuditEvent.objects.get(act="orders.start").actor_id == orderer.pk


def test_start_without_an_account_belongs_to_nobody(at):
    order = actions.start(by=None, at=at)

    assert (order.contact, order.organisation, order.made_by) == (None, None, None)


def test_start_for_somebody_elses_organisation_is_refused(at):
    with pytest.raises(PermissionDenied):
        actions.start(by=make_orderer(), at=at, organisation=make_vetted_organisation())

    assert Order.objects.count() == 0


def test_start_without_an_account_for_an_organisation_is_refused(at):
    with pytest.raises(PermissionDenied):
        actions.start(by=None, at=at, organisation=make_vetted_organisation())


def test_start_by_the_counter_names_the_orderer_as_contact(at):
    orderer = make_orderer()

    order = actions.start(
        by=coordinator_of_orders(), at=at, organisation=orderer.organisations.get(), contact=orderer
    )

    assert order.contact == orderer


def test_save_draft_keeps_unfinished_parts(at):
    draft = make_draft(at, title="", themes=(), days=(), task_type=None)

    draft = actions.save_draft(draft, by=draft.contact, at=at, goal="Vielä kesken 🙂 שלום")

    draft.refresh_from_db()
    assert (draft.goal, draft.title) == ("Vielä kesken 🙂 שלום", "")


def test_save_draft_replaces_themes_times_and_languages(at):
    draft = make_draft(at, themes=("depression", "cancer"), days=(14, 21), languages=("fi", "sv"))
    start = at + timedelta(days=5)

    actions.save_draft(
        draft,
        by=draft.contact,
        at=at,
        languages=["en"],
        times=[(start, start + timedelta(hours=2))],
        themes=[(Theme.objects.get(code="sleep"), Perspective.OWN)],
    )

    assert [(row.theme.code, row.perspective) for row in draft.order_themes.all()] == [
        ("sleep", "own")
    ]
    assert [row.starts_at for row in draft.times.all()] == [start]
    assert [language.code for language in draft.languages.all()] == ["en"]


def test_save_draft_leaves_what_it_is_not_told_about(at):
    draft = make_draft(at)

    actions.save_draft(draft, by=draft.contact, at=at, title="Uusi")

    assert draft.order_themes.count() == draft.times.count() == draft.languages.count() == 1


def test_save_draft_audits_field_names_and_no_text(at):
    draft = make_draft(at)

    actions.save_draft(draft, by=draft.contact, at=at, goal="Arkaluonteista")

    assert AuditEvent.objects.filter(act="orders.edit").latest("id").data == {"fields": ["goal"]}


def test_save_draft_refuses_fields_that_are_not_the_orderers(at):
    draft = make_draft(at)

    with pytest.raises(ValueError, match="state"):
        actions.save_draft(draft, by=draft.contact, at=at, state=OrderState.SENT)


def test_save_draft_of_somebody_else_is_refused(at):
    with pytest.raises(PermissionDenied):
        actions.save_draft(make_draft(at), by=make_orderer(), at=at, title="Oma")


def test_save_draft_without_an_account_is_refused_on_somebodys_draft(at):
    with pytest.raises(PermissionDenied):
        actions.save_draft(make_draft(at), by=None, at=at, title="Oma")


def test_save_draft_for_somebody_elses_organisation_is_refused(at):
    draft = make_draft(at)

    with pytest.raises(PermissionDenied):
        actions.save_draft(draft, by=draft.contact, at=at, organisation=make_vetted_organisation())


def test_save_draft_of_a_guest_for_an_organisation_is_refused(at):
    with pytest.raises(PermissionDenied):
        actions.save_draft(
            make_guest_draft(at), by=None, at=at, organisation=make_vetted_organisation()
        )


def test_save_draft_by_the_counter_may_name_any_organisation(at):
    organisation = make_vetted_organisation()

    draft = actions.save_draft(
        make_draft(at), by=coordinator_of_orders(), at=at, organisation=organisation
    )

    assert draft.organisation == organisation


def test_save_draft_drops_a_unit_of_another_organisation(at):
    draft = make_draft(at)
    own = add_unit(draft.organisation, name="Osasto 1", municipality=None, by=draft.contact, at=at)
    other = make_orderer()
    others = add_unit(
        other.organisations.get(), name="Osasto 2", municipality=None, by=other, at=at
    )

    with_own = actions.save_draft(draft, by=draft.contact, at=at, unit=own)
    with_others = actions.save_draft(draft, by=draft.contact, at=at, unit=others)

    assert (with_own.unit, with_others.unit) == (own, None)


def test_save_draft_of_a_sent_order_is_refused(at):
    order = make_order(at)

    with pytest.raises(WrongState):
        actions.save_draft(order, by=order.contact, at=at, title="Liian myöhään")


def test_set_times_changes_the_wishes_of_a_sent_order(at):
    order, start = make_order(at), at + timedelta(days=3)

    actions.set_times(
        order, [(start, start + timedelta(hours=1))], by=coordinator_of_orders(), at=at
    )

    assert [row.starts_at for row in order.times.all()] == [start]


def test_set_times_by_the_orderer_is_refused(at):
    order = make_order(at)

    with pytest.raises(PermissionDenied):
        actions.set_times(order, [], by=order.contact, at=at)


@pytest.mark.parametrize("state", [OrderState.DRAFT, OrderState.STAFFED, OrderState.CANCELLED])
def test_set_times_outside_the_search_is_refused(at, state):
    with pytest.raises(WrongState):
        actions.set_times(make_order(at, state=state), [], by=coordinator_of_orders(), at=at)


def test_set_times_with_an_agreed_time_is_refused(at):
    order = make_order(at, state=OrderState.SEARCHING)
    order.times.update(is_settled=True)

    with pytest.raises(WrongState):
        actions.set_times(order, [], by=coordinator_of_orders(), at=at)


def test_copy_keeps_the_contents_and_leaves_times_and_agreement(at):
    order = make_order(at, themes=("cancer",), perspective=Perspective.OWN, languages=("sv",))

    twin = actions.copy(order, by=order.contact, at=at)

    assert (twin.state, twin.copied_from, twin.title, twin.goal) == (
        OrderState.DRAFT,
        order,
        order.title,
        order.goal,
    )
    assert [(row.theme.code, row.perspective) for row in twin.order_themes.all()] == [
        ("cancer", "own")
    ]
    assert [language.code for language in twin.languages.all()] == ["sv"]
    assert (twin.times.count(), twin.payment, twin.series, twin.sent_at) == (
        0,
        "",
        None,
        None,
    )


@pytest.mark.parametrize("length, copied", [(90, None), (60, 60)])
def test_copy_leaves_a_length_that_was_that_of_a_time(at, length, copied):
    order = make_order(at, length_minutes=length)
    time = order.times.get()
    order.times.update(ends_at=time.starts_at + timedelta(minutes=90))

    twin = actions.copy(order, by=order.contact, at=at)

    twin.refresh_from_db()
    assert twin.length_minutes == copied


def test_copy_by_a_colleague_makes_the_colleague_its_contact(at):
    order = make_order(at)
    colleague = make_orderer(order.organisation)

    assert actions.copy(order, by=colleague, at=at).contact == colleague


def test_copy_by_the_counter_keeps_the_contact(at):
    order = make_order(at)

    assert actions.copy(order, by=coordinator_of_orders(), at=at).contact == order.contact


def test_copy_by_a_stranger_is_refused(at):
    with pytest.raises(PermissionDenied):
        actions.copy(make_order(at), by=make_orderer(), at=at)


def clocks(order):
    return [
        (helsinki(row.starts_at).strftime("%d.%m. %H:%M"), helsinki(row.ends_at).strftime("%H:%M"))
        for row in order.times.all()
    ]


@pytest.mark.parametrize(
    "every, first, expected",
    [
        (
            Every.WEEK,
            date(2027, 3, 22),
            ["29.03. 13:00", "05.04. 13:00"],
        ),  # over the spring's change
        (
            Every.TWO_WEEKS,
            date(2027, 10, 18),
            ["01.11. 13:00", "15.11. 13:00"],
        ),  # over the autumn's
        (Every.MONTH, date(2027, 1, 31), ["28.02. 13:00", "28.03. 13:00"]),  # the last Sundays
    ],
)
def test_repeat_keeps_the_clock_of_helsinki(at, every, first, expected):
    start = instant(first, time(13))
    draft = make_draft(at, times=[(start, start + timedelta(hours=1))])

    twins = actions.repeat(draft, days=series_days(first, every, 2), by=draft.contact, at=at)

    assert [clocks(twin)[0][0] for twin in twins] == expected
    draft.refresh_from_db()
    assert {twin.series for twin in twins} == {draft.series} != {None}
    assert all(twin.payment == "agreed" for twin in twins)


@pytest.mark.parametrize(
    "start, end, expected",
    [
        # 3.30 does not exist on 28 March 2027, 3.30 exists twice on 31 October 2027.
        (
            datetime(2027, 3, 21, 1, 30, tzinfo=UTC),
            datetime(2027, 3, 21, 2, 0, tzinfo=UTC),
            ("28.03. 04:30", "05:00"),
        ),
        (
            datetime(2027, 10, 24, 0, 30, tzinfo=UTC),
            datetime(2027, 10, 24, 1, 0, tzinfo=UTC),
            ("31.10. 04:30", "05:00"),
        ),
    ],
)
def test_repeat_moves_a_lying_clock_one_hour_and_keeps_the_length(at, start, end, expected):
    draft = make_draft(at, times=[(start, end)])

    (twin,) = actions.repeat(
        draft, days=series_days(first_day(draft), Every.WEEK, 1), by=draft.contact, at=at
    )

    assert clocks(twin) == [expected]
    assert twin.times.get().ends_at - twin.times.get().starts_at == end - start


def test_repeat_lays_two_times_on_each_other_where_the_clock_does(at):
    hour = timedelta(hours=1)
    first = datetime(2027, 3, 21, 1, 30, tzinfo=UTC)  # 3.30 and 4.30; a week later both are 4.30
    draft = make_draft(at, times=[(first, first + hour), (first + hour, first + 2 * hour)])

    twins = actions.repeat(
        draft, days=series_days(first_day(draft), Every.WEEK, 1), by=draft.contact, at=at
    )

    assert [start for start, _end in clocks(twins[0])] == ["28.03. 04:30"]


def test_repeat_again_stays_in_the_same_series(at):
    draft = make_draft(at)

    first = actions.repeat(
        draft, days=series_days(first_day(draft), Every.WEEK, 1), by=draft.contact, at=at
    )
    second = actions.repeat(
        draft, days=series_days(first_day(draft), Every.MONTH, 1), by=draft.contact, at=at
    )

    assert first[0].series == second[0].series


@pytest.mark.parametrize("times", [0, 13])
def test_repeat_refuses_too_few_and_too_many(at, times):
    draft = make_draft(at)

    with pytest.raises(ValueError, match="Not later days, each once"):
        actions.repeat(
            draft, days=series_days(first_day(draft), Every.WEEK, times), by=draft.contact, at=at
        )


def test_repeat_by_a_stranger_is_refused(at):
    draft = make_draft(at)

    with pytest.raises(PermissionDenied):
        actions.repeat(draft, days=[first_day(draft) + DAY], by=make_orderer(), at=at)


def test_repeat_after_sending_is_refused(at):
    order = make_order(at)

    with pytest.raises(WrongState):
        actions.repeat(
            order, days=series_days(first_day(order), Every.WEEK, 1), by=order.contact, at=at
        )


@pytest.mark.parametrize("wrong", [[0], [-7], [7, 7]])
def test_repeat_refuses_the_first_day_an_earlier_one_and_the_same_twice(at, wrong):
    draft = make_draft(at)
    days = [first_day(draft) + DAY * n for n in wrong]

    with pytest.raises(ValueError, match="Not later days, each once"):
        actions.repeat(draft, days=days, by=draft.contact, at=at)


def test_repeat_moves_every_wished_time_by_as_many_days(at):
    draft = make_draft(at, days=(14, 16))
    day = first_day(draft) + 28 * DAY

    (twin,) = actions.repeat(draft, days=[day], by=draft.contact, at=at)

    moved = [row.starts_at for row in twin.times.all()]
    assert moved == [row.starts_at + 28 * DAY for row in draft.times.all()]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (date(2027, 1, 12), ["09.02.", "09.03.", "13.04.", "11.05.", "08.06."]),  # 2nd Tuesdays
        (date(2026, 12, 4), ["01.01.", "05.02.", "05.03.", "02.04.", "07.05."]),  # 1st Fridays
        (date(2027, 3, 24), ["28.04.", "26.05.", "23.06.", "28.07.", "25.08."]),  # 4th Wednesdays
        (date(2026, 12, 29), ["26.01.", "23.02.", "30.03.", "27.04.", "25.05."]),  # last Tuesdays
    ],
)
def test_monthly_series_keeps_its_weekday_and_its_place_in_the_month(first, expected):
    days = series_days(first, Every.MONTH, 5)

    assert [day.strftime("%d.%m.") for day in days] == expected
    assert {day.weekday() for day in days} == {first.weekday()}


@pytest.mark.parametrize(("every", "step"), [(Every.WEEK, 7), (Every.TWO_WEEKS, 14)])
def test_weekly_series_goes_by_weeks(every, step):
    first = date(2026, 12, 22)

    assert series_days(first, every, 2) == [first + step * DAY, first + 2 * step * DAY]


def test_repeat_of_an_order_without_times_has_none(at):
    assert times_on(make_draft(at, days=()), at.date()) == []
