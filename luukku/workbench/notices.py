"""What the counter's tools tell."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.notices.notice import Notice
from luukku.workbench.models import Merged


class MergeNotice(Notice):
    """Two accounts of one person became one, or two again; each account's address is told."""

    kind = "workbench.merge"
    is_must_know = True
    makes_untrue = ("workbench.merged", "workbench.merge_taken_back")

    def __init__(self, merged: Merged, reader: User) -> None:
        self.merged, self.reader = merged, reader
        self.key = f"{self.kind}:{merged.pk}:{reader.pk}"

    def about(self) -> str:
        return f"account-{self.reader.pk}"

    def thing(self) -> int:
        return self.merged.pk

    def action(self) -> tuple[str, str]:
        return _("Ask the counter"), reverse("public:advice")


class AccountsMerged(MergeNotice):
    """To the account that goes on, and to the one that was closed: no letter names the other's address."""

    kind = "workbench.merged"

    def subject(self) -> str:
        return _("Your two accounts are now one")

    def lines(self) -> list[str]:
        if self.reader.pk == self.merged.into_id:
            first = _(
                "You had two accounts with us. We made them one: what you did with the other one is now here, too."
            )
        elif not self.merged.into.email:
            first = _("You had two accounts with us. We made them one. This one has been closed.")
        else:
            first = _(
                "You had two accounts with us. We made them one. This one has been closed:"
                " from now on, sign in with your other e-mail address."
            )
        return [
            first,
            _(
                "If you do not have another account, get in touch with the counter: we take this back at once."
            ),
        ]


class MergeTakenBack(MergeNotice):
    """They were not one person's after all."""

    kind = "workbench.merge_taken_back"
    ends = ("workbench.merged",)

    def subject(self) -> str:
        return _("Your account is your own again")

    def lines(self) -> list[str]:
        if self.reader.pk == self.merged.into_id:
            first = _(
                "We had made your account one with another by mistake. We are sorry. What belonged to the other"
                " account has gone back to it."
            )
        else:
            first = _(
                "We had made your account one with another by mistake. We are sorry. What was yours is yours again:"
                " sign in with a code that we send to your e-mail, and choose a new password if you had one."
            )
        return [
            first,
            _("If something is missing or not yours, get in touch with the counter."),
        ]
