"""What a producer tells the steering group of a training: figures as they were when sent, never names."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.core.duty import call, queue
from luukku.events import actions as events
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole
from luukku.training import actions
from luukku.training.models import Application, RunReport
from luukku.training.queries import figures_of, told_of
from luukku.training.refusals import (
    NamesSomebody,
    NothingToTell,
    NotOver,
    NoWordsToRemove,
    ReportedMeanwhile,
)
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member
from tests.factories.training import make_application, make_run

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def make_held(ended=AT - 20 * DAY, applicants=()):
    """A run that has ended, with who applied: the state that each came to."""
    by = make_coordinator()
    run = make_run(ended - 60 * DAY, starts_at=ended - timedelta(hours=2), seats=20)
    for state in applicants:
        own = make_application(run, at=ended - 30 * DAY, barriers=["travel"])
        if state == "not_chosen":
            actions.turn_down(own, words="Täynnä", by=by, at=ended - 28 * DAY)
        elif state != "sent":
            own = actions.choose(own, by=by, at=ended - 20 * DAY)
        if state == "completed":
            actions.complete(own, contact_minutes=720, own_minutes=300, by=by, at=ended + DAY)
        elif state == "stopped":
            actions.stop(own, by=by, at=ended + DAY)
    return run


def send(run, *, by=None, at=AT, **words):
    return actions.send_report(run, by=by or make_coordinator(), at=at, **words)


def test_report_counts_who_applied_came_completed_and_stopped_and_keeps_few_troubles_to_itself():
    run = make_held(
        applicants=["completed", "completed", "stopped", "not_chosen", "sent", "chosen"]
    )

    told = send(run).figures

    numbers = ("applicants", "chosen", "completed", "stopped", "open", "days_median", "days_most")
    assert [told[name] for name in numbers] == [6, 4, 2, 1, 1, 10, 10]
    assert told["barriers"] == {"travel": 0}
    assert [number for _name, number in told_of(told).barriers] == ["under 10"]
    assert told["topics"] == [["story", 600, 300], ["ethics", 120, 0]]
    assert (told_of(told).contact_minutes, told_of(told).own_minutes) == (720, 300)


def test_second_choice_that_nobody_has_seen_is_not_counted():
    run = make_held()
    first = make_run(AT - 90 * DAY, starts_at=AT + 9 * DAY)
    person = make_person()
    actions.apply(first, by=person, at=AT - 70 * DAY, second=run)

    assert Application.objects.filter(run=run).count() == 1
    assert figures_of(run)["applicants"] == 0


def test_report_stands_as_it_was_sent_and_a_new_one_takes_its_place():
    run = make_held(applicants=["chosen"])
    first = send(run, words="Hyvä ryhmä")

    again = send(run, words="Hyvä ryhmä")
    actions.stop(Application.objects.get(), by=make_coordinator(), at=AT)
    newer = send(run, words="Hyvä ryhmä")

    first.refresh_from_db()
    assert again == first
    assert (first.figures["stopped"], newer.figures["stopped"], newer.version) == (0, 1, 2)
    assert list(RunReport.objects.in_force()) == [newer]
    assert AuditEvent.objects.filter(act="training.send_report").count() == 2


def test_report_with_thoughts_of_lectures_that_is_sent_twice_is_one(monkeypatch):
    told = [("school", ("0 %", "20 %", "80 %"))]
    monkeypatch.setattr("luukku.training.queries.reporting.thoughts_of", lambda _run: told)
    run = make_held(applicants=["chosen"])

    assert send(run, words="Hyvä ryhmä") == send(run, words="Hyvä ryhmä")
    assert RunReport.objects.count() == 1


def test_steering_group_gets_one_letter_of_each_version():
    steering = make_person(roles=["steering"])
    run = make_held()

    send(run)
    send(run)

    letter = Letter.objects.get(reader=steering)
    assert letter.kind == "training.reported"
    assert run.title not in letter.subject


@pytest.mark.parametrize("who", ["producer", "coordinator"])
def test_producer_and_counter_send_it(who):
    run = make_held()
    by = make_member(run.event.organiser, role=MemberRole.PRODUCER)

    assert send(run, by=by if who == "producer" else make_coordinator())


@pytest.mark.parametrize("who", ["stranger", "steering", "other"])
def test_nobody_else_sends_it(who):
    run = make_held()
    other = make_member(make_run(AT).event.organiser, role=MemberRole.PRODUCER)
    by = {
        "stranger": make_person(),
        "steering": make_person(roles=["steering"]),
        "other": other,
    }[who]

    with pytest.raises(PermissionDenied):
        send(run, by=by)


def test_nothing_is_told_before_the_end_nor_of_what_was_not_held():
    coming, off = make_run(AT), make_run(AT)
    events.cancel(off.event, reason="Sairaus", by=make_coordinator(), at=AT)

    with pytest.raises(NotOver):
        send(coming)
    with pytest.raises(NothingToTell):
        send(off, at=AT + 90 * DAY)


def test_counter_asks_for_it_two_weeks_after_the_end_until_it_is_sent():
    run = make_held(ended=AT - 14 * DAY)

    before = queue(at=AT - timedelta(minutes=1), kind="run_report")
    waiting = queue(at=AT, kind="run_report")
    send(run)

    assert (before, [duty.key for duty in waiting]) == ([], [run.pk])
    assert run.event.organiser.name in call(waiting)[0][1].title
    assert queue(at=AT, kind="run_report") == []


def test_list_and_rule_agree_on_who_reads_a_report():
    run = make_held()
    send(run)
    member = make_member(run.event.organiser, role=MemberRole.PRODUCER)
    people = [
        member,
        make_person(),
        make_person(roles=["steering"]),
        make_person(roles=["admin"]),
        make_coordinator(),
    ]

    for user in people:
        seen = set(RunReport.objects.visible_to(user))
        ruled = {
            one for one in RunReport.objects.all() if user.has_perm("training.view_report", one)
        }
        assert seen == ruled
    assert [RunReport.objects.visible_to(user).exists() for user in people] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_only_figures_stay_of_a_report_that_has_been_replaced():
    run = make_held(applicants=["chosen"])
    first = send(run, words="Vanhat sanat")

    newer = send(run, words="Uudet sanat")

    first.refresh_from_db()
    assert (first.words, first.figures["applicants"]) == ("", 1)
    assert newer.words == "Uudet sanat"


def test_counter_takes_words_away_with_a_reason_and_figures_stay():
    report = send(make_held(), words="Liikaa")
    by = make_coordinator()

    gone = actions.remove_report_words(report, reason="Nimi sanoissa.", by=by, at=AT)

    assert (gone.words, gone.removed_by, gone.removed_why) == ("", by, "Nimi sanoissa.")
    assert gone.figures == report.figures
    assert AuditEvent.objects.filter(act="training.remove_report_words").count() == 1
    with pytest.raises(NoWordsToRemove):
        actions.remove_report_words(report, reason="Taas.", by=by, at=AT)


def test_nobody_but_the_counter_takes_words_away():
    run = make_held()
    report = send(run, words="Hyvin meni")
    steering = make_person(roles=["steering"])

    for by in (steering, make_member(run.event.organiser, role=MemberRole.PRODUCER)):
        with pytest.raises(PermissionDenied):
            actions.remove_report_words(report, reason="Ei kuulu.", by=by, at=AT)


@pytest.mark.parametrize(
    ("words", "is_caught"),
    [
        ("Hyvä ryhmä. Iida Valittu keskeytti.", True),
        ("iida  valittu keskeytti", True),
        ("Kiitos Iidalle, Iida Marja Valitulle ja muille", True),
        ("Valittu, Iida", True),
        ("Iidan Valitun\nsanoin", True),
        ("Iida oli valittu ryhmään", False),
        ("Iida keskeytti, ja valittu ryhmä jatkoi", False),
        ("Kouluttajana oli Maija Valittu", False),
        ("Iisalmessa Valitettavasti satoi", False),
    ],
)
def test_name_of_a_participant_is_caught_however_it_is_bent(words, is_caught):
    run = make_held()
    make_application(run, make_person(name="Iida Valittu"), at=AT - 50 * DAY)

    if is_caught:
        with pytest.raises(NamesSomebody) as refused:
            send(run, words=words)
        said = re.search(r"applied: (.+?)\. Leave", refused.value.told())
        assert said is not None
        assert all(part in words for part in said[1].split())
    else:
        assert send(run, words=words).words == words


def test_what_was_written_on_an_older_version_asks():
    run = make_held()
    send(run, words="Ensin", seen=0)

    with pytest.raises(ReportedMeanwhile):
        send(run, words="Toisaalla", seen=0)

    assert send(run, words="Toisaalla", seen=1).version == 2


def test_people_are_told_in_tens_and_waiting_only_of_ten():
    few = told_of(figures_of(make_held(applicants=["completed", "stopped", "chosen"])))
    many = told_of(figures_of(make_held(applicants=["not_chosen"] * 10)))

    assert set(few.people.values()) == {"under 10"}
    assert (few.waited, many.waited) == (None, ("within 2 days", "within 2 days"))
    assert many.people["applicants"] == "10–19"


def test_answer_of_the_same_day_is_said_so():
    figures = figures_of(make_held()) | {"answered": 10, "days_median": 0, "days_most": 1}

    assert told_of(figures).waited == ("on the same day", "within 1 day")


def test_hours_held_stand_beside_those_of_the_programme_and_missing_marks_are_told():
    run = make_held(applicants=["chosen"])
    before = told_of(figures_of(run))

    session = run.event.sessions.get()
    events.check_in(
        session,
        {run.event.sign_ups.get().pk: "here"},
        by=make_coordinator(),
        at=AT,
    )

    assert (before.numbers["held_minutes"], before.contact_minutes) == (120, 720)
    assert (before.unmarked, told_of(figures_of(run)).unmarked) == (1, 0)


def test_refusal_says_back_only_what_was_written():
    run = make_held()
    make_application(run, make_person(name="Iida Maria Valittu"), at=AT - 50 * DAY)

    with pytest.raises(NamesSomebody) as refused:
        send(run, words="Iidan Valitun sanoin")

    assert "Iidan Valitun" in refused.value.told()
    assert "Maria" not in refused.value.told()
