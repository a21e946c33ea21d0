"""`manage.py evaluate_classifier FILE`: how good a trained version is on labelled texts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from routing import services
from routing.models import ClassifierVersion
from routing.words.figures import Figures
from routing.words.linear import Sample


class Command(BaseCommand):
    help = "Judge a version of the classifier by a CSV file of labelled texts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--text", help="column with the text")
        parser.add_argument("--title", help="column with the title, if there is one")
        parser.add_argument("--label", help="column with the right label")
        parser.add_argument("--aliases", type=Path, help="CSV: label, code of our category")
        parser.add_argument(
            "--version-number",
            type=int,
            help="default: the active one, else the newest that knows the labels",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, **options: Any) -> None:
        try:
            samples = services.read_samples(
                options["file"],
                text=options["text"],
                title=options["title"],
                label=options["label"],
            )
            aliases = services.read_aliases(options["aliases"]) if options["aliases"] else {}
            version, samples = _chosen(options["version_number"], samples, aliases)
            figures = services.evaluate_classifier(version, samples)
        except RuleViolation as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            told = {"version": version.pk, **figures.record()}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_told(version, figures))


def _chosen(
    number: int | None, samples: list[Sample], aliases: dict[str, str]
) -> tuple[ClassifierVersion, list[Sample]]:
    """The version, and the samples with labels as it knows them."""
    ours = services.as_categories(samples, aliases)
    if number is not None:
        version = ClassifierVersion.objects.filter(pk=number).first()
    else:
        version = ClassifierVersion.objects.knowing({sample.label for sample in ours})
    if version is None:
        raise CommandError(_("No version knows these labels: train one with train_classifier."))
    return version, ours if version.is_usable else samples


def _told(version: ClassifierVersion, figures: Figures) -> str:
    lines = [
        _("Version %(version)s on %(rows)d rows") % {"version": version, "rows": figures.rows},
        f"accuracy           {figures.accuracy:.4f}",
        f"macro-F1           {figures.macro_f1:.4f}",
        f"coverage at 97 %   {figures.coverage_at_97:.4f}",
        f"threshold          {version.threshold:.4f}",
        f"certain            {figures.certain:.4f}",
        f"right of these     {figures.certain_right:.4f}",
        "",
        "precision  recall  F1      rows  label",
    ]
    lines += [
        f"{one.precision:.4f}     {one.recall:.4f}  {one.f1:.4f}  {one.rows:4d}  {one.label}"
        for one in figures.labels
    ]
    return "\n".join(lines)
