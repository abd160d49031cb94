"""Acts that bind, reveal or cannot be taken back ask first, with names and times; opening the question does nothing."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.notices import when
from luukku.assignments.states import AssignmentState
from luukku.core.times import helsinki
from luukku.experts.models import CompletedTraining, Expert
from luukku.experts.states import ExpertState
from luukku.organisations.models import ChangeAsked, MemberRole, Membership, Organisation
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_person
from tests.factories.assignments import make_agreed
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"counter:{name}", args=args)


def role_of(organisation, name, **fields):
    return make_member(organisation, name=name, **fields).memberships.get()


def training_of(expert):
    return CompletedTraining.objects.create(
        expert=expert, name="Kokemusasiantuntijan peruskoulutus", producer="Satakunta",
        kind="basic", completed_on=helsinki(timezone.now()).date() - timedelta(days=30),
    )  # fmt: skip


def cancel_order():
    task = make_agreed()
    person, time = task.expert.user.name, when(task.starts_at, task.ends_at)
    return url("order-cancel", task.order_id), [
        person,
        time,
        "Keep the order",
        task.order.contact.phone,
    ]


def cancel_task():
    task = make_agreed()
    person, time = task.expert.user.name, when(task.starts_at, task.ends_at)
    return url("task-cancel", task.pk), [person, time, "Keep the task", task.expert.user.phone]


def task_done():
    task = make_agreed()
    return url("task-done", task.pk), [
        task.expert.user.name,
        when(task.starts_at, task.ends_at),
        "It has not been done",
    ]


def remove_member():
    member = role_of(make_organisation(), "Anna Aava")
    return url("remove-member", member.pk), [
        "Anna Aava",
        member.organisation.name,
        "Keep in the organisation",
    ]


def name_contact():
    organisation = make_organisation()
    role_of(organisation, "Vanha Vesa", is_contact=True)
    member = role_of(organisation, "Anna Aava")
    return url("name-contact", member.pk), ["Anna Aava", "Vanha Vesa", organisation.name]


def leave_bank():
    expert = make_expert()
    return url("expert-move", expert.pk, "leave"), [expert.user.name, "Keep in the bank"]


def verify_training():
    training = training_of(make_expert())
    return url("training-verify", training.expert_id, training.pk), [
        training.name,
        training.expert.user.name,
    ]


def restore_training():
    training = training_of(make_expert())
    CompletedTraining.objects.update(verified_at=timezone.now(), revoked_at=timezone.now())
    return url("training-restore", training.expert_id, training.pk), [
        training.name,
        training.expert.user.name,
    ]


def keep_task():
    task = make_agreed()
    Assignment.objects.update(untrained_at=timezone.now())
    return url("task-keep", task.pk), [task.expert.user.name, when(task.starts_at, task.ends_at)]


def remove_training():
    training = training_of(make_expert())
    return url("training-remove", training.expert_id, training.pk), [
        training.name,
        "Keep the training",
    ]


def refuse_organisation():
    organisation = make_organisation(state=OrganisationState.WAITING)
    role_of(organisation, "Anna Aava")
    return url("organisation-refuse", organisation.pk), [
        "Anna Aava",
        organisation.name,
        "Keep it waiting",
    ]


def keep_details():
    asked = ChangeAsked.objects.create(
        organisation=make_organisation("Toivo ry"), name="Uusi nimi", kind="ngo", sector="third",
        asked_by=make_person(name="Anna Aava"), asked_at=timezone.now(),
    )  # fmt: skip
    return url("organisation-keep", asked.organisation_id, asked.pk), [
        "Anna Aava",
        "Toivo ry",
        "Uusi nimi",
        "Decide later",
    ]


ACTS = [cancel_order, cancel_task, task_done, remove_member, name_contact, leave_bank, verify_training,
        restore_training, keep_task,
        remove_training, refuse_organisation, keep_details]  # fmt: skip


def world():
    models = (Assignment, Membership, Organisation, ChangeAsked, Expert, CompletedTraining, User)
    return {model: list(model.objects.order_by("pk").values()) for model in models}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_act_asks_first_by_name_and_time_and_says_what_follows(counter, act):
    where, names = act()
    before = world()

    response = counter.get(where)

    page = unescape(response.content.decode())
    assert response.status_code == 200
    assert [name for name in [*names, "What follows"] if name not in page] == []
    assert world() == before


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_question_is_for_the_counter_only(client, act):
    where, _names = act()
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")
    before = world()

    assert client.get(where).status_code == 403
    assert client.post(where).status_code == 403
    assert world() == before


def test_lists_lead_to_the_questions_and_hold_no_act_of_one_press(counter):
    expert = make_expert()
    training = training_of(expert)
    member = role_of(make_organisation(), "Anna Aava")
    pages = {
        url("expert", expert.pk): [
            url("expert-move", expert.pk, "leave"),
            url("training-verify", expert.pk, training.pk),
        ],
        url("organisation", member.organisation_id): [
            url("remove-member", member.pk),
            url("name-contact", member.pk),
        ],
        url("profile-trainings", expert.pk): [url("training-remove", expert.pk, training.pk)],
    }

    for page, acts in pages.items():
        html = counter.get(page).content.decode()
        assert [act for act in acts if f'href="{act}"' not in html] == []
        assert [act for act in acts if f'action="{act}"' in html] == []


def test_question_answered_is_the_act(counter):
    expert, task = make_expert(), make_agreed()
    member = role_of(make_organisation(), "Anna Aava", role=MemberRole.BACKGROUND)

    counter.post(url("expert-move", expert.pk, "leave"))
    counter.post(url("task-cancel", task.pk), {"whose": "expert", "reason": ""})
    counter.post(url("remove-member", member.pk))

    expert.refresh_from_db()
    task.refresh_from_db()
    assert expert.state == ExpertState.LEFT
    assert task.state == AssignmentState.CANCELLED
    assert not Membership.objects.filter(pk=member.pk).exists()


def test_opening_the_address_of_a_harmless_move_leads_to_the_expert(counter):
    expert = make_expert()

    response = counter.get(url("expert-move", expert.pk, "welcome"))

    assert response["Location"] == url("expert", expert.pk)
