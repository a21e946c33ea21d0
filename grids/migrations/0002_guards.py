from django.db import migrations

from lib.triggers import append_only

APPEND_ONLY = [
    "grids_visitevent",
    "grids_visitform",
    "grids_coveragecount",
]


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("grids", "0001_initial")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
    ]
