"""Peer meetings at the counter, before the steering group and on the page of a meeting."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.coping.actions import invite
from luukku.coping.models import Invitation
from luukku.events.models import Audience, Kind, Series
from luukku.notices.models import Letter
from luukku.taxonomy.models import Theme
from tests.factories.accounts import make_person, make_steering
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert
from tests.markup import said

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def meeting(at, **fields):
    return make_event(at, **{"kind": Kind.PEER, "audience": Audience.EXPERTS} | fields)


@pytest.mark.parametrize("number", [1, 3])
def test_list_says_who_has_been_without(counter, now, number, django_assert_num_queries):
    experts = [make_expert(at=now - 400 * A_DAY) for _n in range(number)]
    meeting(now)
    counter.get(reverse("counter:peers"))

    with django_assert_num_queries(12):
        page = said(counter.get(reverse("counter:peers")))

    assert all(one.user.name in page for one in experts)
    assert "the region promises 2–4 a year" in page
    assert f"0 of the {number} experts in the bank came to one" in page


@pytest.mark.parametrize(("without", "is_there"), [("long", False), ("invited", True)])
def test_list_is_narrowed(counter, now, without, is_there):
    one = make_expert(at=now - 10 * A_DAY)

    page = said(counter.get(reverse("counter:peers") + f"?without={without}"))

    assert (one.user.name in page) == is_there


def test_invitations_are_sent_to_those_chosen(counter, now):
    one, other = (make_expert(at=now - days * A_DAY) for days in (400, 300))
    event = meeting(now)
    address = reverse("counter:peer-invite", args=[event.pk])

    page = said(counter.get(address))
    nobody = counter.post(address, {})
    forged = counter.post(address, {"experts": ["x", "999999"]})
    sent = counter.post(address, {"experts": [one.pk]}, follow=True)
    again = said(counter.get(address))

    assert one.user.name in page
    assert (nobody.status_code, forged.status_code) == (422, 422)
    assert "1 expert has been invited." in said(sent)
    assert Invitation.objects.get().expert == one
    assert one.user.name not in again
    assert other.user.name in again


def test_steering_group_is_told_shares_not_people(client, counter, now):
    one = make_expert(at=now - 400 * A_DAY)
    exact = said(counter.get(reverse("counter:home")))
    client.force_login(make_steering(), backend=BACKEND)

    page = said(client.get(reverse("counter:home")))

    assert "who came to one: 0/1" in exact
    assert "who came to one: not told of under 10 people" in page
    assert client.get(reverse("counter:peers")).status_code == 403
    assert one.user.name not in page


def test_page_of_a_meeting_names_the_others_to_those_who_come_only(client, now):
    event = meeting(now, starts_at=now + 3 * A_DAY)
    comes = make_sign_up(event, make_expert(at=now, user=make_person("Kaisa Kokemus")).user)
    make_sign_up(event, make_person("Aino Sukunimi"))
    event.sign_ups.update(state_changed_at=now - 2 * A_DAY)  # who has just come sees nobody yet
    address = reverse("public:event", args=[event.pk])
    shown = {}
    for who in (comes.person, make_expert(at=now).user, None):
        client.logout()
        if who is not None:
            client.force_login(who, backend=BACKEND)
        shown[who] = said(client.get(address))

    inside = shown.pop(comes.person)
    assert "Aino, Kaisa" in inside
    assert "Sukunimi" not in inside
    assert all("Aino" not in page and "Kaisa" not in page for page in shown.values())


def test_theme_of_a_series_of_meetings_leaks_nowhere(client, counter, coordinator, now):
    """Every surface that knows a meeting, read by everybody who may, in every language."""
    theme = Theme.objects.filter(parent=None).first()
    words = {"fi": "Qxteemafi", "sv": "Qxteemasv", "en": "Qxteemaen"}
    for language, word in words.items():
        setattr(theme, f"name_{language}", word)
    theme.save()
    event = meeting(now, guests_ok=False)
    series = Series.objects.create(
        title_fi="Vertaistapaamiset", organiser=event.organiser, theme=theme, made_at=now
    )
    type(event).objects.filter(pk=event.pk).update(series=series)
    expert = make_expert(at=now)
    make_sign_up(event, expert.user)
    invite(event, experts=[make_expert(at=now).pk], by=coordinator, at=now)
    addresses = [
        reverse("public:events"), reverse("public:events") + "?kind=peer", reverse("public:event", args=[event.pk]),
        reverse("public:event-calendar", args=[event.pk]), reverse("public:events-own"),
        reverse("counter:events"), reverse("counter:event", args=[event.pk]), reverse("counter:peers"),
        reverse("counter:peer-invite", args=[event.pk]), reverse("counter:calendar"), "/",
        reverse("public:search") + "?q=vertaistapaaminen",
        reverse("counter:event-paper", args=[event.pk]),
    ]  # fmt: skip
    seen = []
    for who in (None, expert.user, coordinator):
        client.logout()
        if who is not None:
            client.force_login(who, backend=BACKEND)
        for address in addresses:
            for language in ("fi", "sv", "en"):
                there = address.replace("/en/", f"/{language}/", 1)
                answer = client.get(there, headers={"accept-language": language}, follow=True)
                if answer.status_code == 200:
                    text = b"".join(answer) if answer.streaming else answer.content
                    seen.append((there, str(who), text.decode(errors="replace")))
    file = client.post(
        reverse("counter:list-export", args=["events"]), {"kind": "csv"}, follow=True
    )
    letters = [
        (letter.kind, "", letter.subject + letter.body + letter.link + letter.calendar)
        for letter in Letter.objects.all()
    ]
    taken = b"".join(file).decode(errors="replace")
    seen += [*letters, ("export", "", taken)]

    assert len(seen) > 40
    assert any(kind == "coping.peers_invited" for kind, _who, _text in letters)
    leaks = [(where, who) for where, who, text in seen if "qxteema" in text.lower()]
    assert leaks == []
    assert event.title_fi in taken
