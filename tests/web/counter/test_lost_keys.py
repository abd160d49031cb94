"""An administrator helps who has lost the mailbox or the phone; the old address may object."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from luukku.accounts import actions
from luukku.accounts.models import AddressChange, User
from luukku.accounts.states import AddressState
from luukku.core.duty import call, queue
from luukku.notices.models import Letter
from tests.factories.accounts import (
    make_admin,
    make_coordinator,
    make_person,
    make_steering,
    show_who_is_there,
)

pytestmark = pytest.mark.django_db
WHY = {"reason": "Työ päättyi.", "identity": "Tavattu luukulla."}


def browser_of(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return show_who_is_there(client)


def make_change(now, *, is_due=False):
    at = now - actions.OBJECTION_TIME if is_due else now
    person = make_person("Aino Aalto", email="old@example.test")
    change = actions.ask_address(person, "new@example.test", **WHY, by=make_admin(), at=at)
    person.letters.update(sent_at=at)
    return change


def test_an_administrator_begins_the_change_from_the_person_s_page():
    person, client = make_person(email="old@example.test"), browser_of(make_admin())
    page = reverse("counter:person-address", args=[person.pk])
    assert page in client.get(reverse("counter:person", args=[person.pk])).content.decode()
    assert "The change waits for 3 days" in client.get(page).content.decode()

    response = client.post(page, {"email": "new@example.test", **WHY})

    assert response.status_code == 303
    assert AddressChange.objects.get().identity == "Tavattu luukulla."


@pytest.mark.parametrize("missing", ["email", "reason", "identity"])
def test_no_change_without_reason_and_knowing_who_it_is(missing):
    person, client = make_person(), browser_of(make_admin())
    data = {"email": "new@example.test", **WHY} | {missing: " "}

    response = client.post(reverse("counter:person-address", args=[person.pk]), data)

    assert response.status_code == 422
    assert not AddressChange.objects.exists()


def test_a_taken_address_is_said_at_its_field_and_keeps_what_was_typed():
    person, client = make_person(), browser_of(make_admin())
    data = {"email": make_person().email, **WHY}

    page = client.post(reverse("counter:person-address", args=[person.pk]), data)

    assert page.context["form"].errors["email"] == [
        "Somebody already has an account with this address."
    ]
    assert "Tavattu luukulla." in page.content.decode()


def test_who_is_there_is_asked_first(now):
    change = make_change(now, is_due=True)
    client = Client()
    client.force_login(make_admin(), backend="django.contrib.auth.backends.ModelBackend")

    response = client.post(reverse("counter:address-move", args=[change.pk]))

    assert response["Location"].startswith(reverse("confirm-by-code"))


@pytest.mark.parametrize("make", [make_coordinator, make_steering, make_person])
@pytest.mark.parametrize("name", ["person-address", "person-factors", "address-move"])
def test_lost_keys_are_for_administrators_only(make, name, now):
    change = make_change(now, is_due=True)
    pk = change.pk if name == "address-move" else change.user_id

    assert browser_of(make()).post(reverse(f"counter:{name}", args=[pk])).status_code == 403


def test_the_person_s_page_shows_the_change_and_lets_it_be_stopped(now):
    change, client = make_change(now), browser_of(make_coordinator())
    page = client.get(reverse("counter:person", args=[change.user_id])).content.decode()
    assert "new@example.test" in page
    assert reverse("counter:address-move", args=[change.pk]) not in page

    client.post(reverse("counter:address-stop", args=[change.pk]))

    change.refresh_from_db()
    assert change.state == AddressState.STOPPED


def test_too_soon_is_said_and_nothing_changes(now):
    change, client = make_change(now), browser_of(make_admin())

    page = client.post(reverse("counter:address-move", args=[change.pk]), follow=True)

    assert "There is time left to object." in page.content.decode()
    assert User.objects.get(pk=change.user_id).email == "old@example.test"


def test_when_due_it_is_a_duty_and_the_administrator_confirms_it(now):
    change, client = make_change(now, is_due=True), browser_of(make_admin())
    later = now + timedelta(minutes=1)
    assert [called.title for _duty, called in call(queue(at=later, kind="address"))] == [
        "Aino Aalto"
    ]
    assert "Aino Aalto" in client.get(reverse("counter:people")).content.decode()

    client.post(reverse("counter:address-move", args=[change.pk]))

    assert User.objects.get(pk=change.user_id).email == "new@example.test"
    assert queue(at=later, kind="address") == []


def test_no_duty_and_no_button_while_the_old_address_has_not_been_told(now):
    change = make_change(now, is_due=True)
    Letter.objects.update(sent_at=None)
    client = browser_of(make_admin())

    page = client.get(reverse("counter:person", args=[change.user_id])).content.decode()

    assert reverse("counter:address-move", args=[change.pk]) not in page
    assert "after the letter to the old address has left: it has not yet" in page
    assert queue(at=now, kind="address") == []


def test_the_old_address_stops_the_change_by_its_link(now, client):
    change = make_change(now)
    link = Letter.objects.get().link.replace("http://testserver/fi/", "/en/")
    assert client.get(link).status_code == 200
    assert AddressChange.objects.get().state == AddressState.WAITING  # a mail scanner stops nothing

    page = client.post(link, follow=True).content.decode()

    change.refresh_from_db()
    assert change.state == AddressState.STOPPED
    assert "stays at this address" in page


@pytest.mark.parametrize("by_owner", [True, False])
def test_the_person_s_page_tells_that_a_change_was_stopped(now, client, by_owner):
    change = make_change(now)
    if by_owner:
        client.post(Letter.objects.get().link.replace("http://testserver/fi/", "/en/"))
    else:
        actions.stop_address(change, by=make_coordinator(), at=now)
    reader = browser_of(make_admin("Uusi Ylläpitäjä"))

    page = reader.get(reverse("counter:person", args=[change.user_id])).content.decode()

    told = page.split('id="stopped"')[1].split("</section>")[0]
    who = "the owner of the account" if by_owner else "the counter"
    assert [w for w in ("new@example.test", change.asked_by.name, who) if w not in told] == []
    assert ("Somebody may be trying to take the account over" in told) is by_owner
    other = reader.get(reverse("counter:person", args=[make_person().pk])).content.decode()
    assert 'id="stopped"' not in other


def test_the_examples_of_a_reset_are_those_of_a_lost_second_step():
    page = browser_of(make_admin()).get(reverse("counter:person-factors", args=[make_person().pk]))

    assert "mailbox" not in page.content.decode()
    assert "the phone broke" in page.content.decode()


def test_an_objection_that_comes_late_says_whom_to_tell(now, client):
    change = make_change(now, is_due=True)
    link = Letter.objects.get().link.replace("http://testserver/fi/", "/en/")
    actions.move_address(change, by=make_admin(), at=now)

    page = client.post(link, follow=True).content.decode()

    assert "tell the counter at once" in page


def test_lost_second_steps_are_reset_with_a_reason():
    person, client = make_coordinator(), browser_of(make_admin())
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    page = reverse("counter:person-factors", args=[person.pk])
    assert page in client.get(reverse("counter:person", args=[person.pk])).content.decode()
    assert client.post(page, {"reason": "", "identity": ""}).status_code == 422

    client.post(page, WHY)

    assert not Authenticator.objects.exists()
