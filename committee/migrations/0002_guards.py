from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "committee_meetingevent",
    "committee_directiveevent",
    "committee_recusal",
    "committee_voice",
    "committee_decision",
    "committee_publicdecision",
    "committee_progress",
    "committee_proof",
    "committee_activity",
    "committee_turnout",
]


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("committee", "0001_initial")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(SQL, "votes", tables=[
            "committee_ballot",
            "committee_voice",
            "committee_recusal",
            "committee_decision",
            "committee_invitation",
        ]),
        triggers_from(SQL, "secrecy", tables=[
            "committee_turnout",
            "committee_paper",
        ]),
    ]
