from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from luukku.audit.models import AuditEvent
from luukku.audit.queries import history
from luukku.experts import actions
from luukku.experts.models import CompletedTraining, Expert, Perspective, TrainingKind
from luukku.experts.states import ExpertState
from luukku.notices.models import Channel, Letter
from luukku.organisations.models import MemberRole, Task
from luukku.privacy.actions import set_consents
from luukku.privacy.models import TEXT_VERSION, Purpose
from luukku.privacy.queries import has_outdated_consents
from luukku.taxonomy.models import Language, Municipality, TaskType, Theme
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.experts import make_blank_expert, make_expert
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)


def theme(code):
    return Theme.objects.get(code=code)


def kinds_to(user):
    return list(Letter.objects.filter(reader=user).order_by("pk").values_list("kind", flat=True))


class Draw:
    """A chance that draws what the test wants."""

    def __init__(self, *numbers):
        self.numbers = iter(numbers)

    def choice(self, words):
        return words[0]

    def randrange(self, *_limits):
        return next(self.numbers)


# -- beginning ----------------------------------------------------------------------------------
def test_start_begins_a_draft_with_a_code_name():
    person = make_person("Aino Aalto")

    expert = actions.start(person, by=person, at=AT)

    word, number = expert.code_name.split()
    assert expert.state == ExpertState.DRAFT
    assert word not in person.name
    assert 100 <= int(number) <= 999
    event = history(expert).get()
    assert (event.act, event.actor_id, event.on_behalf_of_id) == ("experts.start", person.pk, None)


def test_start_a_second_time_returns_the_first_profile():
    person = make_person()

    assert actions.start(person, by=person, at=AT) == actions.start(person, by=person, at=AT)
    assert Expert.objects.count() == 1


def test_start_never_draws_a_word_of_the_person_s_own_name(monkeypatch):
    monkeypatch.setattr("luukku.experts.actions.profile.random.SystemRandom", lambda: Draw(214))
    person = make_person("Kaisa KUUSI")

    assert actions.start(person, by=person, at=AT).code_name == "Mänty 214"


def test_start_draws_again_when_the_name_is_taken(monkeypatch):
    draw = Draw(214, 214, 215)
    monkeypatch.setattr("luukku.experts.actions.profile.random.SystemRandom", lambda: draw)
    first, second = make_person(), make_person()

    actions.start(first, by=first, at=AT)

    assert actions.start(second, by=second, at=AT).code_name == "Kuusi 215"


def test_start_hides_no_other_fault_of_the_data():
    person = make_person()

    with pytest.raises(IntegrityError):
        actions.start(person, by=person, at=None)


def test_start_on_behalf_of_somebody_says_so():
    person, coordinator = make_person(email=""), make_coordinator()

    expert = actions.start(person, by=coordinator, at=AT)

    event = history(expert).get()
    assert (event.actor_id, event.on_behalf_of_id) == (coordinator.pk, person.pk)


def test_start_is_not_for_strangers():
    with pytest.raises(PermissionDenied):
        actions.start(make_person(), by=make_person(), at=AT)


# -- filling in ---------------------------------------------------------------------------------
def test_save_keeps_fields_and_lists():
    expert = make_blank_expert()

    actions.save(
        expert,
        by=expert.user,
        at=AT,
        own_words="Kerron omin sanoin.",
        reach_km=120,
        municipality=Municipality.objects.get(code="609"),
        task_types=TaskType.objects.filter(code__in=["talk", "panel"]),
        languages=Language.objects.filter(code="sv"),
    )

    expert = Expert.objects.get(pk=expert.pk)
    assert (expert.own_words, expert.reach_km, expert.municipality_id) == (
        "Kerron omin sanoin.",
        120,
        "609",
    )
    assert {t.code for t in expert.task_types.all()} == {"talk", "panel"}
    assert [language.code for language in expert.languages.all()] == ["sv"]


def test_save_audits_which_fields_changed_and_nothing_of_their_content():
    expert = make_blank_expert()

    actions.save(expert, by=expert.user, at=AT, own_words="Salaisuus", languages=[])

    assert history(expert).last().data == {"fields": ["languages", "own_words"]}


def test_save_of_lists_alone_touches_no_column():
    expert = make_blank_expert()

    actions.save(expert, by=expert.user, at=AT, languages=Language.objects.filter(code="fi"))

    assert [language.code for language in expert.languages.all()] == ["fi"]


def test_save_refuses_fields_that_are_not_the_profile_s_own():
    expert = make_blank_expert()

    with pytest.raises(ValueError, match="state"):
        actions.save(expert, by=expert.user, at=AT, state=ExpertState.ACTIVE)


def test_save_leaves_nobody_in_the_bank_without_a_home():
    expert = make_expert()

    with pytest.raises(actions.Incomplete) as caught:
        actions.save(expert, by=expert.user, at=AT, municipality=None)

    assert caught.value.missing == ["place"]
    assert Expert.objects.get(pk=expert.pk).municipality_id == "609"


def test_save_keeps_a_responsible_person_who_stands_for_the_organisation():
    expert = make_blank_expert()
    organisation = make_organisation(tasks=[Task.BACKGROUND])
    contact = make_member(organisation, role=MemberRole.BACKGROUND)

    actions.save(
        expert,
        by=expert.user,
        at=AT,
        background_organisation=organisation,
        responsible_person=contact,
    )

    assert Expert.objects.get(pk=expert.pk).responsible_person == contact


def test_save_lets_a_responsible_person_go_with_the_organisation():
    expert = make_blank_expert()
    organisation = make_organisation(tasks=[Task.BACKGROUND])
    contact = make_member(organisation, role=MemberRole.BACKGROUND)
    actions.save(
        expert,
        by=expert.user,
        at=AT,
        background_organisation=organisation,
        responsible_person=contact,
    )

    actions.save(expert, by=expert.user, at=AT, background_organisation=make_organisation())

    assert Expert.objects.get(pk=expert.pk).responsible_person is None


@pytest.mark.parametrize("role", [MemberRole.ORDERER, MemberRole.PRODUCER])
def test_save_takes_no_responsible_person_of_another_role(role):
    expert = make_blank_expert()
    organisation = make_organisation()

    actions.save(
        expert,
        by=expert.user,
        at=AT,
        background_organisation=organisation,
        responsible_person=make_member(organisation, role=role),
    )

    assert Expert.objects.get(pk=expert.pk).responsible_person is None


def test_save_on_behalf_of_somebody_says_so():
    expert, coordinator = make_blank_expert(), make_coordinator()

    actions.save(expert, by=coordinator, at=AT, equipment="kuulokkeet")

    event = history(expert).last()
    assert (event.actor_id, event.on_behalf_of_id) == (coordinator.pk, expert.user_id)


def outsiders(expert):
    organisation = make_organisation(tasks=[Task.BACKGROUND])
    actions.save(expert, by=expert.user, at=AT, background_organisation=organisation)
    return [make_person(), make_member(), make_member(organisation, role=MemberRole.BACKGROUND)]


@pytest.mark.parametrize(
    "act",
    [
        lambda expert, by: actions.save(expert, by=by, at=AT, own_words="x"),
        lambda expert, by: actions.set_experiences(expert, [], by=by, at=AT),
        lambda expert, by: actions.set_availability(expert, slots=[], exceptions=[], by=by, at=AT),
        lambda expert, by: actions.pause(expert, by=by, at=AT),
        lambda expert, by: actions.resume(expert, by=by, at=AT),
        lambda expert, by: actions.add_training(
            expert,
            kind=TrainingKind.BASIC,
            name="x",
            producer="x",
            completed_on=date(2024, 1, 1),
            by=by,
            at=AT,
        ),
        lambda expert, by: actions.remove_training(expert.trainings.get(), by=by, at=AT),
    ],
    ids=[
        "save",
        "set_experiences",
        "set_availability",
        "pause",
        "resume",
        "add_training",
        "remove_training",
    ],
)
def test_only_the_expert_and_the_counter_change_a_profile(act):
    expert = make_expert()
    training = add_training(expert)
    events = history(expert).count()

    for by in outsiders(expert):
        with pytest.raises(PermissionDenied):
            act(expert, by)

    assert history(expert).count() == events + 1  # outsiders() itself saved once
    assert CompletedTraining.objects.filter(pk=training.pk).exists()


def test_set_experiences_makes_exactly_these():
    expert = make_blank_expert()
    by = expert.user
    rows = [(theme("depression"), Perspective.OWN, True), (theme("cancer"), Perspective.OWN, True)]
    actions.set_experiences(expert, rows, by=by, at=AT)
    kept = expert.experiences.get(theme__code="depression")

    rows = [
        (theme("depression"), Perspective.OWN, False),
        (theme("depression"), Perspective.CLOSE_PERSON, True),
    ]
    actions.set_experiences(expert, rows, by=by, at=AT)

    found = set(expert.experiences.values_list("theme__code", "perspective", "is_shown"))
    assert found == {("depression", "own", False), ("depression", "close_person", True)}
    assert expert.experiences.get(perspective="own") == kept
    assert history(expert).last().data == {"fields": ["experiences"]}


def test_set_experiences_leaves_unchanged_rows_as_they_are():
    expert = make_expert()
    kept = expert.experiences.get()

    actions.set_experiences(expert, [(kept.theme, kept.perspective, True)], by=expert.user, at=AT)

    assert expert.experiences.get() == kept


def test_set_availability_makes_the_whole_calendar():
    expert = make_blank_expert()
    for slots in ([(0, time(8), time(12)), (4, time(16), time(20))], [(2, time(12), time(16))]):
        actions.set_availability(
            expert,
            slots=slots,
            exceptions=[(date(2026, 12, 24), date(2026, 12, 26), False)],
            by=expert.user,
            at=AT,
        )

    assert list(expert.weekly_slots.values_list("weekday", "starts", "ends")) == [
        (2, time(12), time(16))
    ]
    assert list(expert.exceptions.values_list("starts_on", "ends_on", "is_available")) == [
        (date(2026, 12, 24), date(2026, 12, 26), False)
    ]


def test_pause_and_resume():
    expert = make_expert()

    actions.pause(expert, until=date(2027, 1, 31), by=expert.user, at=AT)
    expert.refresh_from_db()
    assert (expert.is_paused, expert.paused_until) == (True, date(2027, 1, 31))

    actions.resume(expert, by=expert.user, at=AT)
    expert.refresh_from_db()
    assert (expert.is_paused, expert.paused_until) == (False, None)
    assert [event.act for event in history(expert)][-2:] == ["experts.pause", "experts.resume"]


# -- trainings ----------------------------------------------------------------------------------
def add_training(expert, by=None, **fields):
    return actions.add_training(
        expert,
        kind=TrainingKind.BASIC,
        name="Kokemustoimijan peruskoulutus",
        producer="Toivo ry",
        hours=40,
        completed_on=date(2024, 5, 20),
        by=by or expert.user,
        at=AT,
        **fields,
    )


def test_add_training_by_the_expert_waits_to_be_seen():
    training = add_training(make_blank_expert())

    assert (training.hours, training.verified_at, training.verified_by) == (40, None, None)


def test_add_training_by_the_counter_counts_as_seen():
    coordinator = make_coordinator()

    training = add_training(make_blank_expert(), by=coordinator)

    assert (training.verified_at, training.verified_by) == (AT, coordinator)


def test_add_training_of_one_s_own_never_counts_as_seen():
    expert = make_blank_expert(user=make_coordinator())

    assert add_training(expert).verified_at is None


def test_verify_training_tells_the_expert_without_naming_it():
    expert, coordinator = make_blank_expert(), make_coordinator()
    training = add_training(expert)

    actions.verify_training(training, by=coordinator, at=AT)

    training.refresh_from_db()
    assert (training.verified_by, training.verified_at) == (coordinator, AT)
    letter = Letter.objects.get(reader=expert.user)
    assert letter.kind == "experts.training_verified"
    assert training.name not in letter.subject + letter.body


@pytest.mark.parametrize(
    ("purposes", "channel"), [({Purpose.EMAIL}, Channel.MAIL), (set(), Channel.DESK)]
)
def test_letter_that_no_task_needs_is_mailed_only_with_a_yes_to_mail(purposes, channel):
    expert = make_blank_expert()
    set_consents(expert.user, purposes, by=expert.user, at=AT)

    actions.verify_training(add_training(expert), by=make_coordinator(), at=AT)

    assert Letter.objects.get(kind="experts.training_verified").channel == channel


def test_verify_training_twice_changes_nothing():
    coordinator, training = make_coordinator(), add_training(make_blank_expert())
    actions.verify_training(training, by=coordinator, at=AT)

    again = actions.verify_training(training, by=make_coordinator(), at=AT + timedelta(days=1))

    assert (again.verified_by, again.verified_at) == (coordinator, AT)
    assert Letter.objects.filter(kind="experts.training_verified").count() == 1


def test_verify_training_may_be_done_by_who_stands_behind_the_expert():
    organisation = make_organisation(tasks=[Task.BACKGROUND])
    expert = make_expert(background_organisation=organisation)
    contact = make_member(organisation, role=MemberRole.BACKGROUND)

    assert actions.verify_training(add_training(expert), by=contact, at=AT).verified_by == contact


@pytest.mark.parametrize("make", [make_person, make_member])
def test_verify_training_is_not_for_strangers(make):
    training = add_training(make_blank_expert())

    with pytest.raises(PermissionDenied):
        actions.verify_training(training, by=make(), at=AT)


def test_verify_training_is_never_for_one_s_own():
    expert = make_blank_expert(user=make_coordinator())

    with pytest.raises(PermissionDenied):
        actions.verify_training(add_training(expert), by=expert.user, at=AT)


def test_unverify_training_makes_it_a_claim_again_and_tells_why():
    training = add_training(make_blank_expert())
    actions.verify_training(training, by=make_coordinator(), at=AT)

    for _n in range(2):
        actions.unverify_training(
            training, "Todistus on toisen.", by=make_coordinator(), at=AT + timedelta(hours=1)
        )

    training.refresh_from_db()
    assert (training.verified_by, training.verified_at) == (None, None)
    said = Letter.objects.get(kind="experts.training_unverified")
    assert "Todistus on toisen." in said.body
    assert training.name not in said.subject + said.body
    assert not Letter.objects.filter(kind="experts.training_verified", sent_at=None).exists()


def test_unverified_training_may_be_verified_again_and_told():
    training, counter = add_training(make_blank_expert()), make_coordinator()
    actions.verify_training(training, by=counter, at=AT)
    actions.unverify_training(training, "Toisen.", by=counter, at=AT + timedelta(hours=1))

    again = actions.verify_training(training, by=counter, at=AT + timedelta(hours=2))

    assert again.verified_at == AT + timedelta(hours=2)
    assert Letter.objects.filter(kind="experts.training_verified").count() == 2


def test_revoked_training_counts_no_more_until_it_is_restored():
    expert, counter = make_blank_expert(), make_coordinator()
    training = add_training(expert)
    assert actions.revoke_training(training, "Ei vielä.", by=counter, at=AT).revoked_at is None
    actions.verify_training(training, by=counter, at=AT)
    counting = CompletedTraining.objects.counting(AT.date())

    for hour in range(2):
        actions.revoke_training(training, "Toisen.", by=counter, at=AT + timedelta(hours=hour))
    actions.unverify_training(training, "Turhaan.", by=counter, at=AT)
    training.refresh_from_db()
    assert (training.revoked_by, training.revoked_at, training.revoked_why) == (
        counter,
        AT,
        "Toisen.",
    )
    assert (counting.exists(), training.verified_by) == (False, counter)
    said = Letter.objects.get(kind="experts.training_revoked")
    assert "Toisen." in said.body
    assert training.name not in said.subject + said.body

    for hour in range(2, 4):
        actions.restore_training(training, by=counter, at=AT + timedelta(hours=hour))
    training.refresh_from_db()
    assert (training.revoked_by, training.revoked_at, training.revoked_why) == (None, None, "")
    assert counting.get() == training
    assert Letter.objects.filter(kind="experts.training_restored").count() == 1
    acts = AuditEvent.objects.filter(object_id=training.pk).order_by("pk")
    assert list(acts.values_list("act", flat=True))[1:] == [
        "experts.verify_training",
        "experts.revoke_training",
        "experts.restore_training",
    ]


def test_end_of_a_training_is_reminded_of_ninety_and_thirty_days_before_once_each():
    counter, last = make_coordinator(), AT.date() + timedelta(days=100)
    training = add_training(make_expert(), by=counter, valid_until=last)
    told = Letter.objects.filter(kind="experts.training_ends")
    sent = {}
    for days in (99, 91, 90, 89, 31, 30, 29, 0, -1):
        at = AT + timedelta(days=100 - days)
        for _n in range(2):
            actions.remind_of_ends(at=at)
        sent[days] = told.count()

    assert sent == {99: 0, 91: 0, 90: 1, 89: 1, 31: 1, 30: 2, 29: 2, 0: 2, -1: 2}
    assert training.name not in "".join(letter.subject + letter.body for letter in told)


@pytest.mark.parametrize("why_not", ["claim", "revoked", "replaced", "left"])
def test_nobody_is_reminded_of_the_end_of_what_does_not_count_or_is_replaced(why_not):
    counter, last = make_coordinator(), AT.date() + timedelta(days=20)
    expert = make_expert(state=ExpertState.LEFT if why_not == "left" else ExpertState.ACTIVE)
    by = expert.user if why_not == "claim" else counter
    training = add_training(expert, by=by, valid_until=last)
    if why_not == "revoked":
        actions.revoke_training(training, "Ei.", by=counter, at=AT)
    if why_not == "replaced":
        add_training(expert, by=counter)

    assert actions.remind_of_ends(at=AT) == 0


def test_training_seen_late_is_reminded_of_once_for_the_nearest_day():
    add_training(make_expert(), by=make_coordinator(), valid_until=AT.date() + timedelta(days=5))

    assert [actions.remind_of_ends(at=AT) for _n in range(2)] == [1, 0]


@pytest.mark.parametrize("who", ["stranger", "self", "behind"])
def test_training_is_taken_from_others_by_the_counter_only(who):
    organisation = make_organisation(tasks=[Task.BACKGROUND])
    person = make_coordinator() if who == "self" else None
    expert = make_expert(
        background_organisation=organisation, **({"user": person} if person else {})
    )
    training = add_training(expert, by=make_coordinator())
    people = {"stranger": make_person, "self": lambda: person}
    behind = partial(make_member, organisation, role=MemberRole.BACKGROUND)

    for act in (
        partial(actions.unverify_training, words="Ei."),
        partial(actions.revoke_training, words="Ei."),
        actions.restore_training,
    ):
        with pytest.raises(PermissionDenied):
            act(training, by=people.get(who, behind)(), at=AT)


def test_remove_training_takes_it_off():
    expert = make_blank_expert()

    actions.remove_training(add_training(expert), by=expert.user, at=AT)

    assert not expert.trainings.exists()


# -- into the bank and out ----------------------------------------------------------------------
def test_submit_sends_a_whole_profile_and_tells_the_expert():
    expert = make_expert(state=ExpertState.DRAFT)

    sent = actions.submit(expert, by=expert.user, at=AT)

    assert (sent.state, sent.state_changed_at) == (ExpertState.WAITING, AT)
    assert kinds_to(expert.user) == ["experts.received"]


def test_submit_names_everything_that_is_missing():
    expert = make_blank_expert()

    with pytest.raises(actions.Incomplete) as caught:
        actions.submit(expert, by=expert.user, at=AT)

    assert caught.value.missing == ["experiences", "tasks", "place", "consents"]
    assert Expert.objects.get(pk=expert.pk).state == ExpertState.DRAFT
    assert kinds_to(expert.user) == []


def test_submit_twice_is_told_kindly():
    expert = make_expert(state=ExpertState.WAITING)

    with pytest.raises(WrongState):
        actions.submit(expert, by=expert.user, at=AT)


def test_submit_comes_back_after_leaving():
    expert = make_expert(state=ExpertState.LEFT)

    assert actions.submit(expert, by=expert.user, at=AT).state == ExpertState.WAITING


def test_submit_on_behalf_of_somebody_says_so():
    expert, coordinator = (
        make_expert(state=ExpertState.DRAFT, user=make_person(email="")),
        make_coordinator(),
    )

    actions.submit(expert, by=coordinator, at=AT)

    event = history(expert).last()
    assert (event.act, event.actor_id, event.on_behalf_of_id) == (
        "experts.submit",
        coordinator.pk,
        expert.user_id,
    )
    assert Letter.objects.get(reader=expert.user).channel == "paper"


def test_submit_is_not_for_strangers():
    with pytest.raises(PermissionDenied):
        actions.submit(make_expert(state=ExpertState.DRAFT), by=make_person(), at=AT)


def test_welcome_takes_into_the_bank():
    expert = make_expert(state=ExpertState.WAITING)

    assert actions.welcome(expert, by=make_coordinator(), at=AT).state == ExpertState.ACTIVE
    assert kinds_to(expert.user) == ["experts.received", "experts.welcomed"]


def test_welcome_refuses_when_the_consent_has_been_taken_back():
    expert = make_expert(state=ExpertState.WAITING)
    set_consents(expert.user, set(), by=expert.user, at=datetime.now(UTC))

    with pytest.raises(actions.Incomplete) as caught:
        actions.welcome(expert, by=make_coordinator(), at=AT)

    assert caught.value.missing == ["consents"]


def test_welcome_needs_a_profile_that_waits():
    with pytest.raises(WrongState):
        actions.welcome(make_expert(state=ExpertState.DRAFT), by=make_coordinator(), at=AT)


def test_welcome_is_for_the_counter_only():
    expert = make_expert(state=ExpertState.WAITING)

    with pytest.raises(PermissionDenied):
        actions.welcome(expert, by=expert.user, at=AT)


def test_send_back_brings_the_counter_s_words():
    expert = make_expert(state=ExpertState.WAITING)

    back = actions.send_back(expert, "Kerro vielä, mihin pääset.", by=make_coordinator(), at=AT)

    assert back.state == ExpertState.DRAFT
    letter = Letter.objects.get(reader=expert.user, kind="experts.returned")
    assert "Kerro vielä, mihin pääset." in letter.body
    assert "Kerro" not in letter.subject


def test_send_back_needs_a_profile_that_waits():
    with pytest.raises(WrongState):
        actions.send_back(make_expert(), "x", by=make_coordinator(), at=AT)


def test_send_back_is_for_the_counter_only():
    expert = make_expert(state=ExpertState.WAITING)

    with pytest.raises(PermissionDenied):
        actions.send_back(expert, "x", by=expert.user, at=AT)


@pytest.mark.parametrize("state", [ExpertState.WAITING, ExpertState.ACTIVE])
def test_leave_keeps_the_profile(state):
    expert = make_expert(state=state)

    assert actions.leave(expert, by=expert.user, at=AT).state == ExpertState.LEFT
    assert expert.experiences.count() == 1


@pytest.mark.parametrize("state", [ExpertState.DRAFT, ExpertState.LEFT])
def test_leave_needs_something_to_leave(state):
    expert = make_expert(state=state)

    with pytest.raises(WrongState):
        actions.leave(expert, by=expert.user, at=AT)


def test_leave_is_not_for_strangers():
    with pytest.raises(PermissionDenied):
        actions.leave(make_expert(), by=make_person(), at=AT)


# -- consents -----------------------------------------------------------------------------------
def test_consents_are_given_and_taken_back_each_by_itself():
    person = make_person()

    set_consents(person, {Purpose.IN_BANK, Purpose.EMAIL}, by=person, at=AT)
    set_consents(person, {Purpose.IN_BANK}, by=person, at=AT)

    valid = person.consents.valid()
    assert [consent.purpose for consent in valid] == [Purpose.IN_BANK]
    assert person.consents.count() == 2


def test_consents_written_down_by_the_counter_say_so():
    person, coordinator = make_person(email=""), make_coordinator()

    set_consents(person, {Purpose.IN_BANK}, by=coordinator, at=AT)

    consent = person.consents.get()
    event = history(consent).get()
    assert consent.given_by == coordinator
    assert (event.actor_id, event.on_behalf_of_id, event.data) == (
        coordinator.pk,
        person.pk,
        {"purpose": "in_bank"},
    )


def test_consents_are_nobody_else_s_to_give():
    person = make_person()

    with pytest.raises(PermissionDenied):
        set_consents(person, {Purpose.IN_BANK}, by=make_person(), at=AT)

    assert not person.consents.exists()


def test_consent_to_older_words_is_given_anew_and_its_history_kept(monkeypatch):
    person = make_person()
    set_consents(person, {Purpose.IN_BANK, Purpose.EMAIL}, by=person, at=AT)
    monkeypatch.setattr("luukku.privacy.actions.TEXT_VERSION", "2027-03")
    monkeypatch.setattr("luukku.privacy.queries.TEXT_VERSION", "2027-03")
    assert has_outdated_consents(person)

    for _n in range(2):
        set_consents(person, {Purpose.IN_BANK}, by=person, at=AT)

    assert [c.text_version for c in person.consents.valid()] == ["2027-03"]
    assert person.consents.filter(purpose="in_bank", text_version=TEXT_VERSION).exists()
    withdrawn = AuditEvent.objects.filter(act="privacy.withdraw_consent")
    assert [event.data for event in withdrawn] == [{"purpose": "email"}]
    assert not has_outdated_consents(person)


# -- deleting oneself ---------------------------------------------------------------------------
@pytest.mark.parametrize("state", [ExpertState.DRAFT, ExpertState.LEFT])
def test_erase_leaves_a_code_name_and_nothing_else(state):
    behind = make_organisation(tasks=[Task.BACKGROUND])
    expert = make_expert(
        state=state,
        own_words="Kerron toivosta.",
        support_needs="Soita ensin.",
        equipment="Kamera",
        monthly_limit=2,
        background_organisation=behind,
        shows_organisation=True,
    )
    actions.set_availability(
        expert,
        slots=[(1, time(9), time(12))],
        exceptions=[(date(2027, 1, 1), date(2027, 1, 2), False)],
        by=expert.user,
        at=AT,
    )
    actions.pause(expert, by=expert.user, at=AT)
    training = {"kind": TrainingKind.BASIC, "name": "Perus", "producer": "Kouluttaja"}
    actions.add_training(expert, **training, completed_on=date(2026, 1, 1), by=expert.user, at=AT)

    erased = actions.erase(expert, by=expert.user, at=AT)

    erased = Expert.objects.get(pk=erased.pk)
    blank = Expert(user=expert.user)
    kept = {"id", "user", "code_name", "state", "state_changed_at", "made_at"}
    for field in Expert._meta.concrete_fields:
        if field.name not in kept:
            assert getattr(erased, field.attname) == getattr(blank, field.attname), field.name
    for rows in (
        "experiences",
        "weekly_slots",
        "exceptions",
        "trainings",
        "task_types",
        "languages",
    ):
        assert not getattr(erased, rows).exists(), rows
    assert not expert.user.consents.valid().exists()
    assert (erased.code_name, erased.state) == (expert.code_name, ExpertState.LEFT)


@pytest.mark.parametrize("state", [ExpertState.WAITING, ExpertState.ACTIVE])
def test_erase_needs_one_to_leave_first(state):
    expert = make_expert(state=state)

    with pytest.raises(WrongState):
        actions.erase(expert, by=expert.user, at=AT)

    assert expert.experiences.exists()


def test_erase_is_not_for_strangers():
    behind = make_organisation(tasks=[Task.BACKGROUND])
    member = make_member(behind, role=MemberRole.BACKGROUND)
    expert = make_expert(state=ExpertState.DRAFT, background_organisation=behind)

    for stranger in (make_person(), member):
        with pytest.raises(PermissionDenied):
            actions.erase(expert, by=stranger, at=AT)

    assert expert.experiences.exists()
