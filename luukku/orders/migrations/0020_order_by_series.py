from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("orders", "0019_noted_series")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("series__isnull", False)),
                fields=["series", "state"],
                name="order_by_series",
            ),
        ),
    ]
