"""Chinese numerals as laws count their articles: 第一百二十三条."""

import re

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    **{letter: number for number, letter in enumerate("三四五六七八九", 3)},
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "[一二三四五六七八九十百千零〇两0-9]+"
_ARTICLES = re.compile(rf"第({NUMERAL})条|\barts?\. ?(\d+(?:(?:, ?|[–-])\d+)*)")


def value_of(text: str) -> int:
    """一百二十三 → 123; digits as they are."""
    if text.isdecimal() and text.isascii():
        return int(text)
    total, digit = 0, 0
    for letter in text:
        if letter in _UNITS:
            total += (digit or 1) * _UNITS[letter]
            digit = 0
        else:
            digit = _DIGITS[letter]
    return total + digit


def articles_in(text: str) -> set[int]:
    """Numbers of the articles that a text cites: 第八条, art. 29, 31, arts. 34–36."""
    found: set[int] = set()
    for chinese, english in _ARTICLES.findall(text):
        if chinese:
            found.add(value_of(chinese))
        for part in filter(None, re.split(r", ?", english)):
            first, _dash, last = part.replace("–", "-").partition("-")
            found.update(range(int(first), int(last or first) + 1))
    return found
