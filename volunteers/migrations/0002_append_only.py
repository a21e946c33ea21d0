from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

TABLES = ["volunteers_shift", "volunteers_signup", "volunteers_waitingplace"]
HISTORIES = [
    "volunteers_volunteerevent",
    "volunteers_organisationevent",
    "volunteers_doublereportevent",
    "volunteers_reporttaskevent",
    "volunteers_activityevent",
    "volunteers_callevent",
    "volunteers_signupevent",
    "volunteers_waitingplaceevent",
    "volunteers_shiftmessage",
    "volunteers_yearlyreport",
]


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0001_people_organisations_activities")]

    operations = [
        *map(append_only, HISTORIES),
        triggers_from(Path(__file__).parent / "sql", "places", tables=TABLES),
    ]
