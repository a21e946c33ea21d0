"""Messages of another system's file as posts, to look for hot topics among them."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cases.topics.posts import Post
from lib.errors import RuleViolation
from lib.worktime import CITY_ZONE
from routing.services.labelled import TEXT, TITLE, find_column, read_rows

TIME = ("time", "created", "created_at", "date", "留言时间", "时间", "日期", "created date")
LIKES = ("likes", "votes", "点赞数", "点赞", "支持数")
DISLIKES = ("dislikes", "反对数", "反对")
AUTHOR = ("author", "user", "留言用户", "用户")
_FORMS = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")


def read_posts(path: Path) -> list[Post]:
    """Rows with a time and a title or text; rows whose time cannot be read are left out.

    Times without a zone are the city's. Raises RuleViolation where a column is missing.
    """
    rows = read_rows(path)
    columns = next(rows, [])
    places = {name.strip().lower(): place for place, name in enumerate(columns)}
    named = {
        name: find_column(places, usual)
        for name, usual in (
            ("time", TIME), ("title", TITLE), ("text", TEXT), ("likes", LIKES),
            ("dislikes", DISLIKES), ("author", AUTHOR),
        )
    }  # fmt: skip
    if named["time"] is None or named["text"] is None:
        raise RuleViolation(
            _("The file needs columns with time and text; it has %(columns)s.")
            % {"columns": ", ".join(columns)},
            code="columns",
        )
    return list(_posts(rows, named))


def _posts(rows: Iterator[list[str]], named: Mapping[str, int | None]) -> Iterator[Post]:
    for key, row in enumerate(rows, start=1):
        at = _moment(_cell(row, named["time"]))
        title, text = _cell(row, named["title"]), _cell(row, named["text"])
        if at is None or not (title or text):
            continue
        votes = _number(_cell(row, named["likes"])) + _number(_cell(row, named["dislikes"]))
        yield Post(
            key, at, title or text[:40], text, votes, None, _cell(row, named["author"]) or None
        )


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _moment(text: str) -> datetime.datetime | None:
    found = _parsed(text)
    if found is not None and timezone.is_naive(found):
        return found.replace(tzinfo=CITY_ZONE)
    return found


def _parsed(text: str) -> datetime.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is not None:
        return found
    for form in _FORMS:
        try:
            return datetime.datetime.strptime(text, form).replace(tzinfo=CITY_ZONE)
        except ValueError:
            continue
    return None
