"""The invented world as one spec document: the same for the same seed and instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from luukku.accounts.models import User
from luukku.config.demo.events import Events
from luukku.config.demo.load import Load
from luukku.config.demo.people import COORDINATOR
from luukku.config.demo.states import MANY_ROLES, THE_COUNTER
from luukku.config.demo.training import agreed, runs, wishes
from luukku.config.demo.words import DOMAIN
from luukku.core.document import Row
from luukku.guidance.models import Kind, Topic

SOME = 10  # people and orders enough to fill the first expert's desk
MANY = 20  # people and orders enough to show each state among them
SIGN_IN = {
    role: f"{key}@{DOMAIN}"
    for role, key in (
        ("coordinator", COORDINATOR),
        ("orderer", "tilaaja1"),
        ("expert", "kokemus1"),
        ("background", "jarjesto1"),
        ("producer", "kouluttaja1"),
        ("several roles", "kokemus2"),
        ("steering", "ohjausryhma"),
        ("admin", "yllapito"),
    )
}


def demo_is_loaded() -> bool:
    """Return whether the demo people are in the database."""
    return User.objects.filter(email=SIGN_IN["coordinator"]).exists()


def demo(seed: int, at: datetime, *, experts: int, orders: int) -> Row:
    """Return the document of so many invented experts and orders, seen from ``at``, for ``load_spec``."""
    made = Load(seed, at, size=experts)
    is_small = experts <= MANY or orders <= MANY  # small ones are for tests of other things
    made.counter()
    made.organise()
    for n in range(experts):
        made.expert(n)
    shown = [one for row in made.experts for one in row["experiences"] if one["is_shown"]]
    made.asked = [one["theme"] for one in shown] or made.themes
    if not is_small:
        made.roles()
        made.profiles()
    for n in range(orders):
        made.order(n)
    more: Row = {}
    if experts >= SOME and orders >= SOME:
        made.first_days()
        made.looked()
        events = Events(made, at)
        led = [] if is_small else events.led(MANY_ROLES, THE_COUNTER)
        more["events"] = [*events.rows(), *led]
    if not is_small:
        made.variety()
        made.read_widely()
        made.catch_up()
        more |= {"address_changes": [made.address_change()], "practices": [made.practice()]}
    return {
        "at": at.isoformat(),
        "people": made.people,
        "organisations": made.organisations,
        "experts": made.experts,
        "orders": made.orders,
        "heavy_task_types": made.heavy,
        "signs_of_load": made.signs,
        "yearly_talks": made.talks,
        "promise_reminders": made.reminders,
        "peer_invitations": made.invitations,
        "remote_tests": made.tests,
        "tried_connections": made.connections,
        "looks": made.looks,
        "programmes": programmes([*made.schools(), *(name for name, _person in made.behind)]),
        "training_wishes": wishes(made),
        **agreed(at, made),
        "runs": runs(at, made),
        "questions": questions(at, asker=made.orderers[0].person, helper=made.behind[0][0]),
        "ready_answers": ready_answers(),
        "notes": notes(made, at),
        **(made.lent | more),
    }


def programmes(producers: list[str]) -> list[Row]:
    """Return programmes in every state, held by ``producers`` alone and together."""
    story = {"topic": "story", "contact_minutes": 720, "own_minutes": 600}
    basic = [
        story,
        {"topic": "ethics", "contact_minutes": 180},
        {"topic": "roles", "contact_minutes": 240},
    ]
    rows: list[Row] = [
        {"title_fi": "Kokemustoimijan peruskoulutus", "title_sv": "Grundutbildning för erfarenhetsaktörer",
         "title_en": "Basic training of experts by experience",
         "topics": [*basic, {"topic": "limits", "contact_minutes": 120}], "producers": producers,
         "price_eur": 0, "min_group": 6, "max_group": 12},
        {"title_fi": "Kokemusosaajan peruskoulutus", "state": "shared", "is_proposed": True,
         "producers": producers[:1],
         "topics": [*basic, {"topic": "performing", "contact_minutes": 240, "own_minutes": 120}]},
        {"title_fi": "Kehittäjä–vaikuttaja", "kind": "further", "further_kind": "developer", "producers": producers[1:],
         "topics": [{"topic": "developing", "contact_minutes": 480, "own_minutes": 240}], "validity_months": 36},
        {"title_fi": "Digitaidot haltuun", "kind": "further", "further_kind": "digital", "state": "draft",
         "producers": producers[2:], "topics": [{"topic": "digital", "contact_minutes": 360}]},
        {"title_fi": "Esiintymisen ilta", "kind": "further", "further_kind": "performing", "state": "retired",
         "producers": producers[:1], "topics": [{"topic": "performing", "contact_minutes": 180}]},
    ]  # fmt: skip
    return [{"kind": "basic", "key": f"ohjelma{n}"} | row for n, row in enumerate(rows, 1)]


def notes(made: Load, at: datetime) -> list[Row]:
    """Return what those at the counter have written for each other: one of each sort, the last one struck."""
    rows: list[Row] = [
        {
            "expert": made.experts[0]["key"],
            "words": "Soita mieluiten iltapäivällä.",
        },
        {
            "organisation": made.organisations[0]["key"],
            "words": "Laskutusosoite vaihtuu vuodenvaihteessa.",
        },
        {
            "person": made.orderers[0].person,
            "words": "Lomalla tammikuun alkuun, sijainen vastaa vaihteesta.",
            "struck_at": (at - timedelta(days=1)).isoformat(),
        },
    ]
    return [one | {"at": (at - timedelta(days=3)).isoformat()} for one in rows]


def questions(at: datetime, *, asker: str, helper: str) -> list[Row]:
    """Return threads in several states.

    Two wait, one was answered by the counter, one has been handed over, and one was answered by the organisation
    for an asker who has only a phone.
    """

    def ago(days: int) -> str:
        return (at - timedelta(days=days)).isoformat()

    return [
        {
            "words": "Miten voin lähteä mukaan koulutukseen?",
            "topic": Topic.TRAINING,
            "name": "Kysyjä",
            "email": f"kysyja@{DOMAIN}",
            "at": ago(1),
        },
        {
            "words": "Ruudunlukija ei kerro, mikä kalenterin päivä on valittuna.",
            "kind": Kind.ACCESSIBILITY,
            "email": f"ruudunlukija@{DOMAIN}",
            "came_from": "/fi/calls/",
            "at": ago(2),
        },
        {
            "words": "Kuka maksaa palkkion, kun tilaaja on koulu?",
            "topic": Topic.ORDER,
            "person": asker,
            "at": ago(9),
            "answer": "Tilaaja maksaa. Kirjoita tilaukseen, mistä varoista palkkio maksetaan.",
            "answered_at": ago(8),
        },
        *_handed_over(at, ago, helper),
    ]


def _handed_over(at: datetime, ago: Callable[[int], str], helper: str) -> list[Row]:
    return [
        {
            "words": "Onko lähellä ryhmää, johon voisi tulla juttelemaan?",
            "phone": "040 000 0900",
            "name": "Kysyjä",
            "at": ago(7),
            "notes": [{"words": "Soitettu, toivoo iltaryhmää.", "at": ago(6)}],
            "handed_over": {
                "organisation": helper,
                "agreed": "Yhdyshenkilö katsoo ryhmien ajat.",
                "shows_contact": True,
                "follow_on": (at - timedelta(days=1)).date().isoformat(),
                "at": ago(6),
            },
        },
        {
            "words": "Mistä saan vertaistukea lähelläni? Kuulen vastauksen mieluiten puhelimessa.",
            "phone": "040 000 0901",
            "name": "Soittaja",
            "at": ago(3),
            "handed_over": {
                "organisation": helper,
                "agreed": "Yhdyshenkilö kertoo ryhmistä.",
                "follow_on": (at + timedelta(days=7)).date().isoformat(),
                "at": ago(2),
                "answer": "Ryhmämme kokoontuu tiistaisin kello 17. Tervetuloa mukaan.",
                "answered_at": (at - timedelta(hours=1)).isoformat(),
            },
        },
    ]


def ready_answers() -> list[Row]:
    """Return two ready answers, one of which may be shown to all."""
    return [
        {
            "title": "Milloin seuraava koulutus alkaa?",
            "words": (
                "Kerromme seuraavasta koulutuksesta, kun päivä on sovittu. "
                "Haluatko, että kirjoitamme sinulle silloin?"
            ),
        },
        {
            "title": "Kuka maksaa palkkion?",
            "words": "Tilaaja maksaa palkkion ja matkakulut. Kirjoita tilaukseen, mistä varoista ne maksetaan.",
            "may_be_faq": True,
        },
    ]
