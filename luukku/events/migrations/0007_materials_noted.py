"""Note what changes in materials: the page about taking part remotely lists those of practices."""

from django.db import migrations

from luukku.core.changes import track_changes


class Migration(migrations.Migration):
    dependencies = [("events", "0006_links"), ("workflow", "0004_change")]

    operations = track_changes("events", "events_material")
