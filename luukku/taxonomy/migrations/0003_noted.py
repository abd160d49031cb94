from django.db import migrations

from luukku.core.changes import track_changes


class Migration(migrations.Migration):
    dependencies = [
        ("taxonomy", "0002_synonyms_added"),
        ("workflow", "0004_change"),
    ]
    operations = track_changes(
        "taxonomy",
        "taxonomy_county",
        "taxonomy_municipality",
        "taxonomy_theme",
        "taxonomy_themesynonym",
        "taxonomy_tasktype",
        "taxonomy_service",
        "taxonomy_language",
        "taxonomy_region",
    )
