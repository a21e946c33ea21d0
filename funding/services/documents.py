"""Papers that donations and decisions rest on: judged by their content, kept with their digest."""

import datetime
import secrets
from typing import BinaryIO

from django.core.files.base import ContentFile

from funding.models import Document
from lib.documents import prepare_document
from organizations.models import User


def keep_document(file: BinaryIO, *, name: str, by: User, at: datetime.datetime) -> Document:
    """Store a paper under a name that nobody can guess. Raises BadUpload."""
    ready = prepare_document(file, name=name)
    document = Document(
        name=ready.name, mime=ready.mime, size=len(ready.content), sha256=ready.sha256, by=by, at=at
    )
    stored = f"{secrets.token_urlsafe(16)}.{ready.suffix}"
    document.file.save(stored, ContentFile(ready.content), save=False)
    document.save(force_insert=True)
    return document
