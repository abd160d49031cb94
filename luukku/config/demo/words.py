"""Names and words of the invented world. Nobody is meant by any of them."""

from luukku.feedback.models import Side
from luukku.organisations.models import Kind

PASSWORD = "kokemus-luukku-demo"  # noqa: S105 -- of invented people
DOMAIN = "esimerkki.example"
FIRST = [
    "Aino",
    "Eero",
    "Helmi",
    "Ilmari",
    "Kaisa",
    "Lauri",
    "Maija",
    "Niilo",
    "Oona",
    "Paavo",
    "Raili",
    "Sakari",
    "Tuula",
    "Urho",
    "Venla",
    "Väinö",
    "Anneli",
    "Jorma",
    "Leena",
    "Matti",
    "Pirkko",
    "Reijo",
    "Sirpa",
    "Timo",
    "Ulla",
    "Veikko",
    "Hanna",
    "Juha",
    "Katri",
    "Mikko",
    "Noora",
    "Petri",
    "Saara",
    "Teemu",
    "Amina",
    "Hassan",
    "Olena",
    "Yusuf",
    "Kerttu",
    "Onni",
]
LAST = [
    "Aalto",
    "Ahola",
    "Hakala",
    "Heino",
    "Hiltunen",
    "Ikonen",
    "Jokinen",
    "Kallio",
    "Karhu",
    "Kivelä",
    "Kokko",
    "Koskela",
    "Laaksonen",
    "Lahti",
    "Lehto",
    "Mattila",
    "Mäki",
    "Niemi",
    "Nurmi",
    "Ojala",
    "Peltola",
    "Pitkänen",
    "Rantanen",
    "Rinne",
    "Saari",
    "Salo",
    "Santala",
    "Suomela",
    "Tuominen",
    "Uusitalo",
    "Vainio",
    "Virta",
    "Ylitalo",
    "Äijälä",
]
# Name, kind, municipality, services, units. The counter has not met the last one yet.
ORGANISATIONS = [
    ("Rantakylän sairaala", Kind.COUNTY, "609", ["sote"], ["Kuntoutusosasto", "Päivystys"]),
    ("Länsirannan hyvinvointialue", Kind.COUNTY, "609", ["sote", "hyte"], ["Aikuissosiaalityö"]),
    ("Kuusiston kaupunki", Kind.MUNICIPALITY, "684", ["employment"], ["Työllisyyspalvelut"]),
    ("Jokivarren ammattiopisto", Kind.SCHOOL, "271", ["education"], []),
    ("Meriharjun ammattikorkeakoulu", Kind.SCHOOL, "609", ["education"], ["Sosionomikoulutus"]),
    ("Koivulan seurakunta", Kind.PARISH, "214", ["hyte"], ["Diakoniatyö"]),
    ("Pihlajan Hoiva Oy", Kind.COMPANY, "886", ["sote"], []),
    ("Toivon Polku ry", Kind.NGO, "684", ["integration", "financial-advice"], []),
]
FURTHER = [
    ("digital", "Digitaidot haltuun"),
    ("online", "Verkossa kohdaten"),
    ("developer", "Kehittäjä–vaikuttaja"),
    ("performing", "Rohkeasti lavalle"),
    ("pair", "Työparina ammattilaisen kanssa"),
]
BEHIND = [
    ("Satamäen mielenterveysyhdistys ry", "609"),
    ("Uusi Suunta ry", "684"),
    ("Läheisten Tuki ry", "214"),
]
GOALS = {
    "lecture": (
        "Vierailu lähihoitajaopiskelijoiden kurssille",
        "Opiskelijat uskaltavat kohdata asiakkaan ihmisenä.",
        "Kertoo omasta kokemuksestaan ja vastaa kysymyksiin.",
    ),
    "talk": (
        "Puheenvuoro henkilöstön kehittämispäivään",
        "Henkilöstö ymmärtää, miltä palvelu tuntuu asiakkaasta.",
        "Pitää puheenvuoron ja osallistuu keskusteluun.",
    ),
    "pair_work": (
        "Ryhmän ohjaaminen työparina",
        "Ryhmäläiset saavat toivoa ja keinoja arkeen.",
        "Suunnittelee ja ohjaa ryhmän yhdessä ammattilaisen kanssa.",
    ),
    "developer": (
        "Vastaanoton uudistaminen",
        "Ensimmäinen käynti on helpompi.",
        "Osallistuu kehittämisryhmään ja testaa uuden mallin.",
    ),
    "evaluator": (
        "Palvelun arviointi asiakkaan silmin",
        "Tiedämme, mikä toimii ja mikä ei.",
        "Tutustuu palveluun ja kirjaa havainnot.",
    ),
    "panel": (
        "Paneeli teemapäivässä",
        "Yleisö kuulee eri näkökulmia.",
        "Keskustelee muiden asiantuntijoiden kanssa.",
    ),
    "three_way_work": (
        "Kolmikantatapaaminen",
        "Asiakas tulee kuulluksi ja saa suunnan.",
        "Tapaa asiakkaan ammattilaisen kanssa.",
    ),
    "customer_panel": (
        "Asiakasraadin jäsen",
        "Palvelut paranevat käyttäjien sanojen mukaan.",
        "Osallistuu raadin kokouksiin.",
    ),
}
OWN_WORDS = [
    "Haluan näyttää, että toipuminen on mahdollista.",
    "Puhun suoraan mutta lämpimästi. Kysyä saa mitä vain.",
    "Minulla on pitkä kokemus palveluista ja niiden väliin putoamisesta.",
    "Olen löytänyt sanoja asioille, joista vaietaan.",
    "Tuon läheisen äänen kuuluviin.",
    "Kuuntelen ensin ja puhun sitten.",
    "Minulle sopii pieni ryhmä ja rauhallinen tahti.",
    "Olen tehnyt pitkän matkan häpeästä ylpeyteen.",
    "Tunnen arjen, jota esitteissä ei näy.",
    "Teen mielelläni työtä ammattilaisen rinnalla.",
    "Kerron myös siitä, mikä ei auttanut.",
    "Puhun nuorille niin kuin olisin itse halunnut kuulla.",
]
CHANGES = [
    "Muutimme kutsukirjeen selkeämmäksi ja pois jäi turhaa pelottelua.",
    "Opiskelijat pyysivät lisää vierailuja kurssille.",
    "Otimme vertaisen mukaan jokaiseen ryhmän aloitukseen.",
    "Vastaanotolla kysytään nyt ensin, mitä ihminen itse toivoo.",
]
THOUGHTS = {
    Side.EXPERT: ["Minua kuunneltiin.", "Aika loppui kesken, mutta lämmin vastaanotto."],
    Side.ORDERER: [
        "Ryhmä puhui tästä vielä viikon päästä.",
        "Olisi kannattanut varata enemmän aikaa.",
    ],
}
