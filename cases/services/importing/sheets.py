"""Rows of CSV and XLSX files, one at a time: memory does not grow with the file."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from lib.errors import RuleViolation

LARGEST_CELL = 1_000_000


class BadFile(RuleViolation):
    """The file cannot be read as a table; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="bad_file")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: its number (the header is 1), its cells by column name; `fault` is set
    where the line itself cannot be read."""

    number: int
    cells: dict[str, Any]
    fault: str = ""


def read_rows(path: Path, *, encoding: str = "", delimiter: str = ",") -> Iterator[Row]:
    """Rows below the header of a CSV file or of the first sheet of an XLSX file. Raises BadFile."""
    if not path.is_file():
        raise BadFile(_("There is no file %(path)s.") % {"path": path})
    if path.suffix.lower() == ".xlsx":
        return _sheet_rows(path)
    return _text_rows(path, encoding or _encoding_of(path), delimiter)


def _encoding_of(path: Path) -> str:
    """UTF-8 where the whole file is, else GB 18030 (what Chinese spreadsheets save as CSV)."""
    with path.open(encoding="utf-8-sig") as file:
        try:
            while file.read(1 << 16):
                pass
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _text_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LARGEST_CELL)
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        lines = csv.reader(file, delimiter=delimiter)
        header = next(lines, None)
        if not header:
            raise BadFile(_("The file has no header line."))
        names = _names(header)
        number = 1
        while True:
            number += 1
            try:
                cells = next(lines)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(number, {}, str(error))
                continue
            if any(cell.strip() for cell in cells):
                yield _row(number, names, cells)


def _sheet_rows(path: Path) -> Iterator[Row]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, OSError, ValueError) as error:
        raise BadFile(_("The file is not a spreadsheet that can be read.")) from error
    try:
        lines: Iterable[tuple[Any, ...]] = book.worksheets[0].iter_rows(values_only=True)
        names: list[str] | None = None
        for number, cells in enumerate(lines, start=1):
            if names is None:
                names = _names(cells)
            elif any(cell not in {None, ""} for cell in cells):
                yield _row(number, names, cells)
        if names is None:
            raise BadFile(_("The file has no header line."))
    finally:
        book.close()


def _names(header: Sequence[Any]) -> list[str]:
    names = [str(cell).strip() if cell is not None else "" for cell in header]
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        listed = ", ".join(sorted(twice))
        raise BadFile(_("Two columns have the same name: %(names)s.") % {"names": listed})
    return names


def _row(number: int, names: list[str], cells: Sequence[Any]) -> Row:
    surplus = [cell for cell in cells[len(names) :] if cell not in {None, ""}]
    fault = _("The row has more cells than the header.") if surplus else ""
    return Row(number, dict(zip(names, cells, strict=False)), fault)
