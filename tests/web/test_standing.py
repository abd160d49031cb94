"""Rights follow standing: what a field remembers of a person opens nothing once they stand there no more."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.accounts.actions import close
from luukku.accounts.models import AddressChange, User
from luukku.assignments.actions import new_calendar_key
from luukku.assignments.calendar import feed
from luukku.assignments.models import Assignment, Offer
from luukku.core.links import Link, sign
from luukku.experts.models import Expert
from luukku.feedback.queries import awaiting_feedback, awaiting_what_changed
from luukku.guidance.models import Question
from luukku.orders.models import Order
from luukku.organisations.models import MemberRole, Membership, Organisation
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.assignments import make_agreed, make_done
from tests.factories.experts import make_expert
from tests.factories.orders import make_orderer, make_vetted_organisation

pytestmark = pytest.mark.django_db
SEEN = {
    Order: "orders.view",
    Offer: "assignments.view_offer",
    Assignment: "assignments.view",
    Expert: "experts.view",
    Organisation: "organisations.view",
    Question: "guidance.view",
    AddressChange: "accounts.view_address",
}
LAST = [
    "stands on",
    "removed",
    "removed, stands elsewhere",
    "other role only",
    "organisation waits",
    "organisation refused",
    "organisation ended",
    "account closed",
]
KEEPS_ORDERS = {"stands on", "organisation waits", "organisation refused"}
KEEPS_EXPERTS = {"stands on"}


def let(what, user, organisation):
    """Make happen to ``user`` in ``organisation`` what ``what`` says."""
    own = Membership.objects.filter(user=user, organisation=organisation)
    if what.startswith("removed"):
        own.delete()
    if what == "removed, stands elsewhere":
        for role in (MemberRole.ORDERER, MemberRole.BACKGROUND):
            other = make_vetted_organisation()
            Membership.objects.create(
                user=user, organisation=other, role=role, added_by=user, added_at=other.made_at
            )
    if what == "other role only":
        own.update(role=MemberRole.PRODUCER)
    if what.startswith("organisation"):
        state = {"waits": "WAITING", "refused": "REFUSED", "ended": "ENDED"}[what.split()[1]]
        Organisation.objects.filter(pk=organisation.pk).update(state=OrganisationState[state])
    if what == "account closed":
        close(user, by=make_admin(), at=organisation.made_at)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def done(now):
    return make_done(now - timedelta(days=20))


@pytest.mark.parametrize("what", LAST)
def test_contact_opens_an_order_only_while_they_order_for_its_organisation(client, done, what):
    order = done.order
    contact = let(what, order.contact, order.organisation)
    client.force_login(contact, backend="django.contrib.auth.backends.ModelBackend")
    pages = [
        reverse("orderer:order", args=[order.pk]),
        reverse("orderer:order-cancel", args=[order.pk]),
        reverse("orderer:order-link", args=[order.pk]),
        reverse("orderer:order-contact", args=[order.pk]),
        reverse("orderer:feedback", args=[done.pk]),
        reverse("orderer:task-cancel", args=[done.pk]),
    ]

    answers = [client.get(page) for page in pages]

    name = done.expert.user.name.encode()
    opened = [answer for answer in answers if answer.status_code == 200]
    assert any(name in answer.content for answer in opened) == (what in KEEPS_ORDERS)
    assert bool(opened) == (what in KEEPS_ORDERS)


@pytest.mark.parametrize("what", LAST)
def test_link_feed_and_lists_of_a_contact_follow_their_standing(client, done, now, what):
    order = done.order
    new_calendar_key(order.contact, by=order.contact, at=now)
    contact = let(what, order.contact, order.organisation)
    link = sign(Link("feedback-orderer", done.pk, contact.pk))

    answer = client.get(reverse("public:feedback-link", args=["orderer", link]))

    stands = what in KEEPS_ORDERS
    assert answer.status_code == (200 if stands else 404)
    assert ("BEGIN:VEVENT" in feed(contact, at=now)) == stands
    assert bool(awaiting_feedback(contact)) == stands
    assert list(awaiting_what_changed(contact)) == []


@pytest.mark.parametrize("what", LAST)
def test_background_sees_its_experts_only_while_it_stands_behind_them(client, what):
    organisation = make_vetted_organisation()
    behind = make_orderer(organisation, role=MemberRole.BACKGROUND)
    expert = make_expert(background_organisation=organisation, responsible_person=behind)
    behind = let(what, behind, organisation)
    client.force_login(behind, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get(reverse("orderer:experts"))

    sees = expert.user.name.encode() in answer.content
    assert sees == (what in KEEPS_EXPERTS)
    assert Expert.objects.visible_to(behind).exists() == (what in KEEPS_EXPERTS)


@pytest.mark.parametrize("what", LAST)
def test_lists_and_rules_agree_for_every_role(now, what):
    task = make_agreed(now)
    organisation = make_vetted_organisation()
    behind = make_orderer(organisation, role=MemberRole.BACKGROUND)
    make_expert(background_organisation=organisation)
    moved = [
        let(what, task.order.contact, task.order.organisation),
        let(what, behind, organisation),
        let("account closed", make_coordinator(), organisation),
    ]
    people = [*moved, make_coordinator(), make_admin(), make_steering(), make_person()]
    people.append(task.expert.user)

    for model, perm in SEEN.items():
        for person in people:
            listed = set(model.objects.visible_to(person))
            allowed = {one for one in model.objects.all() if person.has_perm(perm, one)}
            assert listed == allowed, (model, person.name, what)


def test_role_taken_away_ends_with_the_next_request(client):
    coordinator = make_coordinator()
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")
    before = client.get(reverse("counter:people")).status_code

    User.objects.filter(pk=coordinator.pk).update(roles=[])

    assert (before, client.get(reverse("counter:people")).status_code) == (200, 403)


def test_closed_account_opens_nothing_that_was_handed_out_before(client, done, now):
    user = done.expert.user
    key = new_calendar_key(user, by=user, at=now).key
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    link = sign(Link("feedback-expert", done.pk, user.pk))

    close(user, by=make_admin(), at=now)

    assert client.get(reverse("expert:tasks")).status_code == 302
    assert client.get(reverse("public:calendar-feed", args=[key])).status_code == 404
    opened = client.get(reverse("public:feedback-link", args=["expert", link]))
    assert opened.status_code == 404
