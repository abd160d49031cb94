"""Among whom and what the counter chooses by writing, and what is offered meanwhile.

Names, numbers and addresses are sent in the form's body: no address, and so no log, holds them. What is offered is
what the coordinator may see, and is noted as read like the rows of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.accounts.queries import people_like, person_said
from luukku.core.ordering import has_words, in_finnish, with_each_part
from luukku.experts.models import Expert
from luukku.guidance.queries import receivers
from luukku.organisations.finding import meant
from luukku.organisations.models import MemberRole, Organisation
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import Theme
from luukku.taxonomy.queries import find_themes
from luukku.web.kit.access import home_at, page
from luukku.web.kit.request import Request
from luukku.web.parts.offering import offer
from luukku.web.ui.picks import MOST_OFFERED, Offer, RowSource, Source, facts_of


def _at(name: str) -> tuple[str, str]:
    return "counter:pick", name


def person_offer(person: User) -> Offer:
    """Return how a person is offered: by what tells two of one name apart."""
    facts = facts_of(
        person.email or _("no e-mail"),
        person.phone or _("no phone"),
        *(member.organisation.name for member in person.memberships.all()),
    )
    return Offer(str(person.pk), person.name, facts)


def people_said(rows: QuerySet[User], words: str) -> QuerySet[User]:
    """Return those of ``rows`` in whose name, address or number every part of ``words`` stands."""
    return with_each_part(rows, words, lambda some, part: some.filter(person_said(part)))


PEOPLE = RowSource(
    url=_at("people"),
    rows=lambda viewer: (
        User.objects.visible_to(viewer)
        .filter(is_active=True, is_machine=False)
        .prefetch_related("memberships__organisation")
        .order_by(in_finnish("name"), "pk")
    ),
    find=people_said,
    offer=person_offer,
)


def organisation_offer(one: Organisation) -> Offer:
    """Return how an organisation is offered."""
    place = one.municipality and one.municipality.name
    before = ", ".join(one.former_names.splitlines())
    facts = facts_of(
        one.get_kind_display(),
        place,
        one.business_id,
        one.state_label,
        before and _("before: %(names)s") % {"names": before},
    )
    return Offer(str(one.pk), one.name, facts)


ORGANISATIONS = RowSource(
    url=_at("organisations"),
    rows=lambda viewer: (
        Organisation.objects.visible_to(viewer)
        .select_related("municipality")
        .order_by(in_finnish("name"), "pk")
    ),
    find=meant,
    offer=organisation_offer,
)
ORDERING = RowSource(
    url=_at("ordering"),
    rows=lambda viewer: ORGANISATIONS.rows(viewer).exclude(state=OrganisationState.ENDED),
    find=meant,
    offer=organisation_offer,
)
RECEIVERS = RowSource(
    url=_at("receivers"),
    rows=lambda viewer: ORGANISATIONS.rows(viewer).filter(pk__in=receivers().values("pk")),
    find=meant,
    offer=organisation_offer,
)


def _expert_said(rows: QuerySet[Expert], part: str) -> QuerySet[Expert]:
    return rows.filter(Q(user__in=people_like(part).values("pk")) | has_words(part, "code_name"))


EXPERTS = RowSource(
    url=_at("experts"),
    rows=lambda viewer: (
        Expert.objects.active()
        .visible_to(viewer)
        .select_related("user", "municipality")
        .order_by(in_finnish("user__name"), "pk")
    ),
    find=lambda rows, words: with_each_part(rows, words, _expert_said),
    offer=lambda expert: Offer(
        str(expert.pk),
        expert.user.name,
        facts_of(
            expert.code_name,
            expert.municipality and expert.municipality.name,
            expert.user.phone or _("no phone"),
            expert.user.email or _("no e-mail"),
        ),
    ),
)
THEMES = RowSource(
    url=_at("themes"),
    rows=lambda _viewer: Theme.objects.filter(is_active=True),
    find=lambda rows, words: [theme for theme in find_themes(words) if theme.is_active],
    offer=lambda theme: Offer(theme.code, theme.name, str(theme.get_group_display())),
)


def caller_offers(people: Iterable[User]) -> Iterator[Offer]:
    """Offer each person for every organisation for which they order, and for another one."""
    for person in people:
        facts = facts_of(person.phone, person.email)
        for member in person.memberships.all():
            ended = member.organisation.state == OrganisationState.ENDED
            if member.role == MemberRole.ORDERER and not ended:
                told = facts_of(member.organisation.name, facts)
                yield Offer(str(member.pk), person.name, told)
        other = facts_of(_("for the organisation written below"), facts)
        yield Offer(f"person-{person.pk}", person.name, other)


CALLERS = Source(
    url=_at("callers"),
    offers=lambda viewer, words: caller_offers(
        people_said(PEOPLE.rows(viewer), words)[: MOST_OFFERED + 1]
    ),
)
SOURCES: dict[str, Source | RowSource] = {
    one.url[1]: one
    for one in (PEOPLE, CALLERS, ORGANISATIONS, ORDERING, RECEIVERS, EXPERTS, THEMES)
}


@page("coordinator", "admin", methods=("POST",), home=home_at("counter:home"))
def pick(request: Request, name: str) -> HttpResponse:
    """Offer what the written words may mean."""
    if name not in SOURCES:
        raise Http404
    return offer(request, SOURCES[name])
