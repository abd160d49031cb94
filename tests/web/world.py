"""A small rich world in which every personal field of everybody holds a word found nowhere else.

``Canary("e1", "phone").word`` is what stands there; ``addresses`` are all addresses of the site with the numbers of
this world's objects, from the resolver.
"""

import re
from datetime import timedelta
from itertools import product
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page

from luukku.accounts import actions as accounts
from luukku.accounts.models import AddressChange, Inquiry, User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Offer, Undo
from luukku.config.management.commands.list_urls import rows
from luukku.config.scenarios import load
from luukku.coping import actions as coping
from luukku.coping.models import Flag, FlagKind, Reminder, YearlyTalk
from luukku.core.links import Link, sign
from luukku.core.times import helsinki
from luukku.events import actions as events
from luukku.events.models import (
    Answer,
    Attendance,
    Audience,
    Event,
    Kind,
    Material,
    Presence,
    Session,
    SignUp,
)
from luukku.events.models import Question as EventQuestion
from luukku.events.states import EventState, SignUpState
from luukku.experts.models import CompletedTraining, Expert
from luukku.feedback.models import SCALES, Debrief, EventFeedback, Feedback, Side
from luukku.guidance import actions as guidance
from luukku.guidance.models import CannedAnswer, Question
from luukku.notices.models import Letter
from luukku.orders import actions as orders
from luukku.orders.models import ChangeRequest, Order
from luukku.organisations.models import ChangeAsked, Membership, Organisation
from luukku.privacy.models import Purpose
from luukku.readiness import actions as readiness
from luukku.readiness.models import Device, EquipmentKind, Loan, Readiness
from luukku.search.models import WideReading
from luukku.training import actions as training
from luukku.training.models import (
    Application,
    BadgeIssuer,
    PracticeLecture,
    Programme,
    Run,
    RunReport,
    Thread,
    ThreadDecision,
    ThreadMessage,
)
from luukku.training.states import ProgrammeState
from luukku.web.kit.tokens import new_token
from luukku.web.parts.experts.profile_forms import SECTIONS
from luukku.web.parts.orders.forms import STEPS
from luukku.web.public.guest_orders import SESSION_KEY
from luukku.workbench.actions import write_note
from luukku.workbench.models import InternalNote, Joined, Merged, SavedFilter
from luukku.workflow.actions import keep_typed
from tests.factories.accounts import show_who_is_there
from tests.factories.events import make_event, make_sign_up
from tests.factories.orders import make_guest_draft
from tests.factories.search import ask_for_more_cards
from tests.factories.training import make_lecture, make_programme, make_run

BACKEND = "django.contrib.auth.backends.ModelBackend"


def word(who, what):
    """Return the one word that stands in the field ``what`` of ``who``."""
    return f"Qx{who}{what}".replace("_", "").lower().capitalize() + "zz"


def address_of(who):
    return f"{word(who, 'email').lower()}@example.test"


def number_of(who):
    return str(7_000_000 + sum(ord(sign) * 31**n for n, sign in enumerate(who)) % 900_000)


def person(who, **more):
    return {
        "key": who, "name": word(who, "name"), "email": address_of(who), "phone": f"+358 50 {number_of(who)}",
        "password": "koivunlehti-ja-kanerva",
    } | more  # fmt: skip


def expert(who, **more):
    return {
        "key": who, "person": who, "municipality": "Pori", "own_words": word(who, "own_words"),
        "support_needs": word(who, "support_needs"), "equipment": word(who, "equipment"),
        "task_types": ["talk"], "experiences": [{"theme": "depression"}, {"theme": "sleep", "is_shown": False}],
        "trainings": [{"kind": "basic", "name": word(who, "training"), "completed_on": "2024-05-01"}],
    } | more  # fmt: skip


def order(key, contact, organisation, days, **more):
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    return {
        "key": key, "organisation": organisation, "contact": contact, "task_type": "talk", "title": f"Tilaus {key}",
        "goal": word(key, "goal"), "audience": word(key, "audience"), "address": word(key, "address"),
        "accessibility": word(key, "accessibility"), "themes": [{"theme": "depression"}], "municipality": "Pori",
        "mode": "either", "meeting_url": f"https://{word(key, 'room').lower()}.example.test",
        "times": [{"starts_at": start.strftime(stamp), "ends_at": (start + timedelta(hours=1)).strftime(stamp)}],
    } | more  # fmt: skip


def scales(side, who):
    return {
        "side": side,
        "smooth": 2,
        "useful": 2,
        "heard": 2,
        "again": 2,
        "words": word(who, "feedback"),
    }


# Who asks, and as what the pages know them.
ROLES = {
    "nobody": set(),
    "plain": set(),
    "coord": {"coordinator"},
    "admin": {"admin"},
    "steer": {"steering"},
    "ordera": {"orderer"},
    "colleague": {"orderer"},
    "orderb": {"orderer"},
    "moved": set(),
    "behind": {"background"},
    "producer": {"producer"},
    "agreed": {"expert"},
    "offered": {"expert"},
    "waiting": {"expert"},
    "done": {"expert"},
    "paper": {"expert"},
    "asker": set(),
    "gone": set(),
    "guest": set(),
}
# Of these nobody knows who they are: not signed in, an account that was closed, a guest with a draft.
UNKNOWN = {"nobody", "gone", "guest"}  # fmt: skip
DOCUMENT = {
    "people": [
        person("coord", roles=["coordinator"]), person("coordb", roles=["coordinator"]),
        person("admin", roles=["admin"]), person("steer", roles=["steering"]), person("plain"),
        person("ordera"), person("colleague"), person("orderb"), person("behind"), person("producer"),
        person("agreed"), person("offered"), person("waiting"), person("done"), person("paper", email=""),
        person("asker"), person("moved"), person("gone"),
    ],
    "organisations": [
        {"key": "a", "name": "Koulu A", "kind": "school", "members": [
            {"person": "ordera", "role": "orderer", "is_contact": True}, {"person": "colleague", "role": "orderer"},
            {"person": "moved", "role": "orderer"}, {"person": "gone", "role": "orderer"}]},
        {"key": "b", "name": "Koulu B", "kind": "school", "members": [{"person": "orderb", "role": "orderer"}]},
        {"key": "c", "name": "Tausta C", "kind": "ngo", "tasks": ["background"], "members": [
            {"person": "behind", "role": "background", "is_contact": True}]},
        {"key": "d", "name": "Koulu D", "kind": "ngo", "tasks": ["trains"], "members": [
            {"person": "producer", "role": "producer"}]},
    ],
    "experts": [
        expert("agreed", background_organisation="c", responsible_person="behind", consents=Purpose.values),
        expert("offered"),
        expert("waiting", state="waiting"), expert("done", background_organisation="c"), expert("paper", shows_municipality=False),
    ],
    "orders": [],
    "questions": [
        {"words": word("asker", "question"), "person": "asker", "answer": "Näin."},
        {"words": word("asker", "second"), "person": "asker"},
        {"words": "Vieraan kysymys", "name": word("guest", "name"), "email": address_of("guest")},
    ],
}  # fmt: skip


def build():
    """Make the world; return its people by key."""
    document = DOCUMENT | {
        "orders": [
            order("one", "ordera", "a", 20, state="staffed",
                  offers=[{"expert": "agreed", "answer": "accepted"}]),
            order("two", "ordera", "a", 25, offers=[{"expert": "offered"}]),
            order("three", "ordera", "a", -9, state="closed", offers=[
                {"expert": "done", "answer": "accepted",
                 "feedback": [scales("expert", "done"), scales("orderer", "ordera")], "debriefs": ["expert"]}],
                  what_changed={"words": word("ordera", "changed")}),
            order("four", "orderb", "b", 30, state="sent"),
            order("five", "orderb", "b", 33, state="staffed", offers=[{"expert": "paper", "answer": "accepted"}]),
            order("six", "ordera", "a", 40, state="draft"),
            order("seven", "moved", "a", 44, state="staffed",
                  offers=[{"expert": "offered", "answer": "accepted"}]),
            order("eight", "ordera", "a", 50, state="cancelled",
                  cancelled={"whose": "orderer", "reason": word("ordera", "reason")}),
        ]
    }  # fmt: skip
    made = load(document)
    people = {key: User.objects.get(pk=row["id"]) for key, row in made["people"].items()}
    now, coord = timezone.now(), people["coord"]
    first, second = Question.objects.filter(asked_by=people["asker"]).order_by("pk")
    guidance.note(first, word("asker", "note"), by=coord, at=now)
    for about, who in (
        (Order.objects.get(title="Tilaus one"), "ordera"),
        (Expert.objects.get(user=people["agreed"]), "agreed"),
        (people["plain"], "plain"),
    ):
        write_note(about, word(who, "internal"), by=coord, at=now)
    school = Organisation.objects.get(name="Koulu A")
    write_note(school, "Muistiinpano koulusta", by=coord, at=now)  # of nobody
    guidance.hand_over(
        second, to=Organisation.objects.get(name="Tausta C"), agreed=word("asker", "agreed"),
        shows_contact=False, follow_on=(now + timedelta(days=9)).date(), by=coord, at=now,
    )  # fmt: skip
    extra = Assignment.objects.get(expert__user=people["offered"])
    assignments.cancel(
        extra, whose="expert", reason=word("offered", "cancel"), by=people["offered"], at=now,
    )  # fmt: skip
    Membership.objects.filter(user=people["moved"]).delete()
    accounts.inquire(
        people["ordera"], since=now - timedelta(days=1), until=now + timedelta(days=1),
        reason="Syy", by=people["admin"], at=now,
    )  # fmt: skip
    ask_for_more_cards(now, by=people["orderb"])
    admin, why = (
        people["admin"],
        {"reason": word("plain", "why"), "identity": word("plain", "known")},
    )
    accounts.ask_address(people["plain"], address_of("plainnew"), by=admin, at=now, **why)
    accounts.reset_factors(
        people["asker"], reason="Puhelin katosi", identity="Soitto", by=admin, at=now
    )
    accounts.close(people["gone"], by=admin, at=now)
    Authenticator.objects.create(user=people["coordb"], type=Authenticator.Type.WEBAUTHN, data={})
    asked = orders.ask_change(
        Order.objects.get(title="Tilaus one"), word("ordera", "change"), by=people["ordera"], at=now
    )
    orders.answer_change(asked, word("ordera", "reply"), by=coord, at=now)
    orders.ask_time(Order.objects.get(title="Tilaus four"), by=coord, at=now)
    draft = make_guest_draft(now, title="Tilaus guest")
    orders.ask_confirmation(
        draft, name=word("guestdraft", "name"), email=address_of("guestdraft"), phone="050 7999999", at=now,
        organisation_name="Kylän koulu", organisation_kind="school", language="fi", days=[],
    )  # fmt: skip
    keep_typed(
        "[]", key_mark="x", token=new_token(""), page="/orderer/organisation/", action="/orderer/", at=now,
    )  # fmt: skip
    producer = Organisation.objects.get(name="Koulu D")
    event = make_event(now, organiser=producer, by=coord, guests_ok=True)
    events.ask_guest(
        event, name=word("eventguest", "name"), email=address_of("eventguest"), phone="050 7888888", at=now,
    )  # fmt: skip
    make_event(now, organiser=producer, by=coord, state=EventState.DRAFT)
    make_event(now, organiser=producer, by=coord, audience=Audience.INVITED)
    make_sign_up(event, people["offered"], state=SignUpState.WAITING)
    coming = make_sign_up(event, people["agreed"])
    asked = EventQuestion.objects.create(event=event, number=1, words_fi="Apu?", is_sensitive=True)
    Answer.objects.create(sign_up=coming, question=asked, words="Kyllä")
    for whom in ("everybody", "place"):
        Material.objects.create(
            event=event, number=1, title="Diat", url=f"https://diat.example/{whom}", for_whom=whom, made_by=coord, made_at=now,
        )  # fmt: skip
    Attendance.objects.create(
        sign_up=coming, session=event.sessions.get(),
        presence=Presence.HERE, marked_by=coord, marked_at=now,
    )  # fmt: skip
    for state in ProgrammeState:
        make_programme(now, state=state, producer=producer, by=coord)
    run, other = (
        make_run(now, programme=Programme.objects.get(state=ProgrammeState.AGREED), by=coord)
        for _n in range(2)
    )
    training.apply(
        run, by=people["plain"], at=now, why=word("plain", "why_train"), needs=word("plain", "needs"), second=other,
    )  # fmt: skip
    make_run(
        now,
        programme=Programme.objects.get(state=ProgrammeState.AGREED),
        by=coord,
        state=EventState.DRAFT,
    )
    ended = make_run(now, programme=run.programme, by=coord, starts_at=now - timedelta(days=5))
    training.send_report(ended, by=coord, at=now)
    said = training.write(
        None, words=word("producer", "said"), organisation=producer, by=people["producer"], at=now
    )
    training.decide(
        said.thread, words="Kymmenen tuntia.", decided_on=now.date(), seen=0, by=coord, at=now
    )
    make_lecture(now, school=people["ordera"].memberships.get().organisation, by=people["ordera"])
    for who, kind, more in (
        ("agreed", FlagKind.MANY, {"passed_on_at": now}),
        ("agreed", FlagKind.SILENT, {}),
        ("done", FlagKind.UNHEARD, {"passed_on_at": now, "state": "dismissed", "settled_by": coord,
                                    "reason": word("done", "sign")}),
    ):  # fmt: skip
        found = Expert.objects.get(user=people[who])
        Flag.objects.create(expert=found, kind=kind, evidence=[1], raised_at=now, **more)
    behind = Organisation.objects.get(name="Tausta C")
    for who in ("agreed", "done"):
        coping.note_talk(
            Expert.objects.get(user=people[who]), held_on=now.date() - timedelta(days=9), held_by=people["behind"],
            next_by=now.date() + timedelta(days=300), by=people["behind"], at=now,
        )  # fmt: skip
    been = make_sign_up(
        make_event(now, organiser=producer, by=coord, starts_at=now - timedelta(days=3)),
        people["plain"],
    )
    EventFeedback.objects.create(
        sign_up=been, **dict.fromkeys(SCALES, 4), words="Hyvä", given_at=now
    )
    meeting = make_event(now, organiser=producer, by=coord, kind=Kind.PEER)
    coping.invite(meeting, experts=[Expert.objects.get(user=people["done"]).pk], by=coord, at=now)
    make_sign_up(meeting, people["agreed"])
    for who in ("agreed", "done"):
        own = Expert.objects.get(user=people[who])
        readiness.try_out(own, works=["link"], helps=["mute"], kinds=["phone"], by=own.user, at=now)
    lend(people, behind, now)
    Reminder.objects.create(organisation=behind, since=now, last_at=now)
    for who in (people["agreed"], people["ordera"]):
        assignments.new_calendar_key(who, by=who, at=now)
    return {key: User.objects.get(pk=user.pk) for key, user in people.items()}


def lend(people, lender, now):
    """Let an organisation lend: one device is out, one is asked for, one could not be lent."""
    by, today = people["behind"], helsinki(now).date()
    device = readiness.add_device(
        lender, kind=EquipmentKind.TABLET, label="3", note="Laturi", by=by, at=now
    )

    def ask(who, days):
        own = Expert.objects.get(user=people[who])
        return readiness.ask_loan(
            own, lender=lender, kind=device.kind, from_on=today, until_on=today + timedelta(days=days),
            why=word(who, f"borrows{days}"), by=own.user, at=now,
        )  # fmt: skip

    own = readiness.grant_loan(
        ask("done", 9), device=device, fetch=word("done", "fetch"), by=by, at=now
    )
    readiness.hand_out_loan(own, by=by, at=now)
    readiness.refuse_loan(ask("agreed", 5), reason=word("agreed", "unlent"), by=by, at=now)
    ask("agreed", 6)


def links(people):
    """Return every address that opens by itself: (whose, address)."""
    found = [
        (offer.expert.user, reverse("public:offer-link", args=[sign(Link("offer", offer.pk, offer.expert.user_id))]))
        for offer in Offer.objects.order_by("pk")
    ]  # fmt: skip
    for who in ("agreed", "ordera"):
        key = people[who].calendar_key.key
        found.append((people[who], reverse("public:calendar-feed", args=[key])))
    return found


# What the numbers of addresses count: by the end of the address up to the number.
_OBJECTS = [
    ("trainings", CompletedTraining), ("offers|sign-ups", Offer), ("tasks", Assignment), ("orders?|calls", Order),
    ("members|contact", Membership), ("questions|advice", Question), ("answers", CannedAnswer),
    ("letters", Letter), ("debriefs", Debrief), ("feedback", Feedback), ("talks", YearlyTalk), ("experts", Expert),
    ("organisations|join|backgrounds", Organisation), ("change", ChangeAsked), ("people", User), ("addresses", AddressChange),
    ("sent|share", Page), ("badges", BadgeIssuer), ("documents|authenticate_with_password", get_document_model()),
    ("keys", Authenticator), ("undo", Undo), ("events", Event), ("coming", SignUp), ("times", Session), ("load|coping", Flag), ("readiness", Readiness), ("loans", Loan), ("devices", Device),
    ("inquiries", Inquiry), ("changes", ChangeRequest), ("cards", WideReading), ("notes", InternalNote),
    ("programmes", Programme), ("runs", Run), ("reports", RunReport), ("lectures", PracticeLecture), ("threads", Thread), ("messages", ThreadMessage), ("decisions", ThreadDecision), ("applications", Application), ("merge", User), ("merges", Merged), ("joinings", Joined), ("saved", SavedFilter),
    # What the queue opens is of many kinds; a search is kept by its session, by whatever number.
    ("(open|next)/<slug:kind>", Order), ("find", Order),
]  # fmt: skip
WORDS = {
    "section": [*SECTIONS, "news"], "step": list(STEPS), "side": list(Side.values), "move": ["accept", "welcome", "vet"],
    "condition": ["time", "distance_60"], "code": ["talk"], "node": ["start"], "token": ["forged"], "key": ["forged"], "path": ["x.png"], "name": ["x"], "answer": ["yes", "no"], "number": ["forged"], "act": ["interview", "choose", "turn-down", "complete", "stop", "grant", "refuse", "no-longer", "lost", "ask-longer", "cancel"],
}  # fmt: skip
_QUERIES = {
    "public:search": ["?q=masennus", "?q=masennus&kind=experts", "?q=masennus&kind=calls"],
    "counter:experts": ["?q=qx"], "counter:people": ["?q=qx"], "counter:questions": ["?state=all"],
}  # fmt: skip


NUMBER = re.compile(r"<int:\w+>")


def models_of(pattern):
    """Return what each number of an address counts, in order."""
    return [_model_of(pattern[: match.start()]) for match in NUMBER.finditer(pattern)]


def _model_of(before):
    for end, model in _OBJECTS:
        if re.search(rf"(^|/)({end})/$", before):
            return model
    raise LookupError(f"Say in _OBJECTS what is counted after {before}")


def patterns():
    """Yield each address of ours with its pattern in Finnish, but for the account's, the editor's and the gallery's."""
    for row in rows():
        pattern = re.sub(r"^(en|sv)/", "fi/", row["pattern"])
        if not re.match(r"(fi/ui|cms)/", pattern) and "(" not in pattern:
            yield pattern, row


# Fields of contact and of special data: the reading of these is noted.
NOTED = (
    "name",
    "email",
    "phone",
    "own_words",
    "support_needs",
    "feedback",
    "question",
    "second",
    "note",
    "internal",
    "agreed",
    "cancel",
    "reason",
    "change",
    "reply",
    "sign",
)


def shown_in(body, keys, fields=NOTED):
    """Return {(whose, field)} of every word of the world that stands in ``body``."""
    text = body.decode(errors="replace").replace("\r\n ", "").replace("\xad", "").lower()
    tokens = {
        (who, field): number_of(who) if field == "phone" else word(who, field).lower()
        for who in keys
        for field in fields
    }
    return {key for key, token in tokens.items() if token in text}


class Address(NamedTuple):
    """One address of ours, how it may be asked, and by which roles."""

    name: str
    url: str
    methods: list
    roles: set

    def is_open_to(self, role):
        """Return whether the page lets the role in; the others meet the same refusal at each."""
        known = ROLES[role] | {"everyone"} | (set() if role in UNKNOWN else {"signed_in"})
        return bool(self.roles & known)


def addresses(*, missing=False, account=False):
    """Return every address of ours in Finnish, with this world's numbers.

    Args:
        missing: with a number that no object has, instead.
        account: the pages of the account as well.
    """
    keys = {
        model: list(
            model.objects.order_by("-pk").values_list("pk", flat=True)[: 2 if model is Page else 40]
        )
        for _end, model in _OBJECTS
    }
    found = []
    for pattern, row in patterns():
        if not account and pattern.startswith("fi/account/"):
            continue
        counted = models_of(pattern)
        values = [[987654321] if missing else keys[model] or [987654321] for model in counted]
        if len(counted) == 2 and counted[0] is counted[1]:  # two of a kind: each once as either
            numbers = list(zip(values[0], values[0][1:] + values[0][:1], strict=True))
        else:
            numbers = list(product(*values))
        filled = [_numbered(pattern, some) for some in numbers]
        for part, name in re.findall(r"(<(?!int)\w+:(\w+)>)", pattern):
            values = WORDS.get(name, ["x"])
            filled = [one.replace(part, str(value), 1) for one in filled for value in values]
        for one in filled:
            for query in ["", *_QUERIES.get(row["name"], [])]:
                found.append(
                    Address(row["name"], f"/{one}{query}", row["methods"], set(row["roles"]))
                )
    return found


def _numbered(pattern, numbers):
    values = iter(numbers)
    return NUMBER.sub(lambda _match: str(next(values)), pattern)


def signed_in(people, role):
    """Return the browser of somebody in ``role``."""
    client = Client()
    if role == "guest":
        session = client.session
        session[SESSION_KEY] = list(Order.objects.filter(contact=None).values_list("pk", flat=True))
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    elif role != "nobody":
        client.force_login(people[role], backend=BACKEND)
        if people[role].is_active:
            show_who_is_there(client)  # pages of the account ask for it
    return client
