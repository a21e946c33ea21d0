from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "talent_courseevent",
    "talent_enrolmentevent",
    "talent_certificate",
    "talent_revocation",
    "talent_selectionevent",
    "talent_candidateevent",
    "talent_objectionevent",
    "talent_movement",
]


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("talent", "0001_initial")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(SQL, "talent", tables=[
            "talent_course",
            "talent_enrolment",
            "talent_certificate",
            "talent_score",
        ]),
    ]
