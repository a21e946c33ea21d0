"""Labelled texts out of CSV files, whatever their columns are called."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from routing.words.linear import Sample
from routing.words.normal import whole

TEXT = ("text", "content", "description", "内容", "正文", "留言详情", "详情", "描述", "文本")
TITLE = ("title", "subject", "标题", "主题", "留言主题")
LABEL = ("label", "category", "class", "标签", "类别", "分类", "一级标签", "一级分类", "小类")
_LONGEST = 10_000_000  # characters in one field


def read_samples(
    path: Path, *, text: str | None = None, title: str | None = None, label: str | None = None
) -> list[Sample]:
    """Rows with a text and a label. Columns are found by their usual names unless named.

    UTF-8 or GB 18030. Raises RuleViolation, saying which columns there are.
    """
    rows = read_rows(path)
    columns = next(rows, [])
    places = {name.strip().lower(): place for place, name in enumerate(columns)}
    text_at = _place(places, text, TEXT)
    label_at = _place(places, label, LABEL)
    title_at = places.get((title or "").lower(), find_column(places, TITLE))
    if text_at is None or label_at is None:
        raise RuleViolation(
            _("Say with --text and --label which columns hold text and label: %(columns)s.")
            % {"columns": ", ".join(columns)},
            code="columns",
        )
    return [
        Sample(whole(row[title_at] if title_at is not None else "", row[text_at]), row[label_at])
        for row in rows
        if len(row) == len(columns) and row[text_at].strip() and row[label_at].strip()
    ]


def read_aliases(path: Path) -> dict[str, str]:
    """Label → code of a small class, from a CSV file with these two columns and a heading."""
    rows = read_rows(path)
    next(rows, None)
    return {row[0]: row[1].strip() for row in rows if len(row) >= 2}


def _place(places: Mapping[str, int], asked: str | None, usual: Sequence[str]) -> int | None:
    return places.get(asked.strip().lower()) if asked else find_column(places, usual)


def find_column(places: Mapping[str, int], usual: Sequence[str]) -> int | None:
    """The place of the first column that is called by one of its usual names."""
    return next((places[name] for name in usual if name in places), None)


def read_rows(path: Path) -> Iterator[list[str]]:
    """The lines of a CSV file in UTF-8 or GB 18030. Raises RuleViolation where there is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RuleViolation(_("%(file)s cannot be read.") % {"file": path}, code="file") from error
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = content.decode("gb18030", errors="replace")
    csv.field_size_limit(_LONGEST)
    return csv.reader(decoded.splitlines(keepends=True))
