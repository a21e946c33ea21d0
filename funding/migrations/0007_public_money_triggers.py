from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

APPEND_ONLY = [
    "funding_checkrun",
    "funding_decision",
    "funding_donationlist",
    "funding_ledgerroot",
    "funding_listeddonation",
    "funding_statement",
    "funding_usereport",
]
TABLES = [
    "funding_collectiveoffice",
    "funding_distributionplan",
    "funding_donation",
    "funding_line",
    "funding_linepurpose",
    "funding_planshare",
    "funding_question",
]


class Migration(migrations.Migration):
    dependencies = [("funding", "0006_public_money")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(Path(__file__).parent / "sql", "public_money", tables=TABLES),
    ]
