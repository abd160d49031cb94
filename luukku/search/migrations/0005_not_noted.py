from django.db import migrations

from luukku.core.changes import untrack_changes


class Migration(migrations.Migration):
    """The search page is made anew each time: nobody asks any more when its index changed."""

    dependencies = [("search", "0004_cards")]
    operations = untrack_changes("search_document", "search_documentname", "search_documentword")
