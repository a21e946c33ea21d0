"""The check of everything published, on record: anybody sees when it was made and what it found."""

import datetime

from consultation import notifications
from consultation.models import PublicationCheck, PublicationVersion
from consultation.services.verifying import Break, verify_publications

KEPT = 100


def check_publications(*, at: datetime.datetime) -> PublicationCheck:
    """Every chain, version and file. Who audits is told when something does not hold."""
    return keep(list(verify_publications()), at=at)


def keep(breaks: list[Break], *, at: datetime.datetime) -> PublicationCheck:
    """Put what a run has found on record."""
    run = PublicationCheck.objects.create(
        at=at, texts=PublicationVersion.objects.count(), found=len(breaks),
        breaks=[[one.number, one.what, one.where] for one in breaks[:KEPT]],
    )  # fmt: skip
    if breaks:
        notifications.tell_broken(run, at=at)
    return run


def last_check() -> PublicationCheck | None:
    return PublicationCheck.objects.order_by("-pk").first()
