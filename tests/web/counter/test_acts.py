"""Each act of the counter beside the orders': experts, organisations, people, talks, letters, words; with its twin."""

import re
import uuid
from datetime import timedelta
from functools import partial
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.core.disclosure import closed_year
from luukku.core.duty import call, queue
from luukku.core.times import helsinki
from luukku.experts.actions import add_training
from luukku.experts.models import CompletedTraining, Expert
from luukku.experts.states import ExpertState
from luukku.feedback.actions import ask_debrief
from luukku.feedback.states import DebriefState
from luukku.guidance.actions import answer
from luukku.notices.models import Channel, Letter
from luukku.orders.models import Failure, Order, UnmetDemand
from luukku.orders.states import OrderState
from luukku.organisations.actions import edit as edit_organisation
from luukku.organisations.models import (
    ChangeAsked,
    Kind,
    MemberRole,
    Membership,
    Organisation,
    Task,
)
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import TaskType, Theme
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.assignments import make_agreed, make_done, make_search
from tests.factories.experts import make_blank_expert, make_expert
from tests.factories.guidance import make_question
from tests.factories.orders import make_guest_draft, make_order, make_orderer
from tests.factories.organisations import make_member, make_organisation
from tests.markup import flat
from tests.readings import noted

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def get(client, name, *args, **query):
    return client.get(reverse(f"counter:{name}", args=args), query)


def post(client, page, *args, **data):
    return client.post(reverse(f"counter:{page}", args=args), data)


# -- experts -------------------------------------------------------------------


def make_training(expert, now, **changes):
    person = expert.user
    fields = {"kind": "basic", "name": "Peruskoulutus", "producer": "Kouluttaja", "hours": 40}
    day = {"completed_on": (now - timedelta(days=400)).date()}
    return add_training(expert, **fields | day | changes, by=person, at=now)


def test_expert_is_welcomed_once(counter, now):
    expert = make_expert(at=now, state=ExpertState.WAITING)
    assert get(counter, "expert", expert.pk).status_code == 200

    answers = [post(counter, "expert-move", expert.pk, "welcome").status_code for _n in range(2)]

    expert.refresh_from_db()
    assert (answers, expert.state) == ([303, 303], ExpertState.ACTIVE)
    assert AuditEvent.objects.filter(act="experts.welcome").count() == 1


def test_expert_who_lacks_something_is_not_sent(counter, now):
    expert = make_blank_expert(at=now)

    response = counter.post(reverse("counter:expert-move", args=[expert.pk, "submit"]), follow=True)

    expert.refresh_from_db()
    assert expert.state == ExpertState.DRAFT
    assert b'data-color="warning"' in response.content


def test_expert_is_sent_and_taken_out_on_behalf(counter, now):
    draft, active = make_expert(at=now, state=ExpertState.DRAFT), make_expert(at=now)

    post(counter, "expert-move", draft.pk, "submit")
    post(counter, "expert-move", active.pk, "leave")

    states = {e.pk: e.state for e in Expert.objects.all()}
    behalf = AuditEvent.objects.get(act="experts.submit", object_id=draft.pk, actor_id__gt=0)
    assert states == {draft.pk: ExpertState.WAITING, active.pk: ExpertState.LEFT}
    assert behalf.on_behalf_of_id == draft.user_id


def test_expert_gets_words_with_what_is_sent_back(counter, now):
    expert = make_expert(at=now, state=ExpertState.WAITING)
    assert get(counter, "expert-send-back", expert.pk).status_code == 200
    assert post(counter, "expert-send-back", expert.pk).status_code == 422

    post(counter, "expert-send-back", expert.pk, words="Kerro vielä, mihin aikaan ehdit.")

    expert.refresh_from_db()
    letter = Letter.objects.filter(reader=expert.user).order_by("-pk").first()
    assert expert.state == ExpertState.DRAFT
    assert "Kerro vielä, mihin aikaan ehdit." in letter.body
    assert post(counter, "expert-send-back", expert.pk, words="Uudelleen").status_code == 303


def test_training_is_verified_and_removed(counter, coordinator, now):
    training = make_training(make_expert(at=now), now)
    expert = training.expert

    post(counter, "training-verify", expert.pk, training.pk)

    training.refresh_from_db()
    assert training.verified_by == coordinator
    assert "Certificate seen" in get(counter, "expert", expert.pk).content.decode()
    page = counter.get(reverse("counter:expert", args=[expert.pk])).content.decode()
    assert reverse("counter:training-revoke", args=[expert.pk, training.pk]) in page
    post(counter, "training-revoke", expert.pk, training.pk, words="Ei ollut paikalla.")
    training.refresh_from_db()
    assert (training.revoked_by, training.revoked_why) == (coordinator, "Ei ollut paikalla.")
    own = Client()
    own.force_login(expert.user, backend=BACKEND)
    assert "Ei ollut paikalla." in own.get(reverse("expert:profile-trainings")).content.decode()

    post(counter, "training-restore", expert.pk, training.pk)
    training.refresh_from_db()
    assert training.revoked_at is None

    assert post(counter, "training-unverify", expert.pk, training.pk, words="").status_code == 422
    post(counter, "training-unverify", expert.pk, training.pk, words="Toisen ihmisen todistus.")
    training.refresh_from_db()
    assert training.verified_at is None
    assert "Certificate seen" not in get(counter, "expert", expert.pk).content.decode()
    post(counter, "training-remove", expert.pk, training.pk)
    assert not CompletedTraining.objects.exists()


def test_training_of_another_expert_is_not_found(counter, now):
    training, other = make_training(make_expert(at=now), now), make_expert(at=now)

    assert post(counter, "training-verify", other.pk, training.pk).status_code == 404
    assert post(counter, "training-remove", other.pk, training.pk).status_code == 404


def test_section_filled_in_on_behalf_is_recorded_so(counter, coordinator, now):
    expert = make_expert(at=now)
    assert get(counter, "profile-section", expert.pk, "support").status_code == 200

    response = post(counter, "profile-section", expert.pk, "support", support_needs="Soita ensin.")

    expert.refresh_from_db()
    event = AuditEvent.objects.filter(act="experts.edit").order_by("-pk").first()
    assert (response.status_code, expert.support_needs) == (303, "Soita ensin.")
    assert (event.actor_id, event.on_behalf_of_id) == (coordinator.pk, expert.user_id)
    assert set(noted(coordinator)) == {expert.user_id}


@pytest.mark.parametrize(
    ("name", "args"), [("profile-section", ("no-such",)), ("expert-move", ("no-such",))]
)
def test_unknown_part_of_an_expert_is_not_found(counter, now, name, args):
    expert = make_expert(at=now)
    act = post if name == "expert-move" else get

    assert act(counter, name, expert.pk, *args).status_code == 404


# -- organisations ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [
        ("vet", OrganisationState.WAITING, OrganisationState.VETTED),
        ("reopen", OrganisationState.REFUSED, OrganisationState.WAITING),
        ("reopen", OrganisationState.ENDED, OrganisationState.WAITING),
    ],
)
def test_organisation_moves_once(counter, now, move, before, after):
    organisation = make_organisation(state=before, at=now)

    answers = [
        counter.post(
            reverse("counter:organisation-move", args=[organisation.pk, move]), follow=True
        ).status_code
        for _n in range(2)
    ]

    organisation.refresh_from_db()
    assert (answers, organisation.state) == ([200, 200], after)
    assert AuditEvent.objects.filter(act=f"organisations.{move}").count() == 1


def test_organisation_move_of_no_such_name_is_not_found(counter, now):
    organisation = make_organisation(at=now)

    assert post(counter, "organisation-move", organisation.pk, "no-such").status_code == 404


def test_organisation_is_registered_for_somebody(counter):
    assert get(counter, "organisation-new").status_code == 200
    assert post(counter, "organisation-new", name="").status_code == 422

    post(counter, "organisation-new", name="Porin yhdistys", kind=Kind.NGO, tasks=[Task.BACKGROUND])

    made = Organisation.objects.get()
    assert (made.name, made.state, list(made.tasks)) == (
        "Porin yhdistys",
        OrganisationState.WAITING,
        [Task.BACKGROUND],
    )
    assert not made.memberships.exists()


def test_organisation_s_first_person_becomes_its_contact(counter, now):
    organisation, first, second = make_organisation(at=now), make_person(), make_person()
    missing = "No contact person has been named."
    assert missing in get(counter, "organisation", organisation.pk).content.decode()

    for person in (first, second):
        post(counter, "add-member", organisation.pk, user=person.pk, role=MemberRole.ORDERER)

    rows = Membership.objects.order_by("pk").values_list("user_id", "is_contact")
    assert list(rows) == [(first.pk, True), (second.pk, False)]
    assert missing not in get(counter, "organisation", organisation.pk).content.decode()


def test_page_before_an_organisation_ends_says_nothing_of_what_it_has_not(counter):
    organisation = make_organisation()

    page = get(counter, "organisation-end", organisation.pk).content.decode()

    assert re.findall(r">0 ", page) == []
    assert "Everything that has been written down stays." in page


def test_organisation_ends_after_a_page_that_says_what_follows(counter, now):
    order = make_search(now)
    organisation, contact = order.organisation, order.contact
    expert = make_expert(at=now, background_organisation=organisation)

    page = get(counter, "organisation-end", organisation.pk)
    empty = post(counter, "organisation-end", organisation.pk, reason="")
    states = [Organisation.objects.get(pk=organisation.pk).state]
    post(counter, "organisation-end", organisation.pk, reason="Koulu lakkautettiin.")
    states.append(Organisation.objects.get(pk=organisation.pk).state)

    assert [(len(page.context["orders"]), page.context["members"], page.context["experts"])] == [
        (1, 1, 1)
    ]
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["reason"])
    assert states == [OrganisationState.VETTED, OrganisationState.ENDED]
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    told = Letter.objects.filter(kind__endswith="ended").values_list("kind", "reader")
    assert set(told) == {
        ("organisations.ended", contact.pk),
        ("experts.background_ended", expert.user_id),
    }


def test_organisation_s_new_details_are_decided_at_the_counter(counter, now):
    organisation = make_organisation("Toivo ry", at=now)
    member = make_member(organisation)
    edit_organisation(
        organisation, name="Satasairaala", kind="county", sector="third", municipality=None, services=[], business_id="",
        by=member, at=now,
    )  # fmt: skip
    asked = ChangeAsked.objects.get()
    page = flat(get(counter, "organisation", organisation.pk))
    queue = get(counter, "queue").content.decode()

    for _n in range(2):
        response = post(counter, "organisation-change", organisation.pk, asked.pk)

    organisation.refresh_from_db()
    cells = re.findall(r'<td data-label="(?:Checked|Asked for)">(.*?)</td>', page)
    assert cells[:4] == [
        "Toivo ry", "Satasairaala", "Association or foundation", "Wellbeing services county",
    ]  # fmt: skip
    assert "Toivo ry → Satasairaala" in queue
    assert (response.status_code, organisation.name) == (303, "Satasairaala")


def test_organisation_s_old_details_are_kept_with_a_reason(counter, now):
    organisation = make_organisation("Toivo ry", at=now)
    member = make_member(organisation)
    edit_organisation(
        organisation, name="Satasairaala", kind="county", sector="third", municipality=None, services=[], business_id="",
        by=member, at=now,
    )  # fmt: skip
    asked = ChangeAsked.objects.get()

    empty = post(counter, "organisation-keep", organisation.pk, asked.pk, reason=" ")
    done = [
        post(counter, "organisation-keep", organisation.pk, asked.pk, reason="Nimi on varattu.")
        for _n in range(2)
    ]

    organisation.refresh_from_db()
    assert (empty.status_code, [one.status_code for one in done]) == (422, [303, 303])
    assert (organisation.name, ChangeAsked.objects.count()) == ("Toivo ry", 0)
    letter = Letter.objects.get(reader=member)
    assert (letter.kind, "Nimi on varattu." in letter.body) == (
        "organisations.change_refused",
        True,
    )


def test_organisation_is_refused_with_a_reason_and_checked_again(counter, now):
    organisation = make_organisation("Toivo ry", state=OrganisationState.WAITING, at=now)
    member = make_member(organisation)
    page = partial(get, counter, "organisation", organisation.pk)

    empty = post(counter, "organisation-refuse", organisation.pk, reason="")
    untold = Letter.objects.count()
    done = [
        post(counter, "organisation-refuse", organisation.pk, reason="Y-tunnus puuttuu.")
        for _n in range(2)
    ]
    refused = page().content.decode()
    post(counter, "organisation-move", organisation.pk, "reopen")

    organisation.refresh_from_db()
    assert (empty.status_code, untold, [one.status_code for one in done]) == (422, 0, [303, 303])
    assert ("Y-tunnus puuttuu." in refused, "Check again" in refused) == (True, True)
    assert "Y-tunnus puuttuu." not in page().content.decode()
    assert (organisation.state, Letter.objects.filter(reader=member).count()) == ("waiting", 2)


def test_person_is_found_by_what_tells_people_apart_and_looked_at_before(counter, now):
    organisation = make_organisation(at=now)
    one = make_person("Onni Jokinen", email="onni@a.example.test", phone="+358 40 123 4567")
    make_person("Onni Jokinen", email="onni@b.example.test", phone="050 765 4321")

    start = get(counter, "add-member", organisation.pk).content.decode()
    both = post(counter, "add-member", organisation.pk, user_words="onni jok").content.decode()
    chosen = post(counter, "add-member", organisation.pk, user=one.pk, user_words="Onni Jokinen")
    confirm = get(counter, "add-member", organisation.pk, user=one.pk).content.decode()

    assert "Onni Jokinen" not in start
    assert "<select" not in start
    assert "onni@a.example.test" in both
    assert "onni@b.example.test" in both
    assert chosen["Location"].endswith(f"?user={one.pk}")
    assert "onni@a.example.test" in confirm
    assert 'name="role"' in confirm


def test_organisation_s_person_is_chosen_and_bad_choices_are_shown_again(counter, now):
    organisation = make_organisation(at=now)

    response = post(counter, "add-member", organisation.pk, user="999999", role="no-such")

    assert response.status_code == 422
    assert not Membership.objects.exists()


def test_contact_person_is_named_and_a_member_removed(counter, now):
    organisation = make_organisation(at=now)
    old = make_member(organisation, is_contact=True).memberships.get()
    new = make_member(organisation).memberships.get()

    post(counter, "name-contact", new.pk)
    post(counter, "remove-member", old.pk)

    assert list(Membership.objects.values_list("pk", "is_contact")) == [(new.pk, True)]
    assert post(counter, "remove-member", old.pk).status_code == 404


# -- people -----------------------------------------------------------------------


def test_person_without_an_e_mail_is_made(counter):
    assert get(counter, "person-new").status_code == 200
    assert post(counter, "person-new", name="").status_code == 422

    post(counter, "person-new", name="Aino Aho", email="", phone="040 123", language="fi")

    assert User.objects.get(name="Aino Aho").email is None


def test_person_with_a_taken_address_is_refused_whatever_its_case(counter):
    make_person(email="aino@example.test")

    response = post(counter, "person-new", name="Toinen", email="AINO@example.test", language="fi")

    assert response.status_code == 422
    assert "Somebody already has an account" in response.content.decode()
    assert not User.objects.filter(name="Toinen").exists()


def test_person_is_edited_and_keeps_the_name_on_the_page_when_refused(counter):
    person = make_person("Aino Aho")

    assert post(counter, "person", person.pk, name="", language="fi").status_code == 422
    post(counter, "person", person.pk, name="Aino Aalto", phone="050 123 4567", language="sv")

    person.refresh_from_db()
    assert (person.name, person.phone, person.language) == ("Aino Aalto", "050 123 4567", "sv")


def test_person_s_profile_is_begun_on_behalf(counter):
    person = make_person()

    response = post(counter, "person-profile", person.pk)

    expert = Expert.objects.get(user=person)
    assert response["Location"] == reverse("counter:expert", args=[expert.pk])
    assert post(counter, "person-profile", person.pk)["Location"] == response["Location"]


def test_machine_is_nobody_s_page(counter):
    machine = User.objects.machine()

    assert get(counter, "person", machine.pk).status_code == 404


def test_admin_gives_and_takes_roles(client):
    person, admin = make_person(), make_admin()
    client.force_login(admin, backend=BACKEND)
    assert "Save the roles" in get(client, "person", person.pk).content.decode()

    post(client, "person-roles", person.pk, roles=["coordinator", "steering"])
    post(client, "person-roles", person.pk, roles=["no-such"])

    person.refresh_from_db()
    assert sorted(person.roles) == ["coordinator", "steering"]
    post(client, "person-roles", person.pk, sure="1")
    person.refresh_from_db()
    assert person.roles == []


def test_admin_cannot_edit_a_person(client):
    person = make_person("Aino Aho")
    client.force_login(make_admin(), backend=BACKEND)

    response = post(client, "person", person.pk, name="Toinen", phone="", language="fi")

    person.refresh_from_db()
    assert (response.status_code, person.name) == (422, "Aino Aho")


@pytest.fixture
def admin(client):
    """An administrator who has signed in."""
    user = make_admin()
    client.force_login(user, backend=BACKEND)
    return user


def test_admin_closes_an_account_and_opens_it_again(client, admin):
    person = make_person("Aino Aho")
    assert reverse("counter:person-close", args=[person.pk]) in text_of(client, person)
    assert "can be opened again" in get(client, "person-close", person.pk).content.decode()

    post(client, "person-close", person.pk)

    page = text_of(client, person)
    assert "This account has been closed." in page
    assert "The account has been closed. The person is told." in page
    assert "Closed account" in get(client, "people", q="Aino").content.decode()
    assert get(client, "person-close", person.pk).status_code == 404
    post(client, "person-reopen", person.pk)
    page = text_of(client, person)
    assert "This account has been closed." not in page
    assert User.objects.get(pk=person.pk).is_active


def text_of(client, person):
    return get(client, "person", person.pk).content.decode()


def test_admin_is_told_of_an_agreed_task_ahead(client, admin, now):
    person = make_agreed(now).expert.user

    post(client, "person-close", person.pk)

    assert "An agreed task is ahead." in text_of(client, person)
    assert User.objects.get(pk=person.pk).is_active


def test_admin_is_told_of_orders_that_go_on_with_nobody_to_take_them(client, admin, now):
    order = make_order(now)

    response = post(client, "person-close", order.contact.pk)

    page = response.content.decode()
    assert response.status_code == 422
    assert "orders that go on, and nobody else orders" in page
    assert f"<li>{order.organisation.name}</li>" in page
    assert User.objects.get(pk=order.contact.pk).is_active


def test_admin_cannot_close_their_own_account(client, admin):
    assert post(client, "person-close", admin.pk).status_code == 404
    assert reverse("counter:person-close", args=[admin.pk]) not in text_of(client, admin)


def test_account_with_agreed_tasks_is_not_offered_to_be_closed(client, admin, now):
    task = make_agreed(now)

    page = get(client, "person-close", task.expert.user_id).content.decode()

    assert date_format(helsinki(task.starts_at), "SHORT_DATE_FORMAT") in page
    assert ">Close the account</button>" not in page


@pytest.mark.parametrize("name", ["person-close", "person-reopen"])
def test_coordinator_cannot_close_an_account(counter, name):
    person = make_person()

    assert post(counter, name, person.pk).status_code == 403
    assert reverse(f"counter:{name}", args=[person.pk]) not in text_of(counter, person)


def test_person_s_letters_are_chosen_on_their_behalf(counter, coordinator):
    person = make_person("Aino Aho")
    assert reverse("counter:person-notices", args=[person.pk]) in text_of(counter, person)
    form = get(counter, "person-notices", person.pk).context["form"]
    data = {name: choice.channel for name, choice in form.kinds.items()}

    post(counter, "person-notices", person.pk, **(data | {"assignments_reminder": "digest"}))

    chosen = person.notice_choices.get()
    assert (chosen.kind, chosen.channel) == ("assignments.reminder", "digest")
    event = AuditEvent.objects.get(act="notices.choose")
    assert (event.actor_id, event.on_behalf_of_id) == (coordinator.pk, person.pk)


def test_person_s_letters_of_no_such_channel_are_refused(counter):
    person = make_person()

    assert post(counter, "person-notices", person.pk, assignments_reminder="x").status_code == 422


def test_person_without_email_has_no_letters_to_choose(counter):
    person = make_person(email="")

    assert get(counter, "person-notices", person.pk).status_code == 404
    assert reverse("counter:person-notices", args=[person.pk]) not in text_of(counter, person)


def test_coordinator_cannot_give_roles(counter, coordinator):
    assert post(counter, "person-roles", coordinator.pk, roles=["admin"]).status_code == 403
    coordinator.refresh_from_db()
    assert coordinator.roles == ["coordinator"]


def test_taking_a_role_away_asks_first_by_name_and_says_what_follows(client, admin):
    person = make_coordinator("Kaisa Aho")

    response = post(client, "person-roles", person.pk, roles=["steering"])

    asked = unescape(flat(client.get(response.url)))
    assert [w for w in ("Kaisa Aho", "Coordinator", "What follows") if w not in asked] == []
    assert User.objects.get(pk=person.pk).roles == ["coordinator"]
    assert 'name="roles" value="steering"' in asked  # what was chosen waits for the answer

    response = post(client, "person-roles", person.pk, roles=["steering"], sure="1")

    assert (response.status_code, response.url) == (
        303,
        reverse("counter:person", args=[person.pk]),
    )
    assert User.objects.get(pk=person.pk).roles == ["steering"]


def test_the_question_about_roles_that_nobody_has_asked_is_the_person_s_page(client, admin):
    person = make_coordinator()

    response = get(client, "person-roles", person.pk)

    assert (response.status_code, response.url) == (
        303,
        reverse("counter:person", args=[person.pk]),
    )


def test_a_role_is_given_at_once(client, admin):
    person = make_person()

    response = post(client, "person-roles", person.pk, roles=["steering"])

    assert (response.status_code, response.url) == (
        303,
        reverse("counter:person", args=[person.pk]),
    )
    assert User.objects.get(pk=person.pk).roles == ["steering"]


@pytest.mark.parametrize("sure", [{}, {"sure": "1"}])
def test_the_last_administrator_keeps_the_role(client, admin, sure):
    response = post(client, "person-roles", admin.pk, **sure)

    page = response.content.decode()
    assert response.status_code == 422
    assert "the last administrator" in page
    assert "What follows" not in page
    assert User.objects.get(pk=admin.pk).roles == ["admin"]


def test_who_gives_up_the_own_last_role_lands_on_a_page_of_their_own(client, admin):
    make_admin()
    asked = client.get(post(client, "person-roles", admin.pk).url).content.decode()
    assert "You take it from yourself" in asked

    response = post(client, "person-roles", admin.pk, sure="1")

    assert (response.status_code, response.url) == (303, reverse("desk"))
    assert client.get(response.url, follow=True).status_code == 200


# -- letters, talks -------------------------------------------------------


def make_letter(reader, now):
    return Letter.objects.create(
        key=str(uuid.uuid4()), kind="experts.welcome", reader=reader, language="fi",
        channel=Channel.PAPER, subject="Tervetuloa", body="Olet pankissa.", message_id=uuid.uuid4(),
        made_at=now, not_before_at=now,
    )  # fmt: skip


def test_letter_that_mail_could_not_bring_says_so(counter, now):
    letter = make_letter(make_person(), now)
    assert "did not arrive" not in get(counter, "letter", letter.pk).content.decode()

    letter.attempts, letter.last_error = 1, "SMTPRecipientsRefused 550"
    letter.save()

    page = get(counter, "letter", letter.pk).content.decode()
    assert "(SMTPRecipientsRefused 550)" in page


def test_letter_of_an_answer_leads_the_counter_to_the_thread(counter, now):
    person = make_person(email="", phone="040")
    question = answer(make_question(now, by=person), "Näin.", by=make_coordinator(), at=now)
    letter = Letter.objects.on_paper().get(kind="guidance.answered")

    page = get(counter, "letter", letter.pk).content.decode()

    assert f'href="{reverse("counter:question", args=[question.pk])}"' in page
    other = make_letter(make_person(email=""), now)
    assert (
        "counter/questions/"
        not in get(counter, "letter", other.pk).content.decode().split("<main")[1]
    )


def test_all_that_waits_for_one_person_is_one_line_and_one_page(counter, now):
    person = make_person(email="", phone="040")
    first, second = make_letter(person, now), make_letter(person, now)
    make_letter(make_person(email=""), now)

    with override("fi"):
        titles = [called.title for _duty, called in call(queue(at=now, kind="letter"))]
    page = get(counter, "letter", first.pk).content.decode()

    assert titles[0] == f"{person.name} · 2 viestiä"
    assert [title.endswith(" · Tervetuloa") for title in titles] == [False, True]
    for one in (first, second):
        assert f'action="{reverse("counter:letter", args=[one.pk])}"' in page
    on = post(counter, "letter", first.pk)["Location"]
    assert on == reverse("counter:letter", args=[second.pk])
    assert post(counter, "letter", second.pk)["Location"] == reverse("counter:queue")


def test_letter_of_an_order_leads_who_reads_it_out_to_the_order(counter, now):
    order = make_order(orderer=make_orderer(email=None, phone="040"))
    letter = make_letter(order.contact, now)
    Letter.objects.filter(pk=letter.pk).update(about=f"order-{order.pk}")

    page = get(counter, "letter", letter.pk).content.decode()

    assert f'href="{reverse("counter:order", args=[order.pk])}"' in page
    assert "has no e-mail" in page


@pytest.mark.parametrize("count", [1, 3])
def test_letters_of_one_person_ask_the_database_the_same_for_one_and_three(
    counter, now, count, django_assert_num_queries
):
    letters = [
        make_letter(person, now) for person in [make_person(email="")] for _n in range(count)
    ]
    url = reverse("counter:letter", args=[letters[0].pk])
    counter.get(url)

    with django_assert_num_queries(8):
        counter.get(url)


def test_letter_on_paper_is_told_once(counter, now):
    letter = make_letter(make_person(email="", phone="040"), now)
    assert [duty.kind for duty in queue(at=now, kind="letter")] == ["letter"]
    assert letter.body in get(counter, "letter", letter.pk).content.decode()

    assert post(counter, "letter", letter.pk).status_code == 303

    letter.refresh_from_db()
    assert letter.sent_at is not None
    assert queue(at=now, kind="letter") == []
    was = letter.sent_at
    assert post(counter, "letter", letter.pk).status_code == 200  # shown as what has been told
    letter.refresh_from_db()
    assert letter.sent_at == was


@pytest.mark.parametrize(
    ("data", "state"), [({}, DebriefState.HELD), ({"drop": "1"}, DebriefState.DROPPED)]
)
def test_talk_is_held_or_dropped_once(counter, now, data, state):
    task = make_done(now - timedelta(days=20))
    debrief = ask_debrief(task, by=task.expert.user, at=now)
    assert [duty.kind for duty in queue(at=now, kind="debrief")] == ["debrief"]
    assert get(counter, "debrief", debrief.pk).status_code == 200

    for _n in range(2):
        assert post(counter, "debrief", debrief.pk, **data).status_code == 303

    debrief.refresh_from_db()
    assert debrief.state == state
    assert queue(at=now, kind="debrief") == []


def test_expert_without_a_responsible_person_is_a_duty(now):
    behind = make_organisation(tasks=(Task.BACKGROUND,), at=now)
    make_expert(at=now, background_organisation=behind)
    make_expert(at=now)

    assert [duty.kind for duty in queue(at=now, kind="responsible")] == ["responsible"]


# -- words and figures -----------------------------------------------------------------


@pytest.mark.slow  # the vocabulary is indexed anew each time
@pytest.mark.parametrize(
    ("group", "model", "code"),
    [("life", Theme, "homelessness"), ("task_types", TaskType, "talk")],
)
def test_word_is_switched_off_and_on(counter, group, model, code):
    page = get(counter, "words")
    rows = {key: rows for key, _label, rows, _off in page.context["groups"]}[group]
    codes = [one.code for one in rows]
    rest = [one for one in codes if one != code]

    post(counter, "switch", group=group, was=" ".join(codes), on=rest)
    off = set(model.objects.filter(is_active=False).values_list("code", flat=True))
    acts = AuditEvent.objects.filter(act="taxonomy.switch").count()
    post(counter, "switch", group=group, was=" ".join(rest), on=codes)

    assert (off, acts) == ({code}, 1)
    assert model.objects.get(code=code).is_active


def test_what_a_colleague_has_switched_meanwhile_stays(counter):
    codes = list(TaskType.objects.values_list("code", flat=True))
    rest = [one for one in codes if one != "talk"]
    TaskType.objects.filter(code="panel").update(is_active=False)

    post(counter, "switch", group="task_types", was=" ".join(codes), on=rest)

    off = TaskType.objects.filter(is_active=False).values_list("code", flat=True)
    assert set(off) == {"talk", "panel"}


@pytest.mark.parametrize("data", [{}, {"group": "user"}, {"group": "\x00"}])
def test_words_of_no_such_group_are_not_found(counter, data):
    assert post(counter, "switch", **data).status_code == 404


def test_words_that_are_not_there_switch_nothing(counter):
    data = {"group": "task_types", "was": "no-such", "on": ["\x00", "talk-too"]}

    assert post(counter, "switch", **data).status_code == 303
    assert not TaskType.objects.filter(is_active=False).exists()


@pytest.mark.parametrize("make", [make_coordinator, make_steering, make_admin])
def test_figures_hide_small_cells(client, now, make):
    order = make_order(now, state=OrderState.NOT_FOUND)
    last_year = closed_year(helsinki(now).date())
    Order.objects.update(sent_at=last_year.starts_at)
    client.force_login(make(), backend=BACKEND)

    def shown(missing):
        UnmetDemand.objects.update(
            missing=missing, failure=Failure.DISTANCE, at=last_year.starts_at
        )
        page = get(client, "home", period=last_year.key)
        figures = page.context["figures"]
        rows = [*figures.unmet().rows, *figures.states().rows]
        assert order.title not in page.content.decode()
        return {row.label: str(row.counts[0]) for row in rows}

    small, large = shown(9), shown(10)

    # Who serves at the counter may count the orders in the list as well.
    is_exact = make is make_coordinator
    assert small[Failure.DISTANCE.label] == ("9" if is_exact else "under 10")
    assert large[Failure.DISTANCE.label] == ("10" if is_exact else "10–19")
    told = (small[OrderState.NOT_FOUND.label], small[OrderState.CLOSED.label])
    assert told == (("1", "0") if is_exact else ("under 10", "under 10"))


# -- who may not, and what nobody types -----------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("make", [make_steering, make_admin, make_person])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("expert-move", (1, "welcome")), ("expert-send-back", (1,)), ("training-verify", (1, 1)), ("training-unverify", (1, 1)),
        ("training-revoke", (1, 1)), ("training-restore", (1, 1)), ("task-keep", (1,)),
        ("training-remove", (1, 1)), ("profile-section", (1, "words")), ("organisation-move", (1, "vet")),
        ("organisation-new", ()), ("add-member", (1,)), ("name-contact", (1,)), ("remove-member", (1,)),
        ("person-new", ()), ("person-profile", (1,)), ("person-notices", (1,)), ("question", (1,)), ("question-new", ()),
        ("question-assign", (1,)), ("question-sort", (1,)), ("question-note", (1,)), ("question-said", (1,)),
        ("question-hand-over", (1,)), ("question-follow", (1,)), ("question-close", (1,)), ("answer-new", ()),
        ("answer-edit", (1,)), ("letter", (1,)),
        ("debrief", (1,)), ("switch", ()), ("task-done", (1,)), ("task-cancel", (1,)),
        ("offer-answer", (1,)), ("order-new", ()), ("order-times", (1,)), ("order-link", (1,)), ("order-contact", (1,)),
    ],
)  # fmt: skip
def test_act_is_the_coordinator_s_own(client, make, name, args):
    client.force_login(make(), backend=BACKEND)

    assert post(client, name, *args).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["orders", "experts", "organisations", "people", "queue", "questions"]
)
@pytest.mark.parametrize(
    "query",
    [{"q": "\x00"}, {"q": "🌿 \u202e"}, {"q": "x" * 5000}, {"state": "no-such"}, {"page": "-1"},
     {"page": "x"}, {"kind": "no-such"}],
)  # fmt: skip
def test_list_takes_whatever_is_typed(counter, name, query):
    assert get(counter, name, **query).status_code == 200


def test_pages_of_a_filtered_list_keep_the_filter(counter, now):
    for n in range(31):
        make_organisation(f"Etsitty {n:02}", at=now)
    make_organisation("Muu", at=now)

    page = get(counter, "organisations", q="Etsitty").content.decode()

    link = page.split('class="pages"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = counter.get(reverse("counter:organisations") + link).content.decode()
    assert "Etsitty 30" in second
    assert "Muu" not in second


@pytest.mark.parametrize("time", ["²", "9" * 5000, "-1", "x", ""])
def test_answer_with_a_strange_time_is_no_fault(counter, now, time):
    task = make_agreed(now)

    assert post(counter, "offer-answer", task.offer_id, accept="1", time=time).status_code == 303


@pytest.mark.parametrize("move", ["accept", "search", "reopen", "close"])
def test_guest_s_draft_is_not_moved(counter, now, move):
    order = make_guest_draft(now)

    assert post(counter, "order-move", order.pk, move).status_code in {303, 404}
    order.refresh_from_db()
    assert order.state == OrderState.DRAFT


@pytest.mark.parametrize(
    "name", ["order-decline", "order-give-up", "order-cancel", "order-times", "order"]
)
def test_guest_s_draft_opens_without_a_fault(counter, now, name):
    order = make_guest_draft(now)

    assert get(counter, name, order.pk).status_code in {200, 303, 404}


def test_task_is_marked_done_only_after_it_began(counter, now):
    early, over = make_agreed(now), make_agreed(now - timedelta(days=20))

    for task in (early, over, over):
        assert post(counter, "task-done", task.pk).status_code == 303

    early.refresh_from_db()
    over.refresh_from_db()
    assert (early.state, over.state) == ("agreed", "done")
