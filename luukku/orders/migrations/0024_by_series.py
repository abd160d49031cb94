"""What is first of its series is told by the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("orders", "0023_waiting")]

    operations = [
        migrations.RemoveIndex(model_name="order", name="order_by_series"),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("series__isnull", False)),
                fields=["series", "state"],
                include=("id", "state_changed_at"),
                name="order_by_series",
            ),
        ),
    ]
