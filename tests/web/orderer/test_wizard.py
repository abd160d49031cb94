"""The order's steps: calm, saved at every step, nothing lost."""

from datetime import date, time, timedelta
from urllib.parse import urlencode

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

from luukku.assignments.notices import when
from luukku.core.recurring import series_days
from luukku.core.times import helsinki, instant, is_holiday
from luukku.orders.actions import EDITABLE
from luukku.orders.models import Every, Order
from luukku.orders.queries import first_day
from luukku.orders.states import OrderState
from luukku.organisations.actions import add_unit
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import TaskType, Theme
from luukku.web.parts.orders.forms import PlaceStep, TaskStep, TermsStep, ThemesStep
from tests.factories.experts import make_expert
from tests.factories.orders import make_draft, make_order, make_orderer
from tests.markup import flat

STEPS = ("what", "who", "when", "terms")


def url(order, step):
    if step == "check":
        return reverse("orderer:order-check", args=[order.pk])
    return reverse("orderer:order-step", args=[order.pk, step])


def errors(response):
    return {
        name: [str(e) for e in found] for name, found in response.context["form"].errors.items()
    }


def test_whole_way_from_nothing_to_sent(desk, orderer, filled):
    first = desk.post(reverse("orderer:order-new"))["Location"]
    assert desk.get(first).status_code == 200
    response = desk.post(first, filled["what"])
    order = Order.objects.get()
    assert response["Location"] == url(order, "who")
    for step, after in zip(STEPS, (*STEPS[1:], "check"), strict=True):
        assert desk.get(url(order, step)).status_code == 200
        response = desk.post(url(order, step), filled[step])
        assert (response.status_code, response.get("Location")) == (303, url(order, after)), errors(
            response
        )
    assert desk.get(url(order, "check")).status_code == 200

    response = desk.post(url(order, "check"), {"every": ""})

    assert response["Location"] == reverse("orderer:order", args=[order.pk])
    order.refresh_from_db()
    assert (order.state, order.organisation, order.contact) == (
        OrderState.SENT,
        orderer.organisations.get(),
        orderer,
    )
    assert (order.length_minutes, order.times.count(), order.fee_eur) == (90, 1, 120)
    assert [(row.theme.code, row.perspective) for row in order.order_themes.all()] == [
        ("depression", "own")
    ]


@pytest.mark.parametrize("step", STEPS)
def test_step_shows_again_what_was_saved(desk, orderer, filled, step):
    order = make_draft(orderer=orderer, title="", themes=(), days=(), municipality=None, payment="")
    desk.post(url(order, step), filled[step])

    form = desk.get(url(order, step)).context["form"]

    again = desk.post(url(order, step), {name: form[name].value() for name in filled[step]})
    assert again.status_code == 303, errors(again)


@pytest.mark.parametrize(
    "step, needed",
    [
        ("what", {"task_type", "title", "goal", "expert_does"}),
        ("who", {"themes", "languages", "experts_wanted", "audience"}),
        ("when", {"mode", "day1", "from1", "to1"}),
        ("terms", {"payment"}),
    ],
)
def test_going_on_with_an_empty_step_names_each_field(desk, orderer, step, needed):
    order = make_draft(orderer=orderer)

    response = desk.post(url(order, step), {})

    assert (response.status_code, set(errors(response))) == (422, needed)
    assert b'class="error-summary"' in response.content


@pytest.mark.parametrize("step", STEPS)
def test_stopping_saves_a_step_that_is_not_whole(desk, orderer, step):
    order = make_draft(orderer=orderer)

    response = desk.post(url(order, step), {"go": "later"})

    assert response["Location"] == reverse("desk"), errors(response)
    assert Order.objects.get().state == OrderState.DRAFT


def test_going_back_saves_what_was_typed(desk, orderer):
    order = make_draft(orderer=orderer, audience="")

    response = desk.post(url(order, "who"), {"go": "back", "audience": "Opiskelijoita"})

    assert response["Location"] == url(order, "what")
    order.refresh_from_db()
    assert (order.audience, order.experts_wanted) == ("Opiskelijoita", 1)


def test_going_back_with_something_impossible_keeps_it_on_the_page(desk, orderer):
    order = make_draft(orderer=orderer)

    response = desk.post(url(order, "who"), {"go": "back", "audience_size": "sata"})

    assert (response.status_code, set(errors(response))) == (422, {"audience_size"})
    assert b'value="sata"' in response.content


def test_changing_from_the_summary_leads_back_to_it(desk, orderer, filled):
    order = make_draft(orderer=orderer)

    response = desk.post(url(order, "what") + "?then=check", filled["what"])

    assert response["Location"] == url(order, "check")


@pytest.mark.parametrize("step", [*STEPS, "check"])
def test_step_of_a_stranger_is_not_there(desk, step):
    order = make_draft(orderer=make_orderer())

    assert desk.get(url(order, step)).status_code == 404
    assert desk.post(url(order, step), {}).status_code == 404


def test_rows_of_times_wait_folded_until_they_are_used(desk, orderer):
    order = make_draft(orderer=orderer, days=(14, 21))

    form = desk.get(url(order, "when")).context["form"]

    assert [n for n, _fields in form.rows_now()] == [1, 2]
    assert [n for n, _fields in form.rows_more()] == [3]


def test_step_that_does_not_exist_is_not_there(desk, orderer):
    assert desk.get(url(make_draft(orderer=orderer), "nothing")).status_code == 404


@pytest.mark.parametrize("step", [*STEPS, "check"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_step_of_a_sent_order_leads_to_the_order(desk, orderer, step, method):
    order = make_order(orderer=orderer)

    response = getattr(desk, method)(url(order, step))

    assert response["Location"] == reverse("orderer:order", args=[order.pk])


def test_step_sent_while_it_was_typed_is_told_kindly(desk, orderer, filled, monkeypatch):
    order = make_draft(orderer=orderer)
    stale = Order.objects.get(pk=order.pk)
    Order.objects.filter(pk=order.pk).update(
        state=OrderState.CANCELLED, cancelled_by="orderer", sent_at=order.made_at
    )
    monkeypatch.setattr(
        "luukku.web.orderer.orders.get_object_or_404", lambda *args, **kwargs: stale
    )

    step = desk.post(url(order, "what"), filled["what"])
    check = desk.post(url(order, "check"), {"every": ""})

    for response in (step, check):
        assert response["Location"] == reverse("orderer:order", args=[order.pk])


# -- Bad input, each told at its field --------------------------------------------------------------


def posted(desk, order, step, filled, **changes):
    return desk.post(url(order, step), filled[step] | changes)


BAD_TIMES = [
    ({"day1": "2020-01-01"}, {"day1": ["This time has already passed. Choose a later one."]}),
    (
        {"day1": "0001-01-01", "from1": "00:30", "to1": "01:00"},
        {"day1": ["This time has already passed. Choose a later one."]},
    ),
    (
        {"day1": "9999-12-31"},
        {"day1": ["This is more than two years away. Check the year."]},
    ),
    (
        {"day1": "9999-12-31", "from1": "22:00", "to1": "01:00"},
        {"day1": ["This is more than two years away. Check the year."]},
    ),
    ({"to1": ""}, {"to1": ["Give the time."]}),
    ({"to1": "13:00"}, {"to1": ["The end is the same as the start. Change one of them."]}),
    (
        {"day1": "2035-03-25", "from1": "03:30", "to1": "05:00"},
        {"from1": ["That night the clocks go forward and this time does not exist."]},
    ),
    (
        {"day1": "2035-10-28", "from1": "02:00", "to1": "03:30"},
        {
            "day1": ["This is more than two years away. Check the year."],
            "to1": ["That night the clocks go back and this time comes twice. Choose another."],
        },
    ),
    ({"day1": "huomenna"}, {"day1": ["Enter a valid date."]}),
    (
        {"day2": "2035-01-01"},
        {
            "from2": ["Fill in date, start and end, or leave all three empty."],
            "to2": ["Fill in date, start and end, or leave all three empty."],
        },
    ),
]


# (from, to, days from the wished day to the end's, hours)
OVER_MIDNIGHT = [
    ("20:00", "01:30", 1, 5.5),
    ("22:00", "00:00", 1, 2),
    ("00:00", "01:00", 0, 1),
]


@pytest.mark.parametrize(("starts", "ends", "days", "hours"), OVER_MIDNIGHT)
def test_end_that_is_not_after_the_start_is_on_the_next_day(
    desk, orderer, filled, starts, ends, days, hours
):
    order = make_draft(orderer=orderer)
    day = date.fromisoformat(filled["when"]["day1"])

    response = posted(desk, order, "when", filled, from1=starts, to1=ends, length_minutes="")

    time = order.times.get()
    assert response.status_code == 303
    assert helsinki(time.ends_at).date() == day + timedelta(days=days)
    assert time.ends_at - time.starts_at == timedelta(hours=hours)
    page = desk.get(url(order, "when")).content.decode()
    assert (", the next day." in page) == bool(days)
    assert ("(ends " in desk.get(url(order, "check")).content.decode()) == bool(days)


@pytest.mark.parametrize("changes, expected", BAD_TIMES)
def test_bad_time_is_told_at_its_field_and_kept(desk, orderer, filled, changes, expected):
    order = make_draft(orderer=orderer)

    response = posted(desk, order, "when", filled, **changes)

    assert (response.status_code, errors(response)) == (422, expected)
    for value in changes.values():
        assert f'value="{value}"'.encode() in response.content or not value
    assert order.times.get().is_settled is False


def test_same_time_twice_is_told(desk, orderer, filled):
    twice = {"day2": filled["when"]["day1"], "from2": "13:00", "to2": "15:00"}

    response = posted(desk, make_draft(orderer=orderer), "when", filled, **twice)

    assert errors(response) == {
        "from2": ["Two of the times begin at the same moment. Change or remove one."]
    }


def test_midnight_is_a_time_like_others(desk, orderer, filled):
    order = make_draft(orderer=orderer)

    response = posted(desk, order, "when", filled, from1="00:00", to1="01:00")

    assert response.status_code == 303
    assert helsinki(order.times.get().starts_at).hour == 0


def test_three_times_are_kept_in_order(desk, orderer, filled, now):
    order = make_draft(orderer=orderer)
    days = [helsinki(now + timedelta(days=n)).date().isoformat() for n in (30, 10)]

    posted(
        desk,
        order,
        "when",
        filled,
        day2=days[0],
        from2="9:00",
        to2="10:00",
        day3=days[1],
        from3="9.00",
        to3="10.00",
    )

    assert [helsinki(t.starts_at).hour for t in order.times.all()] == [9, 13, 9]


@pytest.mark.parametrize("length, minutes", [("", 90), ("45", 45), ("5", 5)])
def test_length_is_given_or_follows_from_the_first_time(desk, orderer, filled, length, minutes):
    order = make_draft(orderer=orderer, length_minutes=None)

    posted(desk, order, "when", filled, length_minutes=length)

    order.refresh_from_db()
    assert order.length_minutes == minutes


@pytest.mark.slow
@pytest.mark.parametrize(
    "step, changes, expected",
    [
        (
            "when",
            {"length_minutes": "91"},
            {
                "length_minutes": [
                    "The task lasts 91 minutes, but a time above is 90 minutes long. Change one of them."
                ]
            },
        ),
        (
            "when",
            {"length_minutes": "0"},
            {"length_minutes": ["Give a length from 5 minutes to 24 hours, or leave this empty."]},
        ),
        (
            "when",
            {"municipality": ""},
            {"municipality": ["Choose the municipality, or make it a remote task."]},
        ),
        (
            "when",
            {"municipality": "999"},
            {"municipality": ["Choose a municipality from the list."]},
        ),
        ("who", {"experts_wanted": "0"}, {"experts_wanted": ["Ask for 1 to 20 experts."]}),
        ("who", {"experts_wanted": "21"}, {"experts_wanted": ["Ask for 1 to 20 experts."]}),
        ("who", {"experts_wanted": "-1"}, {"experts_wanted": ["Ask for 1 to 20 experts."]}),
        (
            "who",
            {"audience_size": "0"},
            {"audience_size": ["Give a number from 1 to 10,000, or leave this empty."]},
        ),
        ("who", {"themes": []}, {"themes": ["Choose at least one theme."]}),
        ("who", {"themes": ["x"]}, {"themes": ["Choose the themes from the list."]}),
        (
            "who",
            {"languages": ["xx"]},
            {
                "languages": [
                    "Select a valid choice. That choice is not one of the available choices."
                ]
            },
        ),
        ("what", {"task_type": "999999"}, {"task_type": ["Choose a kind of task from the list."]}),
        (
            "what",
            {"title": "x" * 121},
            {"title": ["Ensure this value has at most 120 characters (it has 121)."]},
        ),
        (
            "what",
            {"goal": "x" * 1_000_000},
            {"goal": ["Ensure this value has at most 2000 characters (it has 1000000)."]},
        ),
        (
            "terms",
            {"fee_eur": "-1"},
            {"fee_eur": ["Give a fee from 0 to 20,000 euros, or leave this empty."]},
        ),
        (
            "terms",
            {"fee_eur": "20001"},
            {"fee_eur": ["Give a fee from 0 to 20,000 euros, or leave this empty."]},
        ),
        (
            "terms",
            {"sign_up_by": "2020-01-01"},
            {"sign_up_by": ["This day has already passed. Choose a later one."]},
        ),
        (
            "terms",
            {"sign_up_by": "9999-12-31"},
            {"sign_up_by": ["The last day to sign up must be before the task."]},
        ),
        (
            "terms",
            {"payment": ""},
            {"payment": ["Choose the answer that is true now."]},
        ),
        (
            "terms",
            {"wished": "Ei Ketään 9"},
            {"wished": ["No expert has this code name now. Check it or leave it empty."]},
        ),
    ],
)
def test_bad_value_is_told_at_its_field_and_nothing_is_saved(
    desk, orderer, filled, step, changes, expected
):
    order = make_draft(orderer=orderer)
    before = Order.objects.filter(pk=order.pk).values().get()

    response = posted(desk, order, step, filled, **changes)

    assert (response.status_code, errors(response)) == (422, expected)
    assert Order.objects.filter(pk=order.pk).values().get() == before


def test_remote_task_needs_no_municipality(desk, orderer, filled):
    response = posted(
        desk, make_draft(orderer=orderer), "when", filled, mode="remote", municipality=""
    )

    assert response.status_code == 303


@pytest.mark.parametrize(
    "step, field", [("what", "goal"), ("who", "audience"), ("terms", "wished")]
)
def test_null_bytes_and_broken_utf8_are_no_fault(desk, orderer, filled, step, field):
    order = make_draft(orderer=orderer)
    fields = [(name, value) for name, value in filled[step].items() if name != field]
    body = urlencode(fields, doseq=True) + f"&{field}=a%00b%FF%FE%ED%A0%80"

    response = desk.post(url(order, step), body, content_type="application/x-www-form-urlencoded")

    assert response.status_code in {303, 422}
    order.refresh_from_db()
    assert "\x00" not in getattr(order, field, "")


@pytest.mark.slow
@pytest.mark.parametrize("step", ["what", "who", "when", "terms"])
@pytest.mark.parametrize("junk", ["9" * 400, "-1", "\x00", "٣", "NaN", "1e999", "\u202e"])
def test_junk_in_every_field_is_never_a_fault(desk, orderer, filled, step, junk):
    order = make_draft(orderer=orderer)

    response = desk.post(url(order, step), dict.fromkeys(filled[step], junk))

    assert response.status_code in {303, 422}


def test_huge_number_of_an_order_is_not_there(desk):
    for name in ("order", "order-check", "order-cancel"):
        assert desk.get(f"/en/orderer/orders/{'9' * 40}/").status_code == 404, name


def test_more_than_the_server_takes_is_told_kindly(desk, orderer, filled, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    order = make_draft(orderer=orderer)

    response = posted(desk, order, "what", filled, goal="x" * 100_000)

    assert response.status_code == 400
    assert "Mitään ei tallennettu" in response.content.decode()


def test_last_day_to_sign_up_is_kept_and_shown(desk, orderer, filled):
    order = make_draft(orderer=orderer)
    day = helsinki(order.times.get().starts_at).date() - timedelta(days=1)

    posted(desk, order, "terms", filled, sign_up_by=day.isoformat())

    order.refresh_from_db()
    assert order.sign_up_by == day
    assert "until" in desk.get(url(order, "check")).content.decode()


def test_last_day_to_sign_up_that_passed_meanwhile_is_named(desk, orderer):
    order = make_draft(orderer=orderer, sign_up_by=date(2020, 1, 1))

    page = desk.get(url(order, "check")).content.decode()

    assert "The last day to sign up has passed. Change or remove it." in page


def test_emoji_and_right_to_left_text_are_kept_and_overrides_dropped(desk, orderer, filled):
    order = make_draft(orderer=orderer)

    posted(
        desk,
        order,
        "what",
        filled,
        title="Ryhmä 🌿 مرحبا",
        goal="שלום\u202egnp.exe\x00\r\nToinen rivi",
    )

    order.refresh_from_db()
    assert (order.title, order.goal) == ("Ryhmä 🌿 مرحبا", "שלוםgnp.exe\nToinen rivi")
    assert "Ryhmä 🌿 مرحبا" in desk.get(url(order, "check")).content.decode()


def test_text_is_shown_as_text(desk, orderer):
    order = make_draft(orderer=orderer, title="<script>alert(1)</script>")

    content = desk.get(url(order, "check")).content.decode()

    assert "<script>alert(1)" not in content
    assert "&lt;script&gt;alert(1)" in content


# -- What has changed meanwhile -------------------------------------------------------------------------


def test_theme_switched_off_meanwhile_is_named_and_stays_chosen(desk, orderer):
    order = make_draft(orderer=orderer, themes=("sleep", "cancer"))
    Theme.objects.filter(code="sleep").update(is_active=False)

    response = desk.post(url(order, "check"), {"every": ""})

    assert response.status_code == 422
    assert [str(text) for text, _url in response.context["missing"]] == [
        "A theme that you chose is no longer in use. Choose another."
    ]
    step = desk.get(url(order, "who"))
    assert "No longer in use" in step.content.decode()
    assert order.order_themes.count() == 2


def test_theme_switched_off_that_was_not_chosen_is_not_offered(desk, orderer):
    off = Theme.objects.get(code="sleep")
    Theme.objects.filter(pk=off.pk).update(is_active=False)
    order = make_draft(orderer=orderer)

    assert f'value="{off.pk}"' not in desk.get(url(order, "who")).content.decode()


def test_task_type_switched_off_meanwhile_is_named(desk, orderer):
    order = make_draft(orderer=orderer)
    TaskType.objects.filter(code="talk").update(is_active=False)

    response = desk.get(url(order, "check"))

    assert [str(text) for text, _url in response.context["missing"]] == [
        "This kind of task is no longer offered. Choose another."
    ]


def test_time_that_passed_meanwhile_is_named(desk, orderer, now):
    past = now - timedelta(hours=1)
    order = make_draft(orderer=orderer, times=[(past, past + timedelta(hours=2))])

    response = desk.post(url(order, "check"), {"every": ""})

    assert [str(text) for text, _url in response.context["missing"]] == [
        "A time has passed. Change or remove it."
    ]
    assert response.context["missing"][0][1] == url(order, "when") + "?then=check"


def test_check_that_turns_incomplete_at_the_last_moment_is_told(desk, orderer, monkeypatch):
    order = make_draft(orderer=orderer, title="")
    monkeypatch.setattr("luukku.web.parts.orders.wizard.missing_parts", lambda order, at: [])

    response = desk.post(url(order, "check"), {"every": ""})

    assert [str(text) for text, _url in response.context["missing"]] == ["The title is missing."]


def test_every_missing_part_has_words_and_a_step(desk, orderer):
    order = make_draft(
        orderer=orderer,
        task_type=None,
        title="",
        goal="",
        expert_does="",
        audience="",
        length_minutes=None,
        themes=(),
        languages=(),
        municipality=None,
        days=(),
        payment="",
    )

    response = desk.get(url(order, "check"))

    assert len(response.context["missing"]) == 11
    assert "This draft is waiting for you" in response.content.decode()


# -- Whom one wishes for, which unit, repeating ---------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "kept", "said"),
    [
        ("", (False, ""), None),
        ("any", (True, ""), "The expert needs further training for this"),
        ("pair", (True, "pair"), "The expert needs further training for this: Working in a pair"),
    ],
)
def test_further_training_is_asked_for_by_its_kind(desk, orderer, filled, chosen, kept, said):
    order = make_draft(orderer=orderer, needs_further_training=True, further_kind="digital")

    posted(desk, order, "terms", filled, further=chosen)

    order.refresh_from_db()
    assert (order.needs_further_training, order.further_kind) == kept
    assert desk.get(url(order, "terms")).context["form"]["further"].value() == (chosen or None)
    page = flat(desk.get(url(order, "check")).content.decode())
    assert ("needs further training" in page, said is None or said in page) == (bool(said), True)


def test_wished_expert_is_found_by_code_name(desk, orderer, filled):
    order, expert = make_draft(orderer=orderer), make_expert()

    posted(desk, order, "terms", filled, wished=f"  {expert.code_name.upper()} ")

    order.refresh_from_db()
    assert order.wished_expert == expert
    assert desk.get(url(order, "terms")).context["form"]["wished"].value() == expert.code_name


def test_wished_expert_can_be_unwished(desk, orderer, filled):
    order = make_draft(orderer=orderer, wished_expert=make_expert())

    posted(desk, order, "terms", filled, wished="")

    order.refresh_from_db()
    assert order.wished_expert is None


def test_expert_of_an_earlier_task_is_offered_by_code_name(desk, orderer, filled, done_task):
    order = make_draft(orderer=orderer)
    expert = done_task.expert

    page = desk.get(url(order, "terms")).content.decode()
    posted(desk, order, "terms", filled, earlier=expert.pk)

    assert expert.code_name in page
    assert expert.user.name not in page
    order.refresh_from_db()
    assert order.wished_expert == expert
    assert desk.get(url(order, "terms")).context["form"]["earlier"].value() == expert.pk


def test_expert_named_by_code_name_goes_before_the_list(desk, orderer, filled, done_task):
    order, other = make_draft(orderer=orderer), make_expert()

    posted(desk, order, "terms", filled, earlier=done_task.expert.pk, wished=other.code_name)

    order.refresh_from_db()
    assert order.wished_expert == other


def test_expert_of_somebody_elses_earlier_task_is_not_offered(desk, orderer, done_task):
    other = make_orderer()
    desk.force_login(other, backend="django.contrib.auth.backends.ModelBackend")

    response = desk.get(url(make_draft(orderer=other), "terms"))

    assert "earlier" not in response.context["form"].fields


def test_unit_is_asked_where_there_are_units(desk, orderer, filled, now):
    order = make_draft(orderer=orderer)
    assert "unit" not in desk.get(url(order, "what")).context["form"].fields
    unit = add_unit(order.organisation, name="Osasto 3", municipality=None, by=orderer, at=now)

    posted(desk, order, "what", filled, unit=unit.pk)

    order.refresh_from_db()
    assert order.unit == unit
    assert desk.get(url(order, "what")).context["form"]["unit"].value() == unit.pk


def form_of(response):
    """What the page's form would send as it stands."""
    form = response.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def at_clock(day, clock=time(12)):
    start = instant(day, clock)
    return [(start, start + timedelta(hours=1))]


def tuesday(n):
    """The n-th Tuesday of the month after the next: no holiday falls on it."""
    month = (helsinki(timezone.now()) + timedelta(days=62)).date().replace(day=1)
    return month + timedelta(days=(1 - month.weekday()) % 7 + 7 * (n - 1))


def test_repeating_shows_the_days_before_anything_is_made(desk, orderer):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))

    response = desk.post(url(order, "check"), {"every": "month", "times": "3"})

    days = [row.day.value() for row in response.context["form"].rows()]
    assert response.status_code == 200
    assert days == [day.isoformat() for day in series_days(tuesday(2), Every.MONTH, 3)]
    assert "Every month on the second Tuesday" in response.content.decode()
    assert Order.objects.count() == 1
    assert Order.objects.get().state == OrderState.DRAFT


def test_repeating_sends_the_days_as_they_were_left(desk, orderer):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))
    shown = form_of(desk.post(url(order, "check"), {"every": "month", "times": "3"}))
    first, second, _third = series_days(tuesday(2), Every.MONTH, 3)
    moved = second + timedelta(days=1)

    response = desk.post(
        url(order, "check"), shown | {"day1": moved.isoformat(), "keep2": ""}, follow=True
    )

    orders = Order.objects.order_by("pk")
    assert [first_day(one) for one in orders] == [tuesday(2), first, moved]
    assert {one.state for one in orders} == {OrderState.SENT}
    assert len({one.series for one in orders}) == 1
    assert "3 orders are on their way." in response.content.decode()
    assert "Made together: 3 orders" in response.content.decode()
    for other in orders[1:]:
        assert reverse("orderer:order", args=[other.pk]) in response.content.decode()


def test_repeating_keeps_the_rule_and_whether_the_same_expert_is_wanted(desk, orderer):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))
    asked = {"every": "month", "times": "3", "is_one_expert": "on"}
    shown = form_of(desk.post(url(order, "check"), asked))

    desk.post(url(order, "check"), shown)

    series = Order.objects.get(pk=order.pk).series
    assert (series.every, series.is_one_expert, series.orders.count()) == (Every.MONTH, True, 4)


def test_order_that_is_sent_once_knows_of_no_series(desk, orderer):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))

    desk.post(url(order, "check"), {"every": "", "is_one_expert": "on"})

    order.refresh_from_db()
    assert (order.state, order.series, order.is_open_call) == (OrderState.SENT, None, True)


def test_days_of_an_order_whose_times_were_emptied_meanwhile_are_no_error_page(desk, orderer):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))
    shown = form_of(desk.post(url(order, "check"), {"every": "month", "times": "3"}))
    order.times.all().delete()

    response = desk.post(url(order, "check"), shown)

    assert (response.status_code, Order.objects.get().state) == (422, OrderState.DRAFT)


def later(day, *, is_free):
    """The first day after ``day`` that is a holiday, or a Saturday and no holiday."""
    days = (day + timedelta(days=n) for n in range(1, 400))
    if is_free:
        return next(one for one in days if is_holiday(one))
    return next(one for one in days if one.weekday() == 5 and not is_holiday(one))


def test_repeating_warns_of_a_holiday_once(desk, orderer):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))
    shown = form_of(desk.post(url(order, "check"), {"every": "month", "times": "1"}))
    holiday = later(tuesday(2), is_free=True)

    warned = desk.post(url(order, "check"), shown | {"day0": holiday.isoformat()})
    count = Order.objects.count()
    desk.post(url(order, "check"), form_of(warned))

    assert (warned.status_code, count) == (200, 1)
    (row,) = warned.context["form"].rows()
    assert [time.warning for time in row.times] == ["a holiday"]
    assert "look-first" in warned.content.decode()
    assert [first_day(one) for one in Order.objects.order_by("pk")] == [tuesday(2), holiday]


def day_and_evening(day):
    """Three alternatives: on the day, in its evening, and on the day after."""
    return [*at_clock(day), *at_clock(day, time(18)), *at_clock(day + timedelta(days=1))]


def times_of(orders):
    return [when(time.starts_at, time.ends_at) for one in orders for time in one.times.all()]


def times_shown(response):
    return [time.words for row in response.context["form"].rows() for time in row.times]


def test_repeating_shows_every_time_of_every_repeat_and_makes_just_them(desk, orderer):
    order = make_draft(orderer=orderer, times=day_and_evening(tuesday(2)))

    shown = desk.post(url(order, "check"), {"every": "month", "times": "3"})
    desk.post(url(order, "check"), form_of(shown))

    made = times_of(Order.objects.exclude(pk=order.pk).order_by("pk"))
    assert len(made) == 9
    assert [words.partition(" ")[2] for words in times_shown(shown)] == made
    page = shown.content.decode()
    for words in times_shown(shown):
        assert (
            page.count(words) == 2
        )  # in what to look at first, and beside the day that can be changed


def test_day_that_was_changed_shows_its_other_times_before_anything_is_made(desk, orderer):
    order = make_draft(orderer=orderer, times=day_and_evening(tuesday(2)))
    shown = form_of(desk.post(url(order, "check"), {"every": "month", "times": "2"}))
    moved = series_days(tuesday(2), Every.MONTH, 2)[1] + timedelta(days=1)

    again = desk.post(url(order, "check"), shown | {"day1": moved.isoformat()})
    count = Order.objects.count()
    desk.post(url(order, "check"), form_of(again))

    made = times_of(Order.objects.exclude(pk=order.pk).order_by("pk"))
    assert (again.status_code, count) == (200, 1)
    assert [words.partition(" ")[2] for words in times_shown(again)] == made
    assert first_day(Order.objects.latest("pk")) == moved


def test_times_changed_after_the_days_were_shown_are_shown_anew(desk, orderer):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))
    shown = form_of(desk.post(url(order, "check"), {"every": "month", "times": "2"}))
    ((start, end),) = at_clock(tuesday(2), time(18))
    order.times.create(starts_at=start, ends_at=end)

    again = desk.post(url(order, "check"), shown)

    assert (again.status_code, Order.objects.count()) == (200, 1)
    assert len(times_shown(again)) == 4


def test_other_time_of_a_repeat_that_falls_on_a_holiday_is_warned_of(desk, orderer):
    holiday = later(tuesday(2), is_free=True)
    before = holiday - timedelta(days=8)
    order = make_draft(orderer=orderer, times=[*at_clock(before), *at_clock(before + timedelta(1))])

    shown = desk.post(url(order, "check"), {"every": "week", "times": "1"})

    (row,) = shown.context["form"].rows()
    assert row.times[1].warning == "a holiday"
    assert row.told.endswith(", a holiday")


def test_second_press_sends_whatever_else_was_changed(desk, orderer):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))
    shown = form_of(desk.post(url(order, "check"), {"every": "week", "times": "3"}))
    saturday = later(tuesday(2), is_free=False)

    desk.post(url(order, "check"), shown | {"day1": saturday.isoformat(), "keep2": ""})

    assert saturday in [first_day(one) for one in Order.objects.all()]
    assert Order.objects.in_state(OrderState.SENT).count() == 3


def test_page_with_the_further_days_says_first_that_nothing_has_been_sent(desk, orderer):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))
    assert "look-first" not in desk.get(url(order, "check")).content.decode()

    page = desk.post(url(order, "check"), {"every": "month", "times": "2"}).content.decode()

    top = page[page.index("<h1") : page.rindex('<form class="form"')]
    assert 'look-first" data-color="warning" tabindex="-1" role="alert"' in top
    assert "Nothing has been sent yet" in top
    assert "press “Send the orders on these days” at the end of this page" in top
    for n in range(2):
        assert f'href="#id_day{n}"' in top
        assert f'id="id_day{n}"' in page


@pytest.mark.parametrize("wrong", ["", "2020-01-01", "huomenna", "first", "2999-01-01"])
def test_repeating_refuses_days_that_make_no_sense_at_their_field(desk, orderer, wrong):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))
    shown = form_of(desk.post(url(order, "check"), {"every": "week", "times": "2"}))
    wrong = tuesday(2).isoformat() if wrong == "first" else wrong

    response = desk.post(url(order, "check"), shown | {"day1": wrong})

    assert (response.status_code, set(errors(response))) == (422, {"day1"})
    assert Order.objects.count() == 1


def test_other_rhythm_after_the_days_were_shown_shows_them_anew(desk, orderer):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))
    shown = form_of(desk.post(url(order, "check"), {"every": "month", "times": "3"}))

    response = desk.post(url(order, "check"), shown | {"every": "week"})

    assert response.status_code == 200
    assert [row.day.value() for row in response.context["form"].rows()] == [
        day.isoformat() for day in series_days(tuesday(2), Every.WEEK, 3)
    ]
    assert Order.objects.count() == 1


@pytest.mark.parametrize("times", ["", "0", "13", "x"])
def test_repeating_needs_a_number(desk, orderer, times):
    order = make_draft(orderer=orderer)

    response = desk.post(url(order, "check"), {"every": "week", "times": times})

    assert (response.status_code, set(errors(response)), Order.objects.count()) == (
        422,
        {"times"},
        1,
    )


def test_colleague_sends_in_their_own_name(desk, orderer):
    colleague = make_orderer(orderer.organisations.get())
    order = make_draft(orderer=colleague)

    desk.post(url(order, "check"), {"every": ""})

    order.refresh_from_db()
    assert (order.state, order.contact) == (OrderState.SENT, colleague)


def test_same_order_sent_five_times_is_one_series(desk, orderer, token):
    order = make_draft(orderer=orderer, times=at_clock(tuesday(2)))
    shown = form_of(desk.post(url(order, "check"), {"every": "week", "times": "1"}))
    form = shown | {"form_token": token()}

    answers = {desk.post(url(order, "check"), form)["Location"] for _n in range(5)}

    assert answers == {reverse("orderer:order", args=[order.pk])}
    assert Order.objects.in_state(OrderState.SENT).count() == Order.objects.count() == 2


@pytest.mark.parametrize("state", [OrganisationState.WAITING, OrganisationState.REFUSED])
def test_unchecked_organisation_learns_no_code_name(desk, orderer, filled, done_task, state):
    order = make_draft(orderer=orderer, wished_expert=done_task.expert)
    orderer.organisations.update(state=state)

    page = desk.get(url(order, "terms"))
    answer = posted(desk, order, "terms", filled, wished=make_expert().code_name)
    wrong = posted(desk, order, "terms", filled, wished="Ei Ketään 9")

    assert done_task.expert.code_name not in page.content.decode()
    assert {"earlier", "wished"} & set(page.context["form"].fields) == set()
    assert (answer.status_code, wrong.status_code) == (303, 303)  # the same answer for both
    order.refresh_from_db()
    assert order.wished_expert == done_task.expert  # as it was


def test_end_by_mistake_before_the_start_is_asked_about_at_its_field_once(desk, orderer, filled):
    order = make_draft(orderer=orderer)
    day = tuesday(2).isoformat()
    said = filled["when"] | {"day1": day, "from1": "18:00", "to1": "17:00", "length_minutes": "60"}

    asked = desk.post(url(order, "when"), said)
    page = asked.content.decode()

    assert (asked.status_code, set(errors(asked))) == (422, {"to1"})
    assert "more than 12 hours" in page
    assert asked.context["form"].odd() == []  # it is wrong, and not also odd
    assert "Time 1, to:" in page
    assert '<input type="hidden" name="sure1" value="18.00-17.00">' in page
    other = desk.post(url(order, "when"), said | {"to1": "16:00", "sure1": "18.00-17.00"})
    assert other.status_code == 422
    assert desk.post(url(order, "when"), said | {"sure1": "18.00-17.00"}).status_code == 303
    assert desk.post(url(order, "when"), said).status_code == 303  # saved so already
    time = order.times.get()
    assert time.ends_at - time.starts_at == timedelta(hours=23)


@pytest.mark.parametrize("end", ["02:00", "06:00"])
def test_task_over_midnight_of_up_to_twelve_hours_is_taken_at_once(desk, orderer, filled, end):
    order = make_draft(orderer=orderer)
    said = {"day1": tuesday(2).isoformat(), "from1": "18:00", "to1": end, "length_minutes": "60"}

    assert desk.post(url(order, "when"), filled["when"] | said).status_code == 303


def test_field_that_no_order_takes_is_refused_loudly_not_dropped(
    desk, orderer, filled, monkeypatch
):
    order = make_draft(orderer=orderer)
    monkeypatch.setitem(TaskStep.base_fields, "parking", forms.CharField(required=False))

    with pytest.raises(ValueError, match="parking"):
        desk.post(url(order, "what"), filled["what"] | {"parking": "Pihalla"})


@pytest.mark.parametrize("form", [TaskStep, ThemesStep, PlaceStep, TermsStep])
def test_every_field_of_a_step_is_one_that_people_may_change(form):
    assert set(form.Meta.fields) - EDITABLE - {"languages"} == set()


def test_link_that_is_hidden_hinders_no_order(desk, filled):
    first = desk.post(reverse("orderer:order-new"))["Location"]
    desk.post(first, filled["what"])
    order = Order.objects.get()

    answer = desk.post(
        url(order, "when"), filled["when"] | {"mode": "place", "meeting_url": "teams"}
    )

    order.refresh_from_db()
    assert (answer.status_code, order.meeting_url) == (303, "")
