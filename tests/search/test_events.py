"""Events and trainings are found as long as one can come, by what their open page says and nothing else."""

import pytest

from luukku.events import actions as events
from luukku.events.actions import Time
from luukku.events.models import Audience, Event, Kind, Mode, Series
from luukku.events.states import EventState
from luukku.search import actions
from luukku.search.models import Document
from luukku.search.queries import Filters, search
from luukku.taxonomy.models import Municipality, Theme
from tests.factories.content import make_page, make_section
from tests.factories.events import make_event

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SECRET = "masennus"


@pytest.fixture
def rauma():
    return Municipality.objects.get(name_fi="Rauma")


@pytest.fixture
def evening(at, rauma):
    """A published peer meeting of a series whose theme nobody is told."""
    theme = Theme.objects.get(code="depression")
    draft = make_event(
        at, kind=Kind.PEER, state=EventState.DRAFT, title_fi="Iltatee", title_sv="Kvällste",
        summary_fi="Puhutaan jaksamisesta.", address="Kirjasto", municipality=rauma,
    )  # fmt: skip
    draft.series = Series.objects.create(
        organiser=draft.organiser, theme=theme, made_at=at, title_fi="Ryhmä"
    )
    draft.save()
    return events.publish(draft, by=draft.made_by, at=at)


def urls(words, language="fi", **filters):
    return [hit.url for hit in search(words, language=language, filters=Filters(**filters)).hits]


def test_event_is_found_by_its_words_town_and_kind(evening, rauma):
    here = f"/fi/events/{evening.pk}/"

    for words in ("iltatee", "jaksaminen", "raumalla", "kirjasto", "vertaistapaaminen"):
        assert here in urls(words), words
    assert urls("iltatee", kind="event", place=rauma.code) == [here]
    assert urls("iltatee", kind="training") == []
    assert urls("kvällste", "sv") == [f"/sv/events/{evening.pk}/"]


def test_theme_of_a_series_finds_nothing(evening):
    assert f"/fi/events/{evening.pk}/" not in urls(SECRET)
    document = Document.objects.get(object_id=f"event-{evening.pk}", language="fi")
    assert document.groups == []
    assert not any("depression" in key or SECRET in key for key in document.keys)
    assert "Ryhmä" not in document.body


def test_training_is_found_as_one_and_by_being_remote(at):
    draft = make_event(
        at,
        kind=Kind.BASIC,
        state=EventState.DRAFT,
        mode=Mode.REMOTE,
        title_fi="Alku",
        meeting_url="https://esimerkki.example/alku",
    )
    made = events.publish(draft, by=draft.made_by, at=at)

    assert urls("etänä peruskoulutus", kind="training") == [f"/fi/events/{made.pk}/"]


@pytest.mark.parametrize("ends", ["cancelled", "held", "invited"])
def test_event_that_nobody_can_come_to_is_found_no_more(evening, at, ends):
    if ends == "cancelled":
        events.cancel(evening, by=evening.made_by, at=at)
    elif ends == "held":
        events.finish(evening, by=type(evening.made_by).objects.machine(), at=evening.ends_at)
    else:
        events.edit(evening, by=evening.made_by, at=at, audience=Audience.INVITED)

    assert urls("iltatee") == []


def test_changed_event_is_found_by_its_new_words(evening, at):
    events.edit(evening, by=evening.made_by, at=at, title_fi="Aamukahvi")

    assert (urls("iltatee"), len(urls("aamukahvi"))) == ([], 1)


def test_page_about_an_event_follows_it(evening, at):
    page = make_page("event", "ilta", parent=make_section("events"), title="Ilta", event=evening)
    actions.index_page(page)
    before = [page.url_path in urls(word) for word in ("kirjasto", "kahvila")]

    events.edit(evening, by=evening.made_by, at=at, address="Kahvila")
    moved = [page.url_path in urls(word) for word in ("kirjasto", "kahvila")]
    events.edit(evening, by=evening.made_by, at=at, audience=Audience.INVITED)
    invited = page.url_path in urls("kahvila")

    assert (before, moved, invited) == ([True, False], [False, True], False)


def test_draft_is_not_found(at):
    draft = make_event(at, state=EventState.DRAFT, title_fi="Iltatee")
    start = draft.starts_at
    events.set_times(draft, [Time(start, draft.ends_at)], by=draft.made_by, at=at)
    events.edit(draft, by=draft.made_by, at=at, title_fi="Iltatee toinen")

    assert urls("iltatee") == []


def test_rebuild_finds_what_can_be_come_to(at):
    for state in EventState:
        make_event(at, state=state, title_fi=f"Iltatee {state}")

    actions.rebuild()

    assert sorted(urls("iltatee")) == sorted(
        f"/fi/events/{pk}/"
        for pk in Event.objects.filter(state__in=["published", "closed"]).values_list(
            "pk", flat=True
        )
    )
