"""Many themes that change together make the rows anew once."""

from django.db import migrations

from luukku.matching import sql


class Migration(migrations.Migration):
    dependencies = [("matching", "0008_over_midnight")]
    operations = [migrations.RunPython(sql.install, sql.install, elidable=False)]
