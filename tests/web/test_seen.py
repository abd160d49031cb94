"""What each role is shown on every address and in every letter: no more than it may, all that it must, and each
reading is noted.

The table says it as a person reads the rules (``docs/reference/rules.md``, ``docs/explanation/privacy.md``,
``docs/decisions/0013-readings.md``); nothing in it is taken from what the pages show. A line is
``whose model.field``: ``|`` parts several, ``*`` is any, ``{me}`` the one who looks.
"""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from typing import NamedTuple

import pytest
from django.apps import apps
from django.core import mail
from django.db import transaction
from django.utils import timezone

from luukku.audit.models import AccessLog
from luukku.notices.actions import send_outbox
from luukku.notices.models import Letter
from tests.harness import settle
from tests.web import world
from tests.web.canary import NO_WORD, Planted, fitting
from tests.web.told import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Whoever has an account sees what the account holds.
ACCOUNT = "{me} user.name|user.email|user.phone"
OWN = "{me} letter.body"
# An expert sees their own profile, hidden experiences too, and the open calls: what is asked, not by whom.
PROFILE = """
{me} expert.own_words|expert.support_needs|expert.equipment|expert.municipality
{me} shown.theme|completedtraining.name
"""
# The hidden ones stand among all themes to choose from; who answers in a background organisation is for all experts.
EXPERT = "{me} feedback.words|hidden.theme, behind user.name"
REVOKED = "{me} completedtraining.revoked_why"
CALLS = "two|seven order.goal|order.audience|order.accessibility"
TASK = "order.goal|order.audience|order.accessibility|order.meeting_url"
# A checked organisation finds experts by code name: what they show of themselves.
CARDS = "agreed|offered|done|paper expert.own_words, agreed|offered|done expert.municipality, agreed|offered|done|paper shown.theme"
# Who at the counter did something for an order is told by name; so is its contact person, gone or not.
ORDERS_OF_A = "one|two|three|six|seven|eight order.*, one changerequest.*, coord|spec|moved user.name, ordera feedback.words"

MUST = {
    "nobody": "", "gone": "", "plain": ACCOUNT, "steer": ACCOUNT, "moved": ACCOUNT,
    # Who trains: who applies to their trainings, and what they have told of themselves.
    "producer": f"{ACCOUNT}, plain user.name|user.email|user.phone, plain application.why|application.needs, agreed user.name, producer threadmessage.words",
    "guest": "guest order.goal|order.audience",
    "asker": f"{ACCOUNT}, asker1|asker2 message.words",
    # People and roles: who they are and how they are reached.
    "admin": f"{ACCOUNT}, agreed|ordera|asker|gone|paper user.name, agreed|ordera|asker user.email",
    # The counter serves everybody: it has all that people have told it.
    "coord": f"""{ACCOUNT}
        * user.name
        agreed|offered|waiting|done|paper|ordera|orderb|asker user.phone
        agreed|offered|waiting|done|ordera|orderb|asker user.email
        * expert.own_words|expert.support_needs|expert.equipment|expert.municipality
        * shown.theme|completedtraining.name
        one|two|three|four|five|seven order.goal|order.audience|order.accessibility
        producer threadmessage.words
        * message.words|note.words|handover.agreed|feedback.words
        one|agreed|plain|guest internalnote.words
        seven assignment.cancel_reason, eight order.cancel_reason, paper letter.body, done flag.reason
        agreed|done loan.why, done loan.fetch, agreed loan.answer
        * question.name|question.email
    """,
    # An order's organisation: its orders; the expert by name once they have said yes, while it stands.
    "ordera": f"{ACCOUNT}, one|two|three|six|seven order.goal, agreed|done user.name, agreed user.email|user.phone, offered shown.theme|expert.own_words, one changerequest.*",
    "colleague": f"{ACCOUNT}, one|two|three|six|seven order.goal, agreed|done user.name, ordera user.name",
    "orderb": f"{ACCOUNT}, four|five order.goal, paper user.name|user.phone",
    # A background organisation: who its experts are, and what has been handed to it.
    "behind": f"{ACCOUNT}, agreed|done user.name|loan.why, done loan.fetch, asker2 message.words",
    "agreed": f"{ACCOUNT}, {PROFILE}, agreed loan.why|loan.answer, one {TASK}, ordera user.name|user.email|user.phone",
    "offered": f"{ACCOUNT}, {PROFILE}, two order.goal|order.audience",
    "waiting": f"{ACCOUNT}, {PROFILE}",
    "done": f"{ACCOUNT}, {PROFILE}, done loan.why|loan.fetch, three order.goal",
    "paper": f"{{me}} user.name|user.phone, {PROFILE}, five order.goal, orderb user.name",
}  # fmt: skip
# What it may see besides.
MAY = dict.fromkeys(MUST, "") | {
    "plain": f"{OWN}, plain eventfeedback.words, plain application.*, plain addresschange.email|addresschange.old_email",
    "gone": "gone letter.body", "steer": OWN, "producer": f"{OWN}, plain user.*|application.*|addresschange.old_email, agreed|offered user.*, coord user.name, guest guest.*", "waiting": f"{OWN}, {REVOKED}, {EXPERT}, {CALLS}",
    "guest": "guest order.*, guest guestsender.*, guest letter.body",
    "moved": f"{OWN}, seven order.meeting_url",
    "asker": OWN,
    "admin": f"{OWN}, * user.*, * addresschange.*|inquiry.*",
    "coord": """* letter.*, * user.*|order.*|expert.*|offer.*|assignment.*|addresschange.*
        * application.*, * flag.reason, * loan.*, guest guest.*, * completedtraining.revoked_why, * hidden.theme, * widereading.*|changerequest.*, * question.name|question.email|question.phone|question.tags|question.came_from
    """,
    "ordera": f"{OWN}, {ORDERS_OF_A}, {CARDS}, agreed|done|colleague user.*",
    "colleague": f"{OWN}, {ORDERS_OF_A}, {CARDS}, agreed|done|ordera user.*",
    "orderb": f"{OWN}, four|five order.*, {CARDS}, paper user.*, coord|spec user.name, {{me}} widereading.*",
    "behind": f"{OWN}, agreed|done user.*|completedtraining.name|loan.*",
    "agreed": f"{OWN}, {REVOKED}, {EXPERT}, {CALLS}, one order.*, agreed loan.*",
    "offered": f"{OWN}, {REVOKED}, {EXPERT}, {CALLS}, seven order.meeting_url|assignment.cancel_reason, two order.meeting_url|offer.words",
    "done": f"{OWN}, {REVOKED}, {EXPERT}, {CALLS}, three order.*, ordera user.*, behind user.*, done flag.reason|loan.*",
    "paper": f"{OWN}, {REVOKED}, {EXPERT}, {CALLS}, five order.*, orderb user.*",
}  # fmt: skip
VOCABULARY = "/fi/counter/words/"  # the list of all themes
# What no letter holds, whoever reads it: health, life and what people have written of it.
NOT_IN_LETTERS = """
* expert.*|shown.*|hidden.*|completedtraining.*|message.*|threadmessage.*|note.*|internalnote.*|handover.*|question.*|feedback.*
* assignment.cancel_reason|addresschange.reason|addresschange.identity|factorreset.*|offer.words|typed.*|guestsender.*|flag.*
* application.why|application.needs|application.exemption|loan.why
"""


class Look(NamedTuple):
    """One address as one role saw it."""

    url: str
    status: int
    shown: set  # people
    noted: set  # people
    places: set


class Eyes:
    """The world, what stands in its fields, and what each role has seen of it: every page is asked for once."""

    def __init__(self):
        self.people = world.build()
        self.key_of = {user.pk: key for key, user in self.people.items()}
        self.planted = Planted(self.people)
        self.places = set(self.planted.places.values())
        self._looks = {}

    def looks(self, role):
        """Ask for every address; of those that the role is kept out of, one of each name.

        Who is signed in is refused alike by all of a surface that is open to the same roles: ``architecture/test_urls.py``
        asks for each, and compares. So one of those will do.
        """
        if role not in self._looks:
            client, kept_out, found = world.signed_in(self.people, role), set(), []
            for address in world.addresses(account=True):
                if not address.is_open_to(role) or "GET" not in address.methods:
                    mark = address.name
                    if address.roles and role not in world.UNKNOWN and not address.is_open_to(role):
                        mark = refusal(address.name, address.roles)
                    if mark in kept_out:
                        continue
                    kept_out.add(mark)
                found.append((address, self.look(client, address.url, role)))
            self._looks[role] = found
        return self._looks[role]

    def look(self, client, url, role):
        last, user = last_note(), self.people.get(role)
        reader = 0 if role in world.UNKNOWN else user.pk
        answer = client.get(url)
        text = f"{answer.getvalue().decode(errors='replace')}\n{answer.headers}\n{answer.cookies}"
        places = self.planted.seen_in(text)
        if url == VOCABULARY:
            places = {place for place in places if not place.endswith("theme")}
        shown = {who for who, _field in world.shown_in(answer.getvalue(), self.people)}
        shown |= {place.split()[0] for place in fitting(places, "* shown.theme|hidden.theme")}
        noted = {self.key_of[pk] for pk in noted_since(last, reader) if pk in self.key_of}
        return Look(url, answer.status_code, shown - {role}, noted, places)

    def allowed(self, role):
        return fitting(self.places, f"{MUST[role]}\n{MAY[role]}".replace("{me}", role))

    def needed(self, role):
        return fitting(self.places, MUST[role].replace("{me}", role))


@pytest.fixture(scope="module")
def eyes(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        eyes = Eyes()
        settle()
        yield eyes
        transaction.set_rollback(True)


def noted_since(last, reader_id):
    rows = AccessLog.objects.filter(pk__gt=last, reader_id=reader_id)
    return {person for row in rows for person in row.person_ids if person}


def last_note():
    return AccessLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.mark.parametrize("role", world.ROLES)
def test_role_is_shown_no_more_than_it_may_and_all_that_it_must(eyes, role):
    looks = [look for _address, look in eyes.looks(role)]

    allowed = eyes.allowed(role)
    leaks = [(look.url, look.status, more) for look in looks if (more := look.places - allowed)]
    seen = set().union(*(look.places for look in looks))
    assert leaks == []
    assert eyes.needed(role) - seen == set()
    assert len(looks) > 90


def test_every_personal_field_holds_a_word_of_its_own(eyes):
    declared = {
        f"{model._meta.model_name}.{name}"
        for model in apps.get_models()
        for name in getattr(model, "personal", {})
    }
    held = {place.split(" ", 1)[1] for place in eyes.places}
    held |= {"experience.theme"} if {"shown.theme", "hidden.theme"} <= held else set()

    assert declared - held - NO_WORD.keys() == set()
    assert NO_WORD.keys() - declared == set()


def test_every_line_of_the_table_speaks_of_something(eyes):
    lines = {
        (role, line.strip())
        for table in (MUST, MAY)
        for role, text in table.items()
        for line in re.split(r"[\n,]", text)
        if line.strip()
    }

    idle = {
        (role, line) for role, line in lines if not fitting(eyes.places, line.replace("{me}", role))
    }

    assert {(role, line) for role, line in idle if "{me}" not in line} == set()


def test_letters_hold_no_more_than_their_reader_may_see_and_nothing_of_health(eyes):
    letters = {letter.message_id: letter for letter in Letter.objects.to_mail(noon())}
    for _n in range(20):
        if not send_outbox(at=noon())["sent"]:
            break

    wrong = []
    for sent in mail.outbox:
        letter = letters.get(sent.extra_headers["Message-ID"])
        role = eyes.key_of.get(letter.reader_id, "guest") if letter else "guest"
        message = message_from_bytes(sent.message().as_bytes(), policy=policy.SMTP)
        heads = "\n".join(f"{k}: {v}" for k, v in message.items() if k.lower() != "to")
        parts = "\n".join(
            part.get_content() for part in message.walk() if part.get_content_maintype() == "text"
        )
        told = eyes.planted.seen_in(parts)
        leak = (
            told - eyes.allowed(role) | fitting(told, NOT_IN_LETTERS) | eyes.planted.seen_in(heads)
        )
        if leak:
            wrong.append((sent.subject, role, leak))

    assert wrong == []
    assert len(mail.outbox) >= len(letters) > 20


def test_what_a_letter_opens_shows_no_more_than_its_reader_may_see(eyes):
    client, wrong, opened = world.signed_in(eyes.people, "nobody"), [], 0

    for letter in Letter.objects.exclude(link="").order_by("pk"):
        role = eyes.key_of.get(letter.reader_id, "guest")
        look = eyes.look(client, re.sub(r"^https?://[^/]+", "", letter.link), "nobody")
        opened += look.status == 200
        if more := look.places - eyes.allowed(role):
            wrong.append((letter.kind, look.url, role, more))

    assert wrong == []
    assert opened > 3


def noon():
    return timezone.now().replace(hour=10, minute=0) + timedelta(days=1)


# What is shown is noted


@pytest.mark.parametrize("role", world.ROLES)
def test_reading_is_noted_exactly_when_it_is_shown(eyes, role):
    looks = [
        look
        for address, look in eyes.looks(role)
        if "GET" in address.methods and address.is_open_to(role)
    ]

    wrong = [
        (look.url, "not noted", look.shown - look.noted, "not shown", look.noted - look.shown)
        for look in looks
        if look.shown != look.noted
    ]
    assert wrong == []
    assert any(look.shown for look in looks) == (role in SEES_OTHERS)


SEES_OTHERS = {
    "coord", "admin", "ordera", "colleague", "orderb", "behind", "producer", "agreed", "done", "paper",
}  # fmt: skip


def test_reading_by_a_link_or_a_key_is_noted_for_whom_it_stands(eyes):
    client = world.signed_in(eyes.people, "nobody")
    wrong = []

    for owner, url in world.links(eyes.people):
        last = last_note()
        answer = client.get(url)
        key = eyes.key_of[owner.pk]
        shown = {who for who, _f in world.shown_in(answer.content, eyes.people)} - {key}
        told = {eyes.key_of[pk] for pk in noted_since(last, owner.pk) if pk in eyes.key_of}
        leak = eyes.planted.seen_in(answer.content.decode().replace("\xad", "")) - eyes.allowed(key)
        if shown != told or answer.status_code != 200 or leak:
            wrong.append((url, answer.status_code, shown, told, leak))

    assert wrong == []
