from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lib.triggers import triggers_from


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_append_only'),
        ('funding', '0003_ledger_triggers'),
        ('grids', '0001_initial'),
        ('organizations', '0002_append_only'),
        ('routing', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('extension', 'Extension'), ('suspension', 'Suspension'), ('appeal', 'Timeout appeal')], max_length=10)),
                ('state', models.CharField(choices=[('pending', 'Waits for review'), ('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Overtaken, withdrawn')], default='pending', max_length=10)),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('due_before', models.DateTimeField(blank=True, null=True)),
                ('due_after', models.DateTimeField(blank=True, null=True)),
                ('asked_at', models.DateTimeField()),
                ('first_at', models.DateTimeField(blank=True, null=True)),
                ('first_granted', models.BooleanField(blank=True, null=True)),
                ('first_note', models.CharField(blank=True, max_length=1000)),
                ('second_at', models.DateTimeField(blank=True, null=True)),
                ('second_granted', models.BooleanField(blank=True, null=True)),
                ('second_note', models.CharField(blank=True, max_length=1000)),
            ],
            options={
                'verbose_name': 'request',
                'verbose_name_plural': 'requests',
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(blank=True, max_length=500, verbose_name='what to look at')),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('found', models.BooleanField(blank=True, null=True)),
                ('words', models.CharField(blank=True, max_length=1000, verbose_name='what was seen')),
            ],
            options={
                'verbose_name': 'look at the place',
                'verbose_name_plural': 'looks at the place',
            },
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_open_lies_on_a_desk',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_desk_matches_state',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_with_department_has_desk_and_limits',
        ),
        migrations.RemoveConstraint(
            model_name='task',
            name='case_has_one_open_lead',
        ),
        migrations.RemoveConstraint(
            model_name='task',
            name='task_ends_with_its_state',
        ),
        migrations.AddField(
            model_name='case',
            name='contacted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='extensions',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='handled_late',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='kept',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_cases', to='cases.case'),
        ),
        migrations.AddField(
            model_name='case',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='cases.case'),
        ),
        migrations.AddField(
            model_name='case',
            name='paused_seconds',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='reopens',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='settled_lead',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='case',
            name='suspended_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='timeout_exempt',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='case',
            name='desk',
            field=models.CharField(blank=True, choices=[('', 'Nobody (ended)'), ('acceptance', 'Acceptance'), ('site', 'Grid worker, on site'), ('router', 'Router'), ('dispatch', 'Dispatcher'), ('head', 'Department head'), ('finance', 'Finance and committee'), ('committee', 'Committee'), ('duty', 'Duty officer'), ('handler', 'Handler'), ('verifier', 'Verifier'), ('clock', 'Waits for a date or for others')], max_length=12, verbose_name='desk'),
        ),
        migrations.AlterField(
            model_name='case',
            name='state',
            field=models.CharField(choices=[('submitted', 'Waiting for acceptance'), ('verifying', 'Being looked at on site'), ('filed', 'Filed, to be dispatched'), ('returned', 'Returned, to be sent elsewhere'), ('adjudicating', 'In dispute, the committee decides'), ('dispatched', 'Dispatched, to be signed'), ('handling', 'In work'), ('suspended', 'Suspended until a date'), ('split', 'Split, waits for its parts'), ('reported', 'Result to be confirmed'), ('checking', 'To be checked'), ('rework', 'Rework'), ('closed', 'Closed'), ('rejected', 'Not accepted'), ('cancelled', 'Withdrawn'), ('void', 'Void'), ('merged', 'Merged into another case')], max_length=12, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='photo',
            name='kind',
            field=models.CharField(choices=[('before', 'When reported'), ('site', 'On site, before filing'), ('request', 'With a request'), ('after', 'Result'), ('check', 'At the check')], max_length=8),
        ),
        migrations.AlterField(
            model_name='task',
            name='state',
            field=models.CharField(choices=[('dispatched', 'To be signed'), ('handling', 'In work'), ('suspended', 'Suspended until a date'), ('reported', 'Result to be confirmed'), ('checking', 'To be checked'), ('rework', 'Rework'), ('done', 'Done'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], max_length=12, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', frozenset(['adjudicating', 'checking', 'dispatched', 'filed', 'handling', 'reported', 'returned', 'rework', 'split', 'submitted', 'suspended', 'verifying'])), models.Q(('desk', ''), _negated=True)), models.Q(('desk', ''), ('ended_at__isnull', False), ('route_at', None), ('state__in', frozenset(['cancelled', 'closed', 'merged', 'rejected', 'void']))), _connector='OR'), name='case_open_lies_on_a_desk'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('desk', 'acceptance'), ('state', 'submitted')), models.Q(('desk', 'duty'), ('state', 'submitted')), models.Q(('desk', 'site'), ('state', 'verifying')), models.Q(('desk', 'committee'), ('state', 'adjudicating')), models.Q(('desk', 'clock'), ('state__in', ['suspended', 'split'])), models.Q(('state__in', ['filed', 'returned']), ('desk__in', ['router', 'dispatch', 'head', 'finance', 'committee', 'duty'])), models.Q(('desk', 'handler'), ('state__in', ['dispatched', 'handling', 'rework'])), models.Q(('desk', 'head'), ('state', 'reported')), models.Q(('desk', 'verifier'), ('state', 'checking')), ('state__in', frozenset(['cancelled', 'closed', 'merged', 'rejected', 'void'])), _connector='OR'), name='case_desk_matches_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', frozenset(['checking', 'dispatched', 'handling', 'reported', 'rework', 'suspended'])), _negated=True), models.Q(('dispatched_at__isnull', False), ('handle_due_at__isnull', False), ('lead_body__isnull', False), ('lead_post__isnull', False), ('sign_due_at__isnull', False)), _connector='OR'), name='case_with_department_has_desk_and_limits'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'suspended'), ('suspended_at__isnull', False)), models.Q(models.Q(('state', 'suspended'), _negated=True), ('suspended_at', None)), _connector='OR'), name='case_suspended_since'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kept__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('kept', None)), _connector='OR'), name='case_merged_into_another'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('timeout_exempt', False), models.Q(('handled_late', True), ('handled_late__isnull', False)), _connector='OR'), name='case_exempt_from_a_timeout'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('extensions__lte', 2)), name='case_extended_twice_at_most'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kept', None), models.Q(('kept', models.F('id')), _negated=True), _connector='OR'), models.Q(('parent', None), models.Q(('parent', models.F('id')), _negated=True), _connector='OR')), name='case_is_not_its_own_relative'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'lead'), ('state__in', frozenset(['checking', 'dispatched', 'handling', 'reported', 'rework', 'suspended']))), fields=('case',), name='case_has_one_open_lead'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', frozenset(['checking', 'dispatched', 'handling', 'reported', 'rework', 'suspended']))), models.Q(models.Q(('state__in', frozenset(['checking', 'dispatched', 'handling', 'reported', 'rework', 'suspended'])), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='task_ends_with_its_state'),
        ),
        migrations.AddField(
            model_name='request',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='request',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='cases.case'),
        ),
        migrations.AddField(
            model_name='request',
            name='first_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='request',
            name='second_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='request',
            name='task',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='cases.task'),
        ),
        migrations.AddField(
            model_name='photo',
            name='request',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='cases.request'),
        ),
        migrations.AddField(
            model_name='verification',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verification',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verification',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='cases.case'),
        ),
        migrations.AddIndex(
            model_name='request',
            index=models.Index(condition=models.Q(('kind', 'suspension'), ('state', 'granted')), fields=['until'], name='request_suspended_until'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('case', 'kind'), name='request_one_pending_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'suspension'), ('state', 'granted')), fields=('case',), name='request_one_suspension_granted'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'appeal')), fields=('case',), name='request_one_appeal'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'suspension'), ('until__isnull', False)), models.Q(models.Q(('kind', 'suspension'), _negated=True), ('until', None)), _connector='OR'), name='request_suspension_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_at', None), ('first_by', None), ('first_granted', None)), models.Q(('first_at__isnull', False), ('first_by__isnull', False), ('first_granted__isnull', False)), _connector='OR'), name='request_first_review_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('second_at', None), ('second_by', None), ('second_granted', None)), models.Q(('first_granted', True), ('second_at__isnull', False), ('second_by__isnull', False), ('second_granted__isnull', False)), _connector='OR'), name='request_second_review_follows'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'granted'), _negated=True), models.Q(('first_granted', True), ('first_granted__isnull', False), ('second_granted', True), ('second_granted__isnull', False)), _connector='OR'), name='request_granted_twice'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(('second_by', None), models.Q(models.Q(('second_by', models.F('first_by')), _negated=True), models.Q(('second_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='request_reviewed_by_others'),
        ),
        migrations.AddIndex(
            model_name='verification',
            index=models.Index(condition=models.Q(('answered_at', None)), fields=['due_at'], name='verification_open_due'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('case',), name='verification_one_open'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None), ('found', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='verification_answer_is_whole'),
        ),
        triggers_from(Path(__file__).parent / 'sql', 'lateness', tables=['cases_case']),
    ]
