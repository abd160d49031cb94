"""Tables of threads; nothing is taken away yet."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import luukku.privacy.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guidance', '0001_initial'),
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CannedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=150, verbose_name='question in a few words')),
                ('words', models.TextField(verbose_name='answer')),
                ('language', models.CharField(choices=[('fi', 'suomi'), ('sv', 'svenska'), ('en', 'English')], default='fi', max_length=2, verbose_name='language')),
                ('may_be_faq', models.BooleanField(default=False, verbose_name='may be published among the common questions')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('used_count', models.PositiveIntegerField(default=0, editable=False)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outside_name', models.CharField(blank=True, max_length=150, verbose_name='organisation')),
                ('agreed', luukku.privacy.fields.EncryptedTextField(blank=True, verbose_name='what was agreed')),
                ('shows_contact', models.BooleanField(default=False, verbose_name='contact details may be given')),
                ('at', models.DateTimeField()),
                ('follow_on', models.DateField(verbose_name='follow up on')),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('asker', 'Asker'), ('counter', 'Counter'), ('organisation', 'Organisation')], max_length=20)),
                ('words', luukku.privacy.fields.EncryptedTextField(verbose_name='message')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', luukku.privacy.fields.EncryptedTextField(verbose_name='note')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='question',
            name='question_state',
        ),
        migrations.RemoveConstraint(
            model_name='question',
            name='question_can_be_answered',
        ),
        migrations.AlterField(  # so that the way back finds something to put into the column
            model_name='question',
            name='words',
            field=luukku.privacy.fields.EncryptedTextField(default='', verbose_name='your question'),
        ),
        migrations.AddField(
            model_name='question',
            name='assignee',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='question',
            name='came_from',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='question',
            name='closed_as',
            field=models.CharField(blank=True, choices=[('helped', 'It helped'), ('not_needed', 'No answer is needed any more'), ('quiet', 'Nobody has written for a month'), ('spam', 'Spam')], max_length=20),
        ),
        migrations.AddField(
            model_name='question',
            name='code_mark',
            field=models.CharField(editable=False, max_length=64, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='question',
            name='due_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='kind',
            field=models.CharField(choices=[('advice', 'Advice'), ('accessibility', 'Feedback on accessibility'), ('feedback', 'Feedback on the service')], default='advice', max_length=20, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='question',
            name='remind_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='reminded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='question',
            name='taken_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='question',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='question',
            name='state',
            field=models.CharField(choices=[('asked', 'Waiting for an answer'), ('answered', 'Answered'), ('handed_over', 'Handed over'), ('followed', 'Answered elsewhere'), ('closed', 'Closed')], default='asked', editable=False, max_length=20),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('state', 'asked')), fields=['due_on', 'asked_at'], name='question_by_promise'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=django.contrib.postgres.indexes.GinIndex(fields=['tags'], name='question_by_tag'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['answered', 'asked', 'closed', 'followed', 'handed_over'])), name='question_state'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['accessibility', 'advice', 'feedback'])), name='question_kind'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('closed_as__in', ['', 'helped', 'not_needed', 'quiet', 'spam'])), name='question_closed_as'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', True), ('remind_on__isnull', True)), models.Q(('due_on__isnull', False), ('remind_on__isnull', False)), _connector='OR'), name='question_promise_and_reminder'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), models.Q(('closed_as', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_as', '')), _connector='OR'), name='question_closed_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('email', ''), _negated=True), models.Q(('phone', ''), _negated=True), ('asked_by__isnull', False), ('code_mark__isnull', False), _connector='OR'), name='question_can_be_answered'),
        ),
        migrations.AddField(
            model_name='cannedanswer',
            name='changed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='handover',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_overs', to='guidance.question'),
        ),
        migrations.AddField(
            model_name='message',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='message',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='guidance.question'),
        ),
        migrations.AddField(
            model_name='note',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='note',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='guidance.question'),
        ),
        migrations.AddIndex(
            model_name='cannedanswer',
            index=models.Index(fields=['language', '-used_count'], name='canned_by_use'),
        ),
        migrations.AddConstraint(
            model_name='cannedanswer',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'fi', 'sv'])), name='canned_language'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['follow_on'], name='hand_over_to_follow'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation', None), models.Q(('outside_name', ''), _negated=True)), models.Q(('organisation__isnull', False), ('outside_name', '')), _connector='OR'), name='hand_over_to_one'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='hand_over_ended_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('question',), name='one_open_hand_over'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['asker', 'counter', 'organisation'])), name='message_side'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('side', 'organisation')), models.Q(models.Q(('side', 'organisation'), _negated=True), ('organisation', None)), _connector='OR'), name='message_of_an_organisation'),
        ),
    ]
