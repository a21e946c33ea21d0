from pathlib import Path

from django.db import migrations

from lib.triggers import triggers_from

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """The name on a right to vote, a position and a reason to stand back may be erased."""

    dependencies = [("consultation", "0003_reminders")]

    operations = [triggers_from(SQL, "erasure", tables=[])]
