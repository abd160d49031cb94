import re
import uuid
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from luukku.accounts.actions import close
from luukku.audit.models import AccessLog
from luukku.core.times import helsinki
from luukku.experts import actions
from luukku.experts.models import CompletedTraining, Expert, Perspective
from luukku.experts.states import ExpertState
from luukku.notices.actions import choose
from luukku.notices.models import Channel
from luukku.notices.queries import choices_of
from luukku.organisations.models import MemberRole, Task
from luukku.organisations.states import OrganisationState
from luukku.privacy.models import Purpose
from luukku.privacy.queries import consents_of
from luukku.taxonomy.models import Municipality, TaskType, Theme
from luukku.web.parts.experts.profile_forms import SECTIONS
from luukku.web.parts.experts.profile_forms.times import merged
from tests.factories.accounts import make_admin, make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_done
from tests.factories.experts import make_blank_expert, make_expert
from tests.factories.orders import make_orderer
from tests.factories.organisations import make_member, make_organisation
from tests.markup import flat, said

pytestmark = pytest.mark.django_db

FORMS = [name for name in SECTIONS if name != "trainings"]


def url(name, *args):
    return reverse(f"expert:{name}", args=args)


def section(name):
    return url("profile-section", name)


def again(expert):
    return Expert.objects.get(pk=expert.pk)


# -- beginning ----------------------------------------------------------------------------------
def test_start_begins_a_profile(sign_in):
    person = make_person()
    browser = sign_in(person)

    assert b"Begin" in browser.get(url("start")).content
    response = browser.post(url("start"))

    assert (response.status_code, response["Location"]) == (303, url("profile"))
    assert Expert.objects.get().user == person


def test_start_leads_on_where_there_is_a_profile(desk):
    assert desk.get(url("start"))["Location"] == url("profile")


def test_desk_is_for_experts_only(sign_in):
    assert sign_in(make_person()).get(url("desk")).status_code == 403


def test_desk_asks_to_sign_in(client, db):
    assert client.get(url("desk")).status_code == 302


# -- the whole ----------------------------------------------------------------------------------
def test_overview_of_a_blank_profile_says_what_is_missing_and_where(blank_desk):
    page = blank_desk.get(url("profile"))

    assert (page.context["done"], page.context["needed"]) == (0, 4)
    assert [row.name for row in page.context["missing"]] == [
        "place",
        "experiences",
        "tasks",
        "consents",
    ]
    for name in FORMS:
        assert section(name) in page.content.decode()
    assert url("profile-send") not in page.content.decode()


def test_overview_of_a_whole_draft_offers_to_send_it(sign_in):
    page = sign_in(make_expert(state=ExpertState.DRAFT).user).get(url("profile"))

    assert (page.context["done"], page.context["missing"]) == (4, [])
    assert url("profile-send") in page.content.decode()


def test_overview_tells_what_stands_in_each_part(sign_in, now):
    organisation = make_organisation("Toivo ry", tasks=[Task.BACKGROUND])
    expert = make_expert(
        own_words="Kerron toivosta.",
        is_remote_ok=True,
        monthly_limit=2,
        support_needs="taukoja",
        background_organisation=organisation,
    )
    by = expert.user
    theme = Theme.objects.get(code="gambling")
    depression = Theme.objects.get(code="depression")
    actions.set_experiences(
        expert,
        [(depression, Perspective.OWN, True), (theme, Perspective.OWN, False)],
        by=by,
        at=now,
    )
    actions.set_availability(expert, slots=[(0, time(8), time(12))], exceptions=[], by=by, at=now)
    actions.add_training(
        expert,
        kind="basic",
        name="Perus",
        producer="x",
        completed_on=date(2024, 1, 1),
        by=by,
        at=now,
    )

    chapters = sign_in(by).get(url("profile")).context["chapters"]

    says = {row.name: row.says for _title, rows in chapters for row in rows}
    assert says == {
        "words": "Kerron toivosta.",
        "experiences": "2 experiences · 1 only for yourself",
        "tasks": "1 kind of task · Finnish",
        "place": "Pori · up to 50 km · also remotely",
        "times": "1 time a week · at most 2 tasks a month",
        "support": "Written for the counter",
        "trainings": "1 training",
        "background": "Toivo ry",
        "consents": "6 times yes",
    }
    assert "taukoja" not in str(chapters)


def test_overview_warns_somebody_in_the_bank_who_took_the_consent_back(desk):
    desk.post(section("consents"), {"purposes": ["email"]})

    assert [row.name for row in desk.get(url("profile")).context["missing"]] == ["consents"]


@pytest.mark.parametrize("rows", [1, 3])
def test_overview_takes_as_many_queries_however_much_there_is(
    sign_in, rows, django_assert_num_queries, now
):
    expert = make_expert(themes=("depression", "gambling", "cancer")[:rows])
    for _row in range(rows):
        actions.add_training(
            expert,
            kind="basic",
            name="x",
            producer="x",
            completed_on=date(2024, 1, 1),
            by=expert.user,
            at=now,
        )
    browser = sign_in(expert.user)

    with django_assert_num_queries(12):
        browser.get(url("profile"))


# -- the parts ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FORMS)
def test_every_part_opens_for_a_beginner_and_for_an_expert(name, client, beginner, expert):
    for person in (beginner, expert):
        client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(section(name)).status_code == 200


def test_unknown_part_is_not_found(desk):
    assert desk.get(url("profile-section", "nothing")).status_code == 404


def test_save_goes_home_or_on_to_the_next_part(desk):
    form = {"own_words": "Hei", "shows_own_words": "on"}

    assert desk.post(section("words"), form)["Location"] == url("profile")
    assert desk.post(section("words"), form | {"go": "next"})["Location"] == section("experiences")
    assert desk.post(section("support"), {"go": "next"})["Location"] == url("profile-trainings")
    assert desk.post(section("consents"), {"purposes": "in_bank", "go": "next"})["Location"] == url(
        "profile"
    )


def test_words_are_kept_and_cleaned(desk, expert):
    desk.post(section("words"), {"own_words": "Toivo \u202e kantaa 🌱\x07"})

    expert = again(expert)
    assert expert.own_words == "Toivo  kantaa 🌱"
    assert expert.shows_own_words is False


def test_words_too_long_are_kept_on_the_page(desk, expert):
    text = "a" * 4001

    page = desk.post(section("words"), {"own_words": text})

    assert page.status_code == 422
    assert text in page.content.decode()
    assert again(expert).own_words == ""


def test_experiences_are_saved_with_perspective_and_what_stays_with_oneself(desk, expert):
    themes = {t.code: t.pk for t in Theme.objects.all()}
    form = {
        "own": [themes["depression"], themes["gambling"]],
        "close_person": [themes["gambling"]],
        "hidden": [themes["gambling"], themes["cancer"]],
    }

    response = desk.post(section("experiences"), form)

    assert response.status_code == 303
    assert set(expert.experiences.values_list("theme__code", "perspective", "is_shown")) == {
        ("depression", "own", True),
        ("gambling", "own", False),
        ("gambling", "close_person", False),
    }


def test_experiences_page_shows_every_theme_once_with_what_was_chosen(desk, expert):
    groups = desk.get(section("experiences")).context["form"].groups()

    rows = [row for group in groups for row in group.rows]
    assert len(rows) == Theme.objects.filter(is_active=True).count()
    assert [row.name for row in rows if row.is_chosen] == [expert.experiences.get().theme.name]
    assert sum(group.chosen for group in groups) == 1


def test_experiences_keep_a_theme_that_was_switched_off(desk, expert):
    Theme.objects.filter(code="depression").update(is_active=False)
    theme = Theme.objects.get(code="depression")

    page = desk.get(section("experiences"))
    response = desk.post(section("experiences"), {"own": [theme.pk]})

    assert [row.name for row in page.context["form"].groups()[-1].rows] == [theme.name]
    assert response.status_code == 303
    assert expert.experiences.get().theme == theme


@pytest.mark.parametrize("value", ["99999999", "x", "1 OR 1=1"])
def test_experiences_refuse_what_is_not_in_the_list(desk, expert, value):
    page = desk.post(section("experiences"), {"own": [value]})

    assert page.status_code == 422
    assert expert.experiences.count() == 1


def test_tasks_and_languages_are_both_needed(desk, expert):
    page = desk.post(section("tasks"), {})

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"task_types", "languages"}
    assert expert.task_types.count() == 1


def test_tasks_and_languages_are_saved(desk, expert):
    panel = TaskType.objects.get(code="panel")

    desk.post(section("tasks"), {"task_types": [panel.pk], "languages": ["fi", "sv"]})

    assert list(expert.task_types.all()) == [panel]
    assert {language.code for language in expert.languages.all()} == {"fi", "sv"}


def test_tasks_page_keeps_a_kind_that_is_no_longer_offered(desk, expert):
    TaskType.objects.filter(code="talk").update(is_active=False)

    form = desk.get(section("tasks")).context["form"]

    assert [one.task_type.code for one in form.task_type_boxes() if one.box.data["selected"]] == [
        "talk"
    ]


PLACE = {"municipality": "684", "reach_km": "80", "is_remote_ok": "on", "equipment": "kuulokkeet"}


def test_place_is_saved(desk, expert):
    desk.post(section("place"), PLACE)

    expert = again(expert)
    assert (expert.municipality.name_fi, expert.reach_km, expert.is_remote_ok) == (
        "Rauma",
        80,
        True,
    )
    assert expert.shows_municipality is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"municipality": ""},
        {"municipality": "999"},
        {"reach_km": "-1"},
        {"reach_km": "401"},
        {"reach_km": "x"},
    ],
)
def test_place_refuses_what_cannot_be(desk, expert, wrong):
    page = desk.post(section("place"), PLACE | wrong)

    assert page.status_code == 422
    assert set(page.context["form"].errors) == set(wrong)
    assert again(expert).municipality_id == "609"


def test_times_are_saved_with_own_times_and_days_that_differ(desk, expert):
    form = {
        "day0": ["morning", "afternoon"],
        "day4": ["evening"],
        "monthly_limit": "3",
        "weekday1": "1",
        "from1": "09:30",
        "to1": "11:00",
        "first1": "2030-07-01",
        "last1": "2030-07-31",
        "free1": "no",
        "first2": "2030-08-05",
        "last2": "",
        "free2": "yes",
    }

    response = desk.post(section("times"), form)

    assert response.status_code == 303
    assert list(
        expert.weekly_slots.order_by("weekday", "starts").values_list("weekday", "starts", "ends")
    ) == [
        (0, time(8), time(12)),
        (0, time(12), time(16)),
        (1, time(9, 30), time(11)),
        (4, time(16), time(20)),
    ]
    assert list(
        expert.exceptions.order_by("starts_on").values_list("starts_on", "ends_on", "is_available")
    ) == [
        (date(2030, 7, 1), date(2030, 7, 31), False),
        (date(2030, 8, 5), date(2030, 8, 5), True),
    ]
    assert again(expert).monthly_limit == 3


def test_times_page_gives_back_everything_that_was_saved(desk, expert, now):
    slots = [(0, time(8), time(12)), *[(day, time(9), time(10)) for day in range(5)]]
    days = [(date(2030, 7, n), date(2030, 7, n), n == 2) for n in range(1, 6)]
    old = [(date(2020, 1, 1), date(2020, 1, 2), False)]
    actions.set_availability(expert, slots=slots, exceptions=days + old, by=expert.user, at=now)

    form = desk.get(section("times")).context["form"]

    assert (
        len(form.own_rows()) == 4 + 1 + 2
    )  # one of the five lies apart from Monday's morning, plus two empty
    assert len(form.differing_rows()) == 5 + 2
    assert form["free2"].value() == "yes"
    assert form["day0"].value() == ["morning"]


def test_times_saved_as_they_came_change_nothing(desk, expert, now):
    slots = [
        (0, time(8), time(12)),
        (2, time(9), time(10)),
        (2, time(11), time(13)),
        (3, time(7), time(8)),
    ]
    days = [(date(2030, 7, n), date(2030, 7, n), False) for n in range(1, 6)]
    actions.set_availability(expert, slots=slots, exceptions=days, by=expert.user, at=now)
    form = desk.get(section("times")).context["form"]
    typed = {name: form[name].value() for name in form.fields}

    desk.post(
        section("times"), {name: "" if value is None else value for name, value in typed.items()}
    )

    assert sorted(expert.weekly_slots.values_list("weekday", "starts", "ends")) == slots
    assert sorted(expert.exceptions.values_list("starts_on", "ends_on", "is_available")) == days


def test_own_time_goes_on_after_midnight_and_until_it(desk, expert):
    night = {"weekday1": "6", "from1": "20:00", "to1": "02:00"}
    evening = {"weekday2": "2", "from2": "18:00", "to2": "00:00"}

    page = desk.post(section("times"), night | evening)

    assert page.status_code == 303
    slots = expert.weekly_slots.order_by("weekday").values_list("weekday", "starts", "ends")
    assert list(slots) == [
        (0, time(0), time(2)),
        (2, time(18), time(0)),
        (6, time(20), time(0)),
    ]
    assert desk.get(section("times")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"weekday1": "1", "from1": "09:00", "to1": ""}, {"to1"}),
        ({"weekday1": "", "from1": "09:00", "to1": "10:00"}, {"weekday1"}),
        ({"weekday1": "1", "from1": "x", "to1": "09:00"}, {"from1"}),
        ({"weekday1": "9", "from1": "08:00", "to1": "09:00"}, {"weekday1"}),
        ({"first1": "", "last1": "2030-07-31"}, {"first1"}),
        ({"first1": "2030-08-01", "last1": "2030-07-31"}, {"last1"}),
        ({"first1": "x", "last1": "2030-07-31"}, {"first1"}),
        ({"day0": "night"}, {"day0"}),
        ({"monthly_limit": "0"}, {"monthly_limit"}),
        ({"monthly_limit": "61"}, {"monthly_limit"}),
    ],
)
def test_times_that_cannot_be_are_named(desk, expert, typed, where):
    page = desk.post(section("times"), typed)

    assert page.status_code == 422
    assert set(page.context["form"].errors) == where
    assert not expert.weekly_slots.exists()


def test_times_take_as_many_rows_as_were_sent(desk, expert):
    form = {}
    for n in range(1, 8):
        form |= {f"weekday{n}": str(n - 1), f"from{n}": "09:00", f"to{n}": "10:00"}

    desk.post(section("times"), form)

    assert expert.weekly_slots.count() == 7


def test_merged_joins_what_overlaps_and_keeps_what_touches():
    slots = [
        (0, time(10), time(14)),
        (0, time(8), time(12)),
        (0, time(14), time(15)),
        (1, time(8), time(9)),
    ]

    assert merged(slots) == [(0, time(8), time(14)), (0, time(14), time(15)), (1, time(8), time(9))]


def test_times_that_overlap_are_joined_and_not_refused(desk, expert):
    desk.post(
        section("times"), {"day0": ["morning"], "weekday1": "0", "from1": "08:00", "to1": "10:00"}
    )

    assert list(expert.weekly_slots.values_list("starts", "ends")) == [(time(8), time(12))]


def test_support_is_kept_for_the_counter(desk, expert):
    desk.post(section("support"), {"support_needs": "Hiljainen huone."})

    assert again(expert).support_needs == "Hiljainen huone."


@pytest.fixture
def behind(db):
    """A checked organisation and its contact person."""
    organisation = make_organisation("Toivo ry", tasks=[Task.BACKGROUND])
    return organisation, make_member(
        organisation, role=MemberRole.BACKGROUND, name="Risto Vastaava"
    )


def offered(client, words):
    """Return whom the field offers while ``words`` are written."""
    response = client.post(
        url("behind"),
        {"background_organisation_words": words},
        headers={"HX-Request": "true", "HX-Trigger-Name": "background_organisation_words"},
    )
    assert response.status_code == 200
    return [offer.name for offer in response.context["offers"]]


def test_background_offers_checked_organisations_only(desk, behind):
    make_organisation("Toivola Oy")
    make_organisation("Toivottu ry", tasks=[Task.BACKGROUND], state=OrganisationState.WAITING)

    assert offered(desk, "toivo") == ["Toivo ry"]


def test_background_is_found_by_its_municipality_and_not_by_its_people(desk, behind):
    behind[0].municipality = Municipality.objects.get(name_fi="Kankaanpää")
    behind[0].save()

    assert offered(desk, "kankaanpaa") == ["Toivo ry"]
    assert offered(desk, "Vastaava") == []


def test_background_is_offered_to_the_counter_and_to_no_orderer(sign_in, behind):
    assert offered(sign_in(make_coordinator()), "toivo") == ["Toivo ry"]
    refused = sign_in(make_orderer()).post(url("behind"), {"words": "toivo"})

    assert refused.status_code == 403


def test_background_asks_who_answers_once_the_organisation_is_known(desk, expert, behind):
    before = desk.get(section("background")).context["form"]

    saved = desk.post(
        section("background"), {"background_organisation": behind[0].pk, "go": "next"}
    )
    after = desk.get(section("background"))

    assert "responsible_person" not in before.fields
    assert saved.headers["Location"] == section("background")
    assert [one.name for one in after.context["form"].fields["responsible_person"].queryset] == [
        "Risto Vastaava"
    ]
    assert "Choose next who answers for you there." in said(after)


def test_background_that_has_nobody_asks_for_nobody(desk, expert):
    alone = make_organisation("Yksin ry", tasks=[Task.BACKGROUND])

    saved = desk.post(section("background"), {"background_organisation": alone.pk})

    assert saved.headers["Location"] == url("profile")
    assert again(expert).background_organisation == alone


def test_background_by_words_alone_comes_back_with_what_they_mean(desk, expert, behind):
    page = desk.post(section("background"), {"background_organisation_words": "toivo"})

    assert page.status_code == 422
    assert "Choose one of these, or write something else." in said(page)
    assert again(expert).background_organisation is None


def test_background_is_left_by_emptying_the_words(sign_in, behind):
    expert = make_expert(background_organisation=behind[0], responsible_person=behind[1])

    sign_in(expert.user).post(
        section("background"),
        {
            "background_organisation": behind[0].pk,
            "background_organisation_words": " ",
            "responsible_person": behind[1].pk,
        },
    )

    expert = again(expert)
    assert (expert.background_organisation, expert.responsible_person) == (None, None)


def test_background_that_is_changed_lets_go_who_answered_and_asks_anew(sign_in, behind):
    expert = make_expert(background_organisation=behind[0], responsible_person=behind[1])
    other = make_organisation("Uusi ry", tasks=[Task.BACKGROUND])
    make_member(other, role=MemberRole.BACKGROUND)

    saved = sign_in(expert.user).post(
        section("background"),
        {"background_organisation": other.pk, "responsible_person": behind[1].pk},
    )

    expert = again(expert)
    assert saved.headers["Location"] == section("background")
    assert (expert.background_organisation, expert.responsible_person) == (other, None)


def test_background_offers_nobody_whose_account_is_closed(sign_in, behind, now):
    make_member(behind[0], role=MemberRole.BACKGROUND, name="Aino Auki")
    desk = sign_in(make_expert(background_organisation=behind[0]).user)
    offered = behind[1].name in desk.get(section("background")).content.decode()
    close(behind[1], by=make_admin(), at=now)

    page = desk.get(section("background")).content.decode()

    assert (offered, behind[1].name in page) == (True, False)


def test_background_is_saved_with_the_responsible_person(desk, expert, behind):
    desk.post(
        section("background"),
        {"background_organisation": behind[0].pk, "responsible_person": behind[1].pk},
    )

    expert = again(expert)
    assert (expert.background_organisation, expert.responsible_person) == behind


def test_background_refuses_a_person_of_another_organisation(desk, expert, behind):
    other = make_organisation(tasks=[Task.BACKGROUND])

    page = desk.post(
        section("background"),
        {"background_organisation": other.pk, "responsible_person": behind[1].pk},
    )

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"responsible_person"}
    assert again(expert).background_organisation is None


def test_background_stays_when_the_organisation_has_ended(sign_in, behind):
    expert = make_expert(background_organisation=behind[0])
    behind[0].state = OrganisationState.ENDED
    behind[0].save()

    sign_in(expert.user).post(section("background"), {"background_organisation": behind[0].pk})

    assert again(expert).background_organisation == behind[0]


def test_consents_are_each_their_own_and_say_what_follows(desk, expert):
    page = desk.get(section("consents"))
    desk.post(section("consents"), {"purposes": ["in_bank", "phone"]})

    assert len(page.context["form"].boxes()) == len(Purpose)
    assert consents_of(expert.user) == {"in_bank", "phone"}


def test_consents_refuse_an_unknown_purpose(desk, expert):
    assert desk.post(section("consents"), {"purposes": ["everything"]}).status_code == 422
    assert len(consents_of(expert.user)) == len(Purpose)


# -- trainings ----------------------------------------------------------------------------------
TRAINING = {
    "kind": "basic",
    "name": "Peruskoulutus",
    "producer": "Toivo ry",
    "hours": "40",
    "completed_on": "2024-05-20",
}


def test_training_is_added_and_taken_off(desk, expert):
    assert b"No trainings yet" in desk.get(url("profile-trainings")).content

    desk.post(url("profile-trainings"), TRAINING)
    training = expert.trainings.get()
    assert b"Peruskoulutus" in desk.get(url("profile-trainings")).content

    assert desk.post(url("training-remove", training.pk)).status_code == 303
    assert not expert.trainings.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""},
        {"name": ""},
        {"producer": ""},
        {"hours": "0"},
        {"hours": "2001"},
        {"completed_on": ""},
        {"completed_on": "1949-12-31"},
        {"completed_on": (date.today() + timedelta(days=2)).isoformat()},
    ],
    ids=str,
)
def test_training_that_cannot_be_is_named(desk, expert, wrong):
    page = desk.post(url("profile-trainings"), TRAINING | wrong)

    assert page.status_code == 422
    assert set(page.context["form"].errors) == set(wrong)
    assert not expert.trainings.exists()


def test_training_of_another_is_not_found(desk, now):
    other = make_expert()
    training = actions.add_training(
        other,
        kind="basic",
        name="x",
        producer="x",
        completed_on=date(2024, 1, 1),
        by=other.user,
        at=now,
    )

    assert desk.post(url("training-remove", training.pk)).status_code == 404
    assert CompletedTraining.objects.filter(pk=training.pk).exists()


# -- preview, sending, leaving, break -----------------------------------------------------------
def test_preview_is_the_card_that_orderers_see(desk, expert):
    page = desk.get(url("preview"))

    assert expert.code_name in page.content.decode()
    assert page.context["card"].code_name == expert.code_name
    assert not AccessLog.objects.exists()  # one's own data


def test_send_takes_a_whole_profile_to_the_counter(sign_in):
    expert = make_expert(state=ExpertState.DRAFT)

    response = sign_in(expert.user).post(url("profile-send"), follow=True)

    assert again(expert).state == ExpertState.WAITING
    assert b"gets in touch" in response.content


def test_send_of_an_unfinished_profile_says_what_is_missing(blank_desk, beginner):
    response = blank_desk.post(url("profile-send"), follow=True)

    assert again(beginner).state == ExpertState.DRAFT
    assert b"Your home municipality is missing." in response.content


def test_send_twice_is_told_kindly(desk, expert):
    assert b"with the counter already" in desk.post(url("profile-send"), follow=True).content


def test_the_same_form_sent_five_times_is_one_sending(sign_in):
    expert = make_expert(state=ExpertState.DRAFT)
    browser, token = sign_in(expert.user), str(uuid.uuid4())

    answers = {
        browser.post(url("profile-send"), {"form_token": token})["Location"] for _n in range(5)
    }

    assert answers == {url("profile")}
    assert expert.user.letters.count() == 1


def test_leave_asks_first_and_then_lets_go(desk, expert):
    assert b"Would a break be enough" in desk.get(url("profile-leave")).content
    assert again(expert).state == ExpertState.ACTIVE

    desk.post(url("profile-leave"))

    assert again(expert).state == ExpertState.LEFT


def test_leave_twice_is_told_kindly(sign_in):
    browser = sign_in(make_expert(state=ExpertState.LEFT).user)

    assert (
        b"You are not in the expert bank" in browser.post(url("profile-leave"), follow=True).content
    )


def test_break_with_and_without_an_end(desk, expert, now):
    until = helsinki(now).date() + timedelta(days=10)

    desk.post(url("pause"), {"until": until.isoformat()})
    assert (again(expert).is_paused, again(expert).paused_until) == (True, until)
    assert b"Come back from the break" in desk.get(url("profile")).content

    desk.post(url("pause"), {"resume": "1"})
    assert again(expert).is_paused is False

    desk.post(url("pause"), {"until": ""})
    assert (again(expert).is_paused, again(expert).paused_until) == (True, None)


@pytest.mark.parametrize("until", ["2020-01-01", "x"])
def test_break_until_a_day_that_cannot_be_is_named(desk, expert, until):
    page = desk.post(url("pause"), {"until": until})

    assert page.status_code == 422
    assert set(page.context["break_form"].errors) == {"until"}
    assert again(expert).is_paused is False


def test_settings_show_what_can_be_changed_and_where(desk, expert):
    page = desk.get(url("settings")).content.decode()

    for address in (
        reverse("account"),
        reverse("notice-settings"),
        section("consents"),
        url("tasks"),
    ):
        assert address in page
    assert expert.user.email in page


def test_settings_count_the_ways_that_letters_come(desk, expert, now):
    kinds = choices_of(expert.user)
    choose(expert.user, kinds[0].kind, Channel.DIGEST, by=expert.user, at=now)
    mail = sum(choice.channel == Channel.MAIL for choice in choices_of(expert.user))

    page = desk.get(url("settings")).content.decode()

    assert "In one daily e-mail: 1 kind of letter" in page
    assert f"E-mail at once: {mail} kinds of letters" in page


def test_settings_of_somebody_without_anything_are_calm(sign_in):
    expert = make_blank_expert(user=make_person(email=""))

    page = sign_in(expert.user).get(url("settings")).content.decode()

    assert "You have not said yes to anything yet." in page
    assert "no e-mail" in page


def test_delete_asks_first_and_leaves_nothing(desk, expert):
    assert "This cannot be undone." in desk.get(url("profile-erase")).content.decode()
    assert Expert.objects.exists()

    response = desk.post(url("profile-erase"), follow=True)

    assert not Expert.objects.exists()
    assert response.redirect_chain[-1][0] == reverse("public:welcome")
    assert "The profile has been deleted." in response.content.decode()


def test_delete_waits_for_agreed_tasks(sign_in, now):
    expert = make_agreed(now).expert

    response = sign_in(expert.user).post(url("profile-erase"), follow=True)

    assert response.redirect_chain[-1][0] == url("profile-erase")
    assert "They must be cancelled first." in response.content.decode()
    assert again(expert).state == ExpertState.ACTIVE


def listed(page):
    """Return the addresses that the rows of tasks lead to, in order."""
    return re.findall(r'<li><div class="grow">.*?</div><a href="([^"]+)">', page)


@pytest.mark.parametrize("name", ["profile-erase", "profile-leave"])
def test_going_lists_the_agreed_tasks_by_date_with_the_way_to_end_each(sign_in, now, name):
    late = make_agreed(now)
    early = make_agreed(now - timedelta(days=5), expert=late.expert)
    past = make_agreed(now - timedelta(days=20), expert=late.expert)

    page = flat(sign_in(late.expert.user).get(url(name)))

    assert listed(page) == [
        url("task", past.pk),
        url("task-cancel", early.pk),
        url("task-cancel", late.pk),
    ]
    assert ("Delete for good" in page) is False


def test_delete_lists_nothing_of_others_and_offers_the_last_button(desk, now):
    make_agreed(now)

    page = desk.get(url("profile-erase")).content.decode()

    assert listed(page) == []
    assert "Delete for good" in page


def test_delete_after_done_tasks_leaves_an_empty_profile_that_can_begin_again(sign_in, now):
    expert = make_done(now - timedelta(days=20)).expert

    response = sign_in(expert.user).post(url("profile-erase"), follow=True)

    assert response.redirect_chain[-1][0] == url("profile")
    assert not again(expert).experiences.exists()
    assert "Your profile is not finished yet" in response.content.decode()


def test_consents_say_when_their_words_have_changed(desk, expert):
    assert "words have changed" not in desk.get(section("consents")).content.decode()
    expert.user.consents.update(text_version="2020-01")

    page = desk.get(section("consents")).content.decode()
    desk.post(section("consents"), {"purposes": list(Purpose)})

    assert "words have changed" in page
    assert "words have changed" not in desk.get(section("consents")).content.decode()
