"""What pages said of times and places becomes events that nobody can sign up for; the pages become words about them."""

import json
from html import escape

from django.db import migrations
from django.utils import timezone

from luukku.core.times import when


def make_events(apps, schema_editor):
    """Give each page its event, one for all its translations; what an event has no room for stays on the page."""
    EventPage = apps.get_model("content", "EventPage")
    pages = list(EventPage.objects.select_related("locale").order_by("path"))
    if not pages:
        return
    organiser = _counter(apps)
    made, added = {}, {}
    for page in pages:
        if organiser is not None:
            made.setdefault(page.translation_key, []).append(page)
        added[page.pk] = _keep_words(page, with_time=organiser is None)
    events = {}
    for same in made.values():
        event = _event(apps, same, organiser)
        EventPage.objects.filter(pk__in=[page.pk for page in same]).update(event=event)
        events |= dict.fromkeys((page.pk for page in same), event.pk)
    for pk, words in added.items():
        _keep_drafts(apps, pk, events.get(pk), words)


def _keep_drafts(apps, pk, event, words):
    """Write the same into what Wagtail opens for editing and publishes: its revisions are not made of the row."""
    kind = apps.get_model("contenttypes", "ContentType").objects.get(
        app_label="content", model="eventpage"
    )
    revisions = apps.get_model("wagtailcore", "Revision").objects
    for revision in revisions.filter(content_type=kind, object_id=str(pk)):
        body = json.loads(revision.content.get("body") or "[]")
        revision.content |= {"event": event, "body": json.dumps([*words, *body])}
        revision.save(update_fields=["content"])


def _counter(apps):
    """Return the organisation that runs the counter; None where there is none yet."""
    Organisation = apps.get_model("organisations", "Organisation")
    rows = Organisation.objects.filter(tasks__contains=["coordinates"], state="vetted")
    return rows.order_by("pk").first()


def _keep_words(page, *, with_time):
    """Write into the text what the event cannot say: the open link, and where nobody can hold it, when and where.

    Return the blocks that were added.
    """
    lines = []
    if with_time:
        told = ", ".join(filter(None, [when(page.starts_at, page.ends_at), page.place]))
        lines.append(f"<p>{escape(told)}</p>")
    if page.address_online:
        address = escape(page.address_online)
        lines.append(f'<p><a href="{address}">{address}</a></p>')
    added = [{"type": "text", "value": "".join(lines)}] if lines else []
    if added:
        page.body.raw_data.insert(0, dict(added[0]))
        page.save(update_fields=["body"])
    return added


def _event(apps, pages, organiser):
    machine, _made = apps.get_model("accounts", "User").objects.get_or_create(
        is_machine=True, defaults={"name": "Kokemusluukku"}
    )
    first, now = pages[0], timezone.now()
    is_live = any(page.live for page in pages)
    state = "draft" if not is_live else "held" if first.ends_at <= now else "closed"
    titles = {f"title_{page.locale.language_code}": page.title[:120] for page in pages}
    event = apps.get_model("events", "Event").objects.create(
        **{"title_fi": first.title[:120]} | titles,
        kind="info",
        state=state,
        state_changed_at=now,
        organiser=organiser,
        responsible=machine,
        made_by=machine,
        made_at=now,
        mode="remote" if first.address_online and not first.place else "place",
        address=first.place,
        language_id=first.locale.language_code,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        seats=1,
    )
    apps.get_model("events", "Session").objects.create(
        event=event, starts_at=first.starts_at, ends_at=first.ends_at
    )
    apps.get_model("events", "Place").objects.create(event=event, number=1)
    return event


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0007_about_events"),
        ("accounts", "0008_closed"),
        ("organisations", "0005_refused_because"),
        ("taxonomy", "0003_noted"),
    ]

    operations = [migrations.RunPython(make_events, migrations.RunPython.noop)]
