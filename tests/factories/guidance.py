"""Questions, named after how they were asked.

make_question(at)                       # by somebody with an account
make_question(at, email="a@example.test"), make_question(at, code="K7WD-…")   # without one
make_ready_answer(at)                   # in use, given again and again
make_handed_over(at)                    # to a checked organisation; (question, its contact person)
"""

from datetime import datetime, timedelta

from luukku.accounts.models import User
from luukku.guidance import actions
from luukku.guidance.models import CannedAnswer, Kind, Question, Topic
from luukku.organisations.models import MemberRole
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation


def make_question(
    at: datetime, *, words: str = "Miten alkuun?", by: User | None = None, **fields
) -> Question:
    """A question that waits; from a new person unless contact details or a code are given."""
    if by is None and not {"email", "phone", "code"} & fields.keys():
        by = make_person()
    return actions.ask(
        words, by=by, at=at, **{"kind": Kind.ADVICE, "topic": Topic.TRAINING} | fields
    )


def make_handed_over(
    at: datetime, *, shows_contact: bool = False, **fields
) -> tuple[Question, User]:
    """A question handed to a checked organisation, and the contact person who answers it there."""
    organisation = make_organisation(at=at)
    contact = make_member(organisation, role=MemberRole.BACKGROUND, is_contact=True, at=at)
    question = actions.hand_over(
        make_question(at, **fields),
        to=organisation,
        agreed="Sovittu Maijan kanssa",
        shows_contact=shows_contact,
        follow_on=(at + timedelta(days=7)).date(),
        by=make_coordinator(),
        at=at,
    )
    return question, contact


def make_ready_answer(at: datetime, title: str = "Miten alkuun?", **fields) -> CannedAnswer:
    """A ready answer in Finnish, in use and not to be published unless told otherwise."""
    usual = {"words": "Soita luukkuun.", "language": "fi", "may_be_faq": False, "is_active": True}
    return actions.keep_answer(None, title=title, by=make_coordinator(), at=at, **usual | fields)
