"""Programmes at the own desk of who holds them, and of nobody else."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from luukku.organisations.models import MemberRole, Task
from luukku.training.models import Programme
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_programme
from tests.markup import flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def url(name, *args):
    return reverse(f"orderer:{name}", args=args)


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


@pytest.fixture
def producer():
    return make_organisation(tasks=[Task.TRAINS])


@pytest.fixture
def desk(producer):
    client = Client()
    client.force_login(make_member(producer, role=MemberRole.PRODUCER), backend=BACKEND)
    return client


def test_programme_goes_its_way_at_the_own_desk(desk, producer):
    made = make_programme(producer=producer)
    form = sent(kind="basic", title_fi="Uusi nimi", producers=[producer.pk], contact_story=60)

    assert url("programme", made.pk) in desk.get(url("programmes")).content.decode()
    assert desk.get(url("programme-edit", made.pk)).status_code == 200
    desk.post(url("programme-edit", made.pk), form)
    for move, state in (("share", "shared"), ("take_back", "draft")):
        assert (
            url("programme-move", made.pk, move)
            in desk.get(url("programme", made.pk)).content.decode()
        )
        desk.post(url("programme-move", made.pk, move), sent())
        assert Programme.objects.get().state == state
    assert "Uusi nimi" in flat(desk.get(url("programme", made.pk)))


def test_agreed_programme_is_renewed_or_ended_and_ending_asks_first(desk, producer):
    made = make_programme(producer=producer, state="agreed")

    answer = desk.post(url("programme-move", made.pk, "renew"), sent())
    assert answer.url == url("programme", made.renewed_by.pk)
    assert desk.get(url("programme-move", made.pk, "retire")).status_code == 200
    made.refresh_from_db()
    assert made.state == "agreed"
    desk.post(url("programme-move", made.pk, "retire"), sent())
    made.refresh_from_db()
    assert made.state == "retired"
    assert desk.post(url("programme-move", made.pk, "agree"), sent()).status_code == 404


def test_anothers_draft_is_not_there_and_what_is_shared_can_be_read_alone(desk):
    draft, shared = make_programme(), make_programme(state="shared")

    assert desk.get(url("programme", draft.pk)).status_code == 404
    page = desk.get(url("programme", shared.pk)).content.decode()
    assert url("programme-edit", shared.pk) not in page
    assert url("programme-move", shared.pk, "take_back") not in page
    assert desk.post(url("programme-move", shared.pk, "take_back"), sent()).status_code == 403
    shared.refresh_from_db()
    assert shared.state == "shared"


def test_what_cannot_be_is_told_at_its_field_and_kept(desk, producer):
    made = make_programme(producer=producer)

    form = sent(kind="basic", title_fi=" ", producers=[producer.pk], contact_story=60)
    answer = desk.post(url("programme-edit", made.pk), form)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["title_fi"])
    assert answer.context["form"]["contact_story"].value() == "60"


def test_list_costs_the_same_with_one_and_three(desk, producer):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    numbers = []
    for _n in range(3):
        make_programme(producer=producer)
        desk.get(url("programmes"))
        with CaptureQueriesContext(connection) as queries:
            desk.get(url("programmes"))
        numbers.append(len(queries))

    assert numbers[0] == numbers[2]
