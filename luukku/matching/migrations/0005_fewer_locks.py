"""A change to a task that matching does not read locks no expert."""

from django.db import migrations

from luukku.matching import sql


class Migration(migrations.Migration):
    dependencies = [("matching", "0004_own_limit_at_another_time")]
    operations = [migrations.RunPython(sql.install, sql.install, elidable=False)]
