"""Photos and PDFs of opinions: judged by content, shown once a person has released them."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from consultation.models import Opinion, OpinionFile
from lib.documents import prepare_document
from lib.errors import RuleViolation
from lib.uploads import BadUpload, prepare_photo

MOST_FILES = 4
PDF, JPEG = "application/pdf", "image/jpeg"


@dataclass(frozen=True, slots=True)
class Ready:
    name: str
    content: bytes
    thumbnail: bytes
    mime: str
    sha256: str


def prepare(files: Iterable[Any]) -> list[Ready]:
    """Uploaded files, checked before anything is locked. Raises BadUpload, RuleViolation."""
    found = list(files)
    if len(found) > MOST_FILES:
        raise RuleViolation(_("Send at most four files."), code="too_many")
    return [_ready(file) for file in found]


def _ready(file: Any) -> Ready:
    if file.read(5) == b"%PDF-":
        file.seek(0)
        paper = prepare_document(file, name=file.name)
        if paper.mime != PDF:
            raise BadUpload(_("Send photos or PDF."))
        return Ready(paper.name, paper.content, b"", PDF, paper.sha256)
    file.seek(0)
    photo = prepare_photo(file)
    return Ready(_("photo") + ".jpg", photo.image, photo.thumbnail, JPEG, photo.sha256)


def keep(opinion: Opinion, files: Sequence[Ready]) -> None:
    """Under names that nobody can guess; the same file twice is one."""
    for ready in {one.sha256: one for one in files}.values():
        name = secrets.token_hex(12)
        row = OpinionFile(opinion=opinion, name=ready.name, mime=ready.mime, sha256=ready.sha256)
        row.file.save(
            f"{name}{'.pdf' if ready.mime == PDF else '.jpg'}",
            ContentFile(ready.content),
            save=False,
        )
        if ready.thumbnail:
            row.thumbnail.save(f"{name}-small.jpg", ContentFile(ready.thumbnail), save=False)
        row.save(force_insert=True)


def erase(files: Iterable[OpinionFile]) -> None:
    for row in files:
        for stored in (row.file, row.thumbnail):
            if stored:
                stored.delete(save=False)
        row.delete()
