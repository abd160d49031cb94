"""Keys of Finnish words: cases, compounds, relatives, names, unknown words; and the fallback."""

import threading

import pytest

from luukku.search import checks
from luukku.search.finnish import Case, keys_of, voikko, word, words
from luukku.search.keys import name_words


def finds(question, text):
    """Whether a one-word question finds a text by keys alone."""
    return not word(question, Case.ASKED).asked().isdisjoint(keys_of(text))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("asunnottomuus", "Puhuimme asunnottomuudesta."),
        ("asunnottomuudesta", "asunnottomuus"),
        ("asunnoton", "asunnottomuus"),
        ("kodittomuus", "kodittomille"),
        ("kuntoutuja", "mielenterveyskuntoutujien ryhmä"),
        ("mielenterveys", "mielenterveyskuntoutujien ryhmä"),
        ("mielenterveyskuntoutuja", "mielenterveyskuntoutujille"),
        ("velka", "hän velkaantui"),
        ("velkaantua", "velkaa"),
        ("masennus", "masentuneiden"),
        ("maahanmuutto", "maahanmuuttajille"),
        ("kuntoutus", "päihdekuntoutujat"),
        ("ero", "eronneiden"),
        ("vankila", "vankiloissa"),
        ("kipu", "kipupiste"),
        ("pori", "Hän asuu Porissa."),
        ("porissa", "Pori"),
        ("tuki", "vertaistukea"),
        ("nepsyhaaste", "nepsyhaasteista"),
        ("nepsy", "nepsyhaasteista"),
        ("haaste", "nepsyhaasteista"),
        ("adhd", "ADHD:stä"),
        ("mielenterveysongelma", "mielenterveys- ja päihdeongelmat"),
        ("diabetes", "diabeetikoille"),
        ("keliaakikko", "Hänellä on keliakiaa."),
        ("allergia", "allergikoiden"),
        ("epilepsia", "epileptikko"),
        ("krooninen", "kroonikoille"),
        ("skitsofrenia", "skitsofreenikot"),
        ("psykiatria", "psykiatrista hoitoa"),
        ("neurologinen", "neurologian"),
        ("narkomania", "narkomaaneille"),
        ("pakko-oire", "pakko-oireisille"),
        ("mielialalääke", "mielialalääkitystä"),
        ("lupus", "lupuksen kanssa"),
        ("lupuksesta", "lupusta sairastava"),
    ],
)
def test_keys_find(question, text):
    assert finds(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("syöpä", "Lapset söivät, oli aika syödä."),
        ("aika", "paikka"),
        ("koti", "kodittomuus"),
        ("asunto", "asunnottomuus"),
        ("koti", "kotilo"),
        ("talo", "talous"),
        ("omainen", "omaisuus"),
        ("työ", "työntää"),
        ("kunto", "kuntoutus"),
        ("vanhuus", "vanhemmuus"),
        ("pora", "Hän asuu Porissa."),
        ("mieli", "nimeltä"),
        ("ongelma", "onnellinen"),
        ("yksi", "yksikköjen"),
        ("kivi", "kivikko"),
        ("romania", "romaani"),
        ("Nakkila", "nakki"),
        ("Siikainen", "siika"),
    ],
)
def test_keys_do_not_find(question, text):
    assert not finds(question, text)


def test_word_asked_in_its_dictionary_form_means_that_word():
    assert word("syöpä", Case.ASKED).bases == ("syöpä",)
    assert set(word("tukea", Case.ASKED).bases) == {"tuki", "tukea"}


def test_word_with_a_capital_within_a_sentence_is_a_name():
    assert word("Porissa", Case.NAME).bases == ("pori",)
    assert word("porissa", Case.PLAIN).bases == ("pora",)
    assert set(word("Porissa", Case.EITHER).bases) == {"pori", "pora"}


def test_names_leave_little_words_out():
    assert name_words("perhe ja ero", "fi") == [["perhe"], ["ero"]]


def test_voikko_serves_many_threads():
    wrong = []

    def ask(number):
        for n in range(300):
            reading = voikko._reading(voikko._handle().analyze("kodittomuudesta")[0])
            if reading.base != "kodittomuus":
                wrong.append((number, n))

    threads = [threading.Thread(target=ask, args=[n]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


@pytest.fixture
def without_voikko(monkeypatch):
    monkeypatch.setattr(words, "has_voikko", lambda: False)
    monkeypatch.setattr(checks, "has_voikko", lambda: False)
    word.cache_clear()
    yield
    word.cache_clear()


@pytest.mark.slow
def test_without_voikko_dictionary_forms_are_found_still(without_voikko):
    assert finds("asunnottomuus", "asunnottomuudesta")
    assert finds("lapsi", "lapsille")
    assert not finds("kuntoutuja", "mielenterveyskuntoutujien ryhmä")


def test_without_voikko_the_check_says_so(without_voikko):
    assert [found.id for found in checks.voikko()] == ["search.W001"]


def test_a_machine_without_the_library_has_no_voikko(monkeypatch):
    import libvoikko

    def broken(_language):
        raise OSError("libvoikko.so.1")

    monkeypatch.setattr(libvoikko, "Voikko", broken)

    assert voikko._library.__wrapped__() is None


def test_with_voikko_the_check_is_silent():
    assert checks.voikko() == []
