"""What an event gives to read: who keeps it, who is shown it, for how long, and what is refused."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.audit.models import AuditEvent
from luukku.events.actions import forget_materials, keep_materials
from luukku.events.models import MATERIALS_KEPT, Audience, Event, Kind, Material
from luukku.events.queries import materials_for, materials_until
from luukku.events.refusals import CalledOff, MaterialsGone, TooManyMaterials
from luukku.events.states import EventState, SignUpState
from luukku.events.tasks import forget_events
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Task
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.events import make_event, make_guest, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
SLIDES = {"title": "Diat", "url": "https://diat.example/1", "for_whom": "place"}
LEAFLET = {"title": "Esite", "url": "https://diat.example/2", "for_whom": "everybody"}


def titles(user):
    return [one.title for one in Material.objects.visible_to(user)]


def test_they_are_added_renamed_and_taken_away_and_who_added_one_stays(at):
    event, first, later = make_event(at), make_coordinator(), make_coordinator()
    keep_materials(event, [SLIDES, LEAFLET], by=first, at=at)
    kept = Material.objects.get(title="Diat")

    keep_materials(event, [SLIDES | {"title": "Illan diat"}], by=later, at=at)

    now = Material.objects.get()
    assert (now.pk, now.title, now.made_by) == (kept.pk, "Illan diat", first)
    assert AuditEvent.objects.filter(act="events.keep_materials").count() == 2
    assert not Letter.objects.exists()


def test_who_has_a_place_is_shown_all_and_others_what_is_for_everybody(at):
    event, comer, waiter = make_event(at), make_person(), make_person()
    make_sign_up(event, comer)
    make_sign_up(event, waiter, state=SignUpState.WAITING)
    keep_materials(event, [SLIDES, LEAFLET], by=event.responsible, at=at)

    assert titles(comer) == ["Diat", "Esite"]
    assert titles(waiter) == titles(AnonymousUser()) == ["Esite"]
    comer.sign_ups.update(state=SignUpState.WITHDRAWN, place=None)
    assert titles(comer) == ["Esite"]


def test_they_stay_after_the_event_and_can_be_added_then(at):
    event, comer = make_event(at, state=EventState.HELD), make_person()
    make_sign_up(event, comer)
    keep_materials(event, [SLIDES], by=event.responsible, at=at)
    assert titles(comer) == ["Diat"]


def test_of_an_event_called_off_only_its_keepers_see_them_and_can_take_them_away(at):
    event, comer = make_event(at), make_person()
    guest = make_sign_up(event, comer)
    keep_materials(event, [SLIDES, LEAFLET], by=event.responsible, at=at)
    Event.objects.filter(pk=event.pk).update(state=EventState.CANCELLED)
    event.refresh_from_db()

    assert titles(comer) == titles(AnonymousUser()) == []
    assert titles(event.responsible) == ["Diat", "Esite"]
    assert materials_for(event, None, guest, at=at) == []
    more = {"title": "Uusi", "url": "https://uusi.example/"}
    with pytest.raises(CalledOff):
        keep_materials(event, [SLIDES, more], by=event.responsible, at=at)
    keep_materials(event, [SLIDES], by=event.responsible, at=at)
    assert titles(event.responsible) == ["Diat"]


def test_a_peer_meetings_are_for_those_who_have_a_place_only(at):
    event = make_event(at, kind=Kind.PEER)
    keep_materials(event, [LEAFLET], by=event.responsible, at=at)
    assert Material.objects.get().for_whom == "place"

    Material.objects.update(for_whom="everybody")  # as when its kind is changed afterwards
    assert titles(make_person()) == titles(AnonymousUser()) == []


def test_nobody_is_shown_those_of_a_draft_or_without_an_account_of_one_by_invitation(at):
    for fields in ({"state": EventState.DRAFT}, {"audience": Audience.INVITED}):
        event = make_event(at, **fields)
        keep_materials(event, [LEAFLET], by=event.responsible, at=at)

    assert titles(AnonymousUser()) == []


def test_others_and_who_has_left_the_organisation_keep_none(at):
    ours = make_organisation(tasks=[Task.TRAINS], at=at)
    event, clerk = make_event(at, organiser=ours), make_member(ours, role=MemberRole.PRODUCER)
    keep_materials(event, [SLIDES], by=clerk, at=at)
    assert titles(clerk) == ["Diat"]

    clerk.memberships.all().delete()
    clerk = type(clerk).objects.get(pk=clerk.pk)
    assert titles(clerk) == []
    stranger = make_member(make_organisation(tasks=[Task.TRAINS], at=at), role=MemberRole.PRODUCER)
    for who in (clerk, stranger, make_person()):
        with pytest.raises(PermissionDenied):
            keep_materials(event, [], by=who, at=at)


def test_no_more_than_twenty_and_the_table_takes_https_only(at):
    event = make_event(at)
    many = [{"title": str(n), "url": f"https://diat.example/{n}"} for n in range(21)]
    with pytest.raises(TooManyMaterials):
        keep_materials(event, many, by=event.responsible, at=at)
    keep_materials(event, [*many[:19], many[0]], by=event.responsible, at=at)
    assert event.materials.count() == 19
    with pytest.raises(IntegrityError), transaction.atomic():
        event.materials.update(url="http://diat.example/")


def test_the_leader_of_a_peer_meeting_keeps_them_and_other_experts_see_none(at):
    leads, other = (make_expert(at=at, user=make_steering()) for _n in range(2))
    leader, comer, expert = leads.user, make_person(), other.user
    event = make_event(at, kind=Kind.PEER, by=leader)
    make_sign_up(event, comer)

    keep_materials(event, [SLIDES], by=leader, at=at)

    assert titles(leader) == titles(comer) == titles(make_coordinator()) == ["Diat"]
    assert titles(expert) == []
    with pytest.raises(PermissionDenied):
        keep_materials(event, [], by=expert, at=at)
    leader.is_active = False
    assert titles(leader) == []


def test_a_guest_is_shown_them_with_a_place_only(at):
    event = make_event(at, guests_ok=True)
    keep_materials(event, [SLIDES], by=event.responsible, at=at)
    come, wait = make_guest(event), make_guest(event, state=SignUpState.WAITING)

    shown = [materials_for(event, None, own, at=at) for own in (come, wait, None)]

    assert [len(rows) for rows in shown] == [1, 0, 0]


def test_they_are_there_until_the_day_that_is_told_and_then_gone(at):
    event = make_event(at - MATERIALS_KEPT, starts_at=at - MATERIALS_KEPT, hours=2)
    young, own = make_event(at), make_sign_up(event)
    soon, then = at + timedelta(hours=1), at + timedelta(hours=2)
    for one in (event, young):
        keep_materials(one, [SLIDES], by=one.responsible, at=at)
    assert materials_until(event) == then
    assert len(materials_for(event, own.person, own, at=soon)) == 1
    assert forget_materials(at=soon) == 0

    assert materials_for(event, own.person, own, at=then) == []
    with pytest.raises(MaterialsGone):
        keep_materials(event, [SLIDES], by=event.responsible, at=then)
    assert forget_materials(at=then) == 1
    assert list(Material.objects.values_list("event", flat=True)) == [young.pk]


def test_the_work_of_the_night_forgets_them(now):
    event = make_event(now, starts_at=now - timedelta(days=400))
    Material.objects.create(
        event=event, number=1, title="Diat", url=SLIDES["url"], made_by=event.made_by, made_at=now
    )

    assert forget_events.call() == 1


def test_a_material_of_an_event_without_a_time_is_kept(at):
    event = make_event(at, state=EventState.DRAFT, starts_at=at)
    event.sessions.all().delete()
    type(event).objects.filter(pk=event.pk).update(starts_at=None, ends_at=None)
    event.refresh_from_db()
    keep_materials(event, [SLIDES], by=event.responsible, at=at)

    assert materials_until(event) is None
    assert len(materials_for(event, event.responsible, None, at=at + 2 * MATERIALS_KEPT)) == 1
    assert forget_materials(at=at + 2 * MATERIALS_KEPT) == 0
