from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "emergency_orderevent",
    "emergency_taskevent",
    "emergency_movement",
    "emergency_checkreading",
    "emergency_deletionproof",
]


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("emergency", "0001_initial")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(SQL, "supplies", tables=[
            "emergency_movement",
            "emergency_stock",
            "emergency_depot",
        ]),
    ]
