"""axe finds nothing on any page: every role, three languages, two widths, empty, filled and with errors."""

import io
import re
from collections import Counter, deque
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation

from luukku.accounts.actions import ask_address, inquire
from luukku.accounts.models import Role, User
from luukku.assignments.actions import decline
from luukku.assignments.models import Assignment, Offer
from luukku.config.demo import DOMAIN
from luukku.config.management.commands.list_urls import rows
from luukku.content.queries import page_at
from luukku.coping.actions import note_talk
from luukku.core.links import Link, sign
from luukku.core.times import helsinki
from luukku.events.actions import ask_guest, keep_materials, repeat
from luukku.events.notices import guest_token
from luukku.experts.actions import add_training
from luukku.experts.states import ExpertState
from luukku.feedback.actions import ask_debrief
from luukku.feedback.models import Debrief
from luukku.feedback.states import DebriefState
from luukku.guidance.actions import answer
from luukku.guidance.queries import behind_code
from luukku.notices.mail import DAILY, stop_path
from luukku.notices.models import Letter
from luukku.orders.actions import ask_time
from luukku.orders.models import GuestSender, Order
from luukku.organisations.models import ChangeAsked, MemberRole, Task
from luukku.organisations.states import OrganisationState
from luukku.readiness.states import LoanState
from luukku.training import actions as training
from luukku.web.parts.orders.wizard import NAMES
from luukku.workbench.actions import join_organisation, merge, save_filter, write_note
from tests.content.test_practices import send, send_back
from tests.factories.accounts import make_admin, make_coordinator, make_person, show_who_is_there
from tests.factories.assignments import make_agreed, make_done, make_offer, make_search
from tests.factories.coping import make_passed_on
from tests.factories.events import make_event, make_guest, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.guidance import make_question
from tests.factories.organisations import make_member, make_organisation
from tests.factories.readiness import make_borrower, make_device, make_loan, make_test
from tests.factories.search import ask_for_more_cards
from tests.factories.training import make_application, make_lecture, make_programme, make_run
from tests.web.axe import Eye
from tests.web.public.test_advice import shown

LANGUAGES = ("fi", "sv", "en")
LINK = re.compile(r'href="(/fi/[^"#?]*)')
LEFT_OUT = re.compile(
    r"/account/(?!login|signup|password/reset/$|email/|2fa/$|login/code|second-factor/|confirm/code/)|\.ics$|/logout/"
)
# Pages that only redirect, are no page, or come from allauth in a state of its own.
NO_PAGE = re.compile(
    r"^(None$|account_|mfa_|health-|set_language|desk$|public:calendar-feed|expert:offer-accept|orderer:settings"
    r"|expert:task-calendar$|public:(offer|event)-calendar$|card$|media$|document$|robots|sitemap|public:(rss|atom)$|counter:queue-(open|next)$|wagtailcore_|wagtaildocs_"
    r"|badge-|public:(badge|certificate-paper|record-json|record-pdf)$)"
)
# Pages to which no link of the demo leads in every state yet: they want a world of their own.
NOT_REACHED: set[str] = set()
# /cms/ is Wagtail's own admin: its pages are made and tested there, and who uses it is at the counter.
# /documents/ hands out files and has no page of its own: test_cms.py looks who gets what there.
NOT_OURS = ("cms/", "documents/")
BACKEND = "django.contrib.auth.backends.ModelBackend"
DEMO = {
    "coordinator": "koordinaattori", "orderer": "tilaaja1", "expert": "kokemus1",
    "background": "jarjesto1", "steering": "ohjausryhma", "admin": "yllapito",
}  # fmt: skip
# Addresses of one view that are asked for on the way: a few have all its kinds; of an order each state is one.
FEW, MOST = 12, {"counter:order": 25}
START = ["/fi/", "/fi/desk/", "/fi/me/", "/fi/ui/", "/fi/expert/start/", "/fi/welcome/",
         "/fi/no-such-page/", "/fi/advice/thanks/", "/fi/order/sent/", "/fi/order/asked/",
         "/fi/feedback/sent/", "/fi/l/thanks/", "/fi/orderer/settings/", "/fi/orderer/organisation/new/",
         "/fi/account/second-factor/", "/fi/account/confirm/code/", "/fi/expert/profile/delete/"]  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.hyphens, pytest.mark.django_db(transaction=True)]


def people(data):
    """Return who looks, by role: people of the demo, or people with nothing yet."""
    if data == "filled":
        users = {r: User.objects.get(email=f"{name}@{DOMAIN}") for r, name in DEMO.items()}
    else:
        users = {r: make_person(roles=[Role(r)]) for r in ("coordinator", "steering", "admin")}
        users |= {"orderer": make_organisation().members.first(), "expert": make_expert().user}
    return {"anonymous": None, **users}


def link(name, purpose, one, person, **kwargs):
    token = sign(Link(purpose, one.pk, person.pk))
    return reverse(f"public:{name}", kwargs=kwargs | {"token": token})


def linked():
    """Return the pages behind the links of letters."""
    expert = User.objects.get(email=f"{DEMO['expert']}@{DOMAIN}")
    offer = Offer.objects.get(expert__user=expert, state="proposed")
    task = Assignment.objects.filter(expert__user=expert, state="done").latest("starts_at")
    orderer = task.order.contact
    guest = GuestSender.objects.create(
        order=Order.objects.filter(state="draft").first(), name="Vieras", email="v@esimerkki.example",
        organisation_name="Yhdistys", organisation_kind="ngo", language="fi", asked_at=timezone.now(),
    )  # fmt: skip
    question = make_question(timezone.now(), email="v@esimerkki.example")
    answer(question, "Näin se on.", by=make_coordinator(), at=timezone.now())
    agreed = make_agreed(timezone.now(), days=(9,))
    moving = ask_address(
        make_person("Aino Muuttaja"), "uusi@example.test", reason="Kadonnut", identity="Tuttu",
        by=make_admin(), at=timezone.now(),
    )  # fmt: skip
    ask_guest(
        make_event(timezone.now(), guests_ok=True), name="Veera", email="v@esimerkki.example",
        at=timezone.now(),
    )  # fmt: skip
    place = Letter.objects.filter(kind="events.guest_asked").latest("pk").link
    place = place[place.index("/fi/") :] if "/fi/" in place else place
    asked = ask_time(make_search(timezone.now()), by=make_coordinator(), at=timezone.now())
    return [
        place,
        f"{place}leave/",
        *been_by_link(),
        link("time-link", "time", asked, asked.order.contact),
        link("offer-cancel", "offer", agreed.offer, agreed.expert.user),
        link("address-link", "address", moving, moving.user),
        stop_path(DAILY, expert.pk),
        reverse("public:advice-link", args=[sign(Link("advice", question.pk, 0))]),
        link("guest-link", "guest", guest, guest),
        link("offer-link", "offer", offer, expert),
        link("feedback-link", "feedback-expert", task, expert, side="expert"),
        link("changed-link", "changed", task.order, orderer),
        reverse("public:offer-link", kwargs={"token": "cut"}),
    ]


def train(expert):
    """A training of the expert, for a page that takes it away."""
    return add_training(
        expert, kind="basic", name="Peruskurssi", producer="Yhdistys",
        completed_on=timezone.now().date(), by=expert.user, at=timezone.now(),
    )  # fmt: skip


def learning(user):
    """Pages of what ``user`` has applied for, takes part in and has completed."""
    now, by = timezone.now(), make_coordinator()
    past = now - timedelta(days=90)
    waits = make_application(make_run(now), user)
    goes_on = make_run(past, starts_at=now - timedelta(days=3), sessions=2)
    takes_part = training.choose(make_application(goes_on, user, at=past), by=by, at=past)
    over = make_run(past, starts_at=now - timedelta(days=40))
    held = training.choose(make_application(over, user, at=past), by=by, at=past)
    held = training.complete(held, contact_minutes=720, own_minutes=300, by=by, at=now)
    been = make_sign_up(make_event(past, starts_at=now - timedelta(days=3)), user)
    return [
        reverse("public:event-feedback", args=[been.event_id]),
        reverse("public:applications"),
        reverse("public:lecture", args=[lectured(user=user)[0].pk]),
        reverse("public:application", args=[held.pk]),
        reverse("public:application-withdraw", args=[waits.pk]),
        reverse("public:application-stop", args=[takes_part.pk]),
        reverse("public:certificate", args=[held.certificates.get().shown_number]),
        reverse("public:certificate-check"),
        reverse("public:certificate-issuer", args=[held.pk]),
        reverse("public:record"),
        reverse("public:apply", args=[make_run(now).pk]),
    ]


def lectured(school=None, producer=None, user=None):
    """A practice lecture that is over, the training that took it, and who spoke."""
    now, by = timezone.now(), make_coordinator()
    past = now - timedelta(days=30)
    more = {"organiser": producer} if producer else {}
    run = make_run(past, starts_at=now + timedelta(days=5), **more)
    own = training.choose(make_application(run, user, at=past), by=by, at=past)
    lecture = make_lecture(past, school=school, by=by)
    taken = training.take_lecture(lecture, run=run, trainees=[own], by=by, at=past)
    return taken, run, own


def talked(behind, with_whom, by):
    """A yearly talk that ``with_whom`` of ``behind`` had with one of its experts."""
    today, expert = helsinki(timezone.now()).date(), make_borrower(make_device(organisation=behind))
    return note_talk(
        expert, held_on=today, held_by=with_whom, next_by=today + timedelta(days=300), by=by,
        at=timezone.now(),
    )  # fmt: skip


def thread(by, producer=None):
    """A thread of those who train, begun by ``by`` and decided: (its first message, the decision)."""
    now = timezone.now()
    said = training.write(None, words="Montako tuntia?", organisation=producer, by=by, at=now)
    before = said.thread.decisions.first()
    made = training.decide(
        said.thread, words="Kymmenen.", decided_on=now.date(), seen=before.number if before else 0,
        organisation=producer, by=by, at=now,
    )  # fmt: skip
    return said, made


def threads(desk):
    """The counter's pages of a thread."""
    said, made = thread(desk)
    return [
        reverse("counter:threads"),
        reverse("counter:thread-new"),
        reverse("counter:thread", args=[said.thread_id]),
        reverse("counter:thread-decide", args=[said.thread_id]),
        reverse("counter:message-remove", args=[said.pk]),
        reverse("counter:decisions"),
        reverse("counter:decision", args=[made.pk]),
    ]


def reports(desk):
    """The counter's pages of a report that is sent, and of the one that would take its place."""
    now = timezone.now()
    over = make_run(now - timedelta(days=90), starts_at=now - timedelta(days=40))
    sent = training.send_report(over, words="Hyvin meni.", by=desk, at=now)
    lecture, _run, _own = lectured()
    return [
        reverse("counter:lecture-new", args=[lecture.school_id]),
        reverse("counter:lecture-cancel", args=[lecture.pk]),
        reverse("counter:lecture-count", args=[lecture.pk]),
        reverse("counter:lecture-link", args=[lecture.pk]),
        reverse("counter:run-lecture", args=[lecture.run_id]),
        reverse("counter:reports"),
        reverse("counter:report", args=[sent.pk]),
        reverse("counter:report-remove", args=[sent.pk]),
        reverse("counter:run-report", args=[over.pk]),
    ]


def merged():
    """Two accounts that were made one."""
    now, by = timezone.now(), User.objects.get(email=f"{DEMO['coordinator']}@{DOMAIN}")
    return merge(make_person("Onni"), make_person("Onni"), reason="Soitettu.", by=by, at=now)


def joined(school, twin):
    """Two organisations that were made one."""
    now, by = timezone.now(), User.objects.get(email=f"{DEMO['coordinator']}@{DOMAIN}")
    return join_organisation(school, twin, reason="Soitettu.", by=by, at=now)


def noted(about):
    """A note that its writer may still correct."""
    by = User.objects.get(email=f"{DEMO['coordinator']}@{DOMAIN}")
    return write_note(about, "Soitettu.", by=by, at=timezone.now())


def event_pages(desk):
    """The counter's pages of an event whose decision waits, with somebody in every state."""
    now = timezone.now()
    event = make_event(
        now, min_seats=3, decide_on=helsinki(now).date(), seats=3, how="approval", by=desk,
        starts_at=now + timedelta(minutes=5), address="Kirjasto",
    )  # fmt: skip
    rows = [
        make_sign_up(event, state=state) for state in ("confirmed", "applied", "waiting", "offered")
    ]
    begun = make_sign_up(make_event(now, starts_at=now - timedelta(minutes=5)))
    repeat(event, [helsinki(now + timedelta(days=7)).date()], by=desk, at=now)
    draft = make_event(now, state="draft")
    return [
        *(
            reverse(f"counter:{name}", args=[event.pk])
            for name in ("event", "event-edit", "event-times", "event-put-on", "event-paper", "event-cancel",
                         "event-decide-later")
        ),
        reverse("counter:event-answer", args=[rows[1].pk, "decline"]),
        reverse("counter:event-answer", args=[rows[0].pk, "withdraw"]),
        reverse("counter:event-check-in", args=[begun.event.sessions.get().pk]),
        reverse("counter:event-check-in", args=[event.sessions.get().pk]),
        reverse("counter:event", args=[draft.pk]),
        reverse("counter:event-questions", args=[draft.pk]),
        reverse("counter:event-materials", args=[draft.pk]),
        reverse("counter:event-move", args=[draft.pk, "publish"]),
        reverse("counter:event-series-cancel", args=[event.pk]),
    ]  # fmt: skip


def give_materials(event):
    """Let ``event`` have something to read for those who come and something for everybody."""
    rows = [
        {"title": "Illan diat", "url": "https://diat.example/1"},
        {"title": "Esite", "url": "https://diat.example/2", "for_whom": "everybody"},
    ]
    keep_materials(event, rows, by=event.responsible, at=timezone.now())


def been_by_link():
    """Return the pages behind a guest's link to an event that is over, with something to read."""
    now = timezone.now()
    been = make_event(now, starts_at=now - timedelta(days=2))
    give_materials(been)
    token = guest_token(make_guest(been))
    return [reverse(f"public:event-guest{more}", args=[token]) for more in ("", "-feedback")]


def led(user):
    """The pages of peer meetings that ``user`` leads as an expert of the steering group."""
    user.roles = [*user.roles, Role.STEERING]
    user.save()
    now, kept = timezone.now(), {"kind": "peer", "audience": "experts", "responsible": user}
    draft, soon = make_event(now, state="draft", **kept), make_event(now, **kept)
    make_sign_up(soon)
    give_materials(soon)
    names = ("peer", "peer-edit", "peer-times", "peer-materials", "peer-repeat", "peer-call-off")
    return [
        reverse("expert:peers"),
        reverse("expert:peer-new"),
        reverse("expert:peer-publish", args=[draft.pk]),
        *(reverse(f"expert:{name}", args=[soon.pk]) for name in names),
    ]


def arranged(organiser):
    """The pages of an event that an organisation arranges: a draft, and one that has begun."""
    now = timezone.now()
    draft = make_event(now, state="draft", organiser=organiser)
    begun = make_event(now, starts_at=now - timedelta(minutes=5), organiser=organiser)
    make_sign_up(begun)
    give_materials(begun)
    return [
        reverse("orderer:our-event", args=[begun.pk]),
        reverse("orderer:our-event-materials", args=[begun.pk]),
        reverse("orderer:our-event-questions", args=[draft.pk]),
        reverse("orderer:our-event-move", args=[draft.pk, "publish"]),
        reverse("orderer:our-event-check-in", args=[begun.sessions.get().pk]),
    ]


def lent(desk, device=None, expert=None):
    """The pages of ``desk`` about a loan that is asked for and one that is out."""
    device = device or make_device()
    asked = make_loan(device=device, expert=expert)
    out = make_loan(device=device, expert=asked.expert, starts_in=0, days=1, state=LoanState.OUT)
    if desk == "expert":
        names = (("loan", asked), ("loan-cancel", asked), ("loan", out), ("loan-longer", out))
        return [reverse(f"expert:{name}", args=[one.pk]) for name, one in names]
    acts = [(asked, "grant"), (asked, "refuse"), (out, "no-longer"), (out, "lost")]
    if desk == "counter":
        acts += [(out, "ask-longer"), (asked, "cancel")]
    return [
        reverse(f"{desk}:device", args=[device.pk]),
        reverse(f"{desk}:loan", args=[asked.pk]),
        reverse(f"{desk}:loan", args=[out.pk]),
        *(reverse(f"{desk}:loan-act", args=[one.pk, act]) for one, act in acts),
    ]


def rare(role):
    """Return pages that no link of the small demo leads to."""
    if role == "anonymous":
        return linked()
    if role == "coordinator":
        waiting = make_expert(state=ExpertState.WAITING)
        remote = make_search(mode="remote")
        member = make_member().memberships.get()  # its page is sent empty, too: that ends the role
        begun = make_agreed(timezone.now() - timedelta(days=15))
        no = make_offer(timezone.now())
        decline(no, by=no.expert.user, at=timezone.now())
        trained = train(make_expert())
        desk = User.objects.get(email=f"{DEMO[role]}@{DOMAIN}")
        flag = make_passed_on(timezone.now())
        talk = Debrief.objects.filter(state=DebriefState.ASKED).earliest("pk")
        applied = make_application()
        event, full = make_event(timezone.now()), make_event(timezone.now())
        make_sign_up(full, desk)
        own = save_filter("orders", name="Omani", query="", by=desk, at=timezone.now())
        school = make_organisation("Kenttäkoulu")
        twin = make_organisation("kenttäkoulu", state=OrganisationState.WAITING)
        asked = ChangeAsked.objects.create(
            organisation=school, name="Uusi kenttäkoulu", kind="school", sector="public",
            asked_by=make_person("Kysyvä Kalle"), asked_at=timezone.now(),
        )  # fmt: skip
        behind = make_organisation(tasks=[Task.BACKGROUND])
        held = talked(behind, make_member(behind, role=MemberRole.BACKGROUND), desk)
        wishes = make_person("Toivova Tuomas")
        training.wish(wishes, kinds=["digital"], by=wishes, at=timezone.now())
        return [
            reverse("counter:talk-remove", args=[held.pk]),
            reverse("counter:person-wish-remove", args=[wishes.pk]),
            reverse("counter:task-done", args=[begun.pk]),
            reverse("counter:offer-again", args=[no.pk]),
            reverse("counter:offer-late-yes", args=[no.pk]),
            f"{reverse('counter:orders-ask')}?order={no.order_id}",
            f"{reverse('counter:orders-remind')}?order={no.order_id}",
            reverse("counter:training-remove", args=[trained.expert_id, trained.pk]),
            reverse("counter:training-revoke", args=[trained.expert_id, trained.pk]),
            reverse("counter:training-restore", args=[trained.expert_id, trained.pk]),
            reverse("counter:task-keep", args=[begun.pk]),
            reverse("counter:readiness", args=[make_test(helps=("mute",)).pk]),
            reverse("counter:flag", args=[flag.pk]),
            reverse("counter:flag-dismiss", args=[flag.pk]),
            reverse("counter:debrief", args=[talk.pk]),
            *reports(desk),
            *lent("counter"),
            reverse("counter:loan-ask", args=[make_borrower(make_device()).pk]),
            reverse("counter:device-new", args=[make_organisation().pk]),
            *threads(desk),
            reverse("counter:core-new"),
            reverse("counter:programme-edit", args=[make_programme().pk]),
            reverse("counter:programme-holders", args=[make_programme().pk]),
            reverse("counter:run", args=[applied.run_id]),
            reverse("counter:run-new", args=[applied.run.programme_id]),
            reverse("counter:application", args=[applied.pk]),
            reverse("counter:application-act", args=[applied.pk, "turn-down"]),
            reverse("counter:application-withdraw", args=[applied.pk]),
            reverse("counter:person-apply", args=[applied.person_id]),
            reverse("public:event", args=[event.pk]),
            *event_pages(desk),
            reverse("public:event-sign-up", args=[event.pk]),
            reverse("public:event-withdraw", args=[full.pk]),
            reverse("public:event-asked"),
            reverse("counter:organisation", args=[school.pk]),
            reverse("counter:organisation-keep", args=[school.pk, asked.pk]),
            reverse("counter:organisation-join", args=[twin.pk, school.pk]),
            reverse("counter:remove-member", args=[member.pk]),
            reverse("counter:person-notices", args=[member.user_id]),
            reverse("counter:expert-send-back", args=[waiting.pk]),
            reverse("counter:order-link", args=[remote.pk]),
            reverse("counter:order-details", args=[remote.pk]),
            reverse("counter:person-merge", args=[member.user_id]),
            reverse("counter:person-merge-with", args=[member.user_id, make_person("Onni").pk]),
            reverse("counter:merge-take-back", args=[merged().pk]),
            reverse(
                "counter:joining-take-back",
                args=[joined(make_organisation(), make_organisation()).pk],
            ),
            reverse("counter:list-save", args=["orders"]),
            reverse("counter:list-saved-remove", args=[own.pk]),
            reverse("counter:expert-note", args=[waiting.pk]),
            reverse("counter:order-note", args=[remote.pk]),
            reverse("counter:organisation-note", args=[school.pk]),
            reverse("counter:person-note", args=[member.user_id]),
            reverse("counter:note-correct", args=[noted(school).pk]),
            reverse("counter:wide-reading", args=[ask_for_more_cards(timezone.now()).pk]),
        ]
    if role == "admin":
        user, now = User.objects.get(email=f"{DEMO['expert']}@{DOMAIN}"), timezone.now()
        admin = User.objects.get(email=f"{DEMO['admin']}@{DOMAIN}")
        person = User.objects.get(email=f"{DEMO['orderer']}@{DOMAIN}")
        day = timedelta(days=1)
        asked = inquire(user, since=now - day, until=now, reason="Syy", by=admin, at=now)
        return [
            reverse("counter:inquiry", args=[asked.pk]),
            reverse("counter:person-address", args=[person.pk]),
            reverse("counter:person-factors", args=[person.pk]),
        ]
    if role == "orderer":
        user = User.objects.get(email=f"{DEMO[role]}@{DOMAIN}")
        order = make_search(orderer=user, experts_wanted=2, mode="either")
        task = make_agreed(order=order)
        colleague = make_member(order.organisation)
        done = make_done(timezone.now() - timedelta(days=15), orderer=user)
        school = user.memberships.first().organisation
        taken, _run, _own = lectured(school=school)
        coming = make_lecture(timezone.now(), school=school)
        return [
            *(
                reverse(f"orderer:{name}", args=[taken.pk])
                for name in ("lecture", "lecture-count", "lecture-think")
            ),
            reverse("orderer:lecture-cancel", args=[coming.pk]),
            reverse("orderer:lecture-link", args=[coming.pk]),
            reverse("orderer:lectures"),
            reverse("orderer:lecture-new"),
            reverse("orderer:feedback", args=[done.pk]),
            reverse("orderer:task-cancel", args=[task.pk]),
            reverse("orderer:order-link", args=[order.pk]),
            reverse("orderer:order-contact", args=[order.pk]),
            reverse("public:search-wider"),
            reverse("orderer:contact-name", args=[colleague.memberships.get().pk]),
        ]
    if role == "expert":
        offer = Offer.objects.get(expert__user__email=f"{DEMO[role]}@{DOMAIN}", state="proposed")
        practice = send(offer.expert.user, timezone.now())
        send_back(practice, "Kuinka monta kertaa?")
        revise = reverse("public:practice-revise", args=[practice.pk])
        practices = [reverse("public:practice-new"), reverse("public:practices-sent"), revise]
        remove = reverse("expert:training-remove", args=[train(offer.expert).pk])
        trainings = learning(offer.expert.user)
        peers = led(offer.expert.user)
        counters = make_organisation("Luukun laitteet", tasks=[Task.COORDINATES])
        return [
            *lent("expert", make_device(organisation=counters), offer.expert),
            reverse("expert:loan-ask"),
            reverse("expert:call", args=[offer.order_id]),
            remove,
            *practices,
            *trainings,
            *peers,
        ]
    if role == "background":
        own = make_application(make_run(timezone.now()))
        trains = own.run.event.organiser
        user = User.objects.get(email=f"{DEMO[role]}@{DOMAIN}")
        make_member(trains, role=MemberRole.PRODUCER, user=user)
        taken, _run, _own = lectured(producer=trains)
        make_lecture(timezone.now())
        agreed = make_programme(state="agreed", producer=trains)
        over = make_run(
            timezone.now(), organiser=trains, starts_at=timezone.now() - timedelta(days=9)
        )
        said, _made = thread(user, trains)
        behind = user.memberships.filter(role=MemberRole.BACKGROUND).first().organisation
        return [
            *lent("orderer", make_device(organisation=behind)),
            reverse("orderer:talk-remove", args=[talked(behind, user, user).pk]),
            reverse("orderer:device-new"),
            *arranged(trains),
            reverse("orderer:threads"),
            reverse("orderer:thread-new"),
            reverse("orderer:thread", args=[said.thread_id]),
            reverse("orderer:thread-decide", args=[said.thread_id]),
            reverse("orderer:programme-move", args=[agreed.pk, "retire"]),
            reverse("orderer:runs"),
            reverse("orderer:lectures-offered"),
            reverse("orderer:attendance", args=[over.event.sessions.first().pk]),
            reverse("orderer:run-report", args=[over.pk]),
            reverse("orderer:run-lecture", args=[taken.run_id]),
            reverse("orderer:lecture-let-go", args=[taken.pk]),
            reverse("orderer:lecture", args=[taken.pk]),
            reverse("orderer:application", args=[own.pk]),
            reverse("orderer:application-act", args=[own.pk, "interview"]),
        ]
    return []


def look_once(eye, client, role):
    """Look at the pages that a form opens only once, or only in one's own browser; return their names."""
    if role == "anonymous":
        form = {"topic": "other", "words": "Kysyn", "is_anonymous": "on", "shown": shown()}
        eye.look_at(client.post(reverse("public:advice"), form)["Location"])
        code = eye.page.inner_text("#code")
        answer(behind_code(code), "Näin se on.", by=make_coordinator(), at=timezone.now())
        eye.page.goto(eye.start + reverse("public:advice-code"))
        eye.page.fill("#id_code", code)
        with eye.page.expect_navigation():
            eye.page.click("main form.form button")
        assert eye.page.url == eye.start + reverse("public:advice-opened")
        eye.look("advice-opened")
        return {"public:advice-code-shown", "public:advice-opened"}
    if role == "coordinator":
        eye.look_at(client.post(reverse("counter:find"), {"words": "Aino"})["Location"])
        form = {"kind": "advice", "topic": "other", "words": "Soitti", "language": "fi"}
        where = client.post(reverse("counter:question-new"), form | {"is_anonymous": "on"})
        eye.look_at(where["Location"])
        assert eye.page.inner_text("#code")
        return {"counter:question-code", "counter:found"}
    if role == "admin":
        taken = reverse("counter:person-roles", args=[make_coordinator().pk])
        eye.look_at(client.post(taken, {"roles": ["steering"]})["Location"])
        assert eye.page.query_selector("#follows")
        return {"counter:person-roles"}
    return set()


def drafted(client, role):
    """Begin an order where the role may, and return its steps."""
    names = {
        "anonymous": ("public:order-start", "public"),
        "orderer": ("orderer:order-new", "orderer"),
        "coordinator": ("counter:order-new", "counter"),
    }
    if role not in names:
        return []
    start, surface = names[role]
    data = {}
    if role == "coordinator":
        contact = User.objects.get(email=f"{DEMO['orderer']}@{DOMAIN}")
        data = {"contact": contact.memberships.first().pk}
    begun = client.post(reverse(start), data)["Location"]
    client.post(begun, {"title": "Puheenvuoro", "go": "later"})
    pk = Order.objects.latest("pk").pk
    steps = [reverse(f"{surface}:order-step", args=[pk, name]) for name in NAMES if name != "check"]
    return [begun, *steps, reverse(f"{surface}:order-check", args=[pk])]


def pages(client, more, done):
    """Return an address for each kind of page not yet ``done`` that the person can reach by links, in Finnish."""
    waiting, seen, kinds = deque(START + more), set(), {}
    # A calendar leads from day to day, a list from filter to filter, without an end.
    asked = Counter()
    while waiting and len(seen) < 1200:
        url = waiting.popleft()
        if url in seen or LEFT_OUT.search(url) or not url.startswith("/fi/"):
            continue
        if done and is_written(url):
            continue  # the same for everybody: the first one has read it
        seen.add(url)
        path = url.partition("?")[0]
        name = named(path)
        asked[path] += 1
        asked[name] += 1
        if asked[path] > 3 or asked[name] > MOST.get(name, FEW):
            continue
        response = client.get(url)
        if response.status_code in {301, 302, 303}:
            waiting.append(response["Location"].split("?")[0])
        elif response.status_code in {200, 404} and b"<html" in response.content:
            kinds.setdefault(kind_of(url, response), url)
            waiting.extend(LINK.findall(response.content.decode()))
    return {kind: url for kind, url in kinds.items() if kind not in done}


def in_all(kind, url):
    """Return the page's address in each language; a page of the editor has others there (test_axe_pages.py)."""
    languages = ["fi"] if kind[0] == "wagtail_serve" else LANGUAGES
    return [url.replace("/fi/", f"/{lang}/", 1) for lang in languages]


def named(path):
    """Return the name of the view at ``path``; the path itself where there is none, or a page that was written."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return path
    return path if name == "wagtail_serve" else name


def is_written(url):
    """Whether the counter wrote the page at ``url``."""
    try:
        return resolve(url).view_name in {"wagtail_serve", "public:task-type"}
    except Resolver404:
        return False


def kind_of(url, response):
    """Tell kinds of pages apart: by view, by step or section, by the state of what is shown."""
    if response.status_code == 404:
        return ("404", "")
    match = resolve(url.partition("?")[0])
    if match.view_name == "wagtail_serve":  # one of each type of page, and one in easy Finnish
        found = page_at(match.args[0], language="fi")
        return ("wagtail_serve", (type(found.page).__name__, found.is_easy))
    part = match.kwargs.get("section") or match.kwargs.get("step") or ""
    shown = response.context and response.context.get("state", "")
    return (match.view_name, part or (shown if match.view_name == "counter:order" else ""))


@pytest.mark.parametrize("data", ["filled", "empty"])
def test_axe_finds_nothing(live_server, chromium_to_look, record_property, data):
    """One way through the links, in Finnish; each page that it finds is looked at in every language."""
    if data == "filled":
        call_command("load_demo", experts=10, orders=12, stdout=io.StringIO())
        task = Assignment.objects.filter(state="done").latest("starts_at")
        ask_debrief(task, by=task.expert.user, at=timezone.now())
    looks, scans, bad, done = 0, 0, [], set()

    for role, user in people(data).items():
        client, context = Client(), chromium_to_look.new_context(locale="fi-FI")
        if user:
            client.force_login(user, backend=BACKEND)
            show_who_is_there(client)
        with translation.override("fi"):
            more = [*drafted(client, role), *rare(role)] if data == "filled" else []
        if "sessionid" in client.cookies:
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
            context.add_cookies([cookie | {"url": live_server.url}])
        eye = Eye(context.new_page(), live_server.url)
        found = pages(client, more, done)
        forms = []
        for kind, url in sorted(found.items(), key=lambda one: one[1]):
            seen = [eye.look_at(one, who=role) for one in in_all(kind, url)]
            assert len(set(seen)) == 1, (role, url, seen)  # no language lacks the page or its form
            forms += [in_all(kind, url)] * seen[0].has_form
        done |= found.keys()
        if data == "filled":
            for finnish, *others in forms:
                if eye.look_at_error(finnish):
                    assert all(eye.look_at_error(one) for one in others), finnish
            for lang in LANGUAGES:
                with translation.override(lang):
                    done |= {(name, "") for name in look_once(eye, client, role)}
        context.close()
        looks, scans, bad = looks + eye.looks, scans + eye.scans, bad + eye.bad

    record_property("looks", looks)
    record_property("scans", scans)
    assert bad == [], "\n".join(map(str, bad))
    assert looks > 3 * 60
    if data == "filled":
        missed = set(unseen({name for name, _part in done})) - NOT_REACHED
        assert not missed, " ".join(sorted(missed))


def unseen(names):
    """Return the names of pages, as ``list_urls`` knows them, that nobody looked at."""
    ours = [row for row in rows() if not row["pattern"].startswith(NOT_OURS)]
    pages = {row["name"] for row in ours if "GET" in row["methods"]}
    return sorted(name for name in pages - names if not NO_PAGE.search(name))
