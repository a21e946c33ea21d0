from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "oversight_appraisalevent",
    "oversight_input",
    "oversight_score",
    "oversight_conferral",
    "oversight_signature",
    "oversight_appealchange",
    "oversight_legislationevent",
]


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("oversight", "0001_initial")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(SQL, "appraisals", tables=[
            "oversight_appraisal",
            "oversight_appraised",
            "oversight_edition",
            "oversight_score",
            "oversight_conferral",
            "oversight_signature",
            "oversight_appeal",
            "oversight_consequence",
        ]),
    ]
