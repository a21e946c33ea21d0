from pathlib import Path

from django.db import migrations

from lib.triggers import append_only, triggers_from

GUARDED = [
    "funding_budget",
    "funding_budgetitem",
    "funding_application",
    "funding_applicationfile",
    "funding_approval",
    "funding_interest",
    "funding_payment",
    "funding_match",
    "funding_instruction",
]
APPEND_ONLY = [
    "funding_applicationevent",
    "funding_voucher",
    "funding_bankstatement",
    "funding_bankrow",
    "funding_periodclose",
]


class Migration(migrations.Migration):
    dependencies = [("funding", "0004_budget_to_payment")]

    operations = [
        *(append_only(table) for table in APPEND_ONLY),
        triggers_from(Path(__file__).parent / "sql", "payment", tables=GUARDED),
    ]
