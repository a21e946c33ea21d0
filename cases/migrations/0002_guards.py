from pathlib import Path

from django.db import migrations

from lib.pairs import index_pairs
from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "cases_caseevent",
    "cases_chainroot",
    "cases_whistleevent",
    "cases_callattempt",
    "cases_callbackanswer",
    "cases_erasure",
    "cases_phonelookup",
]


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("cases", "0001_initial")]

    operations = [
        index_pairs("cases_casesearch", "case_id", ["words", "whole", "public"]),
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(SQL, "lateness", tables=[
            "cases_case",
        ]),
    ]
