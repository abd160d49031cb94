from django.db import migrations

from luukku.core.changes import track_changes


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0003_meeting_url"),
        ("workflow", "0004_change"),
    ]
    operations = track_changes(
        "calls",
        "orders_order",
        "orders_ordertime",
        "orders_ordertheme",
    )
