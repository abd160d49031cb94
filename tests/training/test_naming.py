"""Which words are a form of somebody's name, by hand: those that are, and honest words beside them."""

import pytest

from luukku.training.queries.naming import is_name

ARE = {
    "Virtanen": "Virtanen virtanen Virtasen Virtasta Virtasella Virtaselle Virtaselta Virtasessa Virtasesta Virtasena"
    " Virtaset Virtasenkin Virtaseen Virtasensa",
    "Virta": "Virta Virran Virtaa Virralla Virralle Virralta Virrasta Virtaan Virtana Virrankin",
    "Mäki": "Mäki Mäen Mäkeä Mäelle Mäestä Mäkeen Mäenkin",
    "Lehti": "Lehden Lehteä Lehdellä Lehdelle Lehdestä Lehteen",
    "Matti": "Matin Mattia Matille Matilla Matista Mattiin Mattihan",
    "Pekka": "Pekan Pekkaa Pekalle Pekkaan",
    "Valittu": "Valitun Valittua Valitulle Valitulta",
    "Helmi": "Helmi Helmin Helmiä Helmille Helmistä",
    "Mika": "Mika Mikan Mikaa Mikalle",
    "Annette": "Annette Annetten Annettea Annettelle",
    "Kari": "Kari Karin Karille Karia",
    "Aho": "Aho Ahon Ahoa Aholle Ahossa",
    "Korpi": "Korven Korpea Korvelle",
    "Harju": "Harjun Harjulle Harjua",
    "Mikael": "Mikael Mikaelin Mikaelia Mikaelille",
    "Lukas": "Lukaksen Lukasta Lukakselle",
    "Elias": "Eliaksen Eliasta Eliaksella",
    "Hiltunen": "Hiltusen Hiltuselle",
    "Niemi": "Niemen Niemeä Niemelle",
    "Li": "Li",
    "S": "S",
    "Ås": "Ås",
}
ARE_NOT = {
    "S": "Satakunnan Sosiaali",
    "Mika": "Mikkeli Mikkelin Mikä Mikaelin Mikrofonin",
    "Helmi": "Helsinki Helsingissä Helmikuussa Helppoa",
    "Anna": "Annetten Annettiin Annos Antaa",
    "Virta": "Virolaisen Virheet Virtanen Virtasen Virtuaalisesti",
    "Virtanen": "Virta Virrat Virtaus",
    "Kari": "Karhu Karjaan Karanteenissa",
    "Mäki": "Mänty Mäntyluodon",
    "Lehti": "Lehtinen Lehtisen Lehtori",
    "Rauma": "Raumanmeri",
    "Aho": "Ahonen Ahosen",
    "Toivo": "Toivoisin Toive",
    "Pori": "Porilaisten",
    "Helena": "Helsingin",
    "Onni": "Onnistui Onnellinen",
    "Satu": "Satakunnan Sattui",
    "Kaisa": "Kaikki Kainuun",
    "Valittu": "valitulle valitun Valinta Valitettavasti",  # bent words count with a capital only
}


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, words in ARE.items() for word in words.split()]
)
def test_form_of_a_name_is_known(name, word):
    assert is_name(word, name)


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, words in ARE_NOT.items() for word in words.split()]
)
def test_another_word_is_no_name(name, word):
    assert not is_name(word, name)
