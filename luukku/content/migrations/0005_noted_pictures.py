from django.db import migrations

from luukku.core.changes import track_changes


class Migration(migrations.Migration):
    dependencies = [("content", "0004_main_pictures"), ("workflow", "0004_change")]
    operations = track_changes("content", "content_shownpicture")
