"""Times that suit join over midnight."""

from django.db import migrations

from luukku.matching import sql


class Migration(migrations.Migration):
    dependencies = [("matching", "0007_asked_again")]
    operations = [migrations.RunPython(sql.install, sql.install, elidable=False)]
