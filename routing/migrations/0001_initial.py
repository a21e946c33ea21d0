import django.db.models.deletion
import lib.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('funding', '0001_initial'),
        ('grids', '0001_initial'),
        ('organizations', '0001_initial'),
    ]

    operations = [
        lib.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Category',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='routing.category', verbose_name='parent')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('code', models.SlugField(unique=True, verbose_name='code')),
                        ('national_code', models.CharField(blank=True, max_length=12, verbose_name='national code')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('name_en', models.CharField(max_length=120, verbose_name='English name')),
                        ('initials', models.CharField(blank=True, editable=False, max_length=60)),
                        ('keywords', models.JSONField(blank=True, default=list, verbose_name='keywords')),
                        ('is_emergency', models.BooleanField(default=False, verbose_name='emergency')),
                        ('files_automatically', models.BooleanField(default=False, verbose_name="a resident's report is filed without a clerk when place and category are certain")),
                        ('publicity', models.CharField(choices=[('open', 'Public'), ('masked', 'Public with personal details masked'), ('closed', 'Not public')], default='masked', max_length=8, verbose_name='publicity')),
                    ],
                    options={
                        'verbose_name': 'category',
                        'verbose_name_plural': 'categories',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='category_ends_after_it_begins', violation_error_message='The end must lie after the beginning.')],
                    },
                ),
                migrations.CreateModel(
                    name='FilingStandard',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standards', to='routing.category', verbose_name='category')),
                        ('rank', models.PositiveSmallIntegerField(default=1, verbose_name='rank')),
                        ('condition', models.CharField(max_length=200, verbose_name='filing condition')),
                        ('condition_en', models.CharField(blank=True, max_length=300, verbose_name='filing condition in English')),
                        ('closing_condition', models.CharField(max_length=200, verbose_name='closing condition')),
                        ('closing_condition_en', models.CharField(blank=True, max_length=300, verbose_name='closing condition in English')),
                        ('sign_limit', models.PositiveSmallIntegerField(default=2, verbose_name='limit for signing')),
                        ('sign_unit', models.CharField(choices=[('urgent_hour', 'urgent hours (around the clock)'), ('work_hour', 'working hours'), ('work_day', 'working days'), ('natural_day', 'calendar days')], default='work_hour', max_length=12, verbose_name='unit')),
                        ('handle_limit', models.PositiveSmallIntegerField(verbose_name='limit for handling')),
                        ('handle_unit', models.CharField(choices=[('urgent_hour', 'urgent hours (around the clock)'), ('work_hour', 'working hours'), ('work_day', 'working days'), ('natural_day', 'calendar days')], max_length=12, verbose_name='unit')),
                        ('urgent', models.BooleanField(default=False, verbose_name='urgent: the duty officer may order to act first')),
                        ('points', models.PositiveSmallIntegerField(default=1, verbose_name='points of work')),
                        ('skill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='organizations.skill', verbose_name='skill')),
                        ('cost', models.PositiveBigIntegerField(default=0, verbose_name='estimated cost (fen)')),
                        ('purpose', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='funding.purpose', verbose_name='purpose of money')),
                        ('photo_before', models.BooleanField(default=False, verbose_name='photo when reported')),
                        ('photo_after', models.BooleanField(default=False, verbose_name='photo of the result')),
                        ('contact_first', models.BooleanField(default=False, verbose_name='the resident is called before the result is reported')),
                        ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
                    ],
                    options={
                        'verbose_name': 'filing standard',
                        'verbose_name_plural': 'filing standards',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='standard_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(fields=('category', 'rank', 'valid_from'), name='standard_rank_once'), models.CheckConstraint(condition=models.Q(('cost', 0), ('purpose__isnull', False), _connector='OR'), name='cost_names_its_purpose'), models.CheckConstraint(condition=models.Q(('points__gte', 1)), name='work_has_points'), models.CheckConstraint(condition=models.Q(('handle_limit__gte', 1), ('sign_limit__gte', 1)), name='limits_are_positive')],
                    },
                ),
                migrations.CreateModel(
                    name='ClassifierVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('made_at', models.DateTimeField(verbose_name='trained at')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='trained by')),
                        ('origin', models.CharField(choices=[('cases', 'decisions of people'), ('file', 'file')], max_length=8, verbose_name='learned from')),
                        ('source', models.CharField(blank=True, max_length=200, verbose_name='file')),
                        ('rows', models.PositiveIntegerField(verbose_name='rows')),
                        ('held_back', models.PositiveIntegerField(verbose_name='rows held back')),
                        ('labels', models.JSONField(verbose_name='labels')),
                        ('is_usable', models.BooleanField(verbose_name='labels are our categories')),
                        ('figures', models.JSONField(verbose_name='figures')),
                        ('threshold', models.FloatField(verbose_name='confidence that counts as certain')),
                        ('file', models.CharField(max_length=120)),
                        ('sha256', models.CharField(max_length=64)),
                        ('size', models.PositiveIntegerField(verbose_name='bytes')),
                        ('is_active', models.BooleanField(default=False, verbose_name='active')),
                    ],
                    options={
                        'verbose_name': 'version of the classifier',
                        'verbose_name_plural': 'versions of the classifier',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('is_active',), name='one_classifier_is_active'), models.CheckConstraint(condition=models.Q(('is_active', False), ('is_usable', True), _connector='OR'), name='active_classifier_knows_our_categories'), models.CheckConstraint(condition=models.Q(('threshold__gte', 0), ('threshold__lte', 1)), name='classifier_threshold_is_a_share')],
                    },
                ),
                migrations.CreateModel(
                    name='DangerWord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('word', models.CharField(max_length=20, verbose_name='word')),
                        ('kind', models.CharField(choices=[('always', 'always danger'), ('unless_calmed', 'danger unless calmed'), ('only_now', 'danger only where it happens now'), ('calms', 'calms'), ('now', 'says that it happens now')], max_length=14, verbose_name='what it means')),
                        ('number', models.CharField(blank=True, choices=[('110', 'Police'), ('119', 'Fire and rescue'), ('120', 'Ambulance'), ('122', 'Traffic accidents')], max_length=3, verbose_name='whom to call')),
                    ],
                    options={
                        'verbose_name': 'word of danger',
                        'verbose_name_plural': 'words of danger',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='danger_word_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(fields=('word', 'valid_from'), name='danger_word_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['calms', 'now']), ('number', '')), models.Q(models.Q(('kind__in', ['calms', 'now']), _negated=True), models.Q(('number', ''), _negated=True)), _connector='OR'), name='danger_word_names_whom_to_call', violation_error_message='A word of danger names whom to call, others nobody.')],
                    },
                ),
                migrations.CreateModel(
                    name='DutyEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('category', models.ForeignKey(blank=True, help_text='Empty: every category (the last resort).', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='routing.category', verbose_name='category')),
                        ('territory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='grids.territory', verbose_name='territory')),
                        ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='organizations.body', verbose_name='lead')),
                        ('payer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pays_for', to='organizations.body', verbose_name='paying body')),
                        ('origin', models.CharField(choices=[('list', 'Duty list'), ('precedent', 'Precedent')], default='list', max_length=10, verbose_name='origin')),
                        ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('assistants', models.ManyToManyField(blank=True, related_name='assists', to='organizations.body', verbose_name='assistants')),
                    ],
                    options={
                        'verbose_name': 'entry of the duty list',
                        'verbose_name_plural': 'duty list',
                        'indexes': [models.Index(fields=['category', 'territory'], name='duty_by_matter')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='duty_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.CheckConstraint(condition=models.Q(('origin', 'list'), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='precedent_names_who_decided')],
                    },
                ),
                migrations.CreateModel(
                    name='CommunityDuty',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='community_duties', to='organizations.body', verbose_name='community')),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='community_duties', to='routing.category')),
                        ('list', models.CharField(choices=[('lawful', 'Own duties'), ('assist', 'Assistance'), ('negative', 'Not to be handed to communities')], max_length=10, verbose_name='list')),
                        ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
                    ],
                    options={
                        'verbose_name': "entry of a community's lists",
                        'verbose_name_plural': "communities' lists",
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='community_duty_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(condition=models.Q(('body__isnull', False)), fields=('body', 'category', 'list', 'valid_from'), name='community_duty_once'), models.UniqueConstraint(condition=models.Q(('body', None)), fields=('category', 'list', 'valid_from'), name='duty_of_all_communities_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Admission',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='routing.category')),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='organizations.body')),
                        ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admitted', to='organizations.body')),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='funding.line')),
                        ('headcount', models.PositiveSmallIntegerField(verbose_name='headcount')),
                        ('points', models.PositiveIntegerField(verbose_name='points of work at once')),
                        ('legal_basis', models.CharField(max_length=200, verbose_name='legal basis')),
                    ],
                    options={
                        'verbose_name': 'admitted matter',
                        'verbose_name_plural': 'admitted matters',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='admission_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.CheckConstraint(condition=models.Q(('headcount__gte', 1), ('points__gte', 1), models.Q(('legal_basis', ''), _negated=True)), name='admission_brings_its_shares')],
                    },
                ),
                migrations.CreateModel(
                    name='Load',
                    fields=[
                        ('post', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='load', serialize=False, to='organizations.post')),
                        ('points', models.PositiveIntegerField(default=0, verbose_name='points')),
                        ('tasks', models.PositiveIntegerField(default=0, verbose_name='tasks')),
                        ('last_given_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'load',
                        'verbose_name_plural': 'loads',
                        'constraints': [models.CheckConstraint(condition=models.Q(('points__gte', 0), ('tasks__gte', 0)), name='load_not_negative')],
                    },
                ),
            ],
        ),
    ]
