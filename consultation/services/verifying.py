"""Every chain, version and file of consultation is checked; anybody checks one text.

What is compared: each version with its hash and the one before it, each publication with its
newest version, each event that says "published" with the version it names, each file with its
digest, each consultation and topic with the end of its chain.
"""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from consultation.models import (
    Consultation,
    ConsultationEvent,
    Publication,
    PublicationFile,
    PublicationVersion,
    Topic,
    TopicEvent,
    text_digest,
)
from lib.chain import first_break

AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Break:
    """Where something does not hold: the number of the consultation or topic, and what is wrong
    (`version`, `newest`, `words`, `missing`, `file`, `event`, `head`) with what."""

    number: str
    what: str
    where: str


def verify_publications(*, numbers: list[str] | None = None) -> Iterator[Break]:
    """Every break of every consultation (of those named) and of every topic."""
    found = Consultation.objects.order_by("pk")
    if numbers is not None:
        found = found.filter(number__in=numbers)
    for consultation in found.iterator(chunk_size=AT_ONCE):
        yield from breaks_of(consultation)
    if numbers is None:
        yield from _breaks_of_topics()


def breaks_of(consultation: Consultation) -> Iterator[Break]:
    """Every break of one consultation: its history, its publications, their files."""
    events = list(consultation.events.order_by("number"))
    yield from _breaks_of_chain(
        consultation.number, events, consultation.version, consultation.head
    )
    published: set[str] = set()
    for publication in consultation.publications.order_by("pk"):
        versions = list(publication.versions.order_by("number"))
        published |= {version.hash for version in versions}
        yield from _breaks_of_publication(consultation.number, publication, versions)
    told = {event.facts.get("hash", "") for event in events if event.move == "publish"}
    for lost in sorted(told - published):
        yield Break(consultation.number, "missing", lost[:16])
    for extra in sorted(published - told):
        yield Break(consultation.number, "event", extra[:16])


def _breaks_of_chain(
    number: str, events: list[ConsultationEvent] | list[TopicEvent], version: int, head: str
) -> Iterator[Break]:
    broken = first_break(events)
    if broken is not None:
        yield Break(number, "event", str(broken.number))
    elif not events or (events[-1].number, events[-1].hash) != (version, head):
        yield Break(number, "head", str(version))


def _breaks_of_publication(
    number: str, publication: Publication, versions: list[PublicationVersion]
) -> Iterator[Break]:
    broken = first_break(versions)
    where = f"{publication.pk}.{broken.number if broken else publication.version}"
    if broken is not None:
        yield Break(number, "version", where)
    newest = (versions[-1].number, versions[-1].hash) if versions else (0, "")
    if newest != (publication.version, publication.hash):
        yield Break(number, "newest", where)
    for version in versions:
        if version.text_digest != text_digest(version.title, version.text):
            yield Break(number, "words", f"{publication.pk}.{version.number}")
    yield from _breaks_of_files(number, publication, versions)


def _breaks_of_files(
    number: str, publication: Publication, versions: list[PublicationVersion]
) -> Iterator[Break]:
    """Each file that a version names is there, with the content that the version names."""
    named = {file["sha256"] for version in versions for file in version.files}
    kept = {row.sha256: row for row in publication.files.all()}
    for digest in sorted(named):
        row = kept.get(digest)
        if row is None or _digest_of(row) != digest:
            yield Break(number, "file", digest[:16])


def _digest_of(row: PublicationFile) -> str:
    try:
        with row.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _breaks_of_topics() -> Iterator[Break]:
    rows = TopicEvent.objects.select_related("topic").order_by("topic_id", "number")
    seen: set[int] = set()
    for key, chain in groupby(rows.iterator(chunk_size=AT_ONCE), lambda event: event.topic_id):
        events = list(chain)
        topic = events[0].topic
        seen.add(key)
        yield from _breaks_of_chain(topic.number, events, topic.version, topic.head)
    for topic in Topic.objects.exclude(pk__in=seen):
        yield Break(topic.number, "head", str(topic.version))


# -- What anybody may ask ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What a fingerprint or a text is: the version found, whether all of its chain holds, and
    whether it is the newest one."""

    version: PublicationVersion
    holds: bool
    newest: bool


def look_up(fingerprint: str) -> Answer | None:
    """The version with this fingerprint (at least 16 of its 64 digits), if it is public."""
    wanted = "".join(fingerprint.lower().split())
    if len(wanted) < 16 or not set(wanted) <= set("0123456789abcdef"):
        return None
    return _answer(_public_versions().filter(hash__startswith=wanted[:64]))


def look_up_text(text: str) -> Answer | None:
    """The version whose title and text these are, whatever the width of the lines."""
    words = "".join(text.split())
    digest = hashlib.sha256(words.encode()).hexdigest()
    return _answer(_public_versions().filter(text_digest=digest))


def look_up_file(content: bytes) -> Answer | None:
    """The version that a file belongs to: its own text as downloaded, or a paper of its."""
    digest = hashlib.sha256(content).hexdigest()
    row = PublicationFile.objects.filter(sha256=digest, since__isnull=False).first()
    if row is not None:
        return _answer(
            _public_versions().filter(publication=row.publication, number=row.since or 0)
        )
    try:
        return look_up_text(_words_of_download(content.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return None


END_OF_TEXT = "\n--\n"


def download_of(version: PublicationVersion) -> str:
    """A version as a text file: title, words, and below a line what it is and its fingerprint."""
    publication = version.publication
    foot = (
        f"{publication.consultation.number} · {publication.get_kind_display()} · "
        f"{version.number} · {timezone.localtime(version.at):%Y-%m-%d %H:%M}\n"
        f"SHA-256 {version.hash}\n"
    )
    return f"{version.title}\n\n{version.text}\n{END_OF_TEXT}{foot}"


def _words_of_download(text: str) -> str:
    """Without the foot; lines end as they do on our side."""
    return text.replace("\r\n", "\n").partition(END_OF_TEXT)[0]


def _public_versions() -> QuerySet[PublicationVersion]:
    public = Publication.objects.published()
    rows = PublicationVersion.objects.filter(publication__in=public)
    return rows.select_related("publication__consultation__body").order_by("-pk")


def _answer(rows: QuerySet[PublicationVersion]) -> Answer | None:
    version = rows.first()
    if version is None:
        return None
    publication = version.publication
    versions = list(publication.versions.order_by("number"))
    number = publication.consultation.number
    broken = list(_breaks_of_publication(number, publication, versions))
    return Answer(version, holds=not broken, newest=version.number == publication.version)


# -- The daily root ---------------------------------------------------------------------------


def moved_between(
    start: datetime.datetime, end: datetime.datetime
) -> tuple[int, Iterator[tuple[str, str]]]:
    """For the root of a day: how many events there were, and the newest (key, hash) of each
    consultation and topic that moved. A consultation's events name its publications' hashes."""
    span = {"at__gte": start, "at__lt": end}
    own = ConsultationEvent.objects.filter(**span)
    of_topics = TopicEvent.objects.filter(**span)
    return own.count() + of_topics.count(), _heads(own, of_topics)


def _heads(*moved: QuerySet[Any]) -> Iterator[tuple[str, str]]:
    for rows, owner in zip(moved, ("consultation", "topic"), strict=True):
        newest = rows.values(owner).annotate(last=Max("pk")).values("last")
        heads = rows.model._default_manager.filter(pk__in=newest).order_by(f"{owner}_id")
        yield from heads.values_list(f"{owner}__number", "hash")
