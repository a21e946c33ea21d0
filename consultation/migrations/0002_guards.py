from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "consultation_consultationevent",
    "consultation_topicevent",
    "consultation_publicationversion",
    "consultation_partyreview",
    "consultation_stagerule",
    "consultation_adoption",
    "consultation_commitmentevent",
    "consultation_projectcallevent",
    "consultation_ideascreening",
    "consultation_missedlimit",
    "consultation_recusal",
    "consultation_position",
    "consultation_minutesversion",
    "consultation_moderationentry",
    "consultation_opinionanswer",
    "consultation_draft",
    "consultation_draftarticle",
    "consultation_stagecomposition",
]


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("consultation", "0001_initial")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(SQL, "projects", tables=[
            "consultation_projectcall",
            "consultation_idea",
            "consultation_votersheet",
            "consultation_choice",
        ]),
        triggers_from(SQL, "sessions", tables=[
            "consultation_agendaitem",
            "consultation_attendance",
            "consultation_minutes",
            "consultation_amendment",
        ]),
        triggers_from(SQL, "votes", tables=[
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
        ]),
        triggers_from(SQL, "erasure", tables=[]),
        triggers_from(SQL, "spoilt", tables=[
            "consultation_spoiltpaper",
        ]),
    ]
