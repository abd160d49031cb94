"""Unmet demand whose search was opened again: what came of that is counted anew."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def note_reopened(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """The audit trail knows which searches were opened again after they had ended."""
    unmet = apps.get_model("orders", "UnmetDemand").objects
    events = apps.get_model("audit", "AuditEvent").objects.filter(
        act="orders.reopen", object_type="orders.order", data__from="not_found"
    )
    for order, at in events.order_by("pk").values_list("object_id", "at"):
        last = unmet.filter(order=int(order), at__lte=at).order_by("at", "pk").last()
        if last is not None:
            last.reopened_at = at
            last.save(update_fields=["reopened_at"])


class Migration(migrations.Migration):
    dependencies = [("orders", "0013_guest_letters"), ("audit", "0001_initial")]

    operations = [
        migrations.AddField("unmetdemand", "reopened_at", models.DateTimeField(null=True)),
        migrations.RunPython(note_reopened, migrations.RunPython.noop),
    ]
