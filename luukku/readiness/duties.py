"""What waits for the counter: practising the connection with an expert, and loans that nobody else sees to."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Func, Q, QuerySet, Value
from django.utils.translation import gettext_lazy

from luukku.accounts.queries import who_may_be_called
from luukku.core.compiled import Instant, day_at, objects_once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.core.known import known
from luukku.readiness.models import Loan, Readiness
from luukku.readiness.notices import what_of

PRACTISE = DutyKind(
    "practise",
    gettext_lazy("Practise the remote connection with an expert"),
    page="counter:readiness",
    within=timedelta(days=7),
)


@PRACTISE.finds
def wishes_for_help(at: Instant) -> Waiting:
    """Experts who would like help with the connection."""
    return Waiting(Readiness.objects.waiting(), since="wished_at")


@PRACTISE.calls
def with_whom(keys: Collection[int]) -> dict[int, Called]:
    """The expert, and their number if calls are agreed to."""
    rows = _wishes(keys=list(keys))
    agreed = who_may_be_called(row.expert.user_id for row in rows)
    return {
        row.pk: Called(
            row.expert.user.name,
            row.expert.user.name,
            row.expert.user.phone if row.expert.user_id in agreed else "",
        )
        for row in rows
    }


@objects_once
def _wishes() -> QuerySet[Readiness]:
    rows = Readiness.objects.filter(with_keys()).select_related("expert__user")
    return rows.only("expert__user__name", "expert__user__phone")


ANSWER_WITHIN = timedelta(days=3)  # so long a lender with people may take before the counter asks
LOAN = DutyKind(
    "loan",
    gettext_lazy("Answer a request to borrow equipment"),
    page="counter:loan",
    within=timedelta(days=5),
)


@LOAN.finds
def unanswered_loans(at: Instant) -> Waiting:
    """Requests and wishes for more time: of lenders without people at once, of the others when they are slow."""
    slow = Q(waits_since__lte=at - ANSWER_WITHIN)
    return Waiting(Loan.objects.waiting().left_to_counter(slow), since="waits_since")


CALL_WITHIN = timedelta(days=7)  # so long a lender with people may take to get a device back
LATE = DutyKind(
    "loan_late",
    gettext_lazy("Ask for a device that has not come back"),
    page="counter:loan",
    within=timedelta(days=14),
)


@LATE.finds
def late_loans(at: Instant) -> Waiting:
    """Devices that are late: of lenders without people at once, of the others when they have been late for long."""
    long_late = Q(until_on__lt=day_at(at - CALL_WITHIN))
    day = ExpressionWrapper(F("until_on") + Value(timedelta(days=1)), output_field=DateTimeField())
    midnight = Func(
        Value("Europe/Helsinki"), day, function="timezone", output_field=DateTimeField()
    )
    return Waiting(Loan.objects.overdue(at).left_to_counter(long_late), since=midnight)


@LOAN.calls
@LATE.calls
def whose_loan(keys: Collection[int]) -> dict[int, Called]:
    """What is borrowed and of whom; the borrower, and their number if calls are agreed to."""
    rows = _loans(keys=list(keys))
    people = {row.pk: known(row.expert).user for row in rows}  # such a loan is never forgotten
    agreed = who_may_be_called(person.pk for person in people.values())
    return {
        row.pk: Called(
            f"{people[row.pk].name} · {what_of(row)} · {row.lender.name}",
            people[row.pk].name,
            people[row.pk].phone if people[row.pk].pk in agreed else "",
        )
        for row in rows
    }


@objects_once
def _loans() -> QuerySet[Loan]:
    rows = Loan.objects.filter(with_keys()).select_related("expert__user", "lender", "device")
    return rows.only(
        "kind",
        "device__kind",
        "device__label",
        "lender__name",
        "expert__user__name",
        "expert__user__phone",
    )
