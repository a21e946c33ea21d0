"""`manage.py train_classifier FILE|--from-cases`: learn which category the words of a text mean."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.services.learning import learn_from_cases
from lib.errors import RuleViolation
from organizations.models import User
from routing import services
from routing.models import ClassifierVersion


class Command(BaseCommand):
    help = "Train a version of the classifier from a CSV file or from people's decisions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--from-cases", action="store_true", help="learn from people's choices")
        parser.add_argument("--text", help="column with the text")
        parser.add_argument("--title", help="column with the title, if there is one")
        parser.add_argument("--label", help="column with the right label")
        parser.add_argument("--aliases", type=Path, help="CSV: label, code of our category")
        parser.add_argument("--activate", action="store_true", help="use it, better or not")

    def handle(self, **options: Any) -> None:
        if bool(options["file"]) == options["from_cases"]:
            raise CommandError(_("Name a file, or say --from-cases."))
        try:
            version = _from_cases(options) if options["from_cases"] else _from_file(options)
        except RuleViolation as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(_told(version))


def _from_cases(options: dict[str, Any]) -> ClassifierVersion:
    return learn_from_cases(
        by=User.objects.system(), at=timezone.now(), activate=options["activate"]
    )


def _from_file(options: dict[str, Any]) -> ClassifierVersion:
    named = {name: options[name] for name in ("text", "title", "label")}
    samples = services.read_samples(options["file"], **named)
    aliases = services.read_aliases(options["aliases"]) if options["aliases"] else {}
    return services.train_classifier(
        services.as_categories(samples, aliases),
        origin="file",
        source=options["file"].name,
        by=User.objects.system(),
        at=timezone.now(),
        activate=options["activate"],
    )


def _told(version: ClassifierVersion) -> str:
    figures = version.figures
    lines = [
        _("Version %(version)s: %(rows)d texts, %(labels)d labels, %(held)d texts held back.")
        % {
            "version": version,
            "rows": version.rows,
            "labels": len(version.labels),
            "held": version.held_back,
        },
        f"accuracy           {figures['accuracy']:.4f}",
        f"macro-F1           {figures['macro_f1']:.4f}",
        f"coverage at 97 %   {figures['coverage_at_97']:.4f}",
        f"threshold          {version.threshold:.4f}",
        f"certain            {figures['certain']:.4f}",
        f"right of these     {figures['certain_right']:.4f}",
        "",
        _("Confidence, and how often it was right:"),
        *(
            f"  {step['confidence']:.3f}  {step['right']:.3f}  {step['rows']}"
            for step in figures["reliability"]
        ),
        "",
        _in_use(version),
    ]
    if figures["dropped"]:
        lines.append(_("Too few texts to learn: %s.") % ", ".join(figures["dropped"]))
    return "\n".join(lines)


def _in_use(version: ClassifierVersion) -> str:
    if version.is_active:
        return _("It is in use from now on.")
    if not version.is_usable:
        return _("Its labels are not our categories: it can be judged, but not be used.")
    return _("What is in use is at least as good; it stays.")
