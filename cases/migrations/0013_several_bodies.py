from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lib.triggers import drop_triggers, triggers_from


class Migration(migrations.Migration):
    """Assistance, parts, supervision, urging, pairs that are not the same."""

    dependencies = [
        ('cases', '0012_callbacks'),
        ('funding', '0007_public_money_triggers'),
        ('grids', '0001_initial'),
        ('organizations', '0002_append_only'),
        ('routing', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        drop_triggers('cases_case'),
        migrations.CreateModel(
            name='Distinct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'pair that is not the same',
                'verbose_name_plural': 'pairs that are not the same',
            },
        ),
        migrations.CreateModel(
            name='Supervision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('words', models.TextField(verbose_name='what is asked for')),
                ('reply_due_at', models.DateTimeField(verbose_name='reply due')),
                ('reply', models.TextField(blank=True, verbose_name='reply')),
                ('replied_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'supervision',
                'verbose_name_plural': 'supervisions',
            },
        ),
        migrations.CreateModel(
            name='Urging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('day', models.DateField()),
                ('by_resident', models.BooleanField()),
            ],
            options={
                'verbose_name': 'urging',
                'verbose_name_plural': 'urgings',
            },
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_closed_by_a_check',
        ),
        migrations.AddField(
            model_name='assistant',
            name='owed',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='case',
            name='closed_by_parts',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='case',
            name='supervisions',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='urges',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='task',
            name='wanted',
            field=models.CharField(blank=True, max_length=500, verbose_name='what is asked of them'),
        ),
        migrations.AddIndex(
            model_name='assistant',
            index=models.Index(condition=models.Q(('owed', True)), fields=['id'], name='assistant_owed'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['category', 'created_at'], name='case_category_created'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('checked_by__isnull', False), ('handled_by__isnull', False)), ('is_history', True), ('closed_by_parts', True), _connector='OR'), name='case_closed_by_a_check'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('closed_by_parts', False), ('state', 'closed'), _connector='OR'), name='case_closed_by_parts_is_closed'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'assist'), ('state__in', frozenset(['checking', 'dispatched', 'handling', 'reported', 'rework', 'suspended']))), fields=('case', 'body'), name='body_has_one_open_assistance'),
        ),
        migrations.AddField(
            model_name='distinct',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='distinct',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case'),
        ),
        migrations.AddField(
            model_name='distinct',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case'),
        ),
        migrations.AddField(
            model_name='supervision',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='supervision',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervised', to='cases.case'),
        ),
        migrations.AddField(
            model_name='supervision',
            name='replied_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='urging',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='urging',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='urged', to='cases.case'),
        ),
        migrations.AddConstraint(
            model_name='distinct',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='distinct_pair_once'),
        ),
        migrations.AddConstraint(
            model_name='distinct',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='distinct_in_order'),
        ),
        migrations.AddIndex(
            model_name='supervision',
            index=models.Index(condition=models.Q(('replied_at', None)), fields=['reply_due_at'], name='supervision_open_due'),
        ),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='supervision_says_what'),
        ),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replied_at', None), ('replied_by', None), ('reply', '')), models.Q(('replied_at__isnull', False), ('replied_by__isnull', False), models.Q(('reply', ''), _negated=True)), _connector='OR'), name='supervision_reply_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.CheckConstraint(condition=models.Q(('replied_by', None), models.Q(('replied_by', models.F('by')), _negated=True), _connector='OR'), name='supervision_answered_by_another'),
        ),
        migrations.AddConstraint(
            model_name='urging',
            constraint=models.UniqueConstraint(condition=models.Q(('by_resident', True)), fields=('case', 'day'), name='resident_urges_once_a_day'),
        ),
        triggers_from(Path(__file__).parent / 'sql', 'lateness', tables=['cases_case']),
    ]
