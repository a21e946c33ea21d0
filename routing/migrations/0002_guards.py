from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "routing_dutychangeevent",
    "routing_applicationevent",
    "routing_admissionevaluation",
    "routing_unadmittedrefusal",
]


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("routing", "0001_initial")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(SQL, "admissions", tables=[
            "routing_admissionapplication",
            "routing_admissionshare",
            "routing_promisedpost",
        ]),
    ]
