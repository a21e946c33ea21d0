from django.db import migrations

from lib.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("funding", "0001_initial")]

    operations = [append_only("funding_posting"), append_only("funding_entry")]
