import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_sorted_by_words'),
        ('organizations', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                ('move', models.CharField(choices=[('reject', 'Not accepted'), ('return', 'Returned by the department')], max_length=12, verbose_name='for')),
                ('code', models.SlugField(verbose_name='code')),
                ('rank', models.PositiveSmallIntegerField(default=1, verbose_name='rank')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_en', models.CharField(max_length=200, verbose_name='English name')),
                ('told', models.CharField(blank=True, max_length=400, verbose_name='what the resident reads')),
                ('told_en', models.CharField(blank=True, max_length=600, verbose_name='the same in English')),
                ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
            ],
            options={
                'verbose_name': 'reason',
                'verbose_name_plural': 'reasons',
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='reason_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(fields=('move', 'code', 'valid_from'), name='reason_once'), models.CheckConstraint(condition=models.Q(models.Q(('move', 'reject'), _negated=True), models.Q(('told', ''), _negated=True), _connector='OR'), name='reason_names_the_right_channel')],
            },
        ),
        migrations.CreateModel(
            name='Terms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                ('verify_limit', models.PositiveSmallIntegerField(default=24, verbose_name='limit for a look on site')),
                ('verify_unit', models.CharField(choices=[('urgent_hour', 'urgent hours (around the clock)'), ('work_hour', 'working hours'), ('work_day', 'working days'), ('natural_day', 'calendar days')], default='urgent_hour', max_length=12, verbose_name='unit')),
                ('reopen_limit', models.PositiveSmallIntegerField(default=15, verbose_name='a reporter may have it taken up again within')),
                ('reopen_unit', models.CharField(choices=[('urgent_hour', 'urgent hours (around the clock)'), ('work_hour', 'working hours'), ('work_day', 'working days'), ('natural_day', 'calendar days')], default='natural_day', max_length=12, verbose_name='unit')),
                ('most_returns', models.PositiveSmallIntegerField(default=2, verbose_name='returns before the committee decides')),
            ],
            options={
                'verbose_name': 'terms of the loop',
                'verbose_name_plural': 'terms of the loop',
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='terms_end_after_they_begin', violation_error_message='The end must lie after the beginning.'), models.CheckConstraint(condition=models.Q(('reopen_limit__gte', 1), ('verify_limit__gte', 1)), name='terms_are_positive')],
            },
        ),
        migrations.CreateModel(
            name='SelfConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body', verbose_name='department')),
            ],
            options={
                'verbose_name': 'automatic confirmation',
                'verbose_name_plural': 'automatic confirmations',
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='self_confirmation_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(fields=('body', 'valid_from'), name='self_confirmation_once')],
            },
        ),
    ]
