from pathlib import Path
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from lib.tables import Statements
from lib.triggers import drop_triggers_of, triggers_from

SQL = Path(__file__).parent / "sql"
ENTRIES = "consultation_paperentry"


def unguard(editor: Any) -> None:
    drop_triggers_of(editor.connection, [ENTRIES], named=f"{ENTRIES}_not_spoilt")


class Migration(migrations.Migration):
    """Paper ballots that were spoilt, and the codes printed in their place."""

    dependencies = [
        ("consultation", "0009_topics_of_the_city"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SpoiltPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("marked", "marked wrongly or changed"),
                            ("damaged", "torn, wet or not readable"),
                            ("misprinted", "printed wrongly"),
                            ("lost", "lost"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("noted_at", models.DateTimeField(verbose_name="noted")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
                ),
                ("code_digest", models.CharField(blank=True, max_length=64)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spoilt",
                        to="consultation.paperballot",
                    ),
                ),
            ],
            options={
                "verbose_name": "spoilt paper ballot",
                "verbose_name_plural": "spoilt paper ballots",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("paper",),
                        condition=Q(confirmed_at=None),
                        name="spoiltpaper_waits_once",
                    ),
                    models.UniqueConstraint(
                        fields=("code_digest",),
                        condition=~Q(code_digest=""),
                        name="spoiltpaper_code_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(confirmed_at=None, confirmed_by=None, code_digest="")
                        | (
                            Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                            & ~Q(confirmed_by=F("noted_by"))
                        ),
                        name="spoiltpaper_is_seen_by_two",
                    ),
                ],
            },
        ),
        Statements(lambda _editor: None, unguard),
        triggers_from(SQL, "spoilt", tables=["consultation_spoiltpaper"]),
    ]
