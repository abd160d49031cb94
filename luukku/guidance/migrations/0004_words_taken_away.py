"""The old columns are empty of meaning: their text stands in the messages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("guidance", "0003_words_to_messages")]

    operations = [
        migrations.RemoveField(
            model_name='question',
            name='answer',
        ),
        migrations.RemoveField(
            model_name='question',
            name='answered_by',
        ),
        migrations.RemoveField(
            model_name='question',
            name='words',
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('due_on', None)), _connector='OR'), name='question_promised_while_asked'),
        ),
    ]
