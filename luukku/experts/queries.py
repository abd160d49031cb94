"""What an orderer may see of an expert, what a profile lacks, and when an expert is free."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)

from luukku.accounts.models import User
from luukku.core.compiled import Given, once
from luukku.core.times import helsinki
from luukku.experts.finding import shown_experiences
from luukku.experts.models import (
    CompletedTraining,
    Experience,
    Expert,
    FurtherKind,
    TrainingKind,
    WeeklySlot,
)
from luukku.experts.states import ExpertState
from luukku.privacy.models import Consent, Purpose
from luukku.taxonomy.models import Language, Theme

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

BOOLEAN = BooleanField()
HAS = "has_"  # before the name of a part of a profile
# Words of nature for code names. Words that are first names too would hint at who it is: left out.
NATURE = [
    "Kuusi",
    "Mänty",
    "Koivu",
    "Haapa",
    "Leppä",
    "Kataja",
    "Vaahtera",
    "Tammi",
    "Saarni",
    "Lehmus",
    "Raita",
    "Paju",
    "Varpu",
    "Kanerva",
    "Sammal",
    "Jäkälä",
    "Suopursu",
    "Saniainen",
    "Apila",
    "Kissankello",
    "Leinikki",
    "Päivänkakkara",
    "Ohdake",
    "Horsma",
    "Ruiskukka",
    "Puolukka",
    "Mustikka",
    "Karpalo",
    "Lakka",
    "Mesimarja",
    "Vadelma",
    "Mansikka",
    "Kaarna",
    "Käpy",
    "Neulanen",
    "Lumpeenlehti",
    "Ruoko",
    "Kivi",
    "Kallio",
    "Harju",
    "Niitty",
    "Saari",
    "Lahti",
    "Puro",
    "Lähde",
    "Koski",
    "Lampi",
    "Aalto",
    "Laine",
    "Ranta",
    "Luoto",
    "Tyrsky",
    "Sumu",
    "Routa",
    "Hanki",
    "Pakkanen",
    "Sateenkaari",
    "Revontuli",
    "Kuunsilta",
    "Poutapilvi",
    "Peippo",
    "Kuovi",
    "Kiuru",
    "Rastas",
    "Telkkä",
    "Kuikka",
    "Pääsky",
    "Västäräkki",
    "Tikka",
    "Viklo",
]


@dataclass(frozen=True)
class OrdererCard:
    """Exactly what an orderer sees of an expert before the expert's yes."""

    code_name: str
    area: str
    is_remote_ok: bool
    themes: list[str]
    task_types: list[str]
    languages: list[str]
    own_words: str = ""
    organisation: str = ""
    trainings: tuple[str, ...] = ()


def is_expert(user: User) -> bool:
    """Return whether ``user`` has an expert's profile, finished or not."""
    return bool(_profiles(user=user.pk))


@once
def _profiles() -> QuerySet[Expert, Any]:
    own = Given("user", BigIntegerField())
    return Expert.objects.order_by().filter(user=own).values_list("pk")


def trained_by(producer: str) -> tuple[int, int]:
    """Return how many trainings of ``producer`` experts have noted, and of how many somebody saw the certificate."""
    trained = CompletedTraining.objects.filter(producer__iexact=producer)
    return trained.count(), trained.exclude(verified_at=None).count()


def further_kinds(expert: Expert, *, on: date) -> set[str]:
    """Return which kinds of further training of ``expert`` count ``on`` a day; "" among them where any does."""
    counting = CompletedTraining.objects.counting(on).filter(expert=expert).further()
    kinds = set(counting.values_list("further_kind", flat=True))
    return kinds | {""} if kinds else set()


def called(code_name: str) -> Expert | None:
    """Return the expert in the bank with this code name, however it is written; None where there is none."""
    name = " ".join(code_name.split())
    return Expert.objects.active().filter(code_name__iexact=name).select_related("user").first()


def card(expert: Expert, *, on: date, theme_ids: Collection[int] | None = None) -> OrdererCard:
    """Return what an orderer sees ``on`` a day; with ``theme_ids`` only of the themes that the order asks about.

    No name, no contact details, no unshown experience, no support need, no training that nobody has verified.
    """
    return cards([expert.pk], on=on, theme_ids=theme_ids)[expert.pk]


def cards(
    expert_ids: Iterable[int], *, on: date, theme_ids: Collection[int] | None = None
) -> dict[int, OrdererCard]:
    """Return the card of each expert by id; as many queries for one as for a hundred."""
    asked = None if theme_ids is None else _Asked.about(theme_ids)
    experts = (
        Expert.objects.filter(pk__in=list(expert_ids))
        .select_related("municipality__county", "background_organisation")
        .prefetch_related(
            Prefetch("experiences", queryset=shown_experiences(), to_attr="shown"),
            "task_types",
            Prefetch("languages", queryset=Language.objects.order_by("position", "code")),
            Prefetch(
                "trainings",
                queryset=CompletedTraining.objects.counting(on).order_by("pk"),
                to_attr="counting_trainings",
            ),
        )
        .order_by("pk")
    )
    return {expert.pk: _card(expert, asked) for expert in experts}


class _Fetched(TypedDict):
    shown: list[Experience]
    counting_trainings: list[CompletedTraining]


@dataclass(frozen=True)
class _Asked:
    """The themes of an order, and the broader ones above them: whoever has those may be a candidate, too."""

    themes: frozenset[int]
    broader: frozenset[int]

    @classmethod
    def about(cls, theme_ids: Collection[int]) -> _Asked:
        above = Theme.objects.filter(pk__in=theme_ids, parent__isnull=False)
        return cls(frozenset(theme_ids), frozenset(above.values_list("parent_id", flat=True)))

    def covers(self, theme: Theme) -> bool:
        return theme.pk in self.themes | self.broader or theme.parent_id in self.themes


def _card(expert: WithAnnotations[Expert, _Fetched], asked: _Asked | None) -> OrdererCard:
    organisation = expert.background_organisation if expert.shows_organisation else None
    return OrdererCard(
        code_name=expert.code_name,
        area=_area(expert),
        is_remote_ok=expert.is_remote_ok,
        themes=[
            f"{experience.theme.name} ({experience.get_perspective_display().lower()})"
            for experience in expert.shown
            if asked is None or asked.covers(experience.theme)
        ],
        task_types=[task_type.name for task_type in expert.task_types.all() if task_type.is_active],
        languages=[language.name for language in expert.languages.all()],
        own_words=expert.own_words if expert.shows_own_words else "",
        organisation=organisation.name if organisation else "",
        trainings=tuple(_trained(expert.counting_trainings)),
    )


def _trained(trainings: list[CompletedTraining]) -> Iterator[str]:
    """Name each kind of training once, a further one with what it was about."""
    for kind in TrainingKind:
        about = {training.further_kind for training in trainings if training.kind == kind}
        known = [str(one.label) for one in FurtherKind if one in about - {FurtherKind.OTHER}]
        if about:
            yield f"{kind.label}: {', '.join(known).lower()}" if known else str(kind.label)


def _area(expert: Expert) -> str:
    """Return the municipality where it is shown, else the county, else nothing."""
    place = expert.municipality
    if place is None:
        return ""
    if expert.shows_municipality:
        return place.name
    return place.county.name if place.county else ""


def missing_parts(expert: Expert) -> list[str]:
    """Return the parts a profile lacks before it can go to the counter, as section names; one query."""
    return _missing(_parts().get(pk=expert.pk))


def _parts() -> QuerySet[Expert, Mapping[str, object]]:
    """Return which parts each expert's profile has, by ``pk``."""
    own = Q(expert=OuterRef("pk"))
    has = {
        "experiences": Exists(Experience.objects.filter(own, is_shown=True)),
        "tasks": Exists(Expert.task_types.through.objects.filter(own))
        & Exists(Expert.languages.through.objects.filter(own)),
        "place": Q(municipality__isnull=False),
        "consents": Exists(
            Consent.objects.valid().filter(person=OuterRef("user"), purpose=Purpose.IN_BANK)
        ),
    }
    parts = {f"{HAS}{name}": ExpressionWrapper(Q(there), BOOLEAN) for name, there in has.items()}
    return Expert.objects.values("pk", **parts)


def _missing(parts: Mapping[str, object]) -> list[str]:
    return [
        name.removeprefix(HAS)
        for name, there in parts.items()
        if name.startswith(HAS) and not there
    ]


def is_on_break(expert: Expert, on: date) -> bool:
    """Return whether the expert is on a break on ``on``; a break with an end ends by itself."""
    return expert.is_paused and (expert.paused_until is None or on <= expert.paused_until)


class NotOffered(StrEnum):
    """What keeps an expert from being offered tasks, the weightiest first."""

    STATE = "state"  # the counter has not welcomed the expert, or the expert has left
    CONSENT = "consent"  # no yes to being suggested: not in the bank
    PROFILE = "profile"  # a needed part is missing
    BREAK = "break"


def why_not_offered(expert: Expert, missing: Collection[str], *, on: date) -> NotOffered | None:
    """Return why ``expert`` is not offered tasks ``on`` a day, None when they are.

    Args:
        missing: what ``missing_parts`` says of the expert.
    """
    if expert.state != ExpertState.ACTIVE:
        return NotOffered.STATE
    if "consents" in missing:
        return NotOffered.CONSENT
    if missing:
        return NotOffered.PROFILE
    return NotOffered.BREAK if is_on_break(expert, on) else None


def with_why_not_offered(
    experts: Iterable[Expert], *, on: date
) -> list[tuple[Expert, NotOffered | None]]:
    """Return each expert with what ``why_not_offered`` says ``on`` a day; one query for all."""
    shown = list(experts)
    rows = _parts().filter(pk__in=[expert.pk for expert in shown]).order_by("pk")
    missing = {row["pk"]: _missing(row) for row in rows}
    return [
        (expert, why_not_offered(expert, missing.get(expert.pk, []), on=on)) for expert in shown
    ]


def is_free(expert: Expert, starts_at: datetime, ends_at: datetime) -> bool:
    """Return whether break, days that differ and weekly pattern leave the whole time free; not bookings.

    The same answer as matching's ``matching_is_free`` gives; a test holds the two together.
    """
    first, last = helsinki(starts_at), helsinki(ends_at)
    last_day = helsinki(ends_at - timedelta(microseconds=1)).date()  # until midnight: the same day
    if is_on_break(expert, first.date()):
        return False
    days = list(
        expert.exceptions.filter(starts_on__lte=last_day, ends_on__gte=first.date()).order_by("pk")
    )
    if any(not day.is_available for day in days):
        return False
    if any(day.starts_on <= first.date() and last_day <= day.ends_on for day in days):
        return True
    slots = list(expert.weekly_slots.order_by("weekday", "starts"))
    return not slots or _covers(slots, first.replace(tzinfo=None), last.replace(tzinfo=None))


def _covers(slots: list[WeeklySlot], first: datetime, last: datetime) -> bool:
    """Whether slots that touch each other, also over midnight, cover what a clock shows from first to last."""
    reached = first
    for n in range((last.date() - first.date()).days + 1):
        day = first.date() + timedelta(days=n)
        for slot in slots:
            ends_on = day + timedelta(days=slot.ends == time(0))
            begin, end = datetime.combine(day, slot.starts), datetime.combine(ends_on, slot.ends)
            if slot.weekday == day.weekday() and begin <= reached < end:
                reached = end
    return reached >= last and reached > first
