import django.db.models.deletion
import lib.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grids', '0002_guards'),
        ('organizations', '0002_guards'),
        ('routing', '0001_initial'),
    ]

    operations = [
        lib.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='DutyMark',
                    fields=[
                        ('category', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='routing.category')),
                        ('digest', models.CharField(max_length=64)),
                    ],
                ),
                migrations.CreateModel(
                    name='DutyChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                        ('title', models.CharField(max_length=100, verbose_name='title')),
                        ('grounds', models.TextField(blank=True, max_length=1000, verbose_name='grounds')),
                        ('force_on', models.DateField(verbose_name='in force on')),
                        ('state', models.CharField(choices=[('draft', 'Draft'), ('review', 'Waits for review'), ('adopted', 'Adopted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12, verbose_name='state')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                        ('made_at', models.DateTimeField(verbose_name='made')),
                        ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='reviewed')),
                        ('edition', models.PositiveIntegerField(blank=True, null=True, unique=True, verbose_name='edition')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                        ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewed by')),
                    ],
                    options={
                        'verbose_name': 'change of the duty list',
                        'verbose_name_plural': 'changes of the duty list',
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['adopted', 'refused']), _negated=True), models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False), models.Q(('reviewed_by', models.F('made_by')), _negated=True)), _connector='OR'), name='duty_change_reviewed_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('edition__isnull', False), ('state', 'adopted')), models.Q(models.Q(('state', 'adopted'), _negated=True), ('edition', None)), _connector='OR'), name='duty_edition_was_adopted')],
                    },
                ),
                migrations.CreateModel(
                    name='DutyChangeEvent',
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
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='routing.dutychange')),
                    ],
                    options={
                        'verbose_name': 'move of a change of the duty list',
                        'verbose_name_plural': 'moves of changes of the duty list',
                        'constraints': [models.UniqueConstraint(fields=('subject', 'number'), name='dutychange_once')],
                    },
                ),
                migrations.CreateModel(
                    name='DutyChangeItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
                        ('assistants', models.ManyToManyField(blank=True, related_name='+', to='organizations.body', verbose_name='assistants')),
                        ('category', models.ForeignKey(blank=True, help_text='Empty: every category (the last resort).', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='routing.category', verbose_name='category')),
                        ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='routing.dutychange')),
                        ('ends', models.ManyToManyField(blank=True, related_name='+', to='routing.dutyentry', verbose_name='entries that end')),
                        ('entry', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='came_of', to='routing.dutyentry')),
                        ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body', verbose_name='lead')),
                        ('payer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body', verbose_name='paying body')),
                        ('territory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.territory', verbose_name='territory')),
                    ],
                    options={
                        'verbose_name': 'step of a change',
                        'verbose_name_plural': 'steps of a change',
                        'constraints': [models.CheckConstraint(condition=models.Q(('lead', None), models.Q(('legal_basis', ''), _negated=True), _connector='OR'), name='duty_step_has_a_legal_basis')],
                    },
                ),
                migrations.CreateModel(
                    name='DutyRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Checking'), ('done', 'Done'), ('failed', 'Broken off')], default='waiting', max_length=8, verbose_name='state')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('seen_at', models.DateTimeField(blank=True, null=True)),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('total', models.PositiveIntegerField(default=0)),
                        ('done', models.PositiveIntegerField(default=0)),
                        ('is_full', models.BooleanField(default=False, verbose_name='everything anew')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'check of the duty list',
                        'verbose_name_plural': 'checks of the duty list',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'running'))), fields=('state',), name='one_duty_run_at_once'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state__in', ('waiting', 'running'))), models.Q(models.Q(('state__in', ('waiting', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='duty_run_finished_when_ended'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='duty_run_does_what_is')],
                    },
                ),
                migrations.CreateModel(
                    name='DutyFinding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('gap', 'Nobody answers'), ('overlap', 'Two answer'), ('misplaced', 'Community made to answer')], max_length=10, verbose_name='kind')),
                        ('entries', models.JSONField(default=list)),
                        ('reason', models.CharField(max_length=30)),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='routing.category', verbose_name='category')),
                        ('community', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='grids.territory', verbose_name='community')),
                        ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.body')),
                        ('town', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='grids.territory')),
                        ('found_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='found', to='routing.dutyrun')),
                        ('gone_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mended', to='routing.dutyrun')),
                    ],
                    options={
                        'verbose_name': 'finding of the duty list',
                        'verbose_name_plural': 'findings of the duty list',
                        'indexes': [models.Index(condition=models.Q(('gone_in', None)), fields=['kind'], name='duty_finding_standing')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('gone_in', None)), fields=('category', 'community'), name='duty_finding_stands_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'misplaced'), ('lead__isnull', False)), models.Q(('kind', 'misplaced'), _negated=True), _connector='OR'), name='misplaced_names_the_community')],
                    },
                ),
            ],
        ),
    ]
