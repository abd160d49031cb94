"""What is said about offers and tasks: neutral subjects, the right next step, the reader's language."""

from datetime import timedelta

import pytest
from django.urls import resolve
from django.utils import translation

from luukku.assignments import actions
from luukku.assignments.notices import when, where
from luukku.core.links import read
from luukku.notices.models import Letter
from luukku.orders.models import CancelledBy, Mode
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import make_order, make_orderer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def path_of(letter):
    return letter.link.removeprefix("http://testserver")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_letter_names_a_theme_a_person_or_the_order_in_its_subject_or_link(at, language):
    orderer = make_orderer(at=at, language=language, name="Orvokki Tilaaja")
    expert = make_expert(at=at, user=make_person("Eemeli Asiantuntija", language=language))
    counter = make_coordinator()
    title = "Masennuksesta toipuminen"

    def search():
        return make_search(at, orderer=orderer, title=title)

    task = make_agreed(at, order=search(), expert=expert)
    actions.cancel(task, whose=CancelledBy.EXPERT, reason="", by=expert.user, at=at)
    actions.withdraw(make_offer(at, order=search(), expert=expert), by=counter, at=at)
    actions.decline(make_sign_up(at, order=search(), expert=expert), by=counter, at=at)
    filled = search()
    make_sign_up(at, order=filled, expert=expert)
    make_agreed(at, order=filled)
    make_offer(at, order=search(), expert=expert, answer_by=at + DAY)
    actions.expire_overdue(at=at + 2 * DAY)

    mine = Letter.objects.filter(kind__startswith="assignments.", reader=expert.user)
    kinds = {kind.removeprefix("assignments.") for kind in mine.values_list("kind", flat=True)}
    assert kinds == {
        "offered",
        "agreed",
        "cancelled",
        "withdrawn",
        "signed_up",
        "sign_up_declined",
        "filled",
        "expired",
    }
    theme = task.order.order_themes.get().theme
    words = [
        title,
        "Masennu",
        theme.name_fi,
        theme.name_sv,
        theme.name_en,
        "Orvokki",
        "Eemeli",
    ]
    for letter in Letter.objects.filter(kind__startswith="assignments."):
        seen = f"{letter.subject} {letter.link}".casefold()
        assert not [word for word in words if word.casefold() in seen], letter.kind
        assert letter.subject
        assert path_of(letter).startswith(f"/{letter.language}/")
        summaries = [line for line in letter.calendar.splitlines() if line.startswith("SUMMARY")]
        assert not [word for word in words if word.casefold() in str(summaries).casefold()]


def test_offer_letter_answers_by_a_link_of_its_readers_own(at):
    offer = make_offer(at, expert=make_expert(at=at, user=make_person(language="en")))

    letter = Letter.objects.get(kind="assignments.offered")

    found = resolve(path_of(letter))
    assert found.view_name == "public:offer-link"
    link = read(found.kwargs["token"], purpose="offer", max_age=DAY)
    assert (link.object_id, link.person_id) == (offer.pk, offer.expert.user_id)


def test_agreed_letter_leads_each_side_to_its_own_desk(at):
    expert = make_expert(at=at, user=make_person(language="en"))
    task = make_agreed(at, orderer=make_orderer(at=at, language="en"), expert=expert)

    letters = {
        letter.reader_id: letter for letter in Letter.objects.filter(kind="assignments.agreed")
    }

    mine, theirs = letters[task.expert.user_id], letters[task.order.contact_id]
    assert resolve(path_of(mine)).view_name == "expert:task"
    assert resolve(path_of(theirs)).view_name == "orderer:order"
    assert "Thank you for your yes" in mine.body
    assert theirs.subject == f"Order {task.order_id}: expert found"
    assert "Everything has been agreed" in theirs.body
    assert expert.user.name not in theirs.body  # the name opens behind sign-in, and is noted there
    assert "Antinkatu 2, Pori" in mine.body


def test_reminder_carries_no_second_calendar_entry(at):
    make_agreed(at)

    reminder = Letter.objects.filter(kind="assignments.reminder").first()

    assert reminder.calendar == ""
    assert reminder.body


def test_when_names_the_end_day_only_if_it_is_another(at):
    with translation.override("fi"):
        same, night = when(at, at + timedelta(hours=2)), when(at, at + timedelta(hours=14))

    assert same == "1.12.2026 klo 12.00–14.00"
    assert night == "1.12.2026 klo 12.00–2.00 (päättyy ke 2.12.)"


@pytest.mark.parametrize(
    "mode,address,expected",
    [
        (Mode.PLACE, "Antinkatu 2", "Antinkatu 2, Pori"),
        (Mode.PLACE, "", "Pori"),
        (Mode.REMOTE, "", "remotely"),
        (Mode.EITHER, "Antinkatu 2", "Antinkatu 2, Pori or remotely"),
    ],
)
def test_where_says_the_place_in_words(at, mode, address, expected):
    assert where(make_order(at, mode=mode, address=address)) == expected
