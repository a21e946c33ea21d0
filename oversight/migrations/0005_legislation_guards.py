from django.db import migrations

from lib.triggers import append_only


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("oversight", "0004_legislation")]

    operations = [append_only("oversight_legislationevent")]
