from django.db import migrations

from lib.triggers import append_only


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("routing", "0002_duty_changes")]

    operations = [append_only("routing_dutychangeevent")]
