"""Peer meetings: who has been without, whom one invites, first names only, and no theme anywhere."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.coping.actions import (
    InvitedAlready,
    NobodyChosen,
    NotOpenToPeers,
    forget_invitations,
    invite,
)
from luukku.coping.models import Invitation
from luukku.coping.queries import meetings, to_invite, with_peers
from luukku.events.models import Attendance, Audience, How, Kind, Presence
from luukku.events.queries import first_names
from luukku.events.states import EventState, SignUpState
from luukku.experts.models import Expert
from luukku.notices.models import Channel, Letter
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def meeting(at, **fields):
    return make_event(at, **{"kind": Kind.PEER, "audience": Audience.EXPERTS} | fields)


def met(expert, at, *, presence=Presence.HERE, **fields):
    """A meeting that was held at ``at``, with ``expert`` there."""
    event = meeting(at - 30 * A_DAY, starts_at=at, **{"state": EventState.HELD} | fields)
    Attendance.objects.create(
        sign_up=make_sign_up(event, expert.user), session=event.sessions.get(), presence=presence,
        marked_by=expert.user, marked_at=at,
    )  # fmt: skip
    return event


def test_without_since_is_the_last_meeting_or_coming_to_the_bank(at):
    long, lately, never = (make_expert(at=at - 500 * A_DAY) for _n in range(3))
    met(long, at - 400 * A_DAY)
    met(lately, at - 10 * A_DAY)
    met(never, at - 10 * A_DAY, presence=Presence.AWAY)

    rows = {one.pk: one for one in with_peers(Expert.objects.active(), at=at)}

    assert rows[never.pk].met_at is None
    assert [rows[one.pk].since for one in (never, long, lately)] == sorted(
        rows[one.pk].since for one in rows.values()
    )
    assert rows[never.pk].since == at - 500 * A_DAY


def test_promise_counts_meetings_of_the_region_and_experts_apart(at):
    one, _other = make_expert(at=at - 500 * A_DAY), make_expert(at=at)
    met(one, at - 20 * A_DAY)
    met(one, at - 40 * A_DAY)
    met(one, at - 400 * A_DAY)
    meeting(at, starts_at=at - 5 * A_DAY, state=EventState.CANCELLED)
    make_event(at, kind=Kind.INFO, starts_at=at - 5 * A_DAY, state=EventState.HELD)

    told = meetings(at=at)

    assert (told.held, told.least, told.most, told.reached, told.experts) == (2, 2, 4, 1, 2)


def test_longest_without_are_invited_first_and_who_comes_is_not(at):
    old, new, comes = (make_expert(at=at - days * A_DAY) for days in (500, 20, 600))
    event = meeting(at)
    make_sign_up(event, comes.user)

    assert to_invite(event, Expert.objects.all(), at=at) == [old, new]


def test_invite_tells_each_once_by_the_way_they_agreed_to(at):
    one, other = make_expert(at=at), make_expert(at=at)
    event, counter = meeting(at, title_fi="Salainen nimi"), make_coordinator()

    first = invite(event, experts=[one.pk], by=counter, at=at)
    again = invite(event, experts=[one.pk, other.pk], by=counter, at=at + A_DAY)

    letters = Letter.objects.filter(kind="coping.peers_invited").order_by("pk")
    with pytest.raises(InvitedAlready):
        invite(event, experts=[one.pk], by=counter, at=at + A_DAY)

    assert (first, again) == (1, 1)
    assert [act.data["experts"] for act in AuditEvent.objects.filter(act="coping.invite").order_by("pk")] == [
        [one.pk], [other.pk],
    ]  # fmt: skip
    assert [letter.reader for letter in letters] == [one.user, other.user]
    assert "Salainen" not in letters[0].subject
    assert forget_invitations(at=at + 730 * A_DAY) == 0
    assert forget_invitations(at=at + 732 * A_DAY) == 2


def test_invite_reaches_who_has_no_email_through_the_counter(at):
    one = make_expert(at=at, user=make_person(email=""))

    invite(meeting(at), experts=[one.pk], by=make_coordinator(), at=at)

    assert Letter.objects.get(kind="coping.peers_invited").channel == Channel.PAPER


def test_who_withdrew_may_be_invited_again_but_not_who_was_asked(at):
    one, counter, event = make_expert(at=at), make_coordinator(), meeting(at)
    make_sign_up(event, one.user, state=SignUpState.WITHDRAWN)

    assert invite(event, experts=[one.pk], by=counter, at=at) == 1
    assert to_invite(event, Expert.objects.all(), at=at) == []


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"kind": Kind.INFO}, NotOpenToPeers),
        ({"audience": Audience.INVITED}, NotOpenToPeers),
        ({"audience": Audience.PROFESSIONALS}, NotOpenToPeers),
        ({"state": EventState.DRAFT}, WrongState),
        ({"state": EventState.CLOSED}, WrongState),
        ({"state": EventState.CANCELLED}, WrongState),
    ],
)
def test_nobody_is_invited_where_experts_cannot_sign_up(at, fields, refusal):
    one = make_expert(at=at)

    with pytest.raises(refusal):
        invite(meeting(at, **fields), experts=[one.pk], by=make_coordinator(), at=at)

    assert not Invitation.objects.exists()


def test_nobody_is_invited_to_a_full_meeting(at):
    one, event = make_expert(at=at), meeting(at, seats=1)
    make_sign_up(event, make_person())

    with pytest.raises(NotOpenToPeers):
        invite(event, experts=[one.pk], by=make_coordinator(), at=at)


@pytest.mark.parametrize(
    ("audience", "says"), [(Audience.EXPERTS, True), (Audience.EVERYBODY, False)]
)
def test_invitation_promises_first_names_only_where_they_are_shown(at, audience, says):
    one = make_expert(at=at)

    invite(meeting(at, audience=audience), experts=[one.pk], by=make_coordinator(), at=at)

    assert ("vain etunimen" in Letter.objects.get(kind="coping.peers_invited").body) is says


def test_invite_is_for_the_counter_and_for_somebody(at):
    one, event = make_expert(at=at), meeting(at)

    for who in (one.user, make_person(), make_person(roles=["steering"])):
        with pytest.raises(PermissionDenied):
            invite(event, experts=[one.pk], by=who, at=at)
    with pytest.raises(NobodyChosen):
        invite(event, experts=[], by=make_coordinator(), at=at)


def test_those_who_come_know_each_other_by_first_name(at):
    event = meeting(at)
    one = make_sign_up(event, make_person("Kaisa Kokemus"))
    waits = make_sign_up(event, make_person("Odottaja Olli"), state=SignUpState.WAITING)
    make_sign_up(event, make_person("Aino von Maria"))

    near = event.starts_at - 3 * A_DAY
    assert first_names(event, one.person, at=near) == ["Aino", "Kaisa"]
    assert (
        first_names(event, one.person, at=near - 5 * A_DAY)
        == first_names(event, one.person, at=event.ends_at + A_DAY)
        == first_names(event, waits.person, at=near)
        == []
    )
    assert one.person.has_perm("events.see_first_names", event)
    assert not waits.person.has_perm("events.see_first_names", event)
    assert not make_expert(at=at).user.has_perm("events.see_first_names", event)


def test_nobody_signs_up_to_look_who_comes_and_withdraws(at):
    event = meeting(at)
    opens = event.starts_at - 7 * A_DAY
    for name, since in (("Kaisa", opens), ("Niilo", opens + A_DAY)):
        make_sign_up(event, make_person(name), at=since)
    kaisa, niilo = (own.person for own in event.sign_ups.order_by("pk"))

    def read(who, days):
        return first_names(event, who, at=opens + days * A_DAY)

    assert read(kaisa, 1) == read(niilo, 2) == ["Kaisa", "Niilo"]
    assert read(niilo, 1) == read(niilo, 1.9) == read(make_expert(at=at).user, 3) == []
    assert read(event.responsible, 1) == ["Kaisa", "Niilo"]


@pytest.mark.parametrize(
    ("fields", "shows"),
    [
        ({"kind": Kind.FURTHER}, False),
        ({"audience": Audience.EVERYBODY}, False),
        ({"audience": Audience.EVERYBODY, "how": How.APPROVAL}, True),
        ({"audience": Audience.PROFESSIONALS}, True),
    ],
)
def test_names_are_shown_only_where_not_just_anybody_signs_up(at, fields, shows):
    event = meeting(at, **fields)
    one = make_sign_up(event, make_person("Kaisa Kokemus"))

    assert one.person.has_perm("events.see_first_names", event) is shows


def test_who_had_a_place_came_where_nobody_marked_who_was_there(at):
    one, off = (make_expert(at=at - 500 * A_DAY) for _n in range(2))
    make_sign_up(meeting(at, starts_at=at - 10 * A_DAY, state=EventState.HELD), one.user)
    make_sign_up(meeting(at, starts_at=at - 10 * A_DAY, state=EventState.CANCELLED), off.user)

    rows = {row.pk: row.met_at for row in with_peers(Expert.objects.active(), at=at)}

    assert rows[one.pk] is not None
    assert rows[off.pk] is None
