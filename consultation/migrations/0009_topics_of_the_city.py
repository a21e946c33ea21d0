import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A topic without a town is of the whole city."""

    dependencies = [("consultation", "0008_composition")]

    operations = [
        migrations.AlterField(
            model_name="topic",
            name="town",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grids.territory",
                verbose_name="town",
            ),
        ),
    ]
