from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "funding_posting",
    "funding_entry",
    "funding_applicationevent",
    "funding_voucher",
    "funding_bankstatement",
    "funding_bankrow",
    "funding_periodclose",
    "funding_checkrun",
    "funding_decision",
    "funding_donationlist",
    "funding_ledgerroot",
    "funding_listeddonation",
    "funding_statement",
    "funding_usereport",
]


class Migration(migrations.Migration):
    """What the database itself refuses, whoever writes to it."""

    dependencies = [("funding", "0001_initial")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(SQL, "ledger", tables=[
            "funding_line",
            "funding_linepurpose",
            "funding_sourcepurpose",
            "funding_hold",
            "funding_entry",
        ]),
        triggers_from(SQL, "payment", tables=[
            "funding_budget",
            "funding_budgetitem",
            "funding_application",
            "funding_applicationfile",
            "funding_approval",
            "funding_interest",
            "funding_payment",
            "funding_match",
            "funding_instruction",
        ]),
        triggers_from(SQL, "public_money", tables=[
            "funding_collectiveoffice",
            "funding_distributionplan",
            "funding_donation",
            "funding_line",
            "funding_linepurpose",
            "funding_planshare",
            "funding_question",
        ]),
    ]
