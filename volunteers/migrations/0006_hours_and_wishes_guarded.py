from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
HISTORIES = [
    "volunteers_presenceevent",
    "volunteers_objectionevent",
    "volunteers_falsification",
    "volunteers_certificate",
    "volunteers_certificaterow",
    "volunteers_revocation",
    "volunteers_wishevent",
    "volunteers_takeevent",
    "volunteers_takegood",
    "volunteers_helppostevent",
    "volunteers_helpdealevent",
]


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0005_hours_wishes_help")]

    operations = [
        *map(append_only, HISTORIES),
        triggers_from(SQL, "hours", tables=["volunteers_presence"]),
        triggers_from(SQL, "wishes", tables=["volunteers_wish", "volunteers_take"]),
    ]
