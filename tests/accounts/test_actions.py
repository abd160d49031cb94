from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.urls import reverse

from luukku.accounts import actions
from luukku.accounts.models import Role, User
from luukku.accounts.notices import AccountReopened
from luukku.audit.queries import history
from luukku.notices.actions import send_digests, send_outbox, tell
from luukku.notices.queries import paper_queue
from tests.factories.accounts import PASSWORD, make_admin, make_coordinator, make_person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)


def test_make_person_needs_no_email():
    coordinator = make_coordinator()

    person = actions.make_person(name="Aino", phone="040 1", language="sv", by=coordinator, at=AT)

    person = User.objects.get(pk=person.pk)
    assert (person.name, person.email, person.phone, person.language) == (
        "Aino",
        None,
        "040 1",
        "sv",
    )
    assert not person.has_usable_password()
    assert [(event.act, event.actor_id) for event in history(person)] == [
        ("accounts.make", coordinator.pk)
    ]


def test_make_person_keeps_the_address_in_lower_case():
    person = actions.make_person(
        name="Aino", email=" Aino@Example.TEST ", by=make_coordinator(), at=AT
    )

    assert person.email == "aino@example.test"


def test_make_person_refuses_an_address_that_somebody_has():
    make_person(email="aino@example.test")

    with pytest.raises(actions.EmailTaken):
        actions.make_person(name="Toinen", email="AINO@example.test", by=make_coordinator(), at=AT)

    assert not User.objects.filter(name="Toinen").exists()


def test_make_person_hides_no_other_fault_of_the_data():
    with pytest.raises(DatabaseError):
        actions.make_person(name="Aino", language=None, by=make_coordinator(), at=AT)


@pytest.mark.parametrize("make", [make_person, make_admin])
def test_make_person_is_for_the_counter_only(make):
    by = make()

    with pytest.raises(PermissionDenied):
        actions.make_person(name="Aino", by=by, at=AT)


def test_edit_person_changes_how_somebody_is_reached():
    person = make_person()

    actions.edit_person(person, name="Aino A.", phone="050 2", language="en", by=person, at=AT)

    person.refresh_from_db()
    assert (person.name, person.phone, person.language) == ("Aino A.", "050 2", "en")
    assert [event.act for event in history(person)] == ["accounts.edit"]


def test_edit_person_lets_the_counter_act_for_somebody():
    person, coordinator = make_person(email=""), make_coordinator()

    actions.edit_person(person, name="Aino A.", phone="", language="fi", by=coordinator, at=AT)

    assert [(event.actor_id, event.on_behalf_of_id) for event in history(person)] == [
        (coordinator.pk, person.pk)
    ]


def test_give_email_lets_somebody_sign_in_who_had_none():
    person, coordinator = make_person(email=""), make_coordinator()
    EmailAddress.objects.create(user=person, email="wrong@example.test")

    actions.give_email(person, "Aino@Example.test", by=coordinator, at=AT)

    assert User.objects.get(pk=person.pk).email == "aino@example.test"
    assert not EmailAddress.objects.exists()  # a mistyped address opens nothing any more
    event = history(person).get()
    assert (event.act, event.on_behalf_of_id) == ("accounts.give_email", person.pk)


def test_give_email_refuses_one_that_somebody_has():
    person, other = make_person(email=""), make_person()

    with pytest.raises(actions.EmailTaken):
        actions.give_email(person, other.email.upper(), by=make_coordinator(), at=AT)

    assert User.objects.get(pk=person.pk).email is None


@pytest.mark.parametrize(
    "fields", [{"password": PASSWORD}, {"last_login": AT}, {"roles": [Role.ADMIN]}]
)
def test_give_email_never_takes_over_an_account_in_use(fields):
    person = make_person(**fields)

    with pytest.raises(PermissionDenied):
        actions.give_email(person, "mine@example.test", by=make_coordinator(), at=AT)


@pytest.mark.parametrize("make", [make_person, make_admin])
def test_give_email_is_for_the_counter_only(make):
    with pytest.raises(PermissionDenied):
        actions.give_email(make_person(email=""), "a@example.test", by=make(), at=AT)


def test_edit_person_is_not_for_strangers():
    person = make_person("Aino")

    with pytest.raises(PermissionDenied):
        actions.edit_person(person, name="Pilkka", phone="", language="fi", by=make_person(), at=AT)

    assert User.objects.get(pk=person.pk).name == "Aino"


def test_set_roles_makes_exactly_these_roles():
    person = make_coordinator()

    actions.set_roles(person, {Role.STEERING, Role.ADMIN}, by=make_admin(), at=AT)

    assert User.objects.get(pk=person.pk).roles == ["admin", "steering"]
    assert [event.data for event in history(person)] == [{"roles": ["admin", "steering"]}]


@pytest.mark.parametrize("make", [make_person, make_coordinator])
def test_set_roles_is_for_administrators_only(make):
    person = make()

    with pytest.raises(PermissionDenied):
        actions.set_roles(person, {Role.ADMIN}, by=person, at=AT)

    assert not User.objects.get(pk=person.pk).is_admin


def test_set_roles_keeps_one_administrator_who_can_sign_in():
    admin, closed = make_admin(), make_admin()
    actions.close(closed, by=admin, at=AT)

    with pytest.raises(actions.LastAdministrator):
        actions.set_roles(admin, {Role.COORDINATOR}, by=admin, at=AT)

    assert User.objects.get(pk=admin.pk).roles == ["admin"]
    assert Group.objects.get(name="admin").user_set.filter(pk=admin.pk).exists()
    assert not history(admin).exists()


def test_set_roles_lets_an_administrator_leave_when_another_stays():
    admin, _other = make_admin(), make_admin()

    actions.set_roles(admin, set(), by=admin, at=AT)

    assert User.objects.get(pk=admin.pk).roles == []


def test_close_keeps_one_administrator_who_can_sign_in():
    admin, other = make_admin(), make_admin()
    User.objects.filter(pk=admin.pk).update(roles=[])  # meanwhile; ``admin`` was read before

    with pytest.raises(actions.LastAdministrator):
        actions.close(other, by=admin, at=AT)

    assert User.objects.get(pk=other.pk).is_active


def test_close_ends_sign_in_and_sessions_and_keeps_the_record(client):
    person, admin = make_person(password=PASSWORD), make_admin()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    actions.close(person, by=admin, at=AT)

    kept = User.objects.get(pk=person.pk)
    assert (kept.name, kept.is_active, kept.has_usable_password()) == (person.name, False, False)
    assert client.get(reverse("letters")).status_code == 302
    assert not client.login(email=person.email, password=PASSWORD)
    assert [event.act for event in history(person)] == ["accounts.close"]
    assert person.letters.get().kind == "accounts.closed"


@pytest.mark.parametrize("channel", ["mail", "digest", "paper"])
@pytest.mark.parametrize("hours", [0, 24])
def test_close_lets_only_the_word_of_closing_leave(channel, hours, mailoutbox):
    person = make_person(password=PASSWORD)
    planned = AT + timedelta(hours=hours)
    tell(AccountReopened(person, AT), to=person, at=AT, not_before_at=planned)
    person.letters.update(channel=channel)

    actions.close(person, by=make_admin(), at=AT)
    send_outbox(at=AT + timedelta(days=3))
    send_digests(at=AT + timedelta(days=3))

    assert [mail.subject for mail in mailoutbox] == ["Käyttäjätilisi on suljettu"]
    assert not paper_queue().exists()


def test_close_twice_is_one_act():
    person, admin = make_person(), make_admin()

    for _n in range(2):
        actions.close(person, by=admin, at=AT)

    assert len(history(person)) == 1


@pytest.mark.parametrize("act", ["close", "reopen"])
@pytest.mark.parametrize("make", [make_coordinator, make_person, None])
def test_close_is_for_another_administrator_only(make, act):
    person = make_admin()
    by = make() if make else person

    with pytest.raises(PermissionDenied):
        getattr(actions, act)(person, by=by, at=AT)

    person.refresh_from_db()
    assert person.is_active


def test_reopen_lets_sign_in_again_but_no_old_session_lives(client):
    person, admin = make_person(password=PASSWORD), make_admin()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    actions.close(person, by=admin, at=AT)

    for _n in range(2):
        actions.reopen(person, by=admin, at=AT)

    assert User.objects.get(pk=person.pk).is_active
    assert [event.act for event in history(person)] == ["accounts.close", "accounts.reopen"]
    assert [letter.kind for letter in person.letters.order_by("pk")] == [
        "accounts.closed",
        "accounts.reopened",
    ]
    assert client.get(reverse("letters")).status_code == 302


def test_end_sessions_is_for_oneself_only(client):
    person = make_person(password=PASSWORD)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    with pytest.raises(PermissionDenied):
        actions.end_sessions(person, by=make_coordinator(), at=AT)
    before = client.get(reverse("letters")).status_code
    actions.end_sessions(person, by=person, at=AT)

    assert (before, client.get(reverse("letters")).status_code) == (200, 302)
