"""Signing up without an account: the link in the letter makes it true."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.events.actions.queueing import settle
from luukku.events.actions.signing import (
    Answers,
    begin,
    come,
    first_free,
    keep_answers,
    let_go_of_another_groups,
    require_answers,
    require_open,
)
from luukku.events.models import Event, Guest, How, SignUp, Via
from luukku.events.notices import ConfirmGuest, GuestHasAccount, GuestSignedUp, SignUpNotice
from luukku.events.queries import why_not
from luukku.events.states import LIVE_SIGN_UPS, SIGN_UP, SignUpState
from luukku.notices.actions import tell, tell_address
from luukku.notices.models import Letter
from luukku.workflow.actions import lock_for

GUEST_HOLD = timedelta(hours=2)  # the letter has to arrive and be read
MOST_LETTERS_A_DAY = 5  # to one address, whoever asks: it may be somebody else's
S = SignUpState


def guest_mark(email: str) -> str:
    """Return what tells a guest from others in one event: it follows from ``SECRET_KEY``."""
    return salted_hmac("luukku.events.guest", email, algorithm="sha256").hexdigest()


def ask_guest(
    event: Event,
    *,
    name: str,
    email: str,
    at: datetime,
    phone: str = "",
    language: str = "fi",
    group: str = "",
    answers: Answers | None = None,
) -> None:
    """Write the link that confirms a sign-up without an account; a free place is kept until it is used.

    The page says the same, whoever the address belongs to: its owner is told in the letter to sign in, or that
    they have signed up already.

    Raises:
        WrongState: signing up has been closed.
        Refused: ``queries.why_not`` says why; AnswerMissing or GroupMissing.
    """
    machine, address = User.objects.machine(), User.objects.lower(email) or ""
    with transaction.atomic():
        event = lock_for(event, SIGN_UP, by=machine)
        settle(event, at=at)
        if refusal := why_not(event, None, at=at):
            raise refusal
        require_answers(event, answers or {}, group)
        owner = User.objects.filter(email=address, is_active=True).first()
        if owner is not None:
            tell(GuestHasAccount(event, at), to=owner, at=at)
            return
        if _letters_of_a_day(address, at=at) >= MOST_LETTERS_A_DAY:
            return
        own = event.sign_ups.filter(guest_mark=guest_mark(address)).order_by("-pk").first()
        if own is not None and own.state in LIVE_SIGN_UPS - {S.HELD}:
            notice: SignUpNotice = GuestSignedUp(own, at)
        else:
            own = _keep(event, own, guest_mark(address), group, at=at)
            _know(own, name=name, email=address, phone=phone, language=language)
            keep_answers(own, answers or {})
            notice = ConfirmGuest(own, at)
        tell_address(notice, address, language=language, at=at)


def _keep(event: Event, own: SignUp | None, mark: str, group: str, *, at: datetime) -> SignUp:
    """Return the guest's sign-up, with a place that is kept if there is one."""
    if own is None or own.state not in {S.HELD, S.EXPIRED}:
        own = begin(event, person=None, mark=mark, via=Via.LINK, group=group, by=None, at=at)
    let_go_of_another_groups(own, event, group, at=at)
    own.group = group
    if own.state == S.EXPIRED and event.how == How.OPEN:
        own.place = first_free(event, group)
        own.state = S.HELD if own.place else S.EXPIRED
    own.held_until = at + GUEST_HOLD if own.place else None
    own.save()
    record("events.hold", by=User.objects.machine(), about=own, at=at)
    return own


def _know(own: SignUp, **who: str) -> None:
    Guest.objects.update_or_create(sign_up=own, defaults=who)


def _letters_of_a_day(address: str, *, at: datetime) -> int:
    kinds = [ConfirmGuest.kind, GuestSignedUp.kind]
    sent = Letter.objects.filter(kind__in=kinds, email=address, made_at__gt=at - timedelta(days=1))
    return sent.count()


def confirm_guest(sign_up: SignUp, *, at: datetime) -> SignUp:
    """Make a guest's sign-up true: with the place that was kept, or in the queue. Again: as it stands.

    Raises:
        WrongState: signing up has been closed.
        Refused: ``queries.why_not`` says why.
    """
    machine = User.objects.machine()
    with transaction.atomic():
        event = lock_for(sign_up.event, SIGN_UP, by=machine)
        settle(event, at=at)
        own = SignUp.objects.get(pk=sign_up.pk)
        Guest.objects.filter(sign_up=own, confirmed_at=None).update(confirmed_at=at)
        if own.state not in {S.HELD, S.EXPIRED}:
            return own
        require_open(own, event, None, kept=GUEST_HOLD, at=at)
        return come(own, event, {}, own.group, by=machine, at=at)
