"""One event, and signing up for it with an account or as a guest. Works without JavaScript, on a phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.content.queries import words_about
from luukku.core.links import BadLink, ends_at, read
from luukku.core.times import whens
from luukku.events import actions
from luukku.events.calendar import single
from luukku.events.models import Event, How, SignUp
from luukku.events.queries import first_names, own_sign_up, shows_first_names, spans, was_away
from luukku.events.schema import event_schema
from luukku.events.states import SignUpState
from luukku.feedback.queries import why_not_tell
from luukku.training.queries import (
    behind_place,
    own_application,
    programme_of,
    why_not_apply,
)
from luukku.web.kit.access import EVERYONE, SIGNED_IN, home_at, page, sign_in_first
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.confirm import question
from luukku.web.kit.fetch import fetch
from luukku.web.kit.limits import is_too_often, who
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request, is_signed_in
from luukku.web.parts.events.facts import event_view
from luukku.web.parts.events.forms import GuestForm, sign_up_form
from luukku.web.parts.events.materials import materials_view
from luukku.web.public.signed_links.common import MAX_AGE, bad_link, told_page
from luukku.web.ui.forms import Form
from luukku.workflow.queries import may

MOST_AN_HOUR = 10  # sign-ups without an account from one address


def shown_event(request: HttpRequest, pk: int) -> Event:
    """Return the event, if the reader may see it; without an account what is open to all."""
    if is_signed_in(request):
        return fetch(Event, pk, for_=request.user)
    return get_object_or_404(Event.objects.open_to_all(), pk=pk)


def _own(request: Request, pk: int) -> SignUp:
    """Return the reader's own sign-up for the event.

    Raises:
        Http404: there is none.
    """
    own = own_sign_up(fetch(Event, pk, for_=request.user), request.user)
    if own is None:
        raise Http404
    return own


@page(EVERYONE)
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is, when and where, and how one's own sign-up stands."""
    found = shown_event(request, pk)
    reader = request.user if is_signed_in(request) else None
    view = event_view(found, reader, at=timezone.now())
    form = sign_up_form(found)
    context = {"view": view, "event": found, "asks": bool(form.base_fields)}
    context["materials"] = materials_view(found, reader, view.own, at=timezone.now())
    context["words"] = words_about(found, language=request.LANGUAGE_CODE)
    context["shows_names"] = shows_first_names(found)
    if reader and may("events.see_first_names", found, reader):
        context["first_names"] = first_names(found, reader, at=timezone.now())
    context["schema"] = event_schema(found)
    context["is_ours"] = (
        reader is not None
        and not reader.is_counter
        and found.how != How.APPLICATION
        and may("events.edit", found, reader)
    )
    context["is_to_tell"] = (
        view.has_place and view.own and not why_not_tell(view.own, at=timezone.now())
    )
    if reader and view.is_over and view.own:
        own = SignUp.objects.of(reader).filter(pk=view.own.pk)
        context["was_there"] = view.has_place and own.exclude(was_away()).exists()
        context["has_told"] = own.exclude(feedback=None).exists()
    run = getattr(found, "run", None) if found.how == How.APPLICATION else None
    if run is not None:
        context |= {
            "run": run,
            "programme": programme_of(run),
            "may_apply": why_not_apply(run, reader, at=timezone.now()) is None,
            "application": own_application(run, reader) if reader else None,
        }
    return render(request, "public/events/detail.html", context)


@page(SIGNED_IN, methods=("POST",), home=home_at("public:event", "pk"))
def hold(request: Request, pk: int) -> HttpResponse:
    """Keep a place while the form is filled."""
    found = fetch(Event, pk, for_=request.user)
    return form_act(
        request,
        actions.hold,
        found,
        to=see_other("public:event-sign-up", pk),
        back=see_other("public:event", pk),
    )


@page(EVERYONE, methods=("GET", "POST"))
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, with an account or without one."""
    found = shown_event(request, pk)
    if is_signed_in(request):
        return _sign_up(request, found)
    if request.method == "POST" and not found.guests_ok:  # the session ended while it was written
        return sign_in_first(request)
    return _ask_guest(request, found)


def _sign_up(request: Request, found: Event) -> HttpResponse:
    form, here = sign_up_form(found)(data_of(request)), see_other("public:event", found.pk)
    view = event_view(found, request.user, at=timezone.now())
    if request.method != "POST" and (view.is_settled or (view.why and view.own is None)):
        return here
    return form_act(
        request,
        actions.sign_up,
        found,
        form=form,
        page=lambda status: _form_page(request, found, form, status=status),
        to=here,
        done=_told,
    )


def _told(own: SignUp) -> str:
    """Say how a sign-up stands that was just sent."""
    return {
        SignUpState.CONFIRMED: _("You have a place. We have written it to you as well."),
        SignUpState.WAITING: _(
            "Every place was taken. You are on the waiting list, and what you wrote has been kept."
        ),
        SignUpState.APPLIED: _(
            "Your sign-up waits for approval. We write to you when it is answered."
        ),
    }.get(SignUpState(own.state), "")


def _ask_guest(request: HttpRequest, found: Event) -> HttpResponse:
    form = sign_up_form(found, GuestForm)(data_of(request))
    view = event_view(found, None, at=timezone.now())
    if view.why and request.method != "POST":
        return see_other("public:event", found.pk)
    if request.method == "POST" and is_too_often(f"event:{who(request)}", most=MOST_AN_HOUR):
        form.add_error(
            None,
            _(
                "There have been many sign-ups from here. Try again in an hour, or call the counter."
            ),
        )

    def ask(found: Event, *, by: object, at: datetime, **told: Any) -> None:
        del by  # nobody has signed in
        actions.ask_guest(found, at=at, language=(get_language() or "fi")[:2], **told)

    return form_act(
        request,
        ask,
        found,
        form=form,
        page=lambda status: _form_page(request, found, form, status=status),
        to=see_other("public:event-asked"),
        back=see_other("public:event", found.pk),
    )


def _form_page(request: HttpRequest, found: Event, form: Form, *, status: int) -> HttpResponse:
    reader = request.user if is_signed_in(request) else None
    view = event_view(found, reader, at=timezone.now())
    context = {"view": view, "event": found, "form": form}
    return render(request, "public/events/form.html", context, status=status)


@page(EVERYONE)
def asked(request: HttpRequest) -> HttpResponse:
    """The link has been sent: the same, whoever the address belongs to."""
    return told_page(
        request,
        _("Look into your e-mail"),
        _(
            "We sent you a letter. You are signed up when you have opened the link in it and confirmed."
            " Confirm within two hours: after that the place may go to somebody else."
            " No letter? Look among spam, or call the counter."
        ),
    )


@page(SIGNED_IN, methods=("POST",), home=home_at("public:event", "pk"))
def say_yes(request: Request, pk: int) -> HttpResponse:
    """Take the place that was offered."""
    return form_act(
        request,
        actions.say_yes,
        _own(request, pk),
        to=see_other("public:event", pk),
        done=_("You have a place. We have written it to you as well."),
    )


@page(SIGNED_IN, methods=("GET", "POST"))
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Let the place or the turn go."""
    own, here = _own(request, pk), see_other("public:event", pk)
    if own.event.how == How.APPLICATION and (to := _application_page(own)):
        return to  # there one reads what becomes of the application
    return _withdraw(request, own, here, by=request.user)


def _application_page(own: SignUp) -> SeeOther | None:
    """Return where one withdraws from a training, or stops it; None where nobody applied."""
    application = behind_place(own)
    if application is None:
        return None
    starts_at = own.event.starts_at
    has_begun = starts_at is not None and starts_at <= timezone.now()
    return see_other(f"public:application-{'stop' if has_begun else 'withdraw'}", application.pk)


def _withdraw(request: HttpRequest, own: SignUp, here: SeeOther, *, by: User) -> HttpResponse:
    if request.method != "POST" and not may("events.withdraw", own, by):
        return here
    context = question(
        title=_("Withdraw from the event?"),
        lead=f"{own.event.title}, {whens(spans(own.event))}",
        follows=[
            _("Your place or your turn goes to the next one."),
            _("You can sign up again, as long as there are places."),
        ],
        label=_("Withdraw the sign-up"),
        back=here.url,
        keep=_("Keep it"),
    ) | {"base": "ui/public.html"}
    return form_act(
        request,
        actions.withdraw,
        own,
        by=by,
        ready=lambda: actions.require_not_over(own.event, at=timezone.now()),
        page=lambda status: render(request, "ui/confirm.html", context, status=status),
        to=here,
        done=_("You have withdrawn. Thank you for telling."),
    )


def _file(own: SignUp) -> HttpResponse:
    response = HttpResponse(single(own), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{own.pk}.ics"'
    return response


@page(SIGNED_IN)
def calendar(request: Request, pk: int) -> HttpResponse:
    """One's own sign-up as a file for a calendar program."""
    return _file(_own(request, pk))


def sign_up_behind(token: str) -> SignUp:
    """Return the sign-up that the link in a guest's letter opens.

    Raises:
        BadLink: forged or too old.
        Http404: it has been forgotten.
    """
    link = read(token, purpose="event-guest", max_age=MAX_AGE)
    return get_object_or_404(SignUp.objects.anonymous().select_related("event"), pk=link.object_id)


@page(EVERYONE, methods=("GET", "POST"))
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a sign-up without an account, and see how it stands."""
    try:
        own = sign_up_behind(token)
    except BadLink as error:
        return bad_link(request, error)
    here, now = see_other("public:event-guest", token), timezone.now()
    view = event_view(own.event, None, at=now, own=own)
    context = {
        "view": view,
        "event": own.event,
        "materials": materials_view(
            own.event, None, own, at=now, link_ends_at=ends_at(token, max_age=MAX_AGE)
        ),
        "is_to_tell": view.has_place and not why_not_tell(own, at=now),
        "tell": reverse("public:event-guest-feedback", args=[token]),
        "here": here.url,
        "leave": reverse("public:event-guest-leave", args=[token]),
        "is_asked": own.state in {SignUpState.HELD, SignUpState.EXPIRED},
    }

    def act(own: SignUp, *, by: object, at: datetime) -> SignUp:
        del by  # the link speaks for them
        if own.state == SignUpState.OFFERED:
            return actions.say_yes(own, by=User.objects.machine(), at=at)
        return actions.confirm_guest(own, at=at)

    return form_act(
        request,
        act,
        own,
        page=lambda status: render(request, "public/events/guest.html", context, status=status),
        to=here,
        done=_told,
    )


@page(EVERYONE, methods=("GET", "POST"))
def guest_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Withdraw without an account: whoever could sign up by the link can take it back by it."""
    try:
        own = sign_up_behind(token)
    except BadLink as error:
        return bad_link(request, error)
    return _withdraw(
        request, own, see_other("public:event-guest", token), by=User.objects.machine()
    )
