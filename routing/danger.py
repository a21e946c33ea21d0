"""Whether a text tells of danger to life that happens now, by the list of words.

Few false alarms matter as much as none missed: who gets ten empty ones no longer looks at the
eleventh. So what lies in the past, is feared, forbidden or practised is only a hint.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from routing.models import DangerWord

_SENTENCES = re.compile(r"[。！!？?；;\n\r]+")
# A day or a year tells of what was.
_DATED = re.compile(r"\d{4}\s*[年./-]|\d{1,2}月\d{1,2}[日号]|\d{1,2}[多几]?天")
BEFORE, AFTER = 24, 16  # characters around a word in which calming words count
Kind = DangerWord.Kind


@dataclass(frozen=True, slots=True)
class Danger:
    """What was found: the words, whom to call (the first found first), and whether it is certain
    enough to stop the matter; otherwise it is a hint for whoever reads it."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    is_certain: bool


class Watchwords:
    """The list of a day: one query, then asked for any number of texts."""

    def __init__(self, *, on: datetime.date) -> None:
        rows = list(DangerWord.objects.valid_on(on).order_by("pk"))
        self._dangers = [row for row in rows if row.number]
        self._calms = [row.word for row in rows if row.kind == Kind.CALMS]
        self._now = [row.word for row in rows if row.kind == Kind.NOW]

    def look(self, text: str) -> Danger | None:
        """The danger that a text tells of; None where no word of the list stands in it."""
        found = [hit for sentence in _SENTENCES.split(text) for hit in self._hits(sentence)]
        certain = [word for word, is_certain in found if is_certain]
        words = certain or [word for word, _is_certain in found]
        if not words:
            return None
        return Danger(
            tuple(dict.fromkeys(word.word for word in words)),
            tuple(dict.fromkeys(word.number for word in words)),
            is_certain=bool(certain),
        )

    def _hits(self, sentence: str) -> Iterator[tuple[DangerWord, bool]]:
        """Each word of danger in a sentence, and whether it is meant."""
        now = any(word in sentence for word in self._now)
        for word in self._dangers:
            for found in re.finditer(re.escape(word.word), sentence):
                near = sentence[max(0, found.start() - BEFORE) : found.end() + AFTER]
                yield word, self._is_meant(word, near, now=now)

    def _is_meant(self, word: DangerWord, near: str, *, now: bool) -> bool:
        if word.kind == Kind.ALWAYS:
            return True
        if word.kind == Kind.ONLY_NOW and not now:
            return False
        return not _DATED.search(near) and not any(calm in near for calm in self._calms)
