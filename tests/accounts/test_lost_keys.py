"""Somebody has lost what opens their account."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import F

from luukku.accounts import actions
from luukku.accounts.models import AddressChange, FactorReset, User
from luukku.accounts.queries import opens_at
from luukku.accounts.states import AddressState
from luukku.audit.queries import history
from luukku.notices.actions import deliver
from luukku.notices.models import Letter
from luukku.workflow.actions import WrongState
from tests.factories.accounts import (
    PASSWORD,
    make_admin,
    make_coordinator,
    make_person,
    make_steering,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
DUE = AT + actions.OBJECTION_TIME
WHY = {"reason": "Työ päättyi.", "identity": "Tavattu luukulla, kortti nähty."}


def make_owner():
    person = make_person(email="old@example.test", password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def ask(person, *, by=None, email="New@example.test", at=AT):
    change = actions.ask_address(person, email, **WHY, by=by or make_admin(), at=at)
    person.letters.update(sent_at=at)
    return change


def test_ask_address_changes_nothing_yet_and_tells_the_old_address():
    person, admin = make_owner(), make_admin()

    change = ask(person, by=admin)

    assert (change.old_email, change.email, change.state) == (
        "old@example.test",
        "new@example.test",
        AddressState.WAITING,
    )
    assert User.objects.get(pk=person.pk).email == "old@example.test"
    letter = person.letters.get()
    assert (letter.kind, letter.channel) == ("accounts.address_asked", "mail")
    assert "new@example.test" not in letter.body
    event = history(change).get()
    assert (event.act, event.actor_id, event.on_behalf_of_id) == (
        "accounts.ask_address",
        admin.pk,
        person.pk,
    )


@pytest.mark.parametrize("make", [make_coordinator, make_person, make_steering])
def test_ask_address_is_for_administrators_only(make):
    with pytest.raises(PermissionDenied):
        ask(make_owner(), by=make())


def test_ask_address_is_not_for_one_s_own_account():
    admin = make_admin()

    with pytest.raises(PermissionDenied):
        ask(admin, by=admin)


def test_ask_address_refuses_one_that_somebody_has():
    other = make_person()

    with pytest.raises(actions.EmailTaken):
        ask(make_owner(), email=other.email.upper())


def test_ask_address_once_at_a_time():
    person = make_owner()
    ask(person)

    with pytest.raises(actions.AlreadyWaiting):
        ask(person, email="third@example.test")


def test_move_address_waits_for_objections():
    change = ask(make_owner())

    with pytest.raises(actions.TooSoon):
        actions.move_address(change, by=make_admin(), at=DUE.replace(hour=9))

    change.refresh_from_db()
    assert change.state == AddressState.WAITING


def test_move_address_waits_until_the_old_address_has_been_told_for_three_days():
    admin, change = make_admin(), ask(make_owner())
    letter = Letter.objects.get(kind="accounts.address_asked")
    Letter.objects.filter(pk=letter.pk).update(sent_at=None)

    with pytest.raises(actions.TooSoon):  # the mail server is away
        actions.move_address(change, by=admin, at=DUE + timedelta(days=1))
    Letter.objects.filter(pk=letter.pk).update(channel="paper")  # and nobody has called
    with pytest.raises(actions.TooSoon):
        actions.move_address(change, by=admin, at=DUE + timedelta(days=1))
    letter.refresh_from_db()
    deliver(letter, by=make_coordinator(), at=DUE)
    with pytest.raises(actions.TooSoon):
        actions.move_address(change, by=admin, at=DUE + timedelta(days=2, hours=23))

    assert opens_at(change) == DUE + actions.OBJECTION_TIME
    moved = actions.move_address(change, by=admin, at=DUE + actions.OBJECTION_TIME)
    assert moved.state == AddressState.DONE


def test_move_address_of_an_account_without_an_address_waits_for_no_letter():
    change = ask(make_person(email=""))

    assert actions.move_address(change, by=make_admin(), at=DUE).state == AddressState.DONE


def test_reset_factors_leaves_what_was_said_before_of_the_account():
    person, admin = make_owner(), make_admin()
    actions.close(person, by=admin, at=AT)
    actions.reopen(person, by=admin, at=AT)

    actions.reset_factors(person, **WHY, by=admin, at=AT)

    told = person.letters.filter(channel="mail", sent_at=None).order_by("pk")
    assert [letter.kind for letter in told] == ["accounts.reopened", "accounts.factors_reset"]


def test_move_address_opens_the_account_at_the_new_address_only(client):
    person, admin = make_owner(), make_admin()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    change = ask(person, by=admin)

    actions.move_address(change, by=admin, at=DUE)

    person = User.objects.get(pk=person.pk)
    assert person.email == "new@example.test"
    assert not EmailAddress.objects.exists()  # a code to the new address confirms it
    assert client.get("/en/me/").status_code == 302
    moved = person.letters.filter(kind="accounts.address_moved")
    assert moved.count() == 1
    old = type(moved.get()).objects.get(kind="accounts.address_moved", reader=None)
    assert old.email == "old@example.test"
    assert [event.act for event in history(change)] == [
        "accounts.ask_address",
        "accounts.move_address",
    ]


def test_move_address_for_somebody_who_got_the_address_meanwhile():
    change = ask(make_owner())
    make_person(email="new@example.test")

    with pytest.raises(actions.EmailTaken):
        actions.move_address(change, by=make_admin(), at=DUE)

    assert User.objects.get(pk=change.user_id).email == "old@example.test"


@pytest.mark.parametrize("make", [make_coordinator, make_person])
def test_move_address_is_for_administrators_only(make):
    change = ask(make_owner())

    with pytest.raises(PermissionDenied):
        actions.move_address(change, by=make(), at=DUE)


def test_move_address_is_not_for_the_account_itself():
    admin = make_admin()
    change = ask(admin)

    with pytest.raises(PermissionDenied):
        actions.move_address(change, by=admin, at=DUE)


@pytest.mark.parametrize("who", ["owner", "coordinator", "admin"])
def test_stop_address_leaves_everything_as_it_was(who):
    person = make_owner()
    change = ask(person)
    by = {"owner": lambda: person, "coordinator": make_coordinator, "admin": make_admin}[who]()

    actions.stop_address(change, by=by, at=AT)

    with pytest.raises(WrongState):
        actions.move_address(change, by=make_admin(), at=DUE)
    assert User.objects.get(pk=person.pk).email == "old@example.test"
    assert ask(person).state == AddressState.WAITING  # a new one may be asked


def test_stop_address_is_not_for_strangers():
    change = ask(make_owner())

    with pytest.raises(PermissionDenied):
        actions.stop_address(change, by=make_person(), at=AT)


@pytest.mark.parametrize("make", [make_coordinator, make_admin, make_steering, make_person])
def test_list_and_rule_agree_on_who_sees_a_change(make):
    ask(make_owner())
    user = make()

    listed = set(AddressChange.objects.visible_to(user))

    assert listed == {
        change
        for change in AddressChange.objects.all()
        if user.has_perm("accounts.view_address", change)
    }


@pytest.mark.parametrize(
    "change",
    [
        {"email": ""},
        {"email": "New@example.test"},
        {"email": F("old_email")},
        {"due_at": AT},
        {"state": "odd"},
    ],
    ids=str,
)
def test_database_refuses_a_change_that_makes_no_sense(change):
    asked = ask(make_owner())

    with pytest.raises(IntegrityError):
        AddressChange.objects.filter(pk=asked.pk).update(**change)


def test_reset_factors_takes_all_away_and_tells(client):
    person, admin = make_owner(), make_admin()
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=person, type=kind, data={})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    actions.reset_factors(person, **WHY, by=admin, at=AT)

    assert not Authenticator.objects.exists()
    assert client.get("/en/me/").status_code == 302
    assert User.objects.get(pk=person.pk).has_usable_password()
    assert person.letters.get().kind == "accounts.factors_reset"
    assert FactorReset.objects.get().reason == "Työ päättyi."
    assert [event.act for event in history(person)] == ["accounts.reset_factors"]


@pytest.mark.parametrize("make", [make_coordinator, make_person, make_admin])
def test_reset_factors_is_for_another_administrator_only(make):
    person = make()

    with pytest.raises(PermissionDenied):
        actions.reset_factors(person, **WHY, by=person, at=AT)
