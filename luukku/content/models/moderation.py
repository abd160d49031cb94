"""Who looks before a page is published."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupApprovalTask, Page

from luukku.accounts.models import User


class SecondPairOfEyes(GroupApprovalTask):
    """Somebody else at the counter looks before it is published; nobody approves their own page."""

    class Meta:
        verbose_name = _("second pair of eyes")
        verbose_name_plural = _("second pairs of eyes")

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, str, bool]]:
        """Give no acts to the person who asked for the look."""
        state = obj.current_workflow_state
        if state is not None and state.requested_by_id == user.pk:
            return []
        return super().get_actions(obj, user)

    @classmethod
    def get_description(cls) -> str:
        """What the editor reads about it."""
        return gettext("Somebody else at the counter reads the page before it is published")
