import pytest
from django.db import IntegrityError
from django.utils import translation

from luukku.organisations.models import MemberRole, Organisation, Task
from luukku.organisations.notices import MembershipAdded, OrganisationRefused, OrganisationVetted
from luukku.organisations.queries import contact_of, is_vetted_orderer, memberships_of, stands_for
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_person
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db


def test_stands_for_asks_person_organisation_and_role():
    organisation = make_organisation()
    member = make_member(organisation)

    assert stands_for(member, organisation, MemberRole.ORDERER)
    assert not stands_for(member, organisation, MemberRole.BACKGROUND)
    assert not stands_for(member, make_organisation(), MemberRole.ORDERER)


@pytest.mark.parametrize(
    ("state", "role", "expected"),
    [
        (OrganisationState.VETTED, MemberRole.ORDERER, True),
        (OrganisationState.WAITING, MemberRole.ORDERER, False),
        (OrganisationState.VETTED, MemberRole.BACKGROUND, False),
    ],
)
def test_is_vetted_orderer_needs_a_checked_organisation_and_the_role(state, role, expected):
    member = make_member(make_organisation(state=state), role=role)

    assert is_vetted_orderer(member) is expected


@pytest.mark.parametrize("rows", [1, 3])
def test_memberships_of_takes_one_query(rows, django_assert_num_queries):
    person = make_person()
    for name in ["Öljy", "Aalto", "Meri"][:rows]:
        make_member(make_organisation(name), user=person)

    with django_assert_num_queries(1):
        names = [membership.organisation.name for membership in memberships_of(person)]

    assert names == sorted(["Öljy", "Aalto", "Meri"][:rows])


def test_memberships_of_leaves_out_ended_organisations():
    member = make_member(make_organisation(state=OrganisationState.ENDED))

    assert list(memberships_of(member)) == []


def test_contact_of_is_the_named_person_or_nobody():
    organisation = make_organisation()
    make_member(organisation)

    assert contact_of(organisation) is None
    contact = make_member(organisation, is_contact=True)
    assert contact_of(organisation) == contact


def test_organisations_are_found_by_state():
    vetted, waiting = make_organisation(), make_organisation(state=OrganisationState.WAITING)

    assert list(Organisation.objects.vetted()) == [vetted]
    assert list(Organisation.objects.waiting()) == [waiting]


@pytest.mark.parametrize(
    "field, value", [("state", "odd"), ("kind", "odd"), ("sector", "odd"), ("tasks", ["odd"])]
)
def test_database_refuses_unknown_words(field, value):
    organisation = make_organisation()

    with pytest.raises(IntegrityError):
        Organisation.objects.filter(pk=organisation.pk).update(**{field: value})


def test_things_are_called_by_their_names():
    organisation = make_organisation("Toivo ry")
    membership = make_member(organisation).memberships.get()

    assert (str(organisation), str(organisation.units.create(name="Osasto 3"))) == (
        "Toivo ry",
        "Osasto 3",
    )
    assert str(membership) == f"orderer #{membership.pk}"


@pytest.mark.parametrize(
    ("tasks", "lines"),
    [
        ([Task.ORDERS], 2),
        ([Task.BACKGROUND], 2),
        ([Task.ORDERS, Task.BACKGROUND], 3),
        ([Task.TRAINS], 1),
    ],
)
def test_vetted_notice_tells_what_the_organisation_can_do_now(tasks, lines):
    notice = OrganisationVetted(make_organisation("Toivo ry", tasks=tasks))

    assert len(notice.lines()) == lines
    assert "Toivo ry" in notice.lines()[0]
    assert notice.action()[1].endswith("/orderer/")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_notices_name_no_organisation_in_their_subject(language):
    organisation = make_organisation("Toivo ry")
    membership = make_member(organisation).memberships.get()

    with translation.override(language):
        for notice in (
            OrganisationVetted(organisation),
            OrganisationRefused(organisation),
            MembershipAdded(membership),
        ):
            assert notice.subject()
            assert "Toivo" not in notice.subject()
            assert "Toivo ry" in " ".join(notice.lines())
            assert notice.action()[1].startswith(f"/{language}/")
