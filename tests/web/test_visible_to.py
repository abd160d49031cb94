"""What ``visible_to`` lists is exactly what the rule of the same model opens, for everybody."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from luukku.accounts.models import AddressChange, Inquiry, User
from luukku.assignments.actions import undoable
from luukku.assignments.models import Assignment, Offer, Undo
from luukku.coping.models import Flag, YearlyTalk
from luukku.events.models import Answer, Attendance, Event, Material, SignUp
from luukku.experts.models import CompletedTraining, Expert
from luukku.feedback.models import Debrief, EventFeedback, Feedback, WhatChanged
from luukku.guidance.models import Question
from luukku.notices.models import Letter
from luukku.orders.actions import accept
from luukku.orders.models import ChangeRequest, Order, TimeQuestion
from luukku.organisations.actions import edit
from luukku.organisations.models import ChangeAsked, Membership, Organisation
from luukku.readiness.models import Device, Loan, Readiness
from luukku.search.models import WideReading
from luukku.training import actions as training
from luukku.training.models import (
    Application,
    Certificate,
    PracticeLecture,
    Programme,
    Run,
    RunReport,
    Thread,
    ThreadDecision,
    ThreadMessage,
)
from luukku.training.states import ProgrammeState
from luukku.workbench.actions import assign, join_organisation, merge, save_filter
from luukku.workbench.models import InternalNote, Joined, Merged, SavedFilter, TakenDuty
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_organisation
from tests.factories.training import make_application, make_programme, make_run
from tests.harness import settle
from tests.web import world

pytestmark = pytest.mark.django_db
VIEW = {
    Order: "orders.view",
    ChangeRequest: "orders.view_change",
    TimeQuestion: "orders.view_time_question",
    Offer: "assignments.view_offer",
    Assignment: "assignments.view",
    Undo: "assignments.undo",
    Event: "events.view",
    SignUp: "events.view_sign_up",
    Answer: "events.view_answer",
    Attendance: "events.view_attendance",
    Material: "events.view_material",
    Programme: "training.view",
    Expert: "experts.view",
    Organisation: "organisations.view",
    Question: "guidance.view",
    AddressChange: "accounts.view_address",
    Inquiry: "accounts.inquire",
    WideReading: "search.view_wide_readings",
    Letter: "notices.view",
    TakenDuty: "workbench.assign",
    Merged: "workbench.take_back",
    Joined: "workbench.part",
    SavedFilter: "workbench.view_filter",
    User: "accounts.view",
    Membership: "organisations.view_member",
    ChangeAsked: "organisations.view_change",
    CompletedTraining: "experts.view_training",
    Feedback: "feedback.view",
    EventFeedback: "feedback.view_of_event",
    WhatChanged: "feedback.view_changed",
    Debrief: "feedback.view_debrief",
    Flag: "coping.view",
    YearlyTalk: "coping.view_talk",
    Readiness: "readiness.view",
    Device: "readiness.view_device",
    Loan: "readiness.view_loan",
    InternalNote: "workbench.view_note",
    Run: "training.view_run",
    RunReport: "training.view_report",
    PracticeLecture: "training.view_lecture",
    Thread: "training.view_thread",
    ThreadMessage: "training.view_message",
    ThreadDecision: "training.view_decision",
    Application: "training.view_application",
    Certificate: "training.view_certificate",
}


def certify(person, at):
    """Let ``person`` have completed a training."""
    past, coordinator = at - timedelta(days=90), make_coordinator()
    programme = make_programme(past, state=ProgrammeState.AGREED)
    run = make_run(past, programme=programme, starts_at=at - timedelta(days=40))
    own = training.choose(make_application(run, person, at=past), by=coordinator, at=past)
    training.complete(own, contact_minutes=720, own_minutes=300, by=coordinator, at=at)


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        found = world.build()
        coordinator, at = found["coord"], timezone.now()
        order = Order.objects.get(title="Tilaus four")
        with undoable(order, by=coordinator, at=at):
            accept(order, by=coordinator, at=at)
        assign([("order", order.pk)], to=coordinator, by=coordinator, at=at)
        one, two = make_person("Onni"), make_person("Onni")
        merge(one, two, reason="Soitettu.", by=coordinator, at=at)
        organisation = found["ordera"].organisations.get(name="Koulu A")
        edit(
            organisation, name="Koulu A, uusi", kind=organisation.kind, sector=organisation.sector,
            municipality=None, services=[], business_id="", by=found["ordera"], at=at,
        )  # fmt: skip
        school, same = make_organisation(at=at), make_organisation(at=at)
        join_organisation(school, same, reason="Soitettu.", by=coordinator, at=at)
        certify(found["agreed"], at)
        save_filter("orders", name="Omat", query="q=koulu", by=coordinator, at=at)
        settle()
        yield found
        transaction.set_rollback(True)


def test_every_model_that_says_who_sees_it_has_a_rule_that_says_the_same():
    says = {m for m in apps.get_models() if hasattr(m._default_manager, "visible_to")}

    assert says == set(VIEW), "Name in VIEW the rule that opens each, and let the world have one."


@pytest.mark.parametrize("model", VIEW, ids=lambda model: model.__name__)
@pytest.mark.parametrize("role", world.ROLES)
def test_list_and_rule_agree_for_everybody(people, role, model):
    user, rows = people.get(role, AnonymousUser()), list(model.objects.order_by("pk"))

    listed = list(model.objects.visible_to(user).order_by("pk"))

    assert rows, "Let world.build make one."
    assert listed == [row for row in rows if user.has_perm(VIEW[model], row)]
