"""What the counter searches events by, each by an index."""

from django.db import migrations

from luukku.core.ordering import FROM, LETTERS

# Tables of other apps: events_event

TABLE = "events_event"


def folded(column):
    """The SQL that ``core.ordering.folded`` makes."""
    plain = f"translate(lower({column}), '{FROM}', '{LETTERS}')"
    return f"regexp_replace({plain}, '[[:space:][:punct:]]+', '', 'g')"


class Migration(migrations.Migration):
    dependencies = [("workbench", "0011_joined_into"), ("events", "0004_noted")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX event_{name}_parts ON {TABLE} USING gin (({folded(name)}) gin_trgm_ops)",
            f"DROP INDEX event_{name}_parts",
        )
        for name in ("title_fi", "title_sv", "title_en", "address")
    ]
