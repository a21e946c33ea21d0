from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
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
    "volunteers_timetransfer",
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
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("volunteers", "0001_initial")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(SQL, "places", tables=[
            "volunteers_shift",
            "volunteers_signup",
            "volunteers_waitingplace",
        ]),
        triggers_from(SQL, "time_bank", tables=[
            "volunteers_timetransfer",
            "volunteers_timeaccount",
        ]),
        triggers_from(SQL, "hours", tables=[
            "volunteers_presence",
        ]),
        triggers_from(SQL, "wishes", tables=[
            "volunteers_wish",
            "volunteers_take",
        ]),
    ]
