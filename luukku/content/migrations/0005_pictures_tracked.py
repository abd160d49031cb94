from django.db import migrations

from luukku.core.changes import track_changes


class Migration(migrations.Migration):
    """A page's own picture is shown on kept pages: they are made anew when it changes."""

    dependencies = [("content", "0004_main_pictures")]
    operations = track_changes("content", "content_shownpicture")
