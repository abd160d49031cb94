from django.db import migrations

from luukku.core.changes import noted


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0003_meeting_url"),
        ("workflow", "0004_change"),
    ]
    operations = noted(
        "calls",
        "orders_order",
        "orders_ordertime",
        "orders_ordertheme",
    )
