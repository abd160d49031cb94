"""What the counter takes back at once leaves every table as it was, also where one press did several acts."""

import uuid

import pytest
from django.apps import apps
from django.utils import timezone

from luukku.accounts.models import User
from luukku.assignments.models import Undo
from luukku.audit.models import AuditEvent
from luukku.notices.models import Letter
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.organisations.actions import vet
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_offer, make_search
from tests.factories.orders import make_order, make_orderer, make_series
from tests.factories.organisations import make_organisation
from tests.web.counter.test_undo import ACTS, url

pytestmark = pytest.mark.django_db
# What remembers that something was done, and is no part of what is.
KEPT = {"audit.auditevent", "workflow.submission"}


def world():
    """Every row of every table of ours, but for pages and their texts."""
    models = [
        one
        for one in apps.get_models(include_auto_created=True)
        if one.__module__.startswith("luukku.")
        and one._meta.app_label != "content"
        and one._meta.label_lower not in KEPT
        and one._meta.managed
    ]
    rows = {one._meta.label: list(one._base_manager.values()) for one in models}
    for row in rows["matching.Supply"]:
        del row["id"]  # reckoned anew
    return {name: sorted(map(str, its)) for name, its in rows.items()}


def changed(was, now):
    """Return what is gone and what has come, by table."""
    both = {name: (set(was[name]), set(now[name])) for name in was}
    return {name: (old - new, new - old) for name, (old, new) in both.items() if old != new}


def unchecked():
    return make_organisation(state=OrganisationState.WAITING, name="Aivan uusi koulu")


def checked_accepted_and_searched():
    order = make_order(timezone.now(), orderer=make_orderer(unchecked()))
    return order, url("order-move", order.pk, "accept-search"), {"vet": "1"}


def checked_and_accepted():
    order = make_order(timezone.now(), orderer=make_orderer(unchecked()))
    return order, url("order-move", order.pk, "accept"), {"vet": "1"}


def another_checked_and_accepted():
    make_organisation(name="Aivan uusi koulu")
    order = make_order(timezone.now(), orderer=make_orderer(unchecked()))
    return order, url("order-move", order.pk, "accept"), {"vet": "1", "another": "1"}


def series_checked_accepted_and_searched():
    order = make_series(timezone.now(), orderer=make_orderer(unchecked()))[1]
    return order, url("order-move", order.pk, "accept-search"), {"vet": "1", "which": "all"}


def searched():
    order = make_order(timezone.now(), state=OrderState.ACCEPTED)
    return order, url("order-move", order.pk, "search"), {}


def searched_again():
    order = make_order(timezone.now(), state=OrderState.NOT_FOUND)
    return order, url("order-move", order.pk, "reopen"), {}


def yes_after_all():
    from luukku.assignments.actions import decline

    offer = make_offer()
    decline(offer, by=offer.expert.user, at=timezone.now())
    return offer.order, url("offer-late-yes", offer.pk), {"accept": "1"}


def asked_for_another_time():
    order = make_search()
    return order, url("order-ask-time", order.pk), {"words": "Kävisikö aamu?", "sure": "1"}


def series_cancelled():
    first, *_others = make_series(timezone.now())
    data = {"whose": "counter", "reason": "Siirtyi", "which": "all"}
    return first, url("order-cancel", first.pk), data


MORE = [checked_accepted_and_searched, checked_and_accepted, another_checked_and_accepted,
        series_checked_accepted_and_searched, searched, searched_again, yes_after_all,
        asked_for_another_time, series_cancelled]  # fmt: skip


@pytest.mark.parametrize("act", [*ACTS, *MORE], ids=lambda act: act.__name__)
def test_all_is_as_before_and_no_letter_has_left(counter, act):
    order, where, data = act()
    counter.get(url("order", order.pk))  # what reading writes down is no part of the act
    User.objects.machine()  # what comes with the first act of all
    was = world()

    counter.post(where, data | {"form_token": str(uuid.uuid4())})
    undo = Undo.objects.get()
    assert not Letter.objects.filter(made_at=undo.at, not_before_at__lt=undo.until_at).exists()
    counter.post(url("order-undo", undo.order_id, undo.pk))

    assert changed(was, world()) == {}


def test_check_that_is_taken_back_is_audited_of_the_organisation(counter):
    order, where, data = checked_accepted_and_searched()
    counter.post(where, data)

    counter.post(url("order-undo", order.pk, Undo.objects.get().pk))

    undone = AuditEvent.objects.filter(act="assignments.undo").order_by("object_type")
    assert [one.object_type for one in undone] == ["orders.order", "organisations.organisation"]


def test_check_that_another_order_stands_on_is_not_taken_back(counter):
    order, where, data = checked_accepted_and_searched()
    other = make_order(timezone.now(), orderer=order.contact)
    counter.post(where, data)
    counter.post(url("order-move", other.pk, "accept"))
    first = Undo.objects.get(order=order)

    page = counter.post(url("order-undo", order.pk, first.pk), follow=True)

    assert "can no longer be taken back" in page.content.decode()
    assert set(Order.objects.values_list("state", flat=True)) == {"searching", "accepted"}
    order.organisation.refresh_from_db()
    assert order.organisation.state == OrganisationState.VETTED


def test_organisation_that_a_colleague_checked_first_stays_checked(counter):
    order, where, data = checked_accepted_and_searched()
    vet(order.organisation, by=make_coordinator(), at=timezone.now())
    counter.post(where, data)

    counter.post(url("order-undo", order.pk, Undo.objects.get().pk))

    order.organisation.refresh_from_db()
    assert order.organisation.state == OrganisationState.VETTED
