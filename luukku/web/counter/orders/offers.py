"""Asking experts and writing down what they answer."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Offer, Origin, Via
from luukku.assignments.queries import times_to_choose
from luukku.experts.models import Expert
from luukku.matching.queries import match
from luukku.orders.states import OrderState
from luukku.web.counter.common import form_page
from luukku.web.counter.orders.common import end_of, find_order, moved_on
from luukku.web.counter.orders.reading import ProposeForm, order_page
from luukku.web.http import page, see_other
from luukku.web.ui.forms import Form
from luukku.workflow.actions import WrongState


@page("coordinator", methods=("POST",))
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the order to the chosen candidates."""
    found, now = find_order(pk), timezone.now()
    candidates = (
        {c.expert_id: c for c in match(found, at=now).candidates}
        if found.state == OrderState.SEARCHING
        else {}
    )
    form = ProposeForm(request.POST, candidates=list(candidates.values()))
    if not candidates:
        moved_on(request)
        return see_other("counter:order", pk)
    if not form.is_valid():
        return order_page(request, found, form=form, status=422)
    answer_by = end_of(form.cleaned_data["answer_by"])
    asked = 0
    for expert in (
        Expert.objects.filter(pk__in=form.cleaned_data["experts"])
        .select_related("user")
        .order_by("pk")
    ):
        try:
            assignments.propose(
                found,
                expert,
                by=request.user,
                at=now,
                answer_by=answer_by,
                reasons=candidates[expert.pk].reasons,
            )
            asked += 1
        except (assignments.OfferedAlready, assignments.NotInBank):
            messages.info(
                request,
                _("%(name)s has been asked already or is not available.")
                % {"name": expert.code_name},
            )
        except assignments.TooLate:
            messages.warning(
                request, _("All the times have passed. Call the orderer and change them first.")
            )
            break
        except WrongState:
            moved_on(request)
            break
    if asked:
        messages.success(request, _("Asked. You see the answers here as they come."))
    return see_other("counter:order", pk)


def _home(_request: HttpRequest, pk: int) -> str:
    found = get_object_or_404(Offer, pk=pk)
    return reverse("counter:order", args=[found.order_id])


@page("coordinator", methods=("POST",), home=_home)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a sign-up, or write down what an expert said by phone or on paper."""
    found = get_object_or_404(Offer.objects.select_related("expert__user", "order"), pk=pk)
    now = timezone.now()
    is_sign_up = found.origin == Origin.SIGNED_UP
    behalf: User | None = None if is_sign_up else found.expert.user
    choices = {str(time.pk): time for time in times_to_choose(found.order, at=now)}
    time = choices.get(request.POST.get("time", ""))
    try:
        if "withdraw" in request.POST:
            assignments.withdraw(
                found,
                by=request.user,
                at=now,
                on_behalf_of=found.expert.user if is_sign_up else None,
            )
        elif "decline" in request.POST:
            assignments.decline(found, by=request.user, at=now, on_behalf_of=behalf)
        else:
            assignments.accept(
                found, by=request.user, at=now, via=Via.COUNTER, time=time, on_behalf_of=behalf
            )
            messages.success(request, _("Agreed. Both have been told."))
    except assignments.AlreadyBooked:
        messages.warning(request, _("The expert has agreed on another task at the same time."))
    except assignments.TimeNeeded:
        messages.warning(request, _("Choose which of the times was agreed."))
    except assignments.NotInBank:
        messages.warning(
            request,
            _("The expert has taken back the consent to be suggested. Call before you go on."),
        )
    except assignments.NoSeatLeft:
        messages.info(request, _("Every seat has an expert already."))
    except assignments.TooLate:
        messages.info(request, _("The time to answer, or the task’s time, has passed."))
    except WrongState:
        messages.info(request, _("The offer has already been answered or taken back."))
    return see_other("counter:order", found.order_id)


class SignUpForm(Form):
    """Who has called to sign up."""

    code_name = forms.CharField(label=gettext_lazy("Code name of the expert"), max_length=40)

    def clean_code_name(self) -> Expert:
        """Find the expert in the bank."""
        name = " ".join(self.cleaned_data["code_name"].split())
        expert = (
            Expert.objects.active().filter(code_name__iexact=name).select_related("user").first()
        )
        if expert is None:
            raise ValidationError(_("No expert in the bank has this code name."))
        return expert


@page("coordinator", methods=("GET", "POST"))
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign up an expert who has called about an open call."""
    found = find_order(pk)
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        expert = form.cleaned_data["code_name"]
        try:
            assignments.sign_up(found, expert, by=request.user, at=timezone.now())
            messages.success(
                request, _("Signed up. Choose the expert below when you have decided.")
            )
        except (assignments.OfferedAlready, assignments.NotInBank):
            messages.info(
                request,
                _("%(name)s has been asked already or is not available.")
                % {"name": expert.code_name},
            )
        except WrongState:
            messages.info(request, _("This is not an open call, or its time to sign up has ended."))
        return see_other("counter:order", pk)
    return form_page(
        request, found, form, title=_("Sign up an expert who called"), label=_("Sign up")
    )
