"""The list of open calls says which calls are of one series."""

from django.db import migrations

from luukku.core.changes import track_changes


class Migration(migrations.Migration):
    dependencies = [("orders", "0018_time_question")]
    operations = track_changes("calls", "orders_series")
