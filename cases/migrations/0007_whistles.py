import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lib.triggers import append_only


class Migration(migrations.Migration):
    """Whistles, the departments called, and their append-only history."""

    dependencies = [
        ('cases', '0006_cooperation_rule'),
        ('grids', '0001_initial'),
        ('organizations', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Whistle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('enforcement', 'Joint enforcement'), ('stubborn', 'What residents keep raising'), ('emergency', 'Emergency response')], max_length=12, verbose_name='kind')),
                ('text', models.CharField(max_length=500, verbose_name='what is needed')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('lon', models.FloatField()),
                ('lat', models.FloatField()),
                ('metres', models.PositiveSmallIntegerField()),
                ('called_at', models.DateTimeField(verbose_name='called')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body', verbose_name='who whistles')),
                ('called_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='whistles', to='cases.case', verbose_name='case')),
                ('community', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.territory')),
                ('grid', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.territory')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.territory')),
            ],
            options={
                'verbose_name': 'whistle',
                'verbose_name_plural': 'whistles',
            },
        ),
        migrations.CreateModel(
            name='WhistleCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('called', 'Called, on the way'), ('arrived', 'There'), ('released', 'Released')], default='called', max_length=8)),
                ('called_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('arrived_at', models.DateTimeField(blank=True, null=True)),
                ('by_place', models.BooleanField(default=False)),
                ('distance', models.PositiveIntegerField(blank=True, null=True)),
                ('accuracy', models.PositiveIntegerField(blank=True, null=True)),
                ('arrival_words', models.CharField(blank=True, max_length=300)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('release_words', models.CharField(blank=True, max_length=300)),
                ('response_score', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('response_words', models.CharField(blank=True, max_length=300)),
                ('response_at', models.DateTimeField(blank=True, null=True)),
                ('call_score', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('call_words', models.CharField(blank=True, max_length=300)),
                ('call_at', models.DateTimeField(blank=True, null=True)),
                ('arrived_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body')),
                ('call_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('response_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('whistle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='cases.whistle')),
            ],
            options={
                'verbose_name': 'department called',
                'verbose_name_plural': 'departments called',
            },
        ),
        migrations.CreateModel(
            name='WhistleEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('move', models.SlugField()),
                ('at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('whistle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='cases.whistle')),
            ],
            options={
                'verbose_name': 'event of a whistle',
                'verbose_name_plural': 'history of whistles',
            },
        ),
        migrations.AddIndex(
            model_name='whistle',
            index=models.Index(fields=['town', '-id'], name='whistle_town'),
        ),
        migrations.AddIndex(
            model_name='whistle',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['town'], name='whistle_going_on'),
        ),
        migrations.AddConstraint(
            model_name='whistle',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='whistle_says_what_is_needed'),
        ),
        migrations.AddConstraint(
            model_name='whistle',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('called_at')), _connector='OR'), name='whistle_ends_after_it_begins'),
        ),
        migrations.AddIndex(
            model_name='whistlecall',
            index=models.Index(fields=['body', '-id'], name='call_body'),
        ),
        migrations.AddConstraint(
            model_name='whistlecall',
            constraint=models.UniqueConstraint(fields=('whistle', 'body'), name='whistle_calls_a_body_once'),
        ),
        migrations.AddConstraint(
            model_name='whistlecall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('arrived_at', None), ('released_at', None), ('state', 'called')), models.Q(('arrived_at__isnull', False), ('released_at', None), ('state', 'arrived')), models.Q(('released_at__isnull', False), ('state', 'released')), _connector='OR'), name='call_moments_match_its_state'),
        ),
        migrations.AddConstraint(
            model_name='whistlecall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('arrived_at', None), ('arrived_by', None), ('by_place', False)), models.Q(('arrived_at__isnull', False), ('arrived_by__isnull', False), models.Q(models.Q(('by_place', True), ('distance__isnull', False)), models.Q(('arrival_words', ''), _negated=True), _connector='OR')), _connector='OR'), name='call_arrival_is_proven_or_explained'),
        ),
        migrations.AddConstraint(
            model_name='whistlecall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at', None), ('released_by', None)), models.Q(('released_at__isnull', False), ('released_by__isnull', False), models.Q(('arrived_at__isnull', False), models.Q(('release_words', ''), _negated=True), _connector='OR')), _connector='OR'), name='call_released_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='whistlecall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('response_at', None), ('response_by', None), ('response_score', None)), models.Q(('released_at__isnull', False), ('response_at__isnull', False), ('response_by__isnull', False), ('response_score__range', (1, 5))), _connector='OR'), name='call_response_rated_after_release'),
        ),
        migrations.AddConstraint(
            model_name='whistlecall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('call_at', None), ('call_by', None), ('call_score', None)), models.Q(('call_at__isnull', False), ('call_by__isnull', False), ('call_score__range', (1, 5)), ('released_at__isnull', False)), _connector='OR'), name='call_call_rated_after_release'),
        ),
        migrations.AddConstraint(
            model_name='whistleevent',
            constraint=models.UniqueConstraint(fields=('whistle', 'number'), name='whistle_event_number_once'),
        ),
        append_only('cases_whistleevent'),
    ]
