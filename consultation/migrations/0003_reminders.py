from django.db import migrations, models


class Migration(migrations.Migration):
    """Sessions and votes remember that those who are meant were reminded of them."""

    dependencies = [("consultation", "0002_guards")]

    operations = [
        migrations.AddField("session", "reminded_at", models.DateTimeField(
            null=True, blank=True, verbose_name="reminded"
        )),
        migrations.AddField("vote", "reminded_at", models.DateTimeField(
            null=True, blank=True, verbose_name="reminded"
        )),
    ]  # fmt: skip
