import django.db.models.deletion
import lib.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_replays'),
        ('consultation', '0006_reopened_topics'),
        ('organizations', '0003_legal_basis'),
        ('oversight', '0003_appraisals_guards'),
    ]

    operations = [
        lib.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='LegislationLimit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('stage', models.CharField(choices=[('suggested', 'Suggestions are collected'), ('justified', 'Need is examined'), ('planned', 'In the legislative plan'), ('scheduled', 'In the plan of the year'), ('drafting', 'Being drafted'), ('commenting', 'Open for comments'), ('executive', 'Before the government'), ('submitted', 'Submitted to the congress'), ('first', 'First reading'), ('second', 'Second reading'), ('third', 'Third reading'), ('passed_law', 'Passed, waits for approval'), ('approved', 'Approved by the province'), ('announced', 'Announced'), ('effective', 'In force'), ('recorded', 'Put on record'), ('assessed', 'Assessed in force'), ('amended', 'Amended by another'), ('repealed', 'Repealed'), ('stopped', 'Stopped')], max_length=12, verbose_name='stage')),
                        ('least_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='at least (days)')),
                        ('most_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='at most (days)')),
                        ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
                    ],
                    options={
                        'verbose_name': 'limit of a stage of legislation',
                        'verbose_name_plural': 'limits of stages of legislation',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='legislationlimit_ends_after_begin', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(fields=('stage', 'valid_from'), name='legislationlimit_begins_once'), models.CheckConstraint(condition=models.Q(('least_days__isnull', False), ('most_days__isnull', False), _connector='OR'), name='legislationlimit_limits')],
                    },
                ),
                migrations.CreateModel(
                    name='Legislation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                        ('title', models.CharField(max_length=120, verbose_name='title')),
                        ('title_en', models.CharField(blank=True, max_length=240, verbose_name='English title')),
                        ('subject', models.CharField(choices=[('community', 'Communities'), ('social', 'Social organisations'), ('social_work', 'Social workers'), ('property', 'Property management'), ('building', 'Private house building (民房报建)'), ('emergency', 'Emergencies'), ('other', 'Other')], max_length=12, verbose_name='what it is about')),
                        ('summary', models.TextField(max_length=3000, verbose_name='why, and what it is to settle')),
                        ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body', verbose_name='drafted by')),
                        ('law', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.law', verbose_name='amends')),
                        ('consultation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consultation.consultation', verbose_name='consultation')),
                        ('state', models.CharField(choices=[('suggested', 'Suggestions are collected'), ('justified', 'Need is examined'), ('planned', 'In the legislative plan'), ('scheduled', 'In the plan of the year'), ('drafting', 'Being drafted'), ('commenting', 'Open for comments'), ('executive', 'Before the government'), ('submitted', 'Submitted to the congress'), ('first', 'First reading'), ('second', 'Second reading'), ('third', 'Third reading'), ('passed_law', 'Passed, waits for approval'), ('approved', 'Approved by the province'), ('announced', 'Announced'), ('effective', 'In force'), ('recorded', 'Put on record'), ('assessed', 'Assessed in force'), ('amended', 'Amended by another'), ('repealed', 'Repealed'), ('stopped', 'Stopped')], default='suggested', max_length=12, verbose_name='stage')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('made_at', models.DateTimeField(verbose_name='made')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                    ],
                    options={
                        'verbose_name': 'file of legislation',
                        'verbose_name_plural': 'files of legislation',
                        'indexes': [models.Index(fields=['state', 'subject'], name='legislation_state_subject')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['amended', 'repealed', 'stopped'])), models.Q(models.Q(('state__in', ['amended', 'repealed', 'stopped']), _negated=True), ('ended_at', None)), _connector='OR'), name='legislation_ended_or_not'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'commenting'), _negated=True), ('consultation__isnull', False), _connector='OR'), name='legislation_comments_somewhere')],
                    },
                ),
                migrations.CreateModel(
                    name='LegislationEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField()),
                        ('previous_hash', models.CharField(max_length=64)),
                        ('hash', models.CharField(max_length=64)),
                        ('move', models.CharField(max_length=20)),
                        ('from_state', models.CharField(max_length=12)),
                        ('to_state', models.CharField(max_length=12)),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                        ('facts', models.JSONField(default=dict)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('at', models.DateTimeField()),
                        ('subject', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='oversight.legislation')),
                    ],
                    options={
                        'verbose_name': 'move of a file of legislation',
                        'verbose_name_plural': 'moves of files of legislation',
                        'constraints': [models.UniqueConstraint(fields=('subject', 'number'), name='legislationevent_once')],
                    },
                ),
                migrations.CreateModel(
                    name='LegislationStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='oversight.legislation')),
                        ('stage', models.CharField(choices=[('suggested', 'Suggestions are collected'), ('justified', 'Need is examined'), ('planned', 'In the legislative plan'), ('scheduled', 'In the plan of the year'), ('drafting', 'Being drafted'), ('commenting', 'Open for comments'), ('executive', 'Before the government'), ('submitted', 'Submitted to the congress'), ('first', 'First reading'), ('second', 'Second reading'), ('third', 'Third reading'), ('passed_law', 'Passed, waits for approval'), ('approved', 'Approved by the province'), ('announced', 'Announced'), ('effective', 'In force'), ('recorded', 'Put on record'), ('assessed', 'Assessed in force'), ('amended', 'Amended by another'), ('repealed', 'Repealed'), ('stopped', 'Stopped')], max_length=12, verbose_name='stage')),
                        ('begun_at', models.DateTimeField(verbose_name='began')),
                        ('due_on', models.DateField(blank=True, null=True, verbose_name='to be done by')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                    ],
                    options={
                        'verbose_name': 'stage of a file of legislation',
                        'verbose_name_plural': 'stages of files of legislation',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('file',), name='legislationstep_one_is_open'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('begun_at')), _connector='OR'), name='legislationstep_ends_later')],
                    },
                ),
                migrations.CreateModel(
                    name='Evidence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='oversight.legislation')),
                        ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case', verbose_name='case')),
                        ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.topic', verbose_name='hot topic')),
                        ('note', models.CharField(max_length=300, verbose_name='what it shows')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('at', models.DateTimeField(verbose_name='attached')),
                    ],
                    options={
                        'verbose_name': 'evidence of a file of legislation',
                        'verbose_name_plural': 'evidence of files of legislation',
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('topic', None)), models.Q(('case', None), ('topic__isnull', False)), _connector='OR'), name='evidence_is_one_thing'), models.UniqueConstraint(condition=models.Q(('topic', None)), fields=('file', 'case'), name='evidence_case_once'), models.UniqueConstraint(condition=models.Q(('case', None)), fields=('file', 'topic'), name='evidence_topic_once')],
                    },
                ),
            ],
        ),
    ]

