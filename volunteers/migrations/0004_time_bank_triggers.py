from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

TABLES = ["volunteers_timetransfer", "volunteers_timeaccount"]


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0003_time_bank")]

    operations = [
        append_only("volunteers_timetransfer"),
        triggers_from(Path(__file__).parent / "sql", "time_bank", tables=TABLES),
    ]
