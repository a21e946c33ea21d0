from django.db import migrations

from lib.triggers import append_only


class Migration(migrations.Migration):
    """History and its daily roots are never rewritten."""

    dependencies = [("cases", "0001_initial")]

    operations = [append_only("cases_caseevent"), append_only("cases_chainroot")]
