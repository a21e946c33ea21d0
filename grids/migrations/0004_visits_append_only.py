from django.db import migrations

from lib.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("grids", "0003_visits")]

    operations = [append_only("grids_visitevent"), append_only("grids_visitform")]
