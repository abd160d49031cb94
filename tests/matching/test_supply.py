"""The derived table kept by triggers equals the one built from nothing."""

import io
import json
import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from luukku.assignments import actions as assignments
from luukku.assignments.models import Via
from luukku.experts import actions as experts
from luukku.experts.models import Expert, Perspective, TrainingKind
from luukku.matching.actions import rebuild_supply
from luukku.matching.models import Supply
from luukku.matching.tasks import rebuild_supply as rebuild_task
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.taxonomy.actions import switch
from luukku.taxonomy.models import Language, Municipality, TaskType, Theme
from tests.factories.assignments import make_agreed, make_done, make_search
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders

pytestmark = pytest.mark.django_db


def rows():
    fields = [f.attname for f in Supply._meta.concrete_fields if f.name != "id"]
    return sorted(map(repr, Supply.objects.values_list(*fields)))


def edit(chance, expert, at):
    """Change something of the expert by chance, by the real actions."""
    themes = list(Theme.objects.order_by("pk"))
    choice = chance.randrange(10)
    by = expert.user
    if choice == 0:
        picked = chance.sample(themes, chance.randint(1, 3))
        experts.set_experiences(
            expert,
            [(t, chance.choice(list(Perspective)), chance.random() < 0.8) for t in picked],
            by=by,
            at=at,
        )
    elif choice == 1:
        experts.save(
            expert, by=by, at=at, reach_km=chance.randint(0, 400), is_remote_ok=chance.random() < 0.5,
            municipality=chance.choice(list(Municipality.objects.filter(valid_to=None).order_by("pk")[:20])),
        )  # fmt: skip
    elif choice == 2:
        experts.save(
            expert, by=by, at=at, task_types=chance.sample(list(TaskType.objects.order_by("pk")), 3)
        )
    elif choice == 3:
        experts.save(
            expert, by=by, at=at, languages=chance.sample(list(Language.objects.order_by("pk")), 2)
        )
    elif choice == 4:
        set_consents(by, set(chance.sample(list(Purpose), 2)), by=by, at=at)
    elif choice == 5:
        experts.add_training(
            expert, kind=chance.choice(list(TrainingKind)), name="K", producer="P", hours=None,
            completed_on=at.date() - timedelta(days=30), by=by, at=at,
            valid_until=chance.choice([None, at.date()]),
        )  # fmt: skip
    elif choice == 6:
        training = expert.trainings.order_by("pk").first()
        if training:
            experts.remove_training(training, by=by, at=at)
    elif choice == 9:
        training = expert.trainings.order_by("pk").last()
        if training:
            experts.verify_training(training, by=coordinator_of_orders(), at=at)
    elif choice == 7:
        if chance.random() < 0.5:
            experts.pause(expert, until=chance.choice([None, at.date()]), by=by, at=at)
        else:
            experts.resume(expert, by=by, at=at)
    else:
        Expert.objects.filter(pk=expert.pk).update(state=chance.choice(["active", "left"]))


@pytest.mark.parametrize("seed", range(4))
def test_supply_maintained_equals_rebuilt(seed):
    chance, at = random.Random(seed), timezone.now()
    people = [make_expert(at=at) for _n in range(3)]
    for _n in range(25):
        expert = Expert.objects.get(pk=chance.choice(people).pk)
        edit(chance, expert, at)
    maintained = rows()

    rebuild_supply()

    assert rows() == maintained


def test_supply_follows_tasks_and_feedback():
    at = timezone.now()
    make_done(at - timedelta(days=40))
    agreed = make_agreed(at)
    maintained = rows()
    rebuild_supply()
    assert rows() == maintained

    from luukku.orders.models import CancelledBy

    assignments.cancel(agreed, whose=CancelledBy.EXPERT, reason="", by=agreed.expert.user, at=at)

    assert set(
        Supply.objects.filter(expert=agreed.expert).values_list("tasks", "last_task_at")
    ) == {(0, None)}


def test_supply_has_a_row_for_the_theme_its_broader_its_narrower_and_any(at):
    expert = make_expert(at=at, themes=("mental-health",))

    weights = dict(Supply.objects.filter(expert=expert).values_list("theme", "weight"))

    parent = Theme.objects.get(code="mental-health")
    assert weights == {0: 0, parent.pk: 2} | {child.pk: 1 for child in parent.children.all()}


def test_supply_new_narrower_theme_reaches_those_with_its_broader_one(at):
    expert = make_expert(at=at, themes=("mental-health",))
    parent = Theme.objects.get(code="mental-health")

    new = Theme.objects.create(
        code="new-one", parent=parent, group=parent.group, position=parent.position,
        name_fi="Uusi", name_sv="Ny", name_en="New",
    )  # fmt: skip

    assert Supply.objects.get(expert=expert, theme=new.pk).weight == 1
    maintained = rows()
    rebuild_supply()
    assert rows() == maintained


def test_supply_theme_switched_off_leaves_it(at):
    expert = make_expert(at=at, themes=("depression",))

    Theme.objects.filter(code="depression").update(is_active=False)

    assert set(Supply.objects.filter(expert=expert).values_list("theme", flat=True)) == {0}


def test_supply_narrower_theme_deleted_leaves_it(at):
    make_expert(at=at, themes=("mental-health",))
    parent = Theme.objects.get(code="mental-health")
    new = Theme.objects.create(
        code="new-one", parent=parent, group=parent.group, position=parent.position,
        name_fi="Uusi", name_sv="Ny", name_en="New",
    )  # fmt: skip

    Theme.objects.filter(pk=new.pk).delete()

    assert not Supply.objects.filter(theme=new.pk).exists()
    maintained = rows()
    rebuild_supply()
    assert rows() == maintained


@pytest.mark.parametrize("model", [TaskType, Language])
def test_supply_follows_the_bit_of_a_word(at, model):
    make_expert(at=at)
    word = model.objects.get(code={TaskType: "talk", Language: "fi"}[model])

    model.objects.filter(pk=word.pk).update(bit=60)

    field = {TaskType: "task_types", Language: "languages"}[model]
    assert set(Supply.objects.values_list(field, flat=True)) == {1 << 60}


def test_supply_follows_a_row_that_changes_its_expert(at):
    """No action does so; a hand on the database may."""
    first, second = make_expert(at=at), make_expert(at=at, themes=("cancer",))

    first.experiences.update(expert=second)

    maintained = rows()
    rebuild_supply()
    assert rows() == maintained


def test_supply_expert_deleted_leaves_it(at):
    expert = make_expert(at=at)

    expert.delete()

    assert not Supply.objects.exists()


def test_supply_command_and_task_rebuild_it(at):
    make_expert(at=at)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM matching_supply")
    out = io.StringIO()

    call_command("rebuild_supply", stdout=out)

    assert json.loads(out.getvalue()) == {"rows": Supply.objects.count()}
    assert rebuild_task.func() == Supply.objects.count() > 0
    assert str(Supply.objects.order_by("pk").first())


def test_supply_accepting_refreshes_in_the_same_transaction(at):
    expert, order = make_expert(at=at), make_search(at)
    offer = assignments.propose(
        order, expert, by=coordinator_of_orders(), at=at, answer_by=at + timedelta(days=3)
    )

    assignments.accept(offer, by=expert.user, at=at, via=Via.DESK)

    assert set(Supply.objects.filter(expert=expert).values_list("tasks", flat=True)) == {1}


def made_anew():
    """Return how many rows of supply have been written in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_inserted('matching_supply'::regclass)")
        return cursor.fetchone()[0]


def test_group_of_themes_is_switched_by_one_rebuild(at):
    """Each rebuild locks the table: everybody who accepts or saves a profile waits."""
    make_expert(at=at)
    themes, before = list(Theme.objects.order_by("pk")[:5]), made_anew()

    switch(themes, on=(), by=coordinator_of_orders(), at=at)
    once = made_anew() - before
    Theme.objects.filter(pk=themes[0].pk).update(position=99)

    assert (once, made_anew() - before) == (Supply.objects.count(), once)
    kept = rows()
    rebuild_supply()
    assert rows() == kept
