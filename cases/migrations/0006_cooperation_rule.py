import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """Numbers of working together, dated."""

    dependencies = [('cases', '0005_case_search')]

    operations = [
        migrations.CreateModel(
            name='CooperationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                ('whistle_minutes', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(1440)], verbose_name='minutes until a called department reports')),
                ('whistle_metres', models.PositiveSmallIntegerField(default=300, validators=[django.core.validators.MinValueValidator(20), django.core.validators.MaxValueValidator(5000)], verbose_name='metres within which somebody is at the place')),
                ('duplicate_metres', models.PositiveSmallIntegerField(default=50, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(1000)], verbose_name='metres between duplicates')),
                ('duplicate_hours', models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(720)], verbose_name='hours between duplicates')),
                ('duplicate_likeness', models.PositiveSmallIntegerField(default=45, validators=[django.core.validators.MinValueValidator(10), django.core.validators.MaxValueValidator(100)], verbose_name='likeness of words (per cent)')),
            ],
            options={
                'verbose_name': 'rule of working together',
                'verbose_name_plural': 'rules of working together',
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='cooperation_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(fields=('valid_from',), name='cooperation_begins_once'), models.CheckConstraint(condition=models.Q(('duplicate_hours__gt', 0), ('duplicate_likeness__range', (1, 100)), ('duplicate_metres__gt', 0), ('whistle_metres__gt', 0), ('whistle_minutes__gt', 0)), name='cooperation_numbers_mean_something')],
            },
        ),
    ]
