"""`manage.py verify_publications [NUMBER …]`: is everything published what was published?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultation.models import PublicationVersion
from consultation.services.checking import keep
from consultation.services.verifying import Break, verify_publications


class Command(BaseCommand):
    help = (
        "Check versions, files and histories of every consultation (or of those named) and of the "
        "topics. A run over all of them is put on record. A break ends with code 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("numbers", nargs="*", help="numbers of consultations; none: all")

    def handle(self, *, numbers: list[str], **_options: Any) -> None:
        breaks = []
        for found in verify_publications(numbers=numbers or None):
            breaks.append(found)
            self.stderr.write(f"{found.number} {found.where}: {sentence_of(found)}")
        if not numbers:
            keep(breaks, at=timezone.now())
        if breaks:
            raise CommandError(_("%(count)d breaks.") % {"count": len(breaks)})
        texts = PublicationVersion.objects.all()
        if numbers:
            texts = texts.filter(publication__consultation__number__in=numbers)
        self.stdout.write(
            _("%(count)d texts are as they were published.") % {"count": texts.count()}
        )


def sentence_of(found: Break) -> str:
    return {
        "version": _("a version was changed, or one before it is missing"),
        "newest": _("the newest version is not the one that the publication knows"),
        "words": _("the words do not match their digest"),
        "missing": _("the history names a version that is not there"),
        "file": _("a file was changed or is missing"),
        "event": _("an event of the history was changed, or is missing"),
        "head": _("the last event is not the one that is known"),
    }[found.what]
