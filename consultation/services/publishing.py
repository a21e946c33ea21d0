"""What everybody reads: drafted, masked, read by a person, then out as a version that stays.

Whoever confirms a text answers for it: what the patterns still find is masked all the same. A
further version needs a reason, and the minimum time begins again: people read the new words.
"""

import datetime
import secrets
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from consultation import notifications
from consultation.models import (
    Consultation,
    Publication,
    PublicationDraft,
    PublicationFile,
    PublicationKind,
    PublicationVersion,
    Stage,
    StagePublication,
    text_digest,
)
from consultation.services.history import record
from consultation.services.limits import days_after
from consultation.services.redaction import masked
from consultation.services.stages import begin
from consultation.workflow import StageState
from lib.chain import GENESIS, digest
from lib.documents import prepare_document
from lib.errors import RuleViolation, WrongState
from organizations.models import User

MOST_FILES = 20


@transaction.atomic
def prepare(  # noqa: PLR0913 -- a paper is all this
    consultation: Consultation,
    kind: str,
    *,
    title: str,
    text: str,
    by: User,
    at: datetime.datetime,
    publication: Publication | None = None,
    reason: str = "",
) -> Publication:
    """Write the words of a paper (of `publication`: its next version); nothing is out yet.

    The draft holds them as written and as masked. Raises NotYours, WrongState.
    """
    locked = begin(consultation, "publish", by=by, at=at)
    if publication is None:
        publication = Publication.objects.create(
            consultation=locked, stage=locked.stage, kind=kind, title=title.strip()
        )
    values = {"title": masked(locked, title), "text": text.strip(), "reason": reason.strip()}
    PublicationDraft.objects.update_or_create(
        publication=publication,
        defaults={**values, "public_text": masked(locked, text), "by": by, "at": at},
    )
    record(locked, "prepare", by=by, at=at, publication=publication.pk, kind=str(kind))
    return publication


@transaction.atomic
def release(  # noqa: PLR0913 -- a version is all this
    publication: Publication,
    *,
    public_text: str,
    by: User,
    at: datetime.datetime,
    title: str = "",
    reason: str = "",
    confirmed: bool = False,
) -> PublicationVersion:
    """Publish `public_text`, which `by` has read (`confirmed`), as the next version.

    Raises RuleViolation (not confirmed, no reason, nothing changed), NotYours, WrongState.
    """
    consultation = begin(publication.consultation, "publish", by=by, at=at)
    locked = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    draft = _draft_of(locked)
    if not confirmed:
        raise RuleViolation(
            _("Read the masked text, then confirm that it names no private person."),
            code="not_confirmed",
        )
    reason = reason.strip() or draft.reason
    if locked.is_out and not reason:
        raise RuleViolation(_("Say why the text is changed."), code="reason_missing")
    words = (masked(consultation, title or draft.title), masked(consultation, public_text))
    version = _version(locked, words, reason=masked(consultation, reason), by=by, at=at)
    _put_out(locked, version)
    _count_for_stage(locked, at=at)
    draft.delete()
    facts = {"kind": str(locked.kind), "version": version.number, "hash": version.hash}
    record(consultation, "publish", by=by, at=at, facts={"publication": locked.pk, **facts})
    notifications.tell_published(consultation, locked, version, at=at)
    return version


def _draft_of(publication: Publication) -> PublicationDraft:
    draft = PublicationDraft.objects.filter(publication=publication).first()
    if draft is None:
        raise WrongState(_("This text has been published already. Load the page again."))
    return draft


def _version(
    publication: Publication,
    words: tuple[str, str],
    *,
    reason: str,
    by: User,
    at: datetime.datetime,
) -> PublicationVersion:
    title, text = words
    if not text:
        raise RuleViolation(_("Write the text first."), code="empty")
    version = PublicationVersion(
        publication=publication,
        number=publication.version + 1,
        previous_hash=publication.hash or GENESIS,
        title=title,
        text=text,
        text_digest=text_digest(title, text),
        reason=reason if publication.is_out else "",
        files=_files_of(publication),
        confirmed_by=by,
        at=at,
    )
    version.hash = digest(version.record(), previous=version.previous_hash)
    version.save(force_insert=True)
    return version


def _files_of(publication: Publication) -> list[dict[str, str | int]]:
    rows = publication.files.order_by("pk")
    return [{"name": row.name, "size": row.size, "sha256": row.sha256} for row in rows]


def _put_out(publication: Publication, version: PublicationVersion) -> None:
    publication.files.filter(since=None).update(since=version.number)
    publication.title = version.title
    publication.version, publication.hash = version.number, version.hash
    publication.published_at = publication.published_at or version.at
    publication.changed_at = version.at
    publication.save(update_fields=["title", "version", "hash", "published_at", "changed_at"])


def _count_for_stage(publication: Publication, *, at: datetime.datetime) -> None:
    """What the stage had to publish is out; with each version its minimum time begins again."""
    rows = StagePublication.objects.filter(stage=publication.stage, kind=publication.kind)
    for row in rows.exclude(stage__state=StageState.REPLACED):
        if row.publication_id not in {None, publication.pk}:
            continue
        row.publication = publication
        row.published_at = row.published_at or at
        row.stood_at = days_after(at, row.stands, row.unit)
        row.save(update_fields=["publication", "published_at", "stood_at"])


@transaction.atomic
def drop_draft(publication: Publication, *, by: User, at: datetime.datetime) -> None:
    """Throw the unpublished words away; a paper that was never out goes with them."""
    consultation = begin(publication.consultation, "publish", by=by, at=at)
    locked = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    _draft_of(locked).delete()
    record(consultation, "drop_draft", by=by, at=at, publication=locked.pk)
    if not locked.is_out and not locked.files.exists():
        locked.delete()


def attach(
    publication: Publication, file: BinaryIO, *, name: str, by: User, at: datetime.datetime
) -> PublicationFile:
    """Add a file to the next version. Raises BadUpload, NotYours, WrongState, RuleViolation."""
    ready = prepare_document(file, name=name)
    with transaction.atomic():
        consultation = begin(publication.consultation, "publish", by=by, at=at)
        locked = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
        _draft_of(locked)
        if known := locked.files.filter(sha256=ready.sha256).first():
            return known
        if locked.files.count() >= MOST_FILES:
            raise RuleViolation(_("A publication holds at most 20 files."), code="too_many")
        row = PublicationFile(
            publication=locked, name=masked(consultation, ready.name), mime=ready.mime,
            size=len(ready.content), sha256=ready.sha256, by=by, at=at,
        )  # fmt: skip
        stored = f"{secrets.token_urlsafe(16)}.{ready.suffix}"
        row.file.save(stored, ContentFile(ready.content), save=False)
        row.save(force_insert=True)
        facts = {"publication": locked.pk, "sha256": row.sha256}
        record(consultation, "attach", by=by, at=at, facts=facts)
    return row


def still_to_publish(stage: Stage) -> list[str]:
    """Kinds of papers that the stage must publish and has not."""
    return list(stage.required.filter(published_at=None).values_list("kind", flat=True))


def kinds_to_choose(stage: Stage | None) -> list[tuple[str, str]]:
    """What a host may publish now, what is required first."""
    first = still_to_publish(stage) if stage else []
    rest = [kind for kind in PublicationKind.values if kind not in first]
    return [(kind, str(PublicationKind(kind).label)) for kind in (*first, *rest)]
