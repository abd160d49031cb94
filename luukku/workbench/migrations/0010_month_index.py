"""A month is looked up in an index: "tammikuu" means the orders of each January."""

from django.db import migrations

# A table of another app: orders_ordertime
MONTH = "EXTRACT(month FROM starts_at AT TIME ZONE 'Europe/Helsinki')"


class Migration(migrations.Migration):

    dependencies = [("workbench", "0009_question_indexes")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX order_time_month ON orders_ordertime (({MONTH}))",
            "DROP INDEX order_time_month",
        )
    ]
