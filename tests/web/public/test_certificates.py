"""A certificate by its number: whole, and true on the day it is read."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from luukku.experts.actions import revoke_training
from luukku.training import actions
from luukku.training.models import Application, BadgeIssuer, Certificate
from luukku.training.refusals import NotOver
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member
from tests.factories.training import make_application, make_programme, make_run
from tests.markup import flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"public:{name}", args=args)


def completed(**programme):
    now = timezone.now()
    past, end = now - 90 * DAY, now - 40 * DAY
    made = make_programme(past, state="agreed", title_fi="Digitaidot", **programme)
    run = make_run(past, programme=made, starts_at=end)
    own = actions.choose(
        make_application(run, make_person("Aino Osaaja"), at=past), by=make_coordinator(), at=past
    )
    return actions.complete(
        own, contact_minutes=720, own_minutes=300, by=make_coordinator(), at=now
    )


def page_of(client, number):
    return client.get(url("certificate", number))


def test_certificate_shows_everything_that_it_says_and_neither_theme_nor_producer(client):
    own = completed(validity_months=36)
    made = own.certificates.get()

    answer = page_of(client, made.shown_number)

    page = flat(answer)
    for words in ("Aino Osaaja", "Digitaidot", "12 h together, 5 h by oneself", "This certificate is valid.",
                  "Hours written down by the organiser",
                  made.shown_number, own.run.code, "Kokemusluukku"):  # fmt: skip
        assert words in page
    assert own.run.event.organiser.name not in page
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex", "no-referrer")
    assert page_of(client, made.number.lower()).status_code == 200


def test_withdrawn_training_says_so_without_the_reason(client):
    own = completed()
    revoke_training(own.training, "Salainen syy.", by=make_coordinator(), at=timezone.now())

    page = flat(page_of(client, own.certificates.get().number))

    assert "This certificate is not valid any more." in page
    assert "Salainen syy." not in page


def test_training_that_counts_no_more_says_until_when_it_did(client):
    own = completed(validity_months=1)

    assert "This training counted until" in flat(page_of(client, own.certificates.get().number))


def test_new_name_makes_a_new_certificate_and_the_old_one_tells_it():
    own = completed()
    first, client = own.certificates.get(), Client()
    own.person.name = "Aino Uusi"
    own.person.save()
    client.force_login(own.person, backend=BACKEND)
    here = url("application", own.pk)
    assert url("certificate-reissue", own.pk) in client.get(here).content.decode()

    client.post(url("certificate-reissue", own.pk), {"form_token": str(uuid.uuid4())})

    first.refresh_from_db()
    second = first.replaced_by
    assert second.number != first.number
    assert "has been replaced by a newer one" in flat(page_of(client, first.number))
    old = page_of(client, first.number).content.decode()
    assert (second.number in old, "Aino Osaaja" in old, "Issued by" in old) == (False, False, False)
    assert "Aino Uusi" in flat(page_of(client, second.number))
    assert actions.reissue(first, by=own.person, at=timezone.now()) == second


def test_training_taken_off_the_record_has_no_certificate(client):
    own = completed()
    number = own.certificates.get().number

    own.training.delete()

    assert page_of(client, number).status_code == 404


def test_number_guessed_a_thousand_times_is_put_off_and_finds_nothing(client):
    number = completed().certificates.get().number
    answers = [page_of(client, f"{n:016}").status_code for n in range(70)]

    assert (answers[0], answers[59], answers[60], answers[-1]) == (404, 404, 429, 429)
    late = page_of(client, number)
    assert (late.status_code, "Aino Osaaja" in late.content.decode()) == (429, False)


def test_numbers_are_long_and_no_two_are_alike():
    numbers = {completed().certificates.get().number for _n in range(2)}

    assert (len(numbers), {len(one) for one in numbers}) == (2, {16})


@pytest.mark.parametrize("number", ["-", "<script>", "a" * 300, "ÄÖ", "0" * 16])
def test_odd_number_is_answered_as_one_that_is_not_there(client, number):
    assert page_of(client, number).status_code == 404


def test_number_is_typed_on_a_page_of_its_own(client):
    number = completed().certificates.get().shown_number

    assert client.get(url("certificate-check"), {"number": number}).url == url(
        "certificate", number
    )
    assert "This field is required." in flat(client.get(url("certificate-check"), {"number": " "}))
    assert client.get(url("certificate-check"), {"number": "a/b"}).status_code == 303


def test_nobody_makes_anothers_certificate_anew(client):
    own = completed()
    stranger = Client()
    stranger.force_login(make_person(), backend=BACKEND)

    answer = stranger.post(url("certificate-reissue", own.pk), {"form_token": str(uuid.uuid4())})

    assert answer.status_code == 404
    assert Certificate.objects.count() == 1


def test_no_certificate_before_the_last_session():
    at = datetime(2026, 12, 1, 10, tzinfo=UTC)
    own = actions.choose(make_application(make_run(at), at=at), by=make_coordinator(), at=at)

    with pytest.raises(NotOver):
        actions.complete(own, contact_minutes=720, own_minutes=0, by=make_coordinator(), at=at)

    assert not Certificate.objects.exists()


def test_paper_is_for_who_has_the_number_and_is_not_kept_by_browsers(client):
    own = completed()
    made = own.certificates.get()
    address = url("certificate-paper", made.shown_number, "fi")
    before = client.get(address)
    actions.write_certificate(made, at=timezone.now())

    answer = client.get(address)

    assert before.url == url("certificate", made.shown_number)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
    assert url("certificate-paper", made.shown_number, "en") in flat(page_of(client, made.number))
    assert client.get(url("certificate-paper", "A" * 16, "fi")).status_code == 404


def test_papers_are_looked_up_as_seldom_as_pages(client):
    made = completed().certificates.get()
    answers = [
        client.get(url("certificate-paper", f"{n:016}", "fi")).status_code for n in range(61)
    ]

    assert (answers[59], answers[60]) == (404, 429)
    assert client.get(url("certificate-paper", made.shown_number, "fi")).status_code == 429


@pytest.mark.parametrize(
    ("form", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("jwt", b"eyJ")]
)
def test_badge_is_taken_in_three_forms_by_its_person_alone(client, form, begins):
    own = completed()
    answers = {}
    for name, person in (
        ("own", own.person),
        ("counter", make_coordinator()),
        ("stranger", make_person()),
    ):
        client.force_login(person, backend=BACKEND)
        answers[name] = client.get(url("badge", own.pk, form))

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "own": 200,
        "counter": 404,
        "stranger": 404,
    }
    assert answers["own"].content.startswith(begins)
    assert client.get(url("badge", own.pk, "gif")).status_code == 404


def test_producer_of_the_training_takes_nobodys_badge(client):
    own = completed()
    producer = make_member(own.run.event.organiser, role="producer")
    client.force_login(producer, backend=BACKEND)

    assert client.get(url("badge", own.pk, "png")).status_code == 404
    assert client.get(url("certificate-issuer", own.pk)).status_code == 404


def test_person_chooses_the_issuer_on_a_page_that_says_what_the_name_tells(client):
    own = completed()
    producer = own.run.programme.producers.get()
    client.force_login(own.person, backend=BACKEND)

    page = flat(client.get(url("certificate-issuer", own.pk)))
    empty = client.post(url("certificate-issuer", own.pk), {"form_token": str(uuid.uuid4())})
    odd = client.post(
        url("certificate-issuer", own.pk), {"issuer": "x", "form_token": str(uuid.uuid4())}
    )
    client.post(
        url("certificate-issuer", own.pk),
        {"issuer": producer.pk, "form_token": str(uuid.uuid4())},
    )

    assert "can tell of an illness" in page
    assert (empty.status_code, odd.status_code) == (422, 422)
    assert own.certificates.get(replaced_by=None).words["issuer"] == producer.name


def tasks_of(name):
    return DBTaskResult.objects.filter(task_path__endswith=f".{name}")


def test_status_list_is_signed_once_until_something_is_revoked(client):
    own = completed()
    address = reverse("badge-status", args=[BadgeIssuer.objects.get().pk])

    before = [client.get(address).content, client.get(address, {"x": "1"}).content]
    revoke_training(own.training, "Syy.", by=make_coordinator(), at=timezone.now())
    after = client.get(address).content

    assert before[0] == before[1]
    assert after != before[0]


def test_record_is_asked_for_once_and_fetched_as_pdf_and_json(client):
    own = completed()
    client.force_login(own.person, backend=BACKEND)
    page = url("record")
    client.post(url("record-pdf"), {"form_token": str(uuid.uuid4())})
    client.post(url("record-pdf"), {"form_token": str(uuid.uuid4())})
    waiting, asked = flat(client.get(page)), tasks_of("write_record")
    asked.update(status="SUCCESSFUL")
    actions.write_record(own.person, "en", at=timezone.now())
    client.post(url("record-pdf"), {"form_token": str(uuid.uuid4())})

    ready, pdf, told = (
        client.get(page),
        client.get(url("record-pdf")),
        client.get(url("record-json")),
    )

    assert "The PDF is being written." in waiting
    assert tasks_of("write_record").count() == 1
    assert url("record-pdf") in flat(ready)
    assert (pdf["Content-Type"], pdf.content[:4]) == ("application/pdf", b"%PDF")
    assert [row["certificate"] for row in told.json()["trainings"]] == [
        own.certificates.get().shown_number
    ]


def test_record_that_has_changed_is_written_anew(client):
    own = completed()
    client.force_login(own.person, backend=BACKEND)
    actions.write_record(own.person, "en", at=timezone.now())
    revoke_training(own.training, "Syy.", by=make_coordinator(), at=timezone.now())

    assert client.get(url("record-pdf")).url == url("record")


def test_record_written_by_a_worker_of_another_language_is_the_one_that_was_asked_for(client):
    own = completed()
    client.force_login(own.person, backend=BACKEND)
    with translation.override("fi"):
        actions.write_record(own.person, "sv", at=timezone.now())

    answer = client.get("/sv/record/trainings.pdf")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_certificate_that_is_annulled_gives_out_no_paper(client):
    own = completed()
    made = own.certificates.get()
    actions.write_certificate(made, at=timezone.now())
    revoke_training(own.training, "Syy.", by=make_coordinator(), at=timezone.now())

    answer = client.get(url("certificate-paper", made.shown_number, "en"))

    assert answer.url == url("certificate", made.shown_number)


def test_machine_without_pango_says_to_print(client, monkeypatch):
    own = completed()
    client.force_login(own.person, backend=BACKEND)
    monkeypatch.setattr("luukku.training.actions.papers.write_pdf", lambda _html: None)
    actions.write_record(own.person, "en", at=timezone.now())

    assert "Print this page instead" in flat(client.get(url("record")))


def test_record_shows_nobody_elses_trainings(client):
    completed()
    client.force_login(make_person(), backend=BACKEND)

    assert "Digitaidot" not in flat(client.get(url("record")))
    assert client.get(url("record-json")).json()["trainings"] == []


def test_applicant_reads_the_second_choice_with_the_first_in_words_of_their_own(client):
    now = timezone.now()
    first, second = make_run(now), make_run(now)
    person = make_person()
    own = actions.apply(first, why="Haluan oppia.", second=second, by=person, at=now)
    client.force_login(person, backend=BACKEND)

    page = flat(client.get(url("application", own.pk)))

    kept = Application.objects.get(after=own)
    assert url("application", kept.pk) in page
    assert "Why you would like to come" in page
    assert "Days without an answer" not in page
