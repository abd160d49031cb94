"""Events that an organisation arranges itself, at its own desk."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from luukku.audit.models import AccessLog, AuditEvent
from luukku.core.times import helsinki
from luukku.events.models import Attendance, Event, How, Kind
from luukku.events.states import EventState, SignUpState
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Membership, Task
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.organisations import make_member, make_organisation
from tests.markup import as_shown, flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timedelta(days=1)
S = SignUpState


def url(name, *args):
    return reverse(f"orderer:{name}", args=args)


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


@pytest.fixture
def ours():
    return make_organisation(tasks=[Task.BACKGROUND], name="Tuki ry")


@pytest.fixture
def clerk(ours):
    return make_member(ours, role=MemberRole.BACKGROUND, name="Aino Aro")


@pytest.fixture
def desk(clerk):
    client = Client()
    client.force_login(clerk, backend=BACKEND)
    return client


def words(**changes):
    return sent(
        kind="group", title_fi="Iltaryhmä", language="fi", mode="place", address="Talo", audience="everybody",
        how="open", seats="3",
    ) | changes  # fmt: skip


def test_organisation_makes_a_draft_gives_it_times_and_publishes_it(desk, ours, clerk):
    answer = desk.post(url("our-event-new"), words())

    made = Event.objects.get()
    assert (answer.status_code, answer.url) == (303, url("our-event-times", made.pk))
    assert (made.organiser, made.responsible, made.state) == (ours, clerk, EventState.DRAFT)
    assert made not in Event.objects.visible_to(make_person())
    assert AuditEvent.objects.filter(act="events.make", actor_id=clerk.pk).exists()

    day = helsinki(timezone.now()).date() + 9 * DAY
    form = as_shown(desk.get(answer.url).context["form"])
    desk.post(answer.url, form | sent(day_new1=str(day), from_new1="17:00", to_new1="19:00"))
    at = url("our-event-move", made.pk, "publish")
    assert "Publish the event?" in flat(desk.get(at))
    desk.post(at, sent())

    made.refresh_from_db()
    assert made.state == EventState.PUBLISHED
    assert "Iltaryhmä" in flat(desk.get(url("our-events")))


def test_what_is_missing_is_told_at_its_field_and_what_was_typed_stays(desk):
    page = desk.post(url("our-event-new"), words(seats="", title_fi="Ryhmä"))

    assert page.status_code == 422
    assert 'value="Ryhmä"' in flat(page)
    assert not Event.objects.exists()


@pytest.mark.parametrize("kind", [Kind.BASIC, Kind.STEERING, Kind.PRACTICE_LECTURE])
def test_trainings_of_a_programme_and_the_steering_groups_meetings_are_not_made_here(desk, kind):
    assert desk.post(url("our-event-new"), words(kind=kind.value)).status_code == 422
    assert not Event.objects.exists()


def test_people_are_put_on_the_list_at_the_counter_so_the_choice_is_not_offered(desk, ours, clerk):
    assert desk.post(url("our-event-new"), words(audience="invited")).status_code == 422
    kept = make_event(timezone.now(), organiser=ours, by=clerk, audience="invited")

    assert "the counter puts people on the list" in flat(desk.get(url("our-event", kept.pk)))
    assert "End signing up" not in flat(desk.get(url("our-event", kept.pk)))
    assert 'value="invited"' in flat(desk.get(url("our-event-edit", kept.pk)))


def test_it_sees_who_comes_answers_them_and_marks_who_was_there(desk, ours, clerk):
    now = timezone.now()
    event = make_event(now, organiser=ours, how=How.APPROVAL, by=clerk)
    asked = make_sign_up(event, make_person(name="Kysyvä Kalle"), state=S.APPLIED)
    page = flat(desk.get(url("our-event", event.pk)))

    assert "Kysyvä Kalle" in page
    assert "counter/" not in page
    desk.post(url("our-event-answer", asked.pk, "approve"), sent())
    asked.refresh_from_db()
    assert asked.state == S.CONFIRMED

    begun = make_event(now, organiser=ours, by=clerk, starts_at=now - timedelta(hours=1))
    there = make_sign_up(begun, make_person(name="Tulija Tiina"))
    session = begun.sessions.get()
    desk.post(url("our-event-check-in", session.pk), sent(**{f"mark_{there.pk}": "here"}))
    assert Attendance.objects.get().marked_by == clerk


def test_calling_off_is_asked_first_and_tells_everybody_why(desk, ours, clerk):
    event = make_event(timezone.now(), organiser=ours, by=clerk)
    make_sign_up(event, make_person())
    at = url("our-event-call-off", event.pk)

    assert "1 person who has signed up is told" in flat(desk.get(at))
    assert desk.post(at, sent(reason="")).status_code == 422
    desk.post(at, sent(reason="Vetäjä sairastui."))

    event.refresh_from_db()
    assert event.state == EventState.CANCELLED
    assert Letter.objects.filter(kind="events.cancelled").count() == 1


def addresses(event, sign_up):
    session = event.sessions.first()
    return [
        url("our-event", event.pk), url("our-event-edit", event.pk), url("our-event-times", event.pk),
        url("our-event-questions", event.pk), url("our-event-materials", event.pk), url("our-event-call-off", event.pk),
        url("our-event-move", event.pk, "publish"), url("our-event-move", event.pk, "close"),
        url("our-event-answer", sign_up.pk, "withdraw"), url("our-event-check-in", session.pk),
    ]  # fmt: skip


def test_another_organisations_event_is_not_there(desk):
    theirs = make_event(timezone.now())  # published: its open page is everybody's
    own = make_sign_up(theirs, make_person())

    for at in addresses(theirs, own):
        assert desk.get(at).status_code == 404, at
        assert desk.post(at, words(reason="x")).status_code in {404, 405}, at
    assert theirs.title_fi not in flat(desk.get(url("our-events")))


def test_a_clerk_who_left_can_nothing_any_more(desk, ours, clerk):
    event = make_event(timezone.now(), organiser=ours, by=clerk)
    own = make_sign_up(event, make_person())
    Membership.objects.filter(user=clerk).delete()

    for at in [url("our-events"), url("our-event-new"), *addresses(event, own)]:
        assert desk.get(at).status_code == 403, at
        assert desk.post(at, words(reason="x")).status_code == 403, at
    event.refresh_from_db()
    assert (event.state, Event.objects.count()) == (EventState.PUBLISHED, 1)


def test_who_moved_to_another_organisation_does_not_reach_the_old_ones_events(desk, ours, clerk):
    event = make_event(timezone.now(), organiser=ours, by=clerk)
    own = make_sign_up(event, make_person())
    Membership.objects.filter(user=clerk).delete()
    make_member(make_organisation(tasks=[Task.TRAINS]), role=MemberRole.PRODUCER, user=clerk)

    assert {desk.get(at).status_code for at in addresses(event, own)} == {404}


def test_who_only_orders_there_keeps_no_events(ours):
    client = Client()
    client.force_login(make_member(ours, role=MemberRole.ORDERER), backend=BACKEND)

    assert client.get(url("our-events")).status_code == 403
    assert client.post(url("our-event-new"), words()).status_code == 403


def test_organisation_that_has_not_been_checked_makes_none(ours, desk):
    ours.state = OrganisationState.WAITING
    ours.save(update_fields=["state"])

    answers = {
        desk.get(url("our-event-new")).status_code,
        desk.post(url("our-event-new"), words()).status_code,
    }

    assert answers <= {303, 403}
    assert not Event.objects.exists()


def test_somebody_else_of_the_organisation_may_answer_for_it_and_nobody_outside(desk, ours):
    colleague = make_member(ours, role=MemberRole.BACKGROUND, name="Kaisa Kolleega")
    stranger = make_member(role=MemberRole.BACKGROUND)

    assert desk.post(url("our-event-new"), words(responsible=stranger.pk)).status_code == 422
    desk.post(url("our-event-new"), words(responsible=colleague.pk))

    assert Event.objects.get().responsible == colleague


def test_trainings_that_people_apply_for_stand_among_the_runs_alone(desk, ours, clerk):
    run = make_event(timezone.now(), organiser=ours, by=clerk, how=How.APPLICATION, kind=Kind.BASIC)

    assert desk.get(url("our-event", run.pk)).status_code == 404


def test_events_open_page_leads_its_organiser_to_their_own_and_nobody_else(desk, ours, clerk):
    event = make_event(timezone.now(), organiser=ours, by=clerk)
    other = Client()
    other.force_login(make_member(role=MemberRole.BACKGROUND), backend=BACKEND)
    at = reverse("public:event", args=[event.pk])

    assert url("our-event", event.pk) in flat(desk.get(at))
    assert url("our-event", event.pk) not in flat(other.get(at))


def test_list_asks_as_much_for_three_as_for_one(desk, ours, clerk):
    make_event(timezone.now(), organiser=ours, by=clerk)
    desk.get(url("our-events"))
    with CaptureQueriesContext(connection) as one:
        desk.get(url("our-events"))
    make_event(timezone.now(), organiser=ours, by=clerk)
    make_event(timezone.now(), organiser=ours, by=clerk)

    with CaptureQueriesContext(connection) as three:
        desk.get(url("our-events"))

    assert len(three) == len(one)


def test_paper_has_names_and_boxes_of_what_is_kept_here_alone(desk, ours):
    event = make_event(timezone.now(), organiser=ours, sessions=2)
    make_sign_up(event, make_person("Veera Virta"))
    make_sign_up(event, make_person("Ei Tule"), state=S.WAITING)
    other = make_event(timezone.now())

    page = flat(desk.get(url("our-event-paper", event.pk)))

    assert url("our-event-paper", event.pk) in flat(desk.get(url("our-event", event.pk)))
    assert "Veera Virta" in page
    assert "Ei Tule" not in page
    assert page.count("☐") == 8
    assert AccessLog.objects.filter(what__contains="accounts.user.name").exists()
    assert desk.get(url("our-event-paper", other.pk)).status_code == 404


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_there_is_no_paper_of_what_is_not_held(desk, ours, state):
    event = make_event(timezone.now(), organiser=ours, state=state)
    make_sign_up(event, make_person("Veera Virta"))

    assert desk.get(url("our-event-paper", event.pk)).url == url("our-event", event.pk)
