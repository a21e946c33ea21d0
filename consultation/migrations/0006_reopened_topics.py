import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A wish to reopen that was granted is a topic to screen."""

    dependencies = [("consultation", "0005_checked_publications")]

    operations = [
        migrations.AddField(
            model_name="reopening",
            name="topic",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wish",
                to="consultation.topic",
                verbose_name="topic that it became",
            ),
        ),
    ]
