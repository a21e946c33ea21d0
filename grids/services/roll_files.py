"""A roll as a file (CSV or XLSX): one line for each entitled person, or for each dwelling."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from lib.errors import RuleViolation
from lib.languages import listed
from lib.sheets import text_of

COLUMNS = {
    "dwelling": ("房号", "房屋坐落", "房屋", "户号", "dwelling"),
    "area": ("专有部分面积", "建筑面积", "面积", "面积（平方米）", "area"),
    "name": ("姓名", "业主姓名", "产权人", "户主", "name"),
    "identity": ("身份证后四位", "身份证号后四位", "证件号后四位", "身份证后六位", "identity"),
    "entitled": ("有权人数", "人数", "entitled"),
}
HEADING = ("房号", "面积", "姓名", "身份证后四位", "有权人数")
MOST_ROWS = 50_000
MOST_IN_A_DWELLING = 20
LARGEST_AREA = 100_000_00  # 0.01 m²
_LAST_PART = re.compile(r"[0-9]{3,17}[0-9X]")


class BadRoll(RuleViolation):
    def __init__(self, message: str) -> None:
        super().__init__(message, code="bad_roll")


class BadRow(Exception):
    """Why one line cannot be taken."""


@dataclass(frozen=True, slots=True)
class RollRow:
    """A line of the file; `area` in 0.01 m² (None: not said), `identity` four characters."""

    number: int
    dwelling: str
    area: int | None
    name: str
    identity: str
    entitled: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    number: int
    label: str
    reason: str


@dataclass(slots=True)
class RollFile:
    name: str
    digest: str
    rows: list[RollRow] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read_roll(content: bytes, *, name: str) -> RollFile:
    """The lines of a CSV (UTF-8 or GB 18030) or XLSX file. Raises BadRoll."""
    cells = list(_cells(content))
    if not cells:
        raise BadRoll(_("The file is empty. Choose it again."))
    places = _places(cells[0])
    if len(cells) - 1 > MOST_ROWS:
        raise BadRoll(_("The file has more than 50,000 lines. Divide it by estate."))
    found = RollFile(name[-120:], hashlib.sha256(content).hexdigest())
    for number, line in enumerate(cells[1:], start=2):
        said = {key: _text(line, place) for key, place in places.items()}
        if not any(said.values()):
            continue
        try:
            found.rows.append(_row(number, said))
        except BadRow as bad:
            found.refused.append(Refused(number, said.get("dwelling", ""), str(bad)))
    return found


def _cells(content: bytes) -> Iterable[Sequence[Any]]:
    if content[:2] == b"PK":
        return _sheet(content)
    text = text_of(content)
    if text is None:
        raise BadRoll(_("The file cannot be read. Save it as XLSX or as CSV in UTF-8."))
    return list(csv.reader(io.StringIO(text)))


def _sheet(content: bytes) -> list[Sequence[Any]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        book.close()
    except (InvalidFileException, BadZipFile, KeyError, IndexError, ValueError) as error:
        raise BadRoll(_("The file cannot be read. Save it as XLSX or as CSV in UTF-8.")) from error
    return rows


def _places(heading: Sequence[Any]) -> dict[str, int]:
    heads = [re.sub(r"\s", "", str(head or "")).lower() for head in heading]
    found = {
        key: heads.index(name) for key, names in COLUMNS.items() for name in names if name in heads
    }
    if "dwelling" not in found or not {"name", "entitled"} & found.keys():
        raise BadRoll(
            _("The first line must name the columns: %(columns)s.") % {"columns": listed(HEADING)}
        )
    return found


def _text(line: Sequence[Any], place: int) -> str:
    value = line[place] if place < len(line) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip().lstrip("'")


def _row(number: int, said: dict[str, str]) -> RollRow:
    if not said["dwelling"]:
        raise BadRow(_("The dwelling is missing."))
    if len(said["dwelling"]) > 60:
        raise BadRow(_("The dwelling is longer than 60 characters."))
    name, identity = said.get("name", ""), said.get("identity", "").upper()
    if identity and not name:
        raise BadRow(_("The name is missing."))
    if name and not _LAST_PART.fullmatch(identity):
        raise BadRow(_("Give the last four characters of the identity number."))
    return RollRow(
        number,
        said["dwelling"],
        _area(said.get("area", "")),
        name,
        identity[-4:],  # a longer number is cut here: no more of it goes any further
        _count(said.get("entitled", "")),
    )


def _area(text: str) -> int | None:
    """ "89.45" → 8945."""
    if not text:
        return None
    try:
        hundredths = Decimal(text.replace(",", "")) * 100
    except InvalidOperation as error:
        raise BadRow(_("%(text)s is no area in square metres.") % {"text": text}) from error
    if hundredths != hundredths.to_integral_value() or not 0 < hundredths <= LARGEST_AREA:
        raise BadRow(_("Give the area in square metres with at most two decimals."))
    return int(hundredths)


def _count(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) <= MOST_IN_A_DWELLING:
        raise BadRow(_("The number of entitled people is a whole number from 1 to 20."))
    return int(text)
