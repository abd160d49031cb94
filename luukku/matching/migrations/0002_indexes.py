from django.db import migrations, models


class Migration(migrations.Migration):
    # What these also did is done by 0003 now, from luukku/matching/sql.
    replaces = [
        ("matching", "0002_functions"),
        ("matching", "0003_calls"),
        ("matching", "0004_indexes"),
        ("matching", "0005_breaks_and_new_themes"),
    ]
    dependencies = [("experts", "0001_initial"), ("matching", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name='supply',
            index=models.Index(condition=models.Q(('is_remote_ok', True)), fields=['theme', 'expert'], include=('municipality', 'reach_km', 'weight', 'perspectives', 'task_types', 'languages', 'has_further_training', 'tasks', 'last_task_at', 'praise'), name='supply_remote_by_theme'),
        ),
        migrations.AddIndex(
            model_name='supply',
            index=models.Index(fields=['reach_km'], name='supply_by_reach'),
        ),
    ]
