from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('routing', '0002_classifier_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='filingstandard',
            name='contact_first',
            field=models.BooleanField(default=False, verbose_name='the resident is called before the result is reported'),
        ),
    ]
