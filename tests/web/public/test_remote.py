"""Help for taking part remotely: for everybody, without an account."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.events.models import MATERIALS_KEPT, Audience, ForWhom, Kind, Material, Mode
from luukku.events.states import EventState
from luukku.readiness.actions import retire_device
from tests.factories.accounts import make_coordinator
from tests.factories.events import make_event
from tests.factories.experts import make_expert
from tests.factories.readiness import make_device
from tests.markup import said

pytestmark = pytest.mark.django_db


def give(event, titles, for_whom=ForWhom.EVERYBODY, *, at):
    """Give the event materials as they stand after its organiser has added them."""
    first = event.materials.count()
    return [
        Material.objects.create(
            event=event, number=first + n, title=title, for_whom=for_whom, made_by=event.made_by,
            url=f"https://sivusto.example/{first + n}", made_at=at,
        ) for n, title in enumerate(titles, 1)
    ]  # fmt: skip


WORDS = {
    "fi": ("Osallistut asiakkaana", "Kutsut ammattilaisena", "Olet kokemusasiantuntija"),
    "sv": ("Du deltar som klient", "Du bjuder in som yrkesperson", "Du är erfarenhetsexpert"),
    "en": ("You come as a client", "You invite as a professional", "You are an expert by"),
}


@pytest.mark.parametrize("language", WORDS)
def test_everybody_reads_how_to_join_in_their_language(client, settings, language):
    page = said(client.get(f"/{language}/remote/"))

    assert all(words in page for words in WORDS[language])


@pytest.mark.parametrize("number", [1, 3])
def test_practices_that_are_coming_are_listed(client, now, number, django_assert_num_queries):
    for n in range(number):
        make_event(now, kind=Kind.ONLINE_PRACTICE, title_fi=f"Harjoitus {n}", title_en=f"Try {n}")
    make_event(now, kind=Kind.ONLINE_PRACTICE, title_en="Draft", state=EventState.DRAFT)
    make_event(now, kind=Kind.ONLINE_PRACTICE, title_en="Invited", audience=Audience.INVITED)
    make_event(now, kind=Kind.INFO, title_en="Another")
    client.get("/en/remote/")

    with django_assert_num_queries(5):
        page = said(client.get("/en/remote/"))

    assert all(f"Try {n}" in page for n in range(number))
    assert page.index("Try 0") < page.rindex(
        "You come as a client"
    )  # before what concerns one group
    assert not any(words in page for words in ("Draft", "Invited", "Another"))


@pytest.mark.parametrize("number", [1, 3])
def test_who_learns_alone_finds_what_practices_gave_everybody(
    client, now, number, django_assert_num_queries
):
    held = make_event(now, kind=Kind.ONLINE_PRACTICE, starts_at=now - timedelta(days=9))
    give(held, [f"Video {n}" for n in range(number)], at=now)
    give(held, ["For those who came"], ForWhom.PLACE, at=now)
    client.get("/en/remote/")

    with django_assert_num_queries(4):
        page = said(client.get("/en/remote/"))

    assert all(f"Video {n}" in page for n in range(number))
    assert page.count("(sivusto.example)") == number
    assert "For those who came" not in page


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": Kind.INFO},
        {"audience": Audience.INVITED},
        {"state": EventState.CANCELLED},
        {"state": EventState.DRAFT},
        {"starts_at": -MATERIALS_KEPT},
    ],
)
def test_who_learns_alone_finds_nothing_that_is_not_for_everybody(client, now, fields):
    fields = {"kind": Kind.ONLINE_PRACTICE, "starts_at": -timedelta(days=9)} | fields
    event = make_event(
        now, **fields | {"starts_at": now + fields["starts_at"] - timedelta(hours=3)}
    )
    give(event, ["Video"], at=now)

    assert "Video" not in said(client.get("/en/remote/"))


def test_without_practices_the_counter_offers_to_practise(client):
    assert "The counter practises with you when you ask." in said(client.get("/en/remote/"))


@pytest.mark.parametrize("mode", [Mode.REMOTE, Mode.BOTH, Mode.PLACE])
def test_remote_event_leads_to_the_help(client, now, mode):
    event = make_event(now, mode=mode)

    page = client.get(reverse("public:event", args=[event.pk])).content.decode()
    main = page[page.index("<main") : page.index("</main")]

    assert (reverse("public:remote") in main) == (mode != Mode.PLACE)


def test_every_page_leads_to_the_help(client):
    page = client.get(reverse("public:calls")).content.decode()

    assert reverse("public:remote") in page[page.index("<footer") :]


@pytest.mark.parametrize(("make", "has_link"), [(make_expert, True), (make_coordinator, False)])
def test_only_who_has_the_desk_is_led_to_it(client, make, has_link):
    one = make()
    visitor = client.get(reverse("public:remote"))
    client.force_login(
        getattr(one, "user", one), backend="django.contrib.auth.backends.ModelBackend"
    )

    there = reverse("expert:readiness")
    assert there in visitor.content.decode()
    assert (there in client.get(reverse("public:remote")).content.decode()) is has_link


def test_page_tells_that_one_can_borrow_only_while_somebody_lends(client, now):
    before = said(client.get("/en/remote/"))
    device = make_device(now)
    during = said(client.get("/en/remote/"))
    retire_device(device, by=make_coordinator(), at=now)
    after = said(client.get("/en/remote/"))

    assert ["Borrowing equipment" in page for page in (before, during, after)] == [
        False,
        True,
        False,
    ]
