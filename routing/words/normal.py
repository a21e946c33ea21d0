"""One reading of a text, the same when a model is trained and when it is asked.

Text that some source has already segmented and rid of its stop words, and text as a resident types
it, come out alike: only Chinese characters, Latin letters and digits are left, in small letters,
and words that say nothing of a matter are gone.
"""

import functools
import re
import unicodedata
from pathlib import Path

_LIST = Path(__file__).with_name("stop_words.txt")
# Marks that spreadsheets leave where a line ended.
_BREAKS = re.compile(r"_x000[0-9a-f]_")
_NOT_WORDS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")


@functools.cache
def _stop_words() -> re.Pattern[str]:
    words = _LIST.read_text(encoding="utf-8").split()
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


def pieces(text: str) -> list[str]:
    """What is left of `text` between its marks, blanks and stop words. May be empty."""
    small = _BREAKS.sub(" ", unicodedata.normalize("NFKC", text).lower())
    return _NOT_WORDS.sub(" ", _stop_words().sub(" ", small)).split()


def normalised(text: str) -> str:
    """The pieces as one string."""
    return "".join(pieces(text))


def whole(title: str, text: str) -> str:
    """Title and text as one; a title that only repeats how the text begins is not said twice."""
    title, text = title.strip(), text.strip()
    return text if text.startswith(title.rstrip("…")) else f"{title} {text}"
