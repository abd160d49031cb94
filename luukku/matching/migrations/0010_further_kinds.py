"""A further training counts for the kind of it that an order asks for."""

import django.contrib.postgres.fields
from django.db import migrations, models

from luukku.matching import sql


class Migration(migrations.Migration):

    dependencies = [
        ('experts', '0005_qualifications'),
        ('orders', '0021_further_kind'),
        ('matching', '0009_themes_at_once'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='supply',
            name='supply_by_theme_and_place',
        ),
        migrations.RemoveIndex(
            model_name='supply',
            name='supply_remote_by_theme',
        ),
        migrations.RemoveField(
            model_name='supply',
            name='further_until',
        ),
        migrations.AddField(
            model_name='supply',
            name='further_until',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DateField(null=True), null=True, size=None),
        ),
        migrations.AddIndex(
            model_name='supply',
            index=models.Index(fields=['theme', 'municipality', 'reach_km'], include=('expert', 'weight', 'perspectives', 'is_remote_ok', 'task_types', 'languages', 'further_until', 'tasks', 'last_task_at', 'praise'), name='supply_by_theme_and_place'),
        ),
        migrations.AddIndex(
            model_name='supply',
            index=models.Index(condition=models.Q(('is_remote_ok', True)), fields=['theme', 'expert'], include=('municipality', 'reach_km', 'weight', 'perspectives', 'task_types', 'languages', 'further_until', 'tasks', 'last_task_at', 'praise'), name='supply_remote_by_theme'),
        ),
        migrations.RunPython(sql.install, sql.install, elidable=False),
    ]
