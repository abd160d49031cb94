"""Offers that have ended: asked once more, or answered with a late yes by phone."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments import actions as assignments
from luukku.assignments.models import Offer, Origin, Via
from luukku.assignments.queries import times_to_choose
from luukku.web.counter.frame import form_page, say_done
from luukku.web.counter.orders.frame import end_of, find_order, moved_on
from luukku.web.counter.orders.offers import agreed_words, answer_page
from luukku.web.counter.orders.reading import AnswerByForm
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.parts.assignments.forms import AnswerForm
from luukku.workflow.actions import WrongState


class AgainForm(AnswerByForm):
    """Why the expert is asked once more, and by when they answer."""

    words = forms.CharField(
        label=gettext_lazy("Why do you ask once more?"),
        max_length=500,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "A sentence to the expert, for example what has changed. No health information, please."
        ),
    )
    field_order = ("words", "answer_by")


def _offer(pk: int) -> Offer:
    found = Offer.objects.select_related(
        "expert__user", "order__contact", "order__organisation", "order__task_type"
    )
    return get_object_or_404(found, pk=pk)


@page("coordinator", methods=("GET", "POST"))
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask an expert who has said no, or nothing, once more."""
    found, now = _offer(pk), timezone.now()
    form = AgainForm(request.POST if request.method == "POST" else None, order=found.order)
    if request.method == "POST" and form.is_valid():
        try:
            with assignments.undoable(found.order, by=request.user, at=now):
                assignments.propose(
                    found.order,
                    found.expert,
                    by=request.user,
                    at=now,
                    answer_by=end_of(form.cleaned_data["answer_by"]),
                    origin=Origin.NAMED if found.origin == Origin.NAMED else Origin.SUGGESTED,
                    reasons=found.reasons,
                    words=form.cleaned_data["words"],
                )
            messages.success(request, _("Asked. You see the answers here as they come."))
        except (assignments.OfferedAlready, assignments.NotInBank):
            messages.info(
                request,
                _("%(name)s has been asked already or is not available.")
                % {"name": found.expert.code_name},
            )
        except assignments.TooLate:
            messages.warning(
                request, _("All the times have passed. Call the orderer and change them first.")
            )
        except WrongState:
            moved_on(request)
        return see_other("counter:order", found.order_id)
    title = _("Ask %(name)s again") % {"name": found.expert.code_name}
    return form_page(request, find_order(found.order_id), form, title=title, label=_("Ask again"))


@page("coordinator", methods=("GET", "POST"))
def late_yes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that an expert says yes after all, by phone or on paper."""
    found, now = _offer(pk), timezone.now()
    form = AnswerForm(
        times_to_choose(found.order, at=now), request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            with assignments.undoable(found.order, by=request.user, at=now):
                task = assignments.accept_after_all(
                    found,
                    by=request.user,
                    at=now,
                    via=Via.COUNTER,
                    time=form.chosen(),
                    on_behalf_of=found.expert.user,
                )
            say_done(request, agreed_words(task), at=now)
        except assignments.AlreadyBooked:
            messages.warning(request, _("The expert has agreed on another task at the same time."))
        except assignments.NotInBank:
            messages.warning(
                request,
                _("The expert has taken back the consent to be suggested. Call before you go on."),
            )
        except assignments.NoSeatLeft:
            messages.info(request, _("Every seat has an expert already."))
        except assignments.TooLate:
            messages.info(request, _("The time to answer, or the task’s time, has passed."))
        except (WrongState, assignments.OfferedAlready, assignments.TimeNeeded):
            moved_on(request)
        return see_other("counter:order", found.order_id)
    if found.order.assignments.live().filter(expert=found.expert_id).exists():
        name = {"name": found.expert.code_name}
        messages.info(request, _("%(name)s has said yes to this task already.") % name)
        return see_other("counter:order", found.order_id)
    status = 422 if request.method == "POST" else 200
    return answer_page(request, found, form, at=now, is_late=True, status=status)
