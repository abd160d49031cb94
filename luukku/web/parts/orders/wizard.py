"""The order's steps as pages. A surface says who is filling in and under which addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.db import transaction
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
from luukku.web.kit.fetch import fresh
from luukku.web.kit.redirects import SeeOther
from luukku.web.parts.account.sign_in.limits import LETTERS, Tries
from luukku.web.parts.orders.forms import MISSING, STEP_OF, STEPS, Guest, Repeat, StepForm
from luukku.web.parts.orders.odd_times import odd_times
from luukku.workflow.actions import WrongState

CHECK = "check"
NAMES = [*STEPS, CHECK]


@dataclass(frozen=True)
class Wizard:
    """One order being filled in by one person on one surface.

    Attributes:
        surface: namespace of the addresses ``order-step`` and ``order-check``.
        base: template that the pages extend.
        by: who fills in; None for a guest.
        tabs: the desk's tabs, where there are any.
        begin: makes the order when its first step is saved; ``order`` has no number before that.
    """

    request: HttpRequest
    order: Order
    surface: str
    base: str
    by: User | None
    tabs: list[dict[str, object]]
    begin: Callable[..., Order] | None = None

    def url(self, step: str) -> str:
        """Return the address of a step."""
        if step == CHECK:
            return reverse(f"{self.surface}:order-check", args=[self.order.pk])
        return reverse(f"{self.surface}:order-step", args=[self.order.pk, step])

    @property
    def behalf(self) -> User | None:
        """For whom the counter fills in; None where one orders oneself."""
        by, contact = self.by, self.order.contact
        return contact if by is not None and by.is_counter and contact != by else None

    @property
    def throw_away(self) -> str:
        """Where the counter ends what it began for a caller who orders nothing after all."""
        if self.behalf is None or self.order.pk is None:
            return ""
        return reverse(f"{self.surface}:order-cancel", args=[self.order.pk])

    @property
    def returns(self) -> bool:
        """Whether one came from the summary to change something, and goes back there."""
        return self.request.GET.get("then") == CHECK

    def steps(self, current: str) -> list[dict[str, object]]:
        """Return the steps for the indicator; one moves by the buttons, which save."""
        labels = [*(label for label, _form in STEPS.values()), _("Check and send")]
        here = NAMES.index(current)
        return [
            {
                "number": n + 1,
                "label": label,
                "url": "",
                "is_current": n == here,
                "is_done": n < here,
            }
            for n, label in enumerate(labels)
        ]

    def _render(
        self, template: str, current: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context |= {
            "order": self.order,
            "base": self.base,
            "tabs": self.tabs,
            "steps": self.steps(current),
            "step": current,
            "step_number": NAMES.index(current) + 1,
            "step_count": len(NAMES),
            "is_guest": self.by is None,
            "behalf": self.behalf,
            "throw_away": self.throw_away,
        }
        return render(self.request, template, context, status=status)

    def step(self, name: str) -> HttpResponse:
        """Show or save one step. Going on asks for everything; going back or stopping saves what there is."""
        if self.order.state != OrderState.DRAFT:
            return self._moved_on()
        form_class = STEPS[name][1]
        if self.request.method != "POST":
            return self._show(name, form_class(instance=self.order))
        way = self.request.POST.get("go", "next")
        form = form_class(
            self.request.POST, instance=self.order, is_whole=way not in {"back", "later"}
        )
        if not form.is_valid():
            return self._show(name, form, status=422)
        if self.order.pk is None and not form.is_whole and not form.has_changed():
            messages.info(self.request, _("Nothing was filled in yet, so no draft was made."))
            return self._stop()
        now = timezone.now()
        try:
            with transaction.atomic():
                is_new = self.order.pk is None
                order = self.begin(at=now) if is_new else fresh(self.order)
                actions.save_draft(order, by=self.by, at=now, **form.arguments())
        except WrongState:
            return self._moved_on()
        for line in [] if self.returns else form.odd():  # the summary says it itself
            messages.warning(self.request, line)
        return replace(self, order=order)._go(name, way)

    def _show(self, name: str, form: StepForm, *, status: int = 200) -> HttpResponse:
        title, is_first = STEPS[name][0], name == NAMES[0]
        return self._render(
            "parts/orders/step.html",
            name,
            form=form,
            title=title,
            is_first=is_first,
            returns=self.returns,
            status=status,
        )

    def _go(self, name: str, way: str) -> HttpResponse:
        if way == "later":
            messages.success(
                self.request, _("The draft has been saved. You can go on whenever you like.")
            )
            return self._stop()
        if self.returns:
            return SeeOther(self.url(CHECK))
        place = NAMES.index(name) + (-1 if way == "back" else 1)
        return SeeOther(self.url(NAMES[max(place, 0)]))

    def _stop(self) -> HttpResponse:
        return SeeOther(reverse("public:order-start" if self.by is None else "desk"))

    def check(self) -> HttpResponse:
        """Show the whole order and send it; what is missing is named with a way there."""
        if self.order.state != OrderState.DRAFT:
            return self._moved_on()
        is_post = self.request.method == "POST"
        form_class = Guest if self.by is None else Repeat
        form = form_class(self.request.POST if is_post else None, order=self.order)
        missing = missing_parts(self.order, at=timezone.now())
        is_valid = is_post and form.is_valid()
        is_shown = is_post and not missing and form.wants_days()
        if is_shown:
            form = form_class(form.with_days(), order=self.order)
            is_valid = form.is_valid()
        elif is_valid and not missing:
            try:
                if self.by is not None:
                    return self._send(form, by=self.by)
                if not self._writes_too_often(form):
                    return self._ask(form)
            except actions.Incomplete as error:
                missing = error.missing
            except WrongState:
                return self._moved_on()
        is_begun = is_post or "title" not in missing
        return self._render(
            "parts/orders/check.html",
            CHECK,
            form=form,
            is_begun=is_begun,
            is_shown=is_shown,
            missing=[
                (MISSING[part], f"{self.url(STEP_OF[part])}?then={CHECK}") for part in missing
            ],
            odd=odd_times(self.order, at=timezone.now()),
            changes=[(STEPS[name][0], f"{self.url(name)}?then={CHECK}") for name in STEPS],
            back=self.url(NAMES[-2]),
            status=422 if is_post and not (is_shown and is_valid) else 200,
        )

    def _send(self, form: Repeat, *, by: User) -> HttpResponse:
        days, at = form.days(), timezone.now()
        behalf = self.behalf
        if days:
            sent = actions.send_series(
                self.order, days=days, **form.repeats(), by=by, at=at, on_behalf_of=behalf
            )
            messages.success(self.request, _("%(n)s orders are on their way.") % {"n": len(sent)})
        else:
            actions.send(self.order, by=by, at=at, on_behalf_of=behalf)
            words = _("Your order is on its way. The counter reads it next.")
            if behalf is not None:
                words = _("The order has been sent for %(name)s. Read and accept it next.")
                words %= {"name": behalf.name}
            messages.success(self.request, words)
        return SeeOther(reverse(f"{self.surface}:order", args=[self.order.pk]))

    def _writes_too_often(self, form: Guest) -> bool:
        """Return whether whoever sends has made us write too many letters, to this address or to others; it is told."""
        tries = Tries(self.request, "guest", form.cleaned_data["email"], LETTERS)
        is_over = tries.are_too_many()
        if is_over:
            form.add_error("email", get_adapter().validation_error("too_many_letters"))
        return is_over

    def _ask(self, form: Guest) -> HttpResponse:
        guest = actions.ask_confirmation(
            self.order,
            language=self.request.LANGUAGE_CODE,
            at=timezone.now(),
            days=form.days(),
            **form.repeats(),
            **form.sender_data(),
        )
        waits = "" if guest.has_letter else "?waits=1"
        return SeeOther(f"{reverse('public:order-asked')}{waits}")

    def _moved_on(self) -> HttpResponse:
        messages.info(
            self.request, _("This order is no draft any more: it has been sent or deleted.")
        )
        if self.by is None:
            return SeeOther(reverse("public:order-start"))
        return SeeOther(reverse(f"{self.surface}:order", args=[self.order.pk]))
