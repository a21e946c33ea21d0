from django.db import migrations

from lib.triggers import append_only

APPEND_ONLY = [
    "organizations_changerecord",
]


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("organizations", "0001_initial")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
    ]
