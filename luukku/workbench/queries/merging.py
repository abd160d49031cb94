"""Which accounts may be made one, and which have been."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.experts.models import Expert
from luukku.workbench.models import Merged, MergedQuerySet
from luukku.workbench.queries.unifying import rows_named

# The history of a person: what goes with them when two accounts become one.
MOVES = (
    "organisations.Membership.user",
    "organisations.ChangeAsked.asked_by",
    "orders.Order.contact",
    "orders.Order.made_by",
    "orders.ChangeRequest.asked_by",
    "orders.TimeQuestion.answered_by",
    "guidance.Question.asked_by",
    "guidance.Message.by",
    "feedback.Feedback.given_by",
    "feedback.WhatChanged.answered_by",
    "feedback.Debrief.asked_by",
    "content.PracticePage.submitted_by",
    "experts.Expert.user",
    "events.Event.responsible",
    "events.SignUp.person",
    "events.Booking.person",
    "training.Application.person",
    "training.TrainingWish.person",
    "training.PracticeLecture.contact",
    "training.LectureFeedback.given_by",
    "training.ThreadMessage.by",
    "readiness.Loan.contact",
    "privacy.Consent.person",
    "workbench.InternalNote.person",
    "notices.Letter.reader",  # last: an act locks letters after all else
)


def why_not_merged(double: User, into: User) -> str:
    """Return why ``double`` cannot become one with ``into``, and what helps; "" if it can.

    An account with a role at the counter goes on, and so does one with an expert's profile that somebody has signed
    in with: what only it may open passes to nobody. A profile that the counter alone has written goes along.
    """
    if double == into:
        return _("These are the same account.")
    if double.is_machine or into.is_machine:
        return _("This account is the system’s own.")
    if not (double.is_active and into.is_active):
        return _("One of the two accounts has been closed already.")
    is_expert = set(
        Expert.objects.filter(user__in=[double, into]).values_list("user_id", flat=True)
    )
    if double.merges.holding().exists():
        return _("This account has been made one with another already. Take that back first.")
    if double.pk in is_expert and into.pk in is_expert:
        return _(
            "Both have an expert’s profile. Ask the person to take one of them out of the expert bank and"
            " erase it first."
        )
    if (double.pk in is_expert or double.roles) and (into.pk in is_expert or into.roles):
        return _(
            "Both have a role at the counter or a profile. An administrator takes the role away first."
        )
    in_use = [one.last_login is not None for one in (double, into)]
    if any(in_use) and (into.roles if in_use == [True, False] else double.roles and not in_use[0]):
        return _(
            "One has been in use, the other has a role at the counter. An administrator takes the role away"
            " first, and gives it to the one that goes on."
        )
    if in_use == [True, False]:
        return _("The account that has been in use must go on. Turn the two round.")
    if double.email and not into.email and (in_use[1] or into.roles):
        return _("The account that must go on has no e-mail address. Give it one first.")
    if double.roles or (double.pk in is_expert and in_use[0]):
        return _(
            "The account with a profile or a role at the counter must go on. Turn the two round."
        )
    if double.email and not into.email:
        return _("The account with an e-mail address must go on. Turn the two round.")
    return ""


def history_of(user: User) -> dict[str, int]:
    """Return how many rows of each kind of ``MOVES`` are the person's, the empty ones left out."""
    counted = {}
    for name in MOVES:
        rows, field = rows_named(name)
        if n := rows.filter(**{field: user}).count():
            counted[name] = n
    return counted


def merges_of(user: User, *, viewer: User) -> MergedQuerySet:
    """Return what ``viewer`` may see of the merges that hold in which ``user`` is one of the two, the newest first."""
    found = Merged.objects.visible_to(viewer).holding().filter(Q(double=user) | Q(into=user))
    return found.select_related("double", "into", "by").order_by("-at", "-pk")
