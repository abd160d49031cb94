from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import translation

from luukku.core.times import instant
from luukku.experts import actions
from luukku.experts.models import Expert, FurtherKind, Perspective, TrainingKind
from luukku.experts.notices import (
    ProfileReceived,
    ProfileReturned,
    ProfileWelcomed,
    TrainingVerified,
)
from luukku.experts.queries import NATURE, card, cards, is_free, is_on_break, missing_parts
from luukku.experts.states import ExpertState
from luukku.organisations.models import MemberRole, Task
from luukku.privacy.actions import set_consents
from luukku.taxonomy.models import Theme
from tests.factories.accounts import make_coordinator
from tests.factories.experts import make_blank_expert, make_expert
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)  # a Tuesday


def give(expert, *rows):
    rows = [(Theme.objects.get(code=code), perspective, shown) for code, perspective, shown in rows]
    actions.set_experiences(expert, rows, by=expert.user, at=AT)


# -- what an orderer sees -----------------------------------------------------------------------
def test_card_is_the_whole_of_what_an_orderer_sees():
    organisation = make_organisation("Toivo ry", tasks=[Task.BACKGROUND])
    expert = make_expert(
        own_words="Kerron toivosta.",
        is_remote_ok=True,
        languages=("fi", "sv"),
        task_types=("talk",),
        background_organisation=organisation,
        shows_organisation=True,
    )
    training = actions.add_training(
        expert,
        kind=TrainingKind.FURTHER,
        further_kind=FurtherKind.DEVELOPER,
        name="Kehittäjä–vaikuttaja",
        producer="Toivo ry",
        completed_on=date(2024, 5, 1),
        by=expert.user,
        at=AT,
        valid_until=AT.date(),
    )
    assert card(expert, on=AT.date()).trainings == ()  # a claim of the expert's own
    actions.verify_training(training, by=make_coordinator(), at=AT)
    assert card(expert, on=AT.date() + timedelta(days=1)).trainings == ()  # it holds no longer

    with translation.override("fi"):
        seen = asdict(card(expert, on=AT.date()))

    with translation.override("fi"):
        assert seen == {
            "code_name": expert.code_name,
            "area": "Pori",
            "is_remote_ok": True,
            "themes": [
                f"{Theme.objects.get(code='depression').name_fi} ({Perspective.OWN.label.lower()})"
            ],
            "task_types": [expert.task_types.get().name_fi],
            "languages": ["suomi", "ruotsi"],
            "own_words": "Kerron toivosta.",
            "organisation": "Toivo ry",
            "trainings": ("Jatkokoulutus: kehittäjänä ja vaikuttajana toimiminen",),
        }


def test_card_never_holds_name_contacts_support_needs_or_unshown_experience():
    expert = make_expert(support_needs="hiljainen huone")
    expert.user.name, expert.user.phone = "Aino Salainen", "040 123 4567"
    expert.user.save()
    give(expert, ("depression", Perspective.OWN, True), ("gambling", Perspective.OWN, False))

    text = str(card(Expert.objects.get(pk=expert.pk), on=AT.date()))

    for secret in (
        "Aino",
        "Salainen",
        "040",
        expert.user.email,
        "hiljainen",
        Theme.objects.get(code="gambling").name,
    ):
        assert secret not in text


@pytest.mark.parametrize(
    ("switch", "part", "instead"),
    [
        ("shows_own_words", "own_words", ""),
        ("shows_organisation", "organisation", ""),
        ("shows_municipality", "area", "Satakunta"),
    ],
)
def test_card_leaves_out_what_the_expert_does_not_show(switch, part, instead):
    organisation = make_organisation("Toivo ry", tasks=[Task.BACKGROUND])
    fields = {"shows_own_words": True, "shows_organisation": True, "shows_municipality": True} | {
        switch: False
    }
    expert = make_expert(own_words="Omat sanat", background_organisation=organisation, **fields)

    with translation.override("fi"):
        assert instead in getattr(card(expert, on=AT.date()), part)
        assert getattr(card(expert, on=AT.date()), part) not in {"Omat sanat", "Toivo ry", "Pori"}


def test_card_of_a_blank_profile_is_empty():
    seen = card(make_blank_expert(), on=AT.date())

    assert (seen.area, seen.themes, seen.task_types, seen.languages) == ("", [], [], [])


def test_card_shows_no_area_where_the_county_is_unknown():
    expert = make_expert(shows_municipality=False)
    expert.municipality.county = None
    expert.municipality.save()

    assert card(expert, on=AT.date()).area == ""


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (
            ["depression"],
            ["depression", "mental-health"],
        ),  # the one asked about, and the broader one above it
        (
            ["mental-health"],
            ["mental-health", "depression", "psychosis"],
        ),  # a broad one covers the narrower
        (["cancer"], []),
        ([], []),
    ],
)
def test_card_for_an_order_tells_only_of_the_themes_that_it_asks_about(asked, shown):
    expert = make_expert(themes=("mental-health", "depression", "psychosis", "gambling"))
    themes = {theme.code: theme for theme in Theme.objects.all()}

    seen = card(expert, on=AT.date(), theme_ids=[themes[code].pk for code in asked]).themes

    assert [text.rsplit(" (", 1)[0] for text in seen] == [
        themes[code].name for code in sorted(shown, key=lambda code: themes[code].position)
    ]


def test_card_leaves_out_a_theme_that_has_been_switched_off():
    expert = make_expert()
    Theme.objects.filter(code="depression").update(is_active=False)

    assert card(expert, on=AT.date()).themes == []


@pytest.mark.parametrize("rows", [1, 3])
def test_cards_take_as_many_queries_for_one_as_for_many(rows, django_assert_num_queries):
    experts = [make_expert() for _row in range(rows)]
    theme = Theme.objects.get(code="depression")

    with django_assert_num_queries(6):
        found = cards([expert.pk for expert in experts], on=AT.date(), theme_ids=[theme.pk])

    assert set(found) == {expert.pk for expert in experts}


# -- what a profile lacks -----------------------------------------------------------------------
def test_missing_parts_of_a_whole_profile_are_none():
    assert missing_parts(make_expert(state=ExpertState.DRAFT)) == []


def test_missing_parts_asks_for_an_experience_that_may_be_used():
    expert = make_expert(state=ExpertState.DRAFT)
    give(expert, ("depression", Perspective.OWN, False))

    assert missing_parts(expert) == ["experiences"]


@pytest.mark.parametrize("lists", [{"task_types": []}, {"languages": []}])
def test_missing_parts_asks_for_a_task_and_a_language(lists):
    expert = make_expert(state=ExpertState.DRAFT)
    actions.save(expert, by=expert.user, at=AT, **lists)

    assert missing_parts(expert) == ["tasks"]


def test_missing_parts_asks_for_a_consent_that_holds():
    expert = make_expert(state=ExpertState.DRAFT)
    set_consents(expert.user, set(), by=expert.user, at=datetime.now(UTC))

    assert missing_parts(expert) == ["consents"]


# -- when an expert is free ---------------------------------------------------------------------
def moment(day, clock):
    return datetime.combine(date(2026, 12, day), time.fromisoformat(clock), tzinfo=UTC)


WEEK = [(1, time(8), time(12)), (1, time(12), time(16)), (3, time(16), time(20))]
EVENING = [(3, time(18), time(0)), (4, time(0), time(2))]
SUNDAY_NIGHT = [(6, time(22), time(3))]
CHRISTMAS = [(date(2026, 12, 24), date(2026, 12, 26), False)]
FREE_DAY = [(date(2026, 12, 2), date(2026, 12, 3), True)]
# Helsinki is two hours ahead of UTC in December; the 1st is a Tuesday.
FREE = [
    # slots, exceptions, from, to, expected
    ([], [], (1, "06:00"), (1, "07:00"), True),  # no pattern: asked about any time
    (WEEK, [], (1, "06:00"), (1, "10:00"), True),  # 8–12, just one slot
    (WEEK, [], (1, "09:00"), (1, "11:00"), True),  # 11–13 over two slots that touch
    (WEEK, [], (1, "06:00"), (1, "14:00"), True),  # 8–16
    (WEEK, [], (1, "05:59"), (1, "07:00"), False),  # begins before the slot
    (WEEK, [], (1, "13:00"), (1, "14:01"), False),  # ends after it
    (WEEK, [], (2, "08:00"), (2, "09:00"), False),  # a Wednesday
    (WEEK, [], (3, "09:00"), (3, "10:00"), False),  # a Thursday before the evening
    (WEEK, [], (3, "14:00"), (3, "18:00"), True),
    (WEEK, [], (1, "13:00"), (2, "06:30"), False),  # over midnight
    ([], [], (1, "13:00"), (2, "06:30"), True),
    (EVENING, [], (3, "18:00"), (3, "23:30"), True),  # 20.00–1.30: the two parts meet at midnight
    (EVENING, [], (3, "18:00"), (4, "00:30"), False),  # until 2.30
    (EVENING, [], (3, "18:00"), (3, "22:00"), True),  # until midnight
    (EVENING[:1], [], (3, "18:00"), (3, "22:30"), False),
    (EVENING[1:], [], (3, "22:00"), (4, "00:00"), True),  # from midnight on
    (
        SUNDAY_NIGHT,
        [],
        (6, "20:00"),
        (7, "00:00"),
        True,
    ),  # from Sunday to Monday, given as one stretch
    (SUNDAY_NIGHT, [], (7, "20:00"), (8, "00:00"), False),
    ([], CHRISTMAS, (24, "10:00"), (24, "11:00"), False),
    ([], CHRISTMAS, (23, "21:00"), (23, "22:30"), False),  # past midnight in Helsinki
    ([], CHRISTMAS, (27, "10:00"), (27, "11:00"), True),
    (WEEK, FREE_DAY, (2, "08:00"), (2, "21:00"), True),  # free all the same
    (WEEK, FREE_DAY, (3, "20:00"), (3, "23:00"), False),  # reaches past the free days
]


@pytest.mark.parametrize(("slots", "exceptions", "starts", "ends", "expected"), FREE)
def test_is_free_follows_the_pattern_and_the_days_that_differ(
    slots, exceptions, starts, ends, expected
):
    expert = make_expert()
    actions.set_availability(expert, slots=slots, exceptions=exceptions, by=expert.user, at=AT)

    assert is_free(expert, moment(*starts), moment(*ends)) is expected
    assert free_by_matching(expert, moment(*starts), moment(*ends)) is expected


@pytest.mark.parametrize("day", [date(2027, 3, 27), date(2027, 10, 30)])
def test_is_free_on_the_nights_when_clocks_change(day):
    expert = make_expert()
    slots = [(day.weekday(), time(22), time(6))]
    actions.set_availability(expert, slots=slots, exceptions=[], by=expert.user, at=AT)
    starts, ends = instant(day, time(22)), instant(day + timedelta(days=1), time(6))
    later = ends + timedelta(minutes=1)

    assert (is_free(expert, starts, ends), is_free(expert, starts, later)) == (True, False)
    assert free_by_matching(expert, starts, ends) is True
    assert free_by_matching(expert, starts, later) is False


@pytest.mark.parametrize(
    ("until", "day", "expected"),
    [(None, 30, False), (date(2026, 12, 10), 10, False), (date(2026, 12, 10), 11, True)],
)
def test_is_free_respects_a_break(until, day, expected):
    expert = make_expert()
    expert = actions.pause(expert, until=until, by=expert.user, at=AT)

    assert is_free(expert, moment(day, "10:00"), moment(day, "11:00")) is expected
    assert free_by_matching(expert, moment(day, "10:00"), moment(day, "11:00")) is expected
    assert is_on_break(expert, date(2026, 12, day)) is not expected


def free_by_matching(expert, starts_at, ends_at):
    with connection.cursor() as cursor:
        cursor.execute("SELECT matching_is_free(%s, %s, %s)", [expert.pk, starts_at, ends_at])
        return cursor.fetchone()[0]


# -- words and constraints ----------------------------------------------------------------------
def test_code_words_are_many_and_each_once():
    assert len(NATURE) == len(set(NATURE)) == 70


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_notices_say_nothing_of_health_in_their_subject(language):
    expert = make_expert(own_words="masennus")
    training = actions.add_training(
        expert,
        kind=TrainingKind.BASIC,
        name="Masennuskoulutus",
        producer="x",
        completed_on=date(2024, 1, 1),
        by=expert.user,
        at=AT,
    )

    with translation.override(language):
        for notice in (
            ProfileReceived(expert),
            ProfileWelcomed(expert),
            ProfileReturned(expert, "Lisää kunta."),
            TrainingVerified(training),
        ):
            assert notice.subject()
            assert "asenn" not in notice.subject()
            assert all(notice.lines())
            assert notice.action()[1].startswith(f"/{language}/expert/profile/")


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "odd"},
        {"reach_km": 401},
        {"monthly_limit": 0},
        {"monthly_limit": 61},
        {"is_paused": False, "paused_until": date(2027, 1, 1)},
        {"municipality": None},
    ],
    ids=str,
)
def test_database_refuses_a_profile_that_makes_no_sense(fields):
    expert = make_expert()

    with pytest.raises(IntegrityError):
        Expert.objects.filter(pk=expert.pk).update(**fields)


@pytest.mark.parametrize(
    ("slots", "exceptions"),
    [
        ([(7, time(8), time(12))], []),
        ([(0, time(8), time(9)), (0, time(8), time(12))], []),
        ([], [(date(2026, 12, 26), date(2026, 12, 24), False)]),
    ],
)
def test_database_refuses_a_calendar_that_makes_no_sense(slots, exceptions):
    expert = make_expert()

    with pytest.raises(IntegrityError):
        actions.set_availability(expert, slots=slots, exceptions=exceptions, by=expert.user, at=AT)


def test_database_refuses_a_stretch_that_ends_before_it_begins():
    expert = make_expert()

    with pytest.raises(IntegrityError):
        expert.weekly_slots.create(weekday=0, starts=time(12), ends=time(8))


def test_database_keeps_own_words_unreadable():
    expert = make_expert(own_words="Kerron toivosta.")

    with connection.cursor() as cursor:
        cursor.execute("SELECT own_words FROM experts_expert WHERE id = %s", [expert.pk])
        stored = cursor.fetchone()[0]

    assert "toivosta" not in stored
    assert Expert.objects.get(pk=expert.pk).own_words == "Kerron toivosta."


def test_things_are_called_by_their_names():
    expert = make_expert()
    actions.set_availability(
        expert,
        slots=[(0, time(8), time(12))],
        exceptions=[(date(2026, 12, 24), date(2026, 12, 26), False)],
        by=expert.user,
        at=AT,
    )
    training = actions.add_training(
        expert,
        kind=TrainingKind.BASIC,
        name="Peruskoulutus",
        producer="x",
        completed_on=date(2024, 1, 1),
        by=expert.user,
        at=AT,
    )

    assert str(expert) == expert.code_name
    assert str(expert.experiences.get()) == f"experience #{expert.experiences.get().pk}"
    assert str(expert.weekly_slots.get()) == "0 08:00:00–12:00:00"
    assert str(expert.exceptions.get()) == "2026-12-24–2026-12-26"
    assert str(training) == "Peruskoulutus"


def test_experts_are_found_by_state():
    waiting, active = make_expert(state=ExpertState.WAITING), make_expert()

    assert list(Expert.objects.waiting()) == [waiting]
    assert list(Expert.objects.active()) == [active]


# -- who answers for an expert ------------------------------------------------------------------
@pytest.mark.parametrize(
    "gone",
    [
        lambda member, organisation: member.memberships.all().delete(),
        lambda member, organisation: member.memberships.update(role=MemberRole.PRODUCER),
        lambda member, organisation: type(member).objects.update(is_active=False),
        lambda member, organisation: type(organisation).objects.update(state="ended"),
        lambda member, organisation: Expert.objects.update(responsible_person=None),
    ],
)
def test_expert_is_without_a_responsible_person_when_nobody_there_answers_any_more(gone):
    organisation = make_organisation(tasks=[Task.BACKGROUND])
    member = make_member(organisation, role=MemberRole.BACKGROUND)
    expert = make_expert(background_organisation=organisation, responsible_person=member)
    make_expert()  # no organisation stands behind: nobody is missing
    assert not Expert.objects.without_responsible().exists()

    gone(member, organisation)

    assert list(Expert.objects.without_responsible()) == [expert]
