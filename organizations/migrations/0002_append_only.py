from django.db import migrations

from lib.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [append_only("organizations_changerecord")]
