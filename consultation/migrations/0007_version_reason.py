from django.db import migrations, models


class Migration(migrations.Migration):
    """Why a version of a form was made."""

    dependencies = [("consultation", "0006_reopened_topics")]

    operations = [
        migrations.AddField(
            model_name="blueprint",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="why this version"),
        ),
    ]
