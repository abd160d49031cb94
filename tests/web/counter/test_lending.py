"""Loans of equipment at the counter: everything, and what is told by phone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.core.times import helsinki
from luukku.organisations.models import Task
from luukku.readiness.actions import forget_loans
from luukku.readiness.models import Device, Loan
from luukku.readiness.states import LoanState
from tests.factories.experts import make_expert
from tests.factories.organisations import make_organisation
from tests.factories.readiness import make_borrower, make_device, make_loan
from tests.markup import said

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
S = LoanState


def url(name, *args):
    return reverse(f"counter:{name}", args=args)


@pytest.fixture
def device(now):
    User.objects.machine()
    return make_device(now)


@pytest.mark.parametrize("number", [1, 3])
def test_lists_of_devices_and_loans(counter, device, now, number, django_assert_num_queries):
    for n in range(number):
        make_loan(now, device=make_device(now, label=f"L{n}"))
    for name, queries in (("devices", 7), ("loans", 8)):
        counter.get(url(name))
        with django_assert_num_queries(queries):
            page = counter.get(url(name))
        assert len(page.context["list"].rows) == (number + 1 if name == "devices" else number)


def test_counter_asks_for_an_expert_who_calls(counter, device, now):
    expert, today = make_borrower(device, at=now), helsinki(now).date()
    address = url("loan-ask", expert.pk)

    page = said(counter.get(address))
    counter.post(
        address,
        {
            "what": f"{device.organisation_id}-tablet", "why": "Soitti",
            "from_on": str(today), "until_on": str(today + A_DAY),
        },
    )  # fmt: skip

    assert "on behalf of" in page
    assert Loan.objects.get().expert == expert
    assert AuditEvent.objects.get(act="readiness.ask_loan").on_behalf_of_id == expert.user_id
    assert address in counter.get(url("expert", expert.pk)).content.decode()


def test_page_says_where_nobody_lends_to_the_expert(counter, now):
    page = said(counter.get(url("loan-ask", make_expert(at=now).pk)))

    assert "Equipment is lent to those who are in the expert bank." in page


def test_counter_lends_its_own_devices(counter, now):
    User.objects.machine()
    own = make_organisation("Luukku", tasks=(Task.COORDINATES,))
    counter.post(url("device-new", own.pk), {"kind": "tablet", "label": "9", "note": ""})
    device = Device.objects.get()
    loan = make_loan(now, device=device, expert=make_expert(at=now))

    counter.post(url("loan-act", loan.pk, "grant"), {"device": str(device.pk), "fetch": "Luukku"})

    assert Loan.objects.get().state == S.GRANTED
    assert Loan.objects.get().contact.is_counter


def test_counter_changes_and_retires_a_device(counter, device):
    counter.post(url("device", device.pk), {"kind": "phone", "label": "11", "note": ""})
    counter.post(url("device-move", device.pk, "retire"))

    device.refresh_from_db()
    assert (device.kind, device.label, device.is_in_use) == ("phone", "11", False)
    assert counter.post(url("device-move", device.pk, "burn")).status_code == 404


def test_device_that_is_lent_stays_in_use_and_the_page_says_why(counter, device, now):
    make_loan(now, device=device, state=S.GRANTED)

    page = counter.post(url("device-move", device.pk, "retire"), follow=True)

    assert "Somebody has this device" in said(page)
    assert Device.objects.get().is_in_use


def test_counter_asks_for_more_time_and_cancels_for_the_expert(counter, device, now):
    out = make_loan(now, device=device, state=S.OUT, starts_in=0, days=3)
    later = make_loan(now, device=device, state=S.GRANTED, starts_in=20)

    counter.get(url("loan-act", out.pk, "ask-longer"))
    counter.post(url("loan-act", out.pk, "ask-longer"), {"until_on": str(out.until_on + 2 * A_DAY)})
    counter.get(url("loan-act", later.pk, "cancel"))
    counter.post(url("loan-act", later.pk, "cancel"))

    assert Loan.objects.get(pk=out.pk).wished_until == out.until_on + 2 * A_DAY
    assert Loan.objects.get(pk=later.pk).state == S.CANCELLED
    acts = AuditEvent.objects.filter(act__in=["readiness.ask_longer", "readiness.cancel_loan"])
    assert {one.on_behalf_of_id for one in acts} == {out.expert.user_id, later.expert.user_id}


def test_forgotten_loan_names_nobody(counter, device, now):
    loan = make_loan(now - 500 * A_DAY, device=device, state=S.BACK, why="Salaisuus")
    name = loan.expert.user.name
    forget_loans(at=now)

    page = said(counter.get(url("loan", loan.pk)))

    assert "Forgotten" in page
    assert name not in page
    assert "Salaisuus" not in page
    assert "Forgotten" in said(counter.get(url("loans") + "?state=all"))


def test_loans_are_found_by_name_and_device(counter, device, now):
    loan = make_loan(now, device=device, state=S.GRANTED)

    for words in (loan.expert.user.name.split()[0], device.label):
        found = counter.get(url("loans") + f"?q={words}").context["list"]
        assert [row.of for row in found.rows] == [loan]
