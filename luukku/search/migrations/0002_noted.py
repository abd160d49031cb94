from django.db import migrations

from luukku.core.changes import noted


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_initial"),
        ("workflow", "0004_change"),
    ]
    operations = noted(
        "search",
        "search_document",
        "search_documentname",
        "search_documentword",
    )
