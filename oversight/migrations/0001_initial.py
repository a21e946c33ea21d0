import django.db.models.deletion
import lib.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0001_initial'),
        ('grids', '0001_initial'),
        ('organizations', '0001_initial'),
    ]

    operations = [
        lib.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Count',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=8)),
                        ('key', models.PositiveBigIntegerField()),
                        ('span', models.CharField(choices=[('day', 'Day'), ('month', 'Month')], max_length=5)),
                        ('start', models.DateField()),
                        ('reported', models.IntegerField(default=0)),
                        ('accepted', models.IntegerField(default=0)),
                        ('rejected', models.IntegerField(default=0)),
                        ('filed', models.IntegerField(default=0)),
                        ('voided', models.IntegerField(default=0)),
                        ('dispatched', models.IntegerField(default=0)),
                        ('redispatched', models.IntegerField(default=0)),
                        ('handled_on_time', models.IntegerField(default=0)),
                        ('handled_late', models.IntegerField(default=0)),
                        ('rework', models.IntegerField(default=0)),
                        ('returned', models.IntegerField(default=0)),
                        ('shirked', models.IntegerField(default=0)),
                        ('suspended', models.IntegerField(default=0)),
                        ('extended', models.IntegerField(default=0)),
                        ('supervised', models.IntegerField(default=0)),
                        ('urged', models.IntegerField(default=0)),
                        ('exempted', models.IntegerField(default=0)),
                        ('closed_on_time', models.IntegerField(default=0)),
                        ('closed_late', models.IntegerField(default=0)),
                        ('closed_unlimited', models.IntegerField(default=0)),
                        ('urgent_on_time', models.IntegerField(default=0)),
                        ('urgent_late', models.IntegerField(default=0)),
                        ('passed', models.IntegerField(default=0)),
                        ('self_handled', models.IntegerField(default=0)),
                        ('reopened', models.IntegerField(default=0)),
                        ('responded', models.IntegerField(default=0)),
                        ('unresponded', models.IntegerField(default=0)),
                        ('asked', models.IntegerField(default=0)),
                        ('solved', models.IntegerField(default=0)),
                        ('unsolved', models.IntegerField(default=0)),
                        ('satisfied', models.IntegerField(default=0)),
                        ('dissatisfied', models.IntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': 'count',
                        'verbose_name_plural': 'counts',
                        'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'span', 'start'), name='count_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Turn',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ],
                ),
                migrations.CreateModel(
                    name='Fact',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                        ('number', models.PositiveIntegerField()),
                        ('measure', models.CharField(max_length=20)),
                        ('town', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.territory')),
                        ('community', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.territory')),
                        ('grid', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.territory')),
                        ('body', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body')),
                        ('post', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.post')),
                        ('person', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('day', models.DateField()),
                    ],
                    options={
                        'verbose_name': 'counted fact',
                        'verbose_name_plural': 'counted facts',
                        'indexes': [models.Index(fields=['measure', 'day', 'id'], name='fact_measure_day')],
                        'constraints': [models.UniqueConstraint(fields=('case', 'number', 'measure'), name='fact_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Standing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                        ('number', models.PositiveIntegerField()),
                        ('measure', models.CharField(max_length=20)),
                        ('town', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.territory')),
                        ('community', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.territory')),
                        ('grid', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.territory')),
                        ('body', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body')),
                        ('post', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.post')),
                        ('person', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('since', models.DateTimeField()),
                        ('until', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'standing',
                        'verbose_name_plural': 'standings',
                        'indexes': [models.Index(condition=models.Q(('until', None)), fields=['measure', 'since'], name='standing_lasting'), models.Index(condition=models.Q(('until__isnull', False)), fields=['measure', 'until'], name='standing_over')],
                        'constraints': [models.UniqueConstraint(fields=('case', 'number', 'measure'), name='standing_once'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='standing_ends_after_it_begins')],
                    },
                ),
            ],
        ),
    ]
