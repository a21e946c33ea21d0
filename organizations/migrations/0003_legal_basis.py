import django.db.models.deletion
import lib.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0002_guards'),
    ]

    operations = [
        lib.tables.CreateTables(
            tables=[
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
            ],
        ),
    ]

