"""A background organisation lends: its devices, requests, what is promised, out and back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from luukku.accounts.models import User
from luukku.audit.models import AccessLog
from luukku.core.times import helsinki
from luukku.organisations.models import MemberRole
from luukku.privacy.models import Purpose
from luukku.readiness.actions import ask_longer
from luukku.readiness.models import Device, Loan
from luukku.readiness.states import LoanState
from tests.factories.organisations import make_member
from tests.factories.readiness import make_borrower, make_device, make_lender, make_loan
from tests.markup import said

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
A_DAY = timedelta(days=1)
S = LoanState


def url(name, *args):
    return reverse(f"orderer:{name}", args=args)


def signed_in(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def device(now):
    User.objects.machine()
    return make_device(now)


@pytest.fixture
def desk(device, settings):
    settings.LANGUAGE_CODE = "en"
    return signed_in(make_lender(device, language="en"))


def loan_of(device, now, state, **fields):
    """Return a loan that has come to ``state``; what is out has begun today."""
    return make_loan(now, device=device, state=state, starts_in=0, **fields)


@pytest.mark.parametrize("number", [1, 3])
def test_lists_of_devices_and_loans(desk, device, now, number, django_assert_num_queries):
    for n in range(number):
        make_device(now, organisation=device.organisation, label=f"L{n}")
        make_loan(now, device=device, starts_in=n)
    for name, queries in (("devices", 6), ("loans", 7)):
        desk.get(url(name))
        with django_assert_num_queries(queries):
            page = desk.get(url(name))
        assert len(page.context["list"].rows) == (number + 1 if name == "devices" else number)


def test_lists_tell_nothing_of_another_lender(desk, now):
    other = make_loan(now, device=make_device(now, label="Salainen"))

    assert "Salainen" not in said(desk.get(url("devices")))
    assert other.expert.user.name not in said(desk.get(url("loans")))


def test_device_is_added_changed_and_taken_out_of_use(desk, device):
    desk.post(url("device-new"), {"kind": "headset", "label": "K1", "note": "Kotelo"})
    made = Device.objects.get(label="K1")
    desk.post(url("device", made.pk), {"kind": "headset", "label": "K2", "note": ""})
    desk.post(url("device-move", made.pk, "retire"))

    made.refresh_from_db()
    assert (made.organisation, made.label, made.is_in_use) == (device.organisation, "K2", False)
    assert "Taken out of use" in said(desk.get(url("device", made.pk)))
    desk.post(url("device-move", made.pk, "restore"))
    assert Device.objects.get(pk=made.pk).is_in_use
    assert desk.post(url("device-move", made.pk, "burn")).status_code == 404


def test_request_is_promised_and_why_is_noted_as_read(desk, device, now):
    loan = make_loan(now, device=device, why="Etätehtävät")

    page = said(desk.get(url("loan", loan.pk)))
    after = desk.post(
        url("loan-act", loan.pk, "grant"), {"device": str(device.pk), "fetch": "Aula"}, follow=True
    )

    assert "Etätehtävät" in page
    assert loan.expert.user.name in page
    assert AccessLog.objects.filter(what__contains="readiness.loan.why").exists()
    assert Loan.objects.get().state == S.GRANTED
    assert "The device is promised." in said(after)


def test_what_is_promised_to_others_is_told_with_its_days(desk, device, now):
    make_loan(now, device=device, state=S.GRANTED)
    loan = make_loan(now, device=device, starts_in=4)

    page = said(desk.get(url("loan-act", loan.pk, "grant")))

    assert "No device is free on these days." in page
    assert device.name in page


def test_two_who_promise_the_same_device_hear_which_days_are_taken(desk, device, now):
    loan, other = make_loan(now, device=device), make_loan(now, device=device)
    answer = {"device": str(device.pk), "fetch": "Aula"}
    desk.post(url("loan-act", loan.pk, "grant"), answer)

    page = desk.post(url("loan-act", other.pk, "grant"), answer)

    assert page.status_code == 422
    assert Loan.objects.get(pk=other.pk).state == S.ASKED


@pytest.mark.parametrize(
    ("before", "act", "sent", "after"),
    [
        (S.ASKED, "refuse", {"reason": "Rikki", "stood": "asked"}, S.REFUSED),
        (S.GRANTED, "hand-out", {}, S.OUT),
        (S.OUT, "receive", {}, S.BACK),
        (S.OUT, "lost", {}, S.LOST),
    ],
)
def test_what_the_lender_does(desk, device, now, before, act, sent, after):
    loan = loan_of(device, now, before)

    desk.post(url("loan-act", loan.pk, act), sent)

    assert Loan.objects.get().state == after


@pytest.mark.parametrize(("act", "is_later"), [("longer", True), ("no-longer", False)])
def test_more_time_is_answered(desk, device, now, act, is_later):
    loan = loan_of(device, now, S.OUT)
    ask_longer(loan, until_on=loan.until_on + A_DAY, by=loan.expert.user, at=now)

    wish = str(loan.until_on + A_DAY)
    assert f'name="until_on" value="{wish}"' in desk.get(url("loan", loan.pk)).content.decode()

    desk.post(url("loan-act", loan.pk, act), {"reason": "Huolto", "until_on": wish})

    assert (Loan.objects.get().until_on > loan.until_on) == is_later
    assert Loan.objects.get().wished_until is None


@pytest.mark.parametrize("starts_in", [None, 12, 15])
def test_time_is_given_until_somebody_else_gets_the_device(desk, device, now, starts_in):
    loan = loan_of(device, now, S.OUT)
    wish = loan.until_on + 9 * A_DAY
    ask_longer(loan, until_on=wish, by=loan.expert.user, at=now)
    if starts_in:
        free = loan.until_on + A_DAY - helsinki(now).date()
        make_loan(now, device=device, starts_in=free.days + starts_in - 12, state=S.GRANTED)

    page = said(desk.get(url("loan", loan.pk)))

    assert ("promised to somebody else before the day" in page) == bool(starts_in)
    assert ("The device may be kept longer" in page) == (starts_in is None)
    assert ('name="at_most"' in page) == (starts_in == 15)


@pytest.mark.parametrize(
    ("act", "state"),
    [("refuse", S.ASKED), ("hand-out", S.GRANTED), ("receive", S.OUT), ("no-longer", S.OUT), ("lost", S.OUT)],
)  # fmt: skip
def test_what_binds_is_asked_first(desk, device, now, act, state):
    loan = loan_of(device, now, state)

    assert desk.get(url("loan-act", loan.pk, act)).status_code == 200
    assert Loan.objects.get().state == state


@pytest.mark.parametrize(
    ("state", "act"), [(S.ASKED, "grant"), (S.GRANTED, "hand-out"), (S.GRANTED, "swap")]
)
@pytest.mark.parametrize("is_over", [False, True])
def test_once_its_days_are_over_it_can_only_be_refused(desk, device, now, state, act, is_over):
    loan = loan_of(device, now, state)
    if is_over:
        a_day = helsinki(now).date() - A_DAY
        Loan.objects.filter(pk=loan.pk).update(from_on=a_day, until_on=a_day)

    page = said(desk.get(url("loan", loan.pk)))

    assert ("The days that were asked for are over." in page) == is_over
    assert (url("loan-act", loan.pk, act) in page) != is_over
    assert url("loan-act", loan.pk, "refuse") in page


def test_refusal_written_before_somebody_promised_is_shown_what_stands_first(desk, device, now):
    loan = loan_of(device, now, S.GRANTED)
    refuse = {"reason": "Rikki", "stood": "asked"}

    first = desk.post(url("loan-act", loan.pk, "refuse"), refuse)
    again = desk.post(url("loan-act", loan.pk, "refuse"), refuse | {"stood": "granted"})

    assert first.status_code == 422
    assert "It is now: Promised." in said(first)
    assert "Rikki" in said(first)
    assert (again.status_code, Loan.objects.get().state) == (303, S.REFUSED)
    assert loan.fetch
    assert loan.fetch not in said(desk.get(url("loan", loan.pk)))  # nobody fetches it there now


def test_act_that_is_none_is_not_there(desk, device, now):
    loan = make_loan(now, device=device)

    assert desk.post(url("loan-act", loan.pk, "burn")).status_code == 404
    assert desk.get(url("loan-act", loan.pk, "receive")).status_code == 303


def test_desk_tells_what_waits(desk, device, now):
    make_loan(now, device=device)
    make_loan(now - 30 * A_DAY, device=device, state=S.OUT)

    page = said(desk.get(url("desk")))

    assert "1 request to borrow equipment waits for your answer" in page
    assert "1 device has not come back in time" in page
    late = desk.get(url("loans") + "?waits=late").context["list"]
    assert len(late.rows) == 1


@pytest.mark.parametrize("name", ["device", "loan"])
def test_strangers_see_neither_device_nor_loan(device, now, name):
    loan = make_loan(now, device=device)
    pk = loan.pk if name == "loan" else device.pk
    orderer = make_member(device.organisation, role=MemberRole.ORDERER)

    assert signed_in(make_lender(make_device(now))).get(url(name, pk)).status_code == 404
    assert signed_in(orderer).get(url(name, pk)).status_code == 403
    assert signed_in(make_borrower(device, at=now).user).get(url(name, pk)).status_code == 403


def test_phone_of_whoever_does_not_wish_calls_is_not_shown(desk, device, now):
    loan = make_loan(
        now,
        device=device,
        expert=make_borrower(device, at=now, consents=set(Purpose) - {Purpose.PHONE}),
    )
    User.objects.filter(pk=loan.expert.user_id).update(phone="+358 40 5556677")

    page = said(desk.get(url("loan", loan.pk)))

    assert "5556677" not in page


def test_letter_leads_to_the_loan_also_from_the_desk_of_another_organisation(device, now):
    lender, loan = make_lender(device, language="en"), make_loan(now, device=device)
    make_lender(make_device(now), user=lender)

    page = signed_in(lender).get(url("loan", loan.pk))

    assert loan.expert.user.name in said(page)


def test_promise_is_moved_to_another_device_on_its_own_page(desk, device, now):
    loan = loan_of(device, now, S.GRANTED)
    other = make_device(now, organisation=device.organisation, label="Toinen")
    swap = url("loan-act", loan.pk, "swap")
    assert swap in said(desk.get(url("loan", loan.pk)))
    assert "Promise another device" in said(desk.get(swap))

    desk.post(swap, {"device": str(other.pk), "fetch": "Ovi 2"})

    assert Loan.objects.get(pk=loan.pk).device == other


def test_what_was_wished_for_stands_first_and_who_wishes_to_keep_it_is_told(desk, device, now):
    here = device.organisation
    computer = make_device(now, organisation=here, kind="computer", label="1")
    loan = make_loan(now, device=device, starts_in=20)
    out = loan_of(computer, now, S.OUT)
    ask_longer(out, until_on=loan.from_on + A_DAY, by=out.expert.user, at=now)

    page = said(desk.get(url("loan-act", loan.pk, "grant")))

    radios = [device.name, computer.name]
    assert sorted(radios, key=page.rindex) == radios
    assert "has asked to keep it until" in page


def test_no_free_device_leads_to_saying_so(desk, device, now):
    make_loan(now, device=device, state=S.GRANTED)
    loan = make_loan(now, device=device, starts_in=4)

    assert url("loan-act", loan.pk, "refuse") in said(desk.get(url("loan-act", loan.pk, "grant")))


def test_label_of_another_device_is_told_at_its_field(desk, device):
    answer = desk.post(url("device-new"), {"kind": device.kind, "label": device.label, "note": ""})

    assert answer.status_code == 422
    assert "this number or name already" in said(answer)
