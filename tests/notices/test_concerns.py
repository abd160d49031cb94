"""One is asked about the letters that one may get, and about no others."""

import pytest

from luukku.notices.actions import choose
from luukku.notices.models import Channel
from luukku.notices.queries import choices_of
from tests.factories.accounts import make_admin, make_coordinator, make_person
from tests.factories.experts import make_expert
from tests.factories.orders import make_orderer

pytestmark = pytest.mark.django_db
OF_COUNTER = {"guidance.assigned", "guidance.asked_again", "guidance.due"}
OF_WRITERS = {"content.page_submitted", "content.page_approved"}
OF_ORDERERS = {"orders.searching"}
SOME = OF_COUNTER | OF_WRITERS | OF_ORDERERS


@pytest.mark.parametrize(
    ("make", "asked"),
    [
        (make_person, set()),
        (lambda: make_expert().user, set()),
        (make_orderer, OF_ORDERERS),
        (make_admin, OF_WRITERS),
        (make_coordinator, OF_COUNTER | OF_WRITERS),
    ],
    ids=["nobody", "expert", "orderer", "admin", "coordinator"],
)
def test_only_letters_of_one_s_roles_are_asked_about(make, asked):
    kinds = {choice.kind for choice in choices_of(make())}

    assert kinds & SOME == asked
    assert {"guidance.received", "assignments.reminder"} <= kinds


def test_what_was_chosen_once_stays_to_be_changed(now):
    person = make_person()
    choose(person, "guidance.due", Channel.DESK, by=person, at=now)

    assert "guidance.due" in {choice.kind for choice in choices_of(person)}
