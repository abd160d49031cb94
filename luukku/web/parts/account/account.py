"""A person's own account: name, phone, language, and how letters reach them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.accounts import actions
from luukku.accounts.actions import edit_person
from luukku.accounts.models import User
from luukku.notices.actions import choose, mark_read
from luukku.notices.models import Channel
from luukku.notices.queries import choices_of, letters_of
from luukku.web.kit.access import SIGNED_IN, page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.account.sign_in.fresh import fresh
from luukku.web.ui.forms import EditForm, ModelForm


class PersonForm(ModelForm):
    """Name, phone and language."""

    class Meta:
        model = User
        fields = ("name", "phone", "language")


class NoticesForm(EditForm):
    """One choice for each kind of letter that may be chosen."""

    def __init__(self, data: object = None, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(data, *args, about=user, **kwargs)
        self.kinds = {}
        for choice in choices_of(user):
            name = choice.kind.replace(".", "_")
            self.kinds[name] = choice
            self.fields[name] = forms.ChoiceField(
                label=choice.label,
                initial=choice.channel,
                widget=forms.Select(attrs={"class": "ds-input"}),
                choices=[(c.value, c.label) for c in (Channel.MAIL, Channel.DIGEST, Channel.DESK)],
            )

    def arguments(self) -> dict[str, object]:
        """Return the channel of each kind of letter whose channel was changed."""
        chosen = {
            choice.kind: Channel(self.cleaned_data[name])
            for name, choice in self.kinds.items()
            if self.cleaned_data[name] != choice.channel
        }
        return {"channels": chosen}


def choose_all(user: User, *, channels: dict[str, Channel], by: User, at: datetime) -> None:
    """Keep how letters of each kind in ``channels`` reach ``user``."""
    for kind, channel in channels.items():
        choose(user, kind, channel, by=by, at=at)


@page(SIGNED_IN, methods=("GET", "POST"))
def account(request: Request) -> HttpResponse:
    """See and change one's own details."""
    person = fetch(User, request.user.pk, for_=request.user)
    form = PersonForm(data_of(request), instance=person)
    return form_act(
        request,
        edit_person,
        fetch(User, request.user.pk, for_=request.user),
        form=form,
        page=lambda status: render(
            request, "parts/account/account.html", {"form": form}, status=status
        ),
        done=_("Saved."),
        to=see_other("account"),
    )


@page(SIGNED_IN, methods=("GET", "POST"))
def notice_settings(request: Request) -> HttpResponse:
    """Choose how letters reach one."""
    form = NoticesForm(data_of(request), user=request.user)
    return form_act(
        request,
        choose_all,
        request.user,
        form=form,
        page=lambda status: render(
            request, "parts/account/notices.html", {"form": form}, status=status
        ),
        done=_("Saved."),
        to=see_other("notice-settings"),
    )


@page(SIGNED_IN, methods=("GET", "POST"))
def letters(request: Request) -> HttpResponse:
    """What has been said to one; POST marks all as read."""
    if request.method == "POST":
        mark_read(request.user, at=timezone.now())
        return see_other("letters")
    sent = letters_of(request.user, at=timezone.now())[:50]
    return render(request, "parts/account/letters.html", {"letters": sent})


@page(SIGNED_IN, methods=("POST",))
@fresh
def end_sessions(request: Request) -> HttpResponse:
    """Sign out on every device, this one too."""
    actions.end_sessions(request.user, by=request.user, at=timezone.now())
    logout(request)
    messages.success(request, _("You have been signed out on every device."))
    return see_other("account_login")
