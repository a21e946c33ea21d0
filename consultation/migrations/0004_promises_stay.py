from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

APPEND_ONLY = [
    "consultation_adoption",
    "consultation_commitmentevent",
    "consultation_projectcallevent",
    "consultation_ideascreening",
]
GUARDED = [
    "consultation_projectcall",
    "consultation_idea",
    "consultation_votersheet",
    "consultation_choice",
]


class Migration(migrations.Migration):
    dependencies = [("consultation", "0003_what_was_promised")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(Path(__file__).parent / "sql", "projects", tables=GUARDED),
    ]
