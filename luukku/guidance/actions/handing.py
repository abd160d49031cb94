"""Another organisation answers, and the counter follows that it does."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.guidance.actions.common import holding, keep_promise, promise, tell_asker
from luukku.guidance.models import HandOver, Message, Question, Side
from luukku.guidance.notices import QuestionAnswered, QuestionForYou, QuestionHandedOver
from luukku.guidance.states import ANSWER_FOR, FOLLOW, HAND_OVER, TAKE_BACK
from luukku.notices.actions import tell
from luukku.organisations.models import Organisation
from luukku.workflow.actions import WrongState, moving


class NotReady(Refused):
    """The organisation cannot be handed a question: not checked, or without a contact person."""

    words = _("It has no contact person any more.")
    field = "organisation"


class NoConsent(Refused):
    """There are no contact details to give: the asker has told none."""


def hand_over(
    question: Question,
    *,
    to: Organisation | str,
    agreed: str,
    shows_contact: bool,
    follow_on: date,
    by: User,
    at: datetime,
) -> Question:
    """Let another organisation answer; the asker is told who, and the counter looks again on ``follow_on``.

    Args:
        to: a checked organisation of the register, whose contact person then sees the thread, or the
            name of an outside one.
        shows_contact: the asker has said yes to giving their name and contact details.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: it has been answered or handed over already.
        NotReady: ``to`` is not checked or has no contact person.
        NoConsent: an anonymous asker has no contact details to show.
    """
    if shows_contact and question.is_anonymous:
        raise NoConsent
    ours = to if isinstance(to, Organisation) else None
    contacts: list[User] = []
    if ours is not None:
        members = ours.memberships.filter(is_contact=True).select_related("user").order_by("pk")
        contacts = list(dict.fromkeys(member.user for member in members))
        if not contacts or not Organisation.objects.vetted().filter(pk=ours.pk).exists():
            raise NotReady
    data = {"organisation": ours.pk if ours else None, "shows_contact": shows_contact}
    with moving(question, HAND_OVER, by=by, at=at, data=data) as question:
        keep_promise(question)
        given = HandOver.objects.create(
            question=question,
            organisation=ours,
            outside_name="" if isinstance(to, Organisation) else to,
            agreed=agreed,
            shows_contact=shows_contact,
            by=by,
            at=at,
            follow_on=follow_on,
        )
        for contact in contacts:
            tell(QuestionForYou(question, given, None), to=contact, at=at)
        tell_asker(QuestionHandedOver(question, given), question, at=at)
    return question


def answer_for(question: Question, words: str, *, by: User, at: datetime) -> Question:
    """Answer for the organisation that holds the question; the answer reaches the asker through us.

    Raises:
        PermissionDenied: ``by`` is not its contact person.
        WrongState: it has been answered or taken back already.
    """
    with moving(question, ANSWER_FOR, by=by, at=at) as question:
        given = _end(question, by=by, at=at)
        keep_promise(question)
        message = Message.objects.create(
            question=question,
            side=Side.ORGANISATION,
            organisation=given.organisation,
            words=words,
            by=by,
            at=at,
        )
        tell_asker(QuestionAnswered(question, message), question, at=at)
    return question


def follow(question: Question, *, by: User, at: datetime) -> Question:
    """Note that the asker has got an answer from the one who held the question.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: nobody holds it any more.
    """
    with moving(question, FOLLOW, by=by, at=at) as question:
        _end(question, by=by, at=at)
        keep_promise(question)
    return question


def take_back(question: Question, *, by: User, at: datetime) -> Question:
    """Let the counter answer after all; the promise begins anew. Errors as in ``follow``."""
    with moving(question, TAKE_BACK, by=by, at=at) as question:
        _end(question, by=by, at=at)
        promise(question, at=at)
    return question


def _end(question: Question, *, by: User, at: datetime) -> HandOver:
    given = holding(question)
    given.ended_at, given.ended_by = at, by
    given.save(update_fields=["ended_at", "ended_by"])
    return given


def postpone(question: Question, *, follow_on: date, by: User, at: datetime) -> HandOver:
    """Look again on another day.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: nobody holds the question any more.
    """
    if not by.has_perm("guidance.postpone", question):
        raise PermissionDenied("guidance.postpone")
    with transaction.atomic():
        Question.objects.filter(pk=question.pk).update(hurry_on=None)  # somebody has just looked
        try:
            given = holding(question)
        except HandOver.DoesNotExist as error:
            raise WrongState(question) from error
        given.follow_on = follow_on
        given.save(update_fields=["follow_on"])
        record("guidance.postpone", by=by, about=question, at=at)
    return given
