"""Each role signs in both ways and lands on a page of use; several roles are switched in sight."""

import re
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from luukku.experts.models import Expert
from luukku.organisations.models import MemberRole, Task
from tests.factories.accounts import (
    PASSWORD,
    make_admin,
    make_coordinator,
    make_person,
    make_steering,
)
from tests.factories.experts import make_expert
from tests.factories.mail import newest_code
from tests.factories.organisations import make_member, make_organisation
from tests.markup import flat

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)


def member(role):
    return lambda **fields: make_member(make_organisation("Toivo ry"), role=role, **fields)


# Role: how to make somebody with it, where they land, what they find there.
ROLES = {
    "nobody yet": (make_person, "public:welcome", "Welcome"),
    "expert": (lambda **f: make_expert(user=make_person(**f)).user, "expert:desk", "Open calls"),
    "orderer": (member(MemberRole.ORDERER), "orderer:desk", "Order an expert"),
    "background": (member(MemberRole.BACKGROUND), "orderer:desk", "Experts you stand behind"),
    "producer": (member(MemberRole.PRODUCER), "orderer:desk", "Trainings"),
    "coordinator": (make_coordinator, "counter:queue", "Queue"),
    "steering": (make_steering, "counter:home", "Needs named in the plan"),
    "admin": (make_admin, "counter:people", "Antti Ylläpitäjä"),
}


def by_password(client, person):
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    data = {"login": person.email, "password": PASSWORD}
    return client.post(reverse("account_login"), data, follow=True)


def by_code(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.email})
    code = newest_code()
    return client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)


@pytest.mark.slow
@pytest.mark.parametrize("sign_in", [by_password, by_code])
@pytest.mark.parametrize("role", ROLES)
def test_role_signs_in_and_lands_where_its_work_is(client, role, sign_in):
    make, page, words = ROLES[role]
    person = make(password=PASSWORD)

    response = sign_in(client, person)

    assert response.redirect_chain[-1][0] == reverse(page)
    assert response.status_code == 200
    assert words in response.content.decode()


def test_several_roles_in_several_organisations_are_switched_in_sight(client):
    person = make_coordinator()
    make_expert(user=person)
    school = make_organisation("Koulu")
    behind = make_organisation("Tuki ry", tasks=(Task.BACKGROUND,))
    make_member(school, user=person)
    make_member(behind, role=MemberRole.BACKGROUND, user=person)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    first = client.get(reverse("desk"), follow=True)
    chosen = {}
    for desk in first.context["desks"]:
        page = client.post(reverse("switch-desk"), {"desk": desk.key}, follow=True)
        chosen[desk.label] = (page.context["current_desk"] == desk.key, page)

    assert list(chosen) == ["Counter", "Expert's desk", "Koulu", "Tuki ry"]
    assert all(is_current for is_current, _page in chosen.values())
    for label, (_is_current, page) in chosen.items():
        html = flat(page)
        assert re.search(r'aria-current="page">([^<]+)</button>', html)[1] == label.replace(
            "'", "&#x27;"
        )
    assert "Order an expert" in chosen["Koulu"][1].content.decode()
    assert "Order an expert" not in chosen["Tuki ry"][1].content.decode()


def test_desk_of_an_organisation_one_does_not_stand_for_is_not_opened(client):
    person = make_member(make_organisation("Koulu"))
    other = make_organisation("Muu")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    client.post(reverse("switch-desk"), {"desk": f"organisation-{other.pk}"})

    assert "<h1>Koulu</h1>" in client.get(reverse("orderer:desk")).content.decode()
    assert not Expert.objects.exists()
