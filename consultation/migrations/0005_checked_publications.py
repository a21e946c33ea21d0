from django.db import migrations, models


class Migration(migrations.Migration):
    """What the nightly check of everything published has found."""

    dependencies = [("consultation", "0004_erasure")]

    operations = [
        migrations.CreateModel(
            name="PublicationCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="made at")),
                ("texts", models.PositiveIntegerField(verbose_name="texts looked at")),
                ("found", models.PositiveIntegerField(verbose_name="breaks found")),
                ("breaks", models.JSONField(default=list, verbose_name="breaks")),
            ],
            options={
                "verbose_name": "check of publications",
                "verbose_name_plural": "checks of publications",
                "indexes": [models.Index(fields=["-at"], name="publicationcheck_at")],
            },
        ),
    ]
