"""Organisations that were joined before say so themselves; one that was opened again since stands by itself."""

from django.db import migrations

# Tables of other apps: organisations_organisation

STAND_BY_THEMSELVES = """
UPDATE workbench_joined SET taken_back_at = greatest(now(), at)
WHERE taken_back_at IS NULL
  AND double_id IN (SELECT id FROM organisations_organisation WHERE state <> 'ended')
"""
ARE_JOINED = """
UPDATE organisations_organisation SET joined_into_id = joined.into_id
FROM workbench_joined AS joined
WHERE joined.double_id = organisations_organisation.id AND joined.taken_back_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0006_joined_into"),
        ("workbench", "0010_month_index"),
    ]

    operations = [
        migrations.RunSQL(STAND_BY_THEMSELVES, migrations.RunSQL.noop),
        migrations.RunSQL(ARE_JOINED, migrations.RunSQL.noop),
    ]
