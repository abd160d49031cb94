"""The counter finds a person's other account, makes the two one and takes it back."""

import pytest
from django.urls import reverse

from luukku.accounts.models import User
from luukku.notices.models import Letter
from luukku.workbench import actions
from luukku.workbench.models import Merged
from tests.factories.accounts import make_person, make_steering
from tests.factories.orders import make_order, make_orderer
from tests.factories.organisations import make_organisation
from tests.markup import flat
from tests.web.counter.picking import offered_in

pytestmark = pytest.mark.django_db
WHY = "Soitettu."


def url(name, *args):
    return reverse(f"counter:{name}", args=args)


@pytest.fixture
def pair(now):
    double = make_orderer(at=now, name="Onni Jokinen", email="onni@toinen.test")
    return double, make_person("Onni Jokinen", email="onni@koulu.test", phone="040 123 4567")


def test_other_account_is_found_by_name_or_by_a_search(counter, pair):
    double, into = pair
    other = make_person("Aino", phone="0501112223")

    page = flat(counter.get(url("person-merge", double.pk)))
    only = counter.post(url("person-merge", double.pk), {"other_words": "050 111 2223"})
    make_person("Aino", phone="0501112224")
    two = counter.post(url("person-merge", double.pk), {"other_words": "050 111"})
    chosen = counter.post(url("person-merge", double.pk), {"other": other.pk})

    assert url("person-merge", double.pk) in flat(counter.get(url("person", double.pk)))
    links = [url("person-merge-with", double.pk, one.pk) for one in (into, other, double)]
    assert [link in page for link in links] == [True, False, False]
    assert other.pk in {int(one.key) for one in offered_in(two)}
    assert len(offered_in(two)) == 2
    assert only["Location"] == chosen["Location"] == links[1]


@pytest.mark.parametrize("rows", [1, 3])
def test_search_for_the_other_asks_the_same_however_many(
    counter, rows, django_assert_num_queries, now
):
    person = make_person("Onni Jokinen")
    for n in range(rows):
        make_orderer(at=now, name="Onni Jokinen", email=f"{n}@onni.test")
    counter.get(url("person-merge", person.pk))

    with django_assert_num_queries(QUERIES):
        counter.get(url("person-merge", person.pk))


QUERIES = 9


def test_merging_shows_both_asks_why_and_does_it_once(counter, pair, now):
    double, into = pair
    order = make_order(now, orderer=double)
    page = url("person-merge-with", double.pk, into.pk)

    shown = flat(counter.get(page))
    empty = counter.post(page, {"reason": " "})
    first, second = (counter.post(page, {"reason": WHY}) for _n in range(2))

    assert [word in shown for word in ("onni@toinen.test", "onni@koulu.test", "1 order")] == [
        True
    ] * 3
    assert (empty.status_code, first.status_code, second.status_code) == (422, 303, 303)
    assert first["Location"] == url("person", into.pk)
    order.refresh_from_db()
    assert (order.contact, Merged.objects.count()) == (into, 1)
    assert "onni@toinen.test" in flat(counter.get(url("person", into.pk)))
    assert url("person", into.pk) in flat(counter.get(url("person", double.pk)))


def test_what_cannot_be_merged_says_why_and_offers_the_way_round(counter, pair):
    double, into = pair
    User.objects.filter(pk=double.pk).update(roles=["steering"])

    page = flat(counter.get(url("person-merge-with", double.pk, into.pk)))

    assert "Turn the two round" in page
    assert url("person-merge-with", into.pk, double.pk) in page
    assert 'name="reason"' not in page


def test_account_in_use_says_who_can_make_it_one(counter, pair, now):
    double, into = pair
    User.objects.filter(pk__in=[double.pk, into.pk]).update(last_login=now)

    page = flat(counter.get(url("person-merge-with", double.pk, into.pk)))

    assert "Only an administrator can" in page
    assert 'name="reason"' not in page


def test_taking_back_asks_first(counter, coordinator, pair, now):
    merged = actions.merge(*pair, reason=WHY, by=coordinator, at=now)
    page = url("merge-take-back", merged.pk)

    asked = counter.get(page)
    merged.refresh_from_db()
    was = merged.taken_back_at
    done = counter.post(page)

    merged.refresh_from_db()
    assert (asked.status_code, was, done["Location"]) == (200, None, url("person", pair[0].pk))
    assert merged.taken_back_by == coordinator


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_nobody_else_merges(client, pair, make, coordinator, now):
    merged = actions.merge(*pair, reason=WHY, by=coordinator, at=now)
    client.force_login(make(), backend="django.contrib.auth.backends.ModelBackend")
    one, two = make_person("A"), make_person("A")

    for page in (
        url("person-merge", one.pk),
        url("person-merge-with", one.pk, two.pk),
        url("merge-take-back", merged.pk),
    ):
        assert client.get(page).status_code in {403, 404}, page
        assert client.post(page, {"reason": WHY}).status_code in {403, 404, 405}, page
    assert Merged.objects.count() == 1


def test_closed_double_leads_to_the_live_account_and_offers_no_act(counter, coordinator, pair, now):
    double, into = pair
    User.objects.filter(pk=double.pk).update(email=None)
    double.refresh_from_db()
    merged = actions.merge(double, into, reason=WHY, by=coordinator, at=now)

    page = flat(counter.get(url("person", double.pk)))

    led = [url("person", into.pk), url("merge-take-back", merged.pk)]
    acts = [url("person-email", double.pk), url("person-profile", double.pk), url("question-new")]
    assert [one in page for one in led] == [True, True]
    assert [one for one in [*acts, "Write a note", 'name="phone"'] if one in page] == []
    assert counter.post(url("person-email", double.pk), {"email": "b@b.test"}).status_code == 403
    assert counter.post(url("person-profile", double.pk)).status_code == 403
    assert counter.get(url("question-new"), {"person": double.pk}).status_code == 404


def test_known_address_of_somebody_who_has_not_signed_in_stands_in_its_box(counter):
    person = make_person("Aino", email="aino@koti.test")

    assert 'value="aino@koti.test"' in flat(counter.get(url("person", person.pk)))


def test_role_given_twice_is_said_to_be_there_already(counter, pair):
    _double, into = pair
    page, given = url("add-member", make_organisation().pk), {"user": into.pk, "role": "orderer"}

    said = [flat(counter.post(page, given, follow=True)) for _n in range(2)]

    assert ["Onni Jokinen has been added." in one for one in said] == [True, False]
    assert "Onni Jokinen has this role here already." in said[1]


def test_letter_leads_back_to_the_letters_of_its_order_or_reader(counter, coordinator, pair, now):
    double, into = pair
    order = make_order(now, orderer=double)
    actions.merge(double, into, reason=WHY, by=coordinator, at=now)
    Letter.objects.update(channel="mail")

    told = {one.about: flat(counter.get(url("letter", one.pk))) for one in Letter.objects.all()}

    assert f'href="{url("order", order.pk)}#letters"' in told[f"order-{order.pk}"]
    assert f'href="{url("person", into.pk)}#letters"' in told[f"account-{into.pk}"]


def test_two_unlike_people_are_warned_of_and_the_number_that_stays_is_told(counter, pair):
    double, into = pair
    other = make_person("Aino Lahti", phone="050 111 2223")

    alike = flat(counter.get(url("person-merge-with", double.pk, into.pk)))
    unlike = flat(counter.get(url("person-merge-with", other.pk, into.pk)))

    words = "neither the same name nor the same number"
    assert [words in page for page in (alike, unlike)] == [False, True]
    number = "The telephone number 040 123 4567 stays. The other one, 050 111 2223, is left"
    assert [number in page for page in (alike, unlike)] == [False, True]


def test_what_was_taken_back_is_not_offered_again(counter, coordinator, pair, now):
    merged = actions.merge(*pair, reason=WHY, by=coordinator, at=now)
    counter.post(url("merge-take-back", merged.pk), follow=True)

    for answer in (
        counter.get(url("merge-take-back", merged.pk), follow=True),
        counter.post(url("merge-take-back", merged.pk), follow=True),
    ):
        assert answer.redirect_chain[0][0] == url("person", pair[0].pk)
        assert "This was taken back on" in flat(answer)
        assert "They are two accounts again" not in flat(answer)


def test_end_of_a_merging_that_nobody_was_told_of_is_told_to_nobody(coordinator, now):
    double, into = (make_person("Onni Jokinen", email="", phone=f"040 {n}") for n in (1, 2))
    merged = actions.merge(double, into, reason=WHY, by=coordinator, at=now)
    assert Letter.objects.on_paper().filter(reader=into).exists()

    actions.take_back(merged, by=coordinator, at=now)

    assert not Letter.objects.on_paper().filter(reader__in=[double, into]).exists()
