import django.db.models.deletion
from django.db import migrations, models

from lib.triggers import append_only


class Migration(migrations.Migration):
    """Who makes up an assembly of representatives."""

    dependencies = [
        ("consultation", "0007_version_reason"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="is_woman",
            field=models.BooleanField(blank=True, null=True, verbose_name="woman"),
        ),
        migrations.CreateModel(
            name="BlueprintComposition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("party", "Party organisation"),
                            ("party_members", "Party members"),
                            ("committee", "Residents' or villagers' committee"),
                            ("supervision", "Supervision committee"),
                            ("representatives", "Residents' representatives"),
                            ("residents", "Residents"),
                            ("newcomers", "Residents without local registration"),
                            ("villagers", "Villagers"),
                            ("owners", "Owners"),
                            ("owners_committee", "Owners' committee"),
                            ("property", "Property company"),
                            ("members", "Members of the collective"),
                            ("directors", "Directors"),
                            ("concerned", "Those concerned"),
                            ("experts", "Experts or a third party"),
                            ("departments", "Departments concerned"),
                        ],
                        max_length=20,
                        verbose_name="as",
                    ),
                ),
                ("women", models.BooleanField(default=False, verbose_name="women")),
                (
                    "numerator",
                    models.PositiveSmallIntegerField(default=0, verbose_name="numerator"),
                ),
                (
                    "denominator",
                    models.PositiveSmallIntegerField(default=1, verbose_name="denominator"),
                ),
                (
                    "least",
                    models.PositiveSmallIntegerField(default=0, verbose_name="at least (persons)"),
                ),
                (
                    "is_binding",
                    models.BooleanField(default=True, verbose_name="else no session is opened"),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="compositions",
                        to="consultation.blueprintstage",
                    ),
                ),
            ],
            options={
                "verbose_name": "who makes up an assembly of a form",
                "verbose_name_plural": "who makes up assemblies of forms",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("numerator__gte", 1), ("least__gte", 1), _connector="OR"),
                            ("denominator__gte", 1),
                            ("numerator__lte", models.F("denominator")),
                            models.Q(
                                models.Q(("of", ""), _negated=True),
                                ("women", True),
                                ("numerator", 0),
                                _connector="OR",
                            ),
                        ),
                        name="blueprintcomposition_asks",
                        violation_error_message="Say a share or a number, and of whom.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StageComposition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("party", "Party organisation"),
                            ("party_members", "Party members"),
                            ("committee", "Residents' or villagers' committee"),
                            ("supervision", "Supervision committee"),
                            ("representatives", "Residents' representatives"),
                            ("residents", "Residents"),
                            ("newcomers", "Residents without local registration"),
                            ("villagers", "Villagers"),
                            ("owners", "Owners"),
                            ("owners_committee", "Owners' committee"),
                            ("property", "Property company"),
                            ("members", "Members of the collective"),
                            ("directors", "Directors"),
                            ("concerned", "Those concerned"),
                            ("experts", "Experts or a third party"),
                            ("departments", "Departments concerned"),
                        ],
                        max_length=20,
                        verbose_name="as",
                    ),
                ),
                ("women", models.BooleanField(default=False, verbose_name="women")),
                (
                    "numerator",
                    models.PositiveSmallIntegerField(default=0, verbose_name="numerator"),
                ),
                (
                    "denominator",
                    models.PositiveSmallIntegerField(default=1, verbose_name="denominator"),
                ),
                (
                    "least",
                    models.PositiveSmallIntegerField(default=0, verbose_name="at least (persons)"),
                ),
                (
                    "is_binding",
                    models.BooleanField(default=True, verbose_name="else no session is opened"),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compositions",
                        to="consultation.stage",
                    ),
                ),
            ],
            options={
                "verbose_name": "who makes up an assembly of a stage",
                "verbose_name_plural": "who makes up assemblies of stages",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("numerator__gte", 1), ("least__gte", 1), _connector="OR"),
                            ("denominator__gte", 1),
                            ("numerator__lte", models.F("denominator")),
                            models.Q(
                                models.Q(("of", ""), _negated=True),
                                ("women", True),
                                ("numerator", 0),
                                _connector="OR",
                            ),
                        ),
                        name="stagecomposition_asks",
                        violation_error_message="Say a share or a number, and of whom.",
                    )
                ],
            },
        ),
        append_only("consultation_stagecomposition"),
    ]
