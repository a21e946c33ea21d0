"""What the categories' own keywords say of a text: they decide until a model has been trained."""

from collections import Counter
from collections.abc import Iterable, Sequence

from routing.suggest.known import Known, Suggestion

# A single keyword of this weight is as good as even odds.
_EVEN = 2.0


def by_keywords(text: str, known: Sequence[Known], limit: int) -> list[Suggestion]:
    """Long keywords weigh more than short ones; those of many categories less than those of one."""
    text = text.lower()
    shared = Counter(word for category in known for word in _words(category))
    found = []
    for category in known:
        words = [word for word in _words(category) if word in text]
        if words:
            weight = sum(len(word) / shared[word] for word in words)
            found.append((weight, category.id, tuple(words)))
    found.sort(key=lambda row: (-row[0], row[1]))
    return [
        Suggestion(key, round(weight / (weight + _EVEN), 3), words)
        for weight, key, words in found[:limit]
    ]


def _words(category: Known) -> Iterable[str]:
    return {category.name.lower(), *(word.lower() for word in category.keywords)}
