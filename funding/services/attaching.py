"""Documents of an application: checked, stored under names that nobody can guess."""

import datetime
import secrets
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from funding.models import Application, ApplicationFile
from funding.services.actors import actors_of
from funding.services.moving import record
from funding.workflow import EDITABLE, OPEN, Actor
from lib.documents import prepare_document
from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import User

MOST_FILES = 20


def attach(
    application: Application,
    file: BinaryIO,
    *,
    name: str,
    kind: str,
    by: User,
    at: datetime.datetime,
) -> ApplicationFile:
    """Add a document while the application is open; its digest goes into the history.

    Raises BadUpload, NotYours, WrongState, RuleViolation.
    """
    ready = prepare_document(file, name=name)
    with transaction.atomic():
        locked = _open_for(application, by, at)
        if known := locked.files.filter(sha256=ready.sha256).first():
            return known
        if locked.files.count() >= MOST_FILES:
            raise RuleViolation(_("An application holds at most 20 documents."), code="too_many")
        row = ApplicationFile(
            application=locked, kind=kind, name=ready.name, mime=ready.mime,
            size=len(ready.content), sha256=ready.sha256, by=by, at=at,
        )  # fmt: skip
        stored = f"{secrets.token_urlsafe(16)}.{ready.suffix}"
        row.file.save(stored, ContentFile(ready.content), save=False)
        row.save(force_insert=True)
        _note(locked, "attach", row, by=by, at=at)
    return row


@transaction.atomic
def detach(row: ApplicationFile, *, by: User, at: datetime.datetime) -> None:
    """Take a wrong document away from a draft; the history keeps its digest."""
    locked = _open_for(row.application, by, at)
    if locked.state not in EDITABLE:
        raise WrongState(_("Documents that were handed in stay."))
    _note(locked, "detach", row, by=by, at=at)
    name, storage = str(row.file.name), row.file.storage
    row.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def _open_for(application: Application, by: User, at: datetime.datetime) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("line")
    locked = rows.get(pk=application.pk)
    if locked.state not in OPEN:
        raise WrongState(_("Documents are added to open applications."))
    if Actor.MAKER not in actors_of(by, locked, at=at):
        raise NotYours(_("Documents are added by the clerk who made the application."))
    return locked


def _note(
    application: Application, name: str, row: ApplicationFile, *, by: User, at: datetime.datetime
) -> None:
    facts = {"kind": str(row.kind), "sha256": row.sha256}
    record(application, name, before=application.state, by=by, at=at, facts=facts)
    application.save(update_fields=["version", "head"])
