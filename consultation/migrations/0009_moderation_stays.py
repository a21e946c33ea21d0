from django.db import migrations

from lib.triggers import append_only

APPEND_ONLY = [
    "consultation_moderationentry",
    "consultation_opinionanswer",
    "consultation_draft",
    "consultation_draftarticle",
]


class Migration(migrations.Migration):
    dependencies = [("consultation", "0008_opinions")]

    operations = [append_only(table) for table in APPEND_ONLY]
