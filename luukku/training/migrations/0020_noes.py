"""Who does not agree on a programme that is proposed says so, and why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0007_former_names'),
        ('training', '0019_links'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProgrammeNo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500)),
                ('given_at', models.DateTimeField()),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='noes', to='training.programme')),
            ],
            options={
                'verbose_name_plural': 'programme noes',
                'constraints': [models.UniqueConstraint(fields=('programme', 'organisation'), name='one_no_per_organisation'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='no_has_a_reason')],
            },
        ),
    ]
