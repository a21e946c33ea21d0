"""Photos of a case: prepared outside the transaction, stored under names that nobody can guess."""

import datetime
import secrets
from collections.abc import Collection, Sequence
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, Photo, Request, Task
from cases.services.actors import actors_of
from cases.services.moves import record
from cases.workflow import OPEN, Actor
from lib.errors import NotYours, RuleViolation
from lib.uploads import ReadyPhoto, prepare_photo
from organizations.models import User

MOST_PHOTOS = 30
prepare = prepare_photo


def add_photos(
    case: Case, files: Sequence[BinaryIO], *, kind: str, by: User, at: datetime.datetime
) -> list[Photo]:
    """Add photos to an open case, with an event that names their digests."""
    ready = [prepare(file) for file in files]
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        actors = actors_of(by, locked, at=at)
        if locked.state not in OPEN or not actors:
            raise NotYours(_("Photos are added to open cases, by those who work on them."))
        if kind != Photo.Kind.BEFORE and actors == {Actor.REPORTER}:
            raise NotYours(_("Photos of the result are added by the department."))
        stored = store(locked, ready, kind=kind, by=by, at=at)
        facts = {"kind": kind, "photos": [photo.sha256 for photo in stored]}
        if stored:
            record(locked, "photo", before=locked.state, by=by, at=at, facts=facts)
            locked.save(update_fields=["version", "head"])
    return stored


def store(  # noqa: PLR0913 -- a photo belongs to all these
    case: Case,
    photos: Sequence[ReadyPhoto],
    *,
    kind: str,
    by: User,
    at: datetime.datetime,
    task: Task | None = None,
    request: Request | None = None,
) -> list[Photo]:
    """Write files and rows; a photo that the case has already is passed over."""
    if not photos:
        return []
    known = set(case.photos.values_list("sha256", flat=True))
    fresh = {photo.sha256: photo for photo in photos if photo.sha256 not in known}
    if len(known) + len(fresh) > MOST_PHOTOS:
        raise RuleViolation(_("A case holds at most 30 photos."), code="too_many_photos")
    rows = [_row(case, photo, kind, by, at) for photo in fresh.values()]
    for row in rows:
        row.task, row.request = task, request
    return Photo.objects.bulk_create(rows)


def _row(case: Case, photo: ReadyPhoto, kind: str, by: User, at: datetime.datetime) -> Photo:
    row = Photo(
        case=case,
        kind=kind,
        width=photo.width,
        height=photo.height,
        size=len(photo.image),
        sha256=photo.sha256,
        by=by,
        at=at,
    )
    name = secrets.token_urlsafe(24)
    row.image.save(f"{name}.jpg", ContentFile(photo.image), save=False)
    row.thumbnail.save(f"{name}-s.jpg", ContentFile(photo.thumbnail), save=False)
    return row


def show_to_everybody(case: Case, chosen: Collection[Photo]) -> dict[str, Any]:
    """Make these photos of the locked case public and no others; what the event says of it."""
    if any(photo.case_id != case.pk for photo in chosen):
        raise RuleViolation(_("Choose photos of this case."), code="photo_of_another_case")
    keys = [photo.pk for photo in chosen]
    case.photos.filter(is_public=True).exclude(pk__in=keys).update(is_public=False)
    case.photos.filter(is_public=False, pk__in=keys).update(is_public=True)
    return {"photos": sorted(photo.sha256 for photo in chosen)}
