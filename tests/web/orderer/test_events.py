"""A background organisation keeps a place for its own expert, who says yes themselves."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from luukku.events import actions
from luukku.events.models import How, SignUp
from luukku.events.states import SignUpState
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Task
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation
from tests.markup import flat

pytestmark = pytest.mark.django_db
S = SignUpState


@pytest.fixture
def here():
    return make_organisation(tasks=[Task.BACKGROUND])


@pytest.fixture
def behind(client, here):
    client.force_login(
        make_member(here, role=MemberRole.BACKGROUND),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def send(client, event, expert):
    sent = {"form_token": str(uuid.uuid4()), "expert": expert.pk if expert else ""}
    return client.post(reverse("orderer:event-ask", args=[event.pk]), sent)


def test_place_is_kept_for_an_own_expert_who_says_yes(behind, here):
    event = make_event(timezone.now())
    expert = make_expert(background_organisation=here)
    assert (
        reverse("orderer:event-ask", args=[event.pk])
        in behind.get(reverse("orderer:events")).content.decode()
    )

    answer = send(behind, event, expert)

    own = SignUp.objects.get()
    assert (answer.status_code, own.state, own.via) == (303, S.OFFERED, "organisation")
    assert Letter.objects.filter(reader=expert.user, kind="events.asked_to_come").exists()
    assert actions.say_yes(own, by=expert.user, at=timezone.now()).state == S.CONFIRMED
    send(behind, event, expert)
    assert SignUp.objects.count() == 1


def test_others_experts_are_not_offered_nor_asked(behind):
    event, other = make_event(timezone.now()), make_expert()

    page = flat(behind.get(reverse("orderer:event-ask", args=[event.pk])))
    answer = send(behind, event, other)

    assert other.user.name not in page
    assert answer.status_code == 422 or not SignUp.objects.exists()
    assert not SignUp.objects.exists()


def test_own_sign_up_of_an_expert_is_not_told(behind, here):
    event = make_event(timezone.now())
    expert = make_expert(background_organisation=here)
    make_sign_up(event, expert.user)
    other = make_expert(background_organisation=here)

    told = [flat(behind.get(send(behind, event, one).url)) for one in (expert, other)]

    assert all("Asked. The expert says whether they come" in page for page in told)


def test_full_or_closed_event_says_why_instead_of_a_form(behind, here):
    make_expert(background_organisation=here)
    full = make_event(timezone.now(), seats=1)
    make_sign_up(full)
    later = make_event(timezone.now(), how=How.APPLICATION)

    assert "Every place is taken, so none can be kept." in flat(
        behind.get(reverse("orderer:event-ask", args=[full.pk]))
    )
    page = flat(behind.get(reverse("orderer:event-ask", args=[later.pk])))
    assert "You get a place in this training by applying for it." in page


def test_orderers_do_not_open_it(client):
    client.force_login(
        make_member(make_organisation(), role=MemberRole.ORDERER),
        backend="django.contrib.auth.backends.ModelBackend",
    )

    assert client.get(reverse("orderer:events")).status_code == 403
