"""What the lists of devices and loans have in common on the organisation's desk and at the counter."""

from __future__ import annotations

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import by_label, by_surname, has_words, in_finnish
from luukku.core.times import helsinki
from luukku.readiness.models import DeviceQuerySet, EquipmentKind, Loan, LoanQuerySet
from luukku.readiness.notices import what_of
from luukku.readiness.states import HOLDING, LoanState
from luukku.web.kit.listing import Column
from luukku.web.ui import tags
from luukku.web.ui.filters import ChoiceFilter, Filters, StateFilter, TextFilter


def _found(rows: LoanQuerySet, words: str) -> LoanQuerySet:
    return rows.filter(has_words(words, "expert__user__name") | has_words(words, "device__label"))


class LoanFilters(Filters):
    """By what a loan is looked for."""

    state = StateFilter(
        LoanState,
        groups={"open": (gettext_lazy("Under way"), {LoanState.ASKED, *HOLDING})},
        initial="open",
    )
    waits = ChoiceFilter(
        label=gettext_lazy("What waits"),
        choices=[
            ("answer", gettext_lazy("Waits for an answer")),
            ("late", gettext_lazy("Late in coming back")),
        ],
        method=lambda rows, _name, value: (
            rows.waiting() if value == "answer" else rows.overdue(timezone.now())
        ),
    )
    kind = ChoiceFilter(label=gettext_lazy("Device"), choices=EquipmentKind.choices)
    q = TextFilter(_found, help_text=gettext_lazy("Name of the borrower, or number of the device."))


def borrower_of(loan: Loan) -> str:
    """Return who borrows; of one that has been forgotten that it has."""
    return loan.expert.user.name if loan.expert else _("Forgotten")


def _state(loan: Loan, _value: object) -> SafeString:
    """Return where a loan stands; late is said instead of "on loan"."""
    if loan.is_overdue(helsinki(timezone.now()).date()):
        return tags.tag(_("Late"), "danger")
    if loan.wished_until:
        return tags.tag(_("Asks for more time"), "warning")
    return tags.state_tag(loan)


WHAT = Column(
    "what", gettext_lazy("Device"), what_of, order=lambda: by_label("kind", EquipmentKind),
    names_row=True,
)  # fmt: skip
BORROWER = Column(
    "borrower", gettext_lazy("Who borrows"), borrower_of, order=by_surname("expert__user__name")
)
LENDER = Column(
    "lender", gettext_lazy("Who lends"), lambda row: row.lender.name, order=in_finnish("lender__name")
)  # fmt: skip
FROM = Column("from", gettext_lazy("First day"), lambda row: row.from_on, order="from_on")
UNTIL = Column("until", gettext_lazy("Last day"), lambda row: row.until_on, order="until_on")
STATE = Column(
    "state", gettext_lazy("State"), lambda row: row.state_label,
    order=lambda: by_label("state", LoanState), shows=_state, is_plain=True,
)  # fmt: skip


def _device_found(rows: DeviceQuerySet, words: str) -> DeviceQuerySet:
    return rows.filter(has_words(words, "label") | has_words(words, "note"))


class DeviceFilters(Filters):
    """By what a device is looked for."""

    use = ChoiceFilter(
        label=gettext_lazy("Use"),
        choices=[
            ("yes", gettext_lazy("In use")),
            ("no", gettext_lazy("Taken out of use")),
        ],
        method=lambda rows, _name, value: rows.filter(retired_at__isnull=value == "yes"),
    )
    kind = ChoiceFilter(label=gettext_lazy("Device"), choices=EquipmentKind.choices)
    q = TextFilter(_device_found, help_text=gettext_lazy("Number, name or what comes along."))


DEVICE = Column(
    "device",
    gettext_lazy("Device"),
    lambda row: row.name,
    order=in_finnish("label"),
    names_row=True,
)
KIND = Column(
    "kind", gettext_lazy("Kind of device"), lambda row: row.get_kind_display(),
    order=lambda: by_label("kind", EquipmentKind),
)  # fmt: skip
NOTE = Column("note", gettext_lazy("What comes along"), lambda row: row.note)
OWNER = Column(
    "owner", gettext_lazy("Who lends"), lambda row: row.organisation.name,
    order=in_finnish("organisation__name"),
)  # fmt: skip
USE = Column(
    "use", gettext_lazy("In use"), lambda row: row.is_in_use, order="retired_at",
)  # fmt: skip
