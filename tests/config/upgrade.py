"""Fill a database whose tables are those of an earlier day, bring it to the newest ones, and tell what became of it.

Run in a process of its own: ``python -m tests.config.upgrade DATABASE``.
"""

import gc
import json
import os
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

os.environ["DJANGO_SETTINGS_MODULE"] = "luukku.config.settings.test"

from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
gc.disable()  # each of some 850 drawings makes all models anew: looking what goes took a third of the time

import django  # noqa: E402 -- the settings come first

django.setup()

from django.db import connection  # noqa: E402 -- the settings come first
from django.db.migrations.executor import MigrationExecutor  # noqa: E402 -- the settings come first

OLD = {  # as they stood on 29 November 2026, before anything was filled, copied or encrypted
    "accounts": "0002_wagtail_groups",
    "assignments": "0003_calendar_changed_at",
    "audit": "0003_seal_last",
    "content": "0002_noted",
    "experts": "0001_initial",
    "feedback": "0003_may_be_practice",
    "guidance": "0004_words_taken_away",
    "matching": "0004_own_limit_at_another_time",
    "notices": "0001_initial",
    "orders": "0005_open_call",
    "organisations": "0002_business_id",
    "privacy": "0001_initial",
    "search": "0003_key_statistics",
    "taxonomy": "0003_noted",
    "workflow": "0004_change",
}
SINCE = {
    "coping",
    "events",
    "readiness",
    "training",
    "workbench",
}  # not there: their tables come with the rest
AT = datetime(2026, 11, 1, 10, tzinfo=UTC)


def migrate(targets):
    """Bring the tables to ``targets`` and return the models as they are there."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    executor.loader.build_graph()
    return executor.loader.project_state(targets).apps


def leaves():
    """Return the newest migration of each app."""
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


def fill(apps):
    """Write one of everything that the migrations since change."""

    def make(model, **fields):
        return apps.get_model(model).objects.create(**fields)

    def person(name):
        return make("accounts.User", email=f"{name}@example.test", name=name, password="!")

    user, orderer = person("kalle"), person("tiina")
    moved = {"state_changed_at": AT}
    school = make(
        "organisations.Organisation",
        name="Koulu", kind="school", sector="public", tasks=["orders"], state="vetted", made_at=AT, **moved,
    )  # fmt: skip
    make(
        "organisations.Membership",
        user=orderer, organisation=school, role="orderer", added_by=orderer, added_at=AT,
    )  # fmt: skip
    talk = make(
        "taxonomy.TaskType",
        code="vanha",
        name_fi="Puheenvuoro",
        bit=60,
        fee_unit="per_task",
        span="short",
    )
    ideas = [
        ("agreed", "searching", True),
        ("unsaid", "sent", False),
        ("off", "cancelled", False),
        ("draft", "draft", False),
    ]
    orders = {
        title: make(
            "orders.Order",
            title=title, goal="Kuulla", expert_does="Kertoo", audience="Luokka", task_type=talk, state=state, is_payment_agreed=ticked, organisation=school, contact=orderer,
            made_by=orderer, mode="remote", length_minutes=60, made_at=AT,
            sent_at=None if state == "draft" else AT,
            cancelled_by="orderer" if state == "cancelled" else "", **moved,
        )
        for title, state, ticked in ideas
    }  # fmt: skip
    for title, day, settled in [
        ("agreed", 1, True),
        ("agreed", 2, False),
        ("unsaid", 3, False),
        ("unsaid", 4, False),
    ]:
        start = AT + timedelta(days=30 + day)
        make(
            "orders.OrderTime",
            order=orders[title], starts_at=start, ends_at=start + timedelta(hours=1), is_settled=settled,
        )  # fmt: skip
    make(
        "orders.UnmetDemand",
        order=orders["agreed"],
        failure="time",
        missing=1,
        at=AT,
        theme_codes=[],
    )
    county = make("taxonomy.County", code="04", name_fi="Satakunta", name_sv="Satakunta")
    home = make(
        "taxonomy.Municipality",
        code="609",
        name_fi="Pori",
        name_sv="Björneborg",
        county=county,
        valid_from=date(2000, 1, 1),
    )
    theme = make("taxonomy.Theme", code="vanha", name_fi="Vanha teema", group="health")
    with no_triggers():
        expert = make(
            "experts.Expert", user=user, code_name="Leppä 1", state="active", made_at=AT, reach_km=20,
            municipality=home, **moved,
        )  # fmt: skip
        make(
            "privacy.Consent",
            person=user, purpose="in_bank", text_version="1", given_at=AT, given_by=user,
        )  # fmt: skip
        make("experts.Experience", expert=expert, theme=theme, perspective="own", is_shown=True)
        for seen in (None, AT):
            make(
                "experts.CompletedTraining",
                expert=expert, kind="further", name="K", producer="P", completed_on=date(2026, 1, 1),
                verified_at=seen, verified_by=orderer if seen else None,
            )  # fmt: skip
    make(
        "organisations.Organisation",
        name="Neuvonta", kind="county", sector="public", tasks=["coordinates"], state="vetted", made_at=AT, **moved,
    )  # fmt: skip
    make("taxonomy.Language", code="fi", name_fi="suomi", bit=60)
    make_page(apps, make)
    offer = {
        "expert": expert,
        "made_by": orderer,
        "made_at": AT,
        "expires_at": AT + timedelta(days=9),
    }
    for title, state in [("agreed", "declined"), ("unsaid", "expired"), ("off", "withdrawn")]:
        make(
            "assignments.Offer",
            order=orders[title],
            state=state,
            origin="suggested",
            **offer,
            **moved,
        )
    make(
        "audit.AccessLog",
        at=AT,
        reader_id=orderer.pk,
        person_id=user.pk,
        what="profile",
        why="order",
    )
    make(
        "audit.AuditEvent",
        at=AT,
        act="orders.send",
        actor_id=orderer.pk,
        object_type="orders.Order",
        object_id="1",
    )
    make(
        "notices.Letter",
        key="vanha:1", kind="orders.received", reader=user, language="fi", channel="mail", subject="Hei",
        body="Salainen sana", message_id="<1@example.test>", made_at=AT, not_before_at=AT,
    )  # fmt: skip


def make_page(apps, make):
    """Write a page that tells itself when and where an event is, with an open link."""
    place = "000100010009"
    locale, _made = apps.get_model("wagtailcore.Locale").objects.get_or_create(language_code="fi")
    kind, _made = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="content", model="eventpage"
    )
    page = make(
        "content.EventPage",
        title="Ilta kirjastossa", draft_title="Ilta kirjastossa", slug="ilta", path=place, depth=3, live=True,
        url_path="/fi/ilta/", content_type=kind, locale=locale, translation_key=uuid4(),
        starts_at=AT + timedelta(days=3650), ends_at=AT + timedelta(days=3650, hours=2),
        place="Pori, kirjasto", address_online="https://meet.example.test/a?b=1&c=2",
    )  # fmt: skip
    base, _made = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="wagtailcore", model="page"
    )
    draft = make(
        "wagtailcore.Revision",
        content_type=kind, base_content_type=base, object_id=str(page.pk), object_str="Ilta kirjastossa",
        created_at=AT, content={"pk": page.pk, "title": "Luonnos illasta", "body": "[]"},
    )  # fmt: skip
    type(page).objects.filter(pk=page.pk).update(latest_revision=draft)


@contextmanager
def no_triggers():
    """Write without matching's triggers: their SQL is today's from the first migration on, the table is not."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def _draft_of(page):
    """Return what the editor opens: the title, whether the event is there, and the text."""
    draft = page.latest_revision.as_object()
    return [draft.title, draft.event_id == page.event_id, str(draft.body)]


def told():
    """Return what the newest program reads."""
    from luukku.assignments.models import Offer
    from luukku.audit.models import AccessLog
    from luukku.audit.queries import verify_chain
    from luukku.content.models import EventPage
    from luukku.notices.models import Letter
    from luukku.orders.models import Order, UnmetDemand

    def rows(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    supply = "theme, expert_id, weight, further_until"
    letter, reading = Letter.objects.get(), AccessLog.objects.get()
    payments = dict(Order.objects.values_list("title", "payment"))
    return {
        "payments": payments,
        "answered_for": {
            offer.order.title: [
                [span.lower.isoformat(), span.upper.isoformat()] for span in offer.answered_for
            ]
            for offer in Offer.objects.select_related("order")
        },
        "people_read": reading.person_ids,
        "read_by": [reading.reader_id, reading.what],
        "chain": verify_chain(),
        "letter": [letter.body, letter.lane],
        "stored": rows("SELECT body FROM notices_letter")[0][0],
        "event_pages": [
            [
                page.event.title_fi,
                page.event.state,
                page.event.organiser.name,
                page.event.address,
                page.event.places.count(),
                page.event.sessions.count(),
                str(page.body),
                _draft_of(page),
            ]
            for page in EventPage.objects.select_related("event__organiser")
        ],
        "unmet": UnmetDemand.objects.count(),
        "supply": sorted(map(str, rows(f"SELECT {supply} FROM matching_supply"))),
        "rebuilt": sorted(map(str, rows(f"SELECT {supply} FROM matching_rows(NULL, now())"))),
    }


if __name__ == "__main__":
    others = [leaf for leaf in leaves() if leaf[0] not in {*OLD, *SINCE}]
    fill(migrate([*OLD.items(), *others]))
    migrate(leaves())
    sys.stdout.write(json.dumps(told()))
