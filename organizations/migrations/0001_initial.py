import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import lib.tables
import organizations.models.people
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        lib.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='BodyKind',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(unique=True, verbose_name='code')),
                        ('nature', models.CharField(choices=[('party', 'Party organisation'), ('committee', 'Committee'), ('department', 'Department'), ('community', "Residents' or villagers' committee"), ('centre', 'Centre'), ('joint_unit', 'Joint unit'), ('social', 'Social organisation'), ('enterprise', 'Enterprise')], max_length=20, verbose_name='nature')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('name_en', models.CharField(max_length=120, verbose_name='English name')),
                    ],
                    options={
                        'verbose_name': 'kind of body',
                        'verbose_name_plural': 'kinds of bodies',
                    },
                ),
                migrations.CreateModel(
                    name='Body',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='organizations.body', verbose_name='parent')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organizations.bodykind', verbose_name='kind')),
                        ('code', models.SlugField(unique=True, verbose_name='code')),
                        ('name', models.CharField(max_length=100, verbose_name='name')),
                        ('name_en', models.CharField(max_length=200, verbose_name='English name')),
                        ('short_name', models.CharField(blank=True, max_length=40, verbose_name='short name')),
                        ('phone', models.CharField(blank=True, max_length=30, verbose_name='official telephone')),
                        ('uscc', models.CharField(blank=True, max_length=18, verbose_name='unified social credit code')),
                    ],
                    options={
                        'verbose_name': 'body',
                        'verbose_name_plural': 'bodies',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='body_ends_after_it_begins', violation_error_message='The end must lie after the beginning.')],
                    },
                ),
                migrations.CreateModel(
                    name='CalendarDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(unique=True, verbose_name='day')),
                        ('is_working', models.BooleanField(verbose_name='is a working day')),
                        ('reason', models.CharField(max_length=100, verbose_name='reason')),
                    ],
                    options={
                        'verbose_name': 'calendar day',
                        'verbose_name_plural': 'calendar days',
                    },
                ),
                migrations.CreateModel(
                    name='WorkingPeriod',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('starts', models.TimeField(verbose_name='from')),
                        ('ends', models.TimeField(verbose_name='to')),
                    ],
                    options={
                        'verbose_name': 'working period',
                        'verbose_name_plural': 'working periods',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='working_period_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='period_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='NotificationRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('kind', models.CharField(default='*', max_length=50, verbose_name='kind of message')),
                        ('role', models.CharField(blank=True, choices=[('', 'everybody with an account'), ('resident', 'residents'), ('grid_worker', 'Grid worker'), ('community_worker', 'Community worker'), ('acceptor', 'Acceptance clerk'), ('dispatcher', 'Dispatcher'), ('duty_officer', 'Duty officer'), ('department_head', 'Department head'), ('handler', 'Handler'), ('verifier', 'Verifier'), ('party_secretary', 'Party secretary'), ('committee_member', 'Committee member'), ('finance_maker', 'Finance clerk (maker)'), ('finance_checker', 'Finance reviewer (checker)'), ('finance_payer', 'Cashier (payer)'), ('supervisor', 'Supervision committee member'), ('assessor', 'Assessor'), ('consultation_host', 'Consultation host'), ('volunteer_organizer', 'Volunteer organiser'), ('system_admin', 'System administrator'), ('security_admin', 'Security administrator'), ('audit_admin', 'Audit administrator')], max_length=30, verbose_name='whom')),
                        ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'Text message'), ('wechat', 'WeChat')], max_length=8, verbose_name='channel')),
                        ('timing', models.CharField(choices=[('at_once', 'at once'), ('digest', 'in the daily digest'), ('off', 'not at all')], max_length=8, verbose_name='when')),
                        ('urgent', models.BooleanField(verbose_name='urgent: at any hour, on switched-off channels too')),
                    ],
                    options={
                        'verbose_name': 'rule for messages',
                        'verbose_name_plural': 'rules for messages',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='notification_rule_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(fields=('kind', 'role', 'channel', 'valid_from'), name='notification_rule_once'), models.CheckConstraint(condition=models.Q(models.Q(('timing', 'digest'), _negated=True), models.Q(('channel', 'email'), ('urgent', False)), _connector='OR'), name='digest_is_mail_and_not_urgent', violation_error_message='Only e-mail that is not urgent waits for the digest.')],
                    },
                ),
                migrations.CreateModel(
                    name='Law',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('code', models.SlugField(unique=True, verbose_name='code')),
                        ('kind', models.CharField(choices=[('law', 'Law (法律)'), ('state_council', 'Administrative regulation (行政法规)'), ('local', 'Local regulation (地方性法规)'), ('rule', 'Rule of a department or government (规章)'), ('party', 'Party rule (党内法规)'), ('document', 'Normative document (规范性文件)'), ('standard', 'Standard (标准)')], max_length=16, verbose_name='kind')),
                        ('title', models.CharField(max_length=120, verbose_name='title')),
                        ('title_en', models.CharField(max_length=240, verbose_name='English title')),
                        ('short_title', models.CharField(max_length=60, verbose_name='as it is cited')),
                        ('issued_by', models.CharField(max_length=120, verbose_name='issued by')),
                        ('document', models.CharField(blank=True, max_length=60, verbose_name='number of the document')),
                        ('read_at', models.CharField(max_length=300, verbose_name='where the text was read')),
                        ('day_verified', models.BooleanField(default=False, verbose_name='day of force read in a source')),
                        ('followed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.law', verbose_name='followed by')),
                    ],
                    options={
                        'verbose_name': 'law or standard',
                        'verbose_name_plural': 'laws and standards',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='law_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.CheckConstraint(condition=models.Q(('followed_by', None), ('valid_to__isnull', False), _connector='OR'), name='law_followed_has_ended'), models.CheckConstraint(condition=models.Q(('short_title', ''), _negated=True), name='law_is_cited_somehow')],
                    },
                ),
                migrations.CreateModel(
                    name='LawArticle',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('law', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='organizations.law', verbose_name='law or standard')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='article')),
                        ('gist', models.CharField(max_length=300, verbose_name='what it says')),
                        ('gist_en', models.CharField(max_length=400, verbose_name='what it says (English)')),
                    ],
                    options={
                        'verbose_name': 'article of a law',
                        'verbose_name_plural': 'articles of laws',
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='lawarticle_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(fields=('law', 'number', 'valid_from'), name='lawarticle_begins_once')],
                    },
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('full_name', models.CharField(max_length=60, verbose_name='name')),
                        ('full_name_en', models.CharField(blank=True, max_length=120, verbose_name='name in Latin letters')),
                        ('phone', models.CharField(blank=True, max_length=30, verbose_name='telephone')),
                        ('must_change_password', models.BooleanField(default=False, verbose_name='must change the password')),
                        ('password_changed_at', models.DateTimeField(blank=True, null=True, verbose_name='password changed')),
                        ('is_resident', models.BooleanField(default=False, editable=False, verbose_name='resident')),
                        ('nickname', models.CharField(blank=True, max_length=20, verbose_name='name that others see')),
                        ('session_ticket', models.CharField(blank=True, editable=False, max_length=32)),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': 'person',
                        'verbose_name_plural': 'people',
                        'constraints': [models.CheckConstraint(condition=models.Q(('is_resident', False), models.Q(('is_staff', False), ('is_superuser', False)), _connector='OR'), name='resident_is_no_staff')],
                    },
                    managers=[
                        ('objects', organizations.models.people.PeopleManager()),
                    ],
                ),
                migrations.CreateModel(
                    name='ChangeRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField()),
                        ('previous_hash', models.CharField(max_length=64)),
                        ('hash', models.CharField(max_length=64)),
                        ('kind', models.CharField(max_length=60)),
                        ('key', models.CharField(max_length=60)),
                        ('action', models.CharField(max_length=20)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('at', models.DateTimeField()),
                        ('before', models.JSONField(default=dict)),
                        ('after', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'change',
                        'verbose_name_plural': 'changes',
                        'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'number'), name='change_number_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Preference',
                    fields=[
                        ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='preference', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('email', models.BooleanField(default=True, verbose_name='e-mail')),
                        ('sms', models.BooleanField(default=True, verbose_name='text messages')),
                        ('wechat', models.BooleanField(default=True, verbose_name='WeChat')),
                        ('wechat_id', models.CharField(blank=True, max_length=64, verbose_name='WeChat identifier')),
                        ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='quiet from')),
                        ('quiet_to', models.TimeField(blank=True, null=True, verbose_name='quiet until')),
                        ('digest_hour', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MaxValueValidator(23)], verbose_name='hour of the digest')),
                        ('language', models.CharField(blank=True, choices=[('zh-hans', 'Simplified Chinese'), ('en', 'English')], max_length=10, verbose_name='language')),
                    ],
                    options={
                        'verbose_name': 'wishes for messages',
                        'verbose_name_plural': 'wishes for messages',
                        'constraints': [models.CheckConstraint(condition=models.Q(('digest_hour__lte', 23)), name='digest_hour_exists'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_to', None)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False)), _connector='OR'), name='quiet_hours_are_whole', violation_error_message='Give both ends of the quiet hours, or none.')],
                    },
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=140, unique=True)),
                        ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'Text message'), ('wechat', 'WeChat')], max_length=8, verbose_name='channel')),
                        ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
                        ('address', models.CharField(blank=True, max_length=254)),
                        ('shown_address', models.CharField(max_length=254, verbose_name='address')),
                        ('kind', models.CharField(max_length=50, verbose_name='kind of message')),
                        ('params', models.JSONField(default=dict)),
                        ('subject_kind', models.SlugField(blank=True)),
                        ('subject_key', models.CharField(blank=True, max_length=60)),
                        ('urgent', models.BooleanField(default=False)),
                        ('is_digest', models.BooleanField(default=False)),
                        ('state', models.CharField(choices=[('pending', 'Waiting'), ('sent', 'Sent'), ('failed', 'Given up')], default='pending', max_length=8, verbose_name='state')),
                        ('made_at', models.DateTimeField()),
                        ('due_at', models.DateTimeField(verbose_name='next attempt')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                        ('claim', models.CharField(blank=True, max_length=32)),
                        ('claimed_until', models.DateTimeField(blank=True, null=True)),
                        ('sent_at', models.DateTimeField(blank=True, null=True)),
                        ('error', models.CharField(blank=True, max_length=300, verbose_name='what went wrong')),
                        ('again_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('again_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'delivery',
                        'verbose_name_plural': 'deliveries',
                        'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['due_at', 'id'], name='delivery_due'), models.Index(fields=['state', '-id'], name='delivery_state')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('address', ''), ('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='sent_delivery_keeps_no_address'), models.CheckConstraint(condition=models.Q(models.Q(('address', ''), ('to__isnull', False)), models.Q(('is_digest', False), ('to', None)), _connector='OR'), name='delivery_to_an_account_keeps_no_address')],
                    },
                ),
                migrations.CreateModel(
                    name='DeliveryAttempt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='organizations.delivery')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('begun_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('error', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'verbose_name': 'attempt',
                        'verbose_name_plural': 'attempts',
                        'ordering': ['begun_at', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='FeedAddress',
                    fields=[
                        ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='feed_address', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('made_at', models.DateTimeField()),
                    ],
                    options={
                        'verbose_name': 'calendar address',
                        'verbose_name_plural': 'calendar addresses',
                    },
                ),
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to=settings.AUTH_USER_MODEL)),
                        ('key', models.CharField(max_length=120, unique=True)),
                        ('kind', models.SlugField()),
                        ('params', models.JSONField(default=dict)),
                        ('subject_kind', models.SlugField(blank=True)),
                        ('subject_key', models.CharField(blank=True, max_length=60)),
                        ('sent_at', models.DateTimeField()),
                        ('read_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'message',
                        'verbose_name_plural': 'messages',
                        'indexes': [models.Index(fields=['to', '-id'], name='message_inbox')],
                    },
                ),
                migrations.CreateModel(
                    name='Citation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('law', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='organizations.law')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='article')),
                        ('kind', models.CharField(max_length=60)),
                        ('key', models.CharField(max_length=20)),
                        ('changed_on', models.DateField(blank=True, null=True, verbose_name='changed on')),
                        ('looked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('looked_at', models.DateTimeField(blank=True, null=True, verbose_name='looked at')),
                        ('finding', models.CharField(blank=True, max_length=300, verbose_name='what was found')),
                    ],
                    options={
                        'verbose_name': 'citation of a law',
                        'verbose_name_plural': 'citations of laws',
                        'indexes': [models.Index(fields=['kind', 'key'], name='citation_row'), models.Index(condition=models.Q(('changed_on__isnull', False)), fields=['changed_on'], name='citation_waits')],
                        'constraints': [models.UniqueConstraint(fields=('law', 'number', 'kind', 'key'), name='citation_once'), models.CheckConstraint(condition=models.Q(models.Q(('finding', ''), ('looked_at', None), ('looked_by', None)), models.Q(('looked_at__isnull', False), ('looked_by__isnull', False)), _connector='OR'), name='citation_looked_at_by_somebody'), models.CheckConstraint(condition=models.Q(('changed_on', None), ('looked_by', None), _connector='OR'), name='citation_waits_or_was_looked_at')],
                    },
                ),
                migrations.CreateModel(
                    name='Skill',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(unique=True, verbose_name='code')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('name_en', models.CharField(max_length=120, verbose_name='English name')),
                    ],
                    options={
                        'verbose_name': 'skill',
                        'verbose_name_plural': 'skills',
                    },
                ),
                migrations.CreateModel(
                    name='Post',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (excluded)')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                        ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='organizations.body', verbose_name='body')),
                        ('role', models.CharField(choices=[('grid_worker', 'Grid worker'), ('community_worker', 'Community worker'), ('acceptor', 'Acceptance clerk'), ('dispatcher', 'Dispatcher'), ('duty_officer', 'Duty officer'), ('department_head', 'Department head'), ('handler', 'Handler'), ('verifier', 'Verifier'), ('party_secretary', 'Party secretary'), ('committee_member', 'Committee member'), ('finance_maker', 'Finance clerk (maker)'), ('finance_checker', 'Finance reviewer (checker)'), ('finance_payer', 'Cashier (payer)'), ('supervisor', 'Supervision committee member'), ('assessor', 'Assessor'), ('consultation_host', 'Consultation host'), ('volunteer_organizer', 'Volunteer organiser'), ('system_admin', 'System administrator'), ('security_admin', 'Security administrator'), ('audit_admin', 'Audit administrator')], max_length=30, verbose_name='role')),
                        ('title', models.CharField(blank=True, max_length=60, verbose_name='title')),
                        ('title_en', models.CharField(blank=True, max_length=120, verbose_name='English title')),
                        ('capacity', models.PositiveIntegerField(default=0, verbose_name='capacity (points)')),
                        ('skills', models.ManyToManyField(blank=True, to='organizations.skill', verbose_name='skills')),
                    ],
                    options={
                        'verbose_name': 'post',
                        'verbose_name_plural': 'posts',
                        'indexes': [models.Index(fields=['body', 'role'], name='post_body_role')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='post_ends_after_it_begins', violation_error_message='The end must lie after the beginning.'), models.UniqueConstraint(fields=('person', 'body', 'role', 'valid_from'), name='post_is_given_once')],
                    },
                ),
                migrations.CreateModel(
                    name='DutyHours',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duty_hours', to='organizations.post')),
                        ('weekday', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(6)], verbose_name='weekday')),
                        ('starts', models.TimeField(verbose_name='from')),
                        ('ends', models.TimeField(verbose_name='to')),
                    ],
                    options={
                        'verbose_name': 'duty hours',
                        'verbose_name_plural': 'duty hours',
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='duty_ends_after_start'), models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='duty_weekday_exists')],
                    },
                ),
                migrations.CreateModel(
                    name='Resident',
                    fields=[
                        ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='resident', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('phone_key', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                        ('joined_at', models.DateTimeField(verbose_name='joined')),
                        ('agreed_at', models.DateTimeField(verbose_name='agreed to the privacy notice')),
                        ('agreed_to', models.CharField(max_length=20, verbose_name='version of the privacy notice')),
                        ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='erased')),
                    ],
                    options={
                        'verbose_name': 'resident',
                        'verbose_name_plural': 'residents',
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('erased_at', None), ('phone_key__isnull', False)), models.Q(('erased_at__isnull', False), ('phone_key', None)), _connector='OR'), name='resident_has_a_number_until_erased')],
                    },
                ),
                migrations.CreateModel(
                    name='Code',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('phone_key', models.CharField(max_length=64)),
                        ('ticket', models.CharField(max_length=64)),
                        ('digest', models.CharField(max_length=64)),
                        ('made_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('tries', models.PositiveSmallIntegerField(default=0)),
                        ('used_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'code',
                        'verbose_name_plural': 'codes',
                        'indexes': [models.Index(fields=['phone_key', 'ticket'], name='code_phone_ticket'), models.Index(fields=['ends_at'], name='code_ends')],
                    },
                ),
                migrations.CreateModel(
                    name='Quota',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('action', models.SlugField(max_length=40)),
                        ('who', models.CharField(max_length=64)),
                        ('began_at', models.DateTimeField()),
                        ('used', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': 'quota',
                        'verbose_name_plural': 'quotas',
                        'indexes': [models.Index(fields=['began_at'], name='quota_began')],
                        'constraints': [models.UniqueConstraint(fields=('action', 'who'), name='quota_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Verification',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verifications', to=settings.AUTH_USER_MODEL)),
                        ('how', models.CharField(choices=[('counter', 'identity document shown at the counter'), ('roll', 'place on a roll claimed')], max_length=10, verbose_name='how')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('until', models.DateTimeField(blank=True, null=True, verbose_name='holds until')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='remark')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                        ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('revoke_reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                    ],
                    options={
                        'verbose_name': 'confirmation of identity',
                        'verbose_name_plural': 'confirmations of identity',
                        'indexes': [models.Index(fields=['person', '-at'], name='verification_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('revoke_reason', ''), ('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False), models.Q(('revoke_reason', ''), _negated=True)), _connector='OR'), name='verification_is_revoked_with_reason'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('at')), _connector='OR'), name='verification_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='AccessToken',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('created_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField(blank=True, null=True)),
                        ('revoked_at', models.DateTimeField(blank=True, null=True)),
                        ('last_used_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'access token',
                        'verbose_name_plural': 'access tokens',
                    },
                ),
            ],
        ),
    ]
