"""Papers that people upload: judged by their content, kept as they are, named by their digest."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

import filetype
from django.utils.translation import gettext as _

from lib.uploads import LARGEST_FILE, BadUpload

KINDS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
LONGEST_NAME = 120
# A paper that acts when it is opened is no paper.
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")
_MACROS = b"vbaProject.bin"


@dataclass(frozen=True, slots=True)
class ReadyDocument:
    """A paper ready to be stored; `suffix` goes with its content, not with what it was called."""

    content: bytes
    name: str
    mime: str
    suffix: str
    sha256: str


def prepare_document(file: BinaryIO, *, name: str) -> ReadyDocument:
    """A PDF, JPEG, PNG, DOCX or XLSX of at most 15 MB without scripts. Raises BadUpload."""
    content = file.read(LARGEST_FILE + 1)
    if not content:
        raise BadUpload(_("The file is empty. Choose it again."))
    if len(content) > LARGEST_FILE:
        raise BadUpload(_("The file is larger than 15 MB. Send a smaller one."))
    mime = filetype.guess_mime(content)
    if mime not in KINDS:
        raise BadUpload(_("Send the paper as PDF, picture (JPEG, PNG), DOCX or XLSX."))
    if _ACTIVE_PDF.search(content) if mime == "application/pdf" else _MACROS in content:
        raise BadUpload(_("The paper contains a script or macro. Save it as a plain PDF."))
    shown = PurePath(name.replace("\\", "/")).name[-LONGEST_NAME:]
    digest = hashlib.sha256(content).hexdigest()
    return ReadyDocument(content, shown, mime, KINDS[mime], digest)
