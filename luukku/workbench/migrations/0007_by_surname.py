"""What lists of people are ordered by: a page of them is read from an index."""

from django.db import migrations

from luukku.core.ordering import FROM, TO

# What ``core.ordering.by_surname`` makes.
TURNED = r"regexp_replace(name, '^(.*)\s(\S+)$', '\2 \1')"
BY_SURNAME = f"translate(lower({TURNED}), '{FROM}', '{TO}')"


class Migration(migrations.Migration):

    dependencies = [("workbench", "0006_joined"), ("accounts", "0006_inquiry")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX user_by_surname ON accounts_user (({BY_SURNAME}), id)",
            "DROP INDEX user_by_surname",
        )
    ]
