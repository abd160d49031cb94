"""Distress is heard in three languages, inflected and misspelt; ordinary wishes bring no box."""

import pytest

from luukku.core.distress import Sign, signs_of

HEARD = [
    "itsemurha",
    "itsemurhaa",
    "itemurha",
    "itsemruha",
    "itsetuhoisuus",
    "haluan kuolla",
    "en jaksa enää elää",
    "en jaksa enaa",
    "tapan itseni",
    "tappaa itteni",
    "viiltely",
    "lähisuhdeväkivalta",
    "vakivalta",
    "väkvalta",
    "mies lyö",
    "mun isä hakkaa mua",
    "pelkään miestäni",
    "raiskaus",
    "kriisi",
    "kriisiapu",
    "elämänkriisissä",
    "self-harm",
    "I want to die",
    "i can't go on",
    "jag vill dö",
    "självmord",
    "sjalvmord",
    "våld i hemmet",
    "min man slår mig",
    "våldtäkt",
    "abuse",
    "domestic violence",
    "yliannostus",
    "nälkä",
    "ei ole ruokaa",
    "häätö tänään",
    "asunnoton tänä yönä",
    "kill myself",
    "suicidal thoughts",
    "orkar inte mer",
    "help me now",
    "yöpaikka",
    "itsariajatukset",
    "tappouhkaus",
    "turvakoti pori",
    "paniikkikohtaus",
    "lapsi lyödään kotona",
    "hän uhkasi tappaa",
    "No food for my kids",
    "my husband hits me",
    "I took too many pills",
    "en halua enää elää",
    "elämällä ei ole merkitystä",
    "toivon että kuolisin",
]
ORDINARY = [
    "asunnottomuus",
    "velka",
    "päihteet",
    "masennus",
    "hakata puita",
    "kuolla nauruun",
    "luento porissa",
    "kokemusasiantuntija palkkio",
    "masentunut",
    "syöpä",
    "itsenäisyyspäivä",
    "lyömäsoitin",
    "elää täysillä",
    "itsetunto",
    "kuntoutuminen",
    "tapaan itse asiakkaan",
    "surutyö",
    "kuolema",
    "vanhemmuus",
    "mielenterveyskuntoutuja",
    "koulutus",
    "hoitaja",
    "critical",
    "vald kommun",
    "valda",
    "krist",
    "kristillinen",
    "dokumentti",
    "domstol",
    "ahdistus",
    "en halua maksaa",
    "kill time",
    "beat the stress workshop",
    "apuväline",
    "päivystys",
    "paha",
    "väkirehu",
    "itsemääräämisoikeus",
    "kurssi",
    "juhlat ja nälkäinen",
    "lyhyt luento",
    "löyly",
    "tapaaminen itsenäisesti",
    "haluan kokemusasiantuntijaksi",
    "help with order",
    "how to order an expert",
    "orkar",
    "sjukvård",
    "Pori raiteet",
]


@pytest.mark.parametrize("words", HEARD)
def test_distress_is_heard(words):
    assert signs_of(words)


@pytest.mark.parametrize("words", ORDINARY)
def test_ordinary_wishes_are_no_distress(words):
    assert signs_of(words) == frozenset()


@pytest.mark.parametrize(
    ("words", "signs"),
    [
        ("itsemurha", {Sign.SUICIDE}),
        ("lähisuhdeväkivalta", {Sign.VIOLENCE}),
        ("våld i hemmet", {Sign.VIOLENCE}),
        ("ei ole ruokaa", {Sign.NEED}),
        ("kriisiapu", {Sign.CRISIS}),
        ("vieroitusoireet", {Sign.SUBSTANCES}),
        ("I want to die", {Sign.SUICIDE}),
        ("mies lyö minua ja haluan kuolla", {Sign.VIOLENCE, Sign.SUICIDE}),
    ],
)
def test_distress_is_told_by_its_kind(words, signs):
    assert signs_of(words) == signs


@pytest.mark.parametrize("words", ["", "   ", "\x00", "💧" * 50, "a" * 30_000, "'" * 9])
def test_odd_texts_are_no_distress(words):
    assert signs_of(words) == frozenset()


def test_words_far_apart_tell_nothing():
    between = "ja sitten menimme yhdessä kauppaan ostamaan leipää "

    assert signs_of(f"haluan kahvia {between} kuolla") == frozenset()
    assert signs_of("haluan nyt vain kuolla") == {Sign.SUICIDE}


def test_small_spaces_and_capitals_hide_nothing():
    assert signs_of("ITSE\u00adMURHA") == {Sign.SUICIDE}
    assert signs_of("I can’t go on") == {Sign.CRISIS}
