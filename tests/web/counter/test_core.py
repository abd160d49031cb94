"""The common core at the counter, and programmes side by side at both desks."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.organisations.models import MemberRole, Task
from luukku.training.models import CommonCore
from tests.factories.accounts import make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_programme, make_run
from tests.markup import flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timedelta(days=1)


def sent(**fields):
    day = timezone.now().date().isoformat()
    return {
        "form_token": str(uuid.uuid4()), "decided_on": day, "decision": "Kokous, kohta 3", "contact_limits": 60,
    } | fields  # fmt: skip


def desk_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_core_is_written_down_and_holes_are_seen_at_both_desks(counter):
    producer = make_organisation(tasks=[Task.TRAINS])
    made = make_programme(producer=producer, state="shared", title_fi="Vajaa ohjelma")
    make_run(mode="remote"), make_run(mode="remote")
    new, compare = reverse("counter:core-new"), reverse("counter:programmes-compare")
    assert new in counter.get(compare).content.decode()

    form = sent()
    for _n in range(2):
        assert counter.post(new, form).url == compare

    assert CommonCore.objects.count() == 1
    own = desk_of(make_member(producer, role=MemberRole.PRODUCER))
    theirs = flat(own.get(reverse("orderer:programmes-compare")))
    for page in (flat(counter.get(compare)), theirs):
        assert "Kokous, kohta 3" in page
        assert "Vajaa ohjelma holds less than the common core of:" in page
        assert "100 % of the topics" in page
    assert "It holds less than the common core of:" in flat(
        own.get(reverse("orderer:programme", args=[made.pk]))
    )


def test_two_who_write_at_once_see_what_the_other_put_in_force(counter):
    new = reverse("counter:core-new")
    form = {name: one for name, one in sent(seen="0").items() if name != "form_token"}
    mine, theirs = (
        form | {"form_token": str(uuid.uuid4()), "decision": words}
        for words in ("Eka kokous", "Toka kokous")
    )
    assert counter.post(new, mine).status_code == 303

    late = counter.post(new, theirs)
    again = counter.post(new, theirs | {"seen": "1", "form_token": str(uuid.uuid4())})

    assert late.status_code == 422
    assert "Somebody has put a common core in force meanwhile." in flat(late)
    assert "Eka kokous" in flat(late)
    assert 'value="Toka kokous"' in flat(late)
    assert 'name="seen" value="1"' in flat(late)
    assert (again.status_code, CommonCore.objects.first().decision) == (303, "Toka kokous")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decided_on": (timezone.now() + 2 * DAY).date().isoformat()}, "decided_on"),
        ({"decided_on": "0001-01-01"}, "decided_on"),
        ({"decision": ""}, "decision"),
        ({"contact_limits": -1}, "contact_limits"),
    ],
)
def test_core_that_cannot_be_is_told_at_its_field_and_kept(counter, changes, field):
    answer = counter.post(reverse("counter:core-new"), sent(own_story=45) | changes)

    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert answer.context["form"]["own_story"].value() == "45"
    assert not CommonCore.objects.exists()


def test_core_without_minutes_is_told_at_its_first_topic_and_keeps_what_was_typed(counter):
    answer = counter.post(reverse("counter:core-new"), sent(contact_limits=""))

    errors = answer.context["form"].errors
    assert answer.status_code == 422
    assert list(errors.values()) == [["Give the minutes of at least one topic."]]
    assert 'value="Kokous, kohta 3"' in flat(answer)


def test_nobody_else_writes_it_down_and_who_does_not_train_compares_nothing():
    producer = make_member(make_organisation(tasks=[Task.TRAINS]), role=MemberRole.PRODUCER)

    assert desk_of(producer).get(reverse("counter:core-new")).status_code == 403
    for who in (make_person(), make_member(role=MemberRole.ORDERER)):
        assert desk_of(who).get(reverse("orderer:programmes-compare")).status_code in {403, 404}
