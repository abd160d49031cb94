"""The eight things people come for, by the keyboard alone and without JavaScript, each to its end."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from luukku.accounts.models import User
from luukku.assignments.models import Offer, Origin
from luukku.assignments.states import OfferState
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.feedback.models import Feedback, Side
from luukku.guidance.models import Question
from luukku.notices.models import Letter
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.search.models import Miss
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.assignments import make_done, make_search
from tests.factories.experts import make_expert
from tests.factories.mail import newest_code
from tests.journeys.hands import WAYS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=WAYS)
def hand(request, chromium, live_server):
    """Somebody at the start page, with nothing remembered."""
    hand = WAYS[request.param](chromium, live_server.url)
    hand.open("/fi/")
    yield hand
    hand.context.close()


def letter_link(**which):
    """The address in the newest letter."""
    return Letter.objects.filter(**which).latest("pk").link.removeprefix("http://testserver")


def test_journey_find_out_what_it_is(hand):
    hand.link("Mitä kokemusasiantuntijuus on?")
    assert hand.reads("Mitä kokemusasiantuntijuus on?")

    hand.menu("Tehtävät")
    hand.link("Lue lisää : Työpari")

    assert hand.reads("Mitä se ei ole")
    hand.link("Tilaa tällainen")
    assert hand.reads("Et tarvitse käyttäjätiliä.")


def test_journey_order_without_an_account(hand):
    day = helsinki(timezone.now()).date() + timedelta(days=14)

    hand.link("Aloita tilaus")
    hand.press("Aloita tilaus")
    hand.choose("Tehtävätyyppi", "Luento tai oppitunti")
    hand.write("Lyhyt otsikko", "Vierailu kurssilla")
    hand.write("Tavoite: minkä pitäisi muuttua", "Opiskelijat uskaltavat kohdata")
    hand.write("Mitä kokemusasiantuntija tekee?", "Kertoo ja vastaa")
    hand.press("Tallenna ja jatka")
    hand.unfold("Elämäntilanne")
    hand.tick("Asunnottomuus")
    hand.write("Ketkä osallistuvat?", "Toisen vuoden opiskelijat")
    hand.press("Tallenna ja jatka")
    hand.choose("Kunta", "Pori")
    hand.date("Päivä", day)
    hand.time("Alkaa", "13:00")
    hand.time("Päättyy", "14:30")
    hand.press("Tallenna ja jatka")
    hand.tick("Sovittu ja budjetoitu", role="radio")
    hand.press("Tallenna ja jatka")
    hand.write("Nimesi", "Veera Vieras")
    hand.write("Sähköpostisi", "veera@example.test")
    hand.write("Organisaatio", "Kylän koulu")
    hand.choose("Millainen organisaatio", "Oppilaitos tai korkeakoulu")
    hand.press("Lähetä minulle vahvistuslinkki")
    hand.open(letter_link(kind="orders.guest_asked"))
    hand.press("Kyllä, lähetä tilaukseni")

    order = Order.objects.get()
    assert order.state == OrderState.SENT
    assert (order.title, helsinki(order.times.get().starts_at).date()) == (
        "Vierailu kurssilla",
        day,
    )


def test_journey_become_an_expert(hand):
    hand.link("Ryhdy kokemusasiantuntijaksi")
    hand.link("Aloita profiilisi")
    hand.link("Tee käyttäjätili")
    hand.write("Sähköposti", "aino@example.test")
    hand.write("Nimi", "Aino Aalto")
    hand.write("Salasana", PASSWORD)
    hand.press("Tee käyttäjätili")
    hand.write("Koodi", newest_code())
    hand.press("Vahvista")
    hand.press("Aloita")
    hand.link("Kokemukseni")
    hand.unfold("Terveys")
    hand.tick("oma", within="Masennus")
    hand.press("Tallenna ja jatka seuraavaan osaan")
    hand.tick("Kokemuspuheenvuoro")
    hand.tick("suomi")
    hand.press("Tallenna ja jatka seuraavaan osaan")
    hand.choose("Kotikunta", "Pori")
    hand.press("Tallenna")
    hand.link("Suostumukseni")
    hand.tick("Minua saa ehdottaa tehtäviin")
    hand.press("Tallenna")
    hand.press("Lähetä luukulle")

    expert = Expert.objects.get(user__email="aino@example.test")
    assert expert.state == ExpertState.WAITING


def test_journey_sign_up_for_a_task(hand):
    user = make_person("Kaisa Kokemus", email="kaisa@example.test", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    expert = make_expert(user=user)
    order = make_search()

    hand.link("Katso avoimet tehtävät")
    hand.link("Ilmoittaudu työpöydälläsi")
    hand.write("Sähköposti", "kaisa@example.test")
    hand.write("Salasana", PASSWORD, enter=True)
    hand.link("Katso avoimet tehtävät")
    hand.link("Kokemuspuheenvuoro")
    hand.press("Ilmoittaudu")

    offer = Offer.objects.get(order=order, expert=expert)
    assert (offer.origin, offer.state) == (Origin.SIGNED_UP, OfferState.PROPOSED)
    assert hand.reads("Olet ilmoittautunut")


def test_journey_ask_without_a_name(hand):
    hand.link("Kysy luukulta")
    hand.tick("Jokin muu", role="radio")
    hand.write("Kysymyksesi", "Saanko tukihenkilön mukaan?")
    hand.tick("Kysyn nimettömänä")
    hand.pause()
    hand.press("Lähetä kysymys")
    code = hand.page.locator("#code").inner_text()
    hand.link("Kirjoitin sen muistiin")
    hand.write("Koodisi", code)
    hand.press("Avaa kysymys")

    question = Question.objects.get()
    assert (question.asked_by, question.email, question.code_mark is None) == (None, "", False)
    assert hand.reads("Saanko tukihenkilön mukaan?")


def test_journey_search_and_find(hand):
    hand.search("työparin kanssa")

    hand.link("Työpari")

    assert hand.reads("Mitä se ei ole")


def test_journey_search_in_vain_and_tell(hand):
    hand.search("zzyzxäö")
    assert hand.reads("ei löytynyt mitään")
    if not hand.has_script:  # with it, the page has told already
        hand.press("Kerro luukulle, mitä etsit")

    hand.page.wait_for_load_state("networkidle")
    assert Miss.objects.get().words == "zzyzxäö"


def test_journey_give_feedback(hand):
    task = make_done(timezone.now() - timedelta(days=15))
    User.objects.filter(pk=task.order.contact_id).update(email="olli@example.test")

    hand.link("Kerro, miten meni")
    hand.write("Sähköpostisi", "olli@example.test")
    hand.press("Lähetä minulle linkki")
    hand.open(letter_link(kind="feedback.wanted", reader__email="olli@example.test"))
    for question in (
        "Tilaisuus sujui hyvin",
        "Siitä oli hyötyä",
        "Yhteistyö sujui tasavertaisesti",
        "Tekisin tämän",
    ):
        hand.tick("Kyllä, täysin", within=question, role="radio")
    hand.write("Omin sanoin", "Hyvä kohtaaminen.")
    hand.press("Lähetä palaute")

    given = Feedback.objects.get(assignment=task, side=Side.ORDERER)
    assert (given.smooth, given.useful, given.heard, given.again) == (5, 5, 5, 5)
    assert given.words == "Hyvä kohtaaminen."


def test_journey_change_language(hand):
    hand.menu("Avoimet tehtävät")

    hand.language("svenska")

    assert hand.page.url.endswith("/sv/calls/")
    assert hand.page.locator("html").get_attribute("lang") == "sv"
    hand.open("/")
    assert hand.page.url.endswith("/sv/")


def test_journey_change_language_of_what_was_found(hand):
    hand.search("työpari")

    hand.language("English")

    assert hand.page.url.endswith("/en/search/?q=ty%C3%B6pari")
    assert hand.page.locator("html").get_attribute("lang") == "en"
