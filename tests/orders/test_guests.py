"""Orders without an account."""

from datetime import timedelta

import pytest
from django.db.models import F

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.audit.models import AuditEvent
from luukku.core.links import read
from luukku.notices.models import Letter
from luukku.orders import actions, tasks
from luukku.orders.actions import LINK_AGE, AccountClosed, Incomplete, NotYours, forgetting
from luukku.orders.models import GuestSender, Order
from luukku.orders.queries import also_waiting, first_day
from luukku.orders.states import OrderState
from luukku.organisations.models import MemberRole, Organisation
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import Theme
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_person
from tests.factories.orders import (
    make_draft,
    make_guest_draft,
    make_order,
    make_orderer,
    make_vetted_organisation,
)

pytestmark = pytest.mark.django_db
SENDER = {
    "name": "Veera Vieras",
    "email": "Veera@Example.test",
    "phone": "040 123",
    "organisation_name": "Kylän koulu",
    "organisation_kind": "school",
    "language": "sv",
}


def ask(order, at, **changes):
    return actions.ask_confirmation(order, at=at, **(SENDER | changes))


def test_ask_confirmation_writes_a_link_and_nothing_of_the_senders(at):
    guest = ask(make_guest_draft(at, title="Arka otsikko"), at)

    letter = Letter.objects.get()
    assert (letter.email, letter.language, letter.reader) == ("veera@example.test", "sv", None)
    text = letter.subject + letter.body + letter.link_label
    assert not any(word in text for word in ("Arka", "Veera", "koulu", "040"))
    token = letter.link.rstrip("/").rsplit("/", 1)[1]
    assert read(token, purpose="guest", max_age=LINK_AGE).object_id == guest.pk


def test_ask_confirmation_again_replaces_the_first(at):
    order = make_guest_draft(at)
    ask(order, at)

    ask(order, at + timedelta(minutes=1), email="toinen@example.test")

    assert GuestSender.objects.get(order=order).email == "toinen@example.test"
    assert Letter.objects.count() == 2


def test_ask_confirmation_of_an_unfinished_order_is_refused(at):
    with pytest.raises(Incomplete):
        ask(make_guest_draft(at, title=""), at)


def test_ask_confirmation_of_somebodys_draft_is_refused(at):
    with pytest.raises(WrongState):
        ask(make_draft(at), at)


def test_ask_confirmation_writes_at_most_five_letters_a_day_to_one_address_and_shuts_nobody_out(at):
    asked = [ask(make_guest_draft(at), at + timedelta(minutes=n)) for n in range(5)]
    sixth = ask(make_guest_draft(at), at + timedelta(hours=1))
    elsewhere = ask(make_guest_draft(at), at, email="toinen@example.test")

    assert ([one.has_letter for one in asked], sixth.has_letter) == ([True] * 5, False)
    assert Letter.objects.filter(email="veera@example.test").count() == 5
    assert [list(also_waiting(one, at=at + timedelta(hours=2))) for one in asked] == [[sixth]] * 5
    assert list(also_waiting(elsewhere, at=at)) == []
    assert actions.confirm(sixth, at=at).state == OrderState.SENT
    assert list(also_waiting(asked[0], at=at)) == []
    assert ask(make_guest_draft(at), at + timedelta(hours=25)).has_letter is True


def test_link_whose_order_was_asked_for_by_another_address_still_opens_what_waits(at):
    for n in range(5):
        order = make_guest_draft(at)
        dead = ask(order, at + timedelta(minutes=n))
        ask(order, at + timedelta(minutes=n), email=f"muu{n}@example.test")

    own = ask(make_guest_draft(at), at + timedelta(hours=1))

    dead.refresh_from_db()
    assert (dead.order, own.has_letter) == (None, False)
    assert list(also_waiting(dead, at=at)) == [own]
    actions.forget_guests(at=at + timedelta(days=8))
    assert not GuestSender.objects.filter(order=None).exists()


def test_confirm_for_another_organisation_that_one_orders_for_makes_no_second(at):
    orderer = make_orderer(make_vetted_organisation("Satasairaala"), email="veera@example.test")
    chosen = orderer.memberships.get().organisation

    order = actions.confirm(ask(make_guest_draft(at), at), organisation=chosen, at=at)

    assert (order.organisation, order.contact) == (chosen, orderer)
    assert Organisation.objects.count() == 1


def test_confirm_for_an_organisation_of_others_is_refused(at):
    other = make_vetted_organisation("Satasairaala")
    guest = ask(make_guest_draft(at), at)

    with pytest.raises(NotYours):
        actions.confirm(guest, organisation=other, at=at)

    assert User.objects.filter(email="veera@example.test").count() == 0


def test_confirm_makes_an_account_and_an_unchecked_organisation_and_sends(at):
    guest = ask(make_guest_draft(at), at)

    order = actions.confirm(guest, at=at)

    user = User.objects.get(email="veera@example.test")
    assert (order.state, order.contact, order.made_by) == (OrderState.SENT, user, user)
    assert (user.name, user.phone, user.language, user.has_usable_password()) == (
        "Veera Vieras",
        "040 123",
        "sv",
        False,
    )
    organisation = order.organisation
    assert (organisation.name, organisation.kind, organisation.state) == (
        "Kylän koulu",
        "school",
        OrganisationState.WAITING,
    )
    membership = organisation.memberships.get()
    assert (membership.user, membership.role, membership.is_contact) == (
        user,
        MemberRole.ORDERER,
        True,
    )
    assert AuditEvent.objects.filter(act="accounts.make", object_id=str(user.pk)).count() == 1


def test_confirm_twice_sends_once(at):
    guest = ask(make_guest_draft(at), at)
    actions.confirm(guest, at=at)

    with pytest.raises(WrongState):
        actions.confirm(guest, at=at)

    assert Letter.objects.filter(kind="orders.received").count() == 1


def test_confirm_with_an_earlier_accounts_address_uses_that_account(at):
    orderer = make_orderer(email="veera@example.test", name="Veera Virtanen")

    order = actions.confirm(ask(make_guest_draft(at), at), at=at)

    assert (order.contact, order.contact.name) == (orderer, "Veera Virtanen")
    assert AuditEvent.objects.filter(act="accounts.make").count() == 0


def test_confirm_with_the_address_of_a_closed_account_is_refused_and_sends_nothing(at):
    guest = ask(make_guest_draft(at), at)
    make_person(email=guest.email, is_active=False)

    with pytest.raises(AccountClosed):
        actions.confirm(guest, at=at)

    guest.refresh_from_db()
    assert (guest.confirmed_at, guest.order.state) == (None, OrderState.DRAFT)


def test_confirm_for_an_organisation_one_orders_for_already_makes_no_second(at):
    organisation = make_vetted_organisation("kylän KOULU")
    make_orderer(organisation, email="veera@example.test")

    order = actions.confirm(ask(make_guest_draft(at), at), at=at)

    assert order.organisation == organisation


def test_confirm_for_a_namesake_of_somebody_elses_organisation_makes_a_new_one(at):
    make_orderer(make_vetted_organisation("Kylän koulu"))

    order = actions.confirm(ask(make_guest_draft(at), at), at=at)

    assert order.organisation.state == OrganisationState.WAITING
    assert Organisation.objects.filter(name="Kylän koulu").count() == 2


def test_confirm_for_ones_ended_organisation_makes_a_new_one(at):
    ended = make_vetted_organisation("Kylän koulu", state=OrganisationState.ENDED)
    make_orderer(ended, email="veera@example.test")

    assert actions.confirm(ask(make_guest_draft(at), at), at=at).organisation != ended


def test_confirm_when_a_theme_was_switched_off_meanwhile_changes_nothing(at):
    guest = ask(make_guest_draft(at), at)
    Theme.objects.filter(code="depression").update(is_active=False)

    with pytest.raises(Incomplete):
        actions.confirm(guest, at=at)

    assert (
        User.objects.filter(email="veera@example.test").count(),
        Organisation.objects.count(),
    ) == (0, 0)
    guest.refresh_from_db()
    assert guest.confirmed_at is None


def test_confirm_of_an_order_that_was_moved_past_its_further_days_leads_back_to_it(at):
    order = make_guest_draft(at)
    first = first_day(order)
    guest = ask(order, at, days=[first + timedelta(days=7)])
    order.times.update(
        starts_at=F("starts_at") + timedelta(days=7), ends_at=F("ends_at") + timedelta(days=7)
    )

    with pytest.raises(Incomplete) as refused:
        actions.confirm(guest, at=at)

    assert refused.value.missing == ["times_past"]
    order.refresh_from_db()
    assert order.state == OrderState.DRAFT


def test_forget_guests_deletes_only_what_nobody_confirmed_in_time(at):
    stale = make_guest_draft(at - timedelta(days=31))
    fresh = make_guest_draft(at - timedelta(days=29))
    asked_lately = make_guest_draft(at - timedelta(days=31), days=(60,))
    ask(asked_lately, at - timedelta(days=1))
    own = make_draft(at - timedelta(days=400))
    sent = make_order(at - timedelta(days=400))

    count = actions.forget_guests(at=at)

    assert count == 1
    assert set(Order.objects.all()) == {fresh, asked_lately, own, sent}
    assert AuditEvent.objects.get(act="orders.forget").object_id == str(stale.pk)


def test_forget_guests_keeps_an_order_that_is_confirmed_while_it_runs(at, monkeypatch):
    first, second = (make_guest_draft(at - timedelta(days=31), days=(60,)) for _ in range(2))

    def meanwhile(*args, about, **kwargs):
        if about == first:
            actions.confirm(ask(second, at), at=at)
        return record(*args, about=about, **kwargs)

    monkeypatch.setattr(forgetting, "record", meanwhile)

    count = actions.forget_guests(at=at)

    assert (count, list(Order.objects.values_list("pk", "state"))) == (1, [(second.pk, "sent")])


def test_forget_guests_task_runs_by_the_real_clock(now):
    make_guest_draft(now - timedelta(days=31))

    result = tasks.forget_guests.call()

    assert (result, Order.objects.count()) == (1, 0)
