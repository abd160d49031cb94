from django.db import migrations

from luukku.core.changes import track_changes


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_initial"),
        ("workflow", "0004_change"),
    ]
    operations = track_changes(
        "search",
        "search_document",
        "search_documentname",
        "search_documentword",
    )
