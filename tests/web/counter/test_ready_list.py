"""The list of ready answers: what stands in it, its order, its filters, and who sees it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from luukku.guidance.models import CannedAnswer
from tests.factories.accounts import make_admin, make_person, make_steering
from tests.factories.guidance import make_ready_answer
from tests.web.valid import faults

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def titles(counter):
    """Return what the list is asked for by a query: the titles in their order."""

    def titles(**query):
        answer = counter.get(reverse("counter:answers"), query)
        assert faults(answer.content.decode()) == []
        return [row.of.title for row in answer.context["list"].rows]

    return titles


def test_ready_answers_in_use_come_first_by_language_and_by_use(titles, now):
    make_ready_answer(now, "Poissa", is_active=False)
    make_ready_answer(now, "Vem?", language="sv")
    for title in ("Öljy", "Äiti", "Usein"):
        make_ready_answer(now, title)
    CannedAnswer.objects.filter(title="Usein").update(used_count=4)

    assert titles() == ["Usein", "Äiti", "Öljy", "Vem?", "Poissa"]
    assert titles(sort="-used_count")[0] == "Usein"
    with translation.override("fi"):
        assert titles(sort="language")[-1] == "Vem?"  # svenska comes after suomi


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "PALKKIO"}, ["Palkkiot"]),
        ({"q": "verokort"}, ["Palkkiot"]),
        ({"q": "kuka verokortti"}, []),
        ({"language": "sv"}, ["Vem?"]),
        ({"use": "used"}, ["Palkkiot", "Vem?"]),
        ({"use": "unused"}, ["Poissa"]),
        ({"faq": "on"}, ["Palkkiot"]),
    ],
)
def test_ready_answers_are_narrowed(titles, now, query, found):
    make_ready_answer(now, "Palkkiot", words="Tuo verokortti.", may_be_faq=True)
    make_ready_answer(now, "Vem?", language="sv")
    make_ready_answer(now, "Poissa", is_active=False, may_be_faq=True)

    assert titles(**query) == found


def test_only_what_may_be_published_leads_there(counter, now):
    may, other, gone = (
        make_ready_answer(now, "Yksi", may_be_faq=True),
        make_ready_answer(now, "Kaksi"),
        make_ready_answer(now, "Kolme", may_be_faq=True, is_active=False),
    )

    page = counter.get(reverse("counter:answers")).content.decode()

    links = [reverse("counter:answer-publish", args=[one.pk]) in page for one in (may, other, gone)]
    assert links == [True, False, False]


def test_title_is_said_in_its_own_language(counter, now):
    make_ready_answer(now, "Vem?", language="sv")

    page = counter.get(reverse("counter:answers")).content.decode()

    assert '<span lang="sv">Vem?</span>' in page


@pytest.mark.parametrize("name", ["list-print", "list-save"])
def test_what_is_done_with_the_list_stands_under_the_tab_of_questions(counter, now, name):
    make_ready_answer(now)

    answer = counter.get(reverse(f"counter:{name}", args=["answers"]))

    assert [tab["label"] for tab in answer.context["tabs"] if tab["is_current"]] == ["Questions"]


@pytest.mark.parametrize("make", [make_person, make_admin, make_steering])
def test_ready_answers_are_the_counter_s(make, now):
    make_ready_answer(now)
    client = Client()
    client.force_login(make(), backend=BACKEND)

    assert client.get(reverse("counter:answers")).status_code == 403
    assert client.get(reverse("counter:list-print", args=["answers"])).status_code == 403
    assert client.post(reverse("counter:list-export", args=["answers"])).status_code == 403
