"""Note what changes, for pages that are made once for everybody."""

from django.db import migrations

from luukku.core.changes import track_changes

# Tables of other apps: organisations_organisation


class Migration(migrations.Migration):
    dependencies = [("events", "0003_why_cancelled"), ("workflow", "0004_change"), ("organisations", "0005_refused_because")]

    operations = track_changes(
        "events", "events_event", "events_session", "organisations_organisation"
    )
