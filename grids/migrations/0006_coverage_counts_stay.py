from django.db import migrations

from lib.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("grids", "0005_coverage_checks")]

    operations = [append_only("grids_coveragecount")]
