"""A no is a no to the times that were asked; at others the expert fits again."""

from django.db import migrations

from luukku.matching import sql


class Migration(migrations.Migration):
    dependencies = [("matching", "0006_further_until"), ("assignments", "0004_asked_again")]
    operations = [migrations.RunPython(sql.install, sql.install, elidable=False)]
