"""What an orderer may see of an expert, and when an expert is free."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from luukku.experts.models import Expert, TrainingKind

NATURE = (
    "Kuusi Mänty Koivu Haapa Leppä Pihlaja Tuomi Kataja Vaahtera Tammi Saarni Lehmus Raita Paju Kanerva "
    "Sammal Jäkälä Suopursu Vuokko Kielo Orvokki Apila Kissankello Päivänkakkara Leinikki Puolukka Mustikka "
    "Karpalo Lakka Mesimarja Lumpeenkukka Kaisla Kivi Kallio Harju Niemi Saari Lahti Joki Puro Lähde Koski "
    "Lampi Aalto Tuuli Tyyni Usva Kaste Halla Routa Lumi Jää Pilvi Tähti Revontuli Kajo Aamu Ilta Suvi Syksy"
).split()


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
    trainings: list[str] = field(default_factory=list)


def card(expert: Expert, *, theme_ids: Collection[int] | None = None) -> OrdererCard:
    """Return what an orderer sees; with ``theme_ids`` only of the themes that the order asks about.

    No name, no contact details, no unshown experience, no support need.
    """
    experiences = expert.experiences.filter(is_shown=True, theme__is_active=True).select_related(
        "theme", "theme__parent"
    )
    if theme_ids is not None:
        wanted = set(theme_ids)
        experiences = [e for e in experiences if e.theme_id in wanted or e.theme.parent_id in wanted]
    themes = sorted(f"{e.theme.name} ({e.get_perspective_display().lower()})" for e in experiences)
    area = ""
    if expert.municipality is not None:
        place = expert.municipality
        area = place.name if expert.shows_municipality or place.county is None else place.county.name
    organisation = expert.background_organisation if expert.shows_organisation else None
    kinds = set(expert.trainings.values_list("kind", flat=True))
    return OrdererCard(
        code_name=expert.code_name,
        area=area,
        is_remote_ok=expert.is_remote_ok,
        themes=themes,
        task_types=sorted(t.name for t in expert.task_types.all()),
        languages=[language.name for language in expert.languages.order_by("position")],
        own_words=expert.own_words if expert.shows_own_words else "",
        organisation=organisation.name if organisation else "",
        trainings=[str(kind.label) for kind in TrainingKind if kind in kinds],
    )


def missing_parts(expert: Expert) -> list[str]:
    """Return the parts a profile lacks before it can go to the counter, as section names."""
    missing = []
    if expert.municipality_id is None:
        missing.append("place")
    if not expert.experiences.exists():
        missing.append("experiences")
    if not expert.task_types.exists() or not expert.languages.exists():
        missing.append("tasks")
    if not expert.user.consents.valid().filter(purpose="in_bank").exists():
        missing.append("consents")
    return missing
