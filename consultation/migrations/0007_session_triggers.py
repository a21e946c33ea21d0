from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
OF_SESSIONS = [
    "consultation_agendaitem",
    "consultation_attendance",
    "consultation_minutes",
    "consultation_amendment",
]
OF_VOTES = [
    "consultation_vote",
    "consultation_voteoption",
    "consultation_entitlement",
    "consultation_entitlement_voters",
    "consultation_ballotright",
    "consultation_ballot",
    "consultation_proxy",
    "consultation_paperballot",
    "consultation_papercount",
    "consultation_paperentry",
]
APPEND_ONLY = ["consultation_recusal", "consultation_position", "consultation_minutesversion"]


class Migration(migrations.Migration):
    dependencies = [("consultation", "0006_sessions_and_votes")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(SQL, "sessions", tables=OF_SESSIONS),
        triggers_from(SQL, "votes", tables=OF_VOTES),
    ]
