"""The search finds an expert and is no register: so many different cards a day, then a reason for as many more."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.organisations.states import OrganisationState
from luukku.search.actions import ask_wider, forget_card_days, see_wide_reading, show_cards
from luukku.search.models import CardDay, WideReading
from luukku.search.queries import readers_of_cards
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.organisations import make_member, make_organisation
from tests.races.at_once import at_once

pytestmark = pytest.mark.django_db
HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.LUUKKU_CARDS_A_DAY = 3


@pytest.fixture
def orderer():
    return make_member()


def test_cards_are_shown_up_to_the_limit_and_not_one_more(orderer, at):
    assert show_cards([1, 2], to=orderer, at=at) == [1, 2]
    assert show_cards([5, 3, 4], to=orderer, at=at) == [5]

    assert CardDay.objects.get().expert_ids == [1, 2, 5]
    assert show_cards([6], to=orderer, at=at) == []


def test_cards_that_were_shown_today_are_shown_again_and_count_once(orderer, at):
    show_cards([1, 2, 3], to=orderer, at=at)

    assert show_cards([3, 9, 1], to=orderer, at=at) == [3, 1]
    assert len(CardDay.objects.get().expert_ids) == 3


def test_cards_are_counted_anew_on_the_next_day_in_helsinki(orderer):
    late = datetime(2026, 12, 1, 23, 59, tzinfo=HELSINKI)
    show_cards([1, 2, 3], to=orderer, at=late)

    assert show_cards([4], to=orderer, at=late) == []
    assert show_cards([4], to=orderer, at=late + timedelta(minutes=1)) == [4]


def test_cards_of_one_account_are_not_anothers(orderer, at):
    show_cards([1, 2, 3], to=orderer, at=at)

    assert show_cards([4, 5], to=make_member(), at=at) == [4, 5]


def test_counter_is_not_limited(at):
    assert show_cards(range(50), to=make_coordinator(), at=at) == list(range(50))
    assert not CardDay.objects.exists()


def test_reason_opens_as_many_once_more_and_is_remembered(orderer, at):
    show_cards([1, 2, 3], to=orderer, at=at)

    asked = ask_wider("Sarja luentoja", by=orderer, at=at)

    assert show_cards([4, 5, 6, 7], to=orderer, at=at) == [4, 5, 6]
    assert (asked.reason, asked.on, asked.seen_at) == ("Sarja luentoja", date(2026, 12, 1), None)
    event = AuditEvent.objects.get(act="search.ask_wider")
    assert (event.actor_id, event.object_id, event.data) == (
        orderer.pk,
        str(asked.pk),
        {"cards": 3},
    )


def test_reason_without_need_opens_nothing(orderer, at):
    show_cards([1, 2], to=orderer, at=at)

    assert ask_wider("Varmuuden vuoksi", by=orderer, at=at) is None
    assert not WideReading.objects.exists()


@pytest.mark.parametrize(
    "make",
    [
        make_person,
        make_coordinator,
        make_admin,
        make_steering,
        lambda: make_member(make_organisation(state=OrganisationState.WAITING)),
    ],
)
def test_reason_is_asked_of_nobody_else(make, at):
    with pytest.raises(PermissionDenied):
        ask_wider("Miksi", by=make(), at=at)


def test_reason_is_seen_once(orderer, at):
    show_cards([1, 2, 3], to=orderer, at=at)
    asked, counter = ask_wider("Syy", by=orderer, at=at), make_coordinator()

    see_wide_reading(asked, by=counter, at=at)
    again = see_wide_reading(asked, by=make_coordinator(), at=at + timedelta(hours=1))

    assert (again.seen_at, again.seen_by) == (at, counter)
    assert AuditEvent.objects.filter(act="search.see_wide_reading").count() == 1
    assert not WideReading.objects.waiting().exists()


@pytest.mark.parametrize("make", [make_person, make_admin, make_steering, make_member])
def test_reason_is_seen_by_the_counter_alone(make, orderer, at):
    show_cards([1, 2, 3], to=orderer, at=at)
    asked, user = ask_wider("Syy", by=orderer, at=at), make()

    with pytest.raises(PermissionDenied):
        see_wide_reading(asked, by=user, at=at)
    assert not WideReading.objects.visible_to(user).exists()
    assert not user.has_perm("search.view_wide_readings", asked)


def test_reads_count_different_cards_of_late(orderer, at):
    show_cards([1, 2, 3], to=orderer, at=at)
    show_cards([3, 4], to=orderer, at=at - timedelta(days=1))
    show_cards([7], to=orderer, at=at - timedelta(days=30))
    other = make_member()
    show_cards([1], to=other, at=at)

    show_cards([], to=make_member(), at=at)
    make_member()

    found = readers_of_cards(User.objects.all(), on=date(2026, 12, 1)).order_by("-cards")

    assert [(one.pk, one.cards, one.days, one.most) for one in found] == [
        (orderer.pk, 4, 2, 3),
        (other.pk, 1, 1, 1),
    ]
    alone = readers_of_cards(User.objects.filter(pk=other.pk), on=date(2026, 12, 1))
    assert [one.cards for one in alone] == [1]


def test_card_days_are_forgotten(orderer, at):
    show_cards([1, 2, 3], to=orderer, at=at)
    ask_wider("Syy", by=orderer, at=at)
    on = date(2026, 12, 1)

    assert forget_card_days(before=on, reasons_before=on) == 0
    assert forget_card_days(before=on + timedelta(days=1), reasons_before=on) == 1
    assert WideReading.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_cards_of_two_tabs_at_once_stay_within_the_limit(at):
    orderer = make_member()

    shown = at_once(
        [
            lambda ids=ids: show_cards(ids, to=orderer, at=at)
            for ids in ([1, 2], [3, 4], [5, 6], [1, 7])
        ]
    )

    assert sorted(CardDay.objects.get().expert_ids) == sorted(set().union(*shown))
    assert len(CardDay.objects.get().expert_ids) == 3


@pytest.mark.django_db(transaction=True)
def test_reasons_of_two_tabs_at_once_open_one_room(at):
    orderer = make_member()
    show_cards([1, 2, 3], to=orderer, at=at)

    at_once([lambda: ask_wider("Syy", by=orderer, at=at)] * 2)

    assert WideReading.objects.count() == 1
