"""Whom another producer has named among those who hold a programme is remembered after their yes."""

from django.db import migrations, models


def remember(apps, _schema_editor):
    programme = apps.get_model("training", "Programme")
    unasked, named = programme.unasked.through, programme.named.through
    named.objects.bulk_create(
        named(programme_id=row.programme_id, organisation_id=row.organisation_id)
        for row in unasked.objects.order_by("pk")
    )


class Migration(migrations.Migration):
    dependencies = [("organisations", "0007_former_names"), ("training", "0016_report_words")]
    operations = [
        migrations.AddField(
            model_name="programme",
            name="named",
            field=models.ManyToManyField(
                blank=True, editable=False, related_name="+", to="organisations.organisation"
            ),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
