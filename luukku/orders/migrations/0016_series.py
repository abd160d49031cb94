import django.db.models.deletion
from django.db import migrations, models

import luukku.core.constraints

EVERY = [("week", "Every week"), ("two_weeks", "Every two weeks"), ("month", "Every month")]

FORWARDS = """
ALTER TABLE orders_series ADD COLUMN was uuid;
INSERT INTO orders_series (every, is_one_expert, made_at, was)
    SELECT '', false, min(made_at), series_key FROM orders_order WHERE series_key IS NOT NULL
    GROUP BY series_key ORDER BY min(id);
UPDATE orders_order o SET series_id = s.id FROM orders_series s WHERE s.was = o.series_key;
ALTER TABLE orders_series DROP COLUMN was;
SET CONSTRAINTS ALL IMMEDIATE;
"""
BACKWARDS = """
UPDATE orders_order SET series_key = md5('series ' || series_id)::uuid, series_id = NULL WHERE series_id IS NOT NULL;
DELETE FROM orders_series;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0015_editable")]

    operations = [
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("every", models.CharField(blank=True, choices=EVERY, editable=False, max_length=10)),
                ("is_one_expert", models.BooleanField(default=False, editable=False)),
                ("made_at", models.DateTimeField(editable=False)),
            ],
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=luukku.core.constraints.one_of("every", ["", "week", "two_weeks", "month"], name="series_every"),
        ),
        migrations.RenameField(model_name="order", old_name="series", new_name="series_key"),
        migrations.AddField(
            model_name="order",
            name="series",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="orders.series",
            ),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.RemoveField(model_name="order", name="series_key"),
        migrations.AddField(
            model_name="guestsender",
            name="every",
            field=models.CharField(blank=True, choices=EVERY, max_length=10),
        ),
        migrations.AddField(
            model_name="guestsender", name="is_one_expert", field=models.BooleanField(default=False)
        ),
    ]
