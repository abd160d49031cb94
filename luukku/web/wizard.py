"""The order's steps as pages. A surface says who is filling in and under which addresses."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.orders import actions
from luukku.orders.models import Order
from luukku.orders.queries import missing_parts
from luukku.orders.states import OrderState
from luukku.web.http import SeeOther
from luukku.web.order_forms import MISSING, STEP_OF, STEPS, Guest, Repeat
from luukku.workflow.actions import WrongState


@dataclass(frozen=True)
class Wizard:
    """One order being filled in by one person on one surface.

    Attributes:
        surface: namespace of the addresses ``order-step`` and ``order-check``.
        base: template that the pages extend.
        by: who fills in; None for a guest.
        tabs: the desk's tabs, where there are any.
    """

    request: HttpRequest
    order: Order
    surface: str
    base: str
    by: User | None
    tabs: list[dict[str, object]]

    def url(self, step: str) -> str:
        """Return the address of a step."""
        if step == "check":
            return reverse(f"{self.surface}:order-check", args=[self.order.pk])
        return reverse(f"{self.surface}:order-step", args=[self.order.pk, step])

    def steps(self, current: str) -> list[dict[str, object]]:
        """Return the steps for the indicator."""
        names = [*STEPS, "check"]
        labels = [*(label for label, _form in STEPS.values()), _("Check and send")]
        here = names.index(current)
        return [
            {
                "number": n + 1, "label": label, "url": self.url(name), "is_current": n == here, "is_done": n < here,
            }
            for n, (name, label) in enumerate(zip(names, labels, strict=True))
        ]

    def _render(self, template: str, current: str, *, status: int = 200, **context: object) -> HttpResponse:
        context |= {
            "order": self.order, "base": self.base, "tabs": self.tabs, "steps": self.steps(current),
            "step": current, "step_number": [*STEPS, "check"].index(current) + 1, "step_count": len(STEPS) + 1,
        }
        return render(self.request, template, context, status=status)

    def step(self, name: str) -> HttpResponse:
        """Show or save one step; what is saved stays saved whatever happens next."""
        label, form_class = STEPS[name]
        if self.order.state != OrderState.DRAFT:
            return self._moved_on()
        names = [*STEPS, "check"]
        before = names[names.index(name) - 1] if name != names[0] else ""
        context = {"title": label, "back": self.url(before) if before else ""}
        if self.request.method != "POST":
            return self._render("ui/order/step.html", name, form=form_class(instance=self.order), **context)
        form = form_class(self.request.POST, instance=self.order)
        if not form.is_valid():
            self.order.refresh_from_db()
            return self._render("ui/order/step.html", name, form=form, status=422, **context)
        fields = {field: value for field, value in form.cleaned_data.items() if field in actions.EDITABLE}
        languages = form.cleaned_data.get("languages")
        try:
            actions.save_draft(
                Order.objects.get(pk=self.order.pk), by=self.by, at=timezone.now(),
                **(fields | form.extra() | ({"languages": languages} if languages is not None else {})),
            )
        except WrongState:
            return self._moved_on()
        return SeeOther(self.url(names[names.index(name) + 1]))

    def check(self) -> HttpResponse:
        """Show the whole order and send it; what is missing is named with a way there."""
        if self.order.state != OrderState.DRAFT:
            return self._moved_on()
        is_guest = self.by is None
        posted = self.request.POST if self.request.method == "POST" else None
        repeat = None if is_guest else Repeat(posted)
        guest = Guest(posted) if is_guest else None
        missing = missing_parts(self.order, at=timezone.now())
        form = guest or repeat
        if posted is not None and form.is_valid() and not missing:
            try:
                return self._send_guest(guest) if is_guest else self._send(repeat)
            except actions.Incomplete as error:
                missing = error.missing
            except WrongState:
                return self._moved_on()
        return self._render(
            "ui/order/check.html", "check", form=form, back=self.url("terms"), is_guest=is_guest,
            missing=[(MISSING[part], self.url(STEP_OF.get(part, "what"))) for part in missing],
            status=200 if posted is None else 422,
        )

    def _send(self, repeat: Repeat) -> HttpResponse:
        at = timezone.now()
        every, times = repeat.cleaned_data["every"], repeat.cleaned_data["times"]
        behalf = self.order.contact if self.order.contact != self.by else None
        twins = actions.repeat(self.order, every=actions.Every(every), times=times, by=self.by, at=at) if every else []
        for order in (self.order, *twins):
            actions.send(order, by=self.by, at=at, on_behalf_of=behalf)
        messages.success(self.request, _("Your order is on its way. The counter reads it next."))
        return SeeOther(reverse(f"{self.surface}:order", args=[self.order.pk]))

    def _send_guest(self, guest: Guest) -> HttpResponse:
        actions.ask_confirmation(
            self.order, language=self.request.LANGUAGE_CODE, at=timezone.now(), **guest.cleaned_data
        )
        return SeeOther(reverse("public:order-asked"))

    def _moved_on(self) -> HttpResponse:
        messages.info(self.request, _("This order has already been sent."))
        name = "public:order-asked" if self.by is None else f"{self.surface}:order"
        return SeeOther(reverse(name, args=[] if self.by is None else [self.order.pk]))
