from pathlib import Path

from django.db import migrations

from lib.triggers import triggers_from

TABLES = [
    "funding_line",
    "funding_linepurpose",
    "funding_sourcepurpose",
    "funding_hold",
    "funding_entry",
]


class Migration(migrations.Migration):
    dependencies = [("funding", "0002_append_only")]

    operations = [triggers_from(Path(__file__).parent / "sql", "ledger", tables=TABLES)]
