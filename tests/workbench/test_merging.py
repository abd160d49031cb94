"""Two accounts of one person become one, and two again; beside each act its permission twin."""

from datetime import timedelta
from itertools import combinations

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from luukku.accounts.actions import edit_person, give_email, reopen
from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.events.actions import sign_up as sign_up_for
from luukku.events.models import Booking
from luukku.experts.actions import start
from luukku.feedback.models import Debrief
from luukku.guidance.actions import ask_for
from luukku.notices.actions import choose
from luukku.notices.models import Channel, Letter
from luukku.orders.models import Order
from luukku.organisations.models import MemberRole, Membership
from luukku.workbench import actions
from luukku.workbench.models import Merged
from luukku.workbench.queries import MOVES, history_of, merges_of, why_not_merged
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.assignments import make_agreed, make_search
from tests.factories.events import make_event
from tests.factories.experts import make_expert
from tests.factories.guidance import make_question
from tests.factories.orders import make_order, make_orderer
from tests.factories.organisations import make_member, make_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WHY = "Soitettu: kertoi molemmat osoitteet."

STAYS = {
    "training.ProgrammeNo.given_by": "an act in an organisation's name",
    "training.ProgrammeYes.given_by": "an act in an organisation's name",
    "training.RunReport.removed_by": "the counter's act",
    "training.RunReport.sent_by": "an act in an organisation's name",
    "orders.TimeQuestion.asked_by": "an act at the counter",
    "orders.Revision.by": "what was changed in an order stays with who changed it",
    "accounts.AddressChange.user": "who lost which address stays with the account",
    "accounts.AddressChange.asked_by": "an administrator's act",
    "accounts.FactorReset.user": "who lost which keys stays with the account",
    "accounts.Inquiry.user": "what an account has seen stays with it",
    "accounts.Inquiry.asked_by": "an administrator's act",
    "assignments.Assignment.counter_agreed_by": "the counter's act",
    "assignments.CalendarKey.user": "an expert's own",
    "assignments.Offer.made_by": "the counter's act",
    "assignments.Undo.by": "lasts ten seconds",
    "coping.Flag.settled_by": "an act",
    "coping.Invitation.invited_by": "an act",
    "coping.YearlyTalk.held_by": "an act",
    "coping.YearlyTalk.noted_by": "an act",
    "readiness.Readiness.practised_by": "an act",
    "readiness.ConnectionTest.told_by": "an act",
    "events.Attendance.marked_by": "who marked it",
    "events.Event.made_by": "who made it",
    "events.Material.made_by": "who added it",
    "events.SignUp.made_by": "who put whom on the list",
    "experts.CompletedTraining.revoked_by": "the counter's act",
    "training.Application.made_by": "who wrote it down",
    "training.TrainingWish.made_by": "who wrote it down",
    "training.CommonCore.made_by": "who wrote it down",
    "training.ThreadDecision.made_by": "who wrote it down",
    "training.ThreadMessage.removed_by": "the counter's act",
    "training.ThreadDecision.removed_by": "the counter's act",
    "training.Certificate.made_by": "who gave it",
    "training.Run.made_by": "who began it",
    "experts.CompletedTraining.verified_by": "the counter's act",
    "experts.Expert.responsible_person": "moves with the membership only if the counter says so",
    "feedback.Debrief.handled_by": "the counter's act",
    "feedback.Feedback.read_by": "the counter's act",
    "guidance.CannedAnswer.changed_by": "the counter's act",
    "guidance.HandOver.by": "the counter's act",
    "guidance.HandOver.ended_by": "the counter's act",
    "guidance.Note.by": "the counter's act",
    "guidance.Question.assignee": "the counter's act",
    "guidance.Question.taken_by": "the counter's act",
    "notices.NoticeChoice.user": "the choices of the account that goes on hold",
    "orders.ChangeRequest.answered_by": "the counter's act",
    "orders.Order.decided_by": "the counter's act",
    "organisations.Membership.added_by": "who added whom",
    "privacy.Consent.given_by": "who wrote it down",
    "search.CardDay.user": "how much an account has looked at stays with it",
    "search.Miss.handled_by": "the counter's act",
    "training.Paper.person": "a copy for whom it was written; another is written",
    "training.Programme.made_by": "who made it",
    "search.WideReading.seen_by": "an administrator's act",
    "search.WideReading.user": "how much an account has looked at stays with it",
    "workbench.InternalNote.by": "the counter's act",
    "workbench.InternalNote.struck_by": "the counter's act",
    "workbench.Joined.by": "the counter's act",
    "workbench.Joined.taken_back_by": "the counter's act",
    "workbench.Merged.by": "the counter's act",
    "workbench.Merged.double": "a merge of its own",
    "workbench.Merged.into": "a merge of its own",
    "workbench.Merged.taken_back_by": "the counter's act",
    "workbench.TakenDuty.assigned_by": "the counter's act",
    "workbench.TakenDuty.assignee": "the counter's own",
    "workflow.Submission.user": "lasts a day",
}


def test_every_field_that_names_a_person_says_whether_it_moves():
    """A new one is added to MOVES of workbench/queries.py, or here with the reason why it stays."""
    ours = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("luukku.")
        for field in model._meta.concrete_fields
        if field.related_model is User and field.name not in {"owner", "locked_by"}
    }

    assert ours - set(MOVES) == set(STAYS)


@pytest.fixture
def kaisa():
    return make_coordinator()


def same_person(at, **fields):
    """Return two accounts of Onni, who orders for one organisation with both and has asked something."""
    school = make_organisation("Koulu", at=at)
    double = make_orderer(at=at, organisation=school, name="Onni Jokinen", email="onni@toinen.test")
    into = make_orderer(at=at, organisation=school, name="Onni Jokinen", email="onni@koulu.test")
    return double, into


def test_merge_keeps_both_places_where_two_events_are_at_the_same_time(at, kaisa):
    double, into = same_person(at)
    one, other = make_event(at), make_event(at)
    sign_up_for(one, by=double, at=at)
    sign_up_for(other, by=into, at=at)

    merged = actions.merge(double, into, reason=WHY, by=kaisa, at=at)

    assert {row.event for row in into.sign_ups.confirmed()} == {one, other}
    assert Booking.objects.filter(person=into).count() == 2
    actions.take_back(merged, by=kaisa, at=at)
    assert [row.event for row in double.sign_ups.confirmed()] == [one]
    assert [row.event for row in into.sign_ups.confirmed()] == [other]


def test_merge_leaves_a_second_place_in_one_event_where_it_is(at, kaisa):
    double, into = same_person(at)
    event = make_event(at)
    sign_up_for(event, by=double, at=at)
    sign_up_for(event, by=into, at=at)

    actions.merge(double, into, reason=WHY, by=kaisa, at=at)

    assert into.sign_ups.confirmed().count() == 1


def test_merge_gives_the_history_to_the_account_that_goes_on(at, kaisa):
    double, into = make_orderer(at=at, name="Onni"), make_person("Onni", email="onni@koulu.test")
    task = make_agreed(at, order=make_search(at, orderer=double))
    question = make_question(at, by=double)
    roles = {(m.organisation_id, m.role) for m in double.memberships.all()}

    merged = actions.merge(double, into, reason=WHY, by=kaisa, at=at)

    order = Order.objects.get(pk=task.order_id)
    question.refresh_from_db()
    double.refresh_from_db()
    assert (order.contact, question.asked_by) == (into, into)
    assert {(m.organisation_id, m.role) for m in into.memberships.all()} == roles
    assert order in Order.objects.visible_to(into)
    assert (double.is_active, double.has_usable_password()) == (False, False)
    assert history_of(double) == {"notices.Letter.reader": 1}  # what tells of the merge
    assert merged.moved["orders.Order.contact"] == [order.pk]
    events = AuditEvent.objects.filter(act="workbench.merge").order_by("pk")
    assert [(e.actor_id, e.object_id, e.data) for e in events] == [
        (kaisa.pk, str(double.pk), {"into": into.pk}), (kaisa.pk, str(into.pk), {"double": double.pk}),
    ]  # fmt: skip


def test_merge_leaves_a_role_that_both_have_once(at, kaisa):
    double, into = same_person(at)

    actions.merge(double, into, reason=WHY, by=kaisa, at=at)

    assert Membership.objects.filter(user=into, role=MemberRole.ORDERER).count() == 1


def test_merge_tells_both_addresses_and_names_neither_in_the_other(at, kaisa):
    double, into = same_person(at)

    actions.merge(double, into, reason=WHY, by=kaisa, at=at)

    letters = {one.reader: one for one in Letter.objects.filter(kind="workbench.merged")}
    assert set(letters) == {double, into}
    assert not [
        one for one in letters.values() if "onni@" in f"{one.subject} {one.body} {one.link}"
    ]


def test_taking_back_returns_what_came_and_leaves_what_is_new(at, kaisa):
    double, into = same_person(at)
    old, roles = make_order(at, orderer=double), set(double.memberships.all())
    merged = actions.merge(double, into, reason=WHY, by=kaisa, at=at)
    new = make_order(at, orderer=into)
    handed_on = make_question(at, by=into)

    for _n in range(2):
        actions.take_back(merged, by=kaisa, at=at + timedelta(days=1))

    assert [Order.objects.get(pk=one.pk).contact for one in (old, new)] == [double, into]
    handed_on.refresh_from_db()
    double.refresh_from_db()
    assert (handed_on.asked_by, double.is_active) == (into, True)
    assert set(double.memberships.all()) == roles
    assert Letter.objects.filter(kind="workbench.merge_taken_back").count() == 2
    assert AuditEvent.objects.filter(act="workbench.take_back").count() == 1


def test_a_chain_is_taken_back_from_its_end(at, kaisa):
    first, second, third = (make_person("Onni", email=f"{n}@onni.test") for n in range(3))
    one = actions.merge(first, second, reason=WHY, by=kaisa, at=at)
    two = actions.merge(second, third, reason=WHY, by=kaisa, at=at)

    with pytest.raises(actions.MergedOn):
        actions.take_back(one, by=kaisa, at=at)
    actions.take_back(two, by=kaisa, at=at)
    actions.take_back(one, by=kaisa, at=at)

    assert Merged.objects.holding().count() == 0


def make_profile(person, at):
    make_expert(at=at, user=person)


def make_admin_of(person, at):
    person.roles = ["admin"]
    person.save()


def make_closed(person, at):
    person.is_active = False
    person.save()


def make_machine(person, at):
    person.is_machine = True
    person.save()


def make_without_email(person, at):
    person.email = None
    person.save()


def in_use(person, at):
    person.last_login = at
    person.save()
    return person


@pytest.mark.parametrize(
    ("double_is", "into_is", "may"),
    [
        ((), (), True),
        ((make_profile,), (), True),
        ((make_profile, in_use), (), False),
        ((), (make_profile,), True),
        ((in_use,), (make_profile,), False),
        ((make_profile,), (in_use,), True),
        ((make_admin_of,), (in_use,), False),
        ((in_use,), (make_admin_of,), False),
        ((make_profile,), (make_profile,), False),
        ((make_admin_of,), (), False),
        ((), (make_admin_of,), True),
        ((make_closed,), (), False),
        ((), (make_closed,), False),
        ((make_without_email,), (), True),
        ((), (make_without_email,), False),
        ((make_admin_of,), (make_profile,), False),
        ((), (make_machine,), False),
        ((make_without_email,), (make_without_email,), True),
    ],
)
def test_what_only_one_account_may_open_passes_to_nobody(at, kaisa, double_is, into_is, may):
    double, into = make_person("A", email="a@a.test"), make_person("A", email="b@b.test")
    for person, traits in ((double, double_is), (into, into_is)):
        for trait in traits:
            trait(person, at)

    assert (why_not_merged(double, into) == "") == may
    if not may:
        with pytest.raises(actions.NotMerged) as refusal:
            actions.merge(double, into, reason=WHY, by=make_admin(), at=at)
        assert refusal.value.told() == why_not_merged(double, into)
        assert Merged.objects.count() == 0


TRAITS = (make_profile, make_admin_of, make_without_email, in_use)


@pytest.mark.parametrize("double_is", [(), *((one,) for one in TRAITS), *combinations(TRAITS, 2)])
def test_nobody_is_told_to_turn_round_what_says_the_same_the_other_way(at, double_is):
    for into_is in [(), *((one,) for one in TRAITS), *combinations(TRAITS, 2)]:
        double, into = make_person("A", email="a@a.test"), make_person("A", email="b@b.test")
        for person, traits in ((double, double_is), (into, into_is)):
            for trait in traits:
                trait(person, at)
        why = why_not_merged(double, into), why_not_merged(into, double)
        assert not all("Turn the two round" in one for one in why), (double_is, into_is)
        User.objects.filter(pk__in=[double.pk, into.pk]).update(email=None)


def test_profile_that_the_counter_wrote_goes_to_the_account_in_use_and_back(at, kaisa):
    orderer = in_use(make_orderer(at=at, name="Onni", email="onni@koulu.test"), at)
    expert = make_expert(at=at, user=make_person("Onni", email="onni@koti.test"))
    consents, was = set(expert.user.consents.all()), expert.user

    with pytest.raises(PermissionDenied):
        actions.merge(was, orderer, reason=WHY, by=kaisa, at=at)
    merged = actions.merge(was, orderer, reason=WHY, by=make_admin(), at=at)

    expert.refresh_from_db()
    assert (expert.user, set(orderer.consents.all())) == (orderer, consents)
    actions.take_back(merged, by=kaisa, at=at)
    expert.refresh_from_db()
    assert (expert.user, set(expert.user.consents.all())) == (was, consents)


def test_counter_does_nothing_more_for_somebody_on_the_closed_account(at, kaisa):
    double, into = make_person("A"), make_person("A", email="a@a.test")
    actions.merge(double, into, reason=WHY, by=kaisa, at=at)
    double.refresh_from_db()

    for act in (
        lambda: give_email(double, "uusi@a.test", by=kaisa, at=at),
        lambda: edit_person(double, name="B", phone="", language="fi", by=kaisa, at=at),
        lambda: start(double, by=kaisa, at=at),
        lambda: ask_for("Apua?", person=double, by=kaisa, at=at),
        lambda: choose(double, "orders.sent", Channel.DESK, by=kaisa, at=at),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert start(into, by=kaisa, at=at).user == into


def test_an_account_is_not_made_one_with_itself(at, kaisa):
    person = make_person("A")

    with pytest.raises(actions.NotMerged):
        actions.merge(person, person, reason=WHY, by=kaisa, at=at)


def test_merge_and_taking_back_are_never_of_oneself_nor_by_others(at, kaisa):
    double, into = make_person("A"), make_person("A")
    merged = actions.merge(double, into, reason=WHY, by=kaisa, at=at)
    others = [make_person("B"), make_steering(), double, into, make_orderer(at=at)]

    for by in others:
        with pytest.raises(PermissionDenied):
            actions.merge(make_person("C"), make_person("C"), reason=WHY, by=by, at=at)
        with pytest.raises(PermissionDenied):
            actions.take_back(merged, by=by, at=at)
        assert not Merged.objects.visible_to(by).exists()
    with pytest.raises(PermissionDenied):
        actions.merge(make_person("D"), kaisa, reason=WHY, by=kaisa, at=at)
    assert Merged.objects.visible_to(kaisa).get() == merged


def test_right_to_merge_is_asked_of_the_account_as_it_is_under_the_lock(at, kaisa):
    double, into = make_person("A"), in_use(make_person("A"), at)
    User.objects.filter(pk=double.pk).update(last_login=at)  # after the page had read it

    with pytest.raises(PermissionDenied):
        actions.merge(double, into, reason=WHY, by=kaisa, at=at)

    assert not Merged.objects.exists()


def test_account_in_use_passes_to_another_by_an_administrator_alone(at, kaisa):
    double, into = (in_use(make_person("A", email=f"{n}@a.test"), at) for n in range(2))

    with pytest.raises(PermissionDenied):
        actions.merge(double, into, reason=WHY, by=kaisa, at=at)
    actions.merge(double, into, reason=WHY, by=make_admin(), at=at)

    assert Merged.objects.get().into == into


def test_account_in_use_does_not_pass_to_one_that_nobody_has_used(at):
    double, into = in_use(make_person("A"), at), make_person("A")

    with pytest.raises(actions.NotMerged):
        actions.merge(double, into, reason=WHY, by=make_admin(), at=at)


def test_account_made_one_once_is_not_made_one_with_another(at, kaisa):
    double, into = make_person("A"), make_person("A")
    actions.merge(double, into, reason=WHY, by=kaisa, at=at)
    double.refresh_from_db()
    reopen(double, by=make_admin(), at=at)

    with pytest.raises(actions.NotMerged):
        actions.merge(double, make_person("A"), reason=WHY, by=kaisa, at=at)


def test_contact_person_stays_one_and_taking_back_undoes_it(at, kaisa):
    double, into = same_person(at)
    for person in (double, into):
        Membership.objects.filter(user=person).update(is_contact=person == double)

    merged = actions.merge(double, into, reason=WHY, by=kaisa, at=at)
    was = into.memberships.get().is_contact
    actions.take_back(merged, by=kaisa, at=at)

    assert (was, into.memberships.get().is_contact) == (True, False)
    assert double.memberships.get().is_contact
    named = AuditEvent.objects.filter(act="organisations.name_contact").order_by("pk")
    role = str(into.memberships.get().pk)
    assert [(one.object_id, one.data) for one in named] == [
        (role, {"is_contact": True}), (role, {"is_contact": False}),
    ]  # fmt: skip


def test_who_has_no_address_is_told_of_no_other_one_to_sign_in_with(at, kaisa):
    double, into = (make_person("Onni", email="", language="en") for _n in range(2))

    merged = actions.merge(double, into, reason=WHY, by=kaisa, at=at)

    letter = Letter.objects.get(kind="workbench.merged", about=f"account-{double.pk}")
    assert "sign in" not in letter.body
    assert list(merges_of(into, viewer=kaisa)) == [merged]
    assert not merges_of(into, viewer=into).exists()


def test_membership_that_came_of_joining_the_organisation_goes_back_too(at, kaisa):
    double, into = make_orderer(at=at, name="Onni"), make_person("Onni", email="onni@koulu.test")
    others = make_orderer(at=at)
    merged = actions.merge(double, into, reason=WHY, by=kaisa, at=at)
    school = into.memberships.get().organisation
    joined = actions.join_organisation(
        school, make_organisation(at=at), reason=WHY, by=kaisa, at=at
    ).into
    own = make_organisation(at=at)
    make_member(own, user=into, at=at)

    actions.take_back(merged, by=kaisa, at=at)

    assert [one.user for one in joined.memberships.all()] == [double]
    assert [one.organisation for one in into.memberships.all()] == [own]
    assert others.memberships.count() == 1


def test_talk_asked_for_with_both_accounts_stays_once(at, kaisa):
    double, into = same_person(at)
    task = make_agreed(at, order=make_search(at, orderer=into))
    for person in (double, into):
        Debrief.objects.create(assignment=task, asked_by=person, asked_at=at)

    actions.merge(double, into, reason=WHY, by=kaisa, at=at)

    assert Debrief.objects.filter(asked_by=into).count() == 1


def test_letter_that_has_not_left_loses_the_link_of_the_other_account(at, kaisa):
    double, into = make_orderer(at=at, name="Onni"), make_person("Onni", email="onni@koulu.test")
    make_order(at, orderer=double)
    waiting = Letter.objects.filter(reader=double, sent_at=None)
    assert waiting.exclude(link_label="").exists()

    actions.merge(double, into, reason=WHY, by=kaisa, at=at)

    assert {one.link for one in into.letters.exclude(kind="workbench.merged")} == {""}


def test_taking_back_makes_the_first_letter_untrue(at, kaisa):
    double, into = same_person(at)

    actions.take_back(actions.merge(double, into, reason=WHY, by=kaisa, at=at), by=kaisa, at=at)

    assert not Letter.objects.filter(kind="workbench.merged", sent_at=None).exists()


def test_member_of_a_background_organisation_keeps_what_they_stand_for(at, kaisa):
    behind = make_organisation("Tuki ry", tasks=("background",), at=at)
    double, into = make_person("A"), make_person("A")
    make_member(behind, role=MemberRole.BACKGROUND, user=double)

    actions.merge(double, into, reason=WHY, by=kaisa, at=at)

    assert [m.role for m in into.memberships.all()] == ["background"]
