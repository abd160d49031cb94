"""A programme of training on its way: drafted, shared, agreed on, renewed, retired."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.audit.models import AuditEvent
from luukku.experts.models import FurtherKind, TrainingKind
from luukku.organisations.models import MemberRole, Task
from luukku.taxonomy.models import Language, TaskType, Topic
from luukku.training import actions
from luukku.training.models import Programme
from luukku.training.states import ProgrammeState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import MINUTES, make_programme

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)


def minutes_of(programme):
    return {row.topic_id: (row.contact_minutes, row.own_minutes) for row in programme.topics.all()}


def test_hours_are_the_sums_of_the_topics_and_nothing_else():
    made = make_programme(AT, topics=MINUTES | {"limits": (0, 0)})
    empty = Programme.objects.create(
        kind=TrainingKind.BASIC, title_fi="Tyhjä", made_by=made.made_by, made_at=AT
    )

    rows = Programme.objects.with_minutes().in_bulk()

    assert minutes_of(made) == MINUTES
    found = {pk: (row.contact_minutes, row.own_minutes) for pk, row in rows.items()}
    assert found == {made.pk: (720, 300), empty.pk: (0, 0)}


def test_draft_is_written_anew_whole():
    made, by, other = make_programme(AT), make_coordinator(), make_organisation(tasks=[Task.TRAINS])
    topic, swedish, talk = (
        Topic.objects.get(pk="digital"),
        Language.objects.get(pk="sv"),
        TaskType.objects.get(code="talk"),
    )

    actions.edit(
        made, by=by, at=AT, minutes={topic: (90, 30)}, kind=TrainingKind.FURTHER,
        further_kind=FurtherKind.DIGITAL, producers=[other], languages=[swedish], task_types=[talk],
    )  # fmt: skip

    made.refresh_from_db()
    assert (made.further_kind, minutes_of(made)) == ("digital", {"digital": (90, 30)})
    assert [*made.producers.all(), *made.languages.all(), *made.task_types.all()] == [
        other,
        swedish,
        talk,
    ]
    with pytest.raises(TypeError):
        actions.edit(made, by=by, at=AT, minutes={}, version=7)


@pytest.mark.parametrize("lacks", ["topics", "producers"])
def test_programme_that_is_not_whole_is_not_shared(lacks):
    made = make_programme(AT)
    getattr(made, lacks).set([]) if lacks == "producers" else made.topics.all().delete()

    with pytest.raises(actions.NotWhole):
        actions.share(made, by=made.made_by, at=AT)

    made.refresh_from_db()
    assert made.state == ProgrammeState.DRAFT


def test_what_has_been_agreed_on_changes_by_a_new_version_alone():
    first, by = make_programme(AT, state=ProgrammeState.AGREED), make_coordinator()
    with pytest.raises(WrongState):
        actions.edit(first, by=by, at=AT, minutes={})

    second = actions.renew(first, by=by, at=AT)

    assert (second.version, second.state, minutes_of(second)) == (2, ProgrammeState.DRAFT, MINUTES)
    assert list(second.producers.all()) == list(first.producers.all())
    first.refresh_from_db()
    assert first.state == ProgrammeState.AGREED
    with pytest.raises(actions.RenewedAlready):
        actions.renew(first, by=by, at=AT)

    actions.agree(actions.share(second, by=by, at=AT), decision="Kokous", by=by, at=AT)

    first.refresh_from_db()
    assert first.state == ProgrammeState.RETIRED
    with pytest.raises(actions.RenewedAlready):
        actions.resume(first, by=by, at=AT)


def test_retired_programme_without_a_newer_one_comes_back_as_it_was():
    made = make_programme(AT, state=ProgrammeState.RETIRED)

    assert actions.resume(made, by=made.made_by, at=AT).state == ProgrammeState.AGREED


def test_shared_programme_is_taken_back_to_be_a_draft():
    made = make_programme(AT, state=ProgrammeState.SHARED)

    assert actions.take_back(made, by=made.made_by, at=AT).state == ProgrammeState.DRAFT
    acts = AuditEvent.objects.filter(act__startswith="training.").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == [
        "training.start", "training.share", "training.take_back",
    ]  # fmt: skip


PRODUCERS_MAY = {"edit", "renew", "share", "take_back", "retire"}
STATE_FOR = {
    "edit": ProgrammeState.DRAFT, "share": ProgrammeState.DRAFT, "take_back": ProgrammeState.SHARED,
    "agree": ProgrammeState.SHARED, "retire": ProgrammeState.AGREED, "renew": ProgrammeState.AGREED,
    "resume": ProgrammeState.RETIRED,
}  # fmt: skip


@pytest.mark.parametrize("act", STATE_FOR)
def test_producer_does_what_concerns_the_own_programme_and_nobody_else_anything(act):
    producer, other = (make_organisation(tasks=[Task.TRAINS], at=AT) for _n in range(2))
    made = make_programme(AT, producer=producer, state=STATE_FOR[act])
    own = make_member(producer, role=MemberRole.PRODUCER)
    more = {"minutes": {Topic.objects.get(pk="story"): (60, 0)}} if act == "edit" else {}
    for stranger in (make_person(), make_member(other, role=MemberRole.PRODUCER)):
        with pytest.raises(PermissionDenied):
            getattr(actions, act)(made, by=stranger, at=AT, **more)

    if act in PRODUCERS_MAY:
        assert getattr(actions, act)(made, by=own, at=AT, **more)
    else:
        with pytest.raises(PermissionDenied):
            getattr(actions, act)(made, by=own, at=AT, **more)


def test_only_the_counter_begins_a_programme():
    with pytest.raises(PermissionDenied):
        actions.start(by=make_person(), at=AT, minutes={}, kind=TrainingKind.BASIC, title_fi="K")


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "further"},
        {"further_kind": "digital"},
        {"min_group": 9, "max_group": 8},
        {"price_eur": -1},
        {"validity_months": 0},
    ],
    ids=str,
)
def test_database_refuses_a_programme_that_cannot_be(changes):
    made = make_programme(AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.filter(pk=made.pk).update(**changes)


def test_database_refuses_a_topic_that_takes_no_time():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_programme(AT).topics.update(contact_minutes=0, own_minutes=0)
