from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("content", "0008_dates_to_events")]

    operations = [
        migrations.RemoveConstraint(model_name="eventpage", name="event_page_ends_after_start"),
        *(
            migrations.RemoveField(model_name="eventpage", name=name)
            for name in ("address_online", "ends_at", "place", "starts_at")
        ),
    ]
