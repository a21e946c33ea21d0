from django.db import migrations

from lib.triggers import append_only

APPEND_ONLY = [
    "consultation_consultationevent",
    "consultation_topicevent",
    "consultation_publicationversion",
    "consultation_partyreview",
    "consultation_stagerule",
]


class Migration(migrations.Migration):
    dependencies = [("consultation", "0001_initial")]

    operations = [append_only(table) for table in APPEND_ONLY]
