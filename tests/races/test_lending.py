"""One device that several promise at the same moment. Real threads, real commits."""

from datetime import timedelta
from functools import partial

import pytest

from luukku.accounts.models import User
from luukku.notices.models import Letter
from luukku.readiness import actions
from luukku.readiness.models import Loan
from luukku.readiness.refusals import DeviceLent, NotFree, NotFreeLonger
from luukku.readiness.states import LoanState
from tests.factories.accounts import make_coordinator
from tests.factories.readiness import make_device, make_loan
from tests.races.at_once import at_once, errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
S = LoanState


@pytest.fixture(autouse=True)
def _machine(db):
    User.objects.machine()


def promise(loan, device, at):
    by = make_coordinator()
    return partial(actions.grant_loan, loan, device=device, fetch="Aula", by=by, at=at)


def test_one_device_is_promised_to_one_of_many(at):
    device = make_device(at)
    loans = [make_loan(at, device=device) for _n in range(5)]

    outcomes = at_once([promise(loan, device, at) for loan in loans])

    assert errors(outcomes) == [NotFree] * 4
    assert Loan.objects.filter(state=S.GRANTED).count() == 1
    assert Letter.objects.filter(kind="readiness.loan_granted").count() == 1
    refused = next(one for one in outcomes if isinstance(one, NotFree))
    assert device.label in str(refused.words)


def test_more_time_and_a_promise_at_once(at):
    device = make_device(at)
    out = make_loan(at, device=device, state=S.OUT, starts_in=0, days=3)
    later = out.until_on + timedelta(days=6)
    actions.ask_longer(out, until_on=later, by=out.expert.user, at=at)
    other = make_loan(at, device=device, starts_in=5)
    longer = partial(actions.grant_longer, out, until_on=later, by=make_coordinator(), at=at)

    outcomes = at_once([longer, promise(other, device, at)])

    assert errors(outcomes) in ([NotFree], [NotFreeLonger])


def test_taken_out_of_use_and_promised_at_once(at):
    device = make_device(at)
    loan = make_loan(at, device=device)
    retire = partial(actions.retire_device, device, by=make_coordinator(), at=at)

    outcomes = at_once([retire, promise(loan, device, at)])

    device.refresh_from_db()
    is_promised = Loan.objects.get().state == S.GRANTED
    assert is_promised == device.is_in_use
    assert len(errors(outcomes)) == 1
    assert errors(outcomes)[0] is DeviceLent or not is_promised
