"""Functions and triggers of ``luukku/matching/sql``. A change there comes with a migration like this one."""

from django.db import migrations

from luukku.matching import sql


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0002_indexes"),
        ("assignments", "0001_initial"),
        ("experts", "0001_initial"),
        ("feedback", "0001_initial"),
        ("orders", "0001_initial"),
        ("privacy", "0001_initial"),
        ("taxonomy", "0001_initial"),
    ]
    operations = [migrations.RunPython(sql.install, sql.remove, elidable=False)]
