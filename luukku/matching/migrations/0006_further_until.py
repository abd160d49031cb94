"""A further training counts only once it has been verified, and until its last day."""

from django.db import migrations, models

from luukku.matching import sql


class Migration(migrations.Migration):

    dependencies = [
        ('experts', '0002_training_validity'),
        ('matching', '0005_fewer_locks'),
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
            name='has_further_training',
        ),
        migrations.AddField(
            model_name='supply',
            name='further_until',
            field=models.DateField(null=True),
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
