"""The expert borrows equipment: asks, sees where it stands, cancels, asks for more time."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.core.times import helsinki
from luukku.orders.models import Mode
from luukku.readiness.models import Loan
from luukku.readiness.states import LoanState
from tests.factories.assignments import make_agreed, make_search
from tests.factories.readiness import make_borrower, make_device, make_loan
from tests.markup import said

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
S = LoanState


@pytest.fixture
def device(expert, now):
    """A device of the organisation that stands behind the expert."""
    User.objects.machine()
    made = make_device(now)
    type(expert).objects.filter(pk=expert.pk).update(background_organisation=made.organisation)
    expert.refresh_from_db()
    return made


def asked(device, now, **others):
    today = helsinki(now).date()
    return {
        "what": f"{device.organisation_id}-{device.kind}",
        "from_on": str(today + 2 * A_DAY),
        "until_on": str(today + 9 * A_DAY),
        "why": "Etätehtävät",
    } | others


def test_expert_asks_and_sees_the_request(desk, expert, device, now):
    page = desk.post(reverse("expert:loan-ask"), asked(device, now), follow=True)

    loan = Loan.objects.get(expert=expert)
    assert (loan.state, loan.lender, loan.why) == (S.ASKED, device.organisation, "Etätehtävät")
    assert "The lender answers in a few days." in said(page)
    assert "Asked for" in said(desk.get(reverse("expert:readiness")))


def test_task_is_chosen_among_ones_own_remote_ones(desk, expert, device, now):
    task = make_agreed(now, order=make_search(now, mode=Mode.REMOTE), expert=expert)
    make_agreed(now, expert=make_borrower(device, at=now))

    form = desk.get(reverse("expert:loan-ask")).context["form"]
    desk.post(reverse("expert:loan-ask"), asked(device, now, assignment=str(task.pk)))

    assert list(form.fields["assignment"].queryset) == [task]
    assert Loan.objects.get().assignment == Assignment.objects.get(pk=task.pk)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"why": ""}, "This field is required."),
        ({"what": "0-tablet"}, "Select a valid choice."),
        ({"until_on": "2000-01-01"}, "The last day is not before the first one."),
        ({"from_on": "2000-01-01"}, "The day has passed."),
        ({"from_on": "2190-01-01", "until_on": "2190-01-02"}, "within a year from now"),
        ({"until_on": "2190-01-02"}, "half a year at most"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(desk, device, now, wrong, words):
    page = desk.post(reverse("expert:loan-ask"), asked(device, now, **wrong))

    assert page.status_code == 422
    assert words in said(page)
    assert not Loan.objects.exists()


def test_page_says_where_nobody_lends(desk, expert):
    page = said(desk.get(reverse("expert:loan-ask")))

    assert "Nobody lends equipment to you here now." in page
    assert "Borrowed equipment" not in said(desk.get(reverse("expert:readiness")))


@pytest.mark.parametrize("number", [1, 3])
def test_own_loans_are_listed(desk, expert, device, now, number, django_assert_num_queries):
    for n in range(number):
        make_loan(now, device=device, expert=expert, starts_in=n)
    desk.get(reverse("expert:readiness"))

    with django_assert_num_queries(9):
        page = desk.get(reverse("expert:readiness"))

    assert len(page.context["loans"]) == number


def test_cancelling_is_asked_first(desk, expert, device, now):
    loan = make_loan(now, device=device, expert=expert, state=S.GRANTED)
    address = reverse("expert:loan-cancel", args=[loan.pk])

    page = said(desk.get(address))
    assert Loan.objects.get().state == S.GRANTED
    desk.post(address)

    assert "The lender is told." in page
    assert Loan.objects.get().state == S.CANCELLED


def test_more_time_is_asked_for(desk, expert, device, now):
    loan = make_loan(now, device=device, expert=expert, starts_in=0, state=S.OUT)
    address = reverse("expert:loan-longer", args=[loan.pk])

    page = desk.post(address, {"until_on": str(loan.until_on + 5 * A_DAY)}, follow=True)

    assert Loan.objects.get().wished_until == loan.until_on + 5 * A_DAY
    assert "You have asked for more time." in said(page)


def test_more_time_that_somebody_else_has_says_until_when(desk, expert, device, now):
    loan = make_loan(now, device=device, expert=expert, starts_in=0, days=5, state=S.OUT)
    make_loan(now, device=device, starts_in=8, state=S.GRANTED)

    page = desk.post(
        reverse("expert:loan-longer", args=[loan.pk]), {"until_on": str(loan.until_on + 9 * A_DAY)}
    )

    assert page.status_code == 422
    assert "It can be kept until" in said(page)


@pytest.mark.parametrize("page", ["loan", "loan-cancel", "loan-longer"])
def test_loan_of_another_is_not_there(desk, device, now, page):
    other = make_loan(now, device=device)

    assert desk.get(reverse(f"expert:{page}", args=[other.pk])).status_code == 404


def test_loan_page_says_late_and_whom_to_call(desk, expert, device, now):
    loan = make_loan(now - 20 * A_DAY, device=device, expert=expert, state=S.OUT)

    page = said(desk.get(reverse("expert:loan", args=[loan.pk])))

    assert "Late by 8 days" in page
    assert loan.contact.name in page
