"""What a certificate is taken along as: PDF, badge, record."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation
from PIL import ImageFile
from pypdf import PdfReader

from luukku.events.actions import check_in
from luukku.experts.actions import revoke_training
from luukku.training import actions
from luukku.training.models import BadgeIssuer, Certificate, Paper
from luukku.training.queries import content_of, named_issuer, record_of
from luukku.training.refusals import NotItsProducer
from tests.badge_check import token_of, verified
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_organisation
from tests.factories.training import make_application, make_programme, make_run

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timedelta(days=1)


def completed(person=None, **programme):
    now = timezone.now()
    past, end = now - 90 * DAY, now - 40 * DAY
    made = make_programme(past, state="agreed", title_fi="Digitaidot", **programme)
    run = make_run(past, programme=made, starts_at=end)
    own = actions.choose(
        make_application(run, person or make_person("Aino Osaaja"), at=past),
        by=make_coordinator(),
        at=past,
    )
    return actions.complete(
        own, contact_minutes=720, own_minutes=300, by=make_coordinator(), at=now
    )


def in_force(own):
    return own.certificates.get(replaced_by=None)


def text_of(paper):
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(bytes(paper.pdf))).pages)


def test_badge_verifies_in_a_process_that_knows_nothing_of_us():
    own = completed()
    token, badge = token_of(in_force(own))

    assert verified(token, badge) == "Digitaidot Kokemusluukku"
    assert verified(token[:-6] + "AAAAAA", badge).startswith("REFUSED")


def test_badge_names_neither_the_person_nor_the_producer():
    own = completed()
    token, badge = token_of(in_force(own))

    said = json.dumps(badges_content(token), ensure_ascii=False)

    assert "Aino" not in said
    assert own.run.event.organiser.name not in said
    assert badges_content(token)["credentialSubject"]["id"] == f"urn:uuid:{badge.subject}"


def badges_content(token):
    import base64

    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def test_withdrawn_training_revokes_its_badge():
    own = completed()
    token, badge = token_of(in_force(own))
    revoke_training(own.training, "Salainen syy.", by=make_coordinator(), at=timezone.now())

    told = verified(token, badge)

    assert told.startswith("REFUSED")
    assert "revocation" in told
    assert "Salainen" not in told


def test_new_name_revokes_the_old_badge_and_the_new_one_holds():
    own = completed()
    old = token_of(in_force(own))
    own.person.name = "Aino Uusi"
    own.person.save()

    actions.reissue(in_force(own), by=own.person, at=timezone.now())

    new = token_of(in_force(own))
    assert verified(*old).startswith("REFUSED")
    assert verified(*new) == "Digitaidot Kokemusluukku"
    assert old[1].subject != new[1].subject


def test_badge_of_a_deleted_certificate_is_revoked():
    own = completed()
    token, badge = token_of(in_force(own))

    own.certificates.all().delete()

    assert verified(token, badge).startswith("REFUSED")


def test_certificates_go_with_the_training_and_the_badges_are_revoked():
    own, stays = completed(), completed()
    actions.write_certificate(in_force(own), at=timezone.now())
    own.person.name = "Aino Uusi"
    own.person.save()
    actions.reissue(in_force(own), by=own.person, at=timezone.now())
    token, badge = token_of(in_force(own))
    own.training.delete()

    actions.forget_applications(at=timezone.now())

    assert {row.application for row in Certificate.objects.all()} == {stays}
    assert not Paper.objects.filter(person=own.person).exists()
    assert verified(token, badge).startswith("REFUSED")


def test_badge_that_has_run_out_is_refused_without_the_list():
    own = completed(validity_months=1)
    token, badge = token_of(in_force(own))

    assert "expired" in verified(token, badge)
    assert not badge.issuer.badges.revoked().exists()


def test_person_names_the_producer_and_takes_it_back():
    own = completed()
    producer = own.run.programme.producers.first()

    actions.name_issuer(in_force(own), producer, by=own.person, at=timezone.now())
    named = (in_force(own).words["issuer"], verified(*token_of(in_force(own))))
    actions.name_issuer(in_force(own), None, by=own.person, at=timezone.now())
    taken_back = (in_force(own).words["issuer"], verified(*token_of(in_force(own))))

    assert named == (producer.name, f"Digitaidot {producer.name}")
    assert taken_back == ("Kokemusluukku", "Digitaidot Kokemusluukku")
    assert BadgeIssuer.objects.count() == 2


def test_naming_the_same_issuer_again_makes_nothing():
    own = completed()
    before = in_force(own)

    actions.name_issuer(before, None, by=own.person, at=timezone.now())

    assert own.certificates.get() == before


def test_new_name_keeps_the_issuer_that_was_chosen():
    own = completed()
    producer = own.run.programme.producers.first()
    actions.name_issuer(in_force(own), producer, by=own.person, at=timezone.now())
    own.person.name = "Aino Uusi"
    own.person.save()

    actions.reissue(in_force(own), by=make_coordinator(), at=timezone.now())

    assert named_issuer(in_force(own)) == producer


def test_only_the_person_names_a_producer_and_only_one_of_the_programme():
    own = completed()
    producer = own.run.programme.producers.first()

    with pytest.raises(PermissionDenied):
        actions.name_issuer(in_force(own), producer, by=make_coordinator(), at=timezone.now())
    with pytest.raises(PermissionDenied):
        actions.name_issuer(in_force(own), producer, by=make_person(), at=timezone.now())
    with pytest.raises(NotItsProducer):
        actions.name_issuer(in_force(own), make_organisation(), by=own.person, at=timezone.now())


def test_certificate_is_written_in_three_languages_once():
    own = completed()
    certificate = in_force(own)

    first = actions.write_certificate(certificate, at=timezone.now())
    again = actions.write_certificate(certificate, at=timezone.now())

    assert (len(first), again) == (3, [])
    finnish = text_of(Paper.objects.get(certificate=certificate, language="fi"))
    for words in ("Todistus", "Aino Osaaja", "Digitaidot", certificate.shown_number):
        assert words in finnish
    assert own.run.event.organiser.name not in finnish


def test_paper_is_tagged_and_says_its_language():
    own = completed()
    actions.write_certificate(in_force(own), at=timezone.now())

    paper = PdfReader(BytesIO(bytes(Paper.objects.get(language="sv").pdf)))

    root = paper.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("sv", True)


def test_machine_without_pango_leaves_no_half_paper(monkeypatch):
    own = completed()
    monkeypatch.setattr("luukku.training.actions.papers.write_pdf", lambda _html: None)

    actions.write_certificate(in_force(own), at=timezone.now())
    monkeypatch.undo()

    assert set(Paper.objects.values_list("pdf", flat=True)) == {None}
    assert len(actions.write_certificate(in_force(own), at=timezone.now())) == 3


def test_record_tells_every_training_and_its_certificate():
    own = completed()
    with translation.override("fi"):
        rows = record_of(own.person, on=timezone.now().date())

    assert rows[0]["issuer"] == "Kokemusluukku"
    assert [(row["name"], row["hours"], row["standing"], row["certificate"]) for row in rows] == [
        ("Digitaidot", 17, "counts", in_force(own).shown_number)
    ]


def test_record_on_paper_is_only_asked_for_oneself():
    own = completed()

    with pytest.raises(PermissionDenied):
        actions.ask_record(own.person, "fi", by=make_coordinator(), at=timezone.now())

    paper = actions.write_record(own.person, "fi", at=timezone.now())
    assert "Digitaidot" in text_of(paper)


def test_writing_a_paper_lets_no_cut_picture_pass_for_a_whole_one():
    actions.write_certificate(in_force(completed()), at=timezone.now())

    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_certificate_tells_whether_hours_were_marked_at_the_sessions():
    unmarked = in_force(completed())
    own = completed(make_person("Jorma Karhu"))
    session, place = own.run.event.sessions.get(), own.run.event.sign_ups.get()
    check_in(session, {place.pk: "here"}, by=make_coordinator(), at=timezone.now())
    old = in_force(own)  # made before certificates told it: the marks of now are asked
    del old.words["is_marked"]

    assert (content_of(unmarked).is_marked, content_of(old).is_marked) == (False, True)
    assert in_force(own).words["is_marked"] is False
