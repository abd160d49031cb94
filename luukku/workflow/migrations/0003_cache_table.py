from django.db import migrations

# What ``createcachetable`` makes, so that ``migrate`` alone makes a database ready to serve.
CREATE = """
CREATE TABLE IF NOT EXISTS django_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX IF NOT EXISTS django_cache_expires ON django_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0002_turn")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE django_cache")]
