import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0006_words_of_pictures"), ("events", "0004_noted")]

    operations = [
        migrations.AddField(
            model_name="eventpage",
            name="event",
            field=models.ForeignKey(
                help_text="The page shows its times, its place and how to sign up, as they are now. Change them at the counter, under Events.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="events.event",
                verbose_name="which event the page is about",
            ),
        ),
        migrations.AddField(
            model_name="trainingpage",
            name="event",
            field=models.ForeignKey(
                blank=True,
                help_text="The page shows its times, its place and how to sign up, as they are now. Change them at the counter, under Events.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="events.event",
                verbose_name="which event the page is about",
            ),
        ),
    ]
