"""What the active model says of a text: loaded once per process, and again when it changes."""

import datetime
import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.core.files.storage import default_storage

from grids.snapshots import Snapshot
from routing.models import Category, ClassifierVersion
from routing.suggest.known import Suggestion
from routing.words.linear import Damaged, LinearModel, unpacked

CLASSIFIER = "classifier"
# Less likely categories are not worth showing.
_LEAST = 0.05

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Active:
    """The model in use, and the category that each of its labels means."""

    version: int
    model: LinearModel
    categories: dict[str, int]


def read_model(version: ClassifierVersion, name: str = "final") -> LinearModel:
    """`final` or `trial`. Raises Damaged where the file is missing or not the one recorded."""
    try:
        with default_storage.open(version.file) as file:
            content: bytes = file.read()
    except OSError as error:
        raise Damaged from error
    return unpacked(content, name, sha256=version.sha256)


def _build(_day: datetime.date) -> Active | None:
    """None: no version is active, or its file is damaged; then keywords decide."""
    version = ClassifierVersion.objects.active()
    if version is None:
        return None
    try:
        model = read_model(version)
    except Damaged:
        logger.exception("classifier %s is damaged: keywords decide", version.pk)
        return None
    rows = Category.objects.filter(code__in=model.labels).values_list("code", "pk")
    return Active(version.pk, model, dict(rows))


_active: Snapshot[Active | None] = Snapshot(CLASSIFIER, _build)


def by_model(text: str, known: Collection[int], limit: int) -> list[Suggestion]:
    """Categories among `known`, the likeliest first; nothing where no model is active."""
    active = _active.get()
    if active is None or not text.strip():
        return []
    opinion = active.model.opinion(text)
    rows = zip(opinion.labels, opinion.confidences, strict=True)
    likely = [(label, share) for label, share in rows if share >= _LEAST][:limit]
    return [
        Suggestion(
            active.categories[label],
            round(share, 3),
            active.model.words_for(text, label),
            version=active.version,
            is_certain=share >= active.model.threshold,
        )
        for label, share in likely
        if active.categories.get(label) in known
    ]
