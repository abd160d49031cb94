"""Finding pages, what search may know of them, and how far a reader has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Exists, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThan
from wagtail.images import get_image_model
from wagtail.models import Page, WorkflowState

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, Offer
from luukku.assignments.states import AssignmentState, OfferState
from luukku.content.models import (
    LANGUAGE_CODES,
    PAGE_TYPES,
    ContentPage,
    Pictured,
    PracticePage,
    ShownPicture,
    StartPage,
    TaskTypePage,
)
from luukku.content.rendering import MAIN_SPECS, MainPicture, main_pictures
from luukku.events.models import Event
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.feedback.models import Feedback, WhatChanged
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.organisations.models import Membership
from luukku.organisations.states import OrganisationState

EASY = "easy/"
FIRST_WAYS = ("what-is", "practices", "model")  # "I am new", what others do, step by step
BEHIND_DOORS = ("become", "tasks", "privacy", "accessibility")  # linked from every page already
LATEST_NEWS = 3


@dataclass(frozen=True)
class Found:
    """A published page, and whether its easy version was asked for."""

    page: ContentPage
    is_easy: bool


def page_at(path: str, *, language: str) -> Found | None:
    """Return the published page at ``path`` ("", "what-is/", "what-is/easy/"); two queries, one for the start."""
    if path in {"", EASY}:
        start = StartPage.objects.live().filter(slug=language, depth=2).first()
        return Found(start, bool(path)) if start and (start.has_easy or not path) else None
    addresses = {f"/{language}/{path}": False}
    if path.endswith(EASY):
        addresses[f"/{language}/{path.removesuffix(EASY)}"] = True
    for row in Page.objects.live().filter(url_path__in=addresses).order_by("-depth"):
        page, is_easy = row.specific, addresses[row.url_path]
        if isinstance(page, ContentPage) and (page.has_easy or not is_easy):
            return Found(page, is_easy)
    return None


def languages_of(path: str) -> dict[str, str]:
    """Return the addresses at which ``path`` is published, by language: for saying honestly what is missing."""
    plain = path.removesuffix(EASY)
    pages = Page.objects.live().filter(url_path__in=[f"/{code}/{plain}" for code in LANGUAGE_CODES])
    return {address.split("/")[1]: address for address in pages.values_list("url_path", flat=True)}


@dataclass(frozen=True)
class Neighbours:
    """What stands around a page.

    Attributes:
        above: the pages on the way to it, the first page first.
        languages: the addresses of its translations, by language.
    """

    above: list[Page]
    languages: dict[str, str]


def neighbours_of(page: ContentPage) -> Neighbours:
    """Return what stands around ``page``; one query."""
    paths = [page.path[:end] for end in range(page.steplen * 2, len(page.path), page.steplen)]
    rows = (
        Page.objects.filter(Q(path__in=paths) | Q(translation_key=page.translation_key), live=True)
        .select_related("locale")
        .only("title", "url_path", "path", "translation_key", "locale__language_code")
        .order_by("path")
    )
    above, languages = [], {}
    for row in rows:
        if row.path in paths:
            above.append(row)
        elif row.pk != page.pk:
            languages[row.locale.language_code] = row.url_path
    return Neighbours(above, languages)


@dataclass(frozen=True)
class NearStart:
    """What is near the first page.

    Attributes:
        ways: the ways in that lie behind no door.
        more: the other pages right below it.
        news: the latest news, the newest first.
    """

    languages: dict[str, str]
    ways: list[Page]
    more: list[Page]
    news: list[Page]


def near_start(page: StartPage) -> NearStart:
    """Return the translations and what is near by one query: this page is opened most."""
    latest = (
        Page.objects.live()
        .filter(url_path__startswith=f"{page.url_path}news/", depth=page.depth + 2)
        .order_by("-first_published_at", "-pk")[:LATEST_NEWS]
    )
    near = list(
        Page.objects.live()
        .filter(
            Q(path__startswith=page.path, depth=page.depth + 1)
            | Q(pk__in=latest.values("pk"))
            | Q(translation_key=page.translation_key)
        )
        .exclude(pk=page.pk)
        .only("title", "slug", "url_path", "search_description", "depth", "first_published_at")
        .order_by("path")
    )
    below = {one.slug: one for one in near if one.depth == page.depth + 1}
    return NearStart(
        languages={one.slug: one.url_path for one in near if one.depth == page.depth},
        ways=[below[slug] for slug in FIRST_WAYS if slug in below],
        more=[one for slug, one in below.items() if slug not in FIRST_WAYS + BEHIND_DOORS],
        news=sorted(
            (one for one in near if one.depth > page.depth + 1),
            key=lambda one: (one.first_published_at, one.pk),
            reverse=True,
        ),
    )


def practices_of_task_type(page: TaskTypePage) -> QuerySet[PracticePage]:
    """Return the latest good practices of the page's task type, in its language."""
    return (
        PracticePage.objects.live()
        .filter(task_types=page.task_type_id, locale=page.locale_id)
        .order_by("-first_published_at", "-pk")[:5]
    )


def words_about(event: Event, *, language: str) -> Page | None:
    """Return the published page about ``event`` in ``language``; one query."""
    pages = _about(event).live().public().filter(locale__language_code=language)
    return pages.only("title", "url_path").order_by("path").first()


def pages_about(event: Event) -> list[Page]:
    """Return every page about ``event``, published or not, each as what it is."""
    return list(_about(event).order_by("path").specific())


def _about(event: Event) -> Any:
    return Page.objects.filter(Q(eventpage__event=event) | Q(trainingpage__event=event))


def picture_of(page: ContentPage) -> MainPicture | None:
    """Return the page's own picture, as it is written now; two queries where it has one."""
    if not isinstance(page, Pictured) or page.main_picture is None:
        return None
    words = "" if page.is_main_picture_decoration else page.main_picture_words
    return main_pictures({page.pk: (page.main_picture, words)})[page.pk]


def pictures_of(pages: Iterable[Page]) -> dict[int, MainPicture]:
    """Return the pictures that published pages have of their own, by page; two queries, one where there are none."""
    rows = ShownPicture.objects.filter(
        page__in=[page.pk for page in pages], is_main=True
    ).select_related("image")
    return main_pictures({row.page_id: (row.image, row.words) for row in rows})


def is_shown(path: str) -> bool:
    """Return whether the picture in the file ``path`` is one of the sizes that a published page shows."""
    made = (
        get_image_model()
        .get_rendition_model()
        .objects.filter(file=path, filter_spec__in=MAIN_SPECS)
    )
    return ShownPicture.objects.filter(page__live=True, image__in=made.values("image")).exists()


def published() -> QuerySet[Page]:
    """Return every page that anybody may read, in the order of the tree, with what a map of the site says."""
    return (
        Page.objects.live()
        .filter(depth__gt=1)
        .select_related("locale")
        .only("url_path", "translation_key", "last_published_at", "locale__language_code")
        .order_by("path")
    )


def with_easy() -> frozenset[int]:
    """Return the keys of the published pages that have an easy version; one query."""
    length = Func("easy_body", function="jsonb_array_length", output_field=IntegerField())
    kinds = [
        kind.objects.live().filter(GreaterThan(length, 0)).values_list("pk", flat=True)
        for kind in PAGE_TYPES.values()
    ]
    return frozenset(kinds[0].union(*kinds[1:]))


@dataclass(frozen=True)
class Searchable:
    """What may be found of a page in one way of reading it."""

    language: str
    title: str
    text: str
    url: str
    facets: dict[str, list[str]]


def searchable(page: Page) -> list[Searchable]:
    """Return the words of a published page, and those of its easy version; nothing of a page that is not live.

    The texts have the word for an expert that they are written with; what is shown has the region's.
    """
    page = page.specific
    if not isinstance(page, ContentPage) or not page.live:
        return []
    language = page.locale.language_code
    facets: dict[str, list[str]] = {"kind": [page.reads_as]}
    if isinstance(page, PracticePage):
        facets |= {
            "themes": [theme.code for theme in page.themes.all()],
            "services": [service.code for service in page.services.all()],
            "task_types": [kind.code for kind in page.task_types.all()],
        }
    if isinstance(page, TaskTypePage):
        facets["task_types"] = [page.task_type.code]
    ways = [Searchable(language, page.title, page.words(), page.address, facets)]
    if page.has_easy:
        title = page.easy_title or page.title
        easy = facets | {"easy": ["yes"]}
        ways.append(Searchable(language, title, page.easy_words(), page.easy_address, easy))
    return ways


ORDERED_ON = [
    OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING, OrderState.STAFFED, OrderState.DONE, OrderState.CLOSED,
]  # fmt: skip


def _orders(user: User) -> QuerySet[Order]:
    return Order.objects.filter(contact=user)


def _tasks(user: User) -> QuerySet[Assignment]:
    return Assignment.objects.filter(order__contact=user) | Assignment.objects.filter(
        expert__user=user
    )


# Each names rows that exist when the reader has done it; one query asks for all of a path.
PROGRESS: dict[str, Callable[[User], QuerySet[Any]]] = {
    "has_account": lambda user: User.objects.filter(pk=user.pk),
    "organisation_founded": lambda user: Membership.objects.filter(user=user),
    "organisation_vetted": lambda user: Membership.objects.filter(
        user=user, organisation__state=OrganisationState.VETTED
    ),
    "order_drafted": _orders,
    "order_sent": lambda user: _orders(user).filter(state__in=ORDERED_ON),
    "order_staffed": lambda user: _orders(user).filter(
        state__in=[OrderState.STAFFED, OrderState.DONE, OrderState.CLOSED]
    ),
    "task_done": lambda user: _tasks(user).filter(state=AssignmentState.DONE),
    "feedback_given": lambda user: Feedback.objects.filter(given_by=user),
    "change_told": lambda user: WhatChanged.objects.filter(answered_by=user),
    "profile_started": lambda user: Expert.objects.filter(user=user),
    "profile_sent": lambda user: Expert.objects.filter(user=user).exclude(state=ExpertState.DRAFT),
    "in_bank": lambda user: Expert.objects.filter(user=user, state=ExpertState.ACTIVE),
    "offer_answered": lambda user: Offer.objects.filter(
        expert__user=user, state__in=[OfferState.ACCEPTED, OfferState.DECLINED]
    ),
    "contact_named": lambda user: Membership.objects.filter(
        organisation__memberships__user=user, is_contact=True
    ),
    "expert_backed": lambda user: Expert.objects.filter(
        background_organisation__memberships__user=user
    ),
}


def progress_of(user: User, names: set[str]) -> frozenset[str]:
    """Return which of the named things ``user`` has done; one query."""
    asked = {name: Exists(PROGRESS[name](user)) for name in names & PROGRESS.keys()}
    if not asked:
        return frozenset()
    row = User.objects.filter(pk=user.pk).values(
        **{f"did_{name}": one for name, one in asked.items()}
    )
    return frozenset(name.removeprefix("did_") for name, did in row.get().items() if did)


def rounds_waiting() -> QuerySet[Any]:
    """Return the rounds of pages that wait for a second pair of eyes; ``page_key``: the page's key."""
    return (
        WorkflowState.objects.filter(
            status=WorkflowState.STATUS_IN_PROGRESS,
            base_content_type=ContentType.objects.get_for_model(Page),
        )
        .annotate(page_key=Cast("object_id", BigIntegerField()))
        .filter(Exists(Page.objects.filter(pk=OuterRef("page_key"))))
    )


def practices_of(user: User) -> QuerySet[PracticePage]:
    """Return the good practices that ``user`` has sent, the newest first."""
    return PracticePage.objects.filter(submitted_by=user).order_by("-pk")


def last_round(practice: PracticePage) -> WorkflowState | None:
    """Return the latest round of reading a practice."""
    return (
        WorkflowState.objects.filter(
            object_id=str(practice.pk), base_content_type=ContentType.objects.get_for_model(Page)
        )
        .select_related("current_task_state")
        .order_by("-pk")
        .first()
    )


def is_sent_back(practice: PracticePage) -> bool:
    """Return whether the counter has asked for something to be added."""
    state = last_round(practice)
    return state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES


def what_is_asked(practice: PracticePage) -> str:
    """Return what the counter wrote when it sent the practice back."""
    state = last_round(practice)
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return ""
    return state.current_task_state.comment if state.current_task_state else ""


def rounds_of(practices: list[PracticePage]) -> dict[int, WorkflowState]:
    """Return the latest round of reading of each practice that has had one; one query."""
    states = WorkflowState.objects.filter(
        object_id__in=[str(practice.pk) for practice in practices],
        base_content_type=ContentType.objects.get_for_model(Page),
    ).order_by("pk")
    return {int(state.object_id): state for state in states}


def practices_told_of(answer: WhatChanged) -> QuerySet[PracticePage]:
    """Return the good practices that were written from an orderer's answer."""
    return PracticePage.objects.filter(what_changed=answer).order_by("pk")
