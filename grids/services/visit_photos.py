"""Photos of visits: prepared outside the transaction, stored under names that nobody can guess."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from grids.models import Finding, Visit, VisitPhoto
from lib.errors import RuleViolation
from lib.uploads import ReadyPhoto, prepare_photo

MOST_PHOTOS = 12


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """An open file and what it shows: the key of a question, else a finding's place."""

    file: BinaryIO
    question: str = ""
    finding: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    sent: SentPhoto
    ready: ReadyPhoto


def prepare(photos: Sequence[SentPhoto]) -> list[Prepared]:
    if len(photos) > MOST_PHOTOS:
        raise RuleViolation(_("A visit holds at most 12 photos."), code="too_many_photos")
    return [Prepared(each, prepare_photo(each.file)) for each in photos]


def store(visit: Visit, prepared: Sequence[Prepared], findings: Sequence[Finding]) -> None:
    """Write files and rows; the same picture twice is one."""
    fresh = {each.ready.sha256: each for each in prepared}
    VisitPhoto.objects.bulk_create(_row(visit, each, findings) for each in fresh.values())


def _row(visit: Visit, prepared: Prepared, findings: Sequence[Finding]) -> VisitPhoto:
    sent, ready = prepared.sent, prepared.ready
    row = VisitPhoto(
        visit=visit,
        finding=findings[sent.finding] if sent.finding is not None else None,
        question=sent.question,
        width=ready.width,
        height=ready.height,
        size=len(ready.image),
        sha256=ready.sha256,
    )
    name = secrets.token_urlsafe(24)
    row.image.save(f"{name}.jpg", ContentFile(ready.image), save=False)
    row.thumbnail.save(f"{name}-s.jpg", ContentFile(ready.thumbnail), save=False)
    return row
