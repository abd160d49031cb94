from django.db import migrations

from luukku.core.changes import noted


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0001_initial"),
        ("workflow", "0004_change"),
    ]
    operations = noted(
        "calls",
        "orders_order",
        "orders_ordertime",
        "orders_ordertheme",
    )
