"""Programmes of training at the counter, and what everybody reads of them."""

import re
import uuid

import pytest
from django.urls import reverse

from luukku.organisations.models import MemberRole, Task
from luukku.training.models import Programme
from luukku.training.states import ProgrammeState
from tests.factories.accounts import make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_programme
from tests.markup import flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def url(name, *args):
    return reverse(f"counter:{name}", args=args)


def sent(producer, **changes):
    return {
        "form_token": str(uuid.uuid4()), "kind": "further", "further_kind": "digital", "title_fi": "Digitaidot",
        "producers": [producer.pk], "languages": ["fi"], "contact_digital": 90, "own_digital": 30,
    } | changes  # fmt: skip


def test_programme_is_written_with_minutes_and_shown_in_hours(counter):
    producer = make_organisation(tasks=[Task.TRAINS])

    answer = counter.post(url("programme-new"), sent(producer))

    made = Programme.objects.get()
    assert (answer.status_code, answer.url) == (303, url("programme", made.pk))
    page = flat(counter.get(answer.url))
    assert "1.5 h together, 0.5 h by oneself" in page
    assert "Further training: digital skills" in page
    counter.post(url("programme-edit", made.pk), sent(producer, contact_digital="", own_online=60))
    spent = made.topics.values_list("topic", "contact_minutes", "own_minutes")
    assert set(spent) == {("digital", 0, 30), ("online", 0, 60)}


def opened(page):
    folds = re.findall(r'<details\s+class="more"\s*(open)?\s*>', page.content.decode())
    return [bool(one) for one in folds]


def test_form_is_folded_until_a_section_holds_something_or_is_wrong(counter):
    producer = make_organisation(tasks=[Task.TRAINS])
    assert opened(counter.get(url("programme-new"))) == [False] * 5

    few = sent(producer, max_group=0, contact_digital="", own_digital="", languages=[])
    wrong = counter.post(url("programme-new"), few)
    assert opened(wrong) == [False, False, False, False, True]

    counter.post(url("programme-new"), sent(producer, title_sv="Digitalt"))
    edited = counter.get(url("programme-edit", Programme.objects.get().pk))
    assert opened(edited) == [True, True, True, False, False]
    fields = set(edited.context["form"].fields)
    assert all(f'name="{name}"' in edited.content.decode() for name in fields)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"further_kind": ""}, "further_kind", "Choose what the further training is about."),
        ({"kind": "basic"}, "further_kind", "Choose this only for a further training."),
        ({"min_group": 9, "max_group": 4}, "max_group", "The largest group cannot be smaller than the smallest."),
        ({"contact_digital": 60001}, "contact_digital", "Ensure this value is less than or equal to 60000."),
        ({"title_fi": " "}, "title_fi", None),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field_and_kept(counter, changes, field, words):
    producer = make_organisation(tasks=[Task.TRAINS])

    answer = counter.post(url("programme-new"), sent(producer, **changes))

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, [field])
    assert words is None or [str(one) for one in form.errors[field]] == [words]
    assert form["own_digital"].value() == "30"
    assert not Programme.objects.exists()


def test_programme_goes_its_way_and_is_read_by_everybody_once_agreed(counter, client):
    made = make_programme()
    everybody = reverse("public:programmes")

    for move, state in (
        ("share", "shared"), ("take_back", "draft"), ("share", "shared"), ("agree", "agreed"),
        ("retire", "retired"), ("resume", "agreed"),
    ):  # fmt: skip
        assert (
            url("programme-move", made.pk, move)
            in counter.get(url("programme", made.pk)).content.decode()
        )
        assert counter.get(url("programme-move", made.pk, move)).status_code in (200, 303)
        assert Programme.objects.get().state != state
        counter.post(url("programme-move", made.pk, move), {"decision": "Kokous"})
        assert Programme.objects.get().state == state
        is_read = "12 h together, 5 h by oneself" in flat(client.get(everybody))
        assert is_read == (state == "agreed")

    answer = counter.post(url("programme-move", made.pk, "renew"))
    assert answer.url == url("programme", made.renewed_by.pk)
    again = counter.post(url("programme-move", made.pk, "renew"), follow=True)
    assert "A new version has already been begun." in again.content.decode()
    assert counter.post(url("programme-move", made.pk, "burn")).status_code == 404


def test_programme_without_topics_is_not_shared_and_says_why(counter):
    made = make_programme(topics={})

    answer = counter.post(url("programme-move", made.pk, "share"), follow=True)

    assert "Say first who holds the training" in answer.content.decode()
    assert Programme.objects.get().state == ProgrammeState.DRAFT


def test_programmes_side_by_side_show_holes_and_what_is_much_the_same(counter):
    shared = {"state": ProgrammeState.SHARED}
    first = {"story": (60, 0), "ethics": (60, 0), "roles": (60, 0)}
    make_programme(**shared, title_fi="Yksi", topics=first)
    make_programme(**shared, title_fi="Toinen", topics=first | {"group": (30, 0)})
    make_programme(**shared, title_fi="Kolmas", topics={"digital": (90, 0)})
    make_programme(title_fi="Luonnos")

    page = flat(counter.get(url("programmes-compare")))

    assert "Much the same topics (75 %): Toinen and Yksi." in page
    assert page.count("Much the same") == 1
    assert "Luonnos" not in page
    assert '<th scope="row">Digital skills</th><td>1.5 + 0</td><td>–</td><td>–</td>' in page


def test_lists_of_programmes_cost_the_same_with_one_and_three(
    counter, client, django_assert_num_queries
):
    costs = []
    for n in (1, 2):
        for _n in range(n):
            make_programme(state=ProgrammeState.AGREED)
        for page in (url("programmes"), url("programmes-compare"), reverse("public:programmes")):
            counter.get(page)
            with django_assert_num_queries(100, exact=False) as asked:
                counter.get(page)
            costs.append((page, len(asked)))

    assert costs[:3] == costs[3:]


def test_programmes_are_the_counter_s_own(client):
    made = make_programme()
    client.force_login(make_person(), backend=BACKEND)

    for name, args in (
        ("programmes", ()),
        ("programme", (made.pk,)),
        ("programme-edit", (made.pk,)),
    ):
        assert client.get(url(name, *args)).status_code == 403


def named_by_another():
    """A draft that one producer has made, with another organisation named beside its own."""
    own, other = (
        make_organisation("A", tasks=[Task.TRAINS]),
        make_organisation("B", tasks=[Task.TRAINS]),
    )
    by = make_member(own, role=MemberRole.PRODUCER)
    return make_programme(by=by, producers=[own, other]), other


def test_counter_notes_who_has_said_yes_and_takes_it_back(counter):
    programme, other = named_by_another()
    there, holders = url("programme", programme.pk), url("programme-holders", programme.pk)
    assert f'href="{holders}"' in flat(counter.get(there))

    counter.post(holders, {"form_token": str(uuid.uuid4()), "asked": [other.pk]})
    noted = (list(programme.unasked.all()), "checked" in flat(counter.get(holders)))
    counter.post(holders, {"form_token": str(uuid.uuid4())})

    assert noted == ([], True)
    assert list(programme.unasked.all()) == [other]


def test_only_those_whom_another_has_named_can_be_noted(counter):
    programme, other = named_by_another()
    stranger = make_organisation("C", tasks=[Task.TRAINS])

    answer = counter.post(
        url("programme-holders", programme.pk),
        {"form_token": str(uuid.uuid4()), "asked": [stranger.pk]},
    )

    assert (answer.status_code, list(programme.unasked.all())) == (422, [other])


def test_agreed_programme_leads_from_its_holders_to_its_page(counter):
    programme = make_programme(state="agreed")

    answer = counter.get(url("programme-holders", programme.pk))

    assert (answer.status_code, answer.url) == (303, url("programme", programme.pk))
