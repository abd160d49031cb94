"""Which other organisation one is the same as: it has ended until that is taken back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0005_refused_because")]

    operations = [
        migrations.AddField(
            "organisation",
            "joined_into",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddConstraint(
            "organisation",
            models.CheckConstraint(
                condition=models.Q(("joined_into", None), ("state", "ended"), _connector="OR"),
                name="organisation_joined_has_ended",
            ),
        ),
    ]
