import django.db.models.deletion
import lib.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_guards'),
        ('organizations', '0002_guards'),
        ('routing', '0003_duty_guards'),
    ]

    operations = [
        lib.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='ReplayRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Checking'), ('done', 'Done'), ('failed', 'Broken off')], default='waiting', max_length=8, verbose_name='state')),
                        ('asked_at', models.DateTimeField(verbose_name='asked')),
                        ('seen_at', models.DateTimeField(blank=True, null=True)),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                        ('total', models.PositiveIntegerField(default=0)),
                        ('done', models.PositiveIntegerField(default=0)),
                        ('last', models.PositiveIntegerField(verbose_name='how many cases')),
                        ('differing', models.PositiveIntegerField(default=0, verbose_name='would go elsewhere')),
                        ('figures', models.JSONField(default=dict)),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replays', to='routing.dutychange')),
                    ],
                    options={
                        'verbose_name': 'replay of a change',
                        'verbose_name_plural': 'replays of changes',
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state__in', ('waiting', 'running'))), models.Q(models.Q(('state__in', ('waiting', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='replay_run_finished_when_ended'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='replay_run_does_what_is')],
                    },
                ),
                migrations.CreateModel(
                    name='ReplayDifference',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('before', models.SlugField()),
                        ('after', models.SlugField()),
                        ('after_lead', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body')),
                        ('before_lead', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='differences', to='cases.replayrun')),
                    ],
                    options={
                        'verbose_name': 'difference of a replay',
                        'verbose_name_plural': 'differences of replays',
                        'constraints': [models.UniqueConstraint(fields=('run', 'case'), name='replay_difference_once')],
                    },
                ),
            ],
        ),
    ]
