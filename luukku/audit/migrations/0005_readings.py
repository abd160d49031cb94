"""A reading may be of many people at once; old rows stay as they were, with one person each.

Rows may be deleted when they are two years old (``KEEP_READINGS``), never changed, never earlier.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

COPY = """
ALTER TABLE audit_accesslog DISABLE TRIGGER audit_access_no_change;
UPDATE audit_accesslog SET person_ids = ARRAY[person_id];
ALTER TABLE audit_accesslog ENABLE TRIGGER audit_access_no_change;
"""
TRIGGERS = """
DROP TRIGGER audit_access_no_change ON audit_accesslog;
CREATE TRIGGER audit_access_no_update BEFORE UPDATE ON audit_accesslog
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_access_no_delete BEFORE DELETE ON audit_accesslog
  FOR EACH ROW WHEN (OLD.at > now() - interval '730 days') EXECUTE FUNCTION audit_refuse();

-- The application may not delete here; the owner's function deletes what is old enough and nothing else.
CREATE FUNCTION audit_forget_readings() RETURNS bigint LANGUAGE sql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
  WITH gone AS (
    DELETE FROM audit_accesslog WHERE at <= now() - interval '730 days' RETURNING 1
  ) SELECT count(*) FROM gone
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_two_roles")]
    operations = [
        migrations.AddField(
            "accesslog",
            "person_ids",
            django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), default=list),
            preserve_default=False,
        ),
        migrations.AddField(
            "accesslog",
            "records",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=60), default=list
            ),
        ),
        migrations.AlterField("accesslog", "what", models.CharField(max_length=1000)),
        migrations.AlterField("accesslog", "why", models.CharField(max_length=200)),
        migrations.RunSQL(COPY),
        migrations.RemoveIndex("accesslog", "access_by_person"),
        migrations.RemoveField("accesslog", "person_id"),
        migrations.AddIndex(
            "accesslog",
            django.contrib.postgres.indexes.GinIndex(
                fields=["person_ids"], name="access_by_people"
            ),
        ),
        migrations.AddIndex(
            "accesslog", models.Index(fields=["reader_id", "at"], name="access_by_reader")
        ),
        migrations.AddIndex("accesslog", models.Index(fields=["at"], name="access_by_time")),
        migrations.AddConstraint(
            "accesslog",
            models.CheckConstraint(
                condition=models.Q(person_ids__len__gt=0), name="access_of_somebody"
            ),
        ),
        migrations.RunSQL(TRIGGERS),
    ]
