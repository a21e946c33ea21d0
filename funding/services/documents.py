"""Papers that people upload: judged by their content, kept with their digest."""

import datetime
import hashlib
from typing import BinaryIO

import filetype
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from funding.models import Document
from lib.uploads import LARGEST_FILE, BadUpload
from organizations.models import User

ALLOWED = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def keep_document(file: BinaryIO, *, name: str, by: User, at: datetime.datetime) -> Document:
    """Store a PDF, JPEG or PNG of at most 15 MB. Raises BadUpload."""
    content = file.read(LARGEST_FILE + 1)
    if not content:
        raise BadUpload(_("The file is empty. Choose it again."))
    if len(content) > LARGEST_FILE:
        raise BadUpload(_("The file is larger than 15 MB. Send a smaller one."))
    mime = filetype.guess_mime(content)
    if mime not in ALLOWED:
        raise BadUpload(_("Send the paper as PDF, JPEG or PNG."))
    digest = hashlib.sha256(content).hexdigest()
    document = Document(name=name[:120], mime=mime, size=len(content), sha256=digest, by=by, at=at)
    document.file.save(f"{digest[:16]}.{ALLOWED[mime]}", ContentFile(content), save=False)
    document.save(force_insert=True)
    return document
