"""What background organisations have promised those behind whom they stand, computed and never typed.

Plan of Satakunta, measure 1.2: a person is named, nobody is without one, and further training is seen to. Each is
asked once for all organisations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import models
from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, Max, OuterRef, Q
from django.db.models import Subquery as Sub
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.coping.models import YearlyTalk
from luukku.coping.queries.signs import days, number
from luukku.core.ordering import in_finnish
from luukku.core.times import HELSINKI, helsinki
from luukku.events.models import Event, Kind, SignUp, Via
from luukku.events.states import SHOWN_EVENTS, EventState
from luukku.experts.models import Expert, ExpertQuerySet
from luukku.organisations.models import (
    MemberRole,
    Membership,
    Organisation,
    Task,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

TRAININGS = (Kind.FURTHER, Kind.JOINT)


class PromiseKind(models.TextChoices):
    """What a background organisation sees to."""

    CONTACT = "contact", gettext_lazy("A contact person is named")
    RESPONSIBLE = "responsible", gettext_lazy("Each expert has a responsible person")
    TALK = "talk", gettext_lazy("There is a talk with each expert every year")
    TRAINING = "training", gettext_lazy("Further training is offered")


class _Talks(TypedDict):
    talked_on: date | None
    talk_by: date


class _Standing(TypedDict):
    experts_number: int
    has_contact: bool
    without_person: int
    without_talk: int
    offered_at: datetime | None
    coming_at: datetime | None
    is_open: bool


@dataclass(frozen=True)
class Kept:
    """How one promise of one organisation stands.

    Attributes:
        number: of how many experts it is open; 0 where it is not about each of them.
        on: when further training was last offered.
        coming_on: when the next one of the organisation's own begins, which counts once it has begun.
    """

    kind: PromiseKind
    is_kept: bool
    number: int = 0
    on: date | None = None
    coming_on: date | None = None

    @property
    def label(self) -> str | Lazy:
        """What was promised."""
        return self.kind.label

    @property
    def words(self) -> str:
        """What is open, with numbers and no names."""
        lines = {
            PromiseKind.CONTACT: _("A contact person is to be named."),
            PromiseKind.RESPONSIBLE: ngettext(
                "%(n)s expert has no responsible person.",
                "%(n)s experts have no responsible person.",
                self.number,
            ),
            PromiseKind.TALK: ngettext(
                "It is time for the yearly talk with %(n)s expert.",
                "It is time for the yearly talk with %(n)s experts.",
                self.number,
            ),
            PromiseKind.TRAINING: _("It is time to offer the experts further training."),
        }
        return lines[self.kind] % {"n": self.number}


def rule_of_promise(kind: PromiseKind) -> str:
    """Return how a promise is kept, in words, with the region's numbers."""
    words = {
        PromiseKind.CONTACT: _(
            "In order when somebody is marked as the contact person for experts."
        ),
        PromiseKind.RESPONSIBLE: _(
            "In order when each expert in the bank has named one of your people, who answers for them."
        ),
        PromiseKind.TALK: _(
            "In order when you have talked with each expert %(span)s. Whoever has just come has as long from joining"
            " the bank. Only the day and who talked is written down, never what was said."
        )
        % {"span": _span("talk_days")},
        PromiseKind.TRAINING: _(
            "In order when you have held a further or joint training %(span)s, or have kept a place in one for an"
            " expert of yours."
        )
        % {"span": _span("training_days")},
    }
    return words[kind]


def _span(name: str) -> str:
    """Return one of the numbers in the rules as people say it: years where they are whole."""
    spans = {365: _("in the last year"), 730: _("in the last two years")}
    return spans.get(number(name)) or _("in the last %(n)s days") % {"n": number(name)}


def to_talk(
    experts: ExpertQuerySet, *, at: datetime
) -> models.QuerySet[WithAnnotations[Expert, _Talks]]:
    """Return those of ``experts`` whose yearly talk is due by the day of ``at``."""
    return with_talks(experts).filter(talk_by__lt=helsinki(at).date())


def with_talks(
    experts: ExpertQuerySet,
) -> models.QuerySet[WithAnnotations[Expert, _Talks]]:
    """Add ``talked_on``, the last talk with the present organisation, and ``talk_by``, the day of the next one."""
    talks = YearlyTalk.objects.filter(
        expert=OuterRef("pk"), organisation=OuterRef("background_organisation")
    ).order_by("-held_on")
    first = ExpressionWrapper(
        F("state_changed_at") + days("talk_days"), output_field=models.DateTimeField()
    )
    return experts.annotate(
        talked_on=Sub(talks.values("held_on")[:1]),
        talk_by=Coalesce(
            Sub(talks.values("next_by")[:1]),
            TruncDate(first, tzinfo=HELSINKI),
            output_field=DateField(),
        ),
    )


def backgrounds(*, at: datetime) -> models.QuerySet[WithAnnotations[Organisation, _Standing]]:
    """Return the checked organisations that stand behind experts, with how each promise stands.

    Adds ``experts_number``, ``has_contact``, ``without_person``, ``without_talk``, ``offered_at``, ``coming_at`` and
    ``is_open``.
    """
    contact = Membership.objects.standing(MemberRole.BACKGROUND).filter(
        organisation=OuterRef("pk"), is_contact=True
    )
    active = Expert.objects.active()
    rows = Organisation.objects.vetted().filter(tasks__contains=[Task.BACKGROUND])
    rows = rows.annotate(
        experts_number=_number(active),
        has_contact=Exists(contact),
        without_person=_number(active.without_responsible()),
        without_talk=_number(to_talk(active, at=at)),
        offered_at=_offered_at(at),
        coming_at=_coming_at(at),
    )
    is_trained = Q(experts_number=0) | Q(offered_at__gte=at - days("training_days"))
    is_done = Q(has_contact=True, without_person=0, without_talk=0) & is_trained
    return rows.annotate(
        is_open=models.Case(
            models.When(is_done, then=False), default=True, output_field=models.BooleanField()
        )
    )


def is_anything_open(organisation: Organisation, *, at: datetime) -> bool:
    """Return whether something that ``organisation`` has promised is open."""
    return backgrounds(at=at).filter(pk=organisation.pk, is_open=True).exists()


def by_talk(
    experts: ExpertQuerySet,
) -> models.QuerySet[WithAnnotations[Expert, _Talks]]:
    """Return ``experts`` with their talks, in the order in which it is time for the next one."""
    return with_talks(experts).order_by("talk_by", in_finnish("user__name"), "pk")


def _number(experts: models.QuerySet[Any]) -> Coalesce:
    """Return how many of ``experts`` the organisation stands behind."""
    behind = experts.filter(background_organisation=OuterRef("pk")).order_by()
    counted = behind.values("background_organisation").annotate(n=Count("pk")).values("n")
    return Coalesce(Sub(counted), 0)


def _offered_at(at: datetime) -> Greatest:
    """Return when the organisation last held a further training, or kept a place in one for an expert of its own."""
    shown = SHOWN_EVENTS - {EventState.CANCELLED}
    held = Event.objects.filter(
        organiser=OuterRef("pk"), kind__in=TRAININGS, state__in=shown, starts_at__lte=at
    ).order_by()
    kept = (
        SignUp.objects.exclude(event__state=EventState.CANCELLED)
        .filter(
            via=Via.ORGANISATION,
            event__kind__in=TRAININGS,
            person__expert__background_organisation=OuterRef("pk"),
            made_by__memberships__organisation=OuterRef("pk"),
        )
        .order_by()
    )
    return Greatest(
        Sub(held.values("organiser").annotate(last=Max("starts_at")).values("last")),
        Sub(
            kept.values("person__expert__background_organisation")
            .annotate(last=Max("made_at"))
            .values("last")
        ),
    )


def _coming_at(at: datetime) -> Sub:
    """Return when the next further training that the organisation holds itself begins."""
    coming = Event.objects.filter(
        organiser=OuterRef("pk"),
        kind__in=TRAININGS,
        state__in=SHOWN_EVENTS - {EventState.CANCELLED},
        starts_at__gt=at,
    )
    return Sub(coming.order_by("starts_at").values("starts_at")[:1])


def promises_of(
    organisation: WithAnnotations[Organisation, _Standing], *, at: datetime
) -> list[Kept]:
    """Return how each promise of ``organisation``, a row of ``backgrounds``, stands ``at`` an instant."""
    row, offered = organisation, organisation.offered_at
    is_trained = not row.experts_number or (
        offered is not None and offered >= at - days("training_days")
    )
    return [
        Kept(PromiseKind.CONTACT, row.has_contact),
        Kept(PromiseKind.RESPONSIBLE, not row.without_person, row.without_person),
        Kept(PromiseKind.TALK, not row.without_talk, row.without_talk),
        Kept(
            PromiseKind.TRAINING,
            is_trained,
            on=helsinki(offered).date() if offered else None,
            coming_on=helsinki(row.coming_at).date() if row.coming_at else None,
        ),
    ]
