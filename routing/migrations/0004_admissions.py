import django.db.models.deletion
import lib.tables
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funding', '0002_guards'),
        ('organizations', '0002_guards'),
        ('routing', '0003_duty_guards'),
    ]

    operations = [
        lib.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='AdmissionApplication',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(default=0, editable=False)),
                        ('head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                        ('begins', models.DateField(verbose_name='from')),
                        ('ends', models.DateField(verbose_name='until (excluded)')),
                        ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='legal basis')),
                        ('equipment', models.CharField(blank=True, max_length=300, verbose_name='equipment')),
                        ('training', models.CharField(blank=True, max_length=300, verbose_name='training')),
                        ('headcount', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='people')),
                        ('hours', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='hours a week')),
                        ('points', models.PositiveIntegerField(default=0, editable=False, verbose_name='points of work at once')),
                        ('amount', models.BigIntegerField(default=0, editable=False, verbose_name='money (fen)')),
                        ('state', models.CharField(choices=[('draft', 'Draft'), ('applied', 'Applied for'), ('review', 'In joint review'), ('trial', 'On trial'), ('admitted', 'Admitted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], default='draft', max_length=12, verbose_name='state')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                        ('round', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('made_at', models.DateTimeField(verbose_name='made')),
                        ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='applied for')),
                        ('earliest', models.DateField(blank=True, null=True, verbose_name='may begin from')),
                        ('review_due', models.DateField(blank=True, null=True, verbose_name='to be reviewed by')),
                        ('trial_until', models.DateField(blank=True, null=True, verbose_name='trial until')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                        ('applied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='routing.category', verbose_name='matter')),
                        ('checker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body', verbose_name='who checks')),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admission_applications', to='organizations.body', verbose_name='department')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                        ('renews', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='renewed_by', to='routing.admissionapplication')),
                    ],
                    options={
                        'verbose_name': 'application for admission',
                        'verbose_name_plural': 'applications for admission',
                        'indexes': [models.Index(fields=['state', 'ends'], name='admission_state_ends')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['admitted', 'applied', 'expired', 'review', 'trial']), _negated=True), models.Q(('amount__gte', 1), ('headcount__gte', 1), ('hours__gte', 1), ('points__gte', 1), models.Q(('legal_basis', ''), _negated=True), models.Q(('equipment', ''), _negated=True), models.Q(('training', ''), _negated=True), ('applied_at__isnull', False), ('applied_by__isnull', False), ('checker__isnull', False), ('begins__gte', models.F('earliest')), ('review_due__isnull', False)), _connector='OR'), name='admission_application_brings_its_shares'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('begins'))), name='admission_application_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'trial'), _negated=True), ('trial_until__isnull', False), _connector='OR'), name='admission_application_trial_has_an_end'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['expired', 'refused', 'withdrawn'])), models.Q(models.Q(('state__in', ['expired', 'refused', 'withdrawn']), _negated=True), ('ended_at', None)), _connector='OR'), name='admission_application_ended_or_not')],
                    },
                ),
                migrations.CreateModel(
                    name='AdmissionReview',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('round', models.PositiveSmallIntegerField()),
                        ('due_on', models.DateField(verbose_name='to be answered by')),
                        ('answer', models.CharField(blank=True, choices=[('agrees', 'Agrees'), ('objects', 'Objects')], max_length=8, verbose_name='answer')),
                        ('words', models.CharField(blank=True, max_length=300, verbose_name='words')),
                        ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                        ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='routing.admissionapplication')),
                        ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewer')),
                    ],
                    options={
                        'verbose_name': 'review of an application',
                        'verbose_name_plural': 'reviews of applications',
                        'constraints': [models.UniqueConstraint(fields=('application', 'round', 'reviewer'), name='admission_review_once'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='admission_review_answered_or_not')],
                    },
                ),
                migrations.CreateModel(
                    name='AdmissionRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('notice_days', models.PositiveSmallIntegerField(default=30, verbose_name='working days ahead')),
                        ('review_days', models.PositiveSmallIntegerField(default=15, verbose_name='working days for the review')),
                        ('trial_days', models.PositiveSmallIntegerField(default=90, verbose_name='days of trial')),
                        ('least_score', models.DecimalField(decimal_places=1, default=Decimal('3.0'), max_digits=2, verbose_name='average score from which on it may be renewed')),
                    ],
                    options={
                        'verbose_name': 'rule of admission',
                        'verbose_name_plural': 'rules of admission',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='admission_rule_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(models.Value(1), condition=models.Q(('valid_to', None)), name='one_admission_rule_now'), models.CheckConstraint(condition=models.Q(('notice_days__gte', 1), ('review_days__gte', 1), ('trial_days__gte', 1), ('least_score__gte', 1), ('least_score__lte', 5)), name='admission_rule_has_days')],
                    },
                ),
                migrations.CreateModel(
                    name='AdmissionShare',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('amount', models.BigIntegerField(verbose_name='money (fen)')),
                        ('admission', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='share', to='routing.admission')),
                        ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='routing.admissionapplication')),
                        ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admission_shares', to='organizations.body', verbose_name='community')),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funding.line', verbose_name='budget line')),
                        ('own_line', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='admission_share', to='funding.line')),
                        ('purpose', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='funding.purpose', verbose_name='purpose of money')),
                    ],
                    options={
                        'verbose_name': 'share of a community',
                        'verbose_name_plural': 'shares of communities',
                        'constraints': [models.UniqueConstraint(fields=('application', 'community'), name='admission_share_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 1)), name='admission_share_has_money')],
                    },
                ),
                migrations.CreateModel(
                    name='AdmissionEvaluation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                        ('score', models.PositiveSmallIntegerField(verbose_name='score')),
                        ('words', models.CharField(blank=True, max_length=300, verbose_name='words')),
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('share', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='routing.admissionshare')),
                    ],
                    options={
                        'verbose_name': 'evaluation of an admitted matter',
                        'verbose_name_plural': 'evaluations of admitted matters',
                        'constraints': [models.UniqueConstraint(fields=('share', 'year'), name='admission_evaluated_once'), models.CheckConstraint(condition=models.Q(('score__gte', 1), ('score__lte', 5)), name='admission_score_of_five')],
                    },
                ),
                migrations.CreateModel(
                    name='ApplicationEvent',
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
                        ('subject', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='routing.admissionapplication')),
                    ],
                    options={
                        'verbose_name': 'move of an application for admission',
                        'verbose_name_plural': 'moves of applications for admission',
                        'constraints': [models.UniqueConstraint(fields=('subject', 'number'), name='admission_event_once')],
                    },
                ),
                migrations.CreateModel(
                    name='PromisedPost',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('hours', models.PositiveSmallIntegerField(verbose_name='hours a week')),
                        ('points', models.PositiveSmallIntegerField(verbose_name='points of work at once')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.post', verbose_name='person')),
                        ('seconded', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promised', to='organizations.post')),
                        ('share', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='routing.admissionshare')),
                    ],
                    options={
                        'verbose_name': 'promised person',
                        'verbose_name_plural': 'promised people',
                        'constraints': [models.UniqueConstraint(fields=('share', 'post'), name='promised_post_once'), models.CheckConstraint(condition=models.Q(('hours__gte', 1), ('points__gte', 1)), name='promised_post_works')],
                    },
                ),
                migrations.CreateModel(
                    name='UnadmittedRefusal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.CharField(max_length=200, verbose_name='what was handed over')),
                        ('subject_kind', models.SlugField(blank=True)),
                        ('subject_key', models.CharField(blank=True, max_length=60)),
                        ('at', models.DateTimeField(verbose_name='refused')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='routing.category', verbose_name='matter')),
                        ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unadmitted_refusals', to='organizations.body', verbose_name='community')),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.body', verbose_name='handed over by')),
                    ],
                    options={
                        'verbose_name': 'refusal of what was not admitted',
                        'verbose_name_plural': 'refusals of what was not admitted',
                        'indexes': [models.Index(fields=['community', '-at'], name='unadmitted_by_community')],
                    },
                ),
            ],
        ),
    ]
